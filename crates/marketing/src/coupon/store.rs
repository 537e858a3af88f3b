//! The queries of a coupon. `scope` is the only way in.
use super::schema::coupons;
use super::{Coupon, CouponPatch, NewCoupon};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{CouponId, Ctx, Page, Result, TenantId, UserId};
use platform::deed::ByName;
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record};

/// The coupons of the tenant, archived ones too: they belong to nobody, so the permission at the door is enough.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    coupons::table.filter(coupons::tenant_id.eq(tenant))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: CouponId) -> Result<Coupon> {
    let living = scope(ctx).filter(coupons::deleted_at.is_null());
    Ok(living.filter(coupons::id.eq(id)).select(Coupon::as_select()).first(conn)?)
}

/// The coupon whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: CouponId) -> QueryResult<Coupon> {
    scope(ctx).filter(coupons::id.eq(id)).select(Coupon::as_select()).first(conn)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<coupons::table>) -> Result<Page<Coupon>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Coupon::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(ask.matching()).select(coupons::id),
        |coupon| &coupon.code,
    )
}

/// The living coupons among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[CouponId]) -> Result<Vec<Coupon>> {
    let living = scope(ctx).filter(coupons::deleted_at.is_null());
    Ok(living.filter(coupons::id.eq_any(ids)).select(Coupon::as_select()).load(conn)?)
}

/// The living ones with these codes, which are in capitals.
pub(crate) fn coded(conn: &mut Conn, ctx: &Ctx, codes: &[String]) -> QueryResult<Vec<Coupon>> {
    let living = scope(ctx).filter(coupons::deleted_at.is_null());
    living.filter(coupons::code.eq_any(codes)).order(coupons::id).select(Coupon::as_select()).load(conn)
}

/// The living one with this code.
pub(super) fn find_by(conn: &mut Conn, ctx: &Ctx, code: &ByName) -> Result<Vec<Coupon>> {
    Ok(coded(conn, ctx, std::slice::from_ref(&code.0))?)
}

pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    new: &NewCoupon,
    code: &str,
    words: Vec<String>,
) -> QueryResult<Coupon> {
    let given = (
        coupons::tenant_id.eq(ctx.tenant),
        coupons::id.eq(new.id.unwrap_or_else(CouponId::new)),
        coupons::code.eq(code),
        coupons::created_at.eq(ctx.now),
        coupons::updated_at.eq(ctx.now),
        coupons::created_by.eq(ctx.actor.user),
        coupons::updated_by.eq(ctx.actor.user),
        coupons::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(coupons::table)
        .values((given, new))
        .returning(Coupon::as_returning())
        .recorded::<Coupon>(ctx, Verb::Created)
        .get_result(conn)
}

/// What every change moves.
#[auto_type]
fn touched(ctx: &Ctx) -> _ {
    let now: DateTime<Utc> = ctx.now;
    let user: UserId = ctx.actor.user;
    (coupons::version.eq(coupons::version + 1_i32), coupons::updated_at.eq(now), coupons::updated_by.eq(user))
}

/// Nothing comes back where there is no such coupon, or it is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: CouponId,
    base: Option<i32>,
    patch: &CouponPatch,
) -> QueryResult<Option<Coupon>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx)
        .filter(coupons::deleted_at.is_null())
        .filter(coupons::id.eq(id))
        .filter(coupons::version.between(oldest, newest));
    diesel::update(target)
        .set((patch, touched(ctx)))
        .returning(Coupon::as_returning())
        .recorded::<Coupon>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// One use more, unless that passes its limit: of many at once as many as there is room for.
pub(crate) fn count_use(conn: &mut Conn, ctx: &Ctx, id: CouponId) -> QueryResult<Option<Coupon>> {
    let room = coupons::total_limit.is_null().or(coupons::total_limit.gt(coupons::used_count.nullable()));
    let target = scope(ctx)
        .filter(coupons::deleted_at.is_null())
        .filter(coupons::id.eq(id))
        .filter(coupons::status.eq("active"))
        .filter(room);
    diesel::update(target)
        .set((coupons::used_count.eq(coupons::used_count + 1), touched(ctx)))
        .returning(Coupon::as_returning())
        .following::<Coupon>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// A use is given back, whatever has become of the coupon.
pub(crate) fn give_back(conn: &mut Conn, ctx: &Ctx, id: CouponId) -> QueryResult<Option<Coupon>> {
    diesel::update(scope(ctx).filter(coupons::id.eq(id)).filter(coupons::used_count.gt(0)))
        .set((coupons::used_count.eq(coupons::used_count - 1), touched(ctx)))
        .returning(Coupon::as_returning())
        .following::<Coupon>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living coupon, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: CouponId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<Coupon>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx)
        .filter(coupons::deleted_at.is_null().eq(archived))
        .filter(coupons::id.eq(id))
        .filter(coupons::version.between(oldest, newest));
    diesel::update(target)
        .set((coupons::deleted_at.eq(at), touched(ctx)))
        .returning(Coupon::as_returning())
        .recorded::<Coupon>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: CouponId) -> QueryResult<Option<Coupon>> {
    diesel::delete(scope(ctx).filter(coupons::id.eq(id)))
        .returning(Coupon::as_returning())
        .recorded::<Coupon>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

impl Batch for Coupon {
    fn find(conn: &mut Conn, ctx: &Ctx, id: CouponId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[CouponId]) -> Result<Vec<Self>> {
        Ok(coupons::table
            .filter(coupons::tenant_id.eq(tenant))
            .filter(coupons::deleted_at.is_null())
            .filter(coupons::id.eq_any(ids))
            .select(Coupon::as_select())
            .load(conn)?)
    }
}
