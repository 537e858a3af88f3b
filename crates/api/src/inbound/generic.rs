//! What an ERP or a till sends, by a mapping of the tenant's own. Its columns are paths into the payload: `customer.email`
//! is a member of a member, and `lines[].sku` makes a row of every line. A payload that is a list is many records.
use super::json::{self, at, instant, list};
use super::{Change, Rows, unreadable};
use crate::worker::handlers::importer;
use kernel::{Ctx, Error, Fault, Result, error, text};
use platform::connection::Connection;
use platform::import::direct::Sheet;
use platform::import::{Mapping, Plan};
use serde_json::Value;

/// What opens a list.
const EACH: &str = "[]";
/// The targets that say which record it is, by resource.
const KEYS: [(&str, &[&str]); 5] = [
    ("accounts", &["external_id", "tax_number", "name"]),
    ("contacts", &["external_id", "email"]),
    ("products", &["external_id", "sku"]),
    ("orders", &["external_id", "number"]),
    ("order_lines", &["order.external_id", "order.number"]),
];

fn keys(resource: &str) -> &'static [&'static str] {
    KEYS.iter().find(|(name, _)| *name == resource).map_or(&[], |(_, keys)| *keys)
}

/// Whether a mapping can be used by whoever sets it up; where it is none of a list, or of two, it cannot.
pub fn check(ctx: &Ctx, kind: &str, system: &str, mapping: Option<&Value>) -> Result<()> {
    let Some(mapping) = mapping else {
        let missing = || Fault::new("/mapping", "required", text!("says what the payloads become"));
        return if kind == "generic" { Err(Error::from(error::INVALID).fault(missing())) } else { Ok(()) };
    };
    if kind != "generic" {
        return Err(Error::invalid(
            "/mapping",
            "kind",
            text!("only what a generic connection is sent needs a mapping"),
        ));
    }
    let mapping = of_system(Mapping::read(mapping)?, system);
    let header: Vec<String> = mapping.columns.iter().map(|column| column.column.clone()).collect();
    let lists: Vec<&str> = header.iter().filter_map(|path| path.split_once(EACH)).map(|(list, _)| list).collect();
    let nested = header.iter().any(|path| path.matches(EACH).count() > 1);
    if nested || lists.windows(2).any(|two| matches!(two, [one, other] if one != other)) {
        return Err(Error::invalid("/mapping/columns", "lists", text!("the paths go into more than one list")));
    }
    let keys = keys(&mapping.resource);
    let (importer, targets) = (importer(&mapping.resource)?, mapping.columns.iter().map(|column| column.to.as_str()));
    let is_keyed = targets.into_iter().any(|target| keys.contains(&target));
    Plan::new(importer, mapping, &header, &ctx.grants)?;
    let unkeyed = || Error::invalid("/mapping/columns", "required", text!("nothing says which record it is"));
    if is_keyed { Ok(()) } else { Err(unkeyed()) }
}

fn of_system(mapping: Mapping, system: &str) -> Mapping {
    Mapping { source_system: Some(system.to_owned()), ..mapping }
}

pub fn read(connection: &Connection, payload: &Value) -> Result<Vec<Change>> {
    let mapping = connection.mapping.as_ref().ok_or_else(|| unreadable("the connection has no mapping"))?;
    let mut mapping = of_system(Mapping::read(mapping)?, &connection.source_system);
    mapping.time_zone = mapping.time_zone.or_else(|| connection.time_zone.clone());
    let records = match payload {
        Value::Array(records) => records.as_slice(),
        one => std::slice::from_ref(one),
    };
    records.iter().map(|record| rows(connection, &mapping, record).map(|rows| Change::Rows(Box::new(rows)))).collect()
}

fn rows(connection: &Connection, mapping: &Mapping, record: &Value) -> Result<Rows> {
    let paths: Vec<String> = mapping.columns.iter().map(|column| column.column.clone()).collect();
    let within = paths.iter().find_map(|path| path.split_once(EACH)).map(|(list, _)| list);
    let items: Vec<&Value> = match within {
        Some("") => return Err(unreadable("a list of records needs no path")),
        Some(place) => list(record, place).iter().collect(),
        None => vec![record],
    };
    let cell = |item: &Value, path: &String| match path.split_once(EACH) {
        Some((_, "")) => json::text(&serde_json::json!({"x": item}), "x"),
        Some((_, rest)) => json::text(item, rest.trim_start_matches('.')),
        None => json::text(record, path),
    };
    let rows: Vec<Vec<Option<String>>> =
        items.into_iter().map(|item| paths.iter().map(|path| cell(item, path)).collect()).collect();
    let keys = keys(&mapping.resource);
    let key = keys.iter().find_map(|key| {
        let place = mapping.columns.iter().position(|column| column.to == *key)?;
        rows.first()?.get(place)?.clone()
    });
    let key = key.ok_or_else(|| unreadable("nothing says which record it is"))?;
    let changed_at =
        connection.changed_at_path.as_ref().and_then(|path| at(record, path).map(|_| instant(record, path)));
    let sheet = Sheet { mapping: mapping.clone(), header: paths, rows };
    Ok(Rows { key, changed_at: changed_at.flatten(), sheet, keys })
}
