//! The queries of what is moved: over whatever tables point at records, of names of the program and bound values.
use super::{Reference, Union, Way};
use crate::Conn;
use crate::privacy::statement::Statement;
use diesel::QueryableByName;
use diesel::result::QueryResult;
use diesel::sql_types as sql;
use kernel::Ctx;
use uuid::Uuid;

#[derive(QueryableByName)]
struct Place {
    #[diesel(sql_type = sql::BigInt)]
    n: i64,
}

/// Those of them that have rows to move: of most tables, nobody has any.
pub fn touched(
    conn: &mut Conn,
    ctx: &Ctx,
    union: &Union,
    all: &[&'static Reference],
) -> QueryResult<Vec<&'static Reference>> {
    let mut ask = Statement::new("SELECT n FROM (");
    for (at, one) in all.iter().enumerate() {
        ask.sql(if at == 0 { "SELECT " } else { " UNION ALL SELECT " });
        ask.int(i64::try_from(at).unwrap_or_default()).sql("::int8 AS n WHERE EXISTS (SELECT FROM ");
        ask.name(one.table).sql(" AS t");
        match one.way {
            Way::Listed { by, of, .. } => listing(&mut ask, ctx, union, by, of),
            _ => pointing(&mut ask, ctx, union, one),
        }
        ask.sql(")");
    }
    ask.sql(") AS found ORDER BY n");
    let places = ask.load::<Place>(conn)?.into_iter().filter_map(|place| usize::try_from(place.n).ok());
    Ok(places.filter_map(|at| all.get(at).copied()).collect())
}

/// ` WHERE …`: the rows that point at a loser. Of the noun's own table, those who become one are left out.
fn pointing(out: &mut Statement, ctx: &Ctx, union: &Union, one: &Reference) {
    out.sql(" WHERE t.tenant_id = ").id(ctx.tenant).sql(" AND t.").name(one.column).sql(" = ANY (");
    out.ids(&union.losers).sql(")");
    of_noun(out, union, one, "t");
    if one.table == union.table {
        out.sql(" AND t.id <> ALL (").ids(union.losers.iter().chain([&union.winner])).sql(")");
    }
}

/// Of the noun, and not archived, as far as the column asks for that.
fn of_noun(out: &mut Statement, union: &Union, one: &Reference, row: &'static str) {
    if one.noun.is_none() {
        out.sql(" AND ").name(row).sql(".").name(one.kind).sql(" = ").word(union.kind(one));
    }
    if one.is_living {
        out.sql(" AND ").name(row).sql(".deleted_at IS NULL");
    }
}

/// ` WHERE …`: the rows whose lists name a loser.
fn listing(out: &mut Statement, ctx: &Ctx, union: &Union, by: &'static str, of: &'static str) {
    out.sql(" WHERE t.tenant_id = ").id(ctx.tenant).sql(" AND t.id IN (SELECT l.").name(of).sql(" FROM ").name(by);
    out.sql(" AS l WHERE l.tenant_id = ").id(ctx.tenant).sql(" AND l.resource = ").word(union.noun);
    out.sql(" AND l.record_id = ANY (").ids(&union.losers).sql("))");
}

/// `ARRAY[t.key::text, …]`
pub(super) fn key(out: &mut Statement, one: &Reference, row: &'static str) {
    for (at, column) in one.key.iter().enumerate() {
        out.sql(if at == 0 { "ARRAY[" } else { ", " }).name(row).sql(".").name(column).sql("::text");
    }
    out.sql("]");
}

/// ` AS told`: the record that a change of the row is told of; without one, any id will do for counting.
pub(super) fn told(out: &mut Statement, one: &Reference, row: &'static str) {
    let column = one.told.map_or(one.column, |(_, column)| column);
    out.name(row).sql(".").name(column).sql(" AS told");
}

/// `'table.column'`
pub(super) fn name(out: &mut Statement, union: &Union, one: &Reference) {
    out.text(union.name(one));
}

