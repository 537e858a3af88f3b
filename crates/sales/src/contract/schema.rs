//! The tables of what is agreed upon, and of what is paid.
use crate::quote::schema::quotes;
use platform::search::Tsvector;

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    contracts (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        owner_id -> Uuid,
        team_id -> Nullable<Uuid>,
        number -> Text,
        title -> Text,
        account_id -> Nullable<Uuid>,
        quote_id -> Nullable<Uuid>,
        renews_id -> Nullable<Uuid>,
        status -> Text,
        start_on -> Nullable<Date>,
        end_on -> Nullable<Date>,
        renewal -> Text,
        currency -> Text,
        value_amount -> Numeric,
        paid_amount -> Numeric,
        unpaid_amount -> Numeric,
        signed_at -> Nullable<Timestamptz>,
        description -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Uuid,
        updated_by -> Uuid,
        deleted_at -> Nullable<Timestamptz>,
        custom -> Jsonb,
        search -> Tsvector,
        told_end_on -> Nullable<Date>,
        waived_amount -> Numeric,
        open_amount -> Numeric,
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    installments (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        contract_id -> Uuid,
        position -> Int4,
        due_on -> Date,
        currency -> Text,
        amount -> Numeric,
        paid_amount -> Numeric,
        status -> Text,
        overdue_at -> Nullable<Timestamptz>,
        description -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        waived_amount -> Numeric,
        waived_at -> Nullable<Timestamptz>,
        waived_reason -> Nullable<Text>,
        paid_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    payments (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        owner_id -> Uuid,
        team_id -> Nullable<Uuid>,
        account_id -> Nullable<Uuid>,
        contract_id -> Nullable<Uuid>,
        status -> Text,
        received_on -> Date,
        method -> Text,
        reference -> Nullable<Text>,
        currency -> Text,
        amount -> Numeric,
        matched_amount -> Numeric,
        unmatched_amount -> Numeric,
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
    payment_matches (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        payment_id -> Uuid,
        installment_id -> Uuid,
        currency -> Text,
        amount -> Numeric,
        created_at -> Timestamptz,
        created_by -> Uuid,
    }
}

diesel::allow_tables_to_appear_in_same_query!(contracts, installments, payments, payment_matches);
diesel::allow_tables_to_appear_in_same_query!(contracts, quotes);
