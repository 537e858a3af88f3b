//! An opportunity is something that may be sold: to whom, for how much, how probably, and when.
//!
//! It is always in a stage of a pipeline, which says how probable it is and what has to be known of it: whoever comes to a
//! stage has what it demands, whichever way they come ([`settle`]). Its amount is given, or is what its lines come to; in
//! the tenant's own currency it is kept at the rate of its day ([`worth`]). Where it has been is written down, and where it
//! lies too long it is rotten ([`rotting`]). Its lines and the contacts that take part are parts of it.
pub mod board;
mod body;
pub mod contact;
mod deeds;
pub mod history;
pub mod import;
pub mod line;
mod moving;
pub(crate) mod named;
pub mod rotting;
mod row;
pub(crate) mod schema;
mod settle;
pub(crate) mod store;
pub mod summary;
pub mod sums;
mod worth;

pub use body::{CardMove, NewOpportunity, OpportunityPatch};
pub(crate) use deeds::agreed;
pub use deeds::{archive, carry, create, duplicates, purge, restore, transition, update, upsert};
pub use moving::place;
pub use schema::opportunities::table as Table;
pub use settle::DEMANDED;
pub use store::{find, find_by, list, many};
pub(crate) use worth::Worth;

use crate::exact;
use crate::pipeline::stage::CATEGORIES;
use chrono::{DateTime, NaiveDate, Utc};
use customer::choices::SOURCES;
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{AccountId, Code, Kind, Money, Noun, OpportunityId, PipelineId, Record, StageId, TeamId, UserId};
use platform::custom::Custom;
use platform::filter::Listed;
use rust_decimal::Decimal;
use schema::opportunities;
use serde::Serialize;
use utoipa::ToSchema;

pub const TRANSITION_REFUSED: Code = Code::new(
    "opportunity_transition_refused",
    Kind::Conflict,
    "The stage that the opportunity is in does not lead to that one.",
);
pub const AMOUNT_FIXED: Code = Code::new(
    "opportunity_amount_fixed",
    Kind::Conflict,
    "What an opportunity comes to follows from its lines as long as it has some: change those, or replace them with none.",
);
pub const CODES: &[Code] = &[TRANSITION_REFUSED, AMOUNT_FIXED];

/// What it may be, to begin with: others are taken too.
pub const TYPES: &[&str] = &["new_business", "existing_business", "renewal"];

