//! The tables of agents.

diesel::table! {
    agents (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        user_id -> Uuid,
        capacity -> Nullable<Int4>,
        channel_capacities -> Jsonb,
        skills -> Jsonb,
        status -> Text,
        status_changed_at -> Timestamptz,
        is_active -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Uuid,
        updated_by -> Uuid,
    }
}

diesel::table! {
    agent_presence (tenant_id, agent_id) {
        tenant_id -> Uuid,
        agent_id -> Uuid,
        last_seen_at -> Timestamptz,
    }
}
