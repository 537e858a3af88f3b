//! A quote says what is offered to whom, for how much, and until when.
//!
//! It has a number that counts on by the year, and a revision: of the revisions of a number one holds, the others are
//! superseded. Its amounts follow from its lines and from what is off all of them ([`amounts`]), and are kept in the
//! transaction that changes any. It goes its way by the deeds in [`moving`] alone, and is changed while it is a draft;
//! who was asked for a yes, and what they have said, is written down ([`approval`]), and so is whom it was sent to, and
//! what was said to it, as its links ([`link`]).
pub mod amounts;
pub mod approval;
mod body;
mod deeds;
pub mod import;
mod letter;
pub mod line;
pub mod link;
mod moving;
mod order;
mod row;
pub(crate) mod schema;
mod settle;
mod showing;
pub(crate) mod store;
pub mod summary;

pub use body::{NewQuote, QuotePatch, QuoteRejection, QuoteSending};
pub use deeds::{archive, create, duplicates, purge, restore, update, upsert};
pub use letter::letter;
pub use moving::JOB;
pub use moving::{
    accept, approve, decide, expire_due, hand_over, reject, reject_approval, revise, revoke, send, submit,
};
pub(crate) use order::accepted;
pub use order::to_order;
pub use schema::quotes::table as Table;
pub use showing::{Shown, nothing_is_held_back, shown};
pub use store::{find, find_by, list, many};

use crate::exact;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{
    AccountId, Code, ContactId, Kind, Money, Noun, OpportunityId, PriceBookId, QuoteId, Record, TeamId, UserId,
};
use platform::custom::Custom;
use platform::filter::Listed;
use rust_decimal::Decimal;
use schema::quotes;
use serde::Serialize;
use utoipa::ToSchema;

pub const NUMBER_TAKEN: Code =
    Code::new("quote_number_taken", Kind::Conflict, "Another quote has this number: `existing` says which.");
pub const FIXED: Code = Code::new(
    "quote_fixed",
    Kind::Conflict,
    "A quote is changed while it is a draft; later its owner and team alone are. Revise it to offer something else.",
);
pub const CURRENCY_FIXED: Code = Code::new(
    "quote_currency_fixed",
    Kind::Conflict,
    "The currency of a quote stays as long as it has lines, unless all of them are replaced with it.",
);
pub const TRANSITION_REFUSED: Code =
    Code::new("quote_transition_refused", Kind::Conflict, "The quote is in a status that does not lead there.");
pub const APPROVAL_NEEDED: Code = Code::new(
    "quote_approval_needed",
    Kind::Conflict,
    "More is off than the tenant lets go without approval: submit the quote first.",
);
pub const EXPIRED: Code =
    Code::new("quote_expired", Kind::Conflict, "The last day on which the quote could be accepted is over.");
pub const EMPTY: Code = Code::new("quote_empty", Kind::Conflict, "A quote without lines offers nothing.");
pub const CODES: &[Code] = &[NUMBER_TAKEN, FIXED, CURRENCY_FIXED, TRANSITION_REFUSED, APPROVAL_NEEDED, EXPIRED, EMPTY];

pub const STATUSES: &[&str] =
    &["draft", "in_review", "approved", "sent", "accepted", "rejected", "expired", "superseded"];
pub const ROUNDINGS: &[&str] = &["line", "document"];

