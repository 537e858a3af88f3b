//! The view of what records have come to, and what it stands beside.
use crate::contract::schema::{contracts, installments, payments};
use crate::lead::schema::leads;
use crate::quote::schema::quotes;

diesel::table! {
    milestones (tenant_id, resource, record_id, position) {
        tenant_id -> Uuid,
        resource -> Text,
        record_id -> Uuid,
        position -> Int4,
        step -> Text,
        occurred_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(milestones, leads);
diesel::allow_tables_to_appear_in_same_query!(milestones, quotes);
diesel::allow_tables_to_appear_in_same_query!(milestones, contracts);
diesel::allow_tables_to_appear_in_same_query!(milestones, installments);
diesel::allow_tables_to_appear_in_same_query!(milestones, payments);
