//! What is held of somebody, as one JSON document: by table, with what each column tells. Secrets are never in it.
//!
//! `{"format": "guanxi-privacy/1", "kind", "made_at", "subject": {"resource", "id"}, "tables": [{"name",
//! "columns": {"email": {"tells": "personal", "about": "contact"}}, "rows": [{"email": …}]}]}`. An access tells all;
//! portability what somebody gave and did, and nothing that was written or reckoned about them.
use super::circle::{Circle, Subject};
use super::plan::{Column, Laid, Plan};
use super::statement::{Row, Statement};
use super::{Data, Whose, files, twin};
use crate::Conn;
use chrono::{DateTime, SecondsFormat, Utc};
use kernel::{Error, Result};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::Path;

pub const FORMAT: &str = "guanxi-privacy/1";

/// How much is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Access,
    Portability,
}

/// What was written.
#[derive(Clone, Debug)]
pub struct Written {
    pub size: i64,
    pub sha256: String,
    /// rows by table
    pub rows: Map<String, Value>,
}

/// The document.
pub fn gather(
    conn: &mut Conn,
    plan: &Plan,
    data_dir: &Path,
    subject: Subject,
    scope: Scope,
    now: DateTime<Utc>,
) -> Result<Value> {
    let person = twin::whole(conn, subject)?;
    let mut circle = Circle::find(conn, plan, person, &[])?;
    let held = files::holding(conn, data_dir, &circle, false)?;
    circle.add("imports", held);
    let mut tables = Vec::new();
    for table in &plan.tables {
        let columns: Vec<&Column> =
            table.columns.iter().filter(|column| is_told(table, column, &circle, scope)).collect();
        if columns.is_empty() {
            continue;
        }
        let rows = rows(conn, plan, &circle, table, &columns)?;
        if !rows.is_empty() {
            let meaning: Map<String, Value> =
                columns.iter().map(|column| (column.name.to_owned(), meaning(column))).collect();
            tables.push(json!({"name": table.name, "columns": meaning, "rows": rows}));
        }
    }
    Ok(document(scope, now, json!({"resource": subject.table, "id": subject.id}), tables))
}

/// The document for somebody of whom nothing is held.
pub fn nothing(scope: Scope, now: DateTime<Utc>) -> Value {
    document(scope, now, Value::Null, Vec::new())
}

fn document(scope: Scope, now: DateTime<Utc>, subject: Value, tables: Vec<Value>) -> Value {
    let kind = if scope == Scope::Access { "access" } else { "portability" };
    let made_at = now.to_rfc3339_opts(SecondsFormat::Secs, true);
    json!({"format": FORMAT, "kind": kind, "made_at": made_at, "subject": subject, "tables": tables})
}

/// Writes it down, for the eyes of the server's user alone.
pub fn write(path: &Path, document: &Value) -> Result<Written> {
    let bytes = serde_json::to_vec_pretty(document).map_err(Error::internal)?;
    if let Some(folder) = path.parent() {
        crate::private::folder(folder).map_err(Error::internal)?;
    }
    let open = crate::private::file().create(true).write(true).truncate(true).open(path);
    open.and_then(|mut file| file.write_all(&bytes).and_then(|()| file.sync_all())).map_err(Error::internal)?;
    let sha256 = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let tables = document.get("tables").and_then(Value::as_array).into_iter().flatten();
    let rows = tables.filter_map(|table| {
        let rows = table.get("rows").and_then(Value::as_array)?.len();
        Some((table.get("name")?.as_str()?.to_owned(), rows.into()))
    });
    Ok(Written { size: i64::try_from(bytes.len()).map_err(Error::internal)?, sha256, rows: rows.collect() })
}

fn is_told(table: &Laid, column: &Column, circle: &Circle, scope: Scope) -> bool {
    let root = circle.subject.table;
    let told = column.tells_of(root) && column.kind != "tsvector";
    match (scope, column.tag.data) {
        (_, Data::Secret | Data::Technical) => false,
        (Scope::Access, _) => told,
        // what others wrote, and how somebody is sorted, they did not give
        (Scope::Portability, _) if column.tag.whose == Whose::Anyone => false,
        (Scope::Portability, Data::Personal | Data::Sensitive) => told,
        (Scope::Portability, Data::Statistic) => told && table.name != root,
        (Scope::Portability, Data::Identifier | Data::Derived) => false,
    }
}

fn meaning(column: &Column) -> Value {
    let tells = format!("{:?}", column.tag.data).to_lowercase();
    let about = format!("{:?}", column.tag.whose).to_lowercase();
    json!({"tells": tells, "about": about})
}

fn rows(conn: &mut Conn, plan: &Plan, circle: &Circle, table: &Laid, columns: &[&Column]) -> Result<Vec<Value>> {
    let mut statement = Statement::new("SELECT NULL::uuid AS id, jsonb_build_object(");
    for (at, column) in columns.iter().enumerate() {
        statement.sql(if at > 0 { ", " } else { "" }).word(column.name).sql(", ");
        match column.kind.as_str() {
            "bytea" => statement.sql("encode(").name(column.name).sql(", 'hex')"),
            _ => statement.name(column.name),
        };
    }
    statement.sql(") AS data FROM ").name(table.name);
    if !circle.place(plan, table, &mut statement) {
        return Ok(Vec::new());
    }
    let theirs: Vec<String> =
        circle.all().iter().map(ToString::to_string).chain(circle.words.iter().cloned()).collect();
    let told = |mut row: Value| {
        for column in columns.iter().filter(|column| column.tag.whose == Whose::Anyone) {
            if let Some(value) = row.get_mut(column.name) {
                if column.kind == "bytea" {
                    *value = read(value);
                }
                without_others(value, &theirs);
            }
        }
        row
    };
    Ok(statement.load::<Row>(conn)?.into_iter().map(|row| told(row.data)).collect())
}

/// Bytes as the JSON or the text that they are.
fn read(hex: &Value) -> Value {
    let Some(hex) = hex.as_str() else { return Value::Null };
    let pair = |pair: &[u8]| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok());
    let bytes: Vec<u8> = hex.as_bytes().chunks(2).filter_map(pair).collect();
    serde_json::from_slice(&bytes).unwrap_or_else(|_| String::from_utf8_lossy(&bytes).into_owned().into())
}

/// Of a list of records, those that are theirs: an answer to a batch tells of others too.
fn without_others(value: &mut Value, theirs: &[String]) {
    match value {
        Value::Array(items) => {
            items.retain(|item| {
                let text = item.to_string().to_lowercase();
                !(item.is_object() || item.is_array()) || theirs.iter().any(|word| text.contains(&word.to_lowercase()))
            });
            items.iter_mut().for_each(|item| without_others(item, theirs));
        }
        Value::Object(members) => members.values_mut().for_each(|member| without_others(member, theirs)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{read, without_others};
    use serde_json::json;

    #[test]
    fn a_list_of_records_tells_of_nobody_else() {
        let mut answer = json!({"results": [{"name": "Ada", "n": [1, 2]}, {"name": "Bob"}], "tags": ["x"]});
        without_others(&mut answer, &["Ada".to_owned()]);
        assert_eq!(answer, json!({"results": [{"name": "Ada", "n": [1, 2]}], "tags": ["x"]}));
    }

    #[test]
    fn bytes_are_told_as_what_they_are() {
        assert_eq!(read(&json!("7b2261223a317d")), json!({"a": 1}));
        assert_eq!(read(&json!("6869")), json!("hi"));
    }
}
