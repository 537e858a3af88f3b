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

/// A noun whose records can be covered.
struct Covered {
    noun: &'static str,
    /// the column that says so
    by: &'static str,
    hidden: &'static [&'static str],
    /// what a record is called, which may be one of those that are hidden, of this version or an earlier one
    name: &'static str,
}

const COVERED: [Covered; 1] =
    [Covered { noun: "lead", by: "is_masked", hidden: &["email", "phone", "phone_text"], name: "display_name" }];

fn of(noun: &str) -> Option<&'static Covered> {
    COVERED.iter().find(|covered| covered.noun == noun)
}

/// Takes what is covered out of the columns of a version, and whatever else says the same. What was kept while the record
/// was covered holds nothing of it.
pub fn draw(noun: &str, columns: &mut Value) {
    let (Some(covered), Some(kept)) = (of(noun), columns.as_object_mut()) else { return };
    if kept.get(covered.by) == Some(&Value::Bool(true)) {
        return;
    }
    if kept.get(covered.name).and_then(Value::as_str).is_some_and(reaches) {
        kept.remove(covered.name);
    }
    let told: Vec<Value> = covered.hidden.iter().filter_map(|column| kept.remove(*column)).collect();
    let is_told = |value: &Value| value.is_string() && told.contains(value);
    *kept = std::mem::take(kept).into_iter().filter(|(_, value)| !is_told(value)).collect::<Map<_, _>>();
}

/// Whether a name is no name, but an address or a number.
fn reaches(name: &str) -> bool {
    name.contains('@') || name.chars().filter(char::is_ascii_digit).count() > 5
}

/// One record of a noun by its name.
pub fn is_over(conn: &mut Conn, ctx: &Ctx, noun: &str, id: Uuid) -> QueryResult<bool> {
    match crate::custom::catalogues().and_then(|all| all.get(noun)) {
        Some(noun) => Ok(over(conn, ctx, noun, &[id])?.contains(&id)),
        None => Ok(false),
    }
}
