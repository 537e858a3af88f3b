//! What the tables of those who answer tell about whom: who had which case and why, and how well it was done, stays as
//! figures; what somebody has written about it goes with whoever asked.
use platform::privacy::Data::{Derived, Identifier, Personal, Statistic};
use platform::privacy::Erasure::{Anew, Empty, Keep, Null};
use platform::privacy::Whose::{Contact, User};
use platform::privacy::{Table, names, table, tag, technical};

pub(super) const SKILLS: Table = table(
    "skills",
    &[
        technical(&["tenant_id", "id", "name", "description", "search"]),
        technical(&["version", "created_at", "updated_at", "deleted_at"]),
        names(User, &["created_by", "updated_by"]),
    ],
);

pub(super) const AGENTS: Table = table(
    "agents",
    &[
        technical(&["tenant_id", "version", "created_at", "updated_at"]),
        names(User, &["id", "user_id", "created_by", "updated_by"]),
        tag(Statistic, User, Keep, &["capacity", "channel_capacities", "skills", "is_active"]),
        tag(Statistic, User, Keep, &["status", "status_changed_at"]),
    ],
);

pub(super) const AGENT_PRESENCE: Table = table(
    "agent_presence",
    &[technical(&["tenant_id"]), names(User, &["agent_id"]), tag(Statistic, User, Keep, &["last_seen_at"])],
);

pub(super) const ROUTING_RULES: Table = table(
    "routing_rules",
    &[
        technical(&["tenant_id", "id", "name", "strategy", "required_skills", "calendar_id", "reassign_minutes"]),
        technical(&["overflow_minutes", "is_active", "search", "version", "created_at", "updated_at", "deleted_at"]),
        names(User, &["queue_id", "overflow_queue_id", "created_by", "updated_by"]),
    ],
);

pub(super) const ROUTING_CURSORS: Table =
    table("routing_cursors", &[technical(&["tenant_id", "rule_id"]), tag(Identifier, User, Keep, &["user_id"])]);

/// What was said of the others is about them and their work.
pub(super) const CASE_ASSIGNMENTS: Table = table(
    "case_assignments",
    &[
        technical(&["tenant_id", "id", "rule_id"]),
        names(Contact, &["case_id"]),
        names(User, &["queue_id", "from_id", "owner_id", "actor_id", "candidates"]),
        tag(Statistic, Contact, Keep, &["reason", "assigned_at"]),
        tag(Personal, Contact, Null, &["comment"]),
    ],
);

pub(super) const CASE_TURNS: Table = table(
    "case_turns",
    &[
        technical(&["tenant_id"]),
        names(Contact, &["id"]),
        names(User, &["queue_id", "user_id", "tried"]),
        tag(Statistic, Contact, Keep, &["since_at", "answer_by_at", "due_at"]),
    ],
);

pub(super) const QA_SCORECARDS: Table = table(
    "qa_scorecards",
    &[
        technical(&["tenant_id", "id", "name", "description", "criteria", "pass_mark", "filter", "sample_percent"]),
        technical(&["is_active", "search", "version", "created_at", "updated_at", "deleted_at"]),
        names(User, &["created_by", "updated_by"]),
    ],
);

pub(super) const QA_EVALUATIONS: Table = table(
    "qa_evaluations",
    &[
        technical(&["tenant_id", "team_id", "scorecard_id", "criteria", "pass_mark"]),
        technical(&["version", "created_at", "updated_at", "deleted_at"]),
        names(Contact, &["id", "case_id"]),
        names(User, &["owner_id", "agent_id", "reviewer_id", "decided_by", "created_by", "updated_by"]),
        tag(Statistic, Contact, Keep, &["status", "total", "has_failed", "is_passed"]),
        tag(Statistic, Contact, Keep, &["finalized_at", "appealed_at", "decided_at"]),
        tag(Personal, Contact, Empty, &["scores"]),
        tag(Personal, Contact, Null, &["comment", "appeal_reason", "decision_reason"]),
        tag(Derived, Contact, Anew, &["search"]),
    ],
);
