//! Who has come into a segment, or left it: told to those who see both, the segment and the record.
use super::seen::{self, sees_all};
use super::store::Row;
use crate::Conn;
use crate::history::fields;
use kernel::catalogue::{Catalogue, Catalogues};
use kernel::{Ctx, EventId, Result};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

pub const NOUN: &str = "segment_member";

/// The events among these whose record the reader sees, or saw last.
pub fn seen(
    conn: &mut Conn,
    ctx: &Ctx,
    catalogues: &'static Catalogues,
    noun: &'static Catalogue,
    rows: &[&Row],
) -> Result<BTreeSet<EventId>> {
    let mut by_noun: BTreeMap<&str, Vec<(EventId, Uuid)>> = BTreeMap::new();
    for row in rows {
        let told = fields::columns(Some(noun), &row.data);
        let text = |name: &str| told.get(name).and_then(Value::as_str);
        let of = text("resource").and_then(|resource| catalogues.get(resource));
        if let Some((of, record)) = of.zip(text("record_id").and_then(|id| id.parse().ok())) {
            by_noun.entry(of.noun).or_default().push((row.id, record));
        }
    }
    let mut all = BTreeSet::new();
    for (of, events) in by_noun {
        let Some(of) = catalogues.get(of) else { continue };
        if sees_all(ctx, of) {
            all.extend(events.iter().map(|(event, _)| *event));
            continue;
        }
        let ids: BTreeSet<Uuid> = events.iter().map(|(_, record)| *record).collect();
        let mut known = seen::now(conn, ctx, catalogues, of, ids.iter().copied().collect())?;
        let gone = ids.into_iter().filter(|id| !known.contains_key(id)).collect();
        known.extend(seen::last(conn, ctx, catalogues, of, gone)?);
        let is_seen = |record: &Uuid| known.get(record).copied().unwrap_or_default();
        all.extend(events.iter().filter(|(_, record)| is_seen(record)).map(|(event, _)| *event));
    }
    Ok(all)
}
