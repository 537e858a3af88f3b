//! The table of coupons.
use platform::search::Tsvector;

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    coupons (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        promotion_id -> Uuid,
        code -> Text,
        batch_id -> Nullable<Uuid>,
        contact_id -> Nullable<Uuid>,
        total_limit -> Nullable<Int4>,
        customer_limit -> Nullable<Int4>,
        used_count -> Int4,
        expires_at -> Nullable<Timestamptz>,
        status -> Text,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Uuid,
        updated_by -> Uuid,
        deleted_at -> Nullable<Timestamptz>,
        search -> Tsvector,
    }
}
