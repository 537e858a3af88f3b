//! The tables of promotions.
use platform::search::Tsvector;

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    promotions (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        code -> Text,
        name -> Text,
        names -> Jsonb,
        description -> Nullable<Text>,
        kind -> Text,
        benefit -> Jsonb,
        conditions -> Jsonb,
        currency -> Nullable<Text>,
        cap -> Nullable<Numeric>,
        priority -> Int4,
        stacking -> Text,
        starts_at -> Nullable<Timestamptz>,
        ends_at -> Nullable<Timestamptz>,
        segment_id -> Nullable<Uuid>,
        is_coupon_needed -> Bool,
        total_limit -> Nullable<Int4>,
        customer_limit -> Nullable<Int4>,
        budget -> Nullable<Numeric>,
        status -> Text,
        custom -> Jsonb,
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
    promotion_uses (tenant_id, promotion_id) {
        tenant_id -> Uuid,
        promotion_id -> Uuid,
        used_count -> Int4,
        spent -> Numeric,
    }
}
