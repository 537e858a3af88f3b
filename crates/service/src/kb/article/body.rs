//! What is sent to make an article, and to change it.
use crate::kb::schema::kb_articles;
use crate::locale::{is_locale, is_slug};
use diesel::prelude::{AsChangeset, Insertable};
use kernel::{CaseId, KbArticleId, KbCategoryId, KbPortalId, Tidy, patch, tidy};
use platform::custom::{Custom, CustomPatch};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// What a new article is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = kb_articles, treat_none_as_default_value = false)]
#[schema(example = json!({
    "portal_id": "0192f0c1-8b8b-7000-8000-000000000001", "slug": "refunds", "title": "如何申请退款",
    "summary": "30 天内均可申请。", "body": "# 退款\n\n在订单页点击 **申请退款**。"
}))]
pub struct NewKbArticle {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<KbArticleId>,
    /// it stays
    pub portal_id: KbPortalId,
    /// a category of the same portal
    pub category_id: Option<KbCategoryId>,
    #[validate(length(min = 1, max = 100), custom(function = "is_slug"))]
    #[schema(min_length = 1, max_length = 100, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$")]
    pub slug: String,
    /// of its first version, too
    #[validate(length(min = 1, max = 300), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 300)]
    pub title: String,
    #[serde(default = "yes")]
    #[schema(default = true, required = false)]
    pub is_public: bool,
    #[serde(default)]
    #[validate(range(min = 0, max = 100000))]
    #[schema(required = false, minimum = 0, maximum = 100_000)]
    pub position: i32,
    /// the case whose answer it is made of
    #[serde(skip)]
    #[schema(ignore)]
    pub case_id: Option<CaseId>,
    /// of its first version: the default one of the portal, unless said otherwise
    #[diesel(skip_insertion)]
    #[validate(length(min = 2, max = 35), custom(function = "is_locale"))]
    #[schema(min_length = 2, max_length = 35, example = "zh-Hans")]
    pub locale: Option<String>,
    /// of its first version
    #[diesel(skip_insertion)]
    #[validate(length(max = 1000))]
    #[schema(max_length = 1000)]
    pub summary: Option<String>,
    /// of its first version, in Markdown; it has none, where this is absent
    #[diesel(skip_insertion)]
    #[validate(length(min = 1, max = 100000))]
    #[schema(min_length = 1, max_length = 100_000)]
    pub body: Option<String>,
    /// fields of the tenant's own
    #[serde(default)]
    #[schema(required = false)]
    pub custom: Custom,
}

/// A merge patch: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = kb_articles)]
#[schema(example = json!({"is_public": false, "position": 3}))]
pub struct KbArticlePatch {
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<KbCategoryId>)]
    pub category_id: Option<Option<KbCategoryId>>,
    /// links to the old address lead nowhere
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 100), custom(function = "is_slug"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$")]
    pub slug: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 300), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 300)]
    pub title: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_public: Option<bool>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(range(min = 0, max = 100000))]
    #[schema(value_type = i32, required = false, minimum = 0, maximum = 100_000)]
    pub position: Option<i32>,
    /// fields of the tenant's own: what is absent stays, what is null is cleared
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = Custom, required = false)]
    pub custom: Option<CustomPatch>,
}

impl Tidy for NewKbArticle {
    fn tidy(&mut self) {
        tidy::trim(&mut self.title);
        tidy::trim(&mut self.slug);
    }
}
impl Tidy for KbArticlePatch {
    fn tidy(&mut self) {
        self.title.iter_mut().for_each(tidy::trim);
        self.slug.iter_mut().for_each(tidy::trim);
    }
}

fn yes() -> bool {
    true
}