/// What is offered.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0192f0c1-7777-7000-8000-000000000030", "owner_id": "0192f0c1-0000-7000-8000-000000000001", "team_id": null,
    "number": "Q-2026-00042", "revision": 1, "opportunity_id": "0192f0c1-6666-7000-8000-00000000000e",
    "account_id": "0192f0c1-1111-7000-8000-000000000002", "contact_id": null, "status": "sent", "currency": "CNY",
    "price_book_id": null, "valid_until_on": "2026-12-31", "is_tax_included": false, "rounding": "line",
    "discount_rate": null, "discount_fixed": {"amount": "184.00", "currency": "CNY"},
    "subtotal": {"amount": "10720.00", "currency": "CNY"}, "discount": {"amount": "720.00", "currency": "CNY"},
    "tax": {"amount": "1300.00", "currency": "CNY"}, "shipping": {"amount": "0.00", "currency": "CNY"},
    "total": {"amount": "11300.00", "currency": "CNY"}, "line_count": 1, "terms": "款到发货",
    "sent_at": "2026-11-21T09:00:00Z", "approval_status": "approved",
    "approval_requested_by": "0192f0c1-0000-7000-8000-000000000001", "approval_requested_at": "2026-11-21T08:10:00Z",
    "approval_decided_by": "0192f0c1-0000-7000-8000-000000000002", "approval_decided_at": "2026-11-21T08:40:00Z",
    "approval_reason": null, "custom": {}, "version": 4, "created_at": "2026-11-21T08:00:00Z",
    "updated_at": "2026-11-21T09:00:00Z", "created_by": "0192f0c1-0000-7000-8000-000000000001",
    "updated_by": "0192f0c1-0000-7000-8000-000000000001", "deleted_at": null
}))]
pub struct Quote {
    pub id: QuoteId,
    pub owner_id: UserId,
    pub team_id: Option<TeamId>,
    /// of all its revisions the same
    pub number: String,
    /// counts from 1
    #[schema(minimum = 1)]
    pub revision: i32,
    pub opportunity_id: Option<OpportunityId>,
    pub account_id: Option<AccountId>,
    pub contact_id: Option<ContactId>,
    #[schema(example = "sent")]
    pub status: String,
    /// ISO 4217 code, of the quote and of all its lines
    #[schema(example = "CNY")]
    pub currency: String,
    /// where prices come from that are not said
    pub price_book_id: Option<PriceBookId>,
    /// the last day on which it can be accepted, in the tenant's time zone
    pub valid_until_on: Option<NaiveDate>,
    /// whether prices hold the tax
    pub is_tax_included: bool,
    /// whether tax is rounded by `line`, or of all lines of a rate together: by `document`
    #[schema(example = "line")]
    pub rounding: String,
    /// what part is off all lines, from 0 to 1
    #[serde(serialize_with = "exact::maybe_plain")]
    #[schema(value_type = Option<String>, format = "decimal", example = "0.05")]
    pub discount_rate: Option<Decimal>,
    /// what sum is off all lines, where it is no rate
    pub discount_fixed: Option<Money>,
    /// quantity × unit price, over the lines
    pub subtotal: Money,
    /// what is off: of single lines, and of all
    pub discount: Money,
    /// the tax of the lines; where prices hold it, what of them is tax
    pub tax: Money,
    pub shipping: Money,
    /// subtotal − discount + shipping, and the tax where prices do not hold it
    pub total: Money,
    pub line_count: i32,
    /// what the customer reads below the lines
    pub terms: Option<String>,
    /// when it was sent last
    pub sent_at: Option<DateTime<Utc>>,
    /// what came of the last time that somebody was asked for a yes: `pending`, `approved`, `rejected` or `withdrawn`; null
    /// where nobody was
    #[schema(example = "approved")]
    pub approval_status: Option<String>,
    /// who has asked
    pub approval_requested_by: Option<UserId>,
    pub approval_requested_at: Option<DateTime<Utc>>,
    /// who has said yes or no
    pub approval_decided_by: Option<UserId>,
    pub approval_decided_at: Option<DateTime<Utc>>,
    /// why not
    pub approval_reason: Option<String>,
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
    noun: "quote",
    table: "quotes",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("owner_id", Holds::Id),
        Field::new("team_id", Holds::Id).nullable(),
        Field::new("number", Holds::Text).searched(Searched::Whole),
        Field::new("revision", Holds::Int),
        Field::new("opportunity_id", Holds::Id).nullable(),
        Field::new("account_id", Holds::Id).nullable(),
        Field::new("contact_id", Holds::Id).nullable(),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("currency", Holds::Text),
        Field::new("price_book_id", Holds::Id).nullable(),
        Field::new("valid_until_on", Holds::Date).nullable(),
        Field::new("is_tax_included", Holds::Bool),
        Field::new("rounding", Holds::Choice(ROUNDINGS)),
        Field::new("discount_rate", Holds::Decimal).nullable(),
        Field::new("discount_fixed", Holds::Money { currency: "currency" }).nullable(),
        Field::new("subtotal", Holds::Money { currency: "currency" }).column("subtotal_amount"),
        Field::new("discount", Holds::Money { currency: "currency" }).column("discount_amount"),
        Field::new("tax", Holds::Money { currency: "currency" }).column("tax_amount"),
        Field::new("shipping", Holds::Money { currency: "currency" }).column("shipping_amount"),
        Field::new("total", Holds::Money { currency: "currency" }).column("total_amount"),
        Field::new("line_count", Holds::Int),
        Field::new("terms", Holds::Text).nullable().unsortable(),
        Field::new("sent_at", Holds::Instant).nullable(),
        Field::new("approval_status", Holds::Choice(approval::STATUSES)).nullable(),
        Field::new("approval_requested_by", Holds::Id).nullable(),
        Field::new("approval_requested_at", Holds::Instant).nullable(),
        Field::new("approval_decided_by", Holds::Id).nullable(),
        Field::new("approval_decided_at", Holds::Instant).nullable(),
        Field::new("approval_reason", Holds::Text).nullable().unsortable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[
        Relation::one("opportunity", "opportunity", "opportunity_id"),
        Relation::one("account", "account", "account_id"),
        Relation::one("contact", "contact", "contact_id"),
        Relation::one("price_book", "price_book", "price_book_id"),
        Relation::one("owner", "user", "owner_id"),
        Relation::one("team", "team", "team_id"),
        Relation::many("lines", "quote_line", "quote_id"),
        Relation::many("links", "quote_link", "quote_id"),
        Relation::many("approvals", "quote_approval", "quote_id"),
        Relation::many("orders", "order", "quote_id"),
        Relation::many("contracts", "contract", "quote_id"),
        Relation::through("activities", "activity", "activity_links", ("record_id", "activity_id"), "quote"),
        Relation::through("tasks", "task", "task_links", ("record_id", "task_id"), "quote"),
        Relation::through("tags", "tag", "taggings", ("record_id", "tag_id"), "quote"),
        Relation::many("external_refs", "external_ref", "record_id"),
    ],
    custom: Some("custom"),
    owned: Owned::Rows { owner: "owner_id", team: "team_id" },
};

impl Noun for Quote {
    const NAME: &'static str = "quote";
}
impl Record for Quote {
    type Id = QuoteId;
    fn id(&self) -> QuoteId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for quotes::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}

/// The unique fields by which a quote may be asked for and upserted: a number means the revision that holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    Number(String),
    External { source_system: String, external_id: String },
}
