//! What may be done with an article.
use super::{KbArticle, KbArticlePatch, NewKbArticle, SLUG_TAKEN, Standing, store};
use crate::kb::version::{self, NewKbArticleVersion};
use crate::kb::{category, portal};
use diesel::Connection;
use diesel::result::Error as Sql;
use kernel::existing::conflict;
use kernel::{Ctx, Error, Existing, KbArticleId, KbPortalId, Noun, Result, error};
use platform::deed::{self, untouched};
use platform::search::Words;
use platform::{Conn, custom};

/// With its first version, where it has a body. Refused where another article of the portal has the address.
pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewKbArticle) -> Result<KbArticle> {
    let done = conn.transaction(|conn| {
        portal::stands(conn, ctx, new.portal_id)?;
        if let Some(category) = new.category_id {
            category::stands(conn, ctx, new.portal_id, category)?;
        }
        let words = custom::words(ctx, KbArticle::NAME, &new.custom.0, words(&new.title, &new.slug));
        let made = store::insert(conn, ctx, new, words).map_err(named)?;
        let Some(body) = new.body.clone() else { return Ok(made) };
        let first = NewKbArticleVersion {
            locale: new.locale.clone(),
            title: new.title.clone(),
            summary: new.summary.clone(),
            body,
            publish_at: None,
            expires_at: None,
        };
        version::add(conn, ctx, made.id, None, &first)?;
        store::find(conn, ctx, made.id)
    });
    done.map_err(|error| with_existing(conn, ctx, error, new.portal_id, Some(&new.slug)))
}

/// With a `base`, only if the article is still at that version; without, on whatever is there now.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: KbArticleId,
    base: Option<i32>,
    patch: &KbArticlePatch,
) -> Result<KbArticle> {
    let before = store::find(conn, ctx, id)?;
    let done = conn.transaction(|conn| {
        if let Some(category) = patch.category_id.flatten() {
            category::stands(conn, ctx, before.portal_id, category)?;
        }
        let Some(after) = store::update(conn, ctx, id, base, patch).map_err(named)? else {
            return Err(untouched(conn, ctx, store::find, id, base));
        };
        if patch.title.is_some() || patch.slug.is_some() || patch.custom.is_some() {
            let words = custom::words(ctx, KbArticle::NAME, &after.custom.0, words(&after.title, &after.slug));
            store::set_words(conn, ctx, id, words)?;
        }
        Ok(after)
    });
    done.map_err(|error| with_existing(conn, ctx, error, before.portal_id, patch.slug.as_deref()))
}

pub fn archive(conn: &mut Conn, ctx: &Ctx, id: KbArticleId, base: Option<i32>) -> Result<KbArticle> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(article) => Ok(article),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// An article that is not archived is answered as it is. Its portal has to be there, and its address free still.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: KbArticleId) -> Result<KbArticle> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    let done = conn.transaction(|conn| {
        portal::stands(conn, ctx, found.portal_id)?;
        store::set_archived(conn, ctx, id, None, false).map_err(named)
    });
    let done = done.map_err(|error| with_existing(conn, ctx, error, found.portal_id, Some(&found.slug)))?;
    done.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good, with its versions and all that was counted and said of it.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: KbArticleId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

/// Locks the article for a change of its versions; with a `base`, only if it is still at that version.
pub(crate) fn changeable(conn: &mut Conn, ctx: &Ctx, id: KbArticleId, base: Option<i32>) -> Result<KbArticle> {
    match store::lock(conn, ctx, id)? {
        Some(article) if base.is_none_or(|version| version == article.version) => Ok(article),
        _ => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// After its versions have changed.
pub(crate) fn moved(conn: &mut Conn, ctx: &Ctx, id: KbArticleId, now: &Standing) -> Result<KbArticle> {
    Ok(store::moved(conn, ctx, id, now)?)
}

fn words(title: &str, slug: &str) -> Vec<String> {
    Words::new().name(title).text(slug).lexemes()
}

fn named(error: Sql) -> Error {
    match &error {
        Sql::DatabaseError(_, info) if info.constraint_name() == Some("kb_articles_slug_key") => {
            Error::from(SLUG_TAKEN).source(error)
        }
        _ => error.into(),
    }
}

/// Which article has the address: asked after the transaction that failed on it.
fn with_existing(conn: &mut Conn, ctx: &Ctx, error: Error, portal: KbPortalId, slug: Option<&str>) -> Error {
    match slug {
        Some(slug) if error.code == SLUG_TAKEN => {
            let taken = store::at(conn, ctx, portal, slug).unwrap_or_default();
            let existing: Vec<Existing> = taken.iter().map(|one| Existing::new(one.id, "slug", 100)).collect();
            Error { members: conflict(SLUG_TAKEN, &existing).members, ..error }
        }
        _ => error,
    }
}
