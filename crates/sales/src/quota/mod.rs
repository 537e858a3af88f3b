//! A quota is what somebody, or a team, is to sell in a period. Of living ones somebody has one a period, and so has a
//! team; whoever answers for a team owns its quota. What the people of a team are to sell is what it is, where it has no
//! quota of its own ([`crate::forecast`]).
mod deeds;
mod store;

pub use crate::schema::quotas::table as Table;
pub use deeds::{archive, create, purge, restore, update, upsert};
pub(crate) use store::of_period;
pub use store::{find, list};

use crate::forecast::period::is_period;
use crate::schema::quotas;
use chrono::{DateTime, Utc};
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{Code, Kind, Money, Noun, QuotaId, Record, TeamId, Tidy, UserId, patch, rule, tidy};
use platform::filter::Listed;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

pub const PERIOD_TAKEN: Code =
    Code::new("quota_period_taken", Kind::Conflict, "There is a quota of this period already: `existing` says which.");
pub const CODES: &[Code] = &[PERIOD_TAKEN];

pub const USER: &str = "user";
pub const TEAM: &str = "team";
pub const KINDS: &[&str] = &[USER, TEAM];

/// What is to be sold in a period.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = quotas, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-5555-7000-8000-000000000013", "owner_id": "0192f0c1-0000-7000-8000-000000000001", "team_id": null,
    "kind": "user", "period": "2026-Q4", "amount": {"amount": "500000.00", "currency": "CNY"}, "version": 1,
    "created_at": "2026-11-21T08:00:00Z", "updated_at": "2026-11-21T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct Quota {
    pub id: QuotaId,
    /// whose it is; of a team, who answers for it
    pub owner_id: UserId,
    /// of a team, which; of somebody, the team among whose people they are counted, and whose may see it: where it is
    /// null, the team that they work in
    pub team_id: Option<TeamId>,
    /// `user` or `team`
    #[schema(example = "user")]
    pub kind: String,
    /// a year or a quarter as the tenant's years begin, or a month
    #[schema(example = "2026-Q4")]
    pub period: String,
    #[diesel(select_expression = (quotas::amount, quotas::currency),
             select_expression_type = (quotas::amount, quotas::currency))]
    pub amount: Money,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived: nobody is to reach it then
    pub deleted_at: Option<DateTime<Utc>>,
}

/// What a new quota is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = quotas, treat_none_as_default_value = false)]
#[validate(schema(function = "fits"))]
#[schema(example = json!({"period": "2026-Q4", "amount": {"amount": "500000.00", "currency": "CNY"}}))]
pub struct NewQuota {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<QuotaId>,
    /// the caller, unless said otherwise
    #[diesel(skip_insertion)]
    pub owner_id: Option<UserId>,
    pub team_id: Option<TeamId>,
    /// `user`, unless said otherwise
    #[diesel(skip_insertion)]
    #[validate(custom(function = "is_kind"))]
    #[schema(example = "user")]
    pub kind: Option<String>,
    #[validate(custom(function = "is_period"))]
    #[schema(example = "2026-Q4", pattern = r"^\d{4}(-Q[1-4]|-(0[1-9]|1[0-2]))?$", max_length = 7)]
    pub period: String,
    #[diesel(skip_insertion)]
    #[validate(nested)]
    pub amount: Money,
}

/// A merge patch: another period, or somebody else's, is another quota.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = quotas)]
#[validate(schema(function = "aims"))]
#[schema(example = json!({"amount": {"amount": "550000.00", "currency": "CNY"}}))]
pub struct QuotaPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[diesel(skip_update)]
    #[validate(nested)]
    #[schema(value_type = Money, required = false)]
    pub amount: Option<Money>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = UserId, required = false)]
    pub owner_id: Option<UserId>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "quota",
    table: "quotas",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("owner_id", Holds::Id),
        Field::new("team_id", Holds::Id).nullable(),
        Field::new("kind", Holds::Choice(KINDS)),
        Field::new("period", Holds::Text).searched(Searched::Whole),
        Field::new("amount", Holds::Money { currency: "currency" }),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[Relation::one("owner", "user", "owner_id"), Relation::one("team", "team", "team_id")],
    custom: None,
    owned: Owned::Rows { owner: "owner_id", team: "team_id" },
};

impl Noun for Quota {
    const NAME: &'static str = "quota";
}
impl Record for Quota {
    type Id = QuotaId;
    fn id(&self) -> QuotaId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for quotas::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}

/// What tells one quota from all others: whose it is, and of which period.
#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    Owner(UserId, String),
    Team(TeamId, String),
}

impl Tidy for NewQuota {
    fn tidy(&mut self) {
        tidy::trim(&mut self.period);
    }
}
impl Tidy for QuotaPatch {}

fn is_kind(text: &str) -> Result<(), ValidationError> {
    customer::choices::one_of(text, KINDS)
}

fn fits(new: &NewQuota) -> Result<(), ValidationError> {
    if new.kind.as_deref() == Some(TEAM) && new.team_id.is_none() {
        let mut rule = rule!("required", "says of which team it is");
        rule.add_param("member".into(), &"team_id");
        return Err(rule);
    }
    is_aim(&new.amount)
}

fn aims(patch: &QuotaPatch) -> Result<(), ValidationError> {
    patch.amount.as_ref().map_or(Ok(()), is_aim)
}

fn is_aim(money: &Money) -> Result<(), ValidationError> {
    if money.amount > Decimal::ZERO {
        return Ok(());
    }
    let mut rule = rule!("range", "is not above zero");
    rule.add_param("member".into(), &"amount");
    Err(rule)
}
