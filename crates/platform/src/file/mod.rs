//! A file that somebody has put here: what is known of it, while what it holds stands in the object store.
//!
//! Attached to a record it is there for exactly those who see the record, and changed by those who may change it; else it
//! is its maker's alone. It is announced first, with its size, then its content is put where a signed link says, and then
//! it is completed: only what was read again, and found to be what was announced, can be fetched. What it is called is
//! never part of where it stands; what it claims to be counts for nothing against what it is.
mod deeds;
mod kind;
pub mod link;
pub mod objects;
mod schema;
mod store;
pub mod whole;

pub use deeds::{
    archive, awaiting, bring, complete, create, fetched, find, forget, list, may_bring, purge, readable, received,
    restore, update,
};
pub use objects::{Examined, Objects, Settings};
pub use schema::files::table as Table;
pub use store::{Removal, lapse, put_off, removals, removed};

use crate::filter::Listed;
use chrono::{DateTime, Utc};
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{Code, FileId, Kind, Noun, Record, Tidy, UserId, patch, rule, tidy};
use schema::files;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

pub const NOT_READY: Code = Code::new(
    "file_not_ready",
    Kind::Conflict,
    "The file has no content: nothing was put there yet, it was not completed, or it was not what had been announced.",
);
pub const NOT_PENDING: Code = Code::new(
    "file_not_pending",
    Kind::Conflict,
    "The content of the file stands already, or failed: begin a new one.",
);
pub const NOT_UPLOADED: Code =
    Code::new("file_not_uploaded", Kind::Conflict, "Nothing has been put where the upload link says.");
pub const DIFFERS: Code =
    Code::new("file_differs", Kind::Invalid, "What was sent is not as long as the file was announced to be.");
pub const QUOTA: Code =
    Code::new("file_quota_exceeded", Kind::Conflict, "The files of the tenant would take more room than they may.");
pub const REPLACED: Code = Code::new(
    "file_replaced",
    Kind::Conflict,
    "What stands in the store is another content than the one that was examined: it is not handed out.",
);
pub const CODES: &[Code] = &[NOT_READY, NOT_PENDING, NOT_UPLOADED, DIFFERS, QUOTA, REPLACED, link::INVALID];

pub const PENDING: &str = "pending";
pub const READY: &str = "ready";
pub const FAILED: &str = "failed";
pub const STATUSES: &[&str] = &[PENDING, READY, FAILED];
/// What was put there was not what had been announced.
pub const FAILURES: &[&str] = &["size", "checksum"];

/// What a file holds, as the store knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    pub id: Uuid,
    /// which content was examined, where the store tells one from another
    pub etag: Option<String>,
}

/// A file.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = files, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-9999-7000-8000-000000000001", "resource": "contact",
    "record_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6", "name": "Angebot 2026.pdf",
    "content_type": "application/pdf", "size": 48211,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "status": "ready", "failure": null,
    "version": 2, "created_at": "2026-11-26T08:00:00Z", "updated_at": "2026-11-26T08:00:02Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct File {
    pub id: FileId,
    /// of which noun the record is that it is attached to
    pub resource: Option<String>,
    /// which record; null where it is its maker's alone
    pub record_id: Option<Uuid>,
    pub name: String,
    /// what it is, whatever it was declared to be
    pub content_type: String,
    /// in bytes
    pub size: i64,
    /// of its content, in hexadecimal; as it was announced, until it is ready
    pub sha256: Option<String>,
    #[schema(example = "ready")]
    pub status: String,
    /// what was not as announced: `size` or `checksum`
    pub failure: Option<String>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    pub deleted_at: Option<DateTime<Utc>>,
}

