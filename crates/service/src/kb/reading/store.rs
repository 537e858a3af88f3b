//! The queries of what visitors read. Each names the tenant of the portal that is open to them.
use super::snippet::snippet;
use super::{OpenArticle, OpenCategory, OpenHit, OpenTitle};
use crate::kb::category::{self, KbCategory};
use crate::kb::page;
use crate::kb::portal::KbPortal;
use crate::kb::schema::{kb_article_versions, kb_articles};
use crate::kb::version::PUBLISHED;
use chrono::{DateTime, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::Text;
use kernel::{Ctx, KbArticleId, KbCategoryId, KbPortalId, Result, TenantId, error};
use platform::Conn;
use platform::search::{Query, Tsvector, Words};
use std::collections::BTreeMap;

diesel::define_sql_function! { fn kb_finds(words: Tsvector, query: Text) -> Bool; }

/// How many are looked at before they are ranked.
const LOOKED_AT: i64 = 500;

#[diesel::dsl::auto_type]
fn open(ctx: &Ctx, portal: KbPortalId, locale: String) -> _ {
    let (tenant, now): (TenantId, DateTime<Utc>) = (ctx.tenant, ctx.now);
    let published: &'static str = PUBLISHED;
    let joined = kb_articles::tenant_id
        .eq(kb_article_versions::tenant_id)
        .and(kb_articles::id.eq(kb_article_versions::article_id));
    kb_article_versions::table
        .inner_join(kb_articles::table.on(joined))
        .filter(kb_article_versions::tenant_id.eq(tenant))
        .filter(kb_articles::portal_id.eq(portal))
        .filter(kb_articles::is_public)
        .filter(kb_articles::deleted_at.is_null())
        .filter(kb_article_versions::locale.eq(locale))
        .filter(kb_article_versions::status.eq(published))
        .filter(kb_article_versions::expires_at.is_null().or(kb_article_versions::expires_at.gt(now)))
}

/// The categories of a portal, in their order, with what can be read in them.
pub fn categories(conn: &mut Conn, ctx: &Ctx, portal: &KbPortal, locale: &str) -> Result<Vec<OpenCategory>> {
    let counts: Vec<(Option<KbCategoryId>, i64)> = open(ctx, portal.id, locale.to_owned())
        .group_by(kb_articles::category_id)
        .select((kb_articles::category_id, count_star()))
        .load(conn)?;
    let counts: BTreeMap<Option<KbCategoryId>, i64> = counts.into_iter().collect();
    let all = category::of_portal(conn, ctx, portal.id)?;
    let slug = |id: KbCategoryId| all.iter().find(|one| one.id == id).map(|one| one.slug.clone());
    let shown = |one: &KbCategory| OpenCategory {
        slug: one.slug.clone(),
        parent_slug: one.parent_id.and_then(slug),
        name: called(one, locale),
        article_count: counts.get(&Some(one.id)).copied().unwrap_or_default(),
    };
    Ok(all.iter().map(shown).collect())
}

/// What lists show of an article, with where it stands in them.
type Row = (KbArticleId, i32, String, String, Option<String>, Option<KbCategoryId>, Option<DateTime<Utc>>);

/// The articles of a portal or of a category behind a place, in their order; one more than `most`, where there is more.
pub fn articles(
    conn: &mut Conn,
    ctx: &Ctx,
    (portal, locale): (&KbPortal, &str),
    of: Option<&str>,
    after: Option<(i32, KbArticleId)>,
    most: i64,
) -> Result<Vec<(OpenTitle, (i32, KbArticleId))>> {
    let all = category::of_portal(conn, ctx, portal.id)?;
    let within: Option<Vec<KbCategoryId>> = match of {
        None => None,
        Some(slug) => Some(vec![all.iter().find(|one| one.slug == slug).ok_or(error::NOT_FOUND)?.id]),
    };
    let mut asked = open(ctx, portal.id, locale.to_owned()).into_boxed();
    if let Some(within) = within {
        asked = asked.filter(kb_articles::category_id.eq_any(within));
    }
    if let Some((position, id)) = after {
        let further = kb_articles::position.eq(position).and(kb_articles::id.gt(id));
        asked = asked.filter(kb_articles::position.gt(position).or(further));
    }
    let rows: Vec<Row> = asked
        .order((kb_articles::position, kb_articles::id))
        .limit(most.saturating_add(1))
        .select((
            kb_articles::id,
            kb_articles::position,
            kb_articles::slug,
            kb_article_versions::title,
            kb_article_versions::summary,
            kb_articles::category_id,
            kb_article_versions::published_at,
        ))
        .load(conn)?;
    let shown = |(id, position, slug, title, summary, category, published_at): Row| {
        let category_slug = standing(&all, category).map(|one| one.slug.clone());
        (OpenTitle { slug, title, summary, category_slug, published_at }, (position, id))
    };
    Ok(rows.into_iter().map(shown).collect())
}

type Whole = (KbArticleId, Option<KbCategoryId>, String, Option<String>, String, Option<DateTime<Utc>>, Vec<String>);

/// The article of this address.
pub fn article(conn: &mut Conn, ctx: &Ctx, portal: &KbPortal, locale: &str, slug: &str) -> Result<OpenArticle> {
    let found: Whole = open(ctx, portal.id, locale.to_owned())
        .filter(kb_articles::slug.eq(slug))
        .select((
            kb_articles::id,
            kb_articles::category_id,
            kb_article_versions::title,
            kb_article_versions::summary,
            kb_article_versions::body_html,
            kb_article_versions::published_at,
            kb_articles::published_locales,
        ))
        .first(conn)?;
    let (id, category, title, summary, body_html, published_at, published) = found;
    let all = category::of_portal(conn, ctx, portal.id)?;
    let category = standing(&all, category);
    Ok(OpenArticle {
        slug: slug.to_owned(),
        locale: locale.to_owned(),
        title,
        summary,
        body_html,
        category_slug: category.map(|one| one.slug.clone()),
        category_name: category.map(|one| called(one, locale)),
        locales: published.into_iter().filter(|one| portal.locale(one).is_some()).collect(),
        published_at,
        id,
    })
}

/// What a search goes through, and in which order it is shown.
type Found = (KbArticleId, Option<KbCategoryId>, String, String, Option<String>, String);

/// What is found by these words, best first: what is called so, what begins so, what says so in its title, in its summary,
/// or only in its text.
pub fn search(
    conn: &mut Conn,
    ctx: &Ctx,
    (portal, locale): (&KbPortal, &str),
    asked: &str,
    most: usize,
) -> Result<Vec<OpenHit>> {
    let query = Query::read(asked)?;
    let mut found = finds(conn, ctx, portal.id, locale, query.exact())?;
    if let Some(forgiving) = query.forgiving().filter(|_| found.is_empty()) {
        found = finds(conn, ctx, portal.id, locale, forgiving)?;
    }
    found.sort_by_cached_key(|(id, _, _, title, summary, _)| {
        let words = |text: &str| Words::new().name(text).lexemes();
        let (named, told) = (words(title), summary.as_deref().map(words).unwrap_or_default());
        let meets = |words: &[String]| !(query.meets(words) || query.meets_forgiving(words));
        (query.distance(title), meets(&named), meets(&told), std::cmp::Reverse(*id))
    });
    found.truncate(most);
    let all = category::of_portal(conn, ctx, portal.id)?;
    let shown = |(_, category, slug, title, summary, body): Found| OpenHit {
        slug,
        title,
        category_slug: standing(&all, category).map(|one| one.slug.clone()),
        snippet_html: snippet(&page::words(&body), asked),
        summary,
    };
    Ok(found.into_iter().map(shown).collect())
}

fn finds(conn: &mut Conn, ctx: &Ctx, portal: KbPortalId, locale: &str, query: &str) -> QueryResult<Vec<Found>> {
    open(ctx, portal, locale.to_owned())
        .filter(kb_finds(kb_article_versions::search, query))
        .order(kb_articles::id.desc())
        .limit(LOOKED_AT)
        .select((
            kb_articles::id,
            kb_articles::category_id,
            kb_articles::slug,
            kb_article_versions::title,
            kb_article_versions::summary,
            kb_article_versions::body,
        ))
        .load(conn)
}

/// The category, where it is not archived.
fn standing(all: &[KbCategory], id: Option<KbCategoryId>) -> Option<&KbCategory> {
    id.and_then(|id| all.iter().find(|one| one.id == id))
}

/// What a category is called in this language, else in the portal's own.
fn called(category: &KbCategory, locale: &str) -> String {
    category.names.told(locale).unwrap_or(&category.name).to_owned()
}
