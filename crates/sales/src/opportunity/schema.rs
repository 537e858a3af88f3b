//! The tables of what is hoped to be sold.
use crate::schema::stages;
use platform::search::Tsvector;

diesel::table! {
    opportunities (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        owner_id -> Uuid,
        team_id -> Nullable<Uuid>,
        name -> Text,
        account_id -> Nullable<Uuid>,
        pipeline_id -> Uuid,
        stage_id -> Uuid,
        currency -> Text,
        amount -> Nullable<Numeric>,
        base_amount -> Nullable<Numeric>,
        base_currency -> Text,
        exchange_rate -> Nullable<Numeric>,
        probability -> Int4,
        expected_amount -> Nullable<Numeric>,
        forecast_category -> Text,
        expected_close_on -> Nullable<Date>,
        closed_at -> Nullable<Timestamptz>,
        stage_entered_at -> Timestamptz,
        opportunity_type -> Nullable<Text>,
        source -> Nullable<Text>,
        next_step -> Nullable<Text>,
        lost_reason -> Nullable<Text>,
        competitors -> Array<Text>,
        rank -> Int8,
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
    opportunity_contacts (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        opportunity_id -> Uuid,
        contact_id -> Uuid,
        role -> Nullable<Text>,
        is_primary -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    opportunity_lines (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        opportunity_id -> Uuid,
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
    opportunity_stage_history (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        opportunity_id -> Uuid,
        pipeline_id -> Uuid,
        from_stage -> Nullable<Text>,
        to_stage -> Text,
        kind -> Text,
        duration_seconds -> Nullable<Int8>,
        changed_at -> Timestamptz,
        changed_by -> Uuid,
    }
}

diesel::table! {
    forecast_snapshots (tenant_id, taken_on, opportunity_id) {
        tenant_id -> Uuid,
        taken_on -> Date,
        taken_at -> Timestamptz,
        opportunity_id -> Uuid,
        base_amount -> Nullable<Numeric>,
        base_currency -> Text,
        expected_close_on -> Nullable<Date>,
        probability -> Int4,
        forecast_category -> Text,
    }
}

diesel::table! {
    rotting_marks (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        opportunity_id -> Uuid,
    }
}

diesel::table! {
    board_figures (tenant_id, level, stage_id, owner_id, team_id) {
        tenant_id -> Uuid,
        level -> Text,
        stage_id -> Uuid,
        owner_id -> Uuid,
        team_id -> Uuid,
        currency -> Text,
        base_currency -> Text,
        deal_count -> Int4,
        rotten_count -> Int4,
        amount_count -> Int4,
        amount -> Numeric,
        base_count -> Int4,
        base_amount -> Numeric,
    }
}

diesel::table! {
    forecast_figures (tenant_id, level, month_on, owner_id, team_id) {
        tenant_id -> Uuid,
        level -> Text,
        month_on -> Date,
        owner_id -> Uuid,
        team_id -> Uuid,
        forecast_category -> Text,
        base_currency -> Text,
        open_count -> Int4,
        won_count -> Int4,
        lost_count -> Int4,
        unknown_count -> Int4,
        won_amount -> Numeric,
        pipeline_amount -> Numeric,
        best_case_amount -> Numeric,
        commit_amount -> Numeric,
        weighted_amount -> Numeric,
    }
}

diesel::allow_tables_to_appear_in_same_query!(opportunities, stages, forecast_snapshots);
diesel::allow_tables_to_appear_in_same_query!(opportunities, opportunity_stage_history);
diesel::allow_columns_to_appear_in_same_group_by_clause!(
    opportunities::owner_id,
    opportunities::team_id,
    opportunities::forecast_category,
    opportunities::probability,
    opportunities::base_currency,
    stages::kind,
);

/// Columns of `opportunities` beyond the 32 that a table of diesel has.
pub mod opportunities_beside {
    use super::{Tsvector, opportunities};
    use diesel::sql_types::{Bool, Nullable, Timestamptz};

    // what is searched, and when it was told of, is written and asked for, and in no record
    platform::beside!(opportunities {
        search: Tsvector,
        rots_at: Nullable<Timestamptz>,
        is_rotten: Bool,
        rotting_told_at: Nullable<Timestamptz>
    });
}
