//! The tables of what people have said: consents, forms and what was filled in, and what shows that an address is theirs.
use super::{contacts, memberships};
use platform::search::Tsvector;

diesel::table! {
    consents (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        contact_id -> Uuid,
        purpose -> Text,
        channel -> Text,
        status -> Text,
        lawful_basis -> Text,
        source -> Nullable<Text>,
        evidence -> Jsonb,
        occurred_at -> Timestamptz,
        expires_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        created_by -> Uuid,
    }
}

diesel::table! {
    consent_states (tenant_id, contact_id, purpose, channel) {
        tenant_id -> Uuid,
        contact_id -> Uuid,
        purpose -> Text,
        channel -> Text,
        status -> Text,
        lawful_basis -> Text,
        consent_id -> Uuid,
        occurred_at -> Timestamptz,
        expires_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    effective_consents (tenant_id, contact_id, purpose, channel) {
        tenant_id -> Uuid,
        contact_id -> Uuid,
        purpose -> Text,
        channel -> Text,
        status -> Text,
        lawful_basis -> Text,
        consent_id -> Uuid,
        occurred_at -> Timestamptz,
        expires_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    forms (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        status -> Text,
        user_id -> Uuid,
        makes -> Text,
        fields -> Jsonb,
        thank_you -> Jsonb,
        redirect_url -> Nullable<Text>,
        allowed_origins -> Array<Text>,
        has_double_opt_in -> Bool,
        least_seconds -> Int4,
        phone_region -> Nullable<Text>,
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
    form_submissions (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        form_id -> Uuid,
        contact_id -> Nullable<Uuid>,
        owner_id -> Uuid,
        team_id -> Nullable<Uuid>,
        status -> Text,
        answers -> Jsonb,
        suggestions -> Jsonb,
        utm -> Jsonb,
        referrer -> Nullable<Text>,
        address -> Nullable<Text>,
        user_agent -> Nullable<Text>,
        language -> Text,
        token_key -> Text,
        confirmed_at -> Nullable<Timestamptz>,
        lead_id -> Nullable<Uuid>,
        waiting -> Jsonb,
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
    verifications (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        contact_id -> Nullable<Uuid>,
        contact_point_id -> Nullable<Uuid>,
        lead_id -> Nullable<Uuid>,
        email -> Nullable<Text>,
        form_submission_id -> Nullable<Uuid>,
        method -> Text,
        language -> Text,
        hash -> Nullable<Bytea>,
        tries -> Int4,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
        sent_at -> Nullable<Timestamptz>,
        failed_at -> Nullable<Timestamptz>,
        failure -> Nullable<Text>,
        created_at -> Timestamptz,
        created_by -> Uuid,
    }
}

diesel::allow_tables_to_appear_in_same_query!(form_submissions, contacts);
diesel::allow_tables_to_appear_in_same_query!(form_submissions, memberships);
