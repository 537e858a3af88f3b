//! The tables of pools.
use crate::lead::schema::leads;
use platform::search::Tsvector;

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    pools (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        description -> Nullable<Text>,
        queue_id -> Uuid,
        claims_per_day -> Nullable<Int4>,
        held_at_most -> Nullable<Int4>,
        idle_days -> Nullable<Int4>,
        is_masked -> Bool,
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
    pool_events (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        pool_id -> Uuid,
        lead_id -> Uuid,
        kind -> Text,
        actor_id -> Uuid,
        from_id -> Nullable<Uuid>,
        to_id -> Uuid,
        reason -> Nullable<Text>,
        occurred_at -> Timestamptz,
    }
}

diesel::table! {
    lead_covers (tenant_id, lead_id) {
        tenant_id -> Uuid,
        lead_id -> Uuid,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
        phone_text -> Nullable<Text>,
        display_name -> Nullable<Text>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(lead_covers, leads);
