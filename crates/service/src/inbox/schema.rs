//! The table of addresses by which cases come in.
use platform::search::Tsvector;

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    case_inboxes (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        address -> Text,
        name -> Text,
        case_type -> Text,
        priority -> Text,
        category_id -> Nullable<Uuid>,
        queue_id -> Nullable<Uuid>,
        team_id -> Nullable<Uuid>,
        is_active -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Uuid,
        updated_by -> Uuid,
        deleted_at -> Nullable<Timestamptz>,
        search -> Tsvector,
    }
}
