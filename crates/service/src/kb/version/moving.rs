//! How a version comes to be read, and to be read no more.
use super::deeds::{locked, settled};
use super::{DRAFT, IN_REVIEW, KbArticleVersion, KbRejection, PUBLISHED, TRANSITION_REFUSED, store};
use crate::kb::article::KbArticle;
use diesel::Connection;
use kernel::{Ctx, Error, KbArticleVersionId, Result, text};
use platform::{Conn, crash, sweep};

/// A draft is put forward.
pub fn submit(conn: &mut Conn, ctx: &Ctx, id: KbArticleVersionId, base: Option<i32>) -> Result<KbArticleVersion> {
    conn.transaction(|conn| {
        let (article, before) = locked(conn, ctx, id, base)?;
        from(&before, &[DRAFT])?;
        let after = store::submit(conn, ctx, id)?;
        settled(conn, ctx, &article, None)?;
        Ok(after)
    })
}

/// It is a draft again; one that waits for its moment, too.
pub fn reject(
    conn: &mut Conn,
    ctx: &Ctx,
    id: KbArticleVersionId,
    base: Option<i32>,
    why: &KbRejection,
) -> Result<KbArticleVersion> {
    conn.transaction(|conn| {
        let (article, before) = locked(conn, ctx, id, base)?;
        from(&before, &[IN_REVIEW])?;
        let after = store::reject(conn, ctx, id, why.rejection_reason.as_deref())?;
        settled(conn, ctx, &article, None)?;
        Ok(after)
    })
}

/// It is let through: read from now on, in place of the one before, or waits for its moment.
pub fn publish(conn: &mut Conn, ctx: &Ctx, id: KbArticleVersionId, base: Option<i32>) -> Result<KbArticleVersion> {
    conn.transaction(|conn| {
        let (article, before) = locked(conn, ctx, id, base)?;
        from(&before, &[DRAFT, IN_REVIEW])?;
        if before.expires_at.is_some_and(|until| until <= ctx.now) {
            return Err(Error::invalid("/expires_at", "past", text!("is not in the future")));
        }
        let approved = store::approve(conn, ctx, id)?;
        if before.publish_at.is_some_and(|from| from > ctx.now) {
            settled(conn, ctx, &article, None)?;
            return Ok(approved);
        }
        go_out(conn, ctx, &article, &approved)
    })
}

/// Nobody reads it any more.
pub fn archive(conn: &mut Conn, ctx: &Ctx, id: KbArticleVersionId, base: Option<i32>) -> Result<KbArticleVersion> {
    conn.transaction(|conn| {
        let (article, before) = locked(conn, ctx, id, base)?;
        from(&before, &[PUBLISHED])?;
        let after = store::archive(conn, ctx, id)?;
        settled(conn, ctx, &article, None)?;
        Ok(after)
    })
}

/// Publishes what has waited for its moment, and archives what has run out, of all tenants. How many that were.
pub fn watch(conn: &mut Conn) -> Result<usize> {
    let came = sweep::pass(conn, &store::COMING, |conn, due: &store::Due| {
        let ctx = Ctx::powerless(due.tenant_id, due.user_id, due.now);
        let (article, version) = locked(conn, &ctx, due.id, None)?;
        // whoever was quicker has sent it back, or out
        if version.status == IN_REVIEW && version.approved_at.is_some() {
            go_out(conn, &ctx, &article, &version)?;
            crash::point("kb_article_published");
        }
        Ok(())
    })?;
    let went = sweep::pass(conn, &store::ENDING, |conn, due: &store::Due| {
        let ctx = Ctx::powerless(due.tenant_id, due.user_id, due.now);
        let (article, version) = locked(conn, &ctx, due.id, None)?;
        if version.status == PUBLISHED {
            store::archive(conn, &ctx, version.id)?;
            settled(conn, &ctx, &article, None)?;
        }
        Ok(())
    })?;
    Ok(came + went)
}

/// The one that was read in this language before makes room.
fn go_out(conn: &mut Conn, ctx: &Ctx, article: &KbArticle, version: &KbArticleVersion) -> Result<KbArticleVersion> {
    if let Some(before) = store::published(conn, ctx, article.id, &version.locale)? {
        store::archive(conn, ctx, before.id)?;
    }
    let after = store::publish(conn, ctx, version.id)?;
    settled(conn, ctx, article, Some(ctx.now))?;
    Ok(after)
}

fn from(version: &KbArticleVersion, statuses: &[&str]) -> Result<()> {
    match statuses.contains(&version.status.as_str()) {
        true => Ok(()),
        false => Err(TRANSITION_REFUSED.into()),
    }
}
