//! The queries over records of any noun, as the caller sees them.
use crate::Conn;
use crate::filter::{Part, Question, Value};
use crate::listing::{Counted, Explained};
use crate::privacy::statement::Statement;
use crate::visible;
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Bool, Uuid as SqlUuid};
use kernel::catalogue::Catalogue;
use kernel::{Action, Ctx};
use uuid::Uuid;

/// Which records: those for whom a condition holds.
pub struct Wanted {
    pub noun: &'static Catalogue,
    pub parts: Vec<Part>,
    /// and who are in this segment, or are not
    pub members: Option<(Uuid, bool)>,
}

/// ` FROM … WHERE …`
fn rows(ctx: &Ctx, wanted: &Wanted) -> Vec<Part> {
    let table = wanted.noun.table;
    let column = |name: &'static str| [Part::Name(table), Part::Sql("."), Part::Name(name)];
    let tenant = || Part::Bind(Value::Id(ctx.tenant.0));
    let mut parts = vec![Part::Sql(" FROM "), Part::Name(table), Part::Sql(" WHERE ")];
    parts.extend(column("tenant_id"));
    parts.extend([Part::Sql(" = "), tenant(), Part::Sql(" AND ")]);
    parts.extend(column("deleted_at"));
    parts.push(Part::Sql(" IS NULL AND ("));
    parts.extend(visible::predicate(ctx, wanted.noun, table, Action::Read));
    parts.push(Part::Sql(") AND ("));
    parts.extend(wanted.parts.iter().cloned());
    parts.push(Part::Sql(")"));
    if let Some((segment, is_in)) = wanted.members {
        parts.push(Part::Sql(if is_in { " AND EXISTS" } else { " AND NOT EXISTS" }));
        parts.push(Part::Sql(" (SELECT FROM current_segment_members AS m WHERE m.tenant_id = "));
        parts.extend([tenant(), Part::Sql(" AND m.segment_id = "), Part::Bind(Value::Id(segment))]);
        parts.push(Part::Sql(" AND m.record_id = "));
        parts.extend(column("id"));
        parts.push(Part::Sql(")"));
    }
    parts
}

/// The newest of them.
pub fn ids(conn: &mut Conn, ctx: &Ctx, wanted: &Wanted, most: i64) -> QueryResult<Vec<Uuid>> {
    let id = || [Part::Name(wanted.noun.table), Part::Sql("."), Part::Name("id")];
    let mut parts = Vec::from(id());
    parts.extend(rows(ctx, wanted));
    parts.push(Part::Sql(" ORDER BY "));
    parts.extend(id());
    parts.extend([Part::Sql(" DESC LIMIT "), Part::Bind(Value::Int(most))]);
    Question::<SqlUuid>::new(parts).load(conn)
}

/// How many there are, and whether that is an estimate.
pub fn count(conn: &mut Conn, ctx: &Ctx, wanted: &Wanted, counted: i64) -> QueryResult<(i64, bool)> {
    let all = || {
        let mut parts = vec![Part::Sql("TRUE")];
        parts.extend(rows(ctx, wanted));
        Question::<Bool>::new(parts)
    };
    let many: i64 = Counted { of: all(), limit: Some(counted + 1) }.get_result(conn)?;
    if many <= counted {
        return Ok((many, false));
    }
    Ok((Explained(all()).rows(conn)?.max(many), true))
}

/// Those of these records that are there, and of nobody who was erased: nobody archives them before this is over.
pub fn hold(conn: &mut Conn, ctx: &Ctx, noun: &'static Catalogue, ids: &[Uuid]) -> QueryResult<Vec<Uuid>> {
    let mut statement = Statement::new("SELECT r.id FROM ");
    statement.name(noun.table).sql(" AS r WHERE r.tenant_id = ").id(ctx.tenant).sql(" AND r.id = ANY (").ids(ids);
    statement.sql(") AND r.deleted_at IS NULL AND NOT EXISTS (SELECT FROM erasures AS e WHERE e.tenant_id = ");
    statement.id(ctx.tenant).sql(" AND e.resource = ").word(noun.noun).sql(" AND e.record_id = r.id) ");
    statement.sql("ORDER BY r.id FOR SHARE OF r");
    statement.load_ids(conn)
}
