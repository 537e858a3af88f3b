//! What a tenant shapes for itself: fields, what they offer, and lists as somebody likes to see them.
use crate::search::Tsvector;

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    option_sets (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        key -> Text,
        labels -> Jsonb,
        options -> Jsonb,
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
    field_defs (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        object -> Text,
        key -> Text,
        holds -> Text,
        labels -> Jsonb,
        help -> Nullable<Text>,
        is_required -> Bool,
        is_unique -> Bool,
        is_searched -> Bool,
        is_indexed -> Bool,
        is_personal -> Bool,
        default_value -> Nullable<Jsonb>,
        limits -> Jsonb,
        rule -> Nullable<Text>,
        option_set_id -> Nullable<Uuid>,
        reference -> Nullable<Text>,
        dependence -> Nullable<Jsonb>,
        position -> Int4,
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
    field_versions (tenant_id, object) {
        tenant_id -> Uuid,
        object -> Text,
        version -> Int8,
        unique_keys -> Array<Text>,
    }
}
diesel::table! {
    custom_uniques (tenant_id, object, key, value) {
        tenant_id -> Uuid,
        object -> Text,
        key -> Text,
        value -> Text,
        record_id -> Uuid,
    }
}
diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    views (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        owner_id -> Uuid,
        team_id -> Nullable<Uuid>,
        object -> Text,
        name -> Text,
        filter -> Nullable<Text>,
        sort -> Nullable<Text>,
        fields -> Nullable<Text>,
        is_default -> Bool,
        is_public -> Bool,
        position -> Int4,
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
    merges (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        resource -> Text,
        winner_id -> Uuid,
        loser_ids -> Array<Uuid>,
        other_winner_id -> Nullable<Uuid>,
        other_loser_ids -> Array<Uuid>,
        owner_id -> Uuid,
        team_id -> Nullable<Uuid>,
        status -> Text,
        field_choices -> Jsonb,
        changes -> Jsonb,
        moved -> Jsonb,
        move_count -> Int4,
        undo_until -> Timestamptz,
        undone_at -> Nullable<Timestamptz>,
        undone_by -> Nullable<Uuid>,
        settled_at -> Nullable<Timestamptz>,
        xact -> Int8,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Uuid,
        updated_by -> Uuid,
    }
}
diesel::table! {
    merge_moves (tenant_id, merge_id, reference, row_key, kind) {
        tenant_id -> Uuid,
        merge_id -> Uuid,
        reference -> Text,
        row_key -> Array<Text>,
        kind -> Text,
        loser_id -> Nullable<Uuid>,
        is_led -> Bool,
        row -> Nullable<Jsonb>,
    }
}
