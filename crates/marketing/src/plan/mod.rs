//! A marketing plan says what is to be done in a period, and for how much: campaigns are made by it.
//!
//! Its name is unique among the living ones of a tenant. It belongs to nobody: whoever may read plans sees them all.
mod body;
mod deeds;
mod store;

pub use crate::schema::marketing_plans::table as Table;
pub use body::{MarketingPlanPatch, NewMarketingPlan};
pub use deeds::{archive, create, is_there, purge, restore, update, upsert};
pub use store::{find, list, many};

use crate::schema::marketing_plans;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::NullableExpressionMethods;
use diesel::dsl::Nullable;
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::money::MaybeMoney;
use kernel::{Code, Kind, MarketingPlanId, Money, Noun, Record, UserId};
use platform::filter::Listed;
use serde::Serialize;
use utoipa::ToSchema;

pub const NAME_TAKEN: Code = Code::new(
    "marketing_plan_name_taken",
    Kind::Conflict,
    "Another marketing plan has this name: `existing` says which.",
);
pub const CODES: &[Code] = &[NAME_TAKEN];

pub const STATUSES: &[&str] = &["draft", "active", "completed", "cancelled"];

/// What is to be done in a period, and for how much.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = marketing_plans, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-b0b0-7000-8000-000000000001", "name": "2027 春季", "description": null, "status": "active",
    "start_on": "2027-01-01", "end_on": "2027-03-31", "currency": "CNY",
    "budget": {"amount": "200000.00", "currency": "CNY"}, "version": 1, "created_at": "2026-11-27T08:00:00Z",
    "updated_at": "2026-11-27T08:00:00Z", "created_by": "0192f0c1-0000-7000-8000-000000000001",
    "updated_by": "0192f0c1-0000-7000-8000-000000000001", "deleted_at": null
}))]
pub struct MarketingPlan {
    pub id: MarketingPlanId,
    pub name: String,
    pub description: Option<String>,
    #[schema(example = "active")]
    pub status: String,
    pub start_on: NaiveDate,
    /// its last day
    pub end_on: NaiveDate,
    /// that of its budget (ISO 4217); stays as it was given
    #[schema(example = "CNY")]
    pub currency: String,
    #[diesel(select_expression = (marketing_plans::budget_amount, marketing_plans::currency.nullable()),
             select_expression_type = (marketing_plans::budget_amount, Nullable<marketing_plans::currency>),
             deserialize_as = MaybeMoney)]
    pub budget: Option<Money>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived
    pub deleted_at: Option<DateTime<Utc>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "marketing_plan",
    table: "marketing_plans",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("description", Holds::Text).nullable().unsortable(),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("start_on", Holds::Date),
        Field::new("end_on", Holds::Date),
        Field::new("currency", Holds::Text),
        Field::new("budget", Holds::Money { currency: "currency" }).column("budget_amount").nullable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[Relation::many("campaigns", "campaign", "plan_id")],
    custom: None,
    owned: Owned::Shared,
};

impl Noun for MarketingPlan {
    const NAME: &'static str = "marketing_plan";
}
impl Record for MarketingPlan {
    type Id = MarketingPlanId;
    fn id(&self) -> MarketingPlanId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for marketing_plans::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}
