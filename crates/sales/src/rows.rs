//! What imports that go by the deeds, row by row, have in common.
use kernel::custom::CUSTOM;
use kernel::{Ctx, Error, Fault, Noun, Result, error, rules, shape};
use platform::custom::{self, Of};
use platform::import::Work;
use platform::{Conn, external};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::collections::HashMap;
use uuid::Uuid;
use validator::Validate;

/// The records that rows mean by what another system calls them.
pub fn called<N: Noun>(
    conn: &mut Conn,
    ctx: &Ctx,
    work: &Work,
    rows: &[platform::import::Row],
) -> Result<HashMap<String, Uuid>> {
    let at = work.plan.at("external_id");
    let names: Vec<String> = rows.iter().filter_map(|row| row.text(at).map(str::to_owned)).collect();
    if names.is_empty() {
        return Ok(HashMap::new());
    }
    Ok(external::find_all::<N>(conn, ctx, work.plan.source_system(), &names)?.into_iter().collect())
}

/// Whether a record says already what a row says.
pub fn says_nothing_new(before: &impl Serialize, fields: &Map<String, Value>) -> Result<bool> {
    let before = serde_json::to_value(before).map_err(Error::internal)?;
    let same = |(name, value): (&String, &Value)| match (name.as_str(), value) {
        (CUSTOM, Value::Object(own)) => {
            own.iter().all(|(key, value)| before.get(CUSTOM).and_then(|custom| custom.get(key)) == Some(value))
        }
        _ => before.get(name) == Some(value),
    };
    Ok(fields.iter().all(same))
}

/// The fields of a row as a body, held to the rules that a body is held to.
pub fn body<N: Noun, T: DeserializeOwned + Validate>(ctx: &Ctx, mut fields: Map<String, Value>, of: Of) -> Result<T> {
    let mut faults = Vec::new();
    if of == Of::New || fields.contains_key(CUSTOM) {
        match custom::check(N::NAME, &ctx.grants, fields.get(CUSTOM), of) {
            Ok(own) => drop(fields.insert(CUSTOM.to_owned(), Value::Object(own))),
            Err(wrong) => {
                fields.remove(CUSTOM);
                faults.extend(wrong);
            }
        }
    }
    let body: T = serde_json::from_value(Value::Object(fields))
        .map_err(|e| Error::from(error::INVALID).fault(shape::fault("", &e.to_string(), None)))?;
    faults.extend(rules::faults(&body));
    if faults.is_empty() { Ok(body) } else { Err(Error::from(error::INVALID).faults(faults)) }
}

/// Faults by the names of columns, which `target` finds by the field; a refusal without a place stands for the row.
pub fn placed(work: &Work, error: Error, target: impl Fn(&str) -> String) -> Vec<Fault> {
    if error.faults.is_empty() {
        return vec![Fault::of("", error.code)];
    }
    let place = |fault: Fault| {
        let field = fault.pointer.trim_start_matches('/').replace('/', ".");
        Fault { pointer: work.plan.column(&target(&field)), ..fault }
    };
    error.faults.into_iter().map(place).collect()
}
