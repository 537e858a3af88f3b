//! The queries of what a reader sees, by the one predicate: over the rows of a noun, and over what its events have kept.
use super::Sight;
use crate::Conn;
use crate::filter::{self, Part, Question, Value};
use crate::history::SLACK;
use crate::moment;
use crate::visible::veil;
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Bool, Uuid as SqlUuid};
use kernel::catalogue::{Catalogue, Catalogues, Owned};
use kernel::{Ctx, EventId};
use std::collections::HashMap;
use uuid::Uuid;

/// Which records are there, and whether each is there for the reader.
pub fn now(
    conn: &mut Conn,
    ctx: &Ctx,
    catalogues: &'static Catalogues,
    noun: &'static Catalogue,
    ids: Vec<Uuid>,
) -> QueryResult<HashMap<Uuid, bool>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let all: Vec<(Uuid, bool)> = filter::seen(ctx, catalogues, noun, ids).load(conn)?;
    Ok(all.into_iter().collect())
}

/// Of records that are gone: whether they were there for the reader when they went.
pub fn last(
    conn: &mut Conn,
    ctx: &Ctx,
    catalogues: &'static Catalogues,
    noun: &'static Catalogue,
    gone: Vec<Uuid>,
) -> QueryResult<HashMap<Uuid, bool>> {
    if gone.is_empty() {
        return Ok(HashMap::new());
    }
    let since = made(gone.iter());
    let mut parts = vec![Part::Sql("r.id, ")];
    parts.extend(filter::beheld(ctx, catalogues, noun, "r"));
    parts.push(Part::Sql(" FROM (SELECT DISTINCT ON (e.object_id) e.object_id AS id"));
    parts.extend(standing(noun, "e"));
    parts.extend([Part::Sql(" FROM event_log AS e WHERE e.tenant_id = "), Part::Bind(Value::Id(ctx.tenant.0))]);
    parts.extend([Part::Sql(" AND e.id >= "), since, Part::Sql(" AND e.object_id = ANY (")]);
    parts.extend([
        Part::Bind(Value::Ids(gone)),
        Part::Sql(") ORDER BY e.object_id, e.name LIKE '%.purged' DESC, e.id DESC) AS r"),
    ]);
    let all: Vec<(Uuid, bool)> = Question::<(SqlUuid, Bool)>::new(parts).load(conn)?;
    Ok(all.into_iter().collect())
}

/// Of records as they were kept before each of these events, and after it.
pub fn then(
    conn: &mut Conn,
    ctx: &Ctx,
    catalogues: &'static Catalogues,
    noun: &'static Catalogue,
    events: &[(EventId, Uuid)],
) -> QueryResult<HashMap<EventId, Sight>> {
    if events.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<Uuid> = events.iter().map(|(id, _)| id.0).collect();
    let records: Vec<Uuid> = events.iter().map(|(_, record)| *record).collect();
    let bound = |id: Option<&Uuid>| Part::Bind(Value::Id(id.copied().unwrap_or_default()));
    let which = || {
        let records = Part::Bind(Value::Ids(records.clone()));
        let mut parts = vec![
            Part::Sql(" WHERE e.tenant_id = "),
            Part::Bind(Value::Id(ctx.tenant.0)),
            Part::Sql(" AND e.object_id = ANY ("),
        ];
        parts.extend([records, Part::Sql(") AND e.id = ANY ("), Part::Bind(Value::Ids(ids.clone()))]);
        parts.extend([Part::Sql(") AND e.id >= "), bound(ids.iter().min()), Part::Sql(" AND e.id <= ")]);
        parts.push(bound(ids.iter().max()));
        parts
    };
    let mut parts = vec![Part::Sql("r.event_id, r.is_before, ")];
    parts.extend(filter::beheld(ctx, catalogues, noun, "r"));
    parts.push(Part::Sql(" FROM (SELECT e.id AS event_id, FALSE AS is_before, e.object_id AS id"));
    parts.extend(standing(noun, "e"));
    parts.push(Part::Sql(" FROM event_log AS e"));
    parts.extend(which());
    parts.push(Part::Sql(" UNION ALL SELECT e.id, TRUE, e.object_id"));
    parts.extend(standing(noun, "p"));
    parts.push(Part::Sql(
        " FROM event_log AS e CROSS JOIN LATERAL (SELECT b.data FROM event_log AS b WHERE b.tenant_id = e.tenant_id \
         AND b.object_id = e.object_id AND (b.version, b.id) < (e.version, e.id) AND b.id >= ",
    ));
    parts.extend([made(records.iter()), Part::Sql(" ORDER BY b.version DESC, b.id DESC LIMIT 1) AS p")]);
    parts.extend(which());
    parts.push(Part::Sql(") AS r"));
    let all: Vec<(EventId, bool, bool)> = Question::<(SqlUuid, Bool, Bool)>::new(parts).load(conn)?;
    let mut sights: HashMap<EventId, Sight> = HashMap::new();
    for (event, is_before, seen) in all {
        let sight = sights.entry(event).or_default();
        if is_before { sight.before = seen } else { sight.after = seen }
    }
    Ok(sights)
}

/// None of these records has an event with a smaller id.
fn made<'a>(records: impl Iterator<Item = &'a Uuid>) -> Part {
    let first = records.map(|record| moment::since(*record, SLACK)).min();
    Part::Bind(Value::Id(first.unwrap_or_default()))
}

/// `, (e.data->>'owner_id')::uuid AS owner_id`: the columns that decide who sees a row of the noun.
fn standing(noun: &'static Catalogue, row: &'static str) -> Vec<Part> {
    let columns: &[&'static str] = match &noun.owned {
        Owned::Rows { owner, team } => &[*owner, *team],
        Owned::Part { column, .. } => &[*column],
        Owned::Shared => &[],
    };
    let one = |column: &'static str| {
        let named = [Part::Sql(") AS "), Part::Name(column)];
        let kept = [Part::Sql(", CAST("), Part::Name(row), Part::Sql(".data->>'"), Part::Sql(column)];
        kept.into_iter().chain([Part::Sql("' AS uuid")]).chain(named)
    };
    let mut parts: Vec<Part> = columns.iter().copied().flat_map(one).collect();
    if veil::is_veiled(noun) {
        parts.extend([Part::Sql(", ARRAY(SELECT jsonb_array_elements_text("), Part::Name(row), Part::Sql(".data->'")]);
        parts.extend([Part::Sql(veil::NEEDS), Part::Sql("')) AS "), Part::Name(veil::NEEDS)]);
    }
    parts
}
