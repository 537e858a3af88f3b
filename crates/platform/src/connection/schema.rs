//! The tables of connections and of what arrives by them.
use crate::search::Tsvector;

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    connections (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        kind -> Text,
        source_system -> Text,
        user_id -> Uuid,
        conflict_policy -> Text,
        field_policies -> Nullable<Jsonb>,
        mapping -> Nullable<Jsonb>,
        changed_at_path -> Nullable<Text>,
        currency -> Nullable<Text>,
        time_zone -> Nullable<Text>,
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

diesel::table! {
    connection_secrets (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        connection_id -> Uuid,
        sealed -> Bytea,
        sealed_key_id -> Uuid,
        expires_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    inbound_deliveries (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        connection_id -> Uuid,
        sender_key -> Text,
        topic -> Text,
        sent_at -> Nullable<Timestamptz>,
        body -> Text,
        plain -> Nullable<Text>,
        size -> Int8,
        status -> Text,
        error -> Nullable<Text>,
        attempts -> Int4,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        processed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    inbound_records (tenant_id, connection_id, resource, external_id) {
        tenant_id -> Uuid,
        connection_id -> Uuid,
        resource -> Text,
        external_id -> Text,
        record_id -> Nullable<Uuid>,
        changed_at -> Timestamptz,
    }
}
