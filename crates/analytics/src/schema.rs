//! The tables of the wing.
use platform::search::Tsvector;

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    reports (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        owner_id -> Uuid,
        team_id -> Nullable<Uuid>,
        name -> Text,
        description -> Nullable<Text>,
        resource -> Text,
        query -> Jsonb,
        layout -> Text,
        chart -> Nullable<Jsonb>,
        parameters -> Jsonb,
        is_public -> Bool,
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
    dashboards (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        owner_id -> Uuid,
        team_id -> Nullable<Uuid>,
        name -> Text,
        description -> Nullable<Text>,
        widgets -> Jsonb,
        is_public -> Bool,
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
    report_schedules (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        owner_id -> Uuid,
        team_id -> Nullable<Uuid>,
        report_id -> Uuid,
        name -> Text,
        rule -> Text,
        time_zone -> Text,
        recipient_ids -> Array<Uuid>,
        format -> Text,
        parameters -> Jsonb,
        status -> Text,
        status_reason -> Nullable<Text>,
        next_at -> Nullable<Timestamptz>,
        last_at -> Nullable<Timestamptz>,
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
    report_runs (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        report_schedule_id -> Uuid,
        recipient_id -> Uuid,
        due_at -> Timestamptz,
        status -> Text,
        error -> Nullable<Text>,
        row_count -> Nullable<Int4>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}
// not the wing's own: who works here, and where they get letters
diesel::table! {
    users (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        email -> Text,
        locale -> Nullable<Text>,
        is_active -> Bool,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    segmentations (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        key -> Text,
        name -> Text,
        description -> Nullable<Text>,
        kind -> Text,
        rfm -> Nullable<Jsonb>,
        value -> Nullable<Jsonb>,
        clusters -> Nullable<Jsonb>,
        rules -> Nullable<Jsonb>,
        currency -> Nullable<Text>,
        window_days -> Nullable<Int4>,
        schedule -> Text,
        is_labelling -> Bool,
        is_active -> Bool,
        last_run_id -> Nullable<Uuid>,
        next_run_at -> Nullable<Timestamptz>,
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
    segmentation_runs (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        segmentation_id -> Uuid,
        job_id -> Nullable<Uuid>,
        status -> Text,
        as_of_on -> Date,
        is_dated -> Bool,
        currency -> Text,
        error_code -> Nullable<Text>,
        customer_count -> Int4,
        changed_count -> Int4,
        class_counts -> Jsonb,
        transitions -> Jsonb,
        metrics -> Jsonb,
        model -> Jsonb,
        started_at -> Nullable<Timestamptz>,
        finished_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Uuid,
    }
}

diesel::table! {
    classifications (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        segmentation_id -> Uuid,
        account_id -> Uuid,
        run_id -> Uuid,
        class -> Text,
        recency_score -> Nullable<Int4>,
        frequency_score -> Nullable<Int4>,
        monetary_score -> Nullable<Int4>,
        valid_from_at -> Timestamptz,
        valid_until_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    labels (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        key -> Text,
        name -> Text,
        description -> Nullable<Text>,
        color -> Nullable<Text>,
        segmentation_id -> Nullable<Uuid>,
        class -> Nullable<Text>,
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
    account_labels (tenant_id, account_id, label_id) {
        tenant_id -> Uuid,
        account_id -> Uuid,
        resource -> Text,
        label_id -> Uuid,
        source -> Text,
        evidence -> Nullable<Text>,
        expires_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        created_by -> Uuid,
    }
}

diesel::table! {
    account_label_refusals (tenant_id, account_id, label_id) {
        tenant_id -> Uuid,
        account_id -> Uuid,
        label_id -> Uuid,
        created_at -> Timestamptz,
        created_by -> Uuid,
    }
}

diesel::table! {
    association_runs (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        job_id -> Nullable<Uuid>,
        status -> Text,
        min_support -> Numeric,
        min_confidence -> Numeric,
        max_items -> Int4,
        window_days -> Nullable<Int4>,
        error_code -> Nullable<Text>,
        order_count -> Int4,
        rule_count -> Int4,
        started_at -> Nullable<Timestamptz>,
        finished_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Uuid,
    }
}

diesel::table! {
    association_rules (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        run_id -> Uuid,
        rank -> Int4,
        condition_ids -> Array<Uuid>,
        consequence_id -> Uuid,
        order_count -> Int4,
        support -> Numeric,
        confidence -> Numeric,
        lift -> Numeric,
    }
}

diesel::table! {
    tenants (tenant_id) {
        tenant_id -> Uuid,
        time_zone -> Text,
        base_currency -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(labels, account_labels);
diesel::allow_tables_to_appear_in_same_query!(classifications, segmentations);
diesel::allow_tables_to_appear_in_same_query!(segmentation_runs, segmentations);
