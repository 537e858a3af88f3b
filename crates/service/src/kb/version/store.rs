//! The queries of versions. Their article was asked for through its `scope` before, or the clock decides.
use super::{ARCHIVED, DRAFT, IN_REVIEW, KbArticleVersion, KbArticleVersionPatch, NewKbArticleVersion, PUBLISHED};
use crate::kb::schema::kb_article_versions;
use chrono::{DateTime, Utc};
use diesel::dsl::{auto_type, max};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Timestamptz, Uuid as SqlUuid};
use kernel::{Ctx, KbArticleId, KbArticleVersionId, Page, Result, TenantId, UserId};
use platform::search::array_to_tsvector;
use platform::sweep::{Look, look};
use platform::{Conn, Listing};

#[auto_type]
fn within(ctx: &Ctx, article: KbArticleId) -> _ {
    let tenant: TenantId = ctx.tenant;
    kb_article_versions::table
        .filter(kb_article_versions::tenant_id.eq(tenant))
        .filter(kb_article_versions::article_id.eq(article))
}

/// The versions of many articles, which the caller may see; the newest 500 of them.
pub fn of_all(conn: &mut Conn, ctx: &Ctx, articles: &[KbArticleId]) -> Result<Vec<KbArticleVersion>> {
    Ok(kb_article_versions::table
        .filter(kb_article_versions::tenant_id.eq(ctx.tenant))
        .filter(kb_article_versions::article_id.eq_any(articles))
        .order((kb_article_versions::article_id, kb_article_versions::number.desc()))
        .limit(500)
        .select(KbArticleVersion::as_select())
        .load(conn)?)
}

/// The versions of all articles: a part's `Listing` asks for its whole.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    listing: &Listing<kb_article_versions::table>,
) -> Result<Page<KbArticleVersion>> {
    let all = || kb_article_versions::table.filter(kb_article_versions::tenant_id.eq(ctx.tenant));
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = all().filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((KbArticleVersion::as_select(), ask.keys())).load(conn)
        },
        |ask| all().filter(ask.matching()).select(kb_article_versions::id),
        |one| &one.title,
    )
}

pub(super) fn find(conn: &mut Conn, ctx: &Ctx, id: KbArticleVersionId) -> QueryResult<Option<KbArticleVersion>> {
    kb_article_versions::table.find((ctx.tenant, id)).select(KbArticleVersion::as_select()).first(conn).optional()
}

/// The one of an article and a language that visitors read.
pub(super) fn published(
    conn: &mut Conn,
    ctx: &Ctx,
    article: KbArticleId,
    locale: &str,
) -> QueryResult<Option<KbArticleVersion>> {
    within(ctx, article)
        .filter(kb_article_versions::locale.eq(locale))
        .filter(kb_article_versions::status.eq(PUBLISHED))
        .select(KbArticleVersion::as_select())
        .first(conn)
        .optional()
}

/// The languages that an article is published in.
pub(super) fn published_locales(conn: &mut Conn, ctx: &Ctx, article: KbArticleId) -> QueryResult<Vec<String>> {
    within(ctx, article)
        .filter(kb_article_versions::status.eq(PUBLISHED))
        .order(kb_article_versions::locale)
        .select(kb_article_versions::locale)
        .load(conn)
}

/// The number of the newest of an article.
pub(super) fn newest(conn: &mut Conn, ctx: &Ctx, article: KbArticleId) -> QueryResult<i32> {
    let number: Option<i32> = within(ctx, article).select(max(kb_article_versions::number)).first(conn)?;
    Ok(number.unwrap_or_default())
}

/// What is made of the text of a version: its page, and the words that it is found by.
pub(super) struct Made {
    pub page: String,
    pub words: Vec<String>,
}

pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    article: KbArticleId,
    (number, locale): (i32, &str),
    new: &NewKbArticleVersion,
    made: Made,
) -> QueryResult<KbArticleVersion> {
    let row = (
        kb_article_versions::tenant_id.eq(ctx.tenant),
        kb_article_versions::id.eq(KbArticleVersionId::new()),
        kb_article_versions::article_id.eq(article),
        (kb_article_versions::number.eq(number), kb_article_versions::locale.eq(locale)),
        (kb_article_versions::title.eq(&new.title), kb_article_versions::summary.eq(&new.summary)),
        (kb_article_versions::body.eq(&new.body), kb_article_versions::body_html.eq(made.page)),
        kb_article_versions::status.eq(DRAFT),
        (kb_article_versions::publish_at.eq(new.publish_at), kb_article_versions::expires_at.eq(new.expires_at)),
        (kb_article_versions::created_at.eq(ctx.now), kb_article_versions::updated_at.eq(ctx.now)),
        (kb_article_versions::created_by.eq(ctx.actor.user), kb_article_versions::updated_by.eq(ctx.actor.user)),
        kb_article_versions::search.eq(array_to_tsvector(made.words)),
    );
    diesel::insert_into(kb_article_versions::table)
        .values(row)
        .returning(KbArticleVersion::as_returning())
        .get_result(conn)
}

pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: KbArticleVersionId,
    patch: &KbArticleVersionPatch,
    made: Option<Made>,
) -> QueryResult<KbArticleVersion> {
    let made = made.map(|made| {
        (kb_article_versions::body_html.eq(made.page), kb_article_versions::search.eq(array_to_tsvector(made.words)))
    });
    diesel::update(kb_article_versions::table.find((ctx.tenant, id)))
        .set((patch, made, touched(ctx)))
        .returning(KbArticleVersion::as_returning())
        .get_result(conn)
}

