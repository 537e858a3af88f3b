//! What the tables of leads tell about whom.
use platform::privacy::Data::{Derived, Identifier, Personal, Statistic};
use platform::privacy::Erasure::{Anew, Empty, Keep, Null, Pseudonym};
use platform::privacy::Whose::{Contact, Lead, User};
use platform::privacy::{Table, names, table, tag, technical};

/// How it was rated and given out stays as figures; who it was goes. What it has become leads to it.
pub(super) const LEADS: Table = table(
    "leads",
    &[
        technical(&[
            "tenant_id",
            "team_id",
            "pool_id",
            "is_masked",
            "version",
            "created_at",
            "updated_at",
            "deleted_at",
        ]),
        names(Lead, &["id"]),
        names(Contact, &["contact_id"]),
        names(User, &["owner_id", "created_by", "updated_by"]),
        tag(Statistic, Lead, Keep, &["status", "source", "rating", "score", "assigned_at", "response_due_at"]),
        tag(Statistic, Lead, Keep, &["first_response_at", "response_status", "converted_at", "pooled_at"]),
        tag(Personal, Lead, Pseudonym, &["display_name"]),
        tag(Personal, Lead, Null, &["given_name", "family_name", "company_name", "job_title", "email"]),
        tag(Personal, Lead, Null, &["phone", "phone_text"]),
        tag(Personal, Lead, Null, &["description", "disqualify_reason", "account_id", "opportunity_id"]),
        tag(Personal, Lead, Null, &["industry", "country", "region", "city"]),
        tag(Personal, Lead, Empty, &["utm", "custom"]),
        tag(Derived, Lead, Anew, &["search"]),
    ],
);

pub(super) const LEAD_SCORE_RULES: Table = table(
    "lead_score_rules",
    &[
        technical(&["tenant_id", "id", "name", "filter", "points", "is_active", "search"]),
        technical(&["version", "created_at", "updated_at", "deleted_at"]),
        names(User, &["created_by", "updated_by"]),
    ],
);

pub(super) const LEAD_SCORES: Table = table(
    "lead_scores",
    &[
        technical(&["tenant_id", "id", "rule_id", "rule_name"]),
        names(Lead, &["lead_id"]),
        tag(Statistic, Lead, Keep, &["points", "scored_at"]),
    ],
);

pub(super) const ASSIGNMENT_RULES: Table = table(
    "assignment_rules",
    &[
        technical(&["tenant_id", "id", "name", "position", "filter", "strategy", "team_id", "response_minutes"]),
        technical(&["territory_id", "is_active", "search", "version", "created_at", "updated_at", "deleted_at"]),
        names(User, &["members", "owner_id", "created_by", "updated_by"]),
    ],
);

pub(super) const TERRITORIES: Table = table(
    "territories",
    &[
        technical(&["tenant_id", "id", "name", "description", "parent_id", "filter", "search"]),
        technical(&["version", "created_at", "updated_at", "deleted_at"]),
        names(User, &["members", "created_by", "updated_by"]),
    ],
);

pub(super) const TERRITORY_CURSORS: Table =
    table("territory_cursors", &[technical(&["tenant_id", "territory_id"]), tag(Identifier, User, Keep, &["user_id"])]);

pub(super) const ASSIGNMENT_CURSORS: Table =
    table("assignment_cursors", &[technical(&["tenant_id", "rule_id"]), tag(Identifier, User, Keep, &["user_id"])]);

/// What the rules said of the others is about them and their work.
pub(super) const LEAD_ASSIGNMENTS: Table = table(
    "lead_assignments",
    &[
        technical(&["tenant_id", "id", "rule_id"]),
        names(Lead, &["lead_id"]),
        names(User, &["owner_id", "rules"]),
        tag(Statistic, Lead, Keep, &["assigned_at"]),
    ],
);

pub(super) const LEAD_CONVERSIONS: Table = table(
    "lead_conversions",
    &[
        technical(&["tenant_id", "made"]),
        names(Lead, &["lead_id"]),
        tag(Statistic, Lead, Keep, &["status", "converted_at"]),
    ],
);

pub(super) const POOLS: Table = table(
    "pools",
    &[
        technical(&["tenant_id", "id", "name", "description", "claims_per_day", "held_at_most", "idle_days"]),
        technical(&["is_masked", "is_active", "search", "version", "created_at", "updated_at", "deleted_at"]),
        names(User, &["queue_id", "created_by", "updated_by"]),
    ],
);

pub(super) const LEAD_COVERS: Table = table(
    "lead_covers",
    &[
        technical(&["tenant_id"]),
        names(Lead, &["lead_id"]),
        tag(Personal, Lead, Null, &["email", "phone", "phone_text", "display_name"]),
    ],
);

/// Who had it and when stays as figures; why somebody gave it back may speak of it.
pub(super) const POOL_EVENTS: Table = table(
    "pool_events",
    &[
        technical(&["tenant_id", "id", "pool_id"]),
        names(Lead, &["lead_id"]),
        names(User, &["actor_id", "from_id", "to_id"]),
        tag(Statistic, Lead, Keep, &["kind", "occurred_at"]),
        tag(Personal, Lead, Null, &["reason"]),
    ],
);
