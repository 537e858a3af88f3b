//! The table of touchpoints.

diesel::table! {
    touchpoints (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        contact_id -> Uuid,
        kind -> Text,
        channel -> Nullable<Text>,
        source -> Nullable<Text>,
        medium -> Nullable<Text>,
        campaign -> Nullable<Text>,
        cost -> Nullable<Numeric>,
        cost_currency -> Nullable<Text>,
        source_system -> Nullable<Text>,
        external_id -> Nullable<Text>,
        happened_at -> Timestamptz,
        version -> Int4,
        created_at -> Timestamptz,
        created_by -> Uuid,
    }
}
