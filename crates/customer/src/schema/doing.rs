//! What is done with customers: activities, tasks, and how records are sorted.
use platform::search::Tsvector;

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    activities (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        owner_id -> Uuid,
        team_id -> Nullable<Uuid>,
        kind -> Text,
        direction -> Nullable<Text>,
        subject -> Nullable<Text>,
        body -> Nullable<Text>,
        started_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        outcome -> Nullable<Text>,
        links -> Jsonb,
        participants -> Jsonb,
        record_ids -> Array<Uuid>,
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
    activity_links (tenant_id, activity_id, record_id, resource) {
        tenant_id -> Uuid,
        activity_id -> Uuid,
        record_id -> Uuid,
        resource -> Text,
        occurred_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    tasks (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        assignee_id -> Uuid,
        team_id -> Nullable<Uuid>,
        subject -> Text,
        description -> Nullable<Text>,
        status -> Text,
        priority -> Text,
        due_at -> Nullable<Timestamptz>,
        due_on -> Nullable<Date>,
        time_zone -> Nullable<Text>,
        recurrence -> Nullable<Text>,
        series_id -> Nullable<Uuid>,
        series_starts_at -> Nullable<Timestamptz>,
        next_task_id -> Nullable<Uuid>,
        reminders -> Jsonb,
        reminded_at -> Nullable<Timestamptz>,
        completed_at -> Nullable<Timestamptz>,
        links -> Jsonb,
        record_ids -> Array<Uuid>,
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
    task_links (tenant_id, task_id, record_id, resource) {
        tenant_id -> Uuid,
        task_id -> Uuid,
        record_id -> Uuid,
        resource -> Text,
        occurred_at -> Timestamptz,
    }
}

diesel::table! {
    task_reminders (tenant_id, task_id, position) {
        tenant_id -> Uuid,
        task_id -> Uuid,
        position -> Int4,
        remind_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    tags (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        name_key -> Text,
        color -> Nullable<Text>,
        description -> Nullable<Text>,
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
    taggings (tenant_id, record_id, resource, tag_id) {
        tenant_id -> Uuid,
        record_id -> Uuid,
        resource -> Text,
        tag_id -> Uuid,
        source -> Text,
        created_at -> Timestamptz,
        created_by -> Uuid,
    }
}

diesel::table! {
    calendar_feeds (tenant_id, user_id) {
        tenant_id -> Uuid,
        user_id -> Uuid,
        id -> Uuid,
        created_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(activities, activity_links);
diesel::allow_tables_to_appear_in_same_query!(tasks, task_links);
diesel::allow_tables_to_appear_in_same_query!(tags, taggings);
