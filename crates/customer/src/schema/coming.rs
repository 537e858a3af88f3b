//! The tables of how accounts and contacts have come on.
diesel::table! {
    account_lifecycle_changes (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        account_id -> Uuid,
        from_stage -> Nullable<Text>,
        to_stage -> Text,
        cause -> Text,
        cause_id -> Nullable<Uuid>,
        duration_seconds -> Nullable<Int8>,
        changed_at -> Timestamptz,
        changed_by -> Uuid,
    }
}

diesel::table! {
    contact_lifecycle_changes (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        contact_id -> Uuid,
        from_stage -> Nullable<Text>,
        to_stage -> Text,
        cause -> Text,
        cause_id -> Nullable<Uuid>,
        duration_seconds -> Nullable<Int8>,
        changed_at -> Timestamptz,
        changed_by -> Uuid,
    }
}
