//! What a customer bought, in short: three statements, however many orders there are.
//!
//! A cancelled order counts for nothing but is listed among the recent ones; what came back is in the totals as the
//! negative lines that took it back. Only orders that the caller may see count.
use super::{Order, store};
use chrono::{DateTime, Utc};
use kernel::{AccountId, ContactId, Ctx, Money, Result};
use platform::Conn;
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

const CANCELLED: &[&str] = &["cancelled"];
const OPEN: &[&str] = &["pending", "confirmed"];
const LISTED: i64 = 10;

/// Whose orders are summed up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    Account(AccountId),
    Contact(ContactId),
    /// somebody who is an account: what stands at either
    Person {
        account: AccountId,
        contact: ContactId,
    },
}

impl Whose {
    /// The account and the contact that are meant, where there is one.
    #[must_use]
    pub fn both(self) -> (Option<AccountId>, Option<ContactId>) {
        match self {
            Self::Account(account) => (Some(account), None),
            Self::Contact(contact) => (None, Some(contact)),
            Self::Person { account, contact } => (Some(account), Some(contact)),
        }
    }
}

/// The orders of a customer, in short.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct OrderSummary {
    /// how many, cancelled ones left out
    #[schema(example = 12)]
    pub order_count: i64,
    /// what they come to, by currency
    pub totals: Vec<Money>,
    /// what one comes to on average, by currency
    pub average: Vec<Money>,
    pub first_order_at: Option<DateTime<Utc>>,
    pub last_order_at: Option<DateTime<Utc>>,
    /// how many are pending or confirmed
    #[schema(example = 1)]
    pub open_count: i64,
    /// the newest ones, ten at most
    #[schema(max_items = 10)]
    pub recent: Vec<Order>,
    /// the newest that are pending or confirmed, ten at most
    #[schema(max_items = 10)]
    pub open: Vec<Order>,
}

/// The orders of an account, or those placed by a contact, or both of somebody who is an account.
pub fn orders_of(conn: &mut Conn, ctx: &Ctx, whose: Whose) -> Result<OrderSummary> {
    let mut summary = OrderSummary::default();
    for (currency, count, total, first, last) in store::totals(conn, ctx, whose, CANCELLED)? {
        let total = total.unwrap_or_default();
        let average = total.checked_div(Decimal::from(count)).unwrap_or_default();
        summary.order_count += count;
        summary.average.push(Money::rounded(average, &currency));
        summary.totals.push(Money::new(total, currency));
        summary.first_order_at = [summary.first_order_at, first].into_iter().flatten().min();
        summary.last_order_at = summary.last_order_at.max(last);
    }
    let open = store::newest_in(conn, ctx, whose, OPEN, LISTED)?;
    summary.open_count = open.first().map_or(0, |(_, count)| *count);
    summary.open = open.into_iter().map(|(order, _)| order).collect();
    summary.recent = store::newest(conn, ctx, whose, None, LISTED)?;
    Ok(summary)
}

/// How many orders all of these accounts have, and what they come to by currency: one statement, however many they are.
pub fn order_totals(conn: &mut Conn, ctx: &Ctx, accounts: &[AccountId]) -> Result<(i64, Vec<Money>)> {
    let totals = store::totals_of_all(conn, ctx, accounts, CANCELLED)?;
    let count = totals.iter().map(|(_, count, _)| count).sum();
    let money = |(currency, _, total): (String, i64, Option<Decimal>)| Money::new(total.unwrap_or_default(), currency);
    Ok((count, totals.into_iter().map(money).collect()))
}
