//! What earlier versions tell of a record that is covered now. Some fields of it are shown to nobody while it is (a lead in
//! a pool): the record itself holds no more of them than may be seen, and what its history and its events have kept from
//! before, or will have from the record's last day, is kept back by this, whoever asks.
mod store;

pub use store::over;

use crate::Conn;
use diesel::result::QueryResult;
use kernel::Ctx;
use serde_json::{Map, Value};
use uuid::Uuid;

/// Which nouns can be covered: the column that says so, and those that are kept back.
const COVERED: [(&str, &str, &[&str]); 1] = [("lead", "is_masked", &["email", "phone"])];

fn of(noun: &str) -> Option<(&'static str, &'static [&'static str])> {
    COVERED.iter().find(|(name, ..)| *name == noun).map(|(_, by, columns)| (*by, *columns))
}

/// Takes what is covered out of the columns of a version, and whatever else says the same. What was kept while the record
/// was covered holds nothing of it.
pub fn draw(noun: &str, columns: &mut Value) {
    let (Some((by, hidden)), Some(kept)) = (of(noun), columns.as_object_mut()) else { return };
    if kept.get(by) == Some(&Value::Bool(true)) {
        return;
    }
    let told: Vec<Value> = hidden.iter().filter_map(|column| kept.remove(*column)).collect();
    let is_told = |value: &Value| value.is_string() && told.contains(value);
    *kept = std::mem::take(kept).into_iter().filter(|(_, value)| !is_told(value)).collect::<Map<_, _>>();
}

/// One record of a noun by its name.
pub fn is_over(conn: &mut Conn, ctx: &Ctx, noun: &str, id: Uuid) -> QueryResult<bool> {
    match crate::custom::catalogues().and_then(|all| all.get(noun)) {
        Some(noun) => Ok(over(conn, ctx, noun, &[id])?.contains(&id)),
        None => Ok(false),
    }
}
