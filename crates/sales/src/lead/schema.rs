//! The tables of who may become a customer.
use platform::search::Tsvector;

diesel::table! {
    leads (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        owner_id -> Uuid,
        team_id -> Nullable<Uuid>,
        status -> Text,
        given_name -> Nullable<Text>,
        family_name -> Nullable<Text>,
        display_name -> Text,
        company_name -> Nullable<Text>,
        job_title -> Nullable<Text>,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
        source -> Nullable<Text>,
        rating -> Nullable<Text>,
        score -> Int4,
        description -> Nullable<Text>,
        utm -> Jsonb,
        assigned_at -> Nullable<Timestamptz>,
        response_due_at -> Nullable<Timestamptz>,
        first_response_at -> Nullable<Timestamptz>,
        response_status -> Nullable<Text>,
        converted_at -> Nullable<Timestamptz>,
        account_id -> Nullable<Uuid>,
        contact_id -> Nullable<Uuid>,
        disqualify_reason -> Nullable<Text>,
        custom -> Jsonb,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Uuid,
        updated_by -> Uuid,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    lead_score_rules (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        filter -> Text,
        points -> Int4,
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
    lead_scores (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        lead_id -> Uuid,
        rule_id -> Uuid,
        rule_name -> Text,
        points -> Int4,
        scored_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    assignment_rules (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        position -> Int4,
        filter -> Nullable<Text>,
        strategy -> Text,
        members -> Jsonb,
        territory_id -> Nullable<Uuid>,
        team_id -> Nullable<Uuid>,
        response_minutes -> Nullable<Int4>,
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
    assignment_cursors (tenant_id, rule_id) {
        tenant_id -> Uuid,
        rule_id -> Uuid,
        user_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    lead_assignments (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        lead_id -> Uuid,
        rule_id -> Uuid,
        owner_id -> Uuid,
        rules -> Jsonb,
        assigned_at -> Timestamptz,
    }
}

diesel::table! {
    lead_conversions (tenant_id, lead_id) {
        tenant_id -> Uuid,
        lead_id -> Uuid,
        status -> Text,
        made -> Jsonb,
        converted_at -> Timestamptz,
    }
}

diesel::table! {
    accounts (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        owner_id -> Uuid,
        team_id -> Nullable<Uuid>,
        version -> Int4,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    contacts (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        owner_id -> Uuid,
        team_id -> Nullable<Uuid>,
        account_id -> Nullable<Uuid>,
        version -> Int4,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    activity_links (tenant_id, activity_id, record_id, resource) {
        tenant_id -> Uuid,
        activity_id -> Uuid,
        record_id -> Uuid,
        resource -> Text,
    }
}

diesel::table! {
    task_links (tenant_id, task_id, record_id, resource) {
        tenant_id -> Uuid,
        task_id -> Uuid,
        record_id -> Uuid,
        resource -> Text,
    }
}

/// Columns of `leads` beyond the 32 that a table of diesel has.
pub mod leads_beside {
    use super::{Tsvector, leads};
    use diesel::sql_types::{Bool, Nullable, Text, Timestamptz, Uuid};

    // what is searched is written and asked for, and in no record
    platform::beside!(leads {
        search: Tsvector,
        opportunity_id: Nullable<Uuid>,
        pool_id: Nullable<Uuid>,
        pooled_at: Nullable<Timestamptz>,
        is_masked: Bool,
        phone_text: Nullable<Text>,
        industry: Nullable<Text>,
        country: Nullable<Text>,
        region: Nullable<Text>,
        city: Nullable<Text>
    });
}
