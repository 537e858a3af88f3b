//! An escalation rule says what happens where a promise is about to be broken, or is: who is told, who gets the case,
//! whether it becomes more urgent. It is asked once a promise, when its moment comes, and looks at the case alone. What was
//! due before the rule was switched on is left alone.
mod body;
mod deeds;
pub(crate) mod schema;
mod store;

pub use body::{Actions, EscalationActions, EscalationRulePatch, NewEscalationRule};
pub use deeds::{archive, create, purge, restore, update, upsert};
pub use schema::escalation_rules::table as Table;
pub(crate) use store::active;
pub use store::{find, list, many};

use crate::sla_policy::METRICS;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Searched};
use kernel::{EscalationRuleId, Noun, Record, UserId};
use platform::filter::Listed;
use schema::escalation_rules;
use serde::Serialize;
use utoipa::ToSchema;

/// What happens where a promise is about to be broken, or is.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = escalation_rules, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-9999-7000-8000-000000000004", "name": "Urgent and late", "level": 1, "metric": "first_response",
    "after_minutes": -15, "filter": "priority == \"urgent\"",
    "actions": {"notify_owner": true, "notify_managers": true, "notify_user_ids": [], "notify_team_ids": [],
        "notify_role_ids": [], "owner_id": null, "raises_priority": true, "tag_ids": []},
    "is_active": true, "active_from_at": "2026-11-27T08:00:00Z", "version": 1, "created_at": "2026-11-27T08:00:00Z",
    "updated_at": "2026-11-27T08:00:00Z", "created_by": "0192f0c1-0000-7000-8000-000000000001",
    "updated_by": "0192f0c1-0000-7000-8000-000000000001", "deleted_at": null
}))]
pub struct EscalationRule {
    pub id: EscalationRuleId,
    pub name: String,
    /// those with a lower one are asked first
    #[schema(minimum = 1, example = 1)]
    pub level: i32,
    /// of which promise: `first_response`, `next_response` or `resolution`
    #[schema(example = "first_response")]
    pub metric: String,
    /// how many minutes after it is due; below zero: before that
    pub after_minutes: i32,
    /// of which cases it holds, in the language of filters; of all, where there is none
    #[schema(example = "priority == \"urgent\"")]
    pub filter: Option<String>,
    #[schema(value_type = EscalationActions)]
    pub actions: Actions,
    pub is_active: bool,
    /// since when: what was due before that is left alone
    pub active_from_at: DateTime<Utc>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived: it does nothing since
    pub deleted_at: Option<DateTime<Utc>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "escalation_rule",
    table: "escalation_rules",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("level", Holds::Int),
        Field::new("metric", Holds::Choice(METRICS)),
        Field::new("after_minutes", Holds::Int),
        Field::new("filter", Holds::Text).nullable(),
        Field::new("actions", Holds::Text).unfilterable().unsortable(),
        Field::new("is_active", Holds::Bool),
        Field::new("active_from_at", Holds::Instant),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[],
    custom: None,
    owned: Owned::Shared,
};

impl Noun for EscalationRule {
    const NAME: &'static str = "escalation_rule";
}
impl Record for EscalationRule {
    type Id = EscalationRuleId;
    fn id(&self) -> EscalationRuleId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for escalation_rules::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}
