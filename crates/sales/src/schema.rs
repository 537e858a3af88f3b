//! The wing's tables.
mod foreign;

pub use foreign::{team_members, teams, tenants, users};

use platform::search::Tsvector;

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    products (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        sku -> Text,
        name -> Text,
        category -> Nullable<Text>,
        description -> Nullable<Text>,
        unit -> Nullable<Text>,
        unit_price_amount -> Nullable<Numeric>,
        unit_price_currency -> Nullable<Text>,
        is_active -> Bool,
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
    use diesel::sql_types::*;
    use super::Tsvector;
    price_books (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        description -> Nullable<Text>,
        currency -> Text,
        is_default -> Bool,
        is_active -> Bool,
        valid_from_on -> Nullable<Date>,
        valid_until_on -> Nullable<Date>,
        entry_count -> Int4,
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
    price_book_entries (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        price_book_id -> Uuid,
        product_id -> Uuid,
        min_quantity -> Numeric,
        unit_price -> Numeric,
        currency -> Text,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    orders (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        owner_id -> Uuid,
        team_id -> Nullable<Uuid>,
        number -> Text,
        account_id -> Nullable<Uuid>,
        contact_id -> Nullable<Uuid>,
        status -> Text,
        source -> Nullable<Text>,
        placed_at -> Timestamptz,
        currency -> Text,
        subtotal_amount -> Numeric,
        discount_amount -> Numeric,
        tax_amount -> Numeric,
        shipping_amount -> Numeric,
        total_amount -> Numeric,
        line_count -> Int4,
        quote_id -> Nullable<Uuid>,
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
    order_lines (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        order_id -> Uuid,
        line_key -> Text,
        position -> Int4,
        product_id -> Nullable<Uuid>,
        sku -> Nullable<Text>,
        name -> Text,
        quantity -> Numeric,
        unit_price -> Numeric,
        discount_rate -> Numeric,
        tax_rate -> Numeric,
        subtotal_amount -> Numeric,
        discount_amount -> Numeric,
        tax_amount -> Numeric,
        total_amount -> Numeric,
        currency -> Text,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    counters (tenant_id, name) {
        tenant_id -> Uuid,
        name -> Text,
        value -> Int8,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    pipelines (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        labels -> Jsonb,
        is_default -> Bool,
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
    stages (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        pipeline_id -> Uuid,
        key -> Text,
        position -> Int4,
        name -> Text,
        labels -> Jsonb,
        kind -> Text,
        probability -> Int4,
        forecast_category -> Text,
        required_fields -> Array<Text>,
        transitions -> Array<Text>,
        rotting_days -> Nullable<Int4>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    exchange_rates (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        from_currency -> Text,
        to_currency -> Text,
        valid_on -> Date,
        rate -> Numeric,
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
    quotas (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        owner_id -> Uuid,
        team_id -> Nullable<Uuid>,
        kind -> Text,
        period -> Text,
        amount -> Numeric,
        currency -> Text,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Uuid,
        updated_by -> Uuid,
        deleted_at -> Nullable<Timestamptz>,
        search -> Tsvector,
    }
}

diesel::allow_tables_to_appear_in_same_query!(tenants, pipelines, stages);
