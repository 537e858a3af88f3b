//! That a rule was asked of a promise, and what came of it: written once, with what it changes, and told as
//! `case.escalated`. A rule is asked once of each promise and level, whatever dies meanwhile.
mod clock;
pub(crate) mod schema;
mod store;

pub use clock::watch;
pub use schema::escalations::table as Table;
pub use store::{list, of, of_all};

use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::{CaseId, CaseSlaId, EscalationId, EscalationRuleId, Noun, Record, TagId, UserId};
use platform::filter::Listed;
use schema::escalations;
use serde::Serialize;
use utoipa::ToSchema;

pub(crate) const ESCALATED: &str = "escalated";
pub(crate) const NOT_MATCHED: &str = "not_matched";
pub const OUTCOMES: &[&str] = &[ESCALATED, NOT_MATCHED];

/// What a rule has done about a case.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = escalations, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-9999-7000-8000-000000000005", "case_id": "0192f0c1-aaaa-7000-8000-000000000001",
    "sla_id": "0192f0c1-9999-7000-8000-000000000003", "rule_id": "0192f0c1-9999-7000-8000-000000000004", "level": 1,
    "outcome": "escalated", "case_version": 4, "notified_ids": ["0192f0c1-0000-7000-8000-000000000001"],
    "owner_id": null, "priority": "urgent", "tag_ids": [], "occurred_at": "2026-11-27T08:45:00Z"
}))]
pub struct Escalation {
    pub id: EscalationId,
    pub case_id: CaseId,
    /// the promise that was about to be broken, or was
    pub sla_id: CaseSlaId,
    pub rule_id: EscalationRuleId,
    #[schema(minimum = 1, example = 1)]
    pub level: i32,
    /// `escalated`, or `not_matched`, where the rule did not hold of the case
    #[schema(example = "escalated")]
    pub outcome: String,
    /// at which version of the case it was told
    pub case_version: Option<i32>,
    /// who was told
    pub notified_ids: Vec<UserId>,
    /// who got the case, if somebody else did
    pub owner_id: Option<UserId>,
    /// what it became, if it was raised
    pub priority: Option<String>,
    /// what the case was sorted by
    pub tag_ids: Vec<TagId>,
    pub occurred_at: DateTime<Utc>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "escalation",
    table: "escalations",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("case_id", Holds::Id),
        Field::new("sla_id", Holds::Id),
        Field::new("rule_id", Holds::Id),
        Field::new("level", Holds::Int),
        Field::new("outcome", Holds::Choice(OUTCOMES)),
        Field::new("case_version", Holds::Int).nullable(),
        Field::new("notified_ids", Holds::Text).unfilterable().unsortable(),
        Field::new("owner_id", Holds::Id).nullable(),
        Field::new("priority", Holds::Text).nullable(),
        Field::new("tag_ids", Holds::Text).unfilterable().unsortable(),
        Field::new("occurred_at", Holds::Instant),
    ],
    relations: &[
        Relation::one("case", "case", "case_id"),
        Relation::one("sla", "case_sla", "sla_id"),
        Relation::one("rule", "escalation_rule", "rule_id"),
    ],
    custom: None,
    owned: Owned::Part { of: "case", column: "case_id" },
};

impl Noun for Escalation {
    const NAME: &'static str = "escalation";
}
impl Record for Escalation {
    type Id = EscalationId;
    fn id(&self) -> EscalationId {
        self.id
    }
    /// Written once.
    fn version(&self) -> i32 {
        1
    }
}
impl Listed for escalations::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}
