//! Which events one reader is told, and how.
use super::seen::{self, Sight, sees_all};
use super::store::Row;
use super::{Event, EventActor, is_told, members, shared};
use crate::Conn;
use crate::history::{cover, fields};
use kernel::catalogue::{Catalogue, Catalogues};
use kernel::event::ACCESS_LOST;
use kernel::{Ctx, EventId, Result};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// What is told of a row.
enum Told {
    Whole,
    /// the record of this noun has left the reader's sight
    Lost(String, Uuid),
}

/// What of these rows the reader sees, in their order. A few queries a noun, however many there are; none for a noun
/// that the reader sees all of.
pub fn tell(conn: &mut Conn, ctx: &Ctx, catalogues: &'static Catalogues, rows: &[Row]) -> Result<Vec<Event>> {
    let mut by_noun: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    rows.iter().for_each(|row| by_noun.entry(&row.noun).or_default().push(row));
    let (mut told, mut covered): (HashMap<EventId, Told>, HashSet<Uuid>) = (HashMap::new(), HashSet::new());
    for (noun, rows) in by_noun {
        let Some(noun) = catalogues.get(noun).filter(|noun| is_told(noun)) else { continue };
        covered.extend(cover::over(conn, ctx, noun, &rows.iter().map(|row| row.record).collect::<Vec<_>>())?);
        if noun.noun == shared::NOUN {
            for (id, lost) in shared::told(conn, ctx, catalogues, &rows)? {
                told.insert(id, lost.map_or(Told::Whole, |(noun, record)| Told::Lost(noun, record)));
            }
        } else if noun.noun == members::NOUN {
            let seen = members::seen(conn, ctx, catalogues, noun, &rows)?;
            let rows: Vec<&Row> = rows.into_iter().filter(|row| seen.contains(&row.id)).collect();
            told.extend(of_noun(conn, ctx, catalogues, noun, &rows)?);
        } else {
            told.extend(of_noun(conn, ctx, catalogues, noun, &rows)?);
        }
    }
    let is_covered = |row: &Row| covered.contains(&row.record);
    Ok(rows.iter().filter_map(|row| event(ctx, catalogues, row, told.get(&row.id)?, is_covered(row))).collect())
}

/// What decides how these rows are told, where it is not who reads: readers for whom it is the same are told the same.
/// Nothing, where each of them has to be asked for.
pub fn outlook(ctx: &Ctx, catalogues: &'static Catalogues, rows: &[Row]) -> Option<String> {
    let mut outlook = String::new();
    let nouns: BTreeSet<&str> = rows.iter().map(|row| row.noun.as_str()).collect();
    for noun in nouns.into_iter().filter_map(|noun| catalogues.get(noun)).filter(|noun| is_told(noun)) {
        if noun.noun == shared::NOUN || !sees_all(ctx, noun) || !ctx.grants.is_plain() {
            return None;
        }
        let own = ctx.grants.own();
        let archived = own.0.get(noun.noun).map_or(&[][..], |of| of.archived.as_slice());
        archived.iter().for_each(|key| outlook.push_str(&format!("{} {key}\n", noun.noun)));
    }
    Some(outlook)
}

fn of_noun(
    conn: &mut Conn,
    ctx: &Ctx,
    catalogues: &'static Catalogues,
    noun: &'static Catalogue,
    rows: &[&Row],
) -> Result<Vec<(EventId, Told)>> {
    if sees_all(ctx, noun) {
        return Ok(rows.iter().map(|row| (row.id, Told::Whole)).collect());
    }
    let ids = || rows.iter().map(|row| row.record);
    let mut known = seen::now(conn, ctx, catalogues, noun, ids().collect())?;
    let gone = ids().filter(|id| !known.contains_key(id)).collect();
    known.extend(seen::last(conn, ctx, catalogues, noun, gone)?);
    let is_seen = |row: &&&Row| known.get(&row.record).copied().unwrap_or_default();
    let (whole, rest): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(is_seen);
    let others: Vec<(EventId, Uuid)> = rest.iter().map(|row| (row.id, row.record)).collect();
    let then = seen::then(conn, ctx, catalogues, noun, &others)?;
    let has_left = |row: &&&Row| then.get(&row.id) == Some(&Sight { before: true, after: false });
    let lost = rest.iter().filter(has_left).map(|row| (row.id, Told::Lost(row.noun.clone(), row.record)));
    Ok(whole.iter().map(|row| (row.id, Told::Whole)).chain(lost).collect())
}

fn event(ctx: &Ctx, catalogues: &'static Catalogues, row: &Row, told: &Told, covered: bool) -> Option<Event> {
    let mut event = Event {
        id: row.id,
        r#type: row.name.clone(),
        seq: row.seq,
        occurred_at: row.occurred_at,
        resource: row.noun.clone(),
        record_id: row.record,
        version: row.version,
        actor: EventActor { id: row.actor, api_key_id: row.key },
        request_id: row.request,
        causation_id: row.request.0,
        data: None,
        changed: Vec::new(),
        previous: Map::new(),
    };
    match told {
        Told::Lost(noun, record) => {
            event.r#type = format!("{noun}.{ACCESS_LOST}");
            (event.resource, event.record_id) = (noun.clone(), *record);
        }
        Told::Whole => fill(&mut event, ctx, catalogues.get(&row.noun)?, row, covered)?,
    }
    Some(event)
}

/// Nothing where all that has changed is hidden from the reader.
fn fill(event: &mut Event, ctx: &Ctx, noun: &'static Catalogue, row: &Row, covered: bool) -> Option<()> {
    let mut now = fields::columns(Some(noun), &row.data);
    let mut before = row.before.as_ref().map(|before| fields::columns(Some(noun), before));
    let is_known = !fields::is_erased(&now) && before.as_ref().is_some_and(|before| !fields::is_erased(before));
    let of = |columns: &Value| fields::record(Some(noun), columns);
    let of_before = |before: &Option<Value>| before.as_ref().map(of).unwrap_or_default();
    let changes = if is_known { fields::differences(of_before(&before), of(&now)) } else { BTreeMap::new() };
    if covered {
        before.iter_mut().chain([&mut now]).for_each(|columns| cover::draw(noun.noun, columns));
    }
    let (mut data, mut was) = (of(&now), of_before(&before));
    if !ctx.grants.is_plain() || ctx.grants.own().has_archived() {
        fields::trim(ctx, noun.noun, &mut data);
        fields::trim(ctx, noun.noun, &mut was);
    }
    let seen = if is_known { fields::differences(was, data.clone()) } else { BTreeMap::new() };
    if seen.is_empty() && !changes.is_empty() {
        return None;
    }
    for (field, change) in seen {
        event.changed.push(field.clone());
        event.previous.insert(field, change.before);
    }
    event.data = Some(only(noun, data));
    Some(())
}

/// What the catalogue of the noun knows, which is what its JSON shows; columns that it does not name stay inside.
pub(super) fn only(noun: &Catalogue, data: Map<String, Value>) -> Map<String, Value> {
    let is_known = |name: &str| noun.field(name).is_some() || (name == "custom" && noun.custom.is_some());
    data.into_iter().filter(|(name, _)| is_known(name)).collect()
}
