//! The queries of a payment. `scope` is the only way in.
use super::{Key, NewPayment, Payment, PaymentPatch};
use crate::contract::schema::payments;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{AccountId, Action, ContractId, Ctx, Page, PaymentId, Result, TenantId, UserId};
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record, Visible, visible};
use rust_decimal::Decimal;
use uuid::Uuid;

/// The payments of the tenant on which the actor may do `action`, archived ones too.
#[auto_type]
pub(crate) fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let visible: Visible<payments::table> = visible::rows(ctx, action);
    payments::table.filter(payments::tenant_id.eq(tenant)).filter(visible)
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: PaymentId) -> Result<Payment> {
    Ok(scope(ctx, Action::Read)
        .filter(payments::deleted_at.is_null())
        .filter(payments::id.eq(id))
        .select(Payment::as_select())
        .first(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<payments::table>) -> Result<Page<Payment>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Payment::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(payments::id),
        |payment| payment.reference.as_deref().unwrap_or_default(),
    )
}

/// The living payments among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[PaymentId]) -> Result<Vec<Payment>> {
    Ok(scope(ctx, Action::Read)
        .filter(payments::deleted_at.is_null())
        .filter(payments::id.eq_any(ids))
        .select(Payment::as_select())
        .load(conn)?)
}

/// The living payments with this key.
pub fn find_by(conn: &mut Conn, ctx: &Ctx, key: &Key) -> Result<Vec<Payment>> {
    let Key::External { source_system, external_id } = key;
    let living = scope(ctx, Action::Read).filter(payments::deleted_at.is_null()).select(Payment::as_select());
    Ok(match platform::external::find::<Payment>(conn, ctx, source_system, external_id)? {
        Some(id) => living.filter(payments::id.eq(id)).load(conn)?,
        None => Vec::new(),
    })
}

/// Those that have paid nothing.
pub(super) fn free(conn: &mut Conn, ctx: &Ctx, ids: &[Uuid]) -> QueryResult<Vec<Uuid>> {
    let free: Vec<PaymentId> = payments::table
        .filter(payments::tenant_id.eq(ctx.tenant))
        .filter(payments::id.eq_any(ids))
        .filter(payments::matched_amount.eq(Decimal::ZERO))
        .select(payments::id)
        .load(conn)?;
    Ok(free.into_iter().map(|id| id.0).collect())
}

/// Living payments of this reference and amount; few are enough to know.
pub(super) fn alike(conn: &mut Conn, ctx: &Ctx, new: &NewPayment) -> QueryResult<Vec<Payment>> {
    let Some(reference) = &new.reference else { return Ok(Vec::new()) };
    scope(ctx, Action::Read)
        .filter(payments::deleted_at.is_null())
        .filter(payments::reference.eq(reference))
        .filter(payments::amount.eq(new.amount.amount))
        .filter(payments::currency.eq(&new.amount.currency))
        .limit(20)
        .select(Payment::as_select())
        .load(conn)
}

pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    new: &NewPayment,
    account: Option<AccountId>,
    received_on: NaiveDate,
    words: Vec<String>,
) -> QueryResult<Payment> {
    let given = (
        payments::tenant_id.eq(ctx.tenant),
        payments::id.eq(new.id.unwrap_or_else(PaymentId::new)),
        payments::owner_id.eq(new.owner_id.unwrap_or(ctx.actor.user)),
        payments::account_id.eq(account),
        payments::status.eq("received"),
        payments::received_on.eq(received_on),
        payments::method.eq(new.method.as_deref().unwrap_or("bank_transfer")),
        payments::currency.eq(&new.amount.currency),
        payments::amount.eq(new.amount.amount),
        payments::created_at.eq(ctx.now),
        payments::updated_at.eq(ctx.now),
        payments::created_by.eq(ctx.actor.user),
        payments::updated_by.eq(ctx.actor.user),
        payments::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(payments::table)
        .values((given, new))
        .returning(Payment::as_returning())
        .recorded::<Payment>(ctx, Verb::Created)
        .get_result(conn)
}

/// What every change moves.
#[auto_type]
fn touched(ctx: &Ctx) -> _ {
    let (now, user): (DateTime<Utc>, UserId) = (ctx.now, ctx.actor.user);
    (payments::version.eq(payments::version + 1_i32), payments::updated_at.eq(now), payments::updated_by.eq(user))
}

/// Of one that is locked. Nothing comes back where it may not be changed.
pub(super) fn update(conn: &mut Conn, ctx: &Ctx, id: PaymentId, patch: &PaymentPatch) -> QueryResult<Option<Payment>> {
    let amount = patch.amount.as_ref();
    let amount = amount.map(|money| (payments::amount.eq(money.amount), payments::currency.eq(&money.currency)));
    diesel::update(scope(ctx, Action::Update).filter(payments::id.eq(id)))
        .set((patch, amount, touched(ctx)))
        .returning(Payment::as_returning())
        .recorded::<Payment>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// What of one that is locked has paid instalments, and of which contract.
pub(super) fn set_matched(
    conn: &mut Conn,
    ctx: &Ctx,
    id: PaymentId,
    matched: Decimal,
    contract: Option<ContractId>,
) -> QueryResult<Payment> {
    let contract = contract.map(|id| payments::contract_id.eq(id));
    diesel::update(payments::table.find((ctx.tenant, id)))
        .set((payments::matched_amount.eq(matched), contract, touched(ctx)))
        .returning(Payment::as_returning())
        .recorded::<Payment>(ctx, Verb::Updated)
        .get_result(conn)
}

/// Of one that is locked and has paid nothing.
pub(super) fn set_void(conn: &mut Conn, ctx: &Ctx, id: PaymentId) -> QueryResult<Payment> {
    diesel::update(scope(ctx, Action::Update).filter(payments::id.eq(id)))
        .set((payments::status.eq("void"), touched(ctx)))
        .returning(Payment::as_returning())
        .recorded::<Payment>(ctx, Verb::Updated)
        .get_result(conn)
}

/// What is searched follows every change; who changed it may see it no longer.
pub(super) fn set_words(conn: &mut Conn, ctx: &Ctx, id: PaymentId, words: Vec<String>) -> QueryResult<usize> {
    diesel::update(payments::table.find((ctx.tenant, id)))
        .set(payments::search.eq(array_to_tsvector(words)))
        .execute(conn)
}

/// Locks the payment, if the actor may do that.
pub(super) fn lock(conn: &mut Conn, ctx: &Ctx, action: Action, id: PaymentId) -> QueryResult<Option<Payment>> {
    scope(ctx, action)
        .filter(payments::deleted_at.is_null())
        .filter(payments::id.eq(id))
        .for_update()
        .select(Payment::as_select())
        .first(conn)
        .optional()
}

/// Locks the payment whether living or archived, if the actor may take it away for good.
pub(super) fn lock_any(conn: &mut Conn, ctx: &Ctx, id: PaymentId) -> QueryResult<Option<Payment>> {
    scope(ctx, Action::Purge)
        .filter(payments::id.eq(id))
        .for_update()
        .select(Payment::as_select())
        .first(conn)
        .optional()
}

/// Archives a living payment, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: PaymentId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<Payment>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx, Action::Delete)
        .filter(payments::deleted_at.is_null().eq(archived))
        .filter(payments::id.eq(id))
        .filter(payments::version.between(oldest, newest));
    diesel::update(target)
        .set((payments::deleted_at.eq(at), touched(ctx)))
        .returning(Payment::as_returning())
        .recorded::<Payment>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: PaymentId) -> QueryResult<Option<Payment>> {
    diesel::delete(scope(ctx, Action::Purge).filter(payments::id.eq(id)))
        .returning(Payment::as_returning())
        .recorded::<Payment>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// The payment whether living or archived, as far as the caller may see it.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: PaymentId) -> QueryResult<Payment> {
    scope(ctx, Action::Read).filter(payments::id.eq(id)).select(Payment::as_select()).first(conn)
}

impl Batch for Payment {
    fn find(conn: &mut Conn, ctx: &Ctx, id: PaymentId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[PaymentId]) -> Result<Vec<Self>> {
        Ok(payments::table
            .filter(payments::tenant_id.eq(tenant))
            .filter(payments::deleted_at.is_null())
            .filter(payments::id.eq_any(ids))
            .select(Payment::as_select())
            .load(conn)?)
    }
}
