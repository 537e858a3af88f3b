//! The platform's own tables, as far as it reads them itself. What `audit_log` says of changes of records is written by
//! `record`, and read as `event_log`.
mod carried;
mod own;
mod privacy;
mod segment;
mod webhook;

pub use carried::*;
pub use own::*;
pub use privacy::*;
pub use segment::*;
pub use webhook::*;

use crate::search::Tsvector;

diesel::table! {
    server_secrets (name, kid) {
        name -> Text,
        kid -> Uuid,
        secret -> Nullable<Bytea>,
        created_at -> Timestamptz,
        sealed -> Nullable<Bytea>,
        sealed_key_id -> Nullable<Uuid>,
    }
}
diesel::table! {
    data_keys (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        purpose -> Text,
        master -> Text,
        wrapped -> Bytea,
        created_at -> Timestamptz,
        retired_at -> Nullable<Timestamptz>,
    }
}
diesel::table! {
    audit_log (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        object_id -> Uuid,
        actor_id -> Uuid,
        request_id -> Uuid,
        occurred_at -> Timestamptz,
        xact -> Int8,
        version -> Nullable<Int4>,
        action -> Text,
        noun -> Text,
        api_key_id -> Nullable<Uuid>,
        session_id -> Nullable<Uuid>,
        address -> Nullable<Text>,
        details -> Nullable<Jsonb>,
        data -> Nullable<Jsonb>,
    }
}
// a view: the rows of the trail that are changes of records
diesel::table! {
    event_log (tenant_id, object_id, version, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        noun -> Text,
        object_id -> Uuid,
        version -> Int4,
        actor_id -> Uuid,
        api_key_id -> Nullable<Uuid>,
        request_id -> Uuid,
        occurred_at -> Timestamptz,
        data -> Jsonb,
    }
}
diesel::table! {
    audit_checkpoints (tenant_id, seq) {
        tenant_id -> Uuid,
        seq -> Int8,
        hash -> Bytea,
        signed_at -> Timestamptz,
        kid -> Uuid,
        signature -> Bytea,
    }
}
diesel::table! {
    idempotency_keys (tenant_id, key_hash) {
        tenant_id -> Uuid,
        key_hash -> Bytea,
        request_hash -> Bytea,
        status -> Int2,
        headers -> Jsonb,
        body -> Nullable<Bytea>,
        record_ids -> Array<Uuid>,
        created_at -> Timestamptz,
    }
}
diesel::table! {
    external_refs (tenant_id, resource, source_system, external_id) {
        tenant_id -> Uuid,
        resource -> Text,
        source_system -> Text,
        external_id -> Text,
        record_id -> Uuid,
        id -> Uuid,
        created_at -> Timestamptz,
    }
}
diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    shares (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        resource -> Text,
        record_id -> Uuid,
        user_id -> Nullable<Uuid>,
        team_id -> Nullable<Uuid>,
        grantee_id -> Uuid,
        access -> Text,
        expires_at -> Nullable<Timestamptz>,
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
    jobs (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        kind -> Text,
        status -> Text,
        payload -> Jsonb,
        progress -> Jsonb,
        error -> Nullable<Text>,
        attempts -> Int4,
        run_at -> Timestamptz,
        leased_until -> Nullable<Timestamptz>,
        fence -> Int8,
        cancel_asked -> Bool,
        created_by -> Uuid,
        team_id -> Nullable<Uuid>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        finished_at -> Nullable<Timestamptz>,
        deleted_at -> Nullable<Timestamptz>,
        search -> Tsvector,
        priority -> Int2,
        turn -> Int4,
    }
}
diesel::table! {
    job_schedules (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        kind -> Text,
        payload -> Jsonb,
        priority -> Int2,
        rule -> Text,
        time_zone -> Text,
        starts_at -> Timestamptz,
        next_at -> Nullable<Timestamptz>,
        last_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Uuid,
    }
}
