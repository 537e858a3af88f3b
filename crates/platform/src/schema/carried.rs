//! What is carried in and out: imports and exports.
use crate::search::Tsvector;

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    exports (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        resource -> Text,
        format -> Text,
        query -> Jsonb,
        status -> Text,
        file_size -> Nullable<Int8>,
        file_sha256 -> Nullable<Text>,
        rows_written -> Int8,
        error -> Nullable<Text>,
        job_id -> Nullable<Uuid>,
        expires_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Uuid,
        team_id -> Nullable<Uuid>,
        finished_at -> Nullable<Timestamptz>,
        deleted_at -> Nullable<Timestamptz>,
        search -> Tsvector,
    }
}
diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    imports (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        resource -> Text,
        file_name -> Text,
        file_key -> Text,
        file_size -> Int8,
        file_sha256 -> Text,
        mapping -> Jsonb,
        mode -> Text,
        duplicates -> Text,
        is_dry_run -> Bool,
        status -> Text,
        header -> Array<Text>,
        checkpoint -> Int8,
        rows_read -> Int8,
        rows_created -> Int8,
        rows_updated -> Int8,
        rows_unchanged -> Int8,
        rows_failed -> Int8,
        records_kept -> Int8,
        error -> Nullable<Text>,
        job_id -> Nullable<Uuid>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Uuid,
        team_id -> Nullable<Uuid>,
        finished_at -> Nullable<Timestamptz>,
        deleted_at -> Nullable<Timestamptz>,
        search -> Tsvector,
    }
}
diesel::table! {
    import_records (tenant_id, import_id, resource, id) {
        tenant_id -> Uuid,
        import_id -> Uuid,
        resource -> Text,
        id -> Uuid,
        record_ids -> Array<Uuid>,
    }
}
diesel::table! {
    import_errors (tenant_id, import_id, row_number) {
        tenant_id -> Uuid,
        import_id -> Uuid,
        row_number -> Int8,
        faults -> Jsonb,
        cells -> Jsonb,
    }
}
diesel::table! {
    import_links (tenant_id, import_id, row_number) {
        tenant_id -> Uuid,
        import_id -> Uuid,
        row_number -> Int8,
        linking_id -> Uuid,
        outcome -> Text,
        named_by -> Text,
        name -> Text,
        cells -> Jsonb,
    }
}
