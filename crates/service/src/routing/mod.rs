//! A routing rule says how the cases of a queue are given to those who serve it: in turn, to whoever has least in hand, or
//! by nobody but themselves. A case goes to an agent who is online, has the skills and has room ([`choose`]); where there
//! is none it waits in the queue, which owns it, the most urgent first and of those the oldest, and is given out when
//! somebody comes or has room again ([`giving`]). Whoever gives out by rules holds one lock of the tenant's, so that nobody
//! gets more than they have room for, however many cases come at once. Each time it is written down who got it, and why
//! ([`log`]).
mod body;
mod choose;
mod deeds;
mod giving;
mod ground;
mod log;
mod order;
pub(crate) mod schema;
pub(crate) mod store;

pub use body::{NewRoutingRule, RoutingRulePatch};
pub use choose::CaseCandidate;
pub use deeds::{archive, create, purge, restore, update, upsert};
pub use giving::watch;
pub(crate) use giving::{arrive, come, gone};
pub use ground::load::{AgentLoad, ChannelLoad, loads};
pub use log::{CaseAssignment, of as assignments};
pub use order::{CaseAssign, CaseRouting, CaseTake, assign, explain, next};
pub use schema::routing_rules::table as Table;
pub use store::{find, list, many};

use crate::skill::{AgentSkill, SkillsOf};
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{Code, Kind, Noun, Record, RoutingRuleId, UserId};
use platform::filter::Listed;
use schema::routing_rules;
use serde::Serialize;
use utoipa::ToSchema;

pub const QUEUE_TAKEN: Code = Code::new(
    "routing_rule_queue_taken",
    Kind::Conflict,
    "There is a routing rule of this queue already: `existing` says which.",
);
pub const NOBODY_FREE: Code = Code::new(
    "case_nobody_free",
    Kind::Conflict,
    "Nobody who may have the case is online and has room: it waits in its queue.",
);
pub const NOT_ROUTED: Code = Code::new(
    "case_not_routed",
    Kind::Conflict,
    "The case is of no queue with a routing rule: name who gets it, or the queue.",
);
pub const NOTHING_WAITS: Code =
    Code::new("case_nothing_waits", Kind::Conflict, "No case waits that the caller may take.");
pub const HANDS_FULL: Code =
    Code::new("case_hands_full", Kind::Conflict, "The caller has as many open cases in hand as they have room for.");
pub const DONE: Code =
    Code::new("case_done", Kind::Conflict, "The case is resolved or closed: nobody is given it any more.");
pub const CODES: &[Code] = &[QUEUE_TAKEN, NOBODY_FREE, NOT_ROUTED, NOTHING_WAITS, HANDS_FULL, DONE];

pub const ROUND_ROBIN: &str = "round_robin";
pub const LEAST_LOAD: &str = "least_load";
pub const MANUAL: &str = "manual";
pub const STRATEGIES: &[&str] = &[ROUND_ROBIN, LEAST_LOAD, MANUAL];

/// How the cases of a queue are given out.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = routing_rules, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-9999-7000-8000-00000000000c", "name": "粤语客服", "queue_id": "0192f0c1-0000-7000-8000-0000000000e1",
    "strategy": "least_load", "required_skills": [{"skill_id": "0192f0c1-9999-7000-8000-00000000000a", "level": 2}],
    "reassign_minutes": 10, "overflow_queue_id": null, "overflow_minutes": null, "is_active": true, "version": 1,
    "created_at": "2026-11-27T08:00:00Z", "updated_at": "2026-11-27T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct RoutingRule {
    pub id: RoutingRuleId,
    pub name: String,
    /// whose cases are given out; it stays
    pub queue_id: UserId,
    /// `round_robin`: in turn; `least_load`: to whoever has least in hand of what they have room for; `manual`: to those
    /// who take them
    #[schema(example = "least_load")]
    pub strategy: String,
    /// what whoever gets a case has to know, beside what the case itself asks for
    #[schema(value_type = Vec<AgentSkill>)]
    pub required_skills: SkillsOf,
    /// whoever has not answered after so long has it no more, where somebody else is free
    #[schema(example = 10)]
    pub reassign_minutes: Option<i32>,
    /// where a case goes that has waited for `overflow_minutes`
    pub overflow_queue_id: Option<UserId>,
    #[schema(example = 30)]
    pub overflow_minutes: Option<i32>,
    pub is_active: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived: it gives nothing out since
    pub deleted_at: Option<DateTime<Utc>>,
}

impl RoutingRule {
    /// Whether it gives cases out without anybody's doing.
    #[must_use]
    pub fn gives(&self) -> bool {
        self.is_active && self.deleted_at.is_none() && self.strategy != MANUAL
    }
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "routing_rule",
    table: "routing_rules",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("queue_id", Holds::Id),
        Field::new("strategy", Holds::Choice(STRATEGIES)),
        Field::new("required_skills", Holds::Text).unfilterable().unsortable(),
        Field::new("reassign_minutes", Holds::Int).nullable(),
        Field::new("overflow_queue_id", Holds::Id).nullable(),
        Field::new("overflow_minutes", Holds::Int).nullable(),
        Field::new("is_active", Holds::Bool),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[
        Relation::one("queue", "user", "queue_id"),
        Relation::one("overflow_queue", "user", "overflow_queue_id"),
    ],
    custom: None,
    owned: Owned::Shared,
};

impl Noun for RoutingRule {
    const NAME: &'static str = "routing_rule";
}
impl Record for RoutingRule {
    type Id = RoutingRuleId;
    fn id(&self) -> RoutingRuleId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for routing_rules::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}
