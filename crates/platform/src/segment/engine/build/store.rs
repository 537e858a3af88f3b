//! The queries of a look at everybody.
use crate::Conn;
use crate::privacy::statement::Statement;
use crate::schema::{segment_builds, segment_members, segments};
use crate::segment::FAILED;
use crate::segment::engine::store::Build;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::catalogue::Catalogue;
use kernel::{SegmentMemberId, TenantId};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The next records in the order of their ids, archived ones too.
pub(super) fn some(
    conn: &mut Conn,
    tenant: TenantId,
    noun: &'static Catalogue,
    after: Option<Uuid>,
    most: i64,
) -> QueryResult<Vec<Uuid>> {
    let mut statement = Statement::new("SELECT r.id FROM ");
    statement.name(noun.table).sql(" AS r WHERE r.tenant_id = ").id(tenant);
    if let Some(after) = after {
        statement.sql(" AND r.id > ").id(after);
    }
    statement.sql(" ORDER BY r.id LIMIT ").int(most);
    statement.load_ids(conn)
}

pub(super) fn count(conn: &mut Conn, tenant: TenantId, noun: &'static Catalogue) -> QueryResult<i64> {
    let mut statement = Statement::new("SELECT count(*) AS n FROM ");
    statement.name(noun.table).sql(" AS r WHERE r.tenant_id = ").id(tenant);
    statement.number(conn)
}

/// Who is in it of those behind one id, up to another; without one, up to the last.
pub(super) fn members(
    conn: &mut Conn,
    tenant: TenantId,
    segment: Uuid,
    (after, upto): (Option<Uuid>, Option<Uuid>),
) -> QueryResult<BTreeSet<Uuid>> {
    let all = segment_members::table
        .filter(segment_members::tenant_id.eq(tenant))
        .filter(segment_members::segment_id.eq(segment))
        .filter(segment_members::left_at.is_null())
        .filter(segment_members::record_id.gt(after.unwrap_or(Uuid::nil())))
        .filter(segment_members::record_id.le(upto.unwrap_or(Uuid::max())));
    Ok(all.select(segment_members::record_id).load(conn)?.into_iter().collect())
}

/// Unless it was begun anew.
pub(super) fn advance(conn: &mut Conn, tenant: TenantId, segment: Uuid, build: &Build) -> QueryResult<usize> {
    let run = segment_builds::table.find((tenant, segment)).filter(segment_builds::run_id.eq(build.run_id));
    diesel::update(run)
        .set((
            segment_builds::after_id.eq(build.after_id),
            segment_builds::looked.eq(build.looked),
            segment_builds::total.eq(build.total),
            segment_builds::begun_at.eq(build.begun_at),
        ))
        .execute(conn)
}

/// A look is over, unless it was begun anew or everybody is to be asked once more.
pub(super) fn end(conn: &mut Conn, tenant: TenantId, segment: Uuid, run: Uuid) -> QueryResult<bool> {
    let its = || segment_builds::table.find((tenant, segment)).filter(segment_builds::run_id.eq(run));
    if diesel::delete(its().filter(segment_builds::is_stale.eq(false))).execute(conn)? > 0 {
        return Ok(true);
    }
    diesel::update(its())
        .set((
            segment_builds::run_id.eq(SegmentMemberId::new()),
            segment_builds::after_id.eq(None::<Uuid>),
            segment_builds::looked.eq(0),
            segment_builds::begun_at.eq(None::<DateTime<Utc>>),
            segment_builds::is_stale.eq(false),
        ))
        .execute(conn)?;
    Ok(false)
}

/// Whether a look at everybody is under way, or waits.
pub(super) fn is_building(conn: &mut Conn, tenant: TenantId) -> QueryResult<bool> {
    let its = segments::tenant_id.eq(segment_builds::tenant_id).and(segments::id.eq(segment_builds::segment_id));
    let all = segment_builds::table
        .inner_join(segments::table.on(its))
        .filter(segment_builds::tenant_id.eq(tenant))
        .filter(segments::deleted_at.is_null())
        .filter(segments::status.ne(FAILED));
    diesel::select(diesel::dsl::exists(all)).get_result(conn)
}

pub(super) fn set_refreshed(
    conn: &mut Conn,
    tenant: TenantId,
    id: Uuid,
    at: DateTime<Utc>,
    next: Option<DateTime<Utc>>,
) -> QueryResult<usize> {
    diesel::update(segments::table.find((tenant, id)))
        .set((segments::refreshed_at.eq(at), segments::refresh_at.eq(next)))
        .execute(conn)
}
