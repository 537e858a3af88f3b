//! What may be done with the words of a version. Each deed is one transaction, which locks the article.
use super::store::{self, Made};
use super::{DRAFT, FIXED, KbArticleVersion, KbArticleVersionPatch, NewKbArticleVersion};
use crate::kb::article::{self, KbArticle, Standing, changeable};
use crate::kb::{page, portal};
use chrono::{DateTime, Utc};
use diesel::Connection;
use kernel::{Ctx, Error, KbArticleId, KbArticleVersionId, Result, error, text};
use platform::Conn;
use platform::deed::unmoved;
use platform::search::Words;

/// A version of an article that is not archived.
pub fn find(conn: &mut Conn, ctx: &Ctx, id: KbArticleVersionId) -> Result<KbArticleVersion> {
    let found = store::find(conn, ctx, id)?.ok_or(error::NOT_FOUND)?;
    article::find(conn, ctx, found.article_id)?;
    Ok(found)
}

/// A draft. With a `base`, only if the article is still at that version.
pub fn add(
    conn: &mut Conn,
    ctx: &Ctx,
    article: KbArticleId,
    base: Option<i32>,
    new: &NewKbArticleVersion,
) -> Result<KbArticleVersion> {
    conn.transaction(|conn| {
        let article = changeable(conn, ctx, article, base)?;
        let portal = portal::find(conn, ctx, article.portal_id)?;
        let locale = match &new.locale {
            None => portal.default_locale.as_str(),
            Some(asked) => portal.locale(asked).ok_or_else(|| {
                Error::invalid("/locale", "unknown_choice", text!("is not among the languages of the portal"))
            })?,
        };
        write(conn, ctx, &article, locale, new)
    })
}

/// Another draft, of what a version says: of one that was archived, it is brought back so.
pub fn redraft(conn: &mut Conn, ctx: &Ctx, id: KbArticleVersionId) -> Result<KbArticleVersion> {
    conn.transaction(|conn| {
        let (article, old) = locked(conn, ctx, id, None)?;
        let new = NewKbArticleVersion {
            locale: None,
            title: old.title,
            summary: old.summary,
            body: old.body,
            publish_at: None,
            expires_at: None,
        };
        write(conn, ctx, &article, &old.locale, &new)
    })
}

/// Of a draft alone. With a `base`, only if it is still at that version.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: KbArticleVersionId,
    base: Option<i32>,
    patch: &KbArticleVersionPatch,
) -> Result<KbArticleVersion> {
    conn.transaction(|conn| {
        let (article, before) = locked(conn, ctx, id, base)?;
        is_draft(&before)?;
        in_order(patch.publish_at.unwrap_or(before.publish_at), patch.expires_at.unwrap_or(before.expires_at))?;
        let summary = patch.summary.as_ref().unwrap_or(&before.summary);
        let (title, body) =
            (patch.title.as_ref().unwrap_or(&before.title), patch.body.as_ref().unwrap_or(&before.body));
        let rewritten = patch.title.is_some() || patch.summary.is_some() || patch.body.is_some();
        let made = rewritten.then(|| made(title, summary.as_deref(), body));
        let after = store::update(conn, ctx, id, patch, made)?;
        settled(conn, ctx, &article, None)?;
        Ok(after)
    })
}

/// Of a draft alone: what was put forward is kept. With a `base`, only if it is still at that version.
pub fn remove(conn: &mut Conn, ctx: &Ctx, id: KbArticleVersionId, base: Option<i32>) -> Result<()> {
    conn.transaction(|conn| {
        let (article, before) = locked(conn, ctx, id, base)?;
        is_draft(&before)?;
        store::remove(conn, ctx, id)?;
        settled(conn, ctx, &article, None)
    })
}

/// The version and its article, which is held.
pub(super) fn locked(
    conn: &mut Conn,
    ctx: &Ctx,
    id: KbArticleVersionId,
    base: Option<i32>,
) -> Result<(KbArticle, KbArticleVersion)> {
    let of = store::find(conn, ctx, id)?.ok_or(error::NOT_FOUND)?.article_id;
    let article = changeable(conn, ctx, of, None)?;
    let now = find(conn, ctx, id)?;
    unmoved(conn, ctx, &now, base)?;
    Ok((article, now))
}

/// The article says what its versions have made of it.
pub(super) fn settled(
    conn: &mut Conn,
    ctx: &Ctx,
    article: &KbArticle,
    published_at: Option<DateTime<Utc>>,
) -> Result<()> {
    let now = Standing {
        published_locales: store::published_locales(conn, ctx, article.id)?,
        published_at,
        version_count: store::newest(conn, ctx, article.id)?.max(article.version_count),
    };
    article::moved(conn, ctx, article.id, &now).map(drop)
}

fn write(
    conn: &mut Conn,
    ctx: &Ctx,
    article: &KbArticle,
    locale: &str,
    new: &NewKbArticleVersion,
) -> Result<KbArticleVersion> {
    // a number that was given stays that one's, though it was removed
    let number = store::newest(conn, ctx, article.id)?.max(article.version_count).saturating_add(1);
    let made = made(&new.title, new.summary.as_deref(), &new.body);
    let version = store::insert(conn, ctx, article.id, (number, locale), new, made)?;
    settled(conn, ctx, article, None)?;
    Ok(version)
}

fn is_draft(version: &KbArticleVersion) -> Result<()> {
    match version.status.as_str() {
        DRAFT => Ok(()),
        _ => Err(FIXED.into()),
    }
}

fn in_order(from: Option<DateTime<Utc>>, until: Option<DateTime<Utc>>) -> Result<()> {
    match (from, until) {
        (Some(from), Some(until)) if until <= from => {
            Err(Error::invalid("/expires_at", "order", text!("ends before it begins")))
        }
        _ => Ok(()),
    }
}

fn made(title: &str, summary: Option<&str>, body: &str) -> Made {
    let words = Words::new().name(title).maybe(summary, |words, text| words.text(text)).text(page::words(body));
    Made { page: page::of(body), words: words.lexemes() }
}