/// `, flag`, or that there is none.
fn flag(out: &mut Statement, one: &Reference, row: &'static str) {
    match one.led {
        Some(led) => out.sql(", ").name(row).sql(".").name(led),
        None => out.sql(", FALSE"),
    };
}

/// Points the rows of the losers at the winner, but for those of which it, or a loser before, has the like.
pub fn repoint(conn: &mut Conn, ctx: &Ctx, union: &Union, one: &Reference) -> QueryResult<Vec<Uuid>> {
    let mut out = Statement::new("WITH old AS (SELECT ");
    key(&mut out, one, "t");
    out.sql(" AS row_key, t.").name(one.column).sql(" AS was");
    flag(&mut out, one, "t");
    out.sql(" AS is_led, row_number()");
    alike(&mut out, one);
    out.sql(" ORDER BY array_position(").ids(&union.losers).sql(", t.").name(one.column).sql(")) AS turn FROM ");
    out.name(one.table).sql(" AS t");
    pointing(&mut out, ctx, union, one);
    unlike(&mut out, ctx, union, one);
    out.sql("), moved AS (UPDATE ").name(one.table).sql(" AS t SET ").name(one.column).sql(" = ").id(union.winner);
    if let (Way::Follows, Some(led)) = (one.way, one.led) {
        out.sql(", ").name(led).sql(" = FALSE");
    }
    out.sql(" FROM old WHERE old.turn = 1 AND t.tenant_id = ").id(ctx.tenant).sql(" AND t.").name(one.column);
    out.sql(" = old.was AND ");
    key(&mut out, one, "t");
    out.sql(" = old.row_key");
    of_noun(&mut out, union, one, "t");
    out.sql(" RETURNING old.row_key, old.was, old.is_led, ");
    told(&mut out, one, "t");
    out.sql(
        "), kept AS (INSERT INTO merge_moves (tenant_id, merge_id, reference, row_key, kind, loser_id, is_led) SELECT ",
    );
    out.id(ctx.tenant).sql(", ").id(union.merge).sql(", ");
    name(&mut out, union, one);
    out.sql(", row_key, 'moved', was, is_led FROM moved ON CONFLICT DO NOTHING) SELECT told AS id FROM moved");
    out.load_ids(conn)
}

/// ` AND …`: the winner has no row like it.
fn unlike(out: &mut Statement, ctx: &Ctx, union: &Union, one: &Reference) {
    if one.once.is_empty() {
        return;
    }
    out.sql(" AND NOT EXISTS (SELECT FROM ").name(one.table).sql(" AS w WHERE w.tenant_id = ").id(ctx.tenant);
    out.sql(" AND w.").name(one.column).sql(" = ").id(union.winner);
    for column in one.once {
        out.sql(" AND w.").name(column).sql(" = t.").name(column);
    }
    of_noun(out, union, one, "w");
    out.sql(")");
}

/// ` OVER (PARTITION BY …`: rows of which a record has one; without such a rule each is one of its own.
fn alike(out: &mut Statement, one: &Reference) {
    let columns = if one.once.is_empty() { one.key } else { one.once };
    for (at, column) in columns.iter().enumerate() {
        out.sql(if at == 0 { " OVER (PARTITION BY t." } else { ", t." }).name(column);
    }
}

/// How many rows the losers keep.
pub fn left(conn: &mut Conn, ctx: &Ctx, union: &Union, one: &Reference) -> QueryResult<i64> {
    let mut out = Statement::new("SELECT count(*) AS n FROM ");
    out.name(one.table).sql(" AS t");
    pointing(&mut out, ctx, union, one);
    out.number(conn)
}

