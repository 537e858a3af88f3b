//! The queries of what visitors have said. Their article was asked for through its `scope` before, or is open to them.
use super::{KbFeedback, KbVerdict};
use crate::kb::article;
use crate::kb::schema::kb_feedback;
use diesel::prelude::*;
use kernel::{Ctx, KbArticleId, KbFeedbackId, Page, Result};
use platform::{Conn, Listing};
use sha2::{Digest, Sha256};

/// What was said of articles that the caller sees; the newest 500 of it.
pub fn of_all(conn: &mut Conn, ctx: &Ctx, articles: &[KbArticleId]) -> Result<Vec<KbFeedback>> {
    Ok(kb_feedback::table
        .filter(kb_feedback::tenant_id.eq(ctx.tenant))
        .filter(kb_feedback::article_id.eq_any(articles))
        .order((kb_feedback::article_id, kb_feedback::id.desc()))
        .limit(500)
        .select(KbFeedback::as_select())
        .load(conn)?)
}

/// What was said of all articles: a part's `Listing` asks for its whole.
pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<kb_feedback::table>) -> Result<Page<KbFeedback>> {
    let all = || kb_feedback::table.filter(kb_feedback::tenant_id.eq(ctx.tenant));
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = all().filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((KbFeedback::as_select(), ask.keys())).load(conn)
        },
        |ask| all().filter(ask.matching()).select(kb_feedback::id),
        |one| &one.locale,
    )
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: KbFeedbackId) -> Result<KbFeedback> {
    let found: KbFeedback = kb_feedback::table.find((ctx.tenant, id)).select(KbFeedback::as_select()).first(conn)?;
    article::find(conn, ctx, found.article_id)?;
    Ok(found)
}

/// Of an article that the visitor reads: once, and the last word counts.
pub fn say(conn: &mut Conn, ctx: &Ctx, article: KbArticleId, locale: &str, verdict: &KbVerdict) -> Result<()> {
    let visitor = Sha256::digest([ctx.tenant.0.as_bytes().as_slice(), verdict.visitor.as_bytes()].concat()).to_vec();
    let comment = verdict.comment.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let said = (
        kb_feedback::locale.eq(locale),
        kb_feedback::is_helpful.eq(verdict.is_helpful),
        kb_feedback::comment.eq(comment),
        kb_feedback::updated_at.eq(ctx.now),
    );
    let row = (
        kb_feedback::tenant_id.eq(ctx.tenant),
        kb_feedback::id.eq(KbFeedbackId::new()),
        kb_feedback::article_id.eq(article),
        kb_feedback::visitor_hash.eq(visitor),
        kb_feedback::created_at.eq(ctx.now),
        said,
    );
    diesel::insert_into(kb_feedback::table)
        .values(row)
        .on_conflict((kb_feedback::tenant_id, kb_feedback::article_id, kb_feedback::visitor_hash))
        .do_update()
        .set((said, kb_feedback::version.eq(kb_feedback::version + 1)))
        .execute(conn)?;
    Ok(())
}
