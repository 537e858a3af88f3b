//! What people ask of the data about them, and how long it is kept.
use crate::search::Tsvector;

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
