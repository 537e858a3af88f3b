//! The queries of looks for what is bought with what. `scope` is the only way in; what a look reads is of all orders.
use super::{AssociationRun, NewAssociationRun};
use crate::schema::association_runs;
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Bool, Nullable, Timestamptz, Uuid as SqlUuid};
use kernel::event::Verb;
use kernel::{AssociationRunId, Ctx, JobId, Page, Result, TenantId};
use platform::{Batch, Conn, Listing, Record};
use uuid::Uuid;

#[derive(QueryableByName)]
struct UnderWay {
    #[diesel(sql_type = Bool)]
    is_under_way: bool,
}

/// The looks of the tenant: they belong to nobody, so the permission at the door is enough.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    association_runs::table.filter(association_runs::tenant_id.eq(tenant))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: AssociationRunId) -> Result<AssociationRun> {
    Ok(scope(ctx).filter(association_runs::id.eq(id)).select(AssociationRun::as_select()).first(conn)?)
}

/// The looks among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[AssociationRunId]) -> Result<Vec<AssociationRun>> {
    Ok(scope(ctx).filter(association_runs::id.eq_any(ids)).select(AssociationRun::as_select()).load(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<association_runs::table>) -> Result<Page<AssociationRun>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((AssociationRun::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(ask.matching()).select(association_runs::id),
        |_| "",
    )
}

/// The last that came to its end.
pub(super) fn last(conn: &mut Conn, ctx: &Ctx) -> QueryResult<Option<AssociationRunId>> {
    let done = scope(ctx).filter(association_runs::status.eq("succeeded"));
    done.order(association_runs::id.desc()).select(association_runs::id).first(conn).optional()
}

/// Whether a job has one in hand, or is about to.
pub(super) fn is_under_way(conn: &mut Conn, ctx: &Ctx) -> QueryResult<bool> {
    let found: UnderWay = diesel::sql_query(
        "SELECT EXISTS (SELECT FROM association_runs AS r JOIN jobs AS j ON j.tenant_id = r.tenant_id \
         AND j.id = r.job_id WHERE r.tenant_id = $1 AND r.finished_at IS NULL AND j.status IN ('queued', 'running')) \
         AS is_under_way",
    )
    .bind::<SqlUuid, _>(ctx.tenant)
    .get_result(conn)?;
    Ok(found.is_under_way)
}

pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    id: AssociationRunId,
    asked: &NewAssociationRun,
    job: JobId,
) -> QueryResult<AssociationRun> {
    let given = (
        association_runs::tenant_id.eq(ctx.tenant),
        association_runs::id.eq(id),
        association_runs::job_id.eq(job),
        association_runs::min_support.eq(asked.min_support),
        association_runs::min_confidence.eq(asked.min_confidence),
        association_runs::max_items.eq(asked.max_items),
        association_runs::window_days.eq(asked.window_days),
        association_runs::created_at.eq(ctx.now),
        association_runs::updated_at.eq(ctx.now),
        association_runs::created_by.eq(ctx.actor.user),
    );
    diesel::insert_into(association_runs::table)
        .values(given)
        .returning(AssociationRun::as_returning())
        .recorded::<AssociationRun>(ctx, Verb::Created)
        .get_result(conn)
}

pub(super) fn start(conn: &mut Conn, ctx: &Ctx, id: AssociationRunId, now: DateTime<Utc>) -> QueryResult<usize> {
    let moved = (association_runs::version.eq(association_runs::version + 1), association_runs::updated_at.eq(now));
    let begun = (association_runs::status.eq("running"), association_runs::started_at.eq(now));
    let started: Option<AssociationRun> = diesel::update(scope(ctx).filter(association_runs::id.eq(id)))
        .set((begun, moved))
        .returning(AssociationRun::as_returning())
        .recorded::<AssociationRun>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()?;
    Ok(usize::from(started.is_some()))
}

pub(super) fn end(
    conn: &mut Conn,
    ctx: &Ctx,
    id: AssociationRunId,
    (status, code): (&str, Option<&str>),
    (orders, rules): (i32, i32),
    now: DateTime<Utc>,
) -> QueryResult<usize> {
    let moved = (association_runs::version.eq(association_runs::version + 1), association_runs::updated_at.eq(now));
    let ended = (
        association_runs::status.eq(status),
        association_runs::error_code.eq(code),
        association_runs::order_count.eq(orders),
        association_runs::rule_count.eq(rules),
        association_runs::finished_at.eq(now),
    );
    let done: Option<AssociationRun> = diesel::update(scope(ctx).filter(association_runs::id.eq(id)))
        .set((ended, moved))
        .returning(AssociationRun::as_returning())
        .recorded::<AssociationRun>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()?;
    Ok(usize::from(done.is_some()))
}

/// A product of an order.
#[derive(QueryableByName)]
pub struct Bought {
    #[diesel(sql_type = SqlUuid)]
    pub order_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub product_id: Uuid,
}

/// What was bought in the orders that count, so many orders after one, in the order of their ids.
pub(super) fn bought(
    conn: &mut Conn,
    tenant: TenantId,
    since: Option<DateTime<Utc>>,
    (after, most): (Uuid, i64),
) -> QueryResult<Vec<Bought>> {
    diesel::sql_query(
        "SELECT l.order_id, l.product_id FROM (SELECT o.tenant_id, o.id FROM orders AS o WHERE o.tenant_id = $1 \
         AND o.id > $2 AND o.deleted_at IS NULL AND o.status NOT IN ('cancelled', 'returned') \
         AND ($3::timestamptz IS NULL OR o.placed_at >= $3) AND EXISTS (SELECT FROM order_lines AS e \
         WHERE e.tenant_id = o.tenant_id AND e.order_id = o.id AND e.product_id IS NOT NULL AND e.quantity > 0) \
         ORDER BY o.id LIMIT $4) AS o JOIN order_lines AS l ON l.tenant_id = o.tenant_id AND l.order_id = o.id \
         WHERE l.product_id IS NOT NULL AND l.quantity > 0 ORDER BY l.order_id",
    )
    .bind::<SqlUuid, _>(tenant)
    .bind::<SqlUuid, _>(after)
    .bind::<Nullable<Timestamptz>, _>(since)
    .bind::<BigInt, _>(most)
    .load(conn)
}

impl Batch for AssociationRun {
    fn find(conn: &mut Conn, ctx: &Ctx, id: AssociationRunId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[AssociationRunId]) -> Result<Vec<Self>> {
        Ok(association_runs::table
            .filter(association_runs::tenant_id.eq(tenant))
            .filter(association_runs::id.eq_any(ids))
            .select(AssociationRun::as_select())
            .load(conn)?)
    }
}
