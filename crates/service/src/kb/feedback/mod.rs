//! Whether an article has helped, and what a visitor says of it. Each visitor says so once of an article, and may think
//! better of it: the last word counts. Who they are is not known: what their program calls them is kept as a hash.
mod store;

pub use crate::kb::schema::kb_feedback::table as Table;
pub use store::{find, list, of_all, say};

use crate::kb::schema::kb_feedback;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::{KbArticleId, KbFeedbackId, Noun, Record, Tidy};
use platform::filter::Listed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// What a visitor has said of an article.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = kb_feedback, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-8b8b-7000-8000-000000000005", "article_id": "0192f0c1-8b8b-7000-8000-000000000003",
    "locale": "zh-Hans", "is_helpful": false, "comment": "找不到申请退款的按钮", "version": 1,
    "created_at": "2026-11-27T10:00:00Z", "updated_at": "2026-11-27T10:00:00Z"
}))]
pub struct KbFeedback {
    pub id: KbFeedbackId,
    pub article_id: KbArticleId,
    /// the language in which they have read it
    #[schema(example = "zh-Hans")]
    pub locale: String,
    pub is_helpful: bool,
    pub comment: Option<String>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// Whether an article has helped.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"is_helpful": false, "comment": "找不到申请退款的按钮", "visitor": "3f6c0a52-4c0b-4f1f-9a39-0d2a8a4b0f7e"}))]
pub struct KbVerdict {
    pub is_helpful: bool,
    #[validate(length(max = 2000))]
    #[schema(max_length = 2000)]
    pub comment: Option<String>,
    /// what the visitor's program calls them: drawn once, and kept there
    #[validate(length(min = 16, max = 200))]
    #[schema(min_length = 16, max_length = 200)]
    pub visitor: String,
}

impl Tidy for KbVerdict {}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "kb_feedback",
    table: "kb_feedback",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("article_id", Holds::Id),
        Field::new("locale", Holds::Text),
        Field::new("is_helpful", Holds::Bool),
        Field::new("comment", Holds::Text).nullable().unsortable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
    ],
    relations: &[Relation::one("article", "kb_article", "article_id")],
    custom: None,
    owned: Owned::Part { of: "kb_article", column: "article_id" },
};

impl Noun for KbFeedback {
    const NAME: &'static str = "kb_feedback";
}
impl Record for KbFeedback {
    type Id = KbFeedbackId;
    fn id(&self) -> KbFeedbackId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for kb_feedback::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}
