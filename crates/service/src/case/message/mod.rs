//! A message is what was said about a case: to its customer or by them, which both see, or among those who look after
//! it.
//!
//! It is a part of the case, and moves it: an answer is the first response and begins a case that is new; a word of the
//! customer takes up again what waited or was solved, and where the case is over it opens the next one. What was said
//! never changes. What goes out by mail is put down with it and sent by a worker ([`letter`]).
mod body;
pub(crate) mod deeds;
pub mod effect;
pub mod letter;
pub mod mail;
pub(crate) mod store;

pub use super::schema::case_messages::table as Table;
pub use body::NewCaseMessage;
pub use deeds::{add, find, of, split};
pub use store::{list, of_all, reckon};

use super::CHANNELS;
use super::schema::case_messages;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::{CaseId, CaseInboxId, CaseMessageId, Code, ContactId, EmailMessageId, FileId, Kind, Noun, Record, UserId};
use platform::filter::Listed;
use serde::Serialize;
use utoipa::ToSchema;

pub const MESSAGE_KNOWN: Code =
    Code::new("case_message_known", Kind::Conflict, "A message of this external id is here already.");
pub const NO_ADDRESS: Code = Code::new(
    "case_without_address",
    Kind::Conflict,
    "Nobody has written to the case by mail, and its contact has no address: say by `recipients` whom it goes to.",
);
pub const CODES: &[Code] = &[MESSAGE_KNOWN, NO_ADDRESS];

pub const PUBLIC: &str = "public";
pub const INTERNAL: &str = "internal";
pub const VISIBILITIES: &[&str] = &[PUBLIC, INTERNAL];
pub const CUSTOMER: &str = "customer";
pub const AGENT: &str = "agent";
pub const SYSTEM: &str = "system";
pub const AUTHORS: &[&str] = &[CUSTOMER, AGENT, SYSTEM];
pub const QUEUED: &str = "queued";
pub const DELIVERIES: &[&str] = &[QUEUED, "sent", "failed"];

/// What was said about a case.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = case_messages, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-aaaa-7000-8000-000000000002", "case_id": "0192f0c1-aaaa-7000-8000-000000000001",
    "visibility": "public", "author_kind": "agent", "author_id": "0192f0c1-0000-7000-8000-000000000001",
    "contact_id": null, "channel": "email", "subject": null, "body": "您好，换货已经安排。", "html": null,
    "from_name": null, "from_address": null, "recipients": ["wang.wei@example.cn"], "cc": [], "file_ids": [],
    "external_message_id": null, "in_reply_to": "b54557e4@example.cn", "email_message_id": null, "inbox_id": null,
    "delivery": "sent", "delivered_at": "2026-11-27T08:12:03Z", "version": 2,
    "created_at": "2026-11-27T08:12:00Z", "updated_at": "2026-11-27T08:12:03Z"
}))]
pub struct CaseMessage {
    pub id: CaseMessageId,
    pub case_id: CaseId,
    /// `public`: the customer sees it, too; or `internal`
    #[schema(example = "public")]
    pub visibility: String,
    /// `customer`, `agent`, or `system`: nobody has written it
    #[schema(example = "agent")]
    pub author_kind: String,
    /// who of the business has written it, or has written it down
    pub author_id: Option<UserId>,
    /// the customer who has written it
    pub contact_id: Option<ContactId>,
    #[schema(example = "email")]
    pub channel: String,
    pub subject: Option<String>,
    pub body: String,
    /// without whatever runs, or is fetched when somebody looks
    pub html: Option<String>,
    pub from_name: Option<String>,
    pub from_address: Option<String>,
    /// to whom it went by mail
    pub recipients: Vec<String>,
    pub cc: Vec<String>,
    /// files of the case that belong to it
    pub file_ids: Vec<FileId>,
    /// what another system calls it: of a mail its `Message-ID`, without brackets
    pub external_message_id: Option<String>,
    /// what it answers, as that is called
    pub in_reply_to: Option<String>,
    /// the mail as which it came in
    pub email_message_id: Option<EmailMessageId>,
    /// by which it came in, or goes out
    pub inbox_id: Option<CaseInboxId>,
    /// of what goes out by mail: `queued`, `sent` or `failed`
    #[schema(example = "sent")]
    pub delivery: Option<String>,
    pub delivered_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "case_message",
    table: "case_messages",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("case_id", Holds::Id),
        Field::new("visibility", Holds::Choice(VISIBILITIES)),
        Field::new("author_kind", Holds::Choice(AUTHORS)),
        Field::new("author_id", Holds::Id).nullable(),
        Field::new("contact_id", Holds::Id).nullable(),
        Field::new("channel", Holds::Choice(CHANNELS)),
        Field::new("subject", Holds::Text).nullable(),
        Field::new("body", Holds::Text).unsortable(),
        Field::new("html", Holds::Text).nullable().unsortable().unfilterable(),
        Field::new("from_name", Holds::Text).nullable(),
        Field::new("from_address", Holds::Text).nullable(),
        Field::new("recipients", Holds::Tags),
        Field::new("cc", Holds::Tags),
        Field::new("file_ids", Holds::Tags).unfilterable(),
        Field::new("external_message_id", Holds::Text).nullable(),
        Field::new("in_reply_to", Holds::Text).nullable(),
        Field::new("email_message_id", Holds::Id).nullable(),
        Field::new("inbox_id", Holds::Id).nullable(),
        Field::new("delivery", Holds::Choice(DELIVERIES)).nullable(),
        Field::new("delivered_at", Holds::Instant).nullable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
    ],
    relations: &[
        Relation::one("case", "case", "case_id"),
        Relation::one("author", "user", "author_id"),
        Relation::one("contact", "contact", "contact_id"),
        Relation::one("email_message", "email_message", "email_message_id"),
        Relation::one("inbox", "case_inbox", "inbox_id"),
    ],
    custom: None,
    owned: Owned::Part { of: "case", column: "case_id" },
};

impl Noun for CaseMessage {
    const NAME: &'static str = "case_message";
}
impl Record for CaseMessage {
    type Id = CaseMessageId;
    fn id(&self) -> CaseMessageId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for case_messages::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}
