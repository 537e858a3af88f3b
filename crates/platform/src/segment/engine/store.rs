//! The queries of the engine: over all records of a tenant, for who is in a segment does not depend on who looks.
use super::{Live, Work};
use crate::privacy::statement::Statement;
use crate::schema::{segment_builds, segment_cursors, segment_marks, segments};
use crate::segment::{HOURLY, Segment};
use crate::{Conn, Record as _};
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::Uuid as SqlUuid;
use kernel::catalogue::Catalogue;
use kernel::event::Verb;
use kernel::{Ctx, TenantId, UserId};
use std::collections::BTreeSet;
use uuid::Uuid;

#[derive(QueryableByName)]
struct Due {
    #[diesel(sql_type = SqlUuid)]
    tenant_id: TenantId,
}

/// The tenants that have, or had, segments, and of whom something has happened since, or is to be done.
pub fn due(conn: &mut Conn) -> QueryResult<Vec<TenantId>> {
    let text = "SELECT c.tenant_id FROM segment_cursors AS c WHERE EXISTS (SELECT FROM audit_chain AS a \
                WHERE a.tenant_id = c.tenant_id AND a.seq > c.position) \
                OR EXISTS (SELECT FROM segment_marks AS m WHERE m.tenant_id = c.tenant_id) \
                OR EXISTS (SELECT FROM segment_builds AS b JOIN segments AS s ON s.tenant_id = b.tenant_id \
                AND s.id = b.segment_id WHERE b.tenant_id = c.tenant_id AND s.deleted_at IS NULL \
                AND s.status <> 'failed') \
                OR EXISTS (SELECT FROM segments AS s WHERE s.tenant_id = c.tenant_id AND s.deleted_at IS NULL \
                AND s.status = 'ready' AND s.refresh_at <= statement_timestamp())";
    let due: Vec<Due> = diesel::sql_query(text).load(conn)?;
    Ok(due.into_iter().map(|one| one.tenant_id).collect())
}

/// Marks of tenants that have had no segment yet: nobody would ever take them, and a first segment asks everybody.
pub fn forget_marks(conn: &mut Conn) -> QueryResult<usize> {
    let text = "DELETE FROM segment_marks AS m \
                WHERE NOT EXISTS (SELECT FROM segment_cursors AS c WHERE c.tenant_id = m.tenant_id)";
    diesel::sql_query(text).execute(conn)
}

/// How far it has come, for whoever goes on; nothing where somebody does already.
pub(super) fn hold(conn: &mut Conn, tenant: TenantId) -> QueryResult<Option<i64>> {
    let cursor = segment_cursors::table.find(tenant).select(segment_cursors::position);
    cursor.for_update().skip_locked().first(conn).optional()
}

pub(super) fn moved(conn: &mut Conn, tenant: TenantId, position: i64) -> QueryResult<usize> {
    diesel::update(segment_cursors::table.find(tenant)).set(segment_cursors::position.eq(position)).execute(conn)
}

/// Noun and record of each.
pub(super) fn take_marks(conn: &mut Conn, tenant: TenantId) -> QueryResult<Vec<(String, Uuid)>> {
    diesel::delete(segment_marks::table.filter(segment_marks::tenant_id.eq(tenant)))
        .returning((segment_marks::resource, segment_marks::record_id))
        .load(conn)
}

/// A living segment.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = segments, check_for_backend(Pg))]
pub(super) struct Row {
    pub id: Uuid,
    pub resource: String,
    pub kind: String,
    pub filter: Option<String>,
    pub exclude_ids: Vec<Uuid>,
    pub refresh: String,
    pub status: String,
    pub status_reason: Option<String>,
    pub built_at: Option<DateTime<Utc>>,
    pub refresh_at: Option<DateTime<Utc>>,
    pub updated_by: UserId,
    #[diesel(embed)]
    pub build: Option<Build>,
}

/// How far a look at everybody has come.
#[derive(Clone, Copy, Debug, Queryable, Selectable)]
#[diesel(table_name = segment_builds, check_for_backend(Pg))]
pub(super) struct Build {
    pub run_id: Uuid,
    pub after_id: Option<Uuid>,
    pub looked: i64,
    pub total: i64,
    pub begun_at: Option<DateTime<Utc>>,
}

