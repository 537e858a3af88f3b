//! The queries of a share. `known` is what the actor may know of without asking for a record.
use super::{NewShare, Share, SharePatch, UPDATE};
use crate::import::many;
use crate::schema::shares;
use crate::search::{Words, array_to_tsvector};
use crate::{Conn, Listing, Record, visible};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::Bool;
use kernel::event::Verb;
use kernel::{Ctx, Page, Result, ShareId, TeamId, TenantId, UserId};
use uuid::Uuid;

#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    shares::table.filter(shares::tenant_id.eq(tenant))
}

type Condition = Box<dyn BoxableExpression<shares::table, Pg, SqlType = Bool>>;

/// With the actor, or by the actor.
fn known(ctx: &Ctx) -> Condition {
    Box::new(shares::grantee_id.eq_any(visible::grantees(ctx)).or(shares::created_by.eq(ctx.actor.user)))
}

fn of(resource: &'static str, record: Uuid) -> Condition {
    Box::new(shares::resource.eq(resource).and(shares::record_id.eq(record)))
}

/// All shares of a record, or else what the actor knows of.
pub(super) fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    listing: &Listing<shares::table>,
    record: Option<(&'static str, Uuid)>,
) -> Result<Page<Share>> {
    let which = || record.map_or_else(|| known(ctx), |(resource, id)| of(resource, id));
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(which()).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Share::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(which()).filter(ask.matching()).select(shares::id),
        |share| &share.resource,
    )
}

/// The share that is in force or has run out, and whether the actor knows of it by itself.
pub(super) fn find(conn: &mut Conn, ctx: &Ctx, id: ShareId) -> QueryResult<(Share, bool)> {
    scope(ctx)
        .filter(shares::deleted_at.is_null())
        .filter(shares::id.eq(id))
        .select((Share::as_select(), known(ctx)))
        .first(conn)
}

/// The one that is there of this record with these.
pub(super) fn same(conn: &mut Conn, ctx: &Ctx, new: &NewShare) -> QueryResult<Option<ShareId>> {
    let grantee = new.user_id.map(Uuid::from).or(new.team_id.map(Uuid::from));
    scope(ctx)
        .filter(shares::deleted_at.is_null())
        .filter(shares::resource.eq(&new.resource))
        .filter(shares::record_id.eq(new.record_id))
        .filter(shares::grantee_id.nullable().eq(grantee))
        .select(shares::id)
        .first(conn)
        .optional()
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewShare) -> QueryResult<Share> {
    let given = (
        shares::tenant_id.eq(ctx.tenant),
        shares::id.eq(new.id.unwrap_or_else(ShareId::new)),
        shares::created_at.eq(ctx.now),
        shares::updated_at.eq(ctx.now),
        shares::created_by.eq(ctx.actor.user),
        shares::updated_by.eq(ctx.actor.user),
        shares::search.eq(array_to_tsvector(Words::new().whole(&new.resource).lexemes())),
    );
    diesel::insert_into(shares::table)
        .values((given, new))
        .returning(Share::as_returning())
        .recorded::<Share>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where it is no longer at version `base`. Whether it may be changed was asked before.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ShareId,
    base: Option<i32>,
    patch: &SharePatch,
) -> QueryResult<Option<Share>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx)
        .filter(shares::deleted_at.is_null())
        .filter(shares::id.eq(id))
        .filter(shares::version.between(oldest, newest));
    let moved = (
        shares::version.eq(shares::version + 1),
        shares::updated_at.eq(ctx.now),
        shares::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set((patch, moved))
        .returning(Share::as_returning())
        .recorded::<Share>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Takes it back. It stays, to tell who could see what, and when.
pub(super) fn remove(conn: &mut Conn, ctx: &Ctx, id: ShareId, base: Option<i32>) -> QueryResult<Option<Share>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx)
        .filter(shares::deleted_at.is_null())
        .filter(shares::id.eq(id))
        .filter(shares::version.between(oldest, newest));
    let moved = (
        shares::deleted_at.eq(ctx.now),
        shares::version.eq(shares::version + 1),
        shares::updated_at.eq(ctx.now),
        shares::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(Share::as_returning())
        .recorded::<Share>(ctx, Verb::Deleted)
        .get_result(conn)
        .optional()
}

/// A share that lets somebody see a record.
#[derive(Clone, Debug, Queryable)]
pub struct Given {
    pub id: ShareId,
    pub user: Option<UserId>,
    pub team: Option<TeamId>,
    access: String,
    pub until: Option<DateTime<Utc>>,
    pub by: UserId,
}

impl Given {
    pub fn lets_update(&self) -> bool {
        self.access == UPDATE
    }
}

/// What of a record is shared with the actor, in force.
pub fn given(conn: &mut Conn, ctx: &Ctx, resource: &'static str, record: Uuid) -> QueryResult<Vec<Given>> {
    scope(ctx)
        .filter(shares::deleted_at.is_null())
        .filter(of(resource, record))
        .filter(shares::grantee_id.eq_any(visible::grantees(ctx)))
        .filter(shares::expires_at.is_null().or(shares::expires_at.gt(ctx.now)))
        .order(shares::id)
        .select((shares::id, shares::user_id, shares::team_id, shares::access, shares::expires_at, shares::created_by))
        .load(conn)
}

/// So many ids are soon gone through; of more, each row that is looked at would cost that.
const MANY: i64 = 1_000;

/// Whether more is shared with these than one goes through, in force or not.
pub fn are_many(conn: &mut Conn, tenant: TenantId, grantees: &[Uuid]) -> QueryResult<bool> {
    let some = shares::table
        .filter(shares::tenant_id.eq(tenant))
        .filter(shares::grantee_id.eq_any(grantees))
        .filter(shares::deleted_at.is_null())
        .select(shares::id)
        .offset(MANY)
        .limit(1);
    Ok(some.first::<ShareId>(conn).optional()?.is_some())
}

/// Whether anything is shared with a team, in force.
pub fn is_given_to(conn: &mut Conn, ctx: &Ctx, team: TeamId) -> QueryResult<bool> {
    let shared = scope(ctx)
        .filter(shares::deleted_at.is_null())
        .filter(shares::grantee_id.eq(team))
        .filter(shares::expires_at.is_null().or(shares::expires_at.gt(ctx.now)));
    diesel::select(diesel::dsl::exists(shared)).get_result(conn)
}

/// Whatever was shared of records that are gone for good; those with whom it was are told by its event.
pub fn forget(conn: &mut Conn, ctx: &Ctx, records: &[Uuid]) -> QueryResult<usize> {
    let gone: Vec<Uuid> = scope(ctx).filter(shares::record_id.eq_any(records)).select(shares::id).load(conn)?;
    Ok(many::delete(conn, ctx, &super::CATALOGUE, &gone)?.len())
}
