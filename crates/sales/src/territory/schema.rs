//! The tables of territories.
use platform::search::Tsvector;

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    territories (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        description -> Nullable<Text>,
        parent_id -> Nullable<Uuid>,
        filter -> Nullable<Text>,
        members -> Jsonb,
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
    territory_cursors (tenant_id, territory_id) {
        tenant_id -> Uuid,
        territory_id -> Uuid,
        user_id -> Nullable<Uuid>,
    }
}