pub(super) fn remove(conn: &mut Conn, ctx: &Ctx, id: KbArticleVersionId) -> QueryResult<usize> {
    diesel::delete(kb_article_versions::table.find((ctx.tenant, id))).execute(conn)
}

/// Put forward: what was wrong with it is said no more.
pub(super) fn submit(conn: &mut Conn, ctx: &Ctx, id: KbArticleVersionId) -> QueryResult<KbArticleVersion> {
    let moved = (
        kb_article_versions::status.eq(IN_REVIEW),
        kb_article_versions::submitted_by.eq(ctx.actor.user),
        kb_article_versions::submitted_at.eq(ctx.now),
        kb_article_versions::rejection_reason.eq(None::<String>),
        touched(ctx),
    );
    diesel::update(kb_article_versions::table.find((ctx.tenant, id)))
        .set(moved)
        .returning(KbArticleVersion::as_returning())
        .get_result(conn)
}

pub(super) fn reject(
    conn: &mut Conn,
    ctx: &Ctx,
    id: KbArticleVersionId,
    reason: Option<&str>,
) -> QueryResult<KbArticleVersion> {
    let moved = (
        kb_article_versions::status.eq(DRAFT),
        kb_article_versions::approved_by.eq(None::<UserId>),
        kb_article_versions::approved_at.eq(None::<DateTime<Utc>>),
        kb_article_versions::rejection_reason.eq(reason),
        touched(ctx),
    );
    diesel::update(kb_article_versions::table.find((ctx.tenant, id)))
        .set(moved)
        .returning(KbArticleVersion::as_returning())
        .get_result(conn)
}

/// Let through: it waits for its moment.
pub(super) fn approve(conn: &mut Conn, ctx: &Ctx, id: KbArticleVersionId) -> QueryResult<KbArticleVersion> {
    let moved = (
        kb_article_versions::status.eq(IN_REVIEW),
        kb_article_versions::approved_by.eq(ctx.actor.user),
        kb_article_versions::approved_at.eq(ctx.now),
        touched(ctx),
    );
    diesel::update(kb_article_versions::table.find((ctx.tenant, id)))
        .set(moved)
        .returning(KbArticleVersion::as_returning())
        .get_result(conn)
}

pub(super) fn publish(conn: &mut Conn, ctx: &Ctx, id: KbArticleVersionId) -> QueryResult<KbArticleVersion> {
    let moved = (
        kb_article_versions::status.eq(PUBLISHED),
        kb_article_versions::published_at.eq(ctx.now),
        kb_article_versions::archived_at.eq(None::<DateTime<Utc>>),
        touched(ctx),
    );
    diesel::update(kb_article_versions::table.find((ctx.tenant, id)))
        .set(moved)
        .returning(KbArticleVersion::as_returning())
        .get_result(conn)
}

pub(super) fn archive(conn: &mut Conn, ctx: &Ctx, id: KbArticleVersionId) -> QueryResult<KbArticleVersion> {
    let moved = (kb_article_versions::status.eq(ARCHIVED), kb_article_versions::archived_at.eq(ctx.now), touched(ctx));
    diesel::update(kb_article_versions::table.find((ctx.tenant, id)))
        .set(moved)
        .returning(KbArticleVersion::as_returning())
        .get_result(conn)
}

/// What every change moves.
#[auto_type]
fn touched(ctx: &Ctx) -> _ {
    let (now, user): (DateTime<Utc>, UserId) = (ctx.now, ctx.actor.user);
    (
        kb_article_versions::version.eq(kb_article_versions::version + 1_i32),
        kb_article_versions::updated_at.eq(now),
        kb_article_versions::updated_by.eq(user),
    )
}

#[derive(QueryableByName)]
pub(super) struct Due {
    #[diesel(sql_type = SqlUuid)]
    pub tenant_id: TenantId,
    #[diesel(sql_type = SqlUuid)]
    pub id: KbArticleVersionId,
    #[diesel(sql_type = SqlUuid)]
    pub user_id: UserId,
    /// by the clock that all machines have in common
    #[diesel(sql_type = Timestamptz)]
    pub now: DateTime<Utc>,
}

/// What was let through, and whose moment has come.
pub(super) const COMING: Look = look! {
    what: "a version of an article that is to be published",
    row: "v",
    locks: "a",
    tells: "v.approved_by AS user_id",
    from: "FROM kb_article_versions AS v JOIN kb_articles AS a ON a.tenant_id = v.tenant_id AND a.id = v.article_id \
           WHERE v.status = 'in_review' AND v.approved_at IS NOT NULL AND v.approved_by IS NOT NULL \
           AND v.publish_at <= statement_timestamp() AND a.deleted_at IS NULL",
};

/// What is read for too long already.
pub(super) const ENDING: Look = look! {
    what: "a version of an article that runs out",
    row: "v",
    locks: "a",
    tells: "v.updated_by AS user_id",
    from: "FROM kb_article_versions AS v JOIN kb_articles AS a ON a.tenant_id = v.tenant_id AND a.id = v.article_id \
           WHERE v.status = 'published' AND v.expires_at <= statement_timestamp() AND a.deleted_at IS NULL",
};
