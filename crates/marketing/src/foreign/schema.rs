//! Narrow tables of other wings, with the columns that decide on visibility.
use crate::touchpoint::schema::touchpoints;

diesel::table! {
    orders (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        owner_id -> Uuid,
        team_id -> Nullable<Uuid>,
        account_id -> Nullable<Uuid>,
        contact_id -> Nullable<Uuid>,
        status -> Text,
        placed_at -> Timestamptz,
        currency -> Text,
        total_amount -> Numeric,
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
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    products (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        sku -> Text,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    segment_members (tenant_id, segment_id, record_id) {
        tenant_id -> Uuid,
        segment_id -> Uuid,
        record_id -> Uuid,
        left_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    tenants (tenant_id) {
        tenant_id -> Uuid,
        time_zone -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(contacts, touchpoints);