/// Something that may be sold.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0192f0c1-6666-7000-8000-00000000000e", "owner_id": "0192f0c1-0000-7000-8000-000000000001", "team_id": null,
    "name": "茶叶年度采购", "account_id": "0192f0c1-1111-7000-8000-000000000002",
    "pipeline_id": "0192f0c1-5555-7000-8000-00000000000b", "stage_id": "0192f0c1-5555-7000-8000-00000000000c",
    "currency": "USD", "amount": {"amount": "12000.00", "currency": "USD"},
    "base_amount": {"amount": "85422.00", "currency": "CNY"}, "base_currency": "CNY", "exchange_rate": "7.1185",
    "probability": 60, "expected_value": {"amount": "7200.00", "currency": "USD"}, "forecast_category": "best_case",
    "expected_close_on": "2026-12-15", "closed_at": null, "stage_entered_at": "2026-11-21T08:00:00Z",
    "rots_at": "2026-12-05T08:00:00Z", "is_rotten": false, "opportunity_type": "new_business", "source": "referral",
    "next_step": "寄样品", "lost_reason": null, "competitors": ["八马"], "rank": 1786435200000000_i64, "custom": {},
    "version": 1, "created_at": "2026-11-21T08:00:00Z", "updated_at": "2026-11-21T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct Opportunity {
    pub id: OpportunityId,
    pub owner_id: UserId,
    pub team_id: Option<TeamId>,
    pub name: String,
    pub account_id: Option<AccountId>,
    pub pipeline_id: PipelineId,
    pub stage_id: StageId,
    /// ISO 4217 code, of the amount and of all lines
    #[schema(example = "USD")]
    pub currency: String,
    /// given, or what the lines come to
    pub amount: Option<Money>,
    /// in the tenant's own currency, at the rate of its day; absent where no rate was known
    pub base_amount: Option<Money>,
    /// the tenant's own when the rate was taken
    #[schema(example = "CNY")]
    pub base_currency: String,
    /// what one unit of its currency was worth on its day: when it was made, got its currency, or was closed
    #[serde(serialize_with = "exact::maybe_plain")]
    #[schema(value_type = Option<String>, format = "decimal", example = "7.1185")]
    pub exchange_rate: Option<Decimal>,
    /// per cent: the stage's, unless said otherwise
    #[schema(minimum = 0, maximum = 100)]
    pub probability: i32,
    /// amount × probability
    pub expected_value: Option<Money>,
    /// the stage's, unless said otherwise
    #[schema(example = "best_case")]
    pub forecast_category: String,
    pub expected_close_on: Option<NaiveDate>,
    /// when it was won or lost
    pub closed_at: Option<DateTime<Utc>>,
    /// since when it is in its stage
    pub stage_entered_at: DateTime<Utc>,
    /// when it has lain in its stage for as many days as that says (`rotting_days`), since it came there or since the last
    /// activity that is linked to it began, whichever is later; null where the stage says nothing, or it is closed
    pub rots_at: Option<DateTime<Utc>>,
    /// whether it has come to that: the clock sees to it within seconds
    pub is_rotten: bool,
    #[schema(example = "new_business")]
    pub opportunity_type: Option<String>,
    pub source: Option<String>,
    pub next_step: Option<String>,
    /// why it was lost
    pub lost_reason: Option<String>,
    pub competitors: Vec<String>,
    /// its place on the board, among the others of its stage
    pub rank: i64,
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

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "opportunity",
    table: "opportunities",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("owner_id", Holds::Id),
        Field::new("team_id", Holds::Id).nullable(),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("account_id", Holds::Id).nullable(),
        Field::new("pipeline_id", Holds::Id),
        Field::new("stage_id", Holds::Id),
        Field::new("currency", Holds::Text),
        Field::new("amount", Holds::Money { currency: "currency" }).nullable().base("base_amount"),
        Field::new("base_amount", Holds::Money { currency: "base_currency" }).nullable(),
        Field::new("base_currency", Holds::Text),
        Field::new("exchange_rate", Holds::Decimal).nullable(),
        Field::new("probability", Holds::Int),
        Field::new("expected_value", Holds::Money { currency: "currency" }).column("expected_amount").nullable(),
        Field::new("forecast_category", Holds::Choice(CATEGORIES)),
        Field::new("expected_close_on", Holds::Date).nullable(),
        Field::new("closed_at", Holds::Instant).nullable(),
        Field::new("stage_entered_at", Holds::Instant),
        Field::new("rots_at", Holds::Instant).nullable(),
        Field::new("is_rotten", Holds::Bool),
        Field::new("opportunity_type", Holds::Text).nullable(),
        Field::new("source", Holds::Choice(SOURCES)).nullable(),
        Field::new("next_step", Holds::Text).nullable().searched(Searched::Text),
        Field::new("lost_reason", Holds::Text).nullable(),
        Field::new("competitors", Holds::Tags),
        Field::new("rank", Holds::Int),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[
        Relation::one("account", "account", "account_id"),
        Relation::one("pipeline", "pipeline", "pipeline_id"),
        Relation::one("stage", "stage", "stage_id"),
        Relation::one("owner", "user", "owner_id"),
        Relation::one("team", "team", "team_id"),
        Relation::many("lines", "opportunity_line", "opportunity_id"),
        Relation::many("quotes", "quote", "opportunity_id"),
        Relation::many("opportunity_contacts", "opportunity_contact", "opportunity_id"),
        Relation::many("stage_history", "stage_change", "opportunity_id"),
        Relation::many("external_refs", "external_ref", "record_id"),
    ],
    custom: Some("custom"),
    owned: Owned::Rows { owner: "owner_id", team: "team_id" },
};

impl Opportunity {
    /// In a stage that is won it is certain, and in no other that closes it.
    pub(crate) fn is_won(&self) -> bool {
        self.closed_at.is_some() && self.probability == 100
    }
}
impl Noun for Opportunity {
    const NAME: &'static str = "opportunity";
}
impl Record for Opportunity {
    type Id = OpportunityId;
    fn id(&self) -> OpportunityId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for opportunities::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}

/// The unique fields by which an opportunity may be asked for and upserted.
#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    External { source_system: String, external_id: String },
}
