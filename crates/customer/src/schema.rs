//! The wing's tables.
pub mod accounts_beside;
mod alike;
mod coming;
mod doing;
mod postal;
mod said;

pub use alike::{duplicate_candidates, duplicate_pairs};
pub use coming::{account_lifecycle_changes, contact_lifecycle_changes};
pub use doing::{activities, activity_links, calendar_feeds, taggings, tags, task_links, task_reminders, tasks};
use platform::search::Tsvector;
pub use postal::{account_addresses, contact_addresses, of_account, of_contact};
pub use said::{consent_states, consents, effective_consents, form_submissions, forms, verifications};

diesel::table! {
    accounts (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        owner_id -> Uuid,
        team_id -> Nullable<Uuid>,
        name -> Text,
        legal_name -> Nullable<Text>,
        account_type -> Nullable<Text>,
        industry -> Nullable<Text>,
        website -> Nullable<Text>,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
        tax_number -> Nullable<Text>,
        employee_count -> Nullable<Int4>,
        annual_revenue_amount -> Nullable<Numeric>,
        annual_revenue_currency -> Nullable<Text>,
        lifecycle_stage -> Text,
        rating -> Nullable<Text>,
        source -> Nullable<Text>,
        parent_id -> Nullable<Uuid>,
        street -> Nullable<Text>,
        city -> Nullable<Text>,
        region -> Nullable<Text>,
        postal_code -> Nullable<Text>,
        country -> Nullable<Text>,
        description -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Uuid,
        updated_by -> Uuid,
        deleted_at -> Nullable<Timestamptz>,
        custom -> Jsonb,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    contacts (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        owner_id -> Uuid,
        team_id -> Nullable<Uuid>,
        account_id -> Nullable<Uuid>,
        given_name -> Nullable<Text>,
        family_name -> Nullable<Text>,
        display_name -> Text,
        job_title -> Nullable<Text>,
        department -> Nullable<Text>,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
        phone_text -> Nullable<Text>,
        birth_on -> Nullable<Date>,
        gender -> Nullable<Text>,
        locale -> Nullable<Text>,
        time_zone -> Nullable<Text>,
        lifecycle_stage -> Text,
        source -> Nullable<Text>,
        do_not_contact -> Bool,
        description -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Uuid,
        updated_by -> Uuid,
        deleted_at -> Nullable<Timestamptz>,
        custom -> Jsonb,
        search -> Tsvector,
    }
}

diesel::table! {
    contact_points (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        contact_id -> Uuid,
        kind -> Text,
        value -> Text,
        value_norm -> Text,
        label -> Nullable<Text>,
        is_primary -> Bool,
        status -> Text,
        verified_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    memberships (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        contact_id -> Uuid,
        account_id -> Uuid,
        role -> Nullable<Text>,
        is_primary -> Bool,
        started_on -> Nullable<Date>,
        ended_on -> Nullable<Date>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    contact_identifiers (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        contact_id -> Uuid,
        kind -> Text,
        sealed -> Bytea,
        sealed_key_id -> Uuid,
        fingerprint -> Bytea,
        fingerprint_key_id -> Uuid,
        hint -> Text,
        label -> Nullable<Text>,
        issued_on -> Nullable<Date>,
        expires_on -> Nullable<Date>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    account_identifiers (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        account_id -> Uuid,
        kind -> Text,
        sealed -> Bytea,
        sealed_key_id -> Uuid,
        fingerprint -> Bytea,
        fingerprint_key_id -> Uuid,
        hint -> Text,
        label -> Nullable<Text>,
        issued_on -> Nullable<Date>,
        expires_on -> Nullable<Date>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    email_messages (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        owner_id -> Uuid,
        team_id -> Nullable<Uuid>,
        contact_id -> Nullable<Uuid>,
        account_id -> Nullable<Uuid>,
        thread_id -> Uuid,
        message_key -> Text,
        reference_keys -> Array<Text>,
        subject -> Nullable<Text>,
        from_name -> Nullable<Text>,
        from_address -> Nullable<Text>,
        preview -> Nullable<Text>,
        sent_at -> Nullable<Timestamptz>,
        received_at -> Timestamptz,
        size -> Int8,
        attachment_count -> Int4,
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
    email_contents (tenant_id, message_id) {
        tenant_id -> Uuid,
        message_id -> Uuid,
        text -> Nullable<Text>,
        html -> Nullable<Text>,
        attachments -> Jsonb,
    }
}

diesel::table! {
    email_participants (tenant_id, message_id, position) {
        tenant_id -> Uuid,
        message_id -> Uuid,
        position -> Int4,
        kind -> Text,
        name -> Nullable<Text>,
        address -> Nullable<Text>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(contact_points, verifications);
diesel::allow_tables_to_appear_in_same_query!(accounts, memberships);
diesel::allow_tables_to_appear_in_same_query!(contacts, memberships);
diesel::allow_tables_to_appear_in_same_query!(duplicate_candidates, accounts);
diesel::allow_tables_to_appear_in_same_query!(duplicate_candidates, contacts);
