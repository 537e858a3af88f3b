//! A redemption is a use of a promotion, by a coupon or without one: for an order, of so much, line by line.
//!
//! It is redeemed at once, or held for a while and then redeemed or given back. Whatever is held or redeemed counts against
//! the limits of the promotion and of the coupon, and against the budget; the counts move in the transaction that writes it
//! and by conditions in the statements that move them, so that of many at once none passes a limit. An order has a
//! promotion once; once it is cancelled, what was redeemed for it is given back by the worker ([`watch`]).
mod body;
mod deeds;
pub(crate) mod schema;
pub(crate) mod store;
mod watching;

pub use body::{NewRedemption, PromotionsRedeemed, RedeemedGift, RedeemedLine};
pub use deeds::{confirm, redeem, redeem_coupon, release, reverse};
pub use schema::redemptions::table as Table;
pub use store::{find, list, many, of_orders};
pub use watching::watch;

use body::{Gifts, Lines};
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::{
    AccountId, Code, ContactId, CouponId, Kind, Money, Noun, OrderId, PromotionId, Record, RedemptionId, TeamId, UserId,
};
use platform::filter::Listed;
use schema::redemptions;
use serde::Serialize;
use utoipa::ToSchema;

pub const COUPON_REFUSED: Code = Code::new(
    "coupon_refused",
    Kind::Conflict,
    "Coupons are not applied to the cart: `errors` says why. Nothing was redeemed.",
);
pub const USED_UP: Code = Code::new(
    "promotion_used_up",
    Kind::Conflict,
    "Somebody was quicker: what was left of the promotion or the coupon is used. Nothing was redeemed.",
);
pub const ORDER_REDEEMED: Code = Code::new(
    "order_redeemed",
    Kind::Conflict,
    "Promotions were redeemed for the order already, by other coupons: release or reverse them first.",
);
pub const NOT_HELD: Code =
    Code::new("redemption_not_held", Kind::Conflict, "The redemption is not held any more: `detail` says what it is.");
pub const NOT_REDEEMED: Code =
    Code::new("redemption_not_redeemed", Kind::Conflict, "The redemption is not redeemed: `detail` says what it is.");
pub const CODES: &[Code] = &[COUPON_REFUSED, USED_UP, ORDER_REDEEMED, NOT_HELD, NOT_REDEEMED];

pub const STATUSES: &[&str] = &["held", "redeemed", "released", "reversed"];

/// A use of a promotion.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = redemptions, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-8c8c-7000-8000-000000000033", "owner_id": "0192f0c1-0000-7000-8000-000000000001", "team_id": null,
    "promotion_id": "0192f0c1-8a8a-7000-8000-000000000031", "coupon_id": "0192f0c1-8b8b-7000-8000-000000000032",
    "order_id": "0192f0c1-3333-7000-8000-000000000004", "order_ref": null, "account_id": null,
    "contact_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6", "amount": {"amount": "53.60", "currency": "CNY"},
    "lines": [{"line_key": "1", "amount": "53.6"}], "gifts": [], "status": "redeemed", "held_until": null,
    "redeemed_at": "2026-11-21T08:00:00Z", "ended_at": null, "version": 1, "created_at": "2026-11-21T08:00:00Z",
    "updated_at": "2026-11-21T08:00:00Z", "created_by": "0192f0c1-0000-7000-8000-000000000001",
    "updated_by": "0192f0c1-0000-7000-8000-000000000001"
}))]
pub struct Redemption {
    pub id: RedemptionId,
    /// whoever redeemed it
    pub owner_id: UserId,
    pub team_id: Option<TeamId>,
    pub promotion_id: PromotionId,
    /// by which it was, if by one
    pub coupon_id: Option<CouponId>,
    pub order_id: Option<OrderId>,
    /// what another system calls the order
    pub order_ref: Option<String>,
    pub account_id: Option<AccountId>,
    pub contact_id: Option<ContactId>,
    /// what it took off
    #[diesel(select_expression = (redemptions::amount, redemptions::currency),
             select_expression_type = (redemptions::amount, redemptions::currency))]
    pub amount: Money,
    /// of which lines how much; together they are the amount
    #[schema(value_type = Vec<RedeemedLine>)]
    pub lines: Lines,
    /// what came on top
    #[schema(value_type = Vec<RedeemedGift>)]
    pub gifts: Gifts,
    /// `held` and `redeemed` count; `released` was held, and `reversed` redeemed
    #[schema(example = "redeemed")]
    pub status: String,
    /// until then it is held
    pub held_until: Option<DateTime<Utc>>,
    pub redeemed_at: Option<DateTime<Utc>>,
    /// when it was given back
    pub ended_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "redemption",
    table: "redemptions",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("owner_id", Holds::Id),
        Field::new("team_id", Holds::Id).nullable(),
        Field::new("promotion_id", Holds::Id),
        Field::new("coupon_id", Holds::Id).nullable(),
        Field::new("order_id", Holds::Id).nullable(),
        Field::new("order_ref", Holds::Text).nullable(),
        Field::new("account_id", Holds::Id).nullable(),
        Field::new("contact_id", Holds::Id).nullable(),
        Field::new("amount", Holds::Money { currency: "currency" }),
        Field::new("lines", Holds::Text).unfilterable().unsortable(),
        Field::new("gifts", Holds::Text).unfilterable().unsortable(),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("held_until", Holds::Instant).nullable(),
        Field::new("redeemed_at", Holds::Instant).nullable(),
        Field::new("ended_at", Holds::Instant).nullable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
    ],
    relations: &[
        Relation::one("promotion", "promotion", "promotion_id"),
        Relation::one("coupon", "coupon", "coupon_id"),
        Relation::one("order", "order", "order_id"),
        Relation::one("account", "account", "account_id"),
        Relation::one("contact", "contact", "contact_id"),
        Relation::one("owner", "user", "owner_id"),
        Relation::one("team", "team", "team_id"),
    ],
    custom: None,
    owned: Owned::Rows { owner: "owner_id", team: "team_id" },
};

impl Noun for Redemption {
    const NAME: &'static str = "redemption";
}
impl Record for Redemption {
    type Id = RedemptionId;
    fn id(&self) -> RedemptionId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for redemptions::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}
