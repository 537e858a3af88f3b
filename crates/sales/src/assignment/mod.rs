//! An assignment rule says who gets which leads. The first rule, by position, that holds of a lead and has somebody free
//! gives it out: in turn, to whoever has least in hand, or to those who look after the territory that it is in. It looks
//! at the lead alone, and asks for what is new when it is made, and for the rest when somebody says so.
mod body;
mod by_territory;
mod choose;
mod deeds;
pub mod order;
mod store;
mod told;
mod turn;

pub use crate::lead::schema::assignment_rules::table as Table;
pub use body::{AssignmentMember, AssignmentRulePatch, Members, NewAssignmentRule};
pub use choose::{AssignmentOutcome, MemberOutcome, TerritoryOutcome};
pub use deeds::{archive, create, purge, restore, update, upsert};
pub(crate) use order::given;
pub use store::{find, list};

use crate::lead::schema::assignment_rules;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{AssignmentRuleId, Noun, Record, TeamId, TerritoryId, UserId};
use platform::filter::Listed;
use serde::Serialize;
use utoipa::ToSchema;

const ROUND_ROBIN: &str = "round_robin";
const LOAD: &str = "load";
const TERRITORY: &str = "territory";
pub const STRATEGIES: &[&str] = &[ROUND_ROBIN, LOAD, TERRITORY];

/// Who gets which leads.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = assignment_rules, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-8888-7000-8000-00000000000c", "name": "From forms", "position": 10,
    "filter": "source == \"form\"", "strategy": "round_robin",
    "members": [{"user_id": "0192f0c1-0000-7000-8000-000000000001", "capacity": 40}], "territory_id": null,
    "team_id": null, "response_minutes": 30, "is_active": true, "version": 1, "created_at": "2026-11-26T08:00:00Z",
    "updated_at": "2026-11-26T08:00:00Z", "created_by": "0192f0c1-0000-7000-8000-000000000001",
    "updated_by": "0192f0c1-0000-7000-8000-000000000001", "deleted_at": null
}))]
pub struct AssignmentRule {
    pub id: AssignmentRuleId,
    pub name: String,
    /// those with a lower one are asked first
    pub position: i32,
    /// of which leads it holds, in the language of filters; of all, where there is none
    #[schema(example = "source == \"form\"")]
    pub filter: Option<String>,
    /// `round_robin`, `load` or `territory`
    #[schema(example = "round_robin")]
    pub strategy: String,
    /// among whom they are given out; none of `territory`, whose territories have their own
    #[schema(value_type = Vec<AssignmentMember>)]
    pub members: Members,
    /// of `territory`: the one whose leads are given out, with those below it; all of them, where it is null
    pub territory_id: Option<TerritoryId>,
    /// the team that the leads are of from then on; of `territory`, where it is null, the one by which whoever gets them
    /// looks after the territory
    pub team_id: Option<TeamId>,
    /// within how many minutes whoever gets one has promised to answer
    pub response_minutes: Option<i32>,
    pub is_active: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived: it gives nothing out then
    pub deleted_at: Option<DateTime<Utc>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "assignment_rule",
    table: "assignment_rules",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("position", Holds::Int),
        Field::new("filter", Holds::Text).nullable(),
        Field::new("strategy", Holds::Choice(STRATEGIES)),
        Field::new("members", Holds::Text).unfilterable().unsortable(),
        Field::new("territory_id", Holds::Id).nullable(),
        Field::new("team_id", Holds::Id).nullable(),
        Field::new("response_minutes", Holds::Int).nullable(),
        Field::new("is_active", Holds::Bool),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[Relation::one("territory", "territory", "territory_id"), Relation::one("team", "team", "team_id")],
    custom: None,
    owned: Owned::Shared,
};

impl Noun for AssignmentRule {
    const NAME: &'static str = "assignment_rule";
}
impl Record for AssignmentRule {
    type Id = AssignmentRuleId;
    fn id(&self) -> AssignmentRuleId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for assignment_rules::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}
