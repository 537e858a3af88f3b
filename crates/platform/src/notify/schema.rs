//! The table of what people are told of.

diesel::table! {
    notifications (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        user_id -> Uuid,
        kind -> Text,
        resource -> Text,
        record_id -> Uuid,
        event_id -> Uuid,
        seq -> Int8,
        actor_id -> Uuid,
        status -> Text,
        is_listed -> Bool,
        mail_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}
diesel::table! {
    notification_cursors (tenant_id) {
        tenant_id -> Uuid,
        position -> Int8,
    }
}
diesel::table! {
    notification_preferences (tenant_id, user_id) {
        tenant_id -> Uuid,
        user_id -> Uuid,
        wanted -> Jsonb,
        updated_at -> Timestamptz,
    }
}
