//! The tables of what is offered.
use crate::schema::tenants;
use platform::search::Tsvector;

diesel::table! {
    quotes (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        owner_id -> Uuid,
        team_id -> Nullable<Uuid>,
        number -> Text,
        revision -> Int4,
        opportunity_id -> Nullable<Uuid>,
        account_id -> Nullable<Uuid>,
        contact_id -> Nullable<Uuid>,
        status -> Text,
        currency -> Text,
        price_book_id -> Nullable<Uuid>,
        valid_until_on -> Nullable<Date>,
        is_tax_included -> Bool,
        rounding -> Text,
        discount_rate -> Nullable<Numeric>,
        discount_fixed -> Nullable<Numeric>,
        subtotal_amount -> Numeric,
        discount_amount -> Numeric,
        tax_amount -> Numeric,
        shipping_amount -> Numeric,
        total_amount -> Numeric,
        line_count -> Int4,
        terms -> Nullable<Text>,
        sent_at -> Nullable<Timestamptz>,
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
    quote_lines (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        quote_id -> Uuid,
        line_key -> Text,
        position -> Int4,
        product_id -> Nullable<Uuid>,
        sku -> Nullable<Text>,
        name -> Text,
        quantity -> Numeric,
        unit_price -> Numeric,
        discount_rate -> Numeric,
        discount_fixed -> Nullable<Numeric>,
        tax_rate -> Numeric,
        subtotal_amount -> Numeric,
        discount_amount -> Numeric,
        shared_amount -> Numeric,
        tax_amount -> Numeric,
        total_amount -> Numeric,
        currency -> Text,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    quote_links (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        quote_id -> Uuid,
        recipient -> Nullable<Text>,
        language -> Text,
        message -> Nullable<Text>,
        hashes -> Array<Bytea>,
        expires_at -> Timestamptz,
        decision -> Nullable<Text>,
        decided_at -> Nullable<Timestamptz>,
        name -> Nullable<Text>,
        job_title -> Nullable<Text>,
        reason -> Nullable<Text>,
        address -> Nullable<Text>,
        user_agent -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        created_by -> Uuid,
        kind -> Text,
        revoked_by -> Nullable<Uuid>,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    quote_approvals (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        quote_id -> Uuid,
        status -> Text,
        requested_by -> Uuid,
        requested_at -> Timestamptz,
        decided_by -> Nullable<Uuid>,
        decided_at -> Nullable<Timestamptz>,
        reason -> Nullable<Text>,
        version -> Int4,
    }
}

diesel::allow_tables_to_appear_in_same_query!(quotes, quote_links, tenants);

/// Columns of `quotes` beyond the 32 that a table of diesel has.
pub mod quotes_beside {
    use super::{Tsvector, quotes};
    use diesel::sql_types::{Nullable, Text, Timestamptz, Uuid};

    // what is searched is written and asked for, and in no record
    platform::beside!(quotes {
        search: Tsvector,
        approval_status: Nullable<Text>,
        approval_requested_by: Nullable<Uuid>,
        approval_requested_at: Nullable<Timestamptz>,
        approval_decided_by: Nullable<Uuid>,
        approval_decided_at: Nullable<Timestamptz>,
        approval_reason: Nullable<Text>
    });
}
