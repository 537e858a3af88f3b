//! The queries of a promotion. `scope` is the only way in.
use super::schema::{promotion_uses, promotions};
use super::{Key, NewPromotion, Promotion, PromotionPatch};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Ctx, Page, PromotionId, Result, TenantId};
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// The promotions of the tenant, archived ones too: they belong to nobody, so the permission at the door is enough.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    promotions::table.filter(promotions::tenant_id.eq(tenant))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: PromotionId) -> Result<Promotion> {
    let living = scope(ctx).filter(promotions::deleted_at.is_null());
    Ok(living.filter(promotions::id.eq(id)).select(Promotion::as_select()).first(conn)?)
}

/// The promotion whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: PromotionId) -> QueryResult<Promotion> {
    scope(ctx).filter(promotions::id.eq(id)).select(Promotion::as_select()).first(conn)
}

/// One that was used, whoever may see it now.
pub(crate) fn any(conn: &mut Conn, ctx: &Ctx, id: PromotionId) -> QueryResult<Promotion> {
    find_any(conn, ctx, id)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<promotions::table>) -> Result<Page<Promotion>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Promotion::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(ask.matching()).select(promotions::id),
        |promotion| &promotion.name,
    )
}

/// The living promotions among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[PromotionId]) -> Result<Vec<Promotion>> {
    let living = scope(ctx).filter(promotions::deleted_at.is_null());
    Ok(living.filter(promotions::id.eq_any(ids)).select(Promotion::as_select()).load(conn)?)
}

/// The living promotions with this key.
pub fn find_by(conn: &mut Conn, ctx: &Ctx, key: &Key) -> Result<Vec<Promotion>> {
    let living = scope(ctx).filter(promotions::deleted_at.is_null()).select(Promotion::as_select());
    Ok(match key {
        Key::Code(code) => living.filter(promotions::code.eq(code)).load(conn)?,
        Key::External { source_system, external_id } => {
            match platform::external::find::<Promotion>(conn, ctx, source_system, external_id)? {
                Some(id) => living.filter(promotions::id.eq(id)).load(conn)?,
                None => Vec::new(),
            }
        }
    })
}

/// The living one with this code.
pub(super) fn coded(conn: &mut Conn, ctx: &Ctx, code: &str) -> QueryResult<Vec<Promotion>> {
    let living = scope(ctx).filter(promotions::deleted_at.is_null());
    living.filter(promotions::code.eq(code)).select(Promotion::as_select()).load(conn)
}

/// Those that need no coupon, and are active at that moment.
pub(crate) fn automatic(conn: &mut Conn, ctx: &Ctx, at: DateTime<Utc>, currency: &str) -> QueryResult<Vec<Promotion>> {
    let begun = promotions::starts_at.is_null().or(promotions::starts_at.le(at));
    let not_over = promotions::ends_at.is_null().or(promotions::ends_at.gt(at));
    let meant = promotions::currency.is_null().or(promotions::currency.eq(currency));
    scope(ctx)
        .filter(promotions::deleted_at.is_null())
        .filter(promotions::status.eq("active"))
        .filter(promotions::is_coupon_needed.eq(false))
        .filter(begun)
        .filter(not_over)
        .filter(meant)
        .order(promotions::id)
        .select(Promotion::as_select())
        .load(conn)
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewPromotion, words: Vec<String>) -> QueryResult<Promotion> {
    let given = (
        promotions::tenant_id.eq(ctx.tenant),
        promotions::id.eq(new.id.unwrap_or_else(PromotionId::new)),
        promotions::status.eq("draft"),
        promotions::created_at.eq(ctx.now),
        promotions::updated_at.eq(ctx.now),
        promotions::created_by.eq(ctx.actor.user),
        promotions::updated_by.eq(ctx.actor.user),
        promotions::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(promotions::table)
        .values((given, new))
        .returning(Promotion::as_returning())
        .recorded::<Promotion>(ctx, Verb::Created)
        .get_result(conn)
}

/// What every change moves.
#[auto_type]
fn touched(ctx: &Ctx) -> _ {
    let now: DateTime<Utc> = ctx.now;
    let user: kernel::UserId = ctx.actor.user;
    (
        promotions::version.eq(promotions::version + 1_i32),
        promotions::updated_at.eq(now),
        promotions::updated_by.eq(user),
    )
}

/// Nothing comes back where there is no such promotion, or it is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: PromotionId,
    base: Option<i32>,
    patch: &PromotionPatch,
) -> QueryResult<Option<Promotion>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx)
        .filter(promotions::deleted_at.is_null())
        .filter(promotions::id.eq(id))
        .filter(promotions::version.between(oldest, newest));
    diesel::update(target)
        .set((patch, touched(ctx)))
        .returning(Promotion::as_returning())
        .recorded::<Promotion>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

