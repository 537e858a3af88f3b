//! The tables of surveys.
use platform::search::Tsvector;

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    surveys (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        kind -> Text,
        subjects -> Jsonb,
        questions -> Jsonb,
        thanks -> Jsonb,
        is_active -> Bool,
        is_sent_on_close -> Bool,
        delay_minutes -> Int4,
        sampling_percent -> Int4,
        quiet_days -> Int4,
        answer_days -> Int4,
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
    survey_responses (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        survey_id -> Uuid,
        contact_id -> Uuid,
        case_id -> Nullable<Uuid>,
        user_id -> Nullable<Uuid>,
        queue_id -> Nullable<Uuid>,
        locale -> Nullable<Text>,
        status -> Text,
        send_at -> Timestamptz,
        sent_at -> Nullable<Timestamptz>,
        expires_at -> Timestamptz,
        hashes -> Array<Bytea>,
        answered_at -> Nullable<Timestamptz>,
        score -> Nullable<Int4>,
        comment -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Uuid,
    }
}

diesel::table! {
    tenants (tenant_id) {
        tenant_id -> Uuid,
        name -> Text,
        locale -> Text,
    }
}

diesel::table! {
    survey_marks (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        case_id -> Uuid,
    }
}
