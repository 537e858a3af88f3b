//! Segments and who is in them.
use crate::search::Tsvector;

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    segments (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        owner_id -> Uuid,
        team_id -> Nullable<Uuid>,
        name -> Text,
        description -> Nullable<Text>,
        resource -> Text,
        kind -> Text,
        filter -> Nullable<Text>,
        exclude_ids -> Array<Uuid>,
        refresh -> Text,
        status -> Text,
        status_reason -> Nullable<Text>,
        built_at -> Nullable<Timestamptz>,
        built_ms -> Nullable<Int8>,
        needs -> Array<Text>,
        uses -> Array<Uuid>,
        refreshed_at -> Nullable<Timestamptz>,
        refresh_at -> Nullable<Timestamptz>,
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
    segment_members (tenant_id, segment_id, record_id) {
        tenant_id -> Uuid,
        id -> Uuid,
        segment_id -> Uuid,
        resource -> Text,
        record_id -> Uuid,
        version -> Int4,
        entered_at -> Timestamptz,
        left_at -> Nullable<Timestamptz>,
    }
}
diesel::table! {
    segment_builds (tenant_id, segment_id) {
        tenant_id -> Uuid,
        segment_id -> Uuid,
        run_id -> Uuid,
        after_id -> Nullable<Uuid>,
        looked -> Int8,
        total -> Int8,
        begun_at -> Nullable<Timestamptz>,
        is_stale -> Bool,
    }
}
diesel::table! {
    segment_cursors (tenant_id) {
        tenant_id -> Uuid,
        position -> Int8,
    }
}
diesel::table! {
    segment_marks (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        resource -> Text,
        record_id -> Uuid,
    }
}
diesel::allow_tables_to_appear_in_same_query!(segments, segment_members, segment_builds);
