//! The tables of the wing.
use platform::search::Tsvector;

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    marketing_plans (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        description -> Nullable<Text>,
        status -> Text,
        start_on -> Date,
        end_on -> Date,
        currency -> Text,
        budget_amount -> Nullable<Numeric>,
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
    campaigns (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        owner_id -> Uuid,
        team_id -> Nullable<Uuid>,
        plan_id -> Nullable<Uuid>,
        parent_id -> Nullable<Uuid>,
        name -> Text,
        campaign_type -> Text,
        status -> Text,
        start_on -> Nullable<Date>,
        end_on -> Nullable<Date>,
        goal -> Nullable<Text>,
        description -> Nullable<Text>,
        currency -> Text,
        budget_amount -> Nullable<Numeric>,
        expected_cost_amount -> Nullable<Numeric>,
        actual_cost_amount -> Nullable<Numeric>,
        expected_revenue_amount -> Nullable<Numeric>,
        actual_revenue_amount -> Nullable<Numeric>,
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
    campaign_members (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        campaign_id -> Uuid,
        contact_id -> Nullable<Uuid>,
        lead_id -> Nullable<Uuid>,
        status -> Text,
        responded_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    templates (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        description -> Nullable<Text>,
        channel -> Text,
        default_locale -> Text,
        variants -> Jsonb,
        variables -> Jsonb,
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
    suppressions (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        channel -> Text,
        address -> Nullable<Text>,
        address_hash -> Bytea,
        contact_id -> Nullable<Uuid>,
        reason -> Text,
        purpose -> Nullable<Text>,
        note -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Uuid,
        updated_by -> Uuid,
    }
}

diesel::table! {
    sends (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        campaign_id -> Uuid,
        name -> Text,
        channel -> Text,
        purpose -> Text,
        is_transactional -> Bool,
        template_id -> Uuid,
        segment_ids -> Array<Uuid>,
        exclude_segment_ids -> Array<Uuid>,
        scheduled_at -> Nullable<Timestamptz>,
        is_local_time -> Bool,
        per_minute -> Int4,
        quiet_from -> Nullable<Text>,
        quiet_until -> Nullable<Text>,
        cap_count -> Nullable<Int4>,
        cap_days -> Nullable<Int4>,
        status -> Text,
        audience -> Nullable<Jsonb>,
        started_by -> Nullable<Uuid>,
        started_at -> Nullable<Timestamptz>,
        ended_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Uuid,
        updated_by -> Uuid,
    }
}

diesel::table! {
    send_runs (tenant_id, send_id) {
        tenant_id -> Uuid,
        send_id -> Uuid,
        after_id -> Nullable<Uuid>,
        free_at -> Timestamptz,
    }
}

diesel::table! {
    send_links (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        send_id -> Uuid,
        url -> Text,
    }
}

diesel::table! {
    deliveries (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        send_id -> Uuid,
        campaign_id -> Uuid,
        contact_id -> Uuid,
        channel -> Text,
        purpose -> Text,
        address -> Nullable<Text>,
        status -> Text,
        failure -> Nullable<Text>,
        due_at -> Timestamptz,
        claimed_at -> Nullable<Timestamptz>,
        sent_at -> Nullable<Timestamptz>,
        opened_at -> Nullable<Timestamptz>,
        clicked_at -> Nullable<Timestamptz>,
        unsubscribed_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    delivery_events (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        delivery_id -> Uuid,
        kind -> Text,
        link_id -> Nullable<Uuid>,
        event_count -> Int4,
        occurred_at -> Timestamptz,
        last_at -> Timestamptz,
    }
}

// A segment's members, and the tenant's clock, as far as the wing needs them.
diesel::table! {
    segment_members (tenant_id, segment_id, record_id) {
        tenant_id -> Uuid,
        segment_id -> Uuid,
        resource -> Text,
        record_id -> Uuid,
        left_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    tenants (tenant_id) {
        tenant_id -> Uuid,
        name -> Text,
        time_zone -> Text,
        base_currency -> Text,
    }
}

diesel::table! {
    users (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        email -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(delivery_events, send_links);