/// Takes the rows out that still point at a loser, for the winner has their like.
pub fn take_out(conn: &mut Conn, ctx: &Ctx, union: &Union, one: &Reference) -> QueryResult<Vec<Uuid>> {
    let mut out = Statement::new("WITH gone AS (DELETE FROM ");
    out.name(one.table).sql(" AS t");
    pointing(&mut out, ctx, union, one);
    out.sql(" RETURNING to_jsonb(t) AS row, ");
    key(&mut out, one, "t");
    out.sql(" AS row_key, t.").name(one.column).sql(" AS was");
    flag(&mut out, one, "t");
    out.sql(" AS is_led, ");
    told(&mut out, one, "t");
    out.sql("), kept AS (INSERT INTO merge_moves (tenant_id, merge_id, reference, row_key, kind, loser_id, is_led, row) SELECT ");
    out.id(ctx.tenant).sql(", ").id(union.merge).sql(", ");
    name(&mut out, union, one);
    out.sql(", row_key, 'taken', was, is_led, row FROM gone) SELECT told AS id FROM gone");
    out.load_ids(conn)
}

/// What was the first of its sort and was taken out makes its like the first.
pub fn lend(conn: &mut Conn, ctx: &Ctx, union: &Union, one: &Reference) -> QueryResult<usize> {
    let Some(led) = one.led else { return Ok(0) };
    let mut out = Statement::new("WITH lent AS (UPDATE ");
    out.name(one.table).sql(" AS w SET ").name(led).sql(" = TRUE FROM merge_moves AS m WHERE m.tenant_id = ");
    out.id(ctx.tenant).sql(" AND m.merge_id = ").id(union.merge).sql(" AND m.reference = ");
    name(&mut out, union, one);
    out.sql(" AND m.kind = 'taken' AND m.is_led AND w.tenant_id = ").id(ctx.tenant).sql(" AND NOT w.").name(led);
    out.sql(" AND w.").name(one.column).sql(" = ").id(union.winner);
    for column in one.once {
        out.sql(" AND w.").name(column).sql("::text = m.row ->> ").word(column);
    }
    out.sql(" RETURNING ");
    key(&mut out, one, "w");
    out.sql(" AS row_key, m.loser_id) INSERT INTO merge_moves (tenant_id, merge_id, reference, row_key, kind, loser_id, is_led) SELECT ");
    out.id(ctx.tenant).sql(", ").id(union.merge).sql(", ");
    name(&mut out, union, one);
    out.sql(", row_key, 'lent', loser_id, FALSE FROM lent");
    out.execute(conn)
}

pub(super) type Lists = &'static [&'static str];

/// Names the winner where lists named a loser.
pub fn relist(
    conn: &mut Conn,
    ctx: &Ctx,
    union: &Union,
    one: &Reference,
    (by, of, lists): (&'static str, &'static str, Lists),
) -> QueryResult<Vec<Uuid>> {
    let mut out = Statement::new("WITH old AS (SELECT t.id, jsonb_build_object(");
    for (at, list) in lists.iter().enumerate() {
        out.sql(if at == 0 { "" } else { ", " }).word(list).sql(", t.").name(list);
    }
    out.sql(") AS row FROM ").name(one.table).sql(" AS t");
    listing(&mut out, ctx, union, by, of);
    out.sql("), moved AS (UPDATE ").name(one.table).sql(" AS t SET ");
    for (at, list) in lists.iter().enumerate() {
        out.sql(if at == 0 { "" } else { ", " }).name(list).sql(" = ");
        relisted(&mut out, union, "t", list);
    }
    out.sql(" FROM old WHERE t.tenant_id = ").id(ctx.tenant).sql(" AND t.id = old.id RETURNING t.id, old.row), ");
    out.sql("kept AS (INSERT INTO merge_moves (tenant_id, merge_id, reference, row_key, kind, is_led, row) SELECT ");
    out.id(ctx.tenant).sql(", ").id(union.merge).sql(", ");
    name(&mut out, union, one);
    out.sql(", ARRAY[id::text], 'linked', FALSE, row FROM moved ON CONFLICT DO NOTHING) SELECT id FROM moved");
    out.load_ids(conn)
}

/// `merged_links(t.list, …)`
fn relisted(out: &mut Statement, union: &Union, row: &'static str, list: &'static str) {
    out.sql("merged_links(").name(row).sql(".").name(list).sql(", ").word(union.noun).sql(", ");
    out.ids(&union.losers).sql(", ").id(union.winner).sql(")");
}
