//! What was said and done, and what was changed of the record itself.
use super::TimelineEntry;
use super::sorts::{CHANGE, Place, Subject, below, entry, rows, seen};
use ::customer::form::submission;
use ::customer::{activity, consent, email_message, task};
use ::platform::history;
use kernel::page::Mark;
use kernel::{ContactId, Ctx};
use platform::Conn;

type Found = kernel::Result<Vec<TimelineEntry>>;

pub fn activities(conn: &mut Conn, ctx: &Ctx, of: &Subject, place: Place, limit: usize) -> Found {
    let found = activity::of_record(conn, ctx, (of.noun.noun, of.id), below(place), rows(limit))?;
    found.iter().map(|one| Ok(entry("activity", one.started_at, one.id.0, seen(ctx, "activity", one)?))).collect()
}

pub fn tasks(conn: &mut Conn, ctx: &Ctx, of: &Subject, place: Place, limit: usize) -> Found {
    let found = task::of_record(conn, ctx, (of.noun.noun, of.id), below(place), rows(limit))?;
    found.iter().map(|one| Ok(entry("task", one.created_at, one.id.0, seen(ctx, "task", one)?))).collect()
}

pub fn mails(conn: &mut Conn, ctx: &Ctx, of: &Subject, place: Place, limit: usize) -> Found {
    let found = email_message::of_record(conn, ctx, (of.noun.noun, of.id), below(place), rows(limit))?;
    let told = |one| seen(ctx, "email_message", one);
    found.iter().map(|one| Ok(entry("email_message", one.received_at, one.id.0, told(one)?))).collect()
}

pub fn submissions(conn: &mut Conn, ctx: &Ctx, of: &Subject, place: Place, limit: usize) -> Found {
    let found = submission::of_record(conn, ctx, (of.noun.noun, of.id), below(place), rows(limit))?;
    let told = |one| seen(ctx, "form_submission", one);
    found.iter().map(|one| Ok(entry("form_submission", one.created_at, one.id.0, told(one)?))).collect()
}

/// Its step is what somebody has said.
pub fn consents(conn: &mut Conn, ctx: &Ctx, of: &Subject, place: Place, limit: usize) -> Found {
    if of.noun.noun != "contact" {
        return Ok(Vec::new());
    }
    let found = consent::page_of(conn, ctx, ContactId(of.id), below(place), rows(limit))?;
    let entries = found.iter().map(|one| {
        let told = entry("consent", one.occurred_at, one.id.0, seen(ctx, "consent", one)?);
        Ok(TimelineEntry { step: Some(one.status.clone()), ..told })
    });
    entries.collect()
}

/// In the order of its versions.
pub fn changes(conn: &mut Conn, ctx: &Ctx, of: &Subject, place: Place, limit: usize) -> Found {
    let mark = place.and_then(|place| {
        let (version, id) = place.split_once(' ')?;
        Some(Mark { keys: vec![Some(version.to_owned())], id: id.parse().ok()? })
    });
    let (found, _) = history::of(conn, ctx, of.all, of.noun, of.id, mark.as_ref(), limit)?;
    let entries = found.iter().map(|one| {
        let place = format!("{} {}", one.version, one.id);
        Ok(TimelineEntry { place, ..entry(CHANGE, one.occurred_at, one.id.0, seen(ctx, CHANGE, one)?) })
    });
    entries.collect()
}
