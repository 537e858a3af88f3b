//! What visitors read, who have not logged in: of a portal that is public, the articles that are public, and of these what
//! is published and has not run out. They learn nothing of who has written it, nor of anything else.
mod snippet;
mod store;

pub use store::{article, articles, categories, search};

use crate::kb::article::KbArticle;
use crate::kb::category::KbCategory;
use crate::kb::portal::KbPortal;
use chrono::{DateTime, Utc};
use kernel::{Action, Ctx, KbArticleId, Noun, Reach, TenantId, UserId};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// A visitor of a portal: reads it in the name of whoever has made it, whatever that one may do by now.
#[must_use]
pub fn visitor(tenant: TenantId, portal: &KbPortal, now: DateTime<Utc>) -> Ctx {
    let maker: UserId = portal.created_by;
    let mut ctx = Ctx::powerless(tenant, maker, now);
    let grants = Arc::make_mut(&mut ctx.grants);
    for noun in [KbPortal::NAME, KbCategory::NAME, KbArticle::NAME] {
        grants.allow(noun, Action::Read, Reach::All);
    }
    // what they say of an article is written with it
    grants.allow(KbArticle::NAME, Action::Update, Reach::All);
    ctx
}

/// A portal, as visitors see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "slug": "help", "name": "帮助中心", "description": null, "default_locale": "zh-Hans", "locales": ["zh-Hans", "en"]
}))]
pub struct OpenPortal {
    pub slug: String,
    pub name: String,
    pub description: Option<String>,
    pub default_locale: String,
    pub locales: Vec<String>,
}

impl From<KbPortal> for OpenPortal {
    fn from(portal: KbPortal) -> Self {
        let KbPortal { slug, name, description, default_locale, locales, .. } = portal;
        Self { slug, name, description, default_locale, locales }
    }
}

/// A category, as visitors see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"slug": "billing", "parent_slug": null, "name": "账单", "article_count": 12}))]
pub struct OpenCategory {
    pub slug: String,
    /// the one that it stands below
    pub parent_slug: Option<String>,
    /// in the language that was asked for, else in the portal's own
    pub name: String,
    /// how many articles stand in it, by that language
    pub article_count: i64,
}

/// What lists show of an article.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "slug": "refunds", "title": "如何申请退款", "summary": "30 天内均可申请。", "category_slug": "billing",
    "published_at": "2026-11-27T09:00:00Z"
}))]
pub struct OpenTitle {
    pub slug: String,
    pub title: String,
    pub summary: Option<String>,
    pub category_slug: Option<String>,
    pub published_at: Option<DateTime<Utc>>,
}

/// An article, as visitors read it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "slug": "refunds", "locale": "zh-Hans", "title": "如何申请退款", "summary": "30 天内均可申请。",
    "body_html": "<h1>退款</h1>", "category_slug": "billing", "category_name": "账单", "locales": ["en", "zh-Hans"],
    "published_at": "2026-11-27T09:00:00Z"
}))]
pub struct OpenArticle {
    pub slug: String,
    #[schema(example = "zh-Hans")]
    pub locale: String,
    pub title: String,
    pub summary: Option<String>,
    /// a page without anything that runs
    pub body_html: String,
    pub category_slug: Option<String>,
    pub category_name: Option<String>,
    /// the languages that it can be read in
    pub locales: Vec<String>,
    pub published_at: Option<DateTime<Utc>>,
    /// how it is counted
    #[serde(skip)]
    #[schema(ignore)]
    pub id: KbArticleId,
}

/// What a search has found.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "slug": "refunds", "title": "如何申请退款", "summary": "30 天内均可申请。", "category_slug": "billing",
    "snippet_html": "在订单页点击<mark>申请退款</mark>…"
}))]
pub struct OpenHit {
    pub slug: String,
    pub title: String,
    pub summary: Option<String>,
    pub category_slug: Option<String>,
    /// where it was found, with what was asked for between `<mark>` and `</mark>`; there is no other mark in it
    pub snippet_html: String,
}
