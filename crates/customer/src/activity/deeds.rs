//! What may be done with an activity.
use super::{Activity, ActivityPatch, Key, NewActivity, store};
use crate::link::{self, Links, Participants};
use diesel::Connection;
use diesel::result::{DatabaseErrorKind::CheckViolation, Error as Sql};
use kernel::{ActivityId, Ctx, Error, Noun, Result, error, text};
use platform::deed::{self, Called, Upsert, Upserted, may_own, untouched};
use platform::search::Words;
use platform::{Conn, custom};

pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewActivity) -> Result<Activity> {
    may_own::<Activity>(ctx, new.owner_id)?;
    let nothing = (&Links::default(), &Participants::default());
    let team = link::check(conn, ctx, (&new.links, &new.participants), nothing)?;
    let words = words(new.subject.as_deref(), new.body.as_deref());
    let words = custom::words(ctx, Activity::NAME, &new.custom.0, words);
    store::insert(conn, ctx, new, new.team_id.or(team), words).map_err(named)
}

/// With a `base`, only if the activity is still at that version; without, on whatever is there now.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ActivityId,
    base: Option<i32>,
    patch: &ActivityPatch,
) -> Result<Activity> {
    may_own::<Activity>(ctx, patch.owner_id)?;
    if !patch.reaches_beyond() {
        return plain_update(conn, ctx, id, base, patch);
    }
    conn.transaction(|conn| {
        let Some(before) = store::lock(conn, ctx, id)? else {
            return Err(untouched(conn, ctx, store::find, id, base));
        };
        let after = (patch.links.as_ref(), patch.participants.as_ref());
        let after = (after.0.unwrap_or(&before.links), after.1.unwrap_or(&before.participants));
        link::check(conn, ctx, after, (&before.links, &before.participants))?;
        let after = plain_update(conn, ctx, id, base, patch)?;
        let words = words(after.subject.as_deref(), after.body.as_deref());
        store::set_words(conn, ctx, id, custom::words(ctx, Activity::NAME, &after.custom.0, words))?;
        Ok(after)
    })
}

fn plain_update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ActivityId,
    base: Option<i32>,
    patch: &ActivityPatch,
) -> Result<Activity> {
    match store::update(conn, ctx, id, base, patch).map_err(named)? {
        Some(activity) => Ok(activity),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// The activity with this key is changed, or made where there is none.
pub fn upsert(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &Key,
    ask: &Upsert<NewActivity, ActivityPatch>,
) -> Result<Upserted<Activity>> {
    deed::upsert(
        conn,
        ctx,
        key,
        ask,
        (store::find_by, store::find_any),
        |conn, new| create(conn, ctx, new),
        |conn, found, patch| update(conn, ctx, found.id, ask.base, patch),
    )
}

impl Called for Key {
    fn called(&self) -> Option<(&str, &str)> {
        Some((&self.source_system, &self.external_id))
    }
}

pub fn archive(conn: &mut Conn, ctx: &Ctx, id: ActivityId, base: Option<i32>) -> Result<Activity> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(activity) => Ok(activity),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// An activity that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: ActivityId) -> Result<Activity> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    store::set_archived(conn, ctx, id, None, false)?.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: ActivityId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

/// What it is found by: the one choice of words, for imports too.
pub(super) fn words(subject: Option<&str>, body: Option<&str>) -> Vec<String> {
    [subject, body].into_iter().flatten().fold(Words::new(), |all, text| all.text(text)).lexemes()
}

/// The constraints of the table, as faults of the body.
fn named(error: Sql) -> Error {
    match &error {
        Sql::DatabaseError(CheckViolation, info) if info.constraint_name() == Some("activities_ends_after_start") => {
            Error::invalid("/ended_at", "order", text!("ends before it starts")).source(error)
        }
        _ => error.into(),
    }
}

impl ActivityPatch {
    /// Whether more than the row itself is asked about, or changes with it.
    fn reaches_beyond(&self) -> bool {
        self.links.is_some()
            || self.participants.is_some()
            || self.subject.is_some()
            || self.body.is_some()
            || self.custom.is_some()
    }
}
