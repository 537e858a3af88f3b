//! The tables of files.
use crate::search::Tsvector;

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    files (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        resource -> Nullable<Text>,
        record_id -> Nullable<Uuid>,
        name -> Text,
        content_type -> Text,
        size -> Int8,
        sha256 -> Nullable<Text>,
        status -> Text,
        failure -> Nullable<Text>,
        object_id -> Uuid,
        etag -> Nullable<Text>,
        upload_until -> Timestamptz,
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
    file_removals (tenant_id, object_id) {
        tenant_id -> Uuid,
        object_id -> Uuid,
        due_at -> Timestamptz,
        kept_until -> Nullable<Timestamptz>,
    }
}
