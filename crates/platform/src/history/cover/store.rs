//! The queries of which records are covered.
use super::of;
use crate::Conn;
use crate::filter::{Part, Question, Value as Bound};
use crate::history::SLACK;
use crate::moment;
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Bool, Uuid as SqlUuid};
use kernel::Ctx;
use kernel::catalogue::Catalogue;
use std::collections::HashSet;
use uuid::Uuid;

/// Those of the records that are covered now, or were so when they went.
pub fn over(conn: &mut Conn, ctx: &Ctx, noun: &'static Catalogue, ids: &[Uuid]) -> QueryResult<HashSet<Uuid>> {
    let Some(by) = of(noun.noun).filter(|_| !ids.is_empty()).map(|covered| covered.by) else {
        return Ok(HashSet::new());
    };
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
