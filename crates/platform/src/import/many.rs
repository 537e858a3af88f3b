//! Many records changed by one statement, with their rows of the trail: what [`crate::record`] is for one.
//!
//! Rows travel as one JSON document of columns, so that the text of the statement depends on nothing but the noun.
mod columns;
mod touch;

pub use columns::{columns, to_columns};
pub use touch::{advance, retold, touch};

use crate::custom::Rules;
use crate::record::{EVENT, Told};
use crate::{Conn, shapes};
use diesel::RunQueryDsl;
use diesel::pg::{Pg, PgConnection, PgQueryBuilder};
use diesel::query_builder::{AstPass, Query, QueryBuilder, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::{Array, Json, Uuid as SqlUuid};
use kernel::catalogue::Catalogue;
use kernel::event::Verb;
use kernel::{Ctx, EventId};
use serde_json::{Map, Value};
use uuid::Uuid;

/// A record as its columns stand.
pub type Columns = Map<String, Value>;

/// Makes records of columns that are all there.
pub fn insert(conn: &mut Conn, ctx: &Ctx, noun: &'static Catalogue, rows: Vec<Columns>) -> QueryResult<usize> {
    put(conn, ctx, noun, Verb::Created, rows, InsertRows)
}

/// Puts records in place of those with their ids, with which that has happened.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    noun: &'static Catalogue,
    verb: Verb,
    rows: Vec<Columns>,
) -> QueryResult<usize> {
    put(conn, ctx, noun, verb, rows, UpdateRows)
}

/// Deletes records for good; those that are gone.
pub fn delete(conn: &mut Conn, ctx: &Ctx, noun: &'static Catalogue, ids: &[Uuid]) -> QueryResult<Vec<Uuid>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let change = Delete { noun, tenant: ctx.tenant.0, ids: ids.to_vec() };
    Many::new(ctx, noun, Verb::Purged, ids.to_vec(), change).run(conn)
}

fn put<C>(
    conn: &mut Conn,
    ctx: &Ctx,
    noun: &'static Catalogue,
    verb: Verb,
    rows: Vec<Columns>,
    shape: fn(Rows) -> C,
) -> QueryResult<usize>
where
    C: QueryFragment<Pg>,
{
    if rows.is_empty() {
        return Ok(0);
    }
    let ids = rows.iter().filter_map(|row| row.get("id")?.as_str()?.parse().ok()).collect();
    let rows = Value::Array(rows.into_iter().map(Value::Object).collect());
    Many::new(ctx, noun, verb, ids, shape(Rows { noun, tenant: ctx.tenant.0, rows })).run(conn).map(|done| done.len())
}

struct Rows {
    noun: &'static Catalogue,
    tenant: Uuid,
    rows: Value,
}

struct InsertRows(Rows);
struct UpdateRows(Rows);
struct Delete {
    noun: &'static Catalogue,
    tenant: Uuid,
    ids: Vec<Uuid>,
}

/// `, r.name, …` for every column.
fn listed(out: &mut AstPass<'_, '_, Pg>, noun: &'static Catalogue, of: &str) {
    for column in columns(noun) {
        out.push_sql(", ");
        out.push_sql(of);
        out.push_sql(column);
    }
}

/// The same of rows that may say nothing of the tenant's own fields.
fn given(out: &mut AstPass<'_, '_, Pg>, noun: &'static Catalogue) {
    for column in columns(noun) {
        let own = noun.custom == Some(column);
        out.push_sql(if own { ", coalesce(r." } else { ", r." });
        out.push_sql(column);
        out.push_sql(if own { ", '{}')" } else { "" });
    }
}

impl Rows {
    fn source<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(" FROM json_populate_recordset(NULL::");
        out.push_sql(self.noun.table);
        out.push_sql(", ");
        out.push_bind_param::<Json, _>(&self.rows)?;
        out.push_sql(") AS r");
        Ok(())
    }
}

