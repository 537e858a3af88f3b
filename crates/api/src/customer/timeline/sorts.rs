//! The sorts of entries of a timeline, and how they become one.
use super::TimelineEntry;
use ::customer::account::person;
use ::customer::{activity, email_message, task};
use ::platform::history;
use ::sales::order;
use ::sales::summary::Whose;
use chrono::{DateTime, SecondsFormat, Utc};
use kernel::catalogue::{Catalogue, Catalogues};
use kernel::page::Mark;
use kernel::{AccountId, Action, ContactId, Ctx, Error, OrderId, Reach};
use platform::{Conn, visible};
use serde::Serialize;
use uuid::Uuid;

/// Whose timeline it is.
pub struct Subject {
    pub all: &'static Catalogues,
    pub noun: &'static Catalogue,
    pub id: Uuid,
}

/// Where a page has ended, of one sort of entries.
type Place<'a> = Option<&'a str>;
type Read = fn(&mut Conn, &Ctx, &Subject, Place, usize) -> kernel::Result<Vec<TimelineEntry>>;

/// A sort of entries: the fields that put one into a timeline, without which it is in none, and how they are read.
pub struct Sort {
    pub kind: &'static str,
    goes_by: &'static [&'static str],
    read: Read,
}

pub const SORTS: [Sort; 5] = [
    Sort { kind: "activity", goes_by: &["links", "started_at"], read: activities },
    Sort { kind: "task", goes_by: &["links"], read: tasks },
    Sort { kind: "order", goes_by: &["account_id", "contact_id", "placed_at"], read: orders },
    Sort { kind: "email_message", goes_by: &["account_id", "contact_id", "received_at"], read: mails },
    Sort { kind: CHANGE, goes_by: &[], read: changes },
];
const CHANGE: &str = "change";

impl Sort {
    fn is_open(&self, ctx: &Ctx) -> bool {
        let is_read = self.kind == CHANGE || ctx.grants.reach(self.kind, Action::Read) > Reach::None;
        is_read && !self.goes_by.iter().any(|field| ctx.grants.hides(self.kind, field))
    }
}

impl Subject {
    /// The newest of all sorts, and where each has ended, if there is more.
    pub fn page(
        &self,
        conn: &mut Conn,
        ctx: &Ctx,
        sorts: &[&'static Sort],
        after: Option<Mark>,
        limit: usize,
    ) -> kernel::Result<(Vec<TimelineEntry>, Option<Mark>)> {
        visible::seen(conn, ctx, self.noun, self.id)?;
        let other = self.other(conn, ctx)?;
        let streams = self.streams(sorts, other.as_ref());
        let mut places = after.map_or_else(|| vec![None; streams.len()], |mark| mark.keys);
        places.resize(streams.len(), None);
        let mut all: Vec<(usize, TimelineEntry)> = Vec::new();
        for (at, ((sort, of), place)) in streams.iter().zip(&places).enumerate() {
            if sort.is_open(ctx) {
                let found = newest(conn, ctx, (*sort, of.as_slice()), place.as_deref(), limit + 1)?;
                all.extend(found.into_iter().map(|entry| (at, entry)));
            }
        }
        // of each sort they come in its own order, which a stable sort keeps
        all.sort_by_key(|(_, entry)| std::cmp::Reverse(entry.at));
        let more = all.len() > limit;
        all.truncate(limit);
        for (at, entry) in &all {
            if let Some(place) = places.get_mut(*at) {
                *place = Some(entry.place.clone());
            }
        }
        let page = all.into_iter().map(|(_, entry)| entry).collect();
        Ok((page, more.then_some(Mark { keys: places, id: self.id })))
    }

    /// The other record of somebody who is an account.
    fn other(&self, conn: &mut Conn, ctx: &Ctx) -> kernel::Result<Option<Self>> {
        let other = person::other(conn, ctx, (self.noun.noun, self.id))?;
        Ok(other.and_then(|(noun, id)| Some(Self { all: self.all, noun: self.all.get(noun)?, id })))
    }

    /// What is read in an order of its own: the sorts, of both records; and what was changed of the other.
    fn streams<'a>(&'a self, sorts: &[&'static Sort], other: Option<&'a Self>) -> Vec<(&'static Sort, Vec<&'a Self>)> {
        let both = |sort: &&'static Sort| -> (&'static Sort, Vec<&'a Self>) {
            let beside = other.filter(|_| sort.kind != CHANGE);
            (*sort, std::iter::once(self).chain(beside).collect())
        };
        let changes = sorts.iter().filter(|sort| sort.kind == CHANGE);
        sorts.iter().map(both).chain(changes.filter_map(|sort| Some((*sort, vec![other?])))).collect()
    }

