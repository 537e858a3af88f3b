//! The table of business calendars.
use platform::search::Tsvector;

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    business_calendars (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        description -> Nullable<Text>,
        time_zone -> Text,
        weekly -> Jsonb,
        holidays -> Jsonb,
        is_default -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Uuid,
        updated_by -> Uuid,
        deleted_at -> Nullable<Timestamptz>,
        search -> Tsvector,
    }
}
