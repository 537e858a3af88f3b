//! The queries of who follows along: the living records of a noun that are there for them, and what is shared with them.
use crate::filter::{self, Part, Question, Value};
use crate::import::many::columns;
use crate::{Conn, visible};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Text, Uuid as SqlUuid};
use kernel::Ctx;
use kernel::catalogue::{Catalogue, Catalogues};
use uuid::Uuid;

/// A record, and its columns as JSON.
pub type Kept = (Uuid, String);

/// The next records in the order of their ids.
pub fn walk(
    conn: &mut Conn,
    ctx: &Ctx,
    catalogues: &'static Catalogues,
    noun: &'static Catalogue,
    after: Uuid,
    limit: i64,
) -> QueryResult<Vec<Kept>> {
    let mut parts = rows(ctx, catalogues, noun);
    parts.extend([Part::Sql(" AND "), Part::Name(noun.table), Part::Sql(".id > "), Part::Bind(Value::Id(after))]);
    parts.extend([Part::Sql(" ORDER BY id LIMIT "), Part::Bind(Value::Int(limit)), Part::Sql(") AS r ORDER BY r.id")]);
    Question::<(SqlUuid, Text)>::new(parts).load(conn)
}

/// Those of these ids.
pub fn living(
    conn: &mut Conn,
    ctx: &Ctx,
    catalogues: &'static Catalogues,
    noun: &'static Catalogue,
    ids: Vec<Uuid>,
) -> QueryResult<Vec<Kept>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut parts = rows(ctx, catalogues, noun);
    parts.extend([Part::Sql(" AND "), Part::Name(noun.table), Part::Sql(".id = ANY ("), Part::Bind(Value::Ids(ids))]);
    parts.push(Part::Sql(")) AS r ORDER BY r.id"));
    Question::<(SqlUuid, Text)>::new(parts).load(conn)
}

/// `r.id, to_jsonb(r)::text FROM (SELECT … WHERE …`: the living rows that are there for the reader.
fn rows(ctx: &Ctx, catalogues: &'static Catalogues, noun: &'static Catalogue) -> Vec<Part> {
    let mut parts = vec![Part::Sql("r.id, to_jsonb(r)::text FROM (SELECT ")];
    for (at, column) in columns(noun).into_iter().enumerate() {
        parts.extend([
            Part::Sql(if at > 0 { ", " } else { "" }),
            Part::Name(noun.table),
            Part::Sql("."),
            Part::Name(column),
        ]);
    }
    parts.extend([Part::Sql(" FROM "), Part::Name(noun.table), Part::Sql(" WHERE "), Part::Name(noun.table)]);
    parts.extend([Part::Sql(".tenant_id = "), Part::Bind(Value::Id(ctx.tenant.0)), Part::Sql(" AND ")]);
    parts.extend(filter::beheld(ctx, catalogues, noun, noun.table));
    if noun.field("deleted_at").is_some() {
        parts.extend([Part::Sql(" AND "), Part::Name(noun.table), Part::Sql(".deleted_at IS NULL")]);
    }
    parts
}

/// How many records of the noun are shared with the reader, in force, and a sum of which.
pub fn shared(conn: &mut Conn, ctx: &Ctx, noun: &'static Catalogue) -> QueryResult<(i64, i64)> {
    let parts = vec![
        Part::Sql(
            "count(*), coalesce(bit_xor(hashtextextended(s.record_id::text, 0)), 0) FROM (SELECT DISTINCT record_id \
             FROM shares WHERE tenant_id = ",
        ),
        Part::Bind(Value::Id(ctx.tenant.0)),
        Part::Sql(" AND grantee_id = ANY ("),
        Part::Bind(Value::Ids(visible::grantees(ctx))),
        Part::Sql(") AND resource = "),
        Part::Bind(Value::Text(noun.noun.to_owned())),
        Part::Sql(" AND deleted_at IS NULL AND (expires_at IS NULL OR expires_at > "),
        Part::Bind(Value::Instant(ctx.now)),
        Part::Sql(")) AS s"),
    ];
    Question::<(BigInt, BigInt)>::new(parts).get_result(conn)
}