impl Row {
    pub fn is_hourly(&self) -> bool {
        self.refresh == HOURLY
    }
}

/// What they say and how far each has come is read at one moment.
pub(super) fn living(conn: &mut Conn, tenant: TenantId) -> QueryResult<Vec<Row>> {
    let its = segment_builds::tenant_id.eq(segments::tenant_id).and(segment_builds::segment_id.eq(segments::id));
    segments::table
        .left_join(segment_builds::table.on(its))
        .filter(segments::tenant_id.eq(tenant))
        .filter(segments::deleted_at.is_null())
        .order(segments::id)
        .select(Row::as_select())
        .load(conn)
}

/// Begins a question over records of the noun: those that are there, and of nobody who was erased.
fn there(statement: &mut Statement, tenant: TenantId, noun: &'static Catalogue) {
    let table = noun.table;
    statement.name(table).sql(".tenant_id = ").id(tenant).sql(" AND ").name(table).sql(".deleted_at IS NULL");
    statement.sql(" AND NOT EXISTS (SELECT FROM erasures AS e WHERE e.tenant_id = ").id(tenant);
    statement.sql(" AND e.resource = ").word(noun.noun).sql(" AND e.record_id = ").name(table).sql(".id)");
}

/// Those of these records who belong.
pub(super) fn holding(conn: &mut Conn, work: &Work, one: &Live, ids: &[Uuid]) -> QueryResult<BTreeSet<Uuid>> {
    let Some(says) = one.says.as_ref().filter(|_| !ids.is_empty()) else { return Ok(BTreeSet::new()) };
    let table = one.noun.table;
    let mut statement = Statement::new("SELECT ");
    statement.name(table).sql(".id FROM ").name(table).sql(" WHERE ");
    there(&mut statement, work.ctx.tenant, one.noun);
    statement.sql(" AND ").name(table).sql(".id = ANY (").ids(ids).sql(") AND (");
    statement.filter(says.filter.parts(work.all, &work.ctx)).sql(")");
    Ok(statement.load_ids(conn)?.into_iter().collect())
}

/// Those of these records that are there no more.
pub(super) fn gone(
    conn: &mut Conn,
    tenant: TenantId,
    noun: &'static Catalogue,
    ids: &[Uuid],
) -> QueryResult<Vec<Uuid>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let table = noun.table;
    let mut statement = Statement::new("SELECT g.id FROM unnest(");
    statement.ids(ids).sql(") AS g (id) WHERE NOT EXISTS (SELECT FROM ").name(table).sql(" WHERE ");
    there(&mut statement, tenant, noun);
    statement.sql(" AND ").name(table).sql(".id = g.id)");
    statement.load_ids(conn)
}

/// The status of a living segment, locked.
pub(super) fn lock(conn: &mut Conn, tenant: TenantId, id: Uuid) -> QueryResult<Option<String>> {
    let one = segments::table.find((tenant, id)).filter(segments::deleted_at.is_null());
    one.select(segments::status).for_update().first(conn).optional()
}

/// `took`: of one that was built, in milliseconds.
pub(super) fn set_status(
    conn: &mut Conn,
    ctx: &Ctx,
    id: Uuid,
    verb: Verb,
    (status, why): (&str, Option<&str>),
    took: Option<i64>,
) -> QueryResult<Option<Segment>> {
    let one = segments::table.find((ctx.tenant, id)).filter(segments::deleted_at.is_null());
    let built = took.map(|took| (segments::built_at.eq(ctx.now), segments::built_ms.eq(took)));
    let moved = (segments::version.eq(segments::version + 1_i32), segments::updated_at.eq(ctx.now));
    diesel::update(one)
        .set((segments::status.eq(status), segments::status_reason.eq(why), built, moved))
        .returning(Segment::as_returning())
        .recorded::<Segment>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn end_any(conn: &mut Conn, tenant: TenantId, segment: Uuid) -> QueryResult<usize> {
    diesel::delete(segment_builds::table.find((tenant, segment))).execute(conn)
}
