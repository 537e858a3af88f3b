//! What is read of users, teams and queues.

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
    team_members (tenant_id, user_id, team_id) {
        tenant_id -> Uuid,
        user_id -> Uuid,
        team_id -> Uuid,
    }
}

diesel::table! {
    teams (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        deleted_at -> Nullable<Timestamptz>,
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

diesel::allow_tables_to_appear_in_same_query!(queue_members, team_members, teams, users);
