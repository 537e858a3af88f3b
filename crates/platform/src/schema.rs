//! The platform's own tables, as far as it reads them itself. What `event_log` and `audit_log` say of records is written by
//! `record`.
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
        action -> Text,
        object_id -> Uuid,
        actor_id -> Uuid,
        api_key_id -> Nullable<Uuid>,
        request_id -> Uuid,
        occurred_at -> Timestamptz,
        noun -> Text,
        version -> Nullable<Int4>,
        session_id -> Nullable<Uuid>,
        address -> Nullable<Text>,
        details -> Nullable<Jsonb>,
        xact -> Int8,
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
    use diesel::sql_types::*;
    use super::Tsvector;
    privacy_requests (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        kind -> Text,
        status -> Text,
        subject_kind -> Nullable<Text>,
        subject_id -> Nullable<Uuid>,
        requester_name -> Nullable<Text>,
        requester_email -> Nullable<Text>,
        words -> Nullable<Text>,
        channel -> Text,
        law -> Text,
        due_on -> Date,
        evidence -> Nullable<Text>,
        verified_how -> Nullable<Text>,
        verified_at -> Nullable<Timestamptz>,
        started_at -> Nullable<Timestamptz>,
        closed_at -> Nullable<Timestamptz>,
        reason -> Nullable<Text>,
        outcome -> Jsonb,
        error -> Nullable<Text>,
        file_size -> Nullable<Int8>,
        file_sha256 -> Nullable<Text>,
        file_expires_at -> Nullable<Timestamptz>,
        job_id -> Nullable<Uuid>,
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
    restrictions (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        record_id -> Uuid,
        resource -> Text,
        request_id -> Uuid,
        restricted_at -> Timestamptz,
    }
}
diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    legal_holds (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        subject_kind -> Text,
        subject_id -> Uuid,
        reason -> Text,
        released_at -> Nullable<Timestamptz>,
        released_by -> Nullable<Uuid>,
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
    retention_policies (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        resource -> Text,
        date_field -> Text,
        age_days -> Int4,
        filter -> Nullable<Text>,
        action -> Text,
        is_active -> Bool,
        last_run_at -> Nullable<Timestamptz>,
        last_done -> Nullable<Int8>,
        last_kept -> Nullable<Int8>,
        job_id -> Nullable<Uuid>,
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

diesel::allow_tables_to_appear_in_same_query!(event_log, audit_log);
