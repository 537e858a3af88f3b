//! What the wing reads of tables that are not its own.

diesel::table! {
    counters (tenant_id, name) {
        tenant_id -> Uuid,
        name -> Text,
        value -> Int8,
    }
}

diesel::table! {
    users (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        display_name -> Text,
        kind -> Text,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    tenants (tenant_id) {
        tenant_id -> Uuid,
        name -> Text,
        locale -> Text,
    }
}
