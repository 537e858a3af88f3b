//! A coupon is a code by which a promotion is used: so often at most, until some moment, and by one contact alone if it is
//! theirs.
//!
//! Its code is unique among the living coupons of a tenant, whatever its case: it is kept in capitals. One that is made
//! here cannot be guessed ([`draw`]). How often it is used is counted as it is ([`crate::redemption`]).
mod body;
mod deeds;
mod draw;
pub mod making;
pub(crate) mod schema;
pub(crate) mod store;

pub use body::{CouponPatch, NewCoupon};
pub use deeds::{archive, create, purge, restore, update, upsert};
pub use schema::coupons::table as Table;
pub use store::{find, list, many};

use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{Code, ContactId, CouponId, JobId, Kind, Noun, PromotionId, Record, UserId};
use platform::filter::Listed;
use schema::coupons;
use serde::Serialize;
use utoipa::ToSchema;

pub const CODE_TAKEN: Code =
    Code::new("coupon_code_taken", Kind::Conflict, "Another coupon has this code: `existing` says which.");
pub const CODES: &[Code] = &[CODE_TAKEN];

pub const STATUSES: &[&str] = &["active", "disabled"];

/// A code by which a promotion is used.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = coupons, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-8b8b-7000-8000-000000000032", "promotion_id": "0192f0c1-8a8a-7000-8000-000000000031",
    "code": "WELCOME10", "batch_id": null, "contact_id": null, "total_limit": 100, "customer_limit": 1, "used_count": 7,
    "expires_at": "2026-12-31T16:00:00Z", "status": "active", "version": 8, "created_at": "2026-11-21T08:00:00Z",
    "updated_at": "2026-11-22T08:00:00Z", "created_by": "0192f0c1-0000-7000-8000-000000000001",
    "updated_by": "0192f0c1-0000-7000-8000-000000000001", "deleted_at": null
}))]
pub struct Coupon {
    pub id: CouponId,
    pub promotion_id: PromotionId,
    /// in capitals
    #[schema(example = "WELCOME10")]
    pub code: String,
    /// the job that made it with others
    pub batch_id: Option<JobId>,
    /// whose it is alone; null: whoever has the code
    pub contact_id: Option<ContactId>,
    /// how often it is used, at most
    pub total_limit: Option<i32>,
    /// how often one customer uses it, at most
    pub customer_limit: Option<i32>,
    /// how often it is used now: what is held counts
    pub used_count: i32,
    /// the first moment after it is good
    pub expires_at: Option<DateTime<Utc>>,
    #[schema(example = "active")]
    pub status: String,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived: it is used no more
    pub deleted_at: Option<DateTime<Utc>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "coupon",
    table: "coupons",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("promotion_id", Holds::Id),
        Field::new("code", Holds::Text).searched(Searched::Whole),
        Field::new("batch_id", Holds::Id).nullable(),
        Field::new("contact_id", Holds::Id).nullable(),
        Field::new("total_limit", Holds::Int).nullable(),
        Field::new("customer_limit", Holds::Int).nullable(),
        Field::new("used_count", Holds::Int),
        Field::new("expires_at", Holds::Instant).nullable(),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[
        Relation::one("promotion", "promotion", "promotion_id"),
        Relation::one("contact", "contact", "contact_id"),
        Relation::many("redemptions", "redemption", "coupon_id"),
    ],
    custom: None,
    owned: Owned::Shared,
};

impl Noun for Coupon {
    const NAME: &'static str = "coupon";
}
impl Record for Coupon {
    type Id = CouponId;
    fn id(&self) -> CouponId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for coupons::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}