impl QueryFragment<Pg> for InsertRows {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let noun = self.0.noun;
        out.push_sql("INSERT INTO ");
        out.push_sql(noun.table);
        out.push_sql(" AS t (tenant_id, search");
        listed(&mut out, noun, "");
        out.push_sql(") SELECT ");
        out.push_bind_param::<SqlUuid, _>(&self.0.tenant)?;
        out.push_sql(", coalesce(r.search, '')");
        given(&mut out, noun);
        self.0.source(&mut out)
    }
}

impl QueryFragment<Pg> for UpdateRows {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let noun = self.0.noun;
        out.push_sql("UPDATE ");
        out.push_sql(noun.table);
        out.push_sql(" AS t SET search = coalesce(r.search, t.search)");
        for column in columns(noun).into_iter().filter(|column| *column != "id") {
            out.push_sql(", ");
            let own = noun.custom == Some(column);
            out.push_sql(column);
            out.push_sql(if own { " = coalesce(r.custom, t." } else { " = r." });
            out.push_sql(column);
            out.push_sql(if own { ")" } else { "" });
        }
        self.0.source(&mut out)?;
        out.push_sql(" WHERE t.tenant_id = ");
        out.push_bind_param::<SqlUuid, _>(&self.0.tenant)?;
        out.push_sql(" AND t.id = r.id");
        Ok(())
    }
}

impl QueryFragment<Pg> for Delete {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("DELETE FROM ");
        out.push_sql(self.noun.table);
        out.push_sql(" AS t WHERE t.tenant_id = ");
        out.push_bind_param::<SqlUuid, _>(&self.tenant)?;
        out.push_sql(" AND t.id = ANY (");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.ids)?;
        out.push_sql(")");
        Ok(())
    }
}

/// A change of many rows of a noun, which calls its table `t` and says nothing of RETURNING.
pub struct Many<C> {
    change: C,
    noun: &'static Catalogue,
    told: Told,
    ids: Vec<Uuid>,
    events: Vec<EventId>,
    rules: Rules,
}

impl<C: QueryFragment<Pg>> Many<C> {
    /// `ids`: of the records that may be touched.
    pub fn new(ctx: &Ctx, noun: &'static Catalogue, verb: Verb, ids: Vec<Uuid>, change: C) -> Self {
        let events = ids.iter().map(|_| EventId::new()).collect();
        let rules = Rules::of(ctx, noun.noun, verb);
        Self { change, noun, told: Told::new(ctx, noun.noun, verb), ids, events, rules }
    }

    /// The ids of the records that were touched.
    pub fn run(self, conn: &mut Conn) -> QueryResult<Vec<Uuid>> {
        self.load(conn)
    }
}

impl<C> Query for Many<C> {
    type SqlType = SqlUuid;
}
impl<C> RunQueryDsl<PgConnection> for Many<C> {}
impl<C> QueryId for Many<C> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false; // cached by its text
}

impl<C: QueryFragment<Pg>> QueryFragment<Pg> for Many<C> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("WITH changed AS (");
        self.change.walk_ast(out.reborrow())?;
        out.push_sql(" RETURNING t.");
        out.push_sql(&columns(self.noun).join(", t."));
        out.push_sql("), named AS (SELECT * FROM unnest(");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.ids)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.events)?;
        out.push_sql(") AS n (record_id, event_id))");
        out.push_sql(EVENT);
        out.push_sql("named.event_id");
        self.told.columns(out.reborrow())?;
        out.push_sql(" FROM changed JOIN named ON named.record_id = changed.id");
        out.push_sql(") SELECT id FROM changed");
        self.rules.0.iter().try_for_each(|rules| rules.walk_ast(out.reborrow()))
    }

    fn is_safe_to_cache_prepared(&self, backend: &Pg) -> QueryResult<bool> {
        // rules are a tenant's: there is no room for all of them
        if self.rules.0.is_some() {
            return Ok(false);
        }
        let mut text = PgQueryBuilder::default();
        self.to_sql(&mut text, backend)?;
        Ok(shapes::admit(&text.finish()))
    }
}
