//! The tables of the wing.
use platform::search::Tsvector;

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    reports (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        owner_id -> Uuid,
        team_id -> Nullable<Uuid>,
        name -> Text,
        description -> Nullable<Text>,
        resource -> Text,
        query -> Jsonb,
        layout -> Text,
        chart -> Nullable<Jsonb>,
        parameters -> Jsonb,
        is_public -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Uuid,
        updated_by -> Uuid,
        deleted_at -> Nullable<Timestamptz>,
        search -> Tsvector,
    }
}
diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    dashboards (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        owner_id -> Uuid,
        team_id -> Nullable<Uuid>,
        name -> Text,
        description -> Nullable<Text>,
        widgets -> Jsonb,
        is_public -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Uuid,
        updated_by -> Uuid,
        deleted_at -> Nullable<Timestamptz>,
        search -> Tsvector,
    }
}
diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    report_schedules (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        owner_id -> Uuid,
        team_id -> Nullable<Uuid>,
        report_id -> Uuid,
        name -> Text,
        rule -> Text,
        time_zone -> Text,
        recipient_ids -> Array<Uuid>,
        format -> Text,
        parameters -> Jsonb,
        status -> Text,
        status_reason -> Nullable<Text>,
        next_at -> Nullable<Timestamptz>,
        last_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Uuid,
        updated_by -> Uuid,
        deleted_at -> Nullable<Timestamptz>,
        search -> Tsvector,
    }
}
diesel::table! {
    report_runs (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        report_schedule_id -> Uuid,
        recipient_id -> Uuid,
        due_at -> Timestamptz,
        status -> Text,
        error -> Nullable<Text>,
        row_count -> Nullable<Int4>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}
// not the wing's own: who works here, and where they get letters
diesel::table! {
    users (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        email -> Text,
        locale -> Nullable<Text>,
        is_active -> Bool,
        deleted_at -> Nullable<Timestamptz>,
    }
}
