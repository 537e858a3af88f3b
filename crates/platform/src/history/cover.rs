//! What earlier versions tell of a record that is covered now. Some fields of it are shown to nobody while it is (a lead in
//! a pool): the record itself holds no more of them than may be seen, and what its history and its events have kept from
//! before, or will have from the record's last day, is kept back by this, whoever asks.
use crate::Conn;
use crate::filter::{Part, Question, Value as Bound};
use crate::history::SLACK;
use crate::moment;
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Bool, Uuid as SqlUuid};
use kernel::Ctx;
use kernel::catalogue::Catalogue;
use serde_json::{Map, Value};
use std::collections::HashSet;
use uuid::Uuid;

/// Which nouns can be covered: the column that says so, and those that are kept back.
const COVERED: [(&str, &str, &[&str]); 1] = [("lead", "is_masked", &["email", "phone"])];

fn of(noun: &str) -> Option<(&'static str, &'static [&'static str])> {
    COVERED.iter().find(|(name, ..)| *name == noun).map(|(_, by, columns)| (*by, *columns))
}

/// Those of the records that are covered now, or were so when they went.
pub fn over(conn: &mut Conn, ctx: &Ctx, noun: &'static Catalogue, ids: &[Uuid]) -> QueryResult<HashSet<Uuid>> {
    let Some((by, _)) = of(noun.noun).filter(|_| !ids.is_empty()) else { return Ok(HashSet::new()) };
    let mut parts = vec![Part::Sql("r.id, r."), Part::Name(by), Part::Sql(" FROM "), Part::Name(noun.table)];
    parts.extend([Part::Sql(" AS r WHERE r.tenant_id = "), Part::Bind(Bound::Id(ctx.tenant.0))]);
    parts.extend([Part::Sql(" AND r.id = ANY ("), Part::Bind(Bound::Ids(ids.to_vec())), Part::Sql(")")]);
    let there: Vec<(Uuid, bool)> = Question::<(SqlUuid, Bool)>::new(parts).load(conn)?;
    let gone: Vec<Uuid> = ids.iter().copied().filter(|id| !there.iter().any(|(one, _)| one == id)).collect();
    let last = if gone.is_empty() { Vec::new() } else { last(conn, ctx, by, gone)? };
    Ok(there.into_iter().chain(last).filter(|(_, is_covered)| *is_covered).map(|(id, _)| id).collect())
}

/// As records were kept that are gone.
fn last(conn: &mut Conn, ctx: &Ctx, by: &'static str, gone: Vec<Uuid>) -> QueryResult<Vec<(Uuid, bool)>> {
    let since = gone.iter().map(|id| moment::since(*id, SLACK)).min().unwrap_or_default();
    let mut parts = vec![
        Part::Sql("DISTINCT ON (e.object_id) e.object_id, coalesce(CAST(e.data->>'"),
        Part::Sql(by),
        Part::Sql("' AS bool), FALSE) FROM event_log AS e WHERE e.tenant_id = "),
    ];
    parts.extend([Part::Bind(Bound::Id(ctx.tenant.0)), Part::Sql(" AND e.id >= "), Part::Bind(Bound::Id(since))]);
    parts.extend([Part::Sql(" AND e.object_id = ANY ("), Part::Bind(Bound::Ids(gone))]);
    parts.push(Part::Sql(") ORDER BY e.object_id, e.name LIKE '%.purged' DESC, e.id DESC"));
    Question::<(SqlUuid, Bool)>::new(parts).load(conn)
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
