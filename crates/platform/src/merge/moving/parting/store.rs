//! The queries of what goes back to where it was.
use super::super::store::{Lists, key, name, told};
use super::super::{Reference, Union, Way};
use crate::Conn;
use crate::merge::table_of;
use crate::privacy::statement::Statement;
use diesel::QueryableByName;
use diesel::result::QueryResult;
use diesel::sql_types as sql;
use kernel::{Ctx, MergeId};
use uuid::Uuid;

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = sql::Text)]
    name: String,
}

/// How many rows were written down.
pub fn count(conn: &mut Conn, ctx: &Ctx, merge: MergeId) -> QueryResult<i32> {
    let mut out = Statement::new("SELECT count(*) AS n FROM merge_moves WHERE tenant_id = ");
    out.id(ctx.tenant).sql(" AND merge_id = ").id(merge);
    Ok(i32::try_from(out.number(conn)?).unwrap_or(i32::MAX))
}

/// Nothing is known any more of what was moved.
pub fn forget(conn: &mut Conn, ctx: &Ctx, merge: MergeId) -> QueryResult<usize> {
    let mut out = Statement::new("DELETE FROM merge_moves WHERE tenant_id = ");
    out.id(ctx.tenant).sql(" AND merge_id = ").id(merge);
    out.execute(conn)
}

/// The columns of which something was moved.
pub fn moved_references(conn: &mut Conn, ctx: &Ctx, merge: MergeId) -> QueryResult<Vec<String>> {
    let mut out = Statement::new("SELECT DISTINCT reference AS name FROM merge_moves WHERE tenant_id = ");
    out.id(ctx.tenant).sql(" AND merge_id = ").id(merge);
    Ok(out.load::<Named>(conn)?.into_iter().map(|named| named.name).collect())
}

/// ` FROM merge_moves AS m WHERE …`
fn moves(out: &mut Statement, ctx: &Ctx, union: &Union, one: &Reference, kind: &'static str) {
    out.sql(" FROM merge_moves AS m WHERE m.tenant_id = ").id(ctx.tenant).sql(" AND m.merge_id = ").id(union.merge);
    out.sql(" AND m.reference = ");
    name(out, union, one);
    out.sql(" AND m.kind = ").word(kind);
}

/// ` AND …`: the row that is meant, as far as it still is where it was put.
fn the_row(out: &mut Statement, ctx: &Ctx, union: &Union, one: &Reference) {
    out.sql(" AND t.tenant_id = ").id(ctx.tenant).sql(" AND t.").name(one.column).sql(" = ").id(union.winner);
    out.sql(" AND ");
    key(out, one, "t");
    out.sql(" = m.row_key");
    if one.noun.is_none() {
        out.sql(" AND t.").name(one.kind).sql(" = ").word(union.kind(one));
    }
}

/// Points rows at the losers again that were theirs.
pub fn point_back(conn: &mut Conn, ctx: &Ctx, union: &Union, one: &Reference) -> QueryResult<Vec<Uuid>> {
    let mut out = Statement::new("WITH back AS (UPDATE ");
    out.name(one.table).sql(" AS t SET ").name(one.column).sql(" = m.loser_id");
    if let (Way::Follows, Some(led)) = (one.way, one.led) {
        out.sql(", ").name(led).sql(" = m.is_led");
    }
    moves(&mut out, ctx, union, one, "moved");
    the_row(&mut out, ctx, union, one);
    out.sql(" RETURNING ");
    told(&mut out, one, "t");
    out.sql(") SELECT told AS id FROM back");
    out.load_ids(conn)
}

/// What was made the first of its sort is so no more.
pub fn take_back(conn: &mut Conn, ctx: &Ctx, union: &Union, one: &Reference) -> QueryResult<usize> {
    let Some(led) = one.led else { return Ok(0) };
    let mut out = Statement::new("UPDATE ");
    out.name(one.table).sql(" AS t SET ").name(led).sql(" = FALSE");
    moves(&mut out, ctx, union, one, "lent");
    the_row(&mut out, ctx, union, one);
    out.execute(conn)
}

/// Puts rows in again that were taken out, where what they are a part of is there still.
pub fn put_back(conn: &mut Conn, ctx: &Ctx, union: &Union, one: &'static Reference) -> QueryResult<Vec<Uuid>> {
    let Some((_, whole)) = one.told else { return Ok(Vec::new()) };
    let Some(place) = table_of(one.told) else { return Ok(Vec::new()) };
    let mut out = Statement::new("WITH put AS (INSERT INTO ");
    out.name(one.table).sql(" AS t SELECT r.*");
    moves_of_rows(&mut out, ctx, union, one);
    out.sql(" AND EXISTS (SELECT FROM ").name(place).sql(" AS w WHERE w.tenant_id = ").id(ctx.tenant);
    out.sql(" AND w.id = r.").name(whole).sql(") ON CONFLICT DO NOTHING RETURNING ");
    told(&mut out, one, "t");
    out.sql(") SELECT told AS id FROM put");
    out.load_ids(conn)
}

/// ` FROM merge_moves AS m, the rows that they hold AS r WHERE …`
fn moves_of_rows(out: &mut Statement, ctx: &Ctx, union: &Union, one: &Reference) {
    out.sql(" FROM merge_moves AS m, LATERAL jsonb_populate_record(NULL::").name(one.table).sql(", m.row) AS r");
    out.sql(" WHERE m.tenant_id = ").id(ctx.tenant).sql(" AND m.merge_id = ").id(union.merge);
    out.sql(" AND m.reference = ");
    name(out, union, one);
    out.sql(" AND m.kind = 'taken'");
}

/// Lists are as they were, where nobody has changed them since.
pub fn unlist(conn: &mut Conn, ctx: &Ctx, union: &Union, one: &Reference, lists: Lists) -> QueryResult<Vec<Uuid>> {
    let mut out = Statement::new("WITH back AS (UPDATE ");
    out.name(one.table).sql(" AS t SET ");
    for (at, list) in lists.iter().enumerate() {
        out.sql(if at == 0 { "" } else { ", " }).name(list).sql(" = m.row -> ").word(list);
    }
    moves(&mut out, ctx, union, one, "linked");
    out.sql(" AND t.tenant_id = ").id(ctx.tenant).sql(" AND ARRAY[t.id::text] = m.row_key");
    for list in lists {
        out.sql(" AND t.").name(list).sql(" = merged_links(m.row -> ").word(list).sql(", ").word(union.noun).sql(", ");
        out.ids(&union.losers).sql(", ").id(union.winner).sql(")");
    }
    out.sql(" RETURNING t.id) SELECT id FROM back");
    out.load_ids(conn)
}
