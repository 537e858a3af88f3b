//! The table of evaluations.
use crate::case::schema::cases;
use platform::search::Tsvector;

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    qa_evaluations (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        owner_id -> Uuid,
        team_id -> Nullable<Uuid>,
        scorecard_id -> Uuid,
        case_id -> Uuid,
        agent_id -> Uuid,
        reviewer_id -> Uuid,
        status -> Text,
        criteria -> Jsonb,
        scores -> Jsonb,
        total -> Nullable<Numeric>,
        has_failed -> Bool,
        is_passed -> Bool,
        pass_mark -> Numeric,
        comment -> Nullable<Text>,
        appeal_reason -> Nullable<Text>,
        decision_reason -> Nullable<Text>,
        decided_by -> Nullable<Uuid>,
        finalized_at -> Nullable<Timestamptz>,
        appealed_at -> Nullable<Timestamptz>,
        decided_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Uuid,
        updated_by -> Uuid,
        deleted_at -> Nullable<Timestamptz>,
        search -> Tsvector,
    }
}

diesel::allow_tables_to_appear_in_same_query!(qa_evaluations, cases);
