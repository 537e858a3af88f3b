//! A consent is a word that somebody has given, refused or taken back: for what it is asked (the purpose), by which way
//! they may be reached (the channel), on what ground, and what shows it. The ledger only grows: no row changes or goes but
//! with its contact; an erasure empties what is personal and leaves that there was a word.
//!
//! What holds of it now is reckoned from the ledger by one rule ([`effective`]) in the transaction that writes into it, so
//! that the order in which words arrive makes no difference.
mod deeds;
pub mod effective;
pub mod import;
mod store;

pub use crate::schema::consents::table as Table;
pub use deeds::{effective_of, effective_of_all, find, of_contact, record};
pub(crate) use deeds::{is_purpose, pending, reckon, refused, write};
pub use store::{list, page_of};

use crate::choices::one_of;
use crate::schema::consents;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::{Code, ConsentId, ContactId, Kind, Noun, Record, Tidy, UserId, rule, tidy};
use platform::filter::Listed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

pub const STANDS: Code = Code::new(
    "consent_stands",
    Kind::Conflict,
    "What somebody has said stands as it was written down: a further word says what holds from then on.",
);
pub const CODES: &[Code] = &[STANDS];

/// The way that stands for all others.
pub const ANY: &str = "any";
pub const CHANNELS: &[&str] = &[ANY, "email", "phone", "sms", "wechat", "post", "push"];
pub const STATUSES: &[&str] = &["pending", "granted", "denied", "withdrawn", "expired"];
pub const BASES: &[&str] =
    &["consent", "contract", "legal_obligation", "vital_interest", "public_task", "legitimate_interest"];

/// The option set of a tenant that says which purposes there are, and what they are called in each language.
pub const PURPOSES: &str = "consent_purposes";

platform::jsonb!(Proof(Evidence), "What shows a consent, as a column keeps it.");

/// A word about what somebody agrees to.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = consents, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-aaaa-7000-8000-00000000000a", "contact_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6",
    "purpose": "newsletter", "channel": "email", "status": "granted", "lawful_basis": "consent", "source": "form",
    "evidence": {"text": "我同意接收新闻邮件。", "language": "zh-Hans", "version": "3", "address": "203.0.113.9"},
    "occurred_at": "2026-11-26T08:00:00Z", "expires_at": null, "version": 1, "created_at": "2026-11-26T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001"
}))]
pub struct Consent {
    pub id: ConsentId,
    pub contact_id: ContactId,
    /// for what: a key, of the option set `consent_purposes` where there is one
    pub purpose: String,
    /// by which way; `any` stands for all of them
    pub channel: String,
    pub status: String,
    pub lawful_basis: String,
    /// where it was said
    pub source: Option<String>,
    /// what shows it
    #[schema(value_type = Evidence)]
    pub evidence: Proof,
    /// when it was said
    pub occurred_at: DateTime<Utc>,
    /// until when it holds
    pub expires_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub created_by: UserId,
}

/// What shows that it was said, and what had been asked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = ConsentEvidence, example = json!({
    "text": "I agree to receive the newsletter.", "language": "en", "version": "3", "address": "203.0.113.9",
    "user_agent": "Mozilla/5.0", "url": "https://www.example.com/news"
}))]
pub struct Evidence {
    /// what was shown, word for word
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 5000))]
    #[schema(max_length = 5000, required = false)]
    pub text: Option<String>,
    /// in which language it was shown
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 35))]
    #[schema(max_length = 35, required = false)]
    pub language: Option<String>,
    /// which version of the text it was
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 50))]
    #[schema(max_length = 50, required = false)]
    pub version: Option<String>,
    /// the address that it came from
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 64))]
    #[schema(max_length = 64, required = false)]
    pub address: Option<String>,
    /// the program that it came by
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 500))]
    #[schema(max_length = 500, required = false)]
    pub user_agent: Option<String>,
    /// the page that it was said on
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 2000))]
    #[schema(max_length = 2000, required = false)]
    pub url: Option<String>,
    /// the form and the submission that brought it
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 36))]
    #[schema(max_length = 36, required = false)]
    pub form_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 36))]
    #[schema(max_length = 36, required = false)]
    pub form_submission_id: Option<String>,
}

/// A word to be written down.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "ends_after_start"))]
#[schema(example = json!({
    "contact_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6", "purpose": "newsletter", "channel": "email",
    "status": "granted", "source": "phone", "evidence": {"text": "May we send you our newsletter?", "language": "en"}
}))]
pub struct NewConsent {
    pub contact_id: ContactId,
    #[validate(custom(function = "is_key"))]
    #[schema(pattern = "^[a-z][a-z0-9_]{0,39}$", max_length = 40, example = "newsletter")]
    pub purpose: String,
    #[validate(custom(function = "is_channel"))]
    #[schema(example = "email")]
    pub channel: String,
    #[validate(custom(function = "is_status"))]
    #[schema(example = "granted")]
    pub status: String,
    /// `consent`, unless said otherwise
    #[serde(default = "consent")]
    #[validate(custom(function = "is_basis"))]
    #[schema(default = "consent", required = false)]
    pub lawful_basis: String,
    #[validate(length(max = 100))]
    #[schema(max_length = 100)]
    pub source: Option<String>,
    #[serde(default)]
    #[validate(nested)]
    #[schema(required = false)]
    pub evidence: Evidence,
    /// now, unless said otherwise; an older word does not overturn a newer one
    pub occurred_at: Option<DateTime<Utc>>,
    pub expires_at: Option<DateTime<Utc>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "consent",
    table: "consents",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("contact_id", Holds::Id),
        Field::new("purpose", Holds::Text),
        Field::new("channel", Holds::Choice(CHANNELS)),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("lawful_basis", Holds::Choice(BASES)),
        Field::new("source", Holds::Text).nullable(),
        Field::new("evidence", Holds::Text).unfilterable().unsortable(),
        Field::new("occurred_at", Holds::Instant),
        Field::new("expires_at", Holds::Instant).nullable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
    ],
    relations: &[Relation::one("contact", "contact", "contact_id")],
    custom: None,
    owned: Owned::Part { of: "contact", column: "contact_id" },
};

impl Noun for Consent {
    const NAME: &'static str = "consent";
}
impl Record for Consent {
    type Id = ConsentId;
    fn id(&self) -> ConsentId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for consents::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}
impl Tidy for NewConsent {
    fn tidy(&mut self) {
        tidy::trim(&mut self.purpose);
        self.source.iter_mut().for_each(tidy::trim);
    }
}

fn consent() -> String {
    "consent".to_owned()
}

/// The rule `key`: as options are called.
pub(crate) fn is_key(text: &str) -> Result<(), ValidationError> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let good = text.len() <= 40 && text.starts_with(|first: char| first.is_ascii_lowercase());
    if good && text.bytes().all(plain) {
        return Ok(());
    }
    Err(rule!("key", "begins with a small letter and holds small letters, digits and _, 40 at most"))
}
pub(crate) fn is_channel(text: &str) -> Result<(), ValidationError> {
    one_of(text, CHANNELS)
}
fn is_status(text: &str) -> Result<(), ValidationError> {
    one_of(text, STATUSES)
}
pub(crate) fn is_basis(text: &str) -> Result<(), ValidationError> {
    one_of(text, BASES)
}
fn ends_after_start(new: &NewConsent) -> Result<(), ValidationError> {
    match (new.occurred_at, new.expires_at) {
        (Some(start), Some(end)) if end <= start => Err(rule!("order", "ends before it starts")),
        _ => Ok(()),
    }
}
