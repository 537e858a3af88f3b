//! What records are found by, made anew where a field of the tenant's own comes to be searched, or is so no more: until
//! it is done, records are found by the words of the definition before. Each chunk goes by the definitions in force, under
//! the lock of whoever writes fields, so that of two such jobs the older writes nothing that the newer would not; done
//! twice, it finds nothing to do.
mod store;

use super::{store as definitions, words};
use crate::Conn;
use crate::import::records::lexemes;
use crate::job::{self, Held, JobProgress};
use crate::privacy::statement::Row;
use crate::search::Words;
use diesel::Connection;
use kernel::Result;
use kernel::catalogue::{Catalogue, Catalogues, Owned, Searched};
use kernel::custom::{CUSTOM, Own};
use serde_json::{Map, Value};
use uuid::Uuid;

/// The kind of the job.
pub const KIND: &str = "custom_words";
/// Records in one transaction.
const CHUNK: i64 = 500;

/// Goes through all records of the noun; `is_stopping`: the worker is about to end, and the job goes back to the queue.
pub fn run(
    conn: &mut Conn,
    held: &Held,
    catalogues: &'static Catalogues,
    noun: &'static Catalogue,
    is_stopping: &dyn Fn() -> bool,
) -> Result<()> {
    let (mut after, mut looked, mut more) = (None, 0, true);
    while more {
        if is_stopping() {
            return job::release(conn, held);
        }
        let told = JobProgress { done: looked, total: None, unit: "rows" }.json();
        let done = conn.transaction(|conn| match job::tell(conn, held, &told)? {
            true => Ok(None),
            false => chunk(conn, held, catalogues, noun, after).map(Some),
        });
        let Some(ids) = done? else { return job::end(conn, held, "cancelled", None) };
        let many = i64::try_from(ids.len()).unwrap_or(i64::MAX);
        looked += many;
        more = many == CHUNK;
        after = ids.last().copied().or(after);
    }
    job::end(conn, held, "succeeded", None)
}

fn chunk(
    conn: &mut Conn,
    held: &Held,
    catalogues: &'static Catalogues,
    noun: &'static Catalogue,
    after: Option<Uuid>,
) -> Result<Vec<Uuid>> {
    definitions::shared(conn, held.tenant_id, noun.noun)?;
    let versions = definitions::versions(conn, held.tenant_id)?;
    let fields = definitions::fields(conn, held.tenant_id, versions)?;
    let own = fields.get(noun.noun).map_or(&[][..], |of| &of.fields);
    let is_part = |one: &&Catalogue| matches!(one.owned, Owned::Part { of, .. } if of == noun.noun);
    let parts: Vec<&'static Catalogue> = catalogues.all().filter(is_part).collect();
    let rows = store::some(conn, held.tenant_id, noun, &parts, after, CHUNK)?;
    let found: Vec<(Uuid, String)> =
        rows.into_iter().filter_map(|Row { id, data }| Some((id?, lexemes(&found_by(noun, own, &data))))).collect();
    store::write(conn, held.tenant_id, noun, &found)?;
    Ok(found.into_iter().map(|(id, _)| id).collect())
}

/// As the rooms make them, of what the catalogue says is searched.
fn found_by(noun: &Catalogue, own: &[Own], row: &Value) -> Vec<String> {
    let text = |name: &str| row.get(name).and_then(Value::as_str);
    let texts = noun.fields.iter().filter_map(|field| Some((field.searched?, text(field.name)?)));
    let all = texts.fold(Words::new(), |all, (how, text)| match how {
        Searched::Name => all.name(text),
        Searched::Text => all.text(text),
        Searched::Whole => all.whole(text),
        Searched::Phone => all.phone(text),
    });
    let parts = row.get(store::PARTS).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let all = parts.fold(all, |all, text| if text.starts_with('+') { all.phone(text) } else { all.whole(text) });
    let none = Map::new();
    let custom = row.get(CUSTOM).and_then(Value::as_object).unwrap_or(&none);
    words::add_all(all, own.iter().filter(|own| own.is_searched), custom).lexemes()
}
