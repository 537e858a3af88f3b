//! The table of redemptions.

diesel::table! {
    redemptions (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        owner_id -> Uuid,
        team_id -> Nullable<Uuid>,
        promotion_id -> Uuid,
        coupon_id -> Nullable<Uuid>,
        order_id -> Nullable<Uuid>,
        order_ref -> Nullable<Text>,
        account_id -> Nullable<Uuid>,
        contact_id -> Nullable<Uuid>,
        currency -> Text,
        amount -> Numeric,
        lines -> Jsonb,
        gifts -> Jsonb,
        status -> Text,
        held_until -> Nullable<Timestamptz>,
        redeemed_at -> Nullable<Timestamptz>,
        ended_at -> Nullable<Timestamptz>,
        is_undone -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Uuid,
        updated_by -> Uuid,
    }
}
