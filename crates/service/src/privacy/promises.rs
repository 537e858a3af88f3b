//! What the tables of promises tell about whom. How a case was served stays as figures when its customer is erased.
use platform::privacy::Data::Statistic;
use platform::privacy::Erasure::Keep;
use platform::privacy::Whose::{Contact, User};
use platform::privacy::{Table, names, table, tag, technical};

pub(super) const BUSINESS_CALENDARS: Table = table(
    "business_calendars",
    &[
        technical(&["tenant_id", "id", "name", "description", "time_zone", "weekly", "holidays", "is_default"]),
        technical(&["version", "created_at", "updated_at", "deleted_at", "search"]),
        names(User, &["created_by", "updated_by"]),
    ],
);

pub(super) const SLA_POLICIES: Table = table(
    "sla_policies",
    &[
        technical(&["tenant_id", "id", "name", "description", "position", "filter", "calendar_id", "pausing_statuses"]),
        technical(&["targets", "is_active", "version", "created_at", "updated_at", "deleted_at", "search"]),
        names(User, &["created_by", "updated_by"]),
    ],
);

pub(super) const CASE_STATUSES: Table = table(
    "case_statuses",
    &[
        technical(&["tenant_id", "version"]),
        names(Contact, &["case_id"]),
        tag(Statistic, Contact, Keep, &["status", "occurred_at"]),
    ],
);

pub(super) const CASE_SLAS: Table = table(
    "case_slas",
    &[
        technical(&["tenant_id", "policy_id", "calendar_id", "minutes", "hours", "warn_at_percent", "is_pausable"]),
        technical(&["pausing_statuses", "next_at", "version", "created_at", "updated_at"]),
        names(Contact, &["id", "case_id"]),
        tag(Statistic, Contact, Keep, &["metric", "round", "status", "started_at", "due_at", "warn_at", "paused_at"]),
        tag(Statistic, Contact, Keep, &["paused_ms", "warned_at", "told_at", "met_at", "breached_at"]),
        tag(Statistic, Contact, Keep, &["cancelled_at"]),
    ],
);

pub(super) const SLA_MARKS: Table =
    table("sla_marks", &[technical(&["tenant_id", "id"]), names(Contact, &["case_id"])]);

pub(super) const ESCALATION_RULES: Table = table(
    "escalation_rules",
    &[
        technical(&["tenant_id", "id", "name", "level", "metric", "after_minutes", "filter", "is_active"]),
        technical(&["active_from_at", "version", "created_at", "updated_at", "deleted_at", "search"]),
        names(User, &["actions", "created_by", "updated_by"]),
    ],
);

pub(super) const ESCALATIONS: Table = table(
    "escalations",
    &[
        technical(&["tenant_id", "rule_id", "level", "outcome", "case_version", "tag_ids"]),
        names(Contact, &["id", "case_id", "sla_id"]),
        names(User, &["notified_ids", "owner_id"]),
        tag(Statistic, Contact, Keep, &["priority", "occurred_at"]),
    ],
);
