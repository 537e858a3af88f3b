//! Whom an event touches: the record itself, if it is of the segment's noun; and where the filter goes from there to others,
//! whoever leads to the record that the event is about, now or before it.
//!
//! A way breaks where somebody changes what it goes by. The record that goes by it has its event then, which names whom it
//! led to before; so of every way that has been, the part up to its first break still stands, and the event of that break
//! finds its beginning.
mod store;

use super::Live;
use crate::Conn;
use crate::event::Row;
use crate::filter::{Step, name};
use crate::history::fields;
use crate::segment::member::SegmentMember;
use crate::segment::{Segment, says};
use kernel::catalogue::{Catalogue, Link, Owned};
use kernel::{Noun, Result, TenantId};
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Of more, everybody is asked.
const MOST: usize = 20_000;
/// What goes with what is purged, and no event says so.
const WITH: [(&str, &str); 3] =
    [("account", "membership"), ("contact", "opportunity_contact"), ("form", "form_submission")];
/// Of whom events tell that they were erased, and with them what is nobody's event.
const ERASED: [&str; 3] = ["account", "contact", "user"];

#[derive(Clone)]
pub(super) enum Touched {
    These(BTreeSet<Uuid>),
    /// or nobody knows whom
    TooMany,
}

/// What has happened, and whom it was found to touch by which way.
pub(super) struct Touch<'a> {
    tenant: TenantId,
    rows: &'a [Row],
    /// noun and record
    marks: Vec<(String, Uuid)>,
    known: HashMap<String, Touched>,
}

/// The nouns whose events touch anybody.
pub(super) fn watched(live: &[Live]) -> Vec<&'static str> {
    let mut nouns: BTreeSet<&'static str> = live.iter().map(|one| one.noun.noun).collect();
    for step in live.iter().flat_map(|one| &one.ways).flatten() {
        nouns.insert(step.target.noun);
        if let Owned::Part { of, .. } = step.target.owned {
            nouns.insert(of);
        }
        nouns.extend(WITH.iter().filter(|(_, part)| *part == step.target.noun).map(|(whole, _)| *whole));
    }
    nouns.extend(ERASED);
    nouns.insert(SegmentMember::NAME);
    nouns.into_iter().collect()
}

impl<'a> Touch<'a> {
    pub fn new(tenant: TenantId, rows: &'a [Row], marks: Vec<(String, Uuid)>) -> Self {
        Self { tenant, rows, marks, known: HashMap::new() }
    }

    /// The records of the noun itself.
    pub fn own(&self, noun: &Catalogue) -> Vec<Uuid> {
        let own: BTreeSet<Uuid> = self.rows.iter().filter(|row| row.noun == noun.noun).map(|row| row.record).collect();
        own.into_iter().collect()
    }

    pub fn whom(&mut self, conn: &mut Conn, one: &Live) -> Result<Touched> {
        let mut all: BTreeSet<Uuid> = self.own(one.noun).into_iter().collect();
        all.extend(self.marked(one.noun.noun));
        if !one.ways.is_empty() && self.rows.iter().any(|row| row.name.ends_with(".erased")) {
            return Ok(Touched::TooMany);
        }
        for way in &one.ways {
            match self.by_way(conn, one.noun, way)? {
                Touched::TooMany => return Ok(Touched::TooMany),
                Touched::These(ids) => all.extend(ids),
            }
        }
        Ok(if all.len() > MOST { Touched::TooMany } else { Touched::These(all) })
    }

    fn marked<'b>(&'b self, noun: &'b str) -> impl Iterator<Item = Uuid> + 'b {
        self.marks.iter().filter(move |(of, _)| of == noun).map(|(_, record)| *record)
    }

    /// Several segments may go one way.
    fn by_way(&mut self, conn: &mut Conn, base: &'static Catalogue, way: &[Step]) -> Result<Touched> {
        let key = name(way);
        if let Some(known) = self.known.get(&key) {
            return Ok(known.clone());
        }
        let found = self.found(conn, base, way)?;
        self.known.insert(key, found.clone());
        Ok(found)
    }

