//! What campaigns and what was sent by them tell about whom. Whoever was erased stays as a figure of what was sent; their
//! address goes. The digest of an address that is suppressed stays: without it whoever was erased would be written to
//! again, and without the key of the server it tells nobody's address.
use platform::privacy::Data::{Personal, Statistic};
use platform::privacy::Erasure::{Keep, Null};
use platform::privacy::Whose::{Contact, Lead, User};
use platform::privacy::{Table, names, table, tag, technical};

pub(super) const MARKETING_PLANS: Table = table(
    "marketing_plans",
    &[
        technical(&["tenant_id", "id", "name", "description", "status", "start_on", "end_on", "currency"]),
        technical(&["budget_amount", "version", "created_at", "updated_at", "deleted_at", "search"]),
        names(User, &["created_by", "updated_by"]),
    ],
);

pub(super) const CAMPAIGNS: Table = table(
    "campaigns",
    &[
        technical(&["tenant_id", "id", "team_id", "plan_id", "parent_id", "name", "campaign_type", "status"]),
        technical(&["start_on", "end_on", "goal", "description", "currency", "budget_amount", "custom", "search"]),
        technical(&["expected_cost_amount", "actual_cost_amount", "expected_revenue_amount", "actual_revenue_amount"]),
        technical(&["version", "created_at", "updated_at", "deleted_at"]),
        names(User, &["owner_id", "created_by", "updated_by"]),
    ],
);

pub(super) const CAMPAIGN_MEMBERS: Table = table(
    "campaign_members",
    &[
        technical(&["tenant_id", "campaign_id", "version", "created_at", "updated_at"]),
        names(Contact, &["id", "contact_id"]),
        names(Lead, &["lead_id"]),
        tag(Statistic, Contact, Keep, &["status", "responded_at"]),
    ],
);

pub(super) const TEMPLATES: Table = table(
    "templates",
    &[
        technical(&["tenant_id", "id", "name", "description", "channel", "default_locale", "variants", "variables"]),
        technical(&["version", "created_at", "updated_at", "deleted_at", "search"]),
        names(User, &["created_by", "updated_by"]),
    ],
);

pub(super) const SUPPRESSIONS: Table = table(
    "suppressions",
    &[
        technical(&["tenant_id", "address_hash", "version", "created_at", "updated_at"]),
        names(Contact, &["id", "contact_id"]),
        names(User, &["created_by", "updated_by"]),
        tag(Personal, Contact, Null, &["address", "note"]),
        tag(Statistic, Contact, Keep, &["channel", "reason", "purpose"]),
    ],
);

pub(super) const SENDS: Table = table(
    "sends",
    &[
        technical(&["tenant_id", "id", "campaign_id", "name", "channel", "purpose", "is_transactional"]),
        technical(&["template_id", "segment_ids", "exclude_segment_ids", "scheduled_at", "is_local_time"]),
        technical(&["per_minute", "quiet_from", "quiet_until", "cap_count", "cap_days", "status", "audience"]),
        technical(&["started_at", "ended_at", "version", "created_at", "updated_at"]),
        names(User, &["started_by", "created_by", "updated_by"]),
    ],
);

pub(super) const SEND_RUNS: Table = table("send_runs", &[technical(&["tenant_id", "send_id", "after_id", "free_at"])]);

pub(super) const SEND_LINKS: Table = table("send_links", &[technical(&["tenant_id", "id", "send_id", "url"])]);

pub(super) const DELIVERIES: Table = table(
    "deliveries",
    &[
        technical(&["tenant_id", "send_id", "campaign_id", "version", "created_at", "updated_at", "claimed_at"]),
        names(Contact, &["id", "contact_id"]),
        tag(Personal, Contact, Null, &["address"]),
        tag(Statistic, Contact, Keep, &["channel", "purpose", "status", "failure", "due_at", "sent_at"]),
        tag(Statistic, Contact, Keep, &["opened_at", "clicked_at", "unsubscribed_at"]),
    ],
);

pub(super) const DELIVERY_EVENTS: Table = table(
    "delivery_events",
    &[
        technical(&["tenant_id", "link_id"]),
        names(Contact, &["id", "delivery_id"]),
        tag(Statistic, Contact, Keep, &["kind", "event_count", "occurred_at", "last_at"]),
    ],
);
