//! The tenant's own fields of rows.
use super::{Draft, Room};
use crate::custom::{self, Of};
use crate::import::many::Columns;
use kernel::custom::{CUSTOM, STAMP, Type};
use kernel::{Ctx, Fault};
use serde_json::{Map, Value};

/// With those of the tenant's own fields.
pub fn own_words<R: Room>(ctx: &Ctx, columns: &Columns, words: Vec<String>) -> Vec<String> {
    match R::CATALOGUE.custom.and_then(|column| columns.get(column)?.as_object()) {
        Some(own) => custom::words(ctx, R::CATALOGUE.noun, own, words),
        None => words,
    }
}

/// What a room knows of; the tenant's own fields are looked at apart.
/// And no body says what a number was given as.
pub fn bare<R: Room>(fields: &Map<String, Value>) -> Map<String, Value> {
    let said = |name: &str| R::CATALOGUE.field(name).is_none_or(|field| field.text_of.is_none());
    let known = fields.iter().filter(|(name, _)| *name != CUSTOM && said(name));
    known.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// The tenant's own fields in the form in which they are kept, or what is wrong with them. The definitions stay as they
/// are until the chunk is written ([`custom::hold`]), so nothing says by which of them it was looked at.
pub fn settled<R: Room>(ctx: &Ctx, draft: &mut Draft, of: Of) -> Vec<Fault> {
    if R::CATALOGUE.custom.is_none() {
        return Vec::new();
    }
    listed::<R>(ctx, draft);
    match custom::check(R::CATALOGUE.noun, &ctx.grants, draft.fields.get(CUSTOM), of) {
        Err(faults) => faults,
        Ok(mut own) => {
            own.remove(STAMP);
            if !own.is_empty() {
                draft.fields.insert(CUSTOM.to_owned(), Value::Object(own));
            }
            Vec::new()
        }
    }
}

/// Several options stand in one cell, with `;` or `,` between them, or as the list that NDJSON has there.
fn listed<R: Room>(ctx: &Ctx, draft: &mut Draft) {
    let all = ctx.grants.own();
    let Some(given) = draft.fields.get_mut(CUSTOM).and_then(Value::as_object_mut) else { return };
    for own in all.of(R::CATALOGUE.noun).iter().filter(|own| own.holds == Type::Options) {
        if let Some(value) = given.get_mut(&own.key)
            && let Some(text) = value.as_str()
        {
            let split =
                || text.split([';', ',']).map(str::trim).filter(|one| !one.is_empty()).map(Value::from).collect();
            *value = serde_json::from_str::<Vec<Value>>(text).unwrap_or_else(|_| split()).into();
        }
    }
}
