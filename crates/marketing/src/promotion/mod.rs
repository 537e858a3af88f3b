//! A promotion takes something off a purchase, or puts something on top, for carts that are as it asks.
//!
//! What it gives is reckoned apart from everything that is kept ([`reckoning`]); what may be used, by whom and how often,
//! is asked of the cart at hand ([`crate::evaluation`]) and counted as it is used ([`crate::redemption`]). Its code is
//! unique among the living promotions of a tenant and puts those of one priority in order. It belongs to nobody.
mod body;
mod deeds;
pub mod reckoning;
pub(crate) mod schema;
pub(crate) mod store;
mod terms;
mod usage;

pub(crate) use body::is_code;
pub use body::{NewPromotion, PromotionBenefit, PromotionConditions, PromotionPatch, PromotionTransition};
pub use deeds::{archive, create, purge, restore, transition, update, upsert};
pub use schema::promotions::table as Table;
pub use store::{find, find_by, list, many};
pub(crate) use terms::{terms, word};
pub use usage::{PromotionUsage, usage};

use crate::figure;
use body::{Asked, Gives, Names};
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{Code, Kind, Noun, PromotionId, Record, SegmentId, UserId};
use platform::custom::Custom;
use platform::filter::Listed;
use rust_decimal::Decimal;
use schema::promotions;
use serde::Serialize;
use utoipa::ToSchema;

pub const CODE_TAKEN: Code =
    Code::new("promotion_code_taken", Kind::Conflict, "Another promotion has this code: `existing` says which.");
pub const TRANSITION_REFUSED: Code = Code::new(
    "promotion_transition_refused",
    Kind::Conflict,
    "The promotion is not in a status from which it comes to this one: `detail` says in which.",
);
pub const ENDED: Code =
    Code::new("promotion_ended", Kind::Conflict, "The promotion has ended: its terms stay as they were.");
pub const CODES: &[Code] = &[CODE_TAKEN, TRANSITION_REFUSED, ENDED];

pub const KINDS: &[&str] = &["percentage", "fixed_amount", "buy_x_get_y", "free_gift"];
pub const STACKINGS: &[&str] = &["exclusive", "priority", "combinable"];
pub const STATUSES: &[&str] = &["draft", "active", "paused", "ended"];

/// Something off a purchase, or something on top.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = promotions, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-8a8a-7000-8000-000000000031", "code": "SINGLES11", "name": "双十一九折",
    "names": {"en": "Ten percent off"}, "description": null, "kind": "percentage", "benefit": {"rate": "0.1"},
    "conditions": {"products": [], "minimum_subtotal": "200"}, "currency": "CNY", "cap": "50", "priority": 10,
    "stacking": "priority", "starts_at": "2026-11-10T16:00:00Z", "ends_at": "2026-11-11T16:00:00Z", "segment_id": null,
    "is_coupon_needed": false, "total_limit": 10000, "customer_limit": 1, "budget": "200000", "status": "active",
    "custom": {}, "version": 2, "created_at": "2026-11-01T08:00:00Z", "updated_at": "2026-11-09T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct Promotion {
    pub id: PromotionId,
    /// its name for programs, in capitals
    #[schema(example = "SINGLES11")]
    pub code: String,
    pub name: String,
    /// what it is called in other languages, by locale
    #[schema(value_type = BTreeMap<String, String>)]
    pub names: Names,
    pub description: Option<String>,
    #[schema(example = "percentage")]
    pub kind: String,
    /// what it gives, by its kind
    #[schema(value_type = PromotionBenefit)]
    pub benefit: Gives,
    /// what a cart must be like
    #[schema(value_type = PromotionConditions)]
    pub conditions: Asked,
    /// ISO 4217 code of all its sums, and of the carts that it is for; null: all carts
    #[schema(example = "CNY")]
    pub currency: Option<String>,
    /// the most that it takes off one cart
    #[serde(serialize_with = "figure::maybe_plain")]
    #[schema(value_type = Option<String>, format = "decimal", example = "50")]
    pub cap: Option<Decimal>,
    /// the higher comes first
    pub priority: i32,
    /// how it bears with others: `exclusive`, `priority` (of these the first alone) or `combinable`
    #[schema(example = "combinable")]
    pub stacking: String,
    /// the first moment of its validity
    pub starts_at: Option<DateTime<Utc>>,
    /// the first moment after it
    pub ends_at: Option<DateTime<Utc>>,
    /// of accounts or contacts: whoever is in it; null: everybody
    pub segment_id: Option<SegmentId>,
    /// whether it is used by a coupon alone
    pub is_coupon_needed: bool,
    /// how often it is used, at most
    pub total_limit: Option<i32>,
    /// how often one customer uses it, at most
    pub customer_limit: Option<i32>,
    /// what it takes off all carts together, at most
    #[serde(serialize_with = "figure::maybe_plain")]
    #[schema(value_type = Option<String>, format = "decimal", example = "200000")]
    pub budget: Option<Decimal>,
    #[schema(example = "active")]
    pub status: String,
    /// fields of the tenant's own
    pub custom: Custom,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived: it is used no more
    pub deleted_at: Option<DateTime<Utc>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "promotion",
    table: "promotions",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("code", Holds::Text).searched(Searched::Whole),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("names", Holds::Text).unfilterable().unsortable(),
        Field::new("description", Holds::Text).nullable().unsortable(),
        Field::new("kind", Holds::Choice(KINDS)),
        Field::new("benefit", Holds::Text).unfilterable().unsortable(),
        Field::new("conditions", Holds::Text).unfilterable().unsortable(),
        Field::new("currency", Holds::Text).nullable(),
        Field::new("cap", Holds::Decimal).nullable(),
        Field::new("priority", Holds::Int),
        Field::new("stacking", Holds::Choice(STACKINGS)),
        Field::new("starts_at", Holds::Instant).nullable(),
        Field::new("ends_at", Holds::Instant).nullable(),
        Field::new("segment_id", Holds::Id).nullable(),
        Field::new("is_coupon_needed", Holds::Bool),
        Field::new("total_limit", Holds::Int).nullable(),
        Field::new("customer_limit", Holds::Int).nullable(),
        Field::new("budget", Holds::Decimal).nullable(),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[
        Relation::one("segment", "segment", "segment_id"),
        Relation::many("coupons", "coupon", "promotion_id"),
        Relation::many("redemptions", "redemption", "promotion_id"),
        Relation::many("external_refs", "external_ref", "record_id"),
    ],
    custom: Some("custom"),
    owned: Owned::Shared,
};

impl Noun for Promotion {
    const NAME: &'static str = "promotion";
}
impl Record for Promotion {
    type Id = PromotionId;
    fn id(&self) -> PromotionId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for promotions::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}

/// The unique fields by which a promotion may be asked for and upserted.
#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    Code(String),
    External { source_system: String, external_id: String },
}
