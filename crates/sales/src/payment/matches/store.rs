//! The queries of matches. Their payment was asked for through its `scope` before.
use super::PaymentMatch;
use crate::contract::Contract;
use crate::contract::schema::{contracts, installments, payment_matches};
use crate::payment;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{ContractId, Ctx, InstallmentId, Page, PaymentId, PaymentMatchId, Result};
use platform::{Conn, Listing};
use rust_decimal::Decimal;

/// The matches of a payment that the caller may see.
pub fn of(conn: &mut Conn, ctx: &Ctx, payment: PaymentId) -> Result<Vec<PaymentMatch>> {
    payment::find(conn, ctx, payment)?;
    of_all(conn, ctx, &[payment])
}

/// The matches of payments that the caller may see.
pub fn of_all(conn: &mut Conn, ctx: &Ctx, payments: &[PaymentId]) -> Result<Vec<PaymentMatch>> {
    Ok(payment_matches::table
        .filter(payment_matches::tenant_id.eq(ctx.tenant))
        .filter(payment_matches::payment_id.eq_any(payments))
        .order((payment_matches::payment_id, payment_matches::id))
        .select(PaymentMatch::as_select())
        .load(conn)?)
}

/// The matches of all payments that the actor may see: a part's `Listing` asks for its whole.
pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<payment_matches::table>) -> Result<Page<PaymentMatch>> {
    let all = || payment_matches::table.filter(payment_matches::tenant_id.eq(ctx.tenant));
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = all().filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((PaymentMatch::as_select(), ask.keys())).load(conn)
        },
        |ask| all().filter(ask.matching()).select(payment_matches::id),
        |one| &one.currency,
    )
}

/// Of a payment and an instalment that are held; more is added to what there is.
pub fn add(
    conn: &mut Conn,
    ctx: &Ctx,
    payment: PaymentId,
    installment: InstallmentId,
    currency: &str,
    amount: Decimal,
) -> QueryResult<usize> {
    let row = (
        payment_matches::tenant_id.eq(ctx.tenant),
        payment_matches::id.eq(PaymentMatchId::new()),
        payment_matches::payment_id.eq(payment),
        payment_matches::installment_id.eq(installment),
        payment_matches::currency.eq(currency),
        payment_matches::amount.eq(amount),
        payment_matches::created_at.eq(ctx.now),
        payment_matches::created_by.eq(ctx.actor.user),
    );
    let key = (payment_matches::tenant_id, payment_matches::payment_id, payment_matches::installment_id);
    diesel::insert_into(payment_matches::table)
        .values(row)
        .on_conflict(key)
        .do_update()
        .set(payment_matches::amount.eq(payment_matches::amount + amount))
        .execute(conn)
}

/// The contracts whose instalments a payment has paid, in the order of their ids.
pub fn contracts_of(conn: &mut Conn, ctx: &Ctx, payment: PaymentId) -> QueryResult<Vec<ContractId>> {
    let of = installments::tenant_id
        .eq(payment_matches::tenant_id)
        .and(installments::id.eq(payment_matches::installment_id));
    payment_matches::table
        .inner_join(installments::table.on(of))
        .filter(payment_matches::tenant_id.eq(ctx.tenant))
        .filter(payment_matches::payment_id.eq(payment))
        .order(installments::contract_id)
        .select(installments::contract_id)
        .distinct()
        .load(conn)
}

/// Whoever sees them: what a payment paid is taken back by whoever may change the payment.
pub fn lock_contracts(conn: &mut Conn, ctx: &Ctx, ids: &[ContractId]) -> QueryResult<Vec<Contract>> {
    contracts::table
        .filter(contracts::tenant_id.eq(ctx.tenant))
        .filter(contracts::id.eq_any(ids))
        .order(contracts::id)
        .for_update()
        .select(Contract::as_select())
        .load(conn)
}

/// Takes all matches of a payment away, and answers what they were.
pub fn take(conn: &mut Conn, ctx: &Ctx, payment: PaymentId) -> QueryResult<Vec<(InstallmentId, Decimal)>> {
    let all = payment_matches::table
        .filter(payment_matches::tenant_id.eq(ctx.tenant))
        .filter(payment_matches::payment_id.eq(payment));
    diesel::delete(all).returning((payment_matches::installment_id, payment_matches::amount)).get_results(conn)
}
