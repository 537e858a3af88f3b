//! The table of escalation rules.
use platform::search::Tsvector;

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    escalation_rules (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        level -> Int4,
        metric -> Text,
        after_minutes -> Int4,
        filter -> Nullable<Text>,
        actions -> Jsonb,
        is_active -> Bool,
        active_from_at -> Timestamptz,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Uuid,
        updated_by -> Uuid,
        deleted_at -> Nullable<Timestamptz>,
        search -> Tsvector,
    }
}
