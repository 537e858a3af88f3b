//! A version is what an article says in one language: a draft that is put forward, let through by those who may approve,
//! read by visitors from its moment until its end, and kept when the next one has taken its place. What was let through is
//! changed no more: whoever wants other words makes another draft, of what there is or of what there was.
//!
//! A version is part of its article: whatever changes here is a change of the article, with its version, event and audit
//! row. Whoever changes one holds the article.
mod body;
mod deeds;
mod moving;
mod store;

pub use crate::kb::schema::kb_article_versions::table as Table;
pub use body::{KbArticleVersionPatch, KbRejection, NewKbArticleVersion};
pub use deeds::{add, find, redraft, remove, update};
pub use moving::{archive, publish, reject, submit, watch};
pub use store::{list, of_all};

use crate::kb::schema::kb_article_versions;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::{Code, KbArticleId, KbArticleVersionId, Kind, Noun, Record, UserId};
use platform::filter::Listed;
use serde::Serialize;
use utoipa::ToSchema;

pub const DRAFT: &str = "draft";
pub const IN_REVIEW: &str = "in_review";
pub const PUBLISHED: &str = "published";
pub const ARCHIVED: &str = "archived";
pub const STATUSES: &[&str] = &[DRAFT, IN_REVIEW, PUBLISHED, ARCHIVED];

pub const FIXED: Code = Code::new(
    "kb_article_version_fixed",
    Kind::Conflict,
    "The version is no draft any more: reject it, or make another draft of it.",
);
pub const TRANSITION_REFUSED: Code = Code::new(
    "kb_article_version_transition_refused",
    Kind::Conflict,
    "The version is in a status that does not lead there.",
);
pub const CODES: &[Code] = &[FIXED, TRANSITION_REFUSED];

/// What an article says in one language.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = kb_article_versions, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-8b8b-7000-8000-000000000004", "article_id": "0192f0c1-8b8b-7000-8000-000000000003", "number": 2,
    "locale": "zh-Hans", "title": "如何申请退款", "summary": "30 天内均可申请。", "body": "# 退款", "body_html": "<h1>退款</h1>",
    "status": "published", "publish_at": null, "expires_at": null,
    "submitted_by": "0192f0c1-0000-7000-8000-000000000001", "submitted_at": "2026-11-27T08:30:00Z",
    "approved_by": "0192f0c1-0000-7000-8000-000000000002", "approved_at": "2026-11-27T09:00:00Z",
    "rejection_reason": null, "published_at": "2026-11-27T09:00:00Z", "archived_at": null, "version": 3,
    "created_at": "2026-11-27T08:00:00Z", "updated_at": "2026-11-27T09:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000002"
}))]
pub struct KbArticleVersion {
    pub id: KbArticleVersionId,
    pub article_id: KbArticleId,
    /// which of the article it is, in all languages
    pub number: i32,
    #[schema(example = "zh-Hans")]
    pub locale: String,
    pub title: String,
    pub summary: Option<String>,
    /// in Markdown
    pub body: String,
    /// the page that is made of it, without anything that runs
    pub body_html: String,
    #[schema(example = "published")]
    pub status: String,
    /// from when on it is to be read; it waits in review until then
    pub publish_at: Option<DateTime<Utc>>,
    /// until when it is to be read
    pub expires_at: Option<DateTime<Utc>>,
    pub submitted_by: Option<UserId>,
    pub submitted_at: Option<DateTime<Utc>>,
    /// who has let it through
    pub approved_by: Option<UserId>,
    pub approved_at: Option<DateTime<Utc>>,
    /// why it is a draft again
    pub rejection_reason: Option<String>,
    pub published_at: Option<DateTime<Utc>>,
    /// since when another one is read in its place, or none
    pub archived_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "kb_article_version",
    table: "kb_article_versions",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("article_id", Holds::Id),
        Field::new("number", Holds::Int),
        Field::new("locale", Holds::Text),
        Field::new("title", Holds::Text),
        Field::new("summary", Holds::Text).nullable().unsortable(),
        Field::new("body", Holds::Text).unsortable(),
        Field::new("body_html", Holds::Text).unfilterable().unsortable(),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("publish_at", Holds::Instant).nullable(),
        Field::new("expires_at", Holds::Instant).nullable(),
        Field::new("submitted_by", Holds::Id).nullable(),
        Field::new("submitted_at", Holds::Instant).nullable(),
        Field::new("approved_by", Holds::Id).nullable(),
        Field::new("approved_at", Holds::Instant).nullable(),
        Field::new("rejection_reason", Holds::Text).nullable().unsortable(),
        Field::new("published_at", Holds::Instant).nullable(),
        Field::new("archived_at", Holds::Instant).nullable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
    ],
    relations: &[Relation::one("article", "kb_article", "article_id")],
    custom: None,
    owned: Owned::Part { of: "kb_article", column: "article_id" },
};

impl Noun for KbArticleVersion {
    const NAME: &'static str = "kb_article_version";
}
impl Record for KbArticleVersion {
    type Id = KbArticleVersionId;
    fn id(&self) -> KbArticleVersionId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for kb_article_versions::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}
