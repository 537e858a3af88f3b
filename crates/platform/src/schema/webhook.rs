//! Webhooks: who is told what, and how far the telling is.
use crate::search::Tsvector;

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    webhook_endpoints (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        url -> Text,
        description -> Nullable<Text>,
        events -> Array<Text>,
        filter -> Nullable<Text>,
        changed_fields -> Array<Text>,
        user_id -> Uuid,
        nouns -> Nullable<Array<Text>>,
        status -> Text,
        disabled_reason -> Nullable<Text>,
        disabled_at -> Nullable<Timestamptz>,
        failing_at -> Nullable<Timestamptz>,
        begins_after -> Nullable<Int8>,
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
    webhook_secrets (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        endpoint_id -> Uuid,
        sealed -> Bytea,
        sealed_key_id -> Uuid,
        created_at -> Timestamptz,
        expires_at -> Nullable<Timestamptz>,
    }
}
diesel::table! {
    webhook_cursors (tenant_id) {
        tenant_id -> Uuid,
        position -> Int8,
    }
}
diesel::table! {
    webhook_deliveries (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        endpoint_id -> Uuid,
        event_id -> Uuid,
        event_name -> Text,
        object_id -> Uuid,
        seq -> Nullable<Int8>,
        status -> Text,
        attempt_count -> Int4,
        attempts -> Jsonb,
        next_attempt_at -> Nullable<Timestamptz>,
        leased_until -> Nullable<Timestamptz>,
        fence -> Int8,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        finished_at -> Nullable<Timestamptz>,
    }
}
