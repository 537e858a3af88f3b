//! A campaign is what is done to reach people: by a plan or by itself, as a part of another or alone, from when to when,
//! for how much, and with what hope. Campaigns form a tree; none comes to stand above itself. Who is in one, and what
//! came of it, is in [`member`].
//!
//! It goes its way by one deed, [`transition`]: planned → active ⇄ paused → completed or cancelled. All its sums are in
//! its one currency.
mod body;
mod deeds;
pub mod member;
mod moving;
pub(crate) mod store;

pub use crate::schema::campaigns::table as Table;
pub use body::{CampaignPatch, CampaignTransition, NewCampaign};
pub use deeds::{archive, create, purge, restore, update, upsert};
pub(crate) use deeds::{changeable, touch};
pub use moving::transition;
pub use store::{find, find_by, list, many};

use crate::schema::campaigns;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::NullableExpressionMethods;
use diesel::dsl::Nullable;
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::money::MaybeMoney;
use kernel::{CampaignId, Code, Kind, MarketingPlanId, Money, Noun, Record, TeamId, UserId};
use platform::custom::Custom;
use platform::filter::Listed;
use serde::Serialize;
use utoipa::ToSchema;

pub const OWN_PARENT: Code =
    Code::new("campaign_own_parent", Kind::Invalid, "A campaign cannot stand above itself in the tree.");
pub const TRANSITION_REFUSED: Code =
    Code::new("campaign_transition_refused", Kind::Conflict, "The campaign is in a status that does not lead there.");
pub const CODES: &[Code] = &[OWN_PARENT, TRANSITION_REFUSED, member::TAKEN];

pub const STATUSES: &[&str] = &["planned", "active", "paused", "completed", "cancelled"];
pub const TYPES: &[&str] = &["email", "sms", "social", "push", "event", "ads", "promotion", "telephone", "direct_mail"];

/// What is done to reach people.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = campaigns, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-b0b0-7000-8000-000000000002", "owner_id": "0192f0c1-0000-7000-8000-000000000001", "team_id": null,
    "plan_id": "0192f0c1-b0b0-7000-8000-000000000001", "parent_id": null, "name": "春茶上市", "campaign_type": "email",
    "status": "active", "start_on": "2027-03-01", "end_on": "2027-03-31", "goal": "500 位新客户", "description": null,
    "currency": "CNY", "budget": {"amount": "50000.00", "currency": "CNY"},
    "expected_cost": {"amount": "48000.00", "currency": "CNY"}, "actual_cost": null,
    "expected_revenue": {"amount": "300000.00", "currency": "CNY"}, "actual_revenue": null, "custom": {}, "version": 2,
    "created_at": "2026-11-27T08:00:00Z", "updated_at": "2026-11-27T09:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct Campaign {
    pub id: CampaignId,
    pub owner_id: UserId,
    pub team_id: Option<TeamId>,
    pub plan_id: Option<MarketingPlanId>,
    /// the campaign that it is a part of
    pub parent_id: Option<CampaignId>,
    pub name: String,
    #[schema(example = "email")]
    pub campaign_type: String,
    /// `planned`, then `active` and `paused` by turns, in the end `completed` or `cancelled`
    #[schema(example = "active")]
    pub status: String,
    pub start_on: Option<NaiveDate>,
    /// its last day
    pub end_on: Option<NaiveDate>,
    /// what it is to bring about
    pub goal: Option<String>,
    pub description: Option<String>,
    /// that of all its sums (ISO 4217); stays as it was given
    #[schema(example = "CNY")]
    pub currency: String,
    #[diesel(select_expression = (campaigns::budget_amount, campaigns::currency.nullable()),
             select_expression_type = (campaigns::budget_amount, Nullable<campaigns::currency>),
             deserialize_as = MaybeMoney)]
    pub budget: Option<Money>,
    #[diesel(select_expression = (campaigns::expected_cost_amount, campaigns::currency.nullable()),
             select_expression_type = (campaigns::expected_cost_amount, Nullable<campaigns::currency>),
             deserialize_as = MaybeMoney)]
    pub expected_cost: Option<Money>,
    #[diesel(select_expression = (campaigns::actual_cost_amount, campaigns::currency.nullable()),
             select_expression_type = (campaigns::actual_cost_amount, Nullable<campaigns::currency>),
             deserialize_as = MaybeMoney)]
    pub actual_cost: Option<Money>,
    #[diesel(select_expression = (campaigns::expected_revenue_amount, campaigns::currency.nullable()),
             select_expression_type = (campaigns::expected_revenue_amount, Nullable<campaigns::currency>),
             deserialize_as = MaybeMoney)]
    pub expected_revenue: Option<Money>,
    #[diesel(select_expression = (campaigns::actual_revenue_amount, campaigns::currency.nullable()),
             select_expression_type = (campaigns::actual_revenue_amount, Nullable<campaigns::currency>),
             deserialize_as = MaybeMoney)]
    pub actual_revenue: Option<Money>,
    /// fields of the tenant's own
    pub custom: Custom,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived
    pub deleted_at: Option<DateTime<Utc>>,
}

const fn sum(name: &'static str, column: &'static str) -> Field {
    Field::new(name, Holds::Money { currency: "currency" }).column(column).nullable()
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "campaign",
    table: "campaigns",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("owner_id", Holds::Id),
        Field::new("team_id", Holds::Id).nullable(),
        Field::new("plan_id", Holds::Id).nullable(),
        Field::new("parent_id", Holds::Id).nullable(),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("campaign_type", Holds::Choice(TYPES)),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("start_on", Holds::Date).nullable(),
        Field::new("end_on", Holds::Date).nullable(),
        Field::new("goal", Holds::Text).nullable().unsortable(),
        Field::new("description", Holds::Text).nullable().unsortable(),
        Field::new("currency", Holds::Text),
        sum("budget", "budget_amount"),
        sum("expected_cost", "expected_cost_amount"),
        sum("actual_cost", "actual_cost_amount"),
        sum("expected_revenue", "expected_revenue_amount"),
        sum("actual_revenue", "actual_revenue_amount"),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[
        Relation::one("plan", "marketing_plan", "plan_id"),
        Relation::one("parent", "campaign", "parent_id"),
        Relation::many("children", "campaign", "parent_id"),
        Relation::one("owner", "user", "owner_id"),
        Relation::one("team", "team", "team_id"),
        Relation::many("members", "campaign_member", "campaign_id"),
        Relation::many("sends", "send", "campaign_id"),
        Relation::through("activities", "activity", "activity_links", ("record_id", "activity_id"), "campaign"),
        Relation::through("tasks", "task", "task_links", ("record_id", "task_id"), "campaign"),
        Relation::through("tags", "tag", "taggings", ("record_id", "tag_id"), "campaign"),
        Relation::many("external_refs", "external_ref", "record_id"),
    ],
    custom: Some("custom"),
    owned: Owned::Rows { owner: "owner_id", team: "team_id" },
};

impl Noun for Campaign {
    const NAME: &'static str = "campaign";
}
impl Record for Campaign {
    type Id = CampaignId;
    fn id(&self) -> CampaignId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for campaigns::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}

/// How a campaign may be asked for and upserted: several may share a name, so that other systems' names alone are keys.
#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    External { source_system: String, external_id: String },
}
