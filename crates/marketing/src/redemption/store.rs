//! The queries of a redemption. `scope` is the only way in.
use super::body::{Gifts, Lines};
use super::schema::redemptions;
use super::{NewRedemption, Redemption};
use chrono::{DateTime, Duration, Utc};
use diesel::dsl::{auto_type, count_star};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Timestamptz, Uuid as SqlUuid};
use kernel::event::Verb;
use kernel::{
    AccountId, Action, ContactId, CouponId, Ctx, Money, OrderId, Page, PromotionId, RedemptionId, Result, TenantId,
    UserId,
};
use platform::sweep::{Look, look};
use platform::{Batch, Conn, Listing, Record, Visible, visible};

/// What counts against limits.
const LIVE: [&str; 2] = ["held", "redeemed"];

/// The redemptions of the tenant on which the actor may do `action`.
#[auto_type]
fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let visible: Visible<redemptions::table> = visible::rows(ctx, action);
    redemptions::table.filter(redemptions::tenant_id.eq(tenant)).filter(visible)
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: RedemptionId) -> Result<Redemption> {
    let found = scope(ctx, Action::Read).filter(redemptions::id.eq(id));
    Ok(found.select(Redemption::as_select()).first(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<redemptions::table>) -> Result<Page<Redemption>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Redemption::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(redemptions::id),
        |_| "",
    )
}

pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[RedemptionId]) -> Result<Vec<Redemption>> {
    let found = scope(ctx, Action::Read).filter(redemptions::id.eq_any(ids));
    Ok(found.select(Redemption::as_select()).load(conn)?)
}

/// Those of orders that were asked for, as far as the caller sees them.
pub fn of_orders(conn: &mut Conn, ctx: &Ctx, orders: &[OrderId]) -> Result<Vec<Redemption>> {
    Ok(scope(ctx, Action::Read)
        .filter(redemptions::order_id.eq_any(orders))
        .order(redemptions::id)
        .select(Redemption::as_select())
        .load(conn)?)
}

/// What is held or redeemed for an order, whoever sees it.
pub(super) fn live_of(conn: &mut Conn, ctx: &Ctx, new: &NewRedemption) -> QueryResult<Vec<Redemption>> {
    let live = || {
        redemptions::table
            .filter(redemptions::tenant_id.eq(ctx.tenant))
            .filter(redemptions::status.eq_any(LIVE))
            .order(redemptions::id)
            .select(Redemption::as_select())
    };
    match (new.order_id, &new.order_ref) {
        (Some(id), _) => live().filter(redemptions::order_id.eq(id)).load(conn),
        (None, Some(name)) => live().filter(redemptions::order_ref.eq(name)).load(conn),
        (None, None) => Ok(Vec::new()),
    }
}

/// Promotion, coupon, and how often.
pub(crate) type Used = Vec<(PromotionId, Option<CouponId>, i64)>;

/// How often a customer has used these: the contact, or the account where no contact is named.
pub(crate) fn used_by(
    conn: &mut Conn,
    ctx: &Ctx,
    contact: Option<ContactId>,
    account: Option<AccountId>,
    promotions: &[PromotionId],
) -> QueryResult<Used> {
    let all = redemptions::table
        .filter(redemptions::tenant_id.eq(ctx.tenant))
        .filter(redemptions::promotion_id.eq_any(promotions))
        .filter(redemptions::status.eq_any(LIVE))
        .group_by((redemptions::promotion_id, redemptions::coupon_id))
        .select((redemptions::promotion_id, redemptions::coupon_id, count_star()));
    match (contact, account) {
        (Some(contact), _) => all.filter(redemptions::contact_id.eq(contact)).load(conn),
        (None, Some(account)) => all.filter(redemptions::account_id.eq(account)).load(conn),
        (None, None) => Ok(Vec::new()),
    }
}

