//! What the wing reads of tables that are not its own.

diesel::table! {
    tenants (tenant_id) {
        tenant_id -> Uuid,
        time_zone -> Text,
    }
}

diesel::table! {
    users (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        kind -> Text,
        is_active -> Bool,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    teams (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        parent_id -> Nullable<Uuid>,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    roles (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        builtin -> Nullable<Text>,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    team_members (tenant_id, user_id, team_id) {
        tenant_id -> Uuid,
        user_id -> Uuid,
        team_id -> Uuid,
    }
}

diesel::table! {
    user_roles (tenant_id, user_id, role_id) {
        tenant_id -> Uuid,
        user_id -> Uuid,
        role_id -> Uuid,
    }
}

diesel::table! {
    queue_members (tenant_id, member_id, queue_id) {
        tenant_id -> Uuid,
        queue_id -> Uuid,
        user_id -> Nullable<Uuid>,
        team_id -> Nullable<Uuid>,
        member_id -> Uuid,
    }
}

diesel::allow_tables_to_appear_in_same_query!(users, teams, roles, team_members, user_roles, queue_members);
