//! The tables of what people are told of, and of where.

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
        push_at -> Nullable<Timestamptz>,
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
diesel::table! {
    devices (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        user_id -> Uuid,
        platform -> Text,
        sealed -> Binary,
        sealed_key_id -> Uuid,
        fingerprint -> Binary,
        fingerprint_key_id -> Uuid,
        app_version -> Nullable<Text>,
        locale -> Nullable<Text>,
        last_seen_at -> Timestamptz,
        created_at -> Timestamptz,
    }
}