/// What is written of one use.
pub(super) struct Use {
    pub promotion: PromotionId,
    pub coupon: Option<CouponId>,
    pub amount: Money,
    pub lines: Lines,
    pub gifts: Gifts,
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewRedemption, used: Use) -> QueryResult<Redemption> {
    let hold = new.hold_minutes.map(|minutes| ctx.now + Duration::minutes(minutes.into()));
    let status = if hold.is_some() { "held" } else { "redeemed" };
    let what = (
        redemptions::promotion_id.eq(used.promotion),
        redemptions::coupon_id.eq(used.coupon),
        redemptions::order_id.eq(new.order_id),
        redemptions::order_ref.eq(new.order_ref.as_deref()),
        redemptions::account_id.eq(new.cart.account_id),
        redemptions::contact_id.eq(new.cart.contact_id),
        redemptions::currency.eq(used.amount.currency),
        redemptions::amount.eq(used.amount.amount),
        redemptions::lines.eq(used.lines),
        redemptions::gifts.eq(used.gifts),
    );
    let given = (
        redemptions::tenant_id.eq(ctx.tenant),
        redemptions::id.eq(RedemptionId::new()),
        redemptions::owner_id.eq(ctx.actor.user),
        redemptions::status.eq(status),
        redemptions::held_until.eq(hold),
        redemptions::redeemed_at.eq(hold.is_none().then_some(ctx.now)),
        redemptions::created_at.eq(ctx.now),
        redemptions::updated_at.eq(ctx.now),
        redemptions::created_by.eq(ctx.actor.user),
        redemptions::updated_by.eq(ctx.actor.user),
    );
    diesel::insert_into(redemptions::table)
        .values((given, what))
        .returning(Redemption::as_returning())
        .recorded::<Redemption>(ctx, Verb::Created)
        .get_result(conn)
}

/// One that the actor may change, held against other changes.
pub(super) fn lock(conn: &mut Conn, ctx: &Ctx, id: RedemptionId) -> QueryResult<Option<Redemption>> {
    let one = scope(ctx, Action::Update).filter(redemptions::id.eq(id));
    one.for_update().select(Redemption::as_select()).first(conn).optional()
}

/// Another status of one that is locked, whoever sees it; redeemed now, or given back now.
pub(super) fn set_status(conn: &mut Conn, ctx: &Ctx, id: RedemptionId, status: &str) -> QueryResult<Redemption> {
    let now = Some(ctx.now);
    let redeemed = (status == "redeemed")
        .then_some((redemptions::redeemed_at.eq(now), redemptions::held_until.eq(None::<DateTime<Utc>>)));
    let ended = (status != "redeemed").then_some(redemptions::ended_at.eq(now));
    let moved = (
        redemptions::is_undone.eq(false),
        redemptions::version.eq(redemptions::version + 1),
        redemptions::updated_at.eq(ctx.now),
        redemptions::updated_by.eq(ctx.actor.user),
    );
    diesel::update(redemptions::table.find((ctx.tenant, id)))
        .set((redemptions::status.eq(status), redeemed, ended, moved))
        .returning(Redemption::as_returning())
        .recorded::<Redemption>(ctx, Verb::Updated)
        .get_result(conn)
}

#[derive(QueryableByName)]
pub(super) struct Due {
    #[diesel(sql_type = SqlUuid)]
    pub tenant_id: TenantId,
    #[diesel(sql_type = SqlUuid)]
    pub id: RedemptionId,
    #[diesel(sql_type = SqlUuid)]
    pub owner_id: UserId,
    /// by the clock that all machines have in common
    #[diesel(sql_type = Timestamptz)]
    pub now: DateTime<Utc>,
}

/// One that was held long enough.
pub(super) const OVER: Look = look! {
    what: "a redemption that was held long enough",
    row: "r",
    locks: "r",
    tells: "r.owner_id",
    from: "FROM redemptions AS r WHERE r.status = 'held' AND r.held_until <= statement_timestamp()",
};

/// One whose order was cancelled.
pub(super) const UNDONE: Look = look! {
    what: "a redemption whose order was cancelled",
    row: "r",
    locks: "r",
    tells: "r.owner_id",
    from: "FROM redemptions AS r WHERE r.is_undone",
};

/// One that is locked, whoever sees it.
pub(super) fn held(conn: &mut Conn, ctx: &Ctx, id: RedemptionId) -> QueryResult<Redemption> {
    redemptions::table.find((ctx.tenant, id)).select(Redemption::as_select()).first(conn)
}

impl Batch for Redemption {
    fn find(conn: &mut Conn, ctx: &Ctx, id: RedemptionId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[RedemptionId]) -> Result<Vec<Self>> {
        Ok(redemptions::table
            .filter(redemptions::tenant_id.eq(tenant))
            .filter(redemptions::id.eq_any(ids))
            .select(Redemption::as_select())
            .load(conn)?)
    }
}
