//! Rows that are records: each is found by what it is called or by a field that is unique, and made or changed. Every
//! look and every write is one statement for the whole chunk.
//!
//! Rows that mean the same record stand in different waves, the later of them written after the earlier, so that the
//! outcome is that of one row after the other.
mod draft;
mod found;
mod keep;
mod own;

pub use draft::{Draft, faults_of};

use super::many::{self, Columns};
use super::{Duplicates, Outcome, Work, Written};
use crate::Conn;
use crate::custom::{self, Of};
use crate::deed::Mode;
use found::Found;
use keep::keep;
use kernel::catalogue::Catalogue;
use kernel::custom::CUSTOM;
use kernel::event::Verb;
use kernel::{Ctx, Fault, Record, Result, Text, error, text};
use own::{bare, own_words, settled};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// What rows of a noun need to know of it.
pub trait Room {
    type Record: Record + Serialize;
    const CATALOGUE: &'static Catalogue;
    /// fields that no two living records share, the surest first
    const UNIQUE: &'static [&'static str];

    /// What makes two records probably one, of a row or of a record.
    fn alike(_fields: &Map<String, Value>) -> Option<String> {
        None
    }
    /// The living records, as far as the actor sees them, that have one of these values in a unique field, or in `alike`
    /// where no field is named.
    fn with(conn: &mut Conn, ctx: &Ctx, field: Option<&str>, values: &[String]) -> Result<Vec<Self::Record>>;
    /// Locks the living records among `ids` that the actor may change.
    fn lock(conn: &mut Conn, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Self::Record>>;
    /// What is wrong with the fields of a new record.
    fn check_new(fields: &Map<String, Value>) -> Vec<Fault>;
    /// What is wrong with a change of these fields of a record.
    fn check_change(before: &Columns, fields: &Map<String, Value>) -> Vec<Fault>;
    /// What a record has that no row gives: defaults, and what follows from other columns.
    fn complete(ctx: &Ctx, columns: &mut Columns, fields: &Map<String, Value>, before: Option<&Columns>);
    /// What it is found by.
    fn words(columns: &Columns, fields: &Map<String, Value>) -> Vec<String>;
    /// What happens to a record that is about to change.
    fn verb(_change: &Change) -> Verb {
        Verb::Updated
    }
    /// What is written beside new records, and beside changed ones before they change.
    fn beside(conn: &mut Conn, ctx: &Ctx, changes: &mut [Change]) -> Result<()>;
}

/// A record about to be written.
#[derive(Clone, Debug)]
pub struct Change {
    pub id: Uuid,
    /// nothing where it is new
    pub before: Option<Columns>,
    pub after: Columns,
    pub fields: Map<String, Value>,
    draft: Draft,
}

/// Writes the records of a chunk.
pub fn write<R: Room>(
    conn: &mut Conn,
    ctx: &Ctx,
    work: &Work,
    drafts: Vec<Draft>,
    written: &mut Written,
) -> Result<()> {
    custom::hold(conn, ctx, R::CATALOGUE)?;
    let mut waiting = drafts;
    while !waiting.is_empty() {
        let mut taken: HashSet<String> = HashSet::new();
        let (wave, later): (Vec<Draft>, Vec<Draft>) = waiting.into_iter().partition(|draft| {
            let keys = keys::<R>(work, draft);
            let free = keys.iter().all(|key| !taken.contains(key));
            taken.extend(keys); // of one that waits, too: whoever means the same waits behind it
            free
        });
        write_wave::<R>(conn, ctx, work, wave, written)?;
        waiting = later;
    }
    Ok(())
}

fn keys<R: Room>(work: &Work, draft: &Draft) -> Vec<String> {
    let unique = R::UNIQUE.iter().filter_map(|field| Some(format!("{field}={}", draft.fields.get(*field)?.as_str()?)));
    let alike = Some(&draft.fields).filter(|_| work.duplicates != Duplicates::Allow).and_then(R::alike);
    let alike = alike.map(|value| format!("alike={value}"));
    let own = draft.id.map(|id| format!("id={id}"));
    unique.chain(alike).chain(own).chain(draft.external_id.iter().map(|id| format!("={id}"))).collect()
}

fn write_wave<R: Room>(conn: &mut Conn, ctx: &Ctx, work: &Work, wave: Vec<Draft>, written: &mut Written) -> Result<()> {
    let found = found::find::<R>(conn, ctx, work, &wave)?;
    let ids: Vec<Uuid> = found.values().map(|found| found.id()).collect();
    let locked: HashMap<Uuid, Columns> = R::lock(conn, ctx, &ids)?
        .iter()
        .map(|one| Ok((one.id().into(), found::standing::<R>(one)?)))
        .collect::<Result<_>>()?;
    let (mut new, mut changed, mut names) = (Vec::new(), Vec::new(), Vec::new());
    for draft in wave {
        let row = draft.row;
        let outcome = match found.get(&row) {
            None => make::<R>(ctx, work, draft).map(|change| new.push(change)),
            Some(found) => match change::<R>(ctx, work, draft, *found, &locked, &mut names) {
                Ok(Some(change)) => {
                    changed.push(change);
                    Ok(())
                }
                Ok(None) => {
                    written.came(row, Outcome::Unchanged, found.id());
                    Ok(())
                }
                Err(faults) => Err(faults),
            },
        };
        if let Err(faults) = outcome {
            written.put(row, Outcome::Failed(faults));
        }
    }
    keep::<R>(conn, ctx, work, new, changed, names, written)
}

