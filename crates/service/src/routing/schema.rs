//! The tables of how cases are given out.
use crate::case::schema::cases;
use platform::search::Tsvector;

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    routing_rules (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        queue_id -> Uuid,
        strategy -> Text,
        required_skills -> Jsonb,
        calendar_id -> Nullable<Uuid>,
        reassign_minutes -> Nullable<Int4>,
        overflow_queue_id -> Nullable<Uuid>,
        overflow_minutes -> Nullable<Int4>,
        is_active -> Bool,
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
    routing_cursors (tenant_id, rule_id) {
        tenant_id -> Uuid,
        rule_id -> Uuid,
        user_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    case_turns (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        queue_id -> Uuid,
        since_at -> Timestamptz,
        user_id -> Nullable<Uuid>,
        answer_by_at -> Nullable<Timestamptz>,
        due_at -> Nullable<Timestamptz>,
        tried -> Array<Uuid>,
    }
}

diesel::table! {
    case_assignments (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        case_id -> Uuid,
        rule_id -> Nullable<Uuid>,
        queue_id -> Nullable<Uuid>,
        from_id -> Uuid,
        owner_id -> Uuid,
        actor_id -> Uuid,
        reason -> Text,
        comment -> Nullable<Text>,
        candidates -> Jsonb,
        assigned_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(case_turns, cases);
