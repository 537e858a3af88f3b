//! The table of who follows what.

diesel::table! {
    followers (tenant_id, record_id, user_id, resource) {
        tenant_id -> Uuid,
        resource -> Text,
        record_id -> Uuid,
        user_id -> Uuid,
        created_at -> Timestamptz,
    }
}
