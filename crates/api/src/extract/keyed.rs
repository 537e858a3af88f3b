//! What is asked for by a key, in a path or in a batch: the key is one that its sender sees, and the body is read both as
//! a new record and as a change.
use super::body::{Body, read};
use super::sighted;
use crate::key::{self, KeyPath, external, no_value, unknown_key};
use crate::sight::Sight;
use kernel::custom::CUSTOM;
use kernel::{Error, Grants, Region, Result, error, shape, text};
use platform::custom;
use platform::deed::{Mode, Upsert};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

/// Whether records of this shape may be asked for by the key, and the value could be one of its.
pub fn is_one<N: ToSchema>(path: &KeyPath, grants: &Grants) -> Result<()> {
    is_seen::<N>(path, grants)?;
    match path.is_whole() {
        true => Ok(()),
        false => Err(Error::invalid("/value", "required", text!("names nothing"))),
    }
}

/// A key that is hidden is none.
fn is_seen<N: ToSchema>(KeyPath { key, value }: &KeyPath, grants: &Grants) -> Result<()> {
    if let Some(own) = key::own(key) {
        let all = grants.own();
        let own = Sight::of_the_house().noun::<N>().and_then(|noun| Some((noun, all.get(noun, own)?)));
        let seen = own.is_some_and(|(noun, own)| own.is_unique && !grants.hides(noun, key));
        let fits = own.is_some_and(|(_, own)| custom::normal(own, value, grants.phone_region()).is_some());
        return match (seen, fits) {
            (false, _) => Err(unknown_key(key)),
            (true, true) => Ok(()),
            (true, false) => Err(no_value()),
        };
    }
    if grants.is_plain() {
        return Ok(());
    }
    let hidden = match (external(key), Sight::of_the_house().noun::<N>()) {
        (Some(_), _) => grants.hides("external_ref", "external_id"),
        (None, Some(noun)) => key.split(',').any(|one| grants.hides(noun, one)),
        (None, None) => false,
    };
    if hidden { Err(unknown_key(key)) } else { Ok(()) }
}

/// Both readings of one body. That it cannot be a new record is a fault only if there is none yet; a new record takes
/// the key it is asked for by as its own.
pub fn upsert<N: Body, P: Body>(
    bytes: &[u8],
    path: &KeyPath,
    mode: Mode,
    base: Option<i32>,
    grants: &Grants,
) -> Result<Upsert<N, P>> {
    let (makes, changes) = (members_of::<N>(), members_of::<P>());
    let mut whole: Value = serde_json::from_slice(bytes).map_err(|e| shape::malformed(&e))?;
    if !grants.is_plain() && sighted::hide::<N>(&mut whole, grants) {
        read::<N>(bytes, grants)?;
    }
    own_key::<N>(&mut whole, &path.key, &path.value, grants)?;
    let (mut new, mut patch) = (whole.clone(), whole);
    if let Some(members) = new.as_object_mut() {
        for (key, value) in path.members().into_iter().filter(|(key, _)| makes.iter().any(|one| one == key)) {
            takes(members, key, value, grants.phone_region())?;
        }
    }
    if let Some(members) = patch.as_object_mut() {
        members.retain(|name, _| changes.contains(name) || !makes.contains(name));
    }
    let bytes = |value| serde_json::to_vec(value).map_err(Error::internal);
    let new = match read::<N>(&bytes(&new)?, grants) {
        Ok(new) => Ok(new),
        Err(error) if error.code == error::INVALID => Err(error.faults),
        Err(error) => return Err(error),
    };
    Ok(Upsert { mode, base, new, patch: read::<P>(&bytes(&patch)?, grants)? })
}

/// A new record has the key as its own; a body that says otherwise is about another record.
fn takes(members: &mut Map<String, Value>, key: &str, value: &str, region: Option<Region>) -> Result<()> {
    let alike = |text: &str| match key {
        "phone" => key::phone(text.to_owned(), region),
        _ => text.trim().to_lowercase(),
    };
    let same = |given: &Value| given.as_str().is_none_or(|given| alike(given) == alike(value));
    if !members.get(key).is_none_or(same) {
        let message = text!("differs from the key that is asked for");
        return Err(Error::invalid(format!("/{key}"), "key_mismatch", message));
    }
    members.entry(key).or_insert_with(|| Value::String(value.to_owned()));
    Ok(())
}

/// A record takes the unique field of the tenant's own that it is asked for by.
fn own_key<N: ToSchema>(whole: &mut Value, key: &str, value: &str, grants: &Grants) -> Result<()> {
    let (all, region) = (grants.own(), grants.phone_region());
    let noun = Sight::of_the_house().noun::<N>();
    let Some(own) = noun.zip(key::own(key)).and_then(|(noun, key)| all.get(noun, key)) else { return Ok(()) };
    let Some(members) = whole.as_object_mut() else { return Ok(()) };
    let Some(fields) = members.entry(CUSTOM).or_insert_with(|| Value::Object(Default::default())).as_object_mut()
    else {
        return Ok(());
    };
    let normal = custom::normal(own, value, region).unwrap_or_default();
    let told = |given: &Value| given.as_str().map_or_else(|| given.to_string(), str::to_owned);
    let same = |given: &Value| custom::normal(own, &told(given), region).is_none_or(|given| given == normal);
    if !fields.get(&own.key).is_none_or(same) {
        let told = text!("differs from the key that is asked for");
        return Err(Error::invalid(format!("/{CUSTOM}/{}", own.key), "key_mismatch", told));
    }
    let value = match own.holds {
        kernel::custom::Type::Int => normal.parse::<i64>().map(Value::from).unwrap_or_default(),
        _ => Value::String(normal),
    };
    fields.entry(own.key.clone()).or_insert(value);
    Ok(())
}

/// Kept by the name of the schema: a batch asks it of each item.
fn members_of<T: ToSchema>() -> Arc<[String]> {
    static KNOWN: Mutex<BTreeMap<String, Arc<[String]>>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let of_schema = || match T::schema() {
        RefOr::T(Schema::Object(schema)) => schema.properties.keys().cloned().collect(),
        _ => Arc::default(),
    };
    Arc::clone(known.entry(T::name().into_owned()).or_insert_with(of_schema))
}
