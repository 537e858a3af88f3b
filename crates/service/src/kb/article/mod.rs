//! An article says one thing that the business knows. What it says stands in its versions ([`crate::kb::version`]); the
//! article itself says where it stands, under which address, and in which languages it is published. Whatever changes of
//! its versions is a change of the article.
mod body;
mod deeds;
mod from_case;
mod store;

pub use crate::kb::schema::kb_articles::table as Table;
pub use body::{KbArticlePatch, NewKbArticle};
pub use deeds::{archive, create, purge, restore, update};
pub(crate) use deeds::{changeable, moved};
pub use from_case::{KbCaseArticle, from_case};
pub use store::{find, list, many};

use crate::kb::schema::kb_articles;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{CaseId, Code, KbArticleId, KbCategoryId, KbPortalId, Kind, Noun, Record, UserId};
use platform::custom::Custom;
use platform::filter::Listed;
use serde::Serialize;
use utoipa::ToSchema;

pub const SLUG_TAKEN: Code = Code::new(
    "kb_article_slug_taken",
    Kind::Conflict,
    "Another article of the portal has this address: `existing` says which.",
);
pub const CODES: &[Code] = &[SLUG_TAKEN, from_case::UNANSWERED];

/// What the business knows of one thing.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = kb_articles, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-8b8b-7000-8000-000000000003", "portal_id": "0192f0c1-8b8b-7000-8000-000000000001",
    "category_id": "0192f0c1-8b8b-7000-8000-000000000002", "slug": "refunds", "title": "如何申请退款", "is_public": true,
    "position": 0, "published_locales": ["zh-Hans"], "published_at": "2026-11-27T09:00:00Z", "version_count": 2,
    "case_id": null, "custom": {}, "version": 4,
    "created_at": "2026-11-27T08:00:00Z", "updated_at": "2026-11-27T09:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct KbArticle {
    pub id: KbArticleId,
    pub portal_id: KbPortalId,
    pub category_id: Option<KbCategoryId>,
    /// the address in its portal
    #[schema(example = "refunds")]
    pub slug: String,
    /// what it is called among those who write it; visitors read the titles of its versions
    pub title: String,
    /// whether visitors read it, where its portal is public
    pub is_public: bool,
    /// the least comes first
    pub position: i32,
    /// the languages in which it is published now
    pub published_locales: Vec<String>,
    /// when last a version of it was published
    pub published_at: Option<DateTime<Utc>>,
    /// how many versions there have been
    pub version_count: i32,
    /// the case whose answer it was made of
    pub case_id: Option<CaseId>,
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

/// What its versions have made of it.
pub(crate) struct Standing {
    pub published_locales: Vec<String>,
    /// where one was published just now
    pub published_at: Option<DateTime<Utc>>,
    pub version_count: i32,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "kb_article",
    table: "kb_articles",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("portal_id", Holds::Id),
        Field::new("category_id", Holds::Id).nullable(),
        Field::new("slug", Holds::Text).searched(Searched::Text),
        Field::new("title", Holds::Text).searched(Searched::Name),
        Field::new("is_public", Holds::Bool),
        Field::new("position", Holds::Int),
        Field::new("published_locales", Holds::Tags),
        Field::new("published_at", Holds::Instant).nullable(),
        Field::new("version_count", Holds::Int),
        Field::new("case_id", Holds::Id).nullable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[
        Relation::one("portal", "kb_portal", "portal_id"),
        Relation::one("category", "kb_category", "category_id"),
        Relation::one("case", "case", "case_id"),
        Relation::many("versions", "kb_article_version", "article_id"),
        Relation::many("feedback", "kb_feedback", "article_id"),
    ],
    custom: Some("custom"),
    owned: Owned::Shared,
};

impl Noun for KbArticle {
    const NAME: &'static str = "kb_article";
}
impl Record for KbArticle {
    type Id = KbArticleId;
    fn id(&self) -> KbArticleId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for kb_articles::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}
