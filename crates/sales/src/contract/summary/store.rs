//! The queries of what stands to be paid, on the one `scope` of contracts and that of payments.
use crate::contract::Contract;
use crate::contract::installment::Installment;
use crate::contract::schema::{contracts, installments, payments};
use crate::contract::store::scope;
use crate::payment;
use crate::quote;
use crate::quote::schema::quotes;
use diesel::dsl::{count_star, sum};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{AccountId, Action, ContactId, ContractId, Ctx, OpportunityId, QuoteId, Result};
use platform::Conn;
use rust_decimal::Decimal;

/// Of which nothing is owed by now.
const UNSIGNED: &[&str] = &["draft", "terminated"];
const HOLDS: &[&str] = &["signed", "active"];

/// How much of what came of quotes is looked at.
const MOST: i64 = 500;

type Sum = Option<Decimal>;

/// The contracts with a customer: those of accounts, and these.
pub struct Of {
    pub accounts: Vec<AccountId>,
    pub ids: Vec<ContractId>,
}

/// The contracts that came of quotes, as far as the caller sees both: of those to a contact, of those for an
/// opportunity, or of one.
pub fn agreed(
    conn: &mut Conn,
    ctx: &Ctx,
    contact: Option<ContactId>,
    opportunity: Option<OpportunityId>,
    quote: Option<QuoteId>,
) -> Result<Vec<ContractId>> {
    let offered = quote::store::scope(ctx, Action::Read)
        .filter(quotes::deleted_at.is_null())
        .filter(
            quotes::contact_id
                .eq(contact)
                .or(quotes::opportunity_id.eq(opportunity))
                .or(quotes::id.nullable().eq(quote)),
        )
        .select(quotes::id.nullable());
    Ok(scope(ctx, Action::Read)
        .filter(contracts::deleted_at.is_null())
        .filter(contracts::quote_id.eq_any(offered))
        .order(contracts::id.desc())
        .limit(MOST)
        .select(contracts::id)
        .load(conn)?)
}

/// Of a contract that was asked for: what of its instalments is overdue.
pub fn overdue_of(conn: &mut Conn, ctx: &Ctx, contract: ContractId) -> QueryResult<Sum> {
    installments::table
        .filter(installments::tenant_id.eq(ctx.tenant))
        .filter(installments::contract_id.eq(contract))
        .filter(installments::status.eq("overdue"))
        .select(sum(installments::amount - installments::paid_amount - installments::waived_amount))
        .get_result(conn)
}

/// What was received for a contract and has paid nothing, as far as the caller sees it.
pub fn unmatched_of(conn: &mut Conn, ctx: &Ctx, contract: ContractId, currency: &str) -> QueryResult<Sum> {
    payment::store::scope(ctx, Action::Read)
        .filter(payments::deleted_at.is_null())
        .filter(payments::status.eq("received"))
        .filter(payments::contract_id.eq(contract))
        .filter(payments::currency.eq(currency))
        .select(sum(payments::unmatched_amount))
        .get_result(conn)
}

/// Over the living ones with a customer: currency, value, paid, waived.
pub fn sums(conn: &mut Conn, ctx: &Ctx, of: &Of) -> QueryResult<Vec<(String, Sum, Sum, Sum)>> {
    let sums = (sum(contracts::value_amount), sum(contracts::paid_amount), sum(contracts::waived_amount));
    scope(ctx, Action::Read)
        .filter(contracts::deleted_at.is_null())
        .filter(contracts::account_id.eq_any(&of.accounts).or(contracts::id.eq_any(&of.ids).nullable()))
        .filter(contracts::status.ne_all(UNSIGNED))
        .group_by(contracts::currency)
        .order(contracts::currency)
        .select((contracts::currency, sums.0, sums.1, sums.2))
        .load(conn)
}

/// What of them is overdue, by currency.
pub fn overdue(conn: &mut Conn, ctx: &Ctx, of: &Of) -> QueryResult<Vec<(String, Sum)>> {
    let part = installments::tenant_id.eq(contracts::tenant_id).and(installments::contract_id.eq(contracts::id));
    scope(ctx, Action::Read)
        .inner_join(installments::table.on(part))
        .filter(contracts::deleted_at.is_null())
        .filter(contracts::account_id.eq_any(&of.accounts).or(contracts::id.eq_any(&of.ids).nullable()))
        .filter(contracts::status.ne_all(UNSIGNED))
        .filter(installments::status.eq("overdue"))
        .group_by(installments::currency)
        .order(installments::currency)
        .select((
            installments::currency,
            sum(installments::amount - installments::paid_amount - installments::waived_amount),
        ))
        .load(conn)
}

/// What was received of them, or for their contracts, and has paid nothing, by currency.
pub fn unmatched(conn: &mut Conn, ctx: &Ctx, of: &Of) -> QueryResult<Vec<(String, Sum)>> {
    payment::store::scope(ctx, Action::Read)
        .filter(payments::deleted_at.is_null())
        .filter(payments::status.eq("received"))
        .filter(payments::account_id.eq_any(&of.accounts).or(payments::contract_id.eq_any(&of.ids)))
        .group_by(payments::currency)
        .order(payments::currency)
        .select((payments::currency, sum(payments::unmatched_amount)))
        .load(conn)
}

/// The newest that hold, each with how many there are in all.
pub fn newest_active(conn: &mut Conn, ctx: &Ctx, of: &Of, limit: i64) -> QueryResult<Vec<(Contract, i64)>> {
    scope(ctx, Action::Read)
        .filter(contracts::deleted_at.is_null())
        .filter(contracts::account_id.eq_any(&of.accounts).or(contracts::id.eq_any(&of.ids).nullable()))
        .filter(contracts::status.eq_any(HOLDS))
        .order(contracts::id.desc())
        .limit(limit)
        .select((Contract::as_select(), count_star().over()))
        .load(conn)
}

/// Their instalments in these statuses, the soonest first.
pub fn next_due(conn: &mut Conn, ctx: &Ctx, of: &Of, statuses: &[&str], limit: i64) -> QueryResult<Vec<Installment>> {
    let part = installments::tenant_id.eq(contracts::tenant_id).and(installments::contract_id.eq(contracts::id));
    scope(ctx, Action::Read)
        .inner_join(installments::table.on(part))
        .filter(contracts::deleted_at.is_null())
        .filter(contracts::account_id.eq_any(&of.accounts).or(contracts::id.eq_any(&of.ids).nullable()))
        .filter(contracts::status.ne_all(UNSIGNED))
        .filter(installments::status.eq_any(statuses))
        .order((installments::due_on, installments::id))
        .limit(limit)
        .select(Installment::as_select())
        .load(conn)
}
