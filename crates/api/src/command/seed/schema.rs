//! The columns that a seed writes or asks for; those left out have defaults. What the wings' own schemas call nullable
//! is called so here only where a seed may have nothing to say.
use platform::search::Tsvector;

diesel::table! {
    tenants (tenant_id) {
        tenant_id -> Uuid,
        created_at -> Timestamptz,
    }
}
diesel::table! {
    users (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        is_active -> Bool,
        deleted_at -> Nullable<Timestamptz>,
    }
}
diesel::table! {
    roles (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        builtin -> Nullable<Text>,
    }
}
diesel::table! {
    user_roles (tenant_id, user_id, role_id) {
        tenant_id -> Uuid,
        user_id -> Uuid,
        role_id -> Uuid,
    }
}
diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    accounts (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        owner_id -> Uuid,
        name -> Text,
        legal_name -> Nullable<Text>,
        industry -> Text,
        website -> Nullable<Text>,
        phone -> Nullable<Text>,
        employee_count -> Nullable<Int4>,
        annual_revenue_amount -> Nullable<Numeric>,
        annual_revenue_currency -> Nullable<Text>,
        lifecycle_stage -> Text,
        rating -> Text,
        source -> Text,
        street -> Text,
        city -> Text,
        region -> Text,
        postal_code -> Text,
        country -> Text,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Uuid,
        updated_by -> Uuid,
        search -> Tsvector,
    }
}
diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    contacts (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        owner_id -> Uuid,
        account_id -> Nullable<Uuid>,
        given_name -> Text,
        family_name -> Text,
        display_name -> Text,
        job_title -> Nullable<Text>,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
        birth_on -> Nullable<Date>,
        gender -> Nullable<Text>,
        locale -> Text,
        time_zone -> Text,
        lifecycle_stage -> Text,
        source -> Text,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Uuid,
        updated_by -> Uuid,
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
        is_primary -> Bool,
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
        is_primary -> Bool,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}
diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    products (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        sku -> Text,
        name -> Text,
        category -> Text,
        unit_price_amount -> Numeric,
        unit_price_currency -> Text,
        is_active -> Bool,
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
    orders (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        owner_id -> Uuid,
        number -> Text,
        account_id -> Uuid,
        contact_id -> Nullable<Uuid>,
        status -> Text,
        placed_at -> Timestamptz,
        currency -> Text,
        subtotal_amount -> Numeric,
        discount_amount -> Numeric,
        tax_amount -> Numeric,
        total_amount -> Numeric,
        line_count -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Uuid,
        updated_by -> Uuid,
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
        product_id -> Uuid,
        sku -> Text,
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
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}
diesel::allow_tables_to_appear_in_same_query!(users, user_roles);
diesel::allow_tables_to_appear_in_same_query!(roles, user_roles);
diesel::allow_tables_to_appear_in_same_query!(users, roles);
