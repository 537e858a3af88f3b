//! The table of what was escalated.

diesel::table! {
    escalations (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        case_id -> Uuid,
        sla_id -> Uuid,
        rule_id -> Uuid,
        level -> Int4,
        outcome -> Text,
        case_version -> Nullable<Int4>,
        notified_ids -> Array<Uuid>,
        owner_id -> Nullable<Uuid>,
        priority -> Nullable<Text>,
        tag_ids -> Array<Uuid>,
        occurred_at -> Timestamptz,
    }
}
