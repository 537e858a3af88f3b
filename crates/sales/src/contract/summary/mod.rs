//! What stands to be paid: of a contract, of all contracts with a customer, and what is open of it next.
mod store;

pub(crate) use store::agreed;

use super::installment::Installment;
use super::{Contract, find};
use customer::account;
use kernel::{AccountId, ContactId, ContractId, Ctx, Money, Result};
use platform::Conn;
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::BTreeMap;
use store::Of;
use utoipa::ToSchema;

const LISTED: i64 = 10;

/// What of contracts is paid, in one currency. Of those with an account, drafts and what was terminated do not count.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "currency": "CNY", "value": {"amount": "11300.00", "currency": "CNY"},
    "paid": {"amount": "5650.00", "currency": "CNY"}, "waived": {"amount": "0.00", "currency": "CNY"}, "unpaid": {"amount": "5650.00", "currency": "CNY"},
    "overdue": {"amount": "2825.00", "currency": "CNY"}, "unmatched": {"amount": "175.00", "currency": "CNY"}
}))]
pub struct Balance {
    #[schema(example = "CNY")]
    pub currency: String,
    /// what the contracts come to
    pub value: Money,
    /// what their instalments have got
    pub paid: Money,
    /// what of their instalments nobody has to pay any more
    pub waived: Money,
    /// value − paid − waived
    pub unpaid: Money,
    /// what of it is overdue
    pub overdue: Money,
    /// what was received, and has paid no instalment
    pub unmatched: Money,
}

/// The contracts with a customer, in short.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct ContractSummary {
    /// how many hold: signed or active
    #[schema(minimum = 0, example = 1)]
    pub active_count: i64,
    /// what of them is paid and what not, by currency
    pub balances: Vec<Balance>,
    /// the newest that hold, ten at most
    #[schema(max_items = 10)]
    pub active: Vec<Contract>,
    /// what is to be paid next, and is not overdue: the soonest first, ten at most
    #[schema(max_items = 10)]
    pub open_installments: Vec<Installment>,
    /// what is overdue, the oldest first, ten at most
    #[schema(max_items = 10)]
    pub overdue_installments: Vec<Installment>,
}

/// What of a contract is paid.
pub fn balance_of(conn: &mut Conn, ctx: &Ctx, id: ContractId) -> Result<Balance> {
    let contract = find(conn, ctx, id)?;
    let overdue = store::overdue_of(conn, ctx, id)?.unwrap_or_default();
    let unmatched = store::unmatched_of(conn, ctx, id, &contract.currency)?.unwrap_or_default();
    let money = |amount: Decimal| Money::new(amount, &contract.currency);
    Ok(Balance {
        overdue: money(overdue),
        unmatched: money(unmatched),
        value: contract.value,
        paid: contract.paid,
        waived: contract.waived,
        unpaid: contract.unpaid,
        currency: contract.currency,
    })
}

/// What of the contracts with an account is paid, by currency, as far as the caller sees them.
pub fn balances_of(conn: &mut Conn, ctx: &Ctx, account: AccountId) -> Result<Vec<Balance>> {
    account::find(conn, ctx, account)?;
    // with whom a contract is may be held back
    let of = Of { accounts: vec![account], ids: Vec::new() };
    if ctx.sees::<Contract>("account_id") { summed(conn, ctx, &of) } else { Ok(Vec::new()) }
}

fn summed(conn: &mut Conn, ctx: &Ctx, of: &Of) -> Result<Vec<Balance>> {
    let mut all: BTreeMap<String, Balance> = BTreeMap::new();
    for (currency, value, paid, waived) in store::sums(conn, ctx, of)? {
        let one = all.entry(currency).or_insert_with_key(|currency| nothing(currency));
        (one.value.amount, one.paid.amount) = (value.unwrap_or_default(), paid.unwrap_or_default());
        one.waived.amount = waived.unwrap_or_default();
        one.unpaid.amount = one.value.amount - one.paid.amount - one.waived.amount;
    }
    for (currency, overdue) in store::overdue(conn, ctx, of)? {
        let one = all.entry(currency).or_insert_with_key(|currency| nothing(currency));
        one.overdue.amount = overdue.unwrap_or_default();
    }
    for (currency, unmatched) in store::unmatched(conn, ctx, of)? {
        let one = all.entry(currency).or_insert_with_key(|currency| nothing(currency));
        one.unmatched.amount = unmatched.unwrap_or_default();
    }
    Ok(all.into_values().collect())
}

fn nothing(currency: &str) -> Balance {
    let zero = || Money::new(Decimal::ZERO, currency);
    Balance {
        currency: currency.to_owned(),
        value: zero(),
        paid: zero(),
        waived: zero(),
        unpaid: zero(),
        overdue: zero(),
        unmatched: zero(),
    }
}

/// The contracts with accounts, and those that came of quotes to a contact, as far as the caller sees them.
pub fn contracts_of(
    conn: &mut Conn,
    ctx: &Ctx,
    accounts: Vec<AccountId>,
    contact: Option<ContactId>,
) -> Result<ContractSummary> {
    let ids = if contact.is_some() { store::agreed(conn, ctx, contact, None, None)? } else { Vec::new() };
    let of = Of { accounts, ids };
    let active = store::newest_active(conn, ctx, &of, LISTED)?;
    Ok(ContractSummary {
        active_count: active.first().map_or(0, |(_, count)| *count),
        active: active.into_iter().map(|(contract, _)| contract).collect(),
        balances: summed(conn, ctx, &of)?,
        open_installments: store::next_due(conn, ctx, &of, &["planned", "due", "partially_paid"], LISTED)?,
        overdue_installments: store::next_due(conn, ctx, &of, &["overdue"], LISTED)?,
    })
}
