//! The statements of comings and goings.
use crate::Conn;
use crate::import::many::Many;
use crate::segment::member::CATALOGUE;
use chrono::{DateTime, Utc};
use diesel::RunQueryDsl;
use diesel::pg::{Pg, PgConnection};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::{Array, Text, Timestamptz, Uuid as SqlUuid};
use kernel::event::Verb;
use kernel::{Ctx, SegmentMemberId};
use uuid::Uuid;

/// Changes rows of members, and tells of each, unless nobody is to be told.
pub(super) fn run<C: QueryFragment<Pg>>(
    conn: &mut Conn,
    ctx: &Ctx,
    (verb, is_told): (Verb, bool),
    ids: Vec<SegmentMemberId>,
    change: C,
) -> QueryResult<usize> {
    match (ids.is_empty(), is_told) {
        (true, _) => Ok(0),
        (_, true) => {
            let ids = ids.into_iter().map(Uuid::from).collect();
            Many::new(ctx, &CATALOGUE, verb, ids, change).run(conn).map(|done| done.len())
        }
        (_, false) => Silent(change).execute(conn),
    }
}

#[derive(Clone, Copy)]
pub(super) struct Of {
    pub tenant: Uuid,
    pub segment: Uuid,
    pub now: DateTime<Utc>,
}

/// Records that were never in it.
pub(super) struct Made {
    pub of: Of,
    pub resource: String,
    pub ids: Vec<SegmentMemberId>,
    pub records: Vec<Uuid>,
}

/// Rows of records that were in it before, or are.
pub(super) struct Moved {
    pub of: Of,
    pub ids: Vec<SegmentMemberId>,
    pub is_in: bool,
}

/// Without an event.
struct Silent<C>(C);

impl<C> QueryId for Silent<C> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
impl<C> RunQueryDsl<PgConnection> for Silent<C> {}
impl<C: QueryFragment<Pg>> QueryFragment<Pg> for Silent<C> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }
}

impl QueryFragment<Pg> for Made {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "INSERT INTO segment_members AS t (tenant_id, segment_id, resource, id, record_id, entered_at) SELECT ",
        );
        out.push_bind_param::<SqlUuid, _>(&self.of.tenant)?;
        out.push_sql(", ");
        out.push_bind_param::<SqlUuid, _>(&self.of.segment)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(&self.resource)?;
        out.push_sql(", m.id, m.record_id, ");
        out.push_bind_param::<Timestamptz, _>(&self.of.now)?;
        out.push_sql(" FROM unnest(");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.ids)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.records)?;
        out.push_sql(") AS m (id, record_id)");
        Ok(())
    }
}

impl QueryFragment<Pg> for Moved {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("UPDATE segment_members AS t SET version = t.version + 1, ");
        out.push_sql(if self.is_in { "left_at = NULL, entered_at = " } else { "left_at = " });
        out.push_bind_param::<Timestamptz, _>(&self.of.now)?;
        out.push_sql(" WHERE t.tenant_id = ");
        out.push_bind_param::<SqlUuid, _>(&self.of.tenant)?;
        out.push_sql(" AND t.segment_id = ");
        out.push_bind_param::<SqlUuid, _>(&self.of.segment)?;
        out.push_sql(" AND t.id = ANY (");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.ids)?;
        out.push_sql(")");
        Ok(())
    }
}
