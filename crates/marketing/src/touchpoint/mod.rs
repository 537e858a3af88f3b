//! A touchpoint is something that somebody came by, met or did before they bought: a form, a click, a visit, a call.
//!
//! It is a part of its contact, is written once and never changed. What other systems send by the name that they have for
//! it comes to be there once, however often it is sent. What touchpoints have brought is reckoned in
//! [`crate::attribution`].
mod deeds;
pub(crate) mod schema;
pub(crate) mod store;

pub use deeds::{find, record};
pub use schema::touchpoints::table as Table;
pub use store::list;

use crate::figure;
use chrono::{DateTime, Utc};
use customer::choices::one_of;
use diesel::prelude::{Insertable, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::money::MaybeMoney;
use kernel::{Code, ContactId, Kind, Money, Noun, Record, Tidy, TouchpointId, UserId, rule, tidy};
use platform::filter::Listed;
use schema::touchpoints;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

pub const STANDS: Code = Code::new(
    "touchpoint_stands",
    Kind::Conflict,
    "A touchpoint is written once: it is neither changed nor taken away, but with its contact.",
);
pub const CODES: &[Code] = &[STANDS];

pub const KINDS: &[&str] = &["form", "click", "open", "visit", "call", "event", "import"];

/// Something that somebody came by, met or did before they bought.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = touchpoints, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-8d8d-7000-8000-000000000034", "contact_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6",
    "kind": "click", "channel": "search", "source": "baidu", "medium": "cpc", "campaign": "singles-day",
    "cost": {"amount": "1.20", "currency": "CNY"}, "source_system": "ads", "external_id": "clk_81",
    "happened_at": "2026-11-10T08:00:00Z", "version": 1, "created_at": "2026-11-10T08:05:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001"
}))]
pub struct Touchpoint {
    pub id: TouchpointId,
    pub contact_id: ContactId,
    #[schema(example = "click")]
    pub kind: String,
    #[schema(example = "search")]
    pub channel: Option<String>,
    #[schema(example = "baidu")]
    pub source: Option<String>,
    #[schema(example = "cpc")]
    pub medium: Option<String>,
    #[schema(example = "singles-day")]
    pub campaign: Option<String>,
    /// what it has cost
    #[diesel(select_expression = (touchpoints::cost, touchpoints::cost_currency),
             select_expression_type = (touchpoints::cost, touchpoints::cost_currency),
             deserialize_as = MaybeMoney)]
    pub cost: Option<Money>,
    /// which other system has sent it
    pub source_system: Option<String>,
    /// what that calls it
    pub external_id: Option<String>,
    pub happened_at: DateTime<Utc>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub created_by: UserId,
}

/// What a touchpoint is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = touchpoints, treat_none_as_default_value = false)]
#[validate(schema(function = "is_named_whole", skip_on_field_errors = false))]
#[schema(example = json!({
    "contact_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6", "kind": "click", "channel": "search", "source": "baidu",
    "medium": "cpc", "campaign": "singles-day", "cost": {"amount": "1.20", "currency": "CNY"},
    "happened_at": "2026-11-10T08:00:00Z"
}))]
pub struct NewTouchpoint {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<TouchpointId>,
    pub contact_id: ContactId,
    #[validate(custom(function = "is_kind"))]
    #[schema(example = "click")]
    pub kind: String,
    #[validate(length(max = 100))]
    #[schema(max_length = 100)]
    pub channel: Option<String>,
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    pub source: Option<String>,
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    pub medium: Option<String>,
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    pub campaign: Option<String>,
    #[diesel(skip_insertion)]
    #[validate(nested, custom(function = "is_cost"))]
    pub cost: Option<Money>,
    /// which other system sends it; together with `external_id`
    #[validate(length(max = 100), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 100)]
    pub source_system: Option<String>,
    /// what that calls it: sent again, it is the same
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 200)]
    pub external_id: Option<String>,
    /// now, unless said otherwise
    #[diesel(skip_insertion)]
    pub happened_at: Option<DateTime<Utc>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "touchpoint",
    table: "touchpoints",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("contact_id", Holds::Id),
        Field::new("kind", Holds::Choice(KINDS)),
        Field::new("channel", Holds::Text).nullable(),
        Field::new("source", Holds::Text).nullable(),
        Field::new("medium", Holds::Text).nullable(),
        Field::new("campaign", Holds::Text).nullable(),
        Field::new("cost", Holds::Money { currency: "cost_currency" }).nullable(),
        Field::new("source_system", Holds::Text).nullable(),
        Field::new("external_id", Holds::Text).nullable(),
        Field::new("happened_at", Holds::Instant),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
    ],
    relations: &[Relation::one("contact", "contact", "contact_id")],
    custom: None,
    owned: Owned::Part { of: "contact", column: "contact_id" },
};

impl Noun for Touchpoint {
    const NAME: &'static str = "touchpoint";
}
impl Record for Touchpoint {
    type Id = TouchpointId;
    fn id(&self) -> TouchpointId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for touchpoints::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}

impl Tidy for NewTouchpoint {
    fn tidy(&mut self) {
        let texts = [&mut self.channel, &mut self.source, &mut self.medium, &mut self.campaign];
        texts.into_iter().flatten().for_each(tidy::trim);
    }
}

fn is_kind(text: &str) -> Result<(), ValidationError> {
    one_of(text, KINDS)
}

fn is_cost(cost: &Money) -> Result<(), ValidationError> {
    figure::is_sum(&cost.amount)
}

fn is_named_whole(new: &NewTouchpoint) -> Result<(), ValidationError> {
    match new.source_system.is_some() == new.external_id.is_some() {
        true => Ok(()),
        false => Err(rule!("named", "says `source_system` and `external_id` together, or neither")),
    }
}
