//! An e-mail message is what somebody has written to the business, or the business to them: it comes in whole, from a
//! connection or from somebody who puts it in, and what it says never changes.
//!
//! It is one by its Message-ID, however often it comes. It belongs to the contact and the account that its addresses name,
//! as whoever brings it in sees them, and to a conversation, by what it answers. What is long stands beside it
//! ([`EmailContent`]).
mod deeds;
mod page;
mod read;
mod store;
mod thread;

pub use crate::schema::email_messages::table as Table;
pub use deeds::{archive, create, plain, purge, raw, receive, restore, update};
pub use page::clean;
pub use read::{Mail, read};
pub use store::{content, find, list, many, of_record};

use crate::schema::{email_messages, email_participants};
use chrono::{DateTime, Utc};
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{AccountId, Code, ContactId, EmailMessageId, Kind, Noun, Record, TeamId, Tidy, UserId, patch};
use platform::filter::Listed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

pub const EMAIL_MESSAGE_KNOWN: Code =
    Code::new("email_message_known", Kind::Conflict, "This e-mail is here already: `existing` says which.");
pub const CODES: &[Code] = &[EMAIL_MESSAGE_KNOWN];

/// A mail.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = email_messages, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-9999-7000-8000-00000000000c", "owner_id": "0192f0c1-0000-7000-8000-000000000001", "team_id": null,
    "contact_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6", "account_id": null,
    "thread_id": "0192f0c1-9999-7000-8000-00000000000c", "message_key": "b54557e4@example.cn", "subject": "询价",
    "from_name": "王伟", "from_address": "wang.wei@example.cn", "preview": "您好，请问……",
    "sent_at": "2026-11-26T08:00:00Z", "received_at": "2026-11-26T08:00:02Z", "size": 2381, "attachment_count": 1,
    "version": 1, "created_at": "2026-11-26T08:00:02Z", "updated_at": "2026-11-26T08:00:02Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct EmailMessage {
    pub id: EmailMessageId,
    /// the owner of the contact, where there is one
    pub owner_id: UserId,
    pub team_id: Option<TeamId>,
    /// the sender, or else the first recipient who is known
    pub contact_id: Option<ContactId>,
    pub account_id: Option<AccountId>,
    /// the same for all of a conversation: the id of its first message here
    pub thread_id: EmailMessageId,
    /// its `Message-ID`, without brackets
    pub message_key: String,
    pub subject: Option<String>,
    pub from_name: Option<String>,
    /// in lower case
    pub from_address: Option<String>,
    /// how it begins
    pub preview: Option<String>,
    /// as its sender says
    pub sent_at: Option<DateTime<Utc>>,
    pub received_at: DateTime<Utc>,
    /// in bytes, with all that came along
    pub size: i64,
    pub attachment_count: i32,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived
    pub deleted_at: Option<DateTime<Utc>>,
}

/// What a mail says.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "participants": [{"kind": "to", "name": "Sales", "address": "sales@example.com"}],
    "text": "您好，请问……", "html": "<p>您好，请问……</p>",
    "attachments": [{"name": "清单.pdf", "media_type": "application/pdf", "size": 48213}]
}))]
pub struct EmailContent {
    /// whom it went to
    pub participants: Vec<Participant>,
    pub text: Option<String>,
    /// without whatever runs, or is fetched when somebody looks
    pub html: Option<String>,
    /// what came along; the files themselves are not kept
    pub attachments: Vec<Attachment>,
}

/// Somebody whom a mail went to.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Insertable, Serialize, ToSchema)]
#[diesel(table_name = email_participants, check_for_backend(diesel::pg::Pg))]
#[schema(as = EmailParticipant)]
pub struct Participant {
    /// `to`, `cc`, `bcc` or `reply_to`
    #[schema(example = "to")]
    pub kind: String,
    pub name: Option<String>,
    #[schema(example = "sales@example.com")]
    pub address: Option<String>,
}

/// A file that came along with a mail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = EmailAttachment)]
pub struct Attachment {
    #[schema(example = "offer.pdf")]
    pub name: Option<String>,
    #[schema(example = "application/pdf")]
    pub media_type: Option<String>,
    /// in bytes
    pub size: i64,
}

/// A mail that somebody puts in.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "mime": "RnJvbTogQWRhIDxhZGFAZXhhbXBsZS5jb20+DQpUbzogc2FsZXNAZXhhbXBsZS5jb20NClN1YmplY3Q6IEhlbGxvDQoNCkhlbGxvIQ0K"
}))]
pub struct NewEmailMessage {
    /// all of it, as it was sent (RFC 5322), in base64
    #[validate(length(min = 1, max = 8_000_000))]
    #[schema(min_length = 1, max_length = 8_000_000, format = "byte")]
    pub mime: String,
    /// the owner of the contact, unless said otherwise
    pub owner_id: Option<UserId>,
    /// whom the addresses name, unless said otherwise
    pub contact_id: Option<ContactId>,
    pub account_id: Option<AccountId>,
}

/// A merge patch of whose a mail is: what it says does not change.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = email_messages)]
#[schema(example = json!({"contact_id": null}))]
pub struct EmailMessagePatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = UserId, required = false)]
    pub owner_id: Option<UserId>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<TeamId>)]
    pub team_id: Option<Option<TeamId>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<ContactId>)]
    pub contact_id: Option<Option<ContactId>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<AccountId>)]
    pub account_id: Option<Option<AccountId>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "email_message",
    table: "email_messages",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("owner_id", Holds::Id),
        Field::new("team_id", Holds::Id).nullable(),
        Field::new("contact_id", Holds::Id).nullable(),
        Field::new("account_id", Holds::Id).nullable(),
        Field::new("thread_id", Holds::Id),
        Field::new("message_key", Holds::Text).searched(Searched::Whole),
        Field::new("subject", Holds::Text).nullable().searched(Searched::Text),
        Field::new("from_name", Holds::Text).nullable().searched(Searched::Name),
        Field::new("from_address", Holds::Text).nullable().searched(Searched::Whole),
        Field::new("preview", Holds::Text).nullable().unsortable().searched(Searched::Text),
        Field::new("sent_at", Holds::Instant).nullable(),
        Field::new("received_at", Holds::Instant),
        Field::new("size", Holds::Int),
        Field::new("attachment_count", Holds::Int),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[
        Relation::one("contact", "contact", "contact_id"),
        Relation::one("account", "account", "account_id"),
        Relation::one("owner", "user", "owner_id"),
        Relation::one("team", "team", "team_id"),
    ],
    custom: None,
    owned: Owned::Rows { owner: "owner_id", team: "team_id" },
};

impl Noun for EmailMessage {
    const NAME: &'static str = "email_message";
}
impl Record for EmailMessage {
    type Id = EmailMessageId;
    fn id(&self) -> EmailMessageId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for email_messages::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}
impl Tidy for NewEmailMessage {}
impl Tidy for EmailMessagePatch {}
