//! A link by which somebody was sent a quote, and what they have said to it: when, from where, by which program, and who
//! they say that they are. It is the evidence of an acceptance, and is never changed but by that, or by who revokes it: then
//! it shows nothing any more, and stays. What was said otherwise is written down by whoever has heard it, as a link that was
//! sent to nobody.
//!
//! Its token is kept as a hash alone. That of a letter is drawn when the letter is sent; one that is sent once more after a
//! crash brings another token, and both are good: nobody knows which of the two has arrived. That of a link which somebody
//! hands over by themselves is answered to them, once.
mod deeds;
mod store;

pub use super::schema::quote_links::table as Table;
pub use deeds::{Issued, customer, find, issue, open, whose};
pub(super) use deeds::{decided, good, hand_over, note, put_down, revoke};
pub use store::{list, of, of_all};

use super::schema::quote_links;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::{Noun, QuoteId, QuoteLinkId, Record, Tidy, UserId};
use platform::filter::Listed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// Sent by a letter; handed over by whoever has made it; or none, but a note of what was said by another way.
pub const LETTER: &str = "letter";
pub const HANDED_OVER: &str = "handed_over";
pub const NOTED: &str = "noted";
pub const KINDS: &[&str] = &[LETTER, HANDED_OVER, NOTED];

pub const DECISIONS: &[&str] = &["accepted", "rejected"];
pub const LANGUAGES: &[&str] = &["en", "zh-Hans", "zh-Hant"];

/// To whom a quote was sent, and what they have said.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = quote_links, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-7777-7000-8000-000000000032", "quote_id": "0192f0c1-7777-7000-8000-000000000030",
    "kind": "letter", "recipient": "wang.wei@example.cn", "language": "zh-Hans", "message": "王总您好，报价请见附件。",
    "expires_at": "2027-01-30T16:00:00Z", "decision": "accepted", "decided_at": "2026-11-22T02:10:00Z",
    "name": "王伟", "job_title": "采购经理", "reason": null, "address": "203.0.113.7", "user_agent": "Mozilla/5.0",
    "revoked_by": null, "revoked_at": null, "version": 2, "created_at": "2026-11-21T09:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001"
}))]
pub struct QuoteLink {
    pub id: QuoteLinkId,
    pub quote_id: QuoteId,
    /// `letter`, `handed_over` by whoever has made it, or `noted`: what was said by another way
    #[schema(example = "letter")]
    pub kind: String,
    /// where the letter went, or who was given the link, as whoever has made it knows them
    pub recipient: Option<String>,
    #[schema(example = "zh-Hans")]
    pub language: String,
    /// what stood above the link
    pub message: Option<String>,
    pub expires_at: DateTime<Utc>,
    #[schema(example = "accepted")]
    pub decision: Option<String>,
    pub decided_at: Option<DateTime<Utc>>,
    /// who they say that they are
    pub name: Option<String>,
    pub job_title: Option<String>,
    /// why it was not taken
    pub reason: Option<String>,
    /// from where it was said
    pub address: Option<String>,
    /// by which program
    pub user_agent: Option<String>,
    pub revoked_by: Option<UserId>,
    /// since when it shows nothing any more
    pub revoked_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    /// who has sent it, made it, or written it down
    pub created_by: UserId,
}

/// What a link is made of that somebody hands over by themselves.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"recipient": "王总（微信）", "expires_at": "2099-12-31T16:00:00Z"}))]
pub struct NewQuoteLink {
    /// who is given it, as the caller knows them
    #[validate(length(max = 254))]
    #[schema(max_length = 254)]
    pub recipient: Option<String>,
    /// until when it is good: a month after the last day of the quote, or 90 days where that has none, unless said otherwise
    pub expires_at: Option<DateTime<Utc>>,
}

impl Tidy for NewQuoteLink {}

/// A link that has just been made: the only time that its token is shown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FreshQuoteLink {
    /// the page of the business that shows the quote, to be handed over
    #[schema(example = "https://app.example.com/quote#token=gxq_AZLw…")]
    pub url: String,
    /// what stands behind `#token=`: `GET /q/{token}` shows the quote
    #[schema(example = "gxq_AZLw…")]
    pub token: String,
    #[serde(flatten)]
    pub link: QuoteLink,
}

/// What somebody has said.
#[derive(Clone, Debug)]
pub struct Said {
    pub decision: &'static str,
    pub name: Option<String>,
    pub job_title: Option<String>,
    pub reason: Option<String>,
    pub address: Option<String>,
    pub user_agent: Option<String>,
}

impl Said {
    pub fn of(decision: &'static str) -> Self {
        Self { decision, name: None, job_title: None, reason: None, address: None, user_agent: None }
    }
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "quote_link",
    table: "quote_links",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("quote_id", Holds::Id),
        Field::new("kind", Holds::Choice(KINDS)),
        Field::new("recipient", Holds::Text).nullable(),
        Field::new("language", Holds::Choice(LANGUAGES)),
        Field::new("message", Holds::Text).nullable().unsortable(),
        Field::new("expires_at", Holds::Instant),
        Field::new("decision", Holds::Choice(DECISIONS)).nullable(),
        Field::new("decided_at", Holds::Instant).nullable(),
        Field::new("name", Holds::Text).nullable(),
        Field::new("job_title", Holds::Text).nullable(),
        Field::new("reason", Holds::Text).nullable().unsortable(),
        Field::new("address", Holds::Text).nullable(),
        Field::new("user_agent", Holds::Text).nullable().unsortable(),
        Field::new("revoked_by", Holds::Id).nullable(),
        Field::new("revoked_at", Holds::Instant).nullable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
    ],
    relations: &[Relation::one("quote", "quote", "quote_id"), Relation::one("creator", "user", "created_by")],
    custom: None,
    owned: Owned::Part { of: "quote", column: "quote_id" },
};

impl Noun for QuoteLink {
    const NAME: &'static str = "quote_link";
}
impl Record for QuoteLink {
    type Id = QuoteLinkId;
    fn id(&self) -> QuoteLinkId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Noun for FreshQuoteLink {
    const NAME: &'static str = QuoteLink::NAME;
}
impl Record for FreshQuoteLink {
    type Id = QuoteLinkId;
    fn id(&self) -> QuoteLinkId {
        self.link.id
    }
    fn version(&self) -> i32 {
        self.link.version
    }
}
impl Listed for quote_links::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}
