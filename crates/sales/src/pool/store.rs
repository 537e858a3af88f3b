//! The queries of a pool. `scope` is the only way in.
use super::schema::pools;
use super::{NewPool, Pool, PoolPatch};
use crate::lead::schema::{leads, leads_beside};
use diesel::dsl::{auto_type, exists, not};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Ctx, Page, PoolId, Result, TenantId, UserId};
use platform::deed::ByName;
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record};
use std::collections::BTreeMap;

/// The pools of the tenant, archived ones too: they belong to nobody, so the permission at the door is enough.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    pools::table.filter(pools::tenant_id.eq(tenant))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: PoolId) -> Result<Pool> {
    let living = scope(ctx).filter(pools::deleted_at.is_null());
    Ok(living.filter(pools::id.eq(id)).select(Pool::as_select()).first(conn)?)
}

/// The pool whether living or archived.
pub(crate) fn find_any(conn: &mut Conn, ctx: &Ctx, id: PoolId) -> QueryResult<Pool> {
    scope(ctx).filter(pools::id.eq(id)).select(Pool::as_select()).first(conn)
}

/// The living pools among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[PoolId]) -> Result<Vec<Pool>> {
    let living = scope(ctx).filter(pools::deleted_at.is_null());
    Ok(living.filter(pools::id.eq_any(ids)).select(Pool::as_select()).load(conn)?)
}

/// The living pools with this name; several may share one, and few are enough to know.
pub(super) fn find_by(conn: &mut Conn, ctx: &Ctx, name: &ByName) -> Result<Vec<Pool>> {
    let living = scope(ctx).filter(pools::deleted_at.is_null());
    Ok(living.filter(pools::name.eq(&name.0)).limit(10).select(Pool::as_select()).load(conn)?)
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

/// The living pool that a queue is of.
pub(crate) fn of_queue(conn: &mut Conn, ctx: &Ctx, queue: UserId) -> QueryResult<Option<Pool>> {
    let living = scope(ctx).filter(pools::deleted_at.is_null());
    living.filter(pools::queue_id.eq(queue)).select(Pool::as_select()).first(conn).optional()
}

/// The living pools with these names; of two with one name neither is meant.
pub(crate) fn called(conn: &mut Conn, ctx: &Ctx, names: &[String]) -> QueryResult<BTreeMap<String, PoolId>> {
    let living = scope(ctx).filter(pools::deleted_at.is_null());
    let found: Vec<(String, PoolId)> =
        living.filter(pools::name.eq_any(names)).select((pools::name, pools::id)).load(conn)?;
    let mut called: BTreeMap<String, Vec<PoolId>> = BTreeMap::new();
    found.into_iter().for_each(|(name, id)| called.entry(name).or_default().push(id));
    let one = |(name, ids): (String, Vec<PoolId>)| match ids.as_slice() {
        [id] => Some((name, *id)),
        _ => None,
    };
    Ok(called.into_iter().filter_map(one).collect())
}

/// Whether a queue owns leads, whoever sees them, beside those that lie in a pool.
pub(super) fn has_leads(conn: &mut Conn, ctx: &Ctx, queue: UserId, beside: Option<PoolId>) -> QueryResult<bool> {
    let lies_there = leads_beside::pooled_at.is_not_null().and(leads_beside::pool_id.is_not_distinct_from(beside));
    let owned =
        leads::table.filter(leads::tenant_id.eq(ctx.tenant)).filter(leads::owner_id.eq(queue)).filter(not(lies_there));
    diesel::select(exists(owned)).get_result(conn)
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewPool, words: Vec<String>) -> QueryResult<Pool> {
    let given = (
        pools::tenant_id.eq(ctx.tenant),
        pools::id.eq(new.id.unwrap_or_else(PoolId::new)),
        pools::created_at.eq(ctx.now),
        pools::updated_at.eq(ctx.now),
        pools::created_by.eq(ctx.actor.user),
        pools::updated_by.eq(ctx.actor.user),
        pools::search.eq(array_to_tsvector(words)),
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
    words: Option<Vec<String>>,
) -> QueryResult<Option<Pool>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx)
        .filter(pools::deleted_at.is_null())
        .filter(pools::id.eq(id))
        .filter(pools::version.between(oldest, newest));
    let moved = (
        pools::version.eq(pools::version + 1),
        pools::updated_at.eq(ctx.now),
        pools::updated_by.eq(ctx.actor.user),
        words.map(|words| pools::search.eq(array_to_tsvector(words))),
    );
    diesel::update(target)
        .set((patch, moved))
        .returning(Pool::as_returning())
        .recorded::<Pool>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living pool, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: PoolId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<Pool>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx)
        .filter(pools::deleted_at.is_null().eq(archived))
        .filter(pools::id.eq(id))
        .filter(pools::version.between(oldest, newest));
    let moved = (
        pools::deleted_at.eq(at),
        pools::version.eq(pools::version + 1),
        pools::updated_at.eq(ctx.now),
        pools::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(Pool::as_returning())
        .recorded::<Pool>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: PoolId) -> QueryResult<Option<Pool>> {
    diesel::delete(scope(ctx).filter(pools::id.eq(id)))
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
            .filter(pools::deleted_at.is_null())
            .filter(pools::id.eq_any(ids))
            .select(Pool::as_select())
            .load(conn)?)
    }
}