    fn found(&self, conn: &mut Conn, base: &'static Catalogue, way: &[Step]) -> Result<Touched> {
        let Some((last, before)) = way.split_last() else { return Ok(Touched::These(BTreeSet::new())) };
        let Some(ends) = self.ends(last) else { return Ok(Touched::TooMany) };
        let mut found = BTreeSet::new();
        for (way, column, ids) in
            [(way, "id", &ends.records), (way, ends.column, &ends.wholes), (before, "id", &ends.sources)]
        {
            if way.is_empty() {
                found.extend(ids);
            } else if !ids.is_empty() {
                found.extend(store::leading(conn, self.tenant, base, way, (column, ids), MOST + 1)?);
            }
        }
        Ok(if found.len() > MOST { Touched::TooMany } else { Touched::These(found) })
    }

    /// What of this step the events are about; nothing, where they do not say.
    fn ends(&self, last: &Step) -> Option<Ends> {
        let noun = last.target.noun;
        let (whole, column) = match last.target.owned {
            Owned::Part { of, column } if !says::is_own_part(last) => (of, column),
            _ => ("", "id"),
        };
        let mut ends = Ends { column, ..Ends::default() };
        for row in self.rows {
            let is_purged = row.name.ends_with(".purged");
            if is_purged && WITH.contains(&(&row.noun, noun)) {
                return None;
            }
            if row.noun == SegmentMember::NAME && noun == Segment::NAME {
                ends.sources.extend(member(last, row));
            } else if row.noun == noun && noun != Segment::NAME {
                if is_purged && !tells(last) {
                    return None;
                }
                ends.records.insert(row.record);
                ends.sources.extend(named(last, row));
            } else if row.noun == whole {
                ends.wholes.insert(row.record);
            }
        }
        if matches!(last.link, Link::Many { .. }) && !says::is_own_part(last) {
            ends.sources.extend(self.marked(last.source.noun));
        }
        Some(ends)
    }
}

#[derive(Default)]
struct Ends {
    /// records at the end of the way
    records: BTreeSet<Uuid>,
    /// the column by which parts at the end of it name their whole, and those wholes
    column: &'static str,
    wholes: BTreeSet<Uuid>,
    /// records from which its last step goes, or went
    sources: BTreeSet<Uuid>,
}

/// Whether what is over there tells who leads to it.
fn tells(step: &Step) -> bool {
    match step.link {
        Link::Many { .. } => true,
        Link::One { .. } => false,
        Link::Through { table, .. } => table.strip_suffix("_links") == Some(step.target.noun),
    }
}

/// Who leads to it, and has before, by its own words.
fn named(step: &Step, row: &Row) -> Vec<Uuid> {
    let texts = [Some(&row.data), row.before.as_ref()];
    let kept = texts.into_iter().flatten().map(|text| fields::columns(None, text));
    match step.link {
        Link::Many { column } => kept.filter_map(|data| id(data.get(column)?)).collect(),
        Link::Through { resource, .. } if tells(step) => kept.flat_map(|data| linked(&data, resource)).collect(),
        Link::One { .. } | Link::Through { .. } => Vec::new(),
    }
}

/// What `links` and `participants` name, as the function `linked` of the database reads them.
fn linked(data: &Value, resource: &str) -> Vec<Uuid> {
    let list = |name: &str| data.get(name).and_then(Value::as_array).into_iter().flatten();
    let links = list("links").filter(|one| one.get("resource").and_then(Value::as_str) == Some(resource));
    let people = list("participants").filter_map(|one| one.get(format!("{resource}_id")));
    links.filter_map(|one| one.get("record_id")).chain(people).filter_map(id).collect()
}

/// The record that has come into a segment, or left it.
fn member(step: &Step, row: &Row) -> Option<Uuid> {
    let data = fields::columns(None, &row.data);
    let is_of = data.get("resource").and_then(Value::as_str) == Some(step.source.noun);
    id(data.get("record_id")?).filter(|_| is_of)
}

fn id(value: &Value) -> Option<Uuid> {
    value.as_str()?.parse().ok()
}
