//! The queries of a pool. `scope` is the only way in.
use super::schema::pools;
use super::{NewPool, Pool, PoolPatch};
use crate::lead::schema::leads;
use diesel::dsl::{auto_type, exists};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Ctx, Page, PoolId, Result, TenantId, UserId};
use platform::{Batch, Conn, Listing, Record};
use std::collections::BTreeMap;

/// The pools of the tenant: they belong to nobody, so the permission at the door is enough.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    pools::table.filter(pools::tenant_id.eq(tenant))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: PoolId) -> Result<Pool> {
    Ok(scope(ctx).filter(pools::id.eq(id)).select(Pool::as_select()).first(conn)?)
}

/// Those among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[PoolId]) -> Result<Vec<Pool>> {
    Ok(scope(ctx).filter(pools::id.eq_any(ids)).select(Pool::as_select()).load(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<pools::table>) -> Result<Page<Pool>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Pool::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(ask.matching()).select(pools::id),
        |pool| &pool.name,
    )
}

/// The pool that a queue is of.
pub(crate) fn of_queue(conn: &mut Conn, ctx: &Ctx, queue: UserId) -> QueryResult<Option<Pool>> {
    scope(ctx).filter(pools::queue_id.eq(queue)).select(Pool::as_select()).first(conn).optional()
}

/// The pools with these names; of two with one name neither is meant.
pub(crate) fn called(conn: &mut Conn, ctx: &Ctx, names: &[String]) -> QueryResult<BTreeMap<String, PoolId>> {
    let found: Vec<(String, PoolId)> =
        scope(ctx).filter(pools::name.eq_any(names)).select((pools::name, pools::id)).load(conn)?;
    let mut called: BTreeMap<String, Vec<PoolId>> = BTreeMap::new();
    found.into_iter().for_each(|(name, id)| called.entry(name).or_default().push(id));
    let one = |(name, ids): (String, Vec<PoolId>)| match ids.as_slice() {
        [id] => Some((name, *id)),
        _ => None,
    };
    Ok(called.into_iter().filter_map(one).collect())
}

/// Whether a queue owns leads, whoever sees them.
pub(super) fn has_leads(conn: &mut Conn, ctx: &Ctx, queue: UserId) -> QueryResult<bool> {
    let owned = leads::table.filter(leads::tenant_id.eq(ctx.tenant)).filter(leads::owner_id.eq(queue));
    diesel::select(exists(owned)).get_result(conn)
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewPool) -> QueryResult<Pool> {
    let given = (
        pools::tenant_id.eq(ctx.tenant),
        pools::id.eq(new.id.unwrap_or_else(PoolId::new)),
        pools::created_at.eq(ctx.now),
        pools::updated_at.eq(ctx.now),
        pools::created_by.eq(ctx.actor.user),
        pools::updated_by.eq(ctx.actor.user),
    );
    diesel::insert_into(pools::table)
        .values((given, new))
        .returning(Pool::as_returning())
        .recorded::<Pool>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where the pool is not there, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: PoolId,
    base: Option<i32>,
    patch: &PoolPatch,
) -> QueryResult<Option<Pool>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let moved =
        (pools::version.eq(pools::version + 1), pools::updated_at.eq(ctx.now), pools::updated_by.eq(ctx.actor.user));
    diesel::update(scope(ctx).filter(pools::id.eq(id)).filter(pools::version.between(oldest, newest)))
        .set((patch, moved))
        .returning(Pool::as_returning())
        .recorded::<Pool>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: PoolId, base: Option<i32>) -> QueryResult<Option<Pool>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    diesel::delete(scope(ctx).filter(pools::id.eq(id)).filter(pools::version.between(oldest, newest)))
        .returning(Pool::as_returning())
        .recorded::<Pool>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

impl Batch for Pool {
    fn find(conn: &mut Conn, ctx: &Ctx, id: PoolId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[PoolId]) -> Result<Vec<Self>> {
        Ok(pools::table
            .filter(pools::tenant_id.eq(tenant))
            .filter(pools::id.eq_any(ids))
            .select(Pool::as_select())
            .load(conn)?)
    }
}
