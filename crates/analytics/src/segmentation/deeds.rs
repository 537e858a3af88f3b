//! What may be done with a segmentation.
use super::body::said;
use super::{
    CLUSTERS, Clusters, KEY_TAKEN, NewSegmentation, RFM, RULES, Rfm, Rules, Segmentation, SegmentationPatch, VALUE,
    Value, store,
};
use crate::{accounts, classification, label};
use chrono::{DateTime, Duration, Months, Utc};
use diesel::Connection;
use diesel::result::{DatabaseErrorKind::UniqueViolation, Error as Sql};
use kernel::existing::conflict;
use kernel::{Ctx, Error, Existing, Result, SegmentationId, error, text};
use platform::Conn;
use platform::deed::{self, ByName, Upsert, Upserted, untouched};
use platform::filter::rule;
use platform::search::Words;

/// Refused where another has the key, and where a filter cannot be read by the caller.
pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewSegmentation) -> Result<Segmentation> {
    readable(ctx, new.rules.as_ref())?;
    let mut new = new.clone();
    new.rfm = new.rfm.or_else(|| (new.kind == RFM).then(Rfm::default));
    new.value = new.value.or_else(|| (new.kind == VALUE).then(Value::default));
    new.clusters = new.clusters.or_else(|| (new.kind == CLUSTERS).then(Clusters::default));
    let next = next(&new.schedule, ctx.now).filter(|_| new.is_active);
    let made = deed::attempt(conn, |conn| store::insert(conn, ctx, &new, (words(&new.name), next)));
    made.map_err(|error| with_existing(conn, ctx, coded(error), &new.key))
}

/// With a `base`, only if the segmentation is still at that version; without, on whatever is there now.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: SegmentationId,
    base: Option<i32>,
    patch: &SegmentationPatch,
) -> Result<Segmentation> {
    readable(ctx, patch.rules.as_ref())?;
    conn.transaction(|conn| {
        let found = store::find(conn, ctx, id)?;
        of_its_kind(&found, patch)?;
        let (schedule, is_active) = (patch.schedule.as_ref(), patch.is_active);
        let moves = schedule.is_some() || is_active.is_some();
        let next = next(schedule.unwrap_or(&found.schedule), ctx.now).filter(|_| is_active.unwrap_or(found.is_active));
        let words = patch.name.as_deref().map(words);
        match store::update(conn, ctx, id, base, patch, (words, moves.then_some(next)))? {
            Some(segmentation) => Ok(segmentation),
            None => Err(untouched(conn, ctx, store::find, id, base)),
        }
    })
}

/// The segmentation with this name is changed, or made where there is none. Its key and its kind stay.
pub fn upsert(
    conn: &mut Conn,
    ctx: &Ctx,
    name: &ByName,
    ask: &Upsert<NewSegmentation, SegmentationPatch>,
) -> Result<Upserted<Segmentation>> {
    deed::upsert(
        conn,
        ctx,
        name,
        ask,
        (store::find_by, store::find_any),
        |conn, new| create(conn, ctx, &NewSegmentation { name: name.0.clone(), ..new.clone() }),
        |conn, found, patch| update(conn, ctx, found.id, ask.base, patch),
    )
}

/// Nobody is sorted by it any more: what customers were sorted as ends, and they lose the labels of its classes.
pub fn archive(conn: &mut Conn, ctx: &Ctx, id: SegmentationId, base: Option<i32>) -> Result<Segmentation> {
    conn.transaction(|conn| match store::set_archived(conn, ctx, id, base, true)? {
        Some(segmentation) => {
            classification::store::end_all(conn, ctx, id)?;
            label::go_along(conn, ctx, id, true)?;
            Ok(segmentation)
        }
        None => Err(untouched(conn, ctx, store::find, id, base)),
    })
}

/// A segmentation that is not archived is answered as it is. Nobody is sorted by it before its next run.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: SegmentationId) -> Result<Segmentation> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    let done = conn.transaction(|conn| {
        let restored = store::set_archived(conn, ctx, id, None, false).map_err(coded)?;
        label::go_along(conn, ctx, id, false)?;
        restored.ok_or_else(|| Error::from(error::FORBIDDEN))
    });
    done.map_err(|error| with_existing(conn, ctx, error, &found.key))
}

/// Gone for good, with its runs and all that customers were sorted as by it.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: SegmentationId, base: Option<i32>) -> Result<()> {
    conn.transaction(|conn| {
        store::find_any(conn, ctx, id)?;
        label::go_for_good(conn, ctx, id)?;
        deed::purge(conn, ctx, id, base, store::find_any, store::delete)
    })
}

/// When it is run by itself after a moment.
pub(super) fn next(schedule: &str, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
    match schedule {
        "daily" => after.checked_add_signed(Duration::days(1)),
        "weekly" => after.checked_add_signed(Duration::days(7)),
        "monthly" => after.checked_add_months(Months::new(1)),
        _ => None,
    }
}

/// The filters are such, by what the caller sees.
fn readable(ctx: &Ctx, rules: Option<&Rules>) -> Result<()> {
    let Some(rules) = rules else { return Ok(()) };
    let noun = accounts::noun()?;
    let all = rules.0.rules.iter().enumerate();
    all.into_iter()
        .try_for_each(|(at, one)| rule::check_wide(ctx, noun, &one.filter, &format!("/rules/rules/{at}/filter")))
}

fn of_its_kind(found: &Segmentation, patch: &SegmentationPatch) -> Result<()> {
    let all = [
        (RFM, patch.rfm.is_some()),
        (VALUE, patch.value.is_some()),
        (CLUSTERS, patch.clusters.is_some()),
        (RULES, patch.rules.is_some()),
    ];
    match said(all).find(|kind| *kind != found.kind) {
        Some(kind) => Err(Error::invalid(format!("/{kind}"), "kind", text!("the settings are those of another kind"))),
        None => Ok(()),
    }
}

fn words(name: &str) -> Vec<String> {
    Words::new().name(name).lexemes()
}

/// The constraints of the table, by the codes of the room.
fn coded(error: Sql) -> Error {
    match &error {
        Sql::DatabaseError(UniqueViolation, info) if info.constraint_name() == Some("segmentations_key_key") => {
            Error::from(KEY_TAKEN).source(error)
        }
        _ => error.into(),
    }
}

/// Which segmentation has the key: asked after the statement that failed on it.
fn with_existing(conn: &mut Conn, ctx: &Ctx, error: Error, key: &str) -> Error {
    if error.code != KEY_TAKEN {
        return error;
    }
    let found = store::keyed(conn, ctx, key).unwrap_or_default();
    let existing: Vec<Existing> = found.iter().map(|one| Existing::new(one.id, "key", 100)).collect();
    Error { members: conflict(KEY_TAKEN, &existing).members, ..error }
}