    fn whose(&self) -> Option<Whose> {
        match self.noun.noun {
            "account" => Some(Whose::Account(AccountId(self.id))),
            "contact" => Some(Whose::Contact(ContactId(self.id))),
            _ => None,
        }
    }
}

/// The newest of a sort, each once, of whichever record it is.
fn newest(
    conn: &mut Conn,
    ctx: &Ctx,
    (sort, of): (&Sort, &[&Subject]),
    place: Place,
    limit: usize,
) -> kernel::Result<Vec<TimelineEntry>> {
    let mut all = Vec::new();
    for one in of {
        all.extend((sort.read)(conn, ctx, one, place, limit)?);
    }
    if of.len() > 1 {
        all.sort_by_key(|entry| std::cmp::Reverse((entry.at, entry.id)));
        all.dedup_by_key(|entry| entry.id);
        all.truncate(limit);
    }
    Ok(all)
}

/// An entry as its reader sees it.
fn entry(
    ctx: &Ctx,
    kind: &'static str,
    at: DateTime<Utc>,
    id: Uuid,
    record: &impl Serialize,
) -> kernel::Result<TimelineEntry> {
    let mut record = serde_json::to_value(record).map_err(Error::internal)?;
    ctx.grants.trim(kind, &mut record);
    let place = format!("{} {id}", at.to_rfc3339_opts(SecondsFormat::Micros, true));
    Ok(TimelineEntry { kind, at, id, record, place })
}

fn below(place: Place) -> Option<(DateTime<Utc>, Uuid)> {
    let (at, id) = place?.split_once(' ')?;
    Some((at.parse().ok()?, id.parse().ok()?))
}

fn rows(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

fn activities(
    conn: &mut Conn,
    ctx: &Ctx,
    of: &Subject,
    place: Place,
    limit: usize,
) -> kernel::Result<Vec<TimelineEntry>> {
    let found = activity::of_record(conn, ctx, (of.noun.noun, of.id), below(place), rows(limit))?;
    found.iter().map(|one| entry(ctx, "activity", one.started_at, one.id.0, one)).collect()
}

fn tasks(conn: &mut Conn, ctx: &Ctx, of: &Subject, place: Place, limit: usize) -> kernel::Result<Vec<TimelineEntry>> {
    let found = task::of_record(conn, ctx, (of.noun.noun, of.id), below(place), rows(limit))?;
    found.iter().map(|one| entry(ctx, "task", one.created_at, one.id.0, one)).collect()
}

fn orders(conn: &mut Conn, ctx: &Ctx, of: &Subject, place: Place, limit: usize) -> kernel::Result<Vec<TimelineEntry>> {
    let Some(whose) = of.whose() else { return Ok(Vec::new()) };
    let below = below(place).map(|(at, id)| (at, OrderId(id)));
    let found = order::newest(conn, ctx, whose, below, rows(limit))?;
    found.iter().map(|one| entry(ctx, "order", one.placed_at, one.id.0, one)).collect()
}

fn mails(conn: &mut Conn, ctx: &Ctx, of: &Subject, place: Place, limit: usize) -> kernel::Result<Vec<TimelineEntry>> {
    let found = email_message::of_record(conn, ctx, (of.noun.noun, of.id), below(place), rows(limit))?;
    found.iter().map(|one| entry(ctx, "email_message", one.received_at, one.id.0, one)).collect()
}

/// In the order of its versions.
fn changes(conn: &mut Conn, ctx: &Ctx, of: &Subject, place: Place, limit: usize) -> kernel::Result<Vec<TimelineEntry>> {
    let mark = place.and_then(|place| {
        let (version, id) = place.split_once(' ')?;
        Some(Mark { keys: vec![Some(version.to_owned())], id: id.parse().ok()? })
    });
    let (found, _) = history::of(conn, ctx, of.all, of.noun, of.id, mark.as_ref(), limit)?;
    let entries = found.iter().map(|one| {
        let place = format!("{} {}", one.version, one.id);
        Ok(TimelineEntry { place, ..entry(ctx, CHANGE, one.occurred_at, one.id.0, one)? })
    });
    entries.collect()
}
