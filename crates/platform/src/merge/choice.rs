//! What the winner is like afterwards: of each field the value that was chosen, else its own, else the first that another
//! has. What the caller may not write stays as it is. What a field was given as goes with it.
use super::{Change, MergeConflict, MergeOther, MergedField, RecordMerger};
use kernel::catalogue::Catalogue;
use kernel::custom::{CUSTOM, key, path};
use kernel::{Access, Ctx, Error, Fault, Result, error, text};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What the ground writes.
const OWN: [&str; 7] = ["id", "version", "created_at", "updated_at", "created_by", "updated_by", "deleted_at"];

/// The records as they are answered, the winner first.
pub(super) struct Side {
    pub id: Uuid,
    pub record: Value,
}

/// What is special of a noun: fields that are never filled in, those that are true where any is, and those that are
/// what they are.
#[derive(Clone, Copy)]
pub(super) struct Manner {
    pub kept: &'static [&'static str],
    pub careful: &'static [&'static str],
    pub fixed: &'static [&'static str],
}

/// What changes of the winner, and where they say otherwise.
#[derive(Default)]
pub(super) struct Settled {
    pub changes: Vec<Change>,
    pub conflicts: Vec<MergeConflict>,
}

/// Goes through all fields, those of the tenant's own too.
pub(super) fn settle(
    ctx: &Ctx,
    noun: &'static Catalogue,
    sides: &[Side],
    merger: &RecordMerger,
    manner: Manner,
) -> Result<Settled> {
    let fields = fields(noun, sides, manner);
    check(ctx, noun, sides, merger, &fields)?;
    let mut settled = Settled::default();
    let Some((winner, losers)) = sides.split_first() else { return Ok(settled) };
    for field in fields {
        let before = value(&winner.record, &field);
        let chosen = merger.field_choices.get(&field);
        let chosen = chosen.and_then(|id| sides.iter().find(|side| side.id == *id));
        let from = match chosen {
            Some(side) => Some(side),
            None if ctx.grants.access(noun.noun, &field) < Access::Write => None,
            None if manner.careful.contains(&field.as_str()) => {
                losers.iter().find(|side| value(&side.record, &field) == Value::Bool(true))
            }
            None if manner.kept.contains(&field.as_str()) || !is_empty(&before) => None,
            None => losers.iter().find(|side| !is_empty(&value(&side.record, &field))),
        };
        if chosen.is_none() && !ctx.grants.hides(noun.noun, &field) {
            settled.conflicts.extend(conflict(&field, &before, losers));
        }
        if let Some(side) = from.filter(|side| value(&side.record, &field) != before) {
            let taken = [Some(field.as_str()), noun.text_of(&field)].into_iter().flatten();
            settled.changes.extend(taken.map(|field| Change {
                field: field.to_owned(),
                source_id: side.id,
                before: value(&winner.record, field),
                after: value(&side.record, field),
                is_other: false,
            }));
        }
    }
    Ok(settled)
}

/// The names of what can be chosen.
fn fields(noun: &Catalogue, sides: &[Side], manner: Manner) -> Vec<String> {
    let plain = noun.fields.iter().filter(|field| field.text_of.is_none());
    let plain = plain.map(|field| field.name).filter(|name| !OWN.contains(name) && !manner.fixed.contains(name));
    let own = sides.iter().filter_map(|side| side.record.get(CUSTOM)?.as_object());
    let own: BTreeSet<&String> = own.flat_map(Map::keys).collect();
    plain.map(str::to_owned).chain(own.into_iter().map(|name| path(name))).collect()
}

fn check(ctx: &Ctx, noun: &Catalogue, sides: &[Side], merger: &RecordMerger, fields: &[String]) -> Result<()> {
    let mut faults = Vec::new();
    for (field, id) in &merger.field_choices {
        let pointer = format!("/field_choices/{}", field.replace('~', "~0").replace('/', "~1"));
        let access = ctx.grants.access(noun.noun, field);
        if !fields.contains(field) || access == Access::Hidden {
            faults.push(Fault::new(pointer, "unknown_field", text!("is no field that can be chosen")));
        } else if access == Access::Read {
            faults.push(Fault::read_only(pointer));
        } else if !sides.iter().any(|side| side.id == *id) {
            faults.push(Fault::new(pointer, "choice", text!("is none of the records that become one")));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::from(error::INVALID).faults(faults)) }
}

/// Both have a value, and not the same.
fn conflict(field: &str, kept: &Value, losers: &[Side]) -> Option<MergeConflict> {
    if is_empty(kept) {
        return None;
    }
    let others = losers.iter().map(|side| MergeOther { source_id: side.id, value: value(&side.record, field) });
    let others: Vec<MergeOther> = others.filter(|one| !is_empty(&one.value) && one.value != *kept).collect();
    (!others.is_empty()).then(|| MergeConflict { field: field.to_owned(), kept: kept.clone(), others })
}

fn value(record: &Value, field: &str) -> Value {
    let found = match key(field) {
        Some(name) => record.get(CUSTOM).and_then(|own| own.get(name)),
        None => record.get(field),
    };
    found.cloned().unwrap_or_default()
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}

/// The changes as a merge patch, each by the value that `which` names.
pub(super) fn patch<'a>(changes: impl Iterator<Item = &'a Change>, which: fn(&Change) -> &Value) -> Map<String, Value> {
    let mut patch = Map::new();
    for change in changes {
        match key(&change.field) {
            None => drop(patch.insert(change.field.clone(), which(change).clone())),
            Some(name) => {
                let own = patch.entry(CUSTOM).or_insert_with(|| Value::Object(Map::new()));
                own.as_object_mut().map(|own| own.insert(name.to_owned(), which(change).clone()));
            }
        }
    }
    patch
}

/// Those that still hold: nobody has changed the field of the winner since, however it is written now.
pub(super) fn standing<'a>(noun: &Catalogue, changes: &'a [Change], winner: &Value) -> Vec<&'a Change> {
    let stands = |field: &str| changes.iter().any(|one| one.field == field && value(winner, field) == one.after);
    let led = |change: &&Change| {
        let leader = noun.field(&change.field).and_then(|field| field.text_of);
        stands(leader.unwrap_or(&change.field))
    };
    changes.iter().filter(led).collect()
}

/// What follows from the merge, whoever has chosen what.
pub(super) fn besides(changes: &mut Vec<Change>, sides: &[Side], field: &str, after: Value) {
    let Some(winner) = sides.first() else { return };
    let before = value(&winner.record, field);
    if !changes.iter().any(|change| change.field == field) && before != after {
        let source_id = winner.id;
        changes.push(Change { field: field.to_owned(), source_id, before, after, is_other: false });
    }
}

/// As far as the caller sees them.
pub(super) fn shown(ctx: &Ctx, noun: &Catalogue, changes: &[Change]) -> Vec<MergedField> {
    let seen = changes.iter().filter(|one| one.before != one.after && !ctx.grants.hides(noun.noun, &one.field));
    let one = |change: &Change| MergedField {
        field: change.field.clone(),
        source_id: change.source_id,
        before: change.before.clone(),
        after: change.after.clone(),
    };
    seen.map(one).collect()
}
