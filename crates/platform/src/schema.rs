//! The platform's own tables, as far as it reads them itself (`event_log` and `audit_log` are written by `record`).
diesel::table! {
    server_secrets (name, kid) {
        name -> Text,
        kid -> Uuid,
        secret -> Bytea,
        created_at -> Timestamptz,
    }
}
diesel::table! {
    event_log (tenant_id, object_id, version, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        object_id -> Uuid,
        version -> Int4,
        actor_id -> Uuid,
        request_id -> Uuid,
        occurred_at -> Timestamptz,
        data -> Jsonb,
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
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        finished_at -> Nullable<Timestamptz>,
    }
}