fn make<R: Room>(ctx: &Ctx, work: &Work, draft: Draft) -> std::result::Result<Change, Vec<Fault>> {
    if work.mode == Mode::UpdateOnly {
        return Err(vec![Fault::new("", error::NOT_FOUND.name, text!("there is no such record to update"))]);
    }
    let mut draft = draft;
    let mut faults = R::check_new(&bare::<R>(&draft.fields));
    faults.extend(settled::<R>(ctx, &mut draft, Of::New));
    if !faults.is_empty() {
        return Err(placed(work, faults));
    }
    let id = draft.id.unwrap_or_else(|| kernel::EventId::new().0);
    let mut after = many::to_columns(R::CATALOGUE, &draft.fields);
    let own = [("id", json!(id)), ("owner_id", json!(ctx.actor.user)), ("version", json!(1))];
    let whole = [("created_at", json!(ctx.now)), ("created_by", json!(ctx.actor.user))];
    for (column, value) in own.into_iter().chain(whole) {
        after.insert(column.to_owned(), value);
    }
    stamp(ctx, &mut after);
    R::complete(ctx, &mut after, &draft.fields, None);
    index::<R>(ctx, &mut after, &draft.fields);
    Ok(Change { id, before: None, after, fields: draft.fields.clone(), draft })
}

/// Nothing where the record is that already.
fn change<R: Room>(
    ctx: &Ctx,
    work: &Work,
    draft: Draft,
    found: Found,
    locked: &HashMap<Uuid, Columns>,
    names: &mut Vec<(String, Uuid)>,
) -> std::result::Result<Option<Change>, Vec<Fault>> {
    let refuse =
        |code: &str, message: Text| Err(vec![Fault::new("", code, message).param("id", found.id().to_string())]);
    let own_key = matches!(found, Found::Itself(_) | Found::Called(_))
        || matches!(found, Found::Unique(_)) && draft.external_id.is_none();
    if !own_key && work.duplicates != Duplicates::Update {
        return refuse(error::DUPLICATE.name, text!("the record is probably there already"));
    }
    if work.mode == Mode::CreateOnly {
        return refuse(error::ALREADY_EXISTS.name, text!("the record is there already"));
    }
    let Some(before) = locked.get(&found.id()) else {
        return refuse(error::FORBIDDEN.name, text!("the record is archived, or not the caller's to change"));
    };
    let mut draft = draft;
    let mut faults = R::check_change(before, &bare::<R>(&draft.fields));
    faults.extend(settled::<R>(ctx, &mut draft, Of::Patch));
    if !faults.is_empty() {
        return Err(placed(work, faults));
    }
    if let Some(name) = draft.external_id.clone().filter(|_| !matches!(found, Found::Called(_))) {
        names.push((name, found.id()));
    }
    let mut after = before.clone();
    after.extend(many::to_columns(R::CATALOGUE, &draft.fields));
    if let (Some(column), Some(Value::Object(own))) = (R::CATALOGUE.custom, draft.fields.get(CUSTOM)) {
        after.insert(column.to_owned(), custom::merged(before.get(column), own.clone()));
    }
    R::complete(ctx, &mut after, &draft.fields, Some(before));
    if after == *before {
        return Ok(None);
    }
    let version = before.get("version").and_then(Value::as_i64).unwrap_or_default();
    after.insert("version".to_owned(), json!(version + 1));
    stamp(ctx, &mut after);
    index::<R>(ctx, &mut after, &draft.fields);
    Ok(Some(Change { id: found.id(), before: Some(before.clone()), after, fields: draft.fields.clone(), draft }))
}

fn stamp(ctx: &Ctx, columns: &mut Columns) {
    columns.insert("updated_at".to_owned(), json!(ctx.now));
    columns.insert("updated_by".to_owned(), json!(ctx.actor.user));
}

fn index<R: Room>(ctx: &Ctx, columns: &mut Columns, fields: &Map<String, Value>) {
    let words = lexemes(&own_words::<R>(ctx, columns, R::words(columns, fields)));
    columns.insert("search".to_owned(), words.into());
}

/// Lexemes as the text of a `tsvector`: they hold no quote.
pub fn lexemes(words: &[String]) -> String {
    words.iter().map(|word| format!("'{}'", word.replace(['\'', '\\'], ""))).collect::<Vec<_>>().join(" ")
}

/// Faults of fields, by the names of their columns.
fn placed(work: &Work, faults: Vec<Fault>) -> Vec<Fault> {
    let place = |mut fault: Fault| {
        let field = fault.pointer.trim_start_matches('/').replace('/', ".");
        fault.pointer = work.plan.column(&field);
        fault
    };
    faults.into_iter().map(place).collect()
}
