//! Which records the rows of a chunk mean: by what they are called, by a unique field, or by likeness.
use super::{Draft, Room};
use crate::import::many::{self, Columns};
use crate::import::{Duplicates, Work};
use crate::{Conn, external};
use kernel::{Ctx, Error, Record, Result};
use serde_json::{Map, Value};
use std::collections::HashMap;
use uuid::Uuid;

/// Where a record was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Found {
    Itself(Uuid),
    Called(Uuid),
    Unique(Uuid),
    Alike(Uuid),
}

impl Found {
    pub fn id(self) -> Uuid {
        let (Self::Itself(id) | Self::Called(id) | Self::Unique(id) | Self::Alike(id)) = self;
        id
    }
}

/// The records that the rows mean, by the places of the rows.
pub fn find<R: Room>(conn: &mut Conn, ctx: &Ctx, work: &Work, wave: &[Draft]) -> Result<HashMap<usize, Found>> {
    let mut found: HashMap<usize, Found> = HashMap::new();
    let ids: Vec<Uuid> = wave.iter().filter_map(|draft| draft.id).collect();
    if !ids.is_empty() {
        let there: Vec<Uuid> = R::lock(conn, ctx, &ids)?.iter().map(|one| one.id().into()).collect();
        let own = wave.iter().filter_map(|draft| Some((draft.row, draft.id.filter(|id| there.contains(id))?)));
        found.extend(own.map(|(row, id)| (row, Found::Itself(id))));
    }
    // of a row that says its own id nothing else says whom it means
    let wave: Vec<&Draft> = wave.iter().filter(|draft| draft.id.is_none()).collect();
    let called: Vec<String> = wave.iter().filter_map(|draft| draft.external_id.clone()).collect();
    if !called.is_empty() {
        let known = external::find_all::<R::Record>(conn, ctx, work.plan.source_system(), &called)?;
        let known: HashMap<String, Uuid> = known.into_iter().collect();
        for draft in &wave {
            if let Some(id) = draft.external_id.as_ref().and_then(|id| known.get(id)) {
                found.insert(draft.row, Found::Called(*id));
            }
        }
    }
    let fields = R::UNIQUE.iter().map(|field| Some(*field));
    let alike = (work.duplicates != Duplicates::Allow).then_some(None);
    for field in fields.chain(alike) {
        let open = || wave.iter().filter(|draft| !found.contains_key(&draft.row));
        let values: Vec<String> = open().filter_map(|draft| value::<R>(&draft.fields, field)).collect();
        if values.is_empty() {
            continue;
        }
        let mut known: HashMap<String, Uuid> = HashMap::new();
        for one in R::with(conn, ctx, field, &values)? {
            if let Some(value) = value::<R>(&standing::<R>(&one)?, field) {
                known.entry(value).or_insert(one.id().into());
            }
        }
        let hit = |draft: &&Draft| Some((draft.row, *known.get(&value::<R>(&draft.fields, field)?)?));
        let hits: Vec<(usize, Uuid)> = open().filter_map(hit).collect();
        let kind = |id| if field.is_some() { Found::Unique(id) } else { Found::Alike(id) };
        found.extend(hits.into_iter().map(|(row, id)| (row, kind(id))));
    }
    Ok(found)
}

fn value<R: Room>(fields: &Map<String, Value>, field: Option<&str>) -> Option<String> {
    match field {
        Some(field) => fields.get(field)?.as_str().map(str::to_owned),
        None => R::alike(fields),
    }
}

pub fn standing<R: Room>(record: &R::Record) -> Result<Columns> {
    match serde_json::to_value(record).map_err(Error::internal)? {
        Value::Object(fields) => Ok(many::to_columns(R::CATALOGUE, &fields)),
        _ => Ok(Columns::new()),
    }
}
