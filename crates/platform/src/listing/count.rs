//! How many rows a list has: counted, or estimated by the planner.
use diesel::pg::{Pg, PgConnection};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Text};
use diesel::{RunQueryDsl, deserialize};

/// `SELECT count(*)` over a query, of at most `limit` rows.
pub struct Counted<Q> {
    pub of: Q,
    pub limit: Option<i64>,
}

impl<Q> Query for Counted<Q> {
    type SqlType = BigInt;
}
impl<Q> RunQueryDsl<PgConnection> for Counted<Q> {}
impl<Q> QueryId for Counted<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Counted<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT count(*) FROM (");
        self.of.walk_ast(out.reborrow())?;
        if let Some(limit) = &self.limit {
            out.push_sql(" LIMIT ");
            out.push_bind_param::<BigInt, _>(limit)?;
        }
        out.push_sql(") AS counted");
        Ok(())
    }
}

/// What the planner expects of a query.
pub struct Explained<Q>(pub Q);

impl<Q: QueryFragment<Pg>> Explained<Q> {
    /// How many rows it expects.
    pub fn rows(self, conn: &mut PgConnection) -> QueryResult<i64> {
        let plan: Json = self.get_result(conn)?;
        let rows = plan.0.pointer("/0/Plan/Plan Rows").and_then(serde_json::Value::as_i64);
        Ok(rows.unwrap_or_default())
    }

    /// What it expects it to cost, in pages read one after the other.
    pub fn cost(self, conn: &mut PgConnection) -> QueryResult<f64> {
        let plan: Json = self.get_result(conn)?;
        Ok(plan.0.pointer("/0/Plan/Total Cost").and_then(serde_json::Value::as_f64).unwrap_or_default())
    }
}

impl<Q> Query for Explained<Q> {
    type SqlType = Text;
}
impl<Q> RunQueryDsl<PgConnection> for Explained<Q> {}
impl<Q> QueryId for Explained<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Explained<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("EXPLAIN (FORMAT JSON) ");
        out.unsafe_to_cache_prepared();
        self.0.walk_ast(out.reborrow())
    }
}

/// The plan comes as PostgreSQL's `json`, whose bytes are its text.
struct Json(serde_json::Value);

impl deserialize::Queryable<Text, Pg> for Json {
    type Row = String;
    fn build(text: String) -> deserialize::Result<Self> {
        Ok(Self(serde_json::from_str(&text)?))
    }
}