/// A file that is to come.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = files, treat_none_as_default_value = false)]
#[validate(schema(function = "is_attached"))]
#[schema(example = json!({
    "resource": "contact", "record_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6", "name": "Angebot 2026.pdf",
    "content_type": "application/pdf", "size": 48211
}))]
pub struct NewFile {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<FileId>,
    /// of which noun the record is that it is attached to: `account`, `contact`, `product`, `order` …
    #[validate(length(max = 50))]
    #[schema(max_length = 50)]
    pub resource: Option<String>,
    /// which record; without one, the file is the caller's alone
    pub record_id: Option<Uuid>,
    /// what it is called; folders before it are left off
    #[validate(length(max = 255), custom(function = "is_name"))]
    #[schema(max_length = 255)]
    pub name: String,
    /// what the client holds it for
    #[diesel(skip_insertion)]
    #[validate(length(max = 127), custom(function = "is_content_type"))]
    #[schema(max_length = 127)]
    pub content_type: Option<String>,
    /// in bytes, as it will be put there
    #[validate(range(min = 0))]
    #[schema(minimum = 0)]
    pub size: i64,
    /// of its content, in hexadecimal: then it is held against that
    #[validate(custom(function = "is_sha256"))]
    #[schema(min_length = 64, max_length = 64)]
    pub sha256: Option<String>,
}

/// A merge patch: what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = files)]
#[schema(example = json!({"name": "Angebot 2026 (2).pdf"}))]
pub struct FilePatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 255), custom(function = "is_name"))]
    #[schema(value_type = String, required = false, max_length = 255)]
    pub name: Option<String>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "file",
    table: "files",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("resource", Holds::Text).nullable(),
        Field::new("record_id", Holds::Id).nullable(),
        Field::new("name", Holds::Text).searched(Searched::Text),
        Field::new("content_type", Holds::Text),
        Field::new("size", Holds::Int),
        Field::new("sha256", Holds::Text).nullable(),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("failure", Holds::Choice(FAILURES)).nullable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[Relation::one("creator", "user", "created_by")],
    custom: None,
    // who sees which is asked of the record that it is attached to, by its deeds
    owned: Owned::Shared,
};

impl Noun for File {
    const NAME: &'static str = "file";
}
impl Record for File {
    type Id = FileId;
    fn id(&self) -> FileId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for files::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}

impl Tidy for NewFile {
    fn tidy(&mut self) {
        plain_name(&mut self.name);
        self.content_type.iter_mut().for_each(tidy::email);
        self.sha256.iter_mut().for_each(tidy::email);
    }
}
impl Tidy for FilePatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(plain_name);
    }
}

/// Without folders before it, and without what does not show or shows the rest otherwise than it stands.
fn plain_name(name: &mut String) {
    let turns = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{61c}' | '\u{feff}');
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown: String = last.chars().filter(|c| !c.is_control() && !turns(*c)).collect();
    shown.trim().clone_into(name);
}

fn is_name(name: &str) -> Result<(), ValidationError> {
    tidy::is_filled(name)?;
    match [".", ".."].contains(&name) {
        true => Err(rule!("name", "is no name of a file")),
        false => Ok(()),
    }
}

fn is_content_type(text: &str) -> Result<(), ValidationError> {
    let is_token =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&b));
    match text.split_once('/') {
        Some((kind, sub)) if is_token(kind) && is_token(sub) => Ok(()),
        _ => Err(rule!("content_type", "is no media type, such as application/pdf")),
    }
}

fn is_sha256(text: &str) -> Result<(), ValidationError> {
    match text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        true => Ok(()),
        false => Err(rule!("sha256", "is no SHA-256 in hexadecimal")),
    }
}

fn is_attached(new: &NewFile) -> Result<(), ValidationError> {
    match new.resource.is_some() == new.record_id.is_some() {
        true => Ok(()),
        false => {
            let mut rule = rule!("both", "resource and record_id stand together or not at all");
            rule.add_param("member".into(), &"record_id");
            Err(rule)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{is_name, plain_name};

    #[test]
    fn a_name_is_what_it_shows() {
        for (given, kept) in [
            ("../../etc/passwd", Some("passwd")),
            ("C:\\Users\\ada\\offer.pdf", Some("offer.pdf")),
            ("invoice\u{202e}fdp.exe", Some("invoicefdp.exe")),
            (" 报价 2026.pdf ", Some("报价 2026.pdf")),
            ("a\r\nb\0.txt", Some("ab.txt")),
            ("/", None),
            ("..", None),
            ("\u{200b}", None),
        ] {
            let mut name = given.to_owned();
            plain_name(&mut name);
            assert_eq!(is_name(&name).is_ok().then_some(name.as_str()), kept, "{given:?}");
        }
    }
}
