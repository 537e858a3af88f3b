//! The queries of a knowledge base article. `scope` is the only way in.
use super::{KbArticle, KbArticlePatch, NewKbArticle, Standing};
use crate::kb::schema::kb_articles;
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Ctx, KbArticleId, KbPortalId, Page, Result, TenantId};
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record};

/// The knowledge base articles of the tenant, archived ones too: they belong to nobody, so the permission at the door is enough.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    kb_articles::table.filter(kb_articles::tenant_id.eq(tenant))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: KbArticleId) -> Result<KbArticle> {
    let living = scope(ctx).filter(kb_articles::deleted_at.is_null());
    Ok(living.filter(kb_articles::id.eq(id)).select(KbArticle::as_select()).first(conn)?)
}

/// Whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: KbArticleId) -> QueryResult<KbArticle> {
    scope(ctx).filter(kb_articles::id.eq(id)).select(KbArticle::as_select()).first(conn)
}

/// The living knowledge base articles among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[KbArticleId]) -> Result<Vec<KbArticle>> {
    let living = scope(ctx).filter(kb_articles::deleted_at.is_null());
    Ok(living.filter(kb_articles::id.eq_any(ids)).select(KbArticle::as_select()).load(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<kb_articles::table>) -> Result<Page<KbArticle>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((KbArticle::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(ask.matching()).select(kb_articles::id),
        |one| &one.title,
    )
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewKbArticle, words: Vec<String>) -> QueryResult<KbArticle> {
    let given = (
        kb_articles::tenant_id.eq(ctx.tenant),
        kb_articles::id.eq(new.id.unwrap_or_else(KbArticleId::new)),
        (kb_articles::created_at.eq(ctx.now), kb_articles::updated_at.eq(ctx.now)),
        (kb_articles::created_by.eq(ctx.actor.user), kb_articles::updated_by.eq(ctx.actor.user)),
        kb_articles::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(kb_articles::table)
        .values((given, new))
        .returning(KbArticle::as_returning())
        .recorded::<KbArticle>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where it is not there, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: KbArticleId,
    base: Option<i32>,
    patch: &KbArticlePatch,
) -> QueryResult<Option<KbArticle>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx)
        .filter(kb_articles::deleted_at.is_null())
        .filter(kb_articles::id.eq(id))
        .filter(kb_articles::version.between(oldest, newest));
    let moved = (
        kb_articles::version.eq(kb_articles::version + 1),
        kb_articles::updated_at.eq(ctx.now),
        kb_articles::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set((patch, moved))
        .returning(KbArticle::as_returning())
        .recorded::<KbArticle>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living one, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: KbArticleId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<KbArticle>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx)
        .filter(kb_articles::deleted_at.is_null().eq(archived))
        .filter(kb_articles::id.eq(id))
        .filter(kb_articles::version.between(oldest, newest));
    let moved = (
        kb_articles::deleted_at.eq(at),
        kb_articles::version.eq(kb_articles::version + 1),
        kb_articles::updated_at.eq(ctx.now),
        kb_articles::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(KbArticle::as_returning())
        .recorded::<KbArticle>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: KbArticleId) -> QueryResult<Option<KbArticle>> {
    diesel::delete(scope(ctx).filter(kb_articles::id.eq(id)))
        .returning(KbArticle::as_returning())
        .recorded::<KbArticle>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

pub(super) fn set_words(conn: &mut Conn, ctx: &Ctx, id: KbArticleId, words: Vec<String>) -> QueryResult<usize> {
    let target = scope(ctx).filter(kb_articles::id.eq(id));
    diesel::update(target).set(kb_articles::search.eq(array_to_tsvector(words))).execute(conn)
}

/// The living one of the portal that has this address.
pub(super) fn at(conn: &mut Conn, ctx: &Ctx, portal: KbPortalId, slug: &str) -> QueryResult<Option<KbArticle>> {
    let living = scope(ctx).filter(kb_articles::deleted_at.is_null()).filter(kb_articles::portal_id.eq(portal));
    living.filter(kb_articles::slug.eq(slug)).select(KbArticle::as_select()).first(conn).optional()
}

/// Locks a living article, for a change of its versions.
pub(super) fn lock(conn: &mut Conn, ctx: &Ctx, id: KbArticleId) -> QueryResult<Option<KbArticle>> {
    let living = scope(ctx).filter(kb_articles::deleted_at.is_null()).filter(kb_articles::id.eq(id));
    living.for_update().select(KbArticle::as_select()).first(conn).optional()
}

/// A change of its versions is a change of the article.
pub(super) fn moved(conn: &mut Conn, ctx: &Ctx, id: KbArticleId, now: &Standing) -> QueryResult<KbArticle> {
    let moved = (
        kb_articles::published_locales.eq(&now.published_locales),
        now.published_at.map(|at| kb_articles::published_at.eq(at)),
        kb_articles::version_count.eq(now.version_count),
        kb_articles::version.eq(kb_articles::version + 1),
        kb_articles::updated_at.eq(ctx.now),
        kb_articles::updated_by.eq(ctx.actor.user),
    );
    diesel::update(scope(ctx).filter(kb_articles::id.eq(id)))
        .set(moved)
        .returning(KbArticle::as_returning())
        .recorded::<KbArticle>(ctx, Verb::Updated)
        .get_result(conn)
}

impl Batch for KbArticle {
    fn find(conn: &mut Conn, ctx: &Ctx, id: KbArticleId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[KbArticleId]) -> Result<Vec<Self>> {
        Ok(kb_articles::table
            .filter(kb_articles::tenant_id.eq(tenant))
            .filter(kb_articles::deleted_at.is_null())
            .filter(kb_articles::id.eq_any(ids))
            .select(KbArticle::as_select())
            .load(conn)?)
    }
}
