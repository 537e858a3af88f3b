//! The tables of what is promised of cases.

diesel::table! {
    case_slas (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        case_id -> Uuid,
        metric -> Text,
        round -> Int4,
        policy_id -> Nullable<Uuid>,
        calendar_id -> Nullable<Uuid>,
        minutes -> Int4,
        hours -> Text,
        warn_at_percent -> Nullable<Int4>,
        is_pausable -> Bool,
        pausing_statuses -> Jsonb,
        status -> Text,
        started_at -> Timestamptz,
        due_at -> Nullable<Timestamptz>,
        warn_at -> Nullable<Timestamptz>,
        paused_at -> Nullable<Timestamptz>,
        paused_ms -> Int8,
        warned_at -> Nullable<Timestamptz>,
        told_at -> Nullable<Timestamptz>,
        met_at -> Nullable<Timestamptz>,
        breached_at -> Nullable<Timestamptz>,
        cancelled_at -> Nullable<Timestamptz>,
        next_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    case_statuses (tenant_id, case_id, version) {
        tenant_id -> Uuid,
        case_id -> Uuid,
        version -> Int4,
        status -> Text,
        occurred_at -> Timestamptz,
    }
}

diesel::table! {
    sla_marks (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        case_id -> Uuid,
    }
}