pub(super) fn set_words(conn: &mut Conn, ctx: &Ctx, id: PromotionId, words: Vec<String>) -> QueryResult<usize> {
    diesel::update(scope(ctx).filter(promotions::id.eq(id)))
        .set(promotions::search.eq(array_to_tsvector(words)))
        .execute(conn)
}

/// A living one, held against changes until the transaction ends.
pub(crate) fn lock(conn: &mut Conn, ctx: &Ctx, id: PromotionId) -> QueryResult<Option<Promotion>> {
    let living = scope(ctx).filter(promotions::deleted_at.is_null());
    living.filter(promotions::id.eq(id)).for_update().select(Promotion::as_select()).first(conn).optional()
}

pub(super) fn set_status(conn: &mut Conn, ctx: &Ctx, id: PromotionId, status: &str) -> QueryResult<Promotion> {
    diesel::update(scope(ctx).filter(promotions::id.eq(id)))
        .set((promotions::status.eq(status), touched(ctx)))
        .returning(Promotion::as_returning())
        .recorded::<Promotion>(ctx, Verb::Updated)
        .get_result(conn)
}

/// Archives a living promotion, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: PromotionId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<Promotion>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx)
        .filter(promotions::deleted_at.is_null().eq(archived))
        .filter(promotions::id.eq(id))
        .filter(promotions::version.between(oldest, newest));
    diesel::update(target)
        .set((promotions::deleted_at.eq(at), touched(ctx)))
        .returning(Promotion::as_returning())
        .recorded::<Promotion>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: PromotionId) -> QueryResult<Option<Promotion>> {
    diesel::delete(scope(ctx).filter(promotions::id.eq(id)))
        .returning(Promotion::as_returning())
        .recorded::<Promotion>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// How often these are used, and what they have taken off; of one that was never used, nothing.
pub(crate) fn uses(
    conn: &mut Conn,
    ctx: &Ctx,
    ids: &[PromotionId],
) -> QueryResult<BTreeMap<PromotionId, (i32, Decimal)>> {
    let found: Vec<(PromotionId, i32, Decimal)> = promotion_uses::table
        .filter(promotion_uses::tenant_id.eq(ctx.tenant))
        .filter(promotion_uses::promotion_id.eq_any(ids))
        .select((promotion_uses::promotion_id, promotion_uses::used_count, promotion_uses::spent))
        .load(conn)?;
    Ok(found.into_iter().map(|(id, count, spent)| (id, (count, spent))).collect())
}

/// One use more of so much, unless that passes a limit: of many at once as many as there is room for.
pub(crate) fn count_use(conn: &mut Conn, ctx: &Ctx, promotion: &Promotion, spent: Decimal) -> QueryResult<bool> {
    let most = promotion.total_limit.unwrap_or(i32::MAX);
    let budget = promotion.budget.unwrap_or(Decimal::MAX);
    let row = (
        promotion_uses::tenant_id.eq(ctx.tenant),
        promotion_uses::promotion_id.eq(promotion.id),
        promotion_uses::used_count.eq(0),
        promotion_uses::spent.eq(Decimal::ZERO),
    );
    diesel::insert_into(promotion_uses::table).values(row).on_conflict_do_nothing().execute(conn)?;
    let of_it = promotion_uses::table
        .filter(promotion_uses::tenant_id.eq(ctx.tenant))
        .filter(promotion_uses::promotion_id.eq(promotion.id))
        .filter(promotion_uses::used_count.lt(most))
        .filter(promotion_uses::spent.le(budget - spent));
    let moved = (
        promotion_uses::used_count.eq(promotion_uses::used_count + 1),
        promotion_uses::spent.eq(promotion_uses::spent + spent),
    );
    Ok(diesel::update(of_it).set(moved).execute(conn)? == 1)
}

/// A use is given back.
pub(crate) fn give_back(conn: &mut Conn, tenant: TenantId, id: PromotionId, spent: Decimal) -> QueryResult<usize> {
    let moved = (
        promotion_uses::used_count.eq(promotion_uses::used_count - 1),
        promotion_uses::spent.eq(promotion_uses::spent - spent),
    );
    diesel::update(promotion_uses::table.find((tenant, id))).set(moved).execute(conn)
}

impl Batch for Promotion {
    fn find(conn: &mut Conn, ctx: &Ctx, id: PromotionId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[PromotionId]) -> Result<Vec<Self>> {
        Ok(promotions::table
            .filter(promotions::tenant_id.eq(tenant))
            .filter(promotions::deleted_at.is_null())
            .filter(promotions::id.eq_any(ids))
            .select(Promotion::as_select())
            .load(conn)?)
    }
}
