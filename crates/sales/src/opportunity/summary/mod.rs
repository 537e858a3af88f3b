//! What may be sold to a customer, in short: what is open, and what was won. Three statements, however many there are.
mod store;

pub(crate) use store::with_contact;

use super::Opportunity;
use crate::order::summary::Whose;
use kernel::{AccountId, Ctx, Money, Result};
use platform::Conn;
use serde::Serialize;
use utoipa::ToSchema;

const LISTED: i64 = 10;

/// The opportunities of a customer, in short.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct OpportunitySummary {
    #[schema(minimum = 0, example = 2)]
    pub open_count: i64,
    /// what the open ones come to, in the tenant's own currency
    pub open_totals: Vec<Money>,
    #[schema(minimum = 0, example = 5)]
    pub won_count: i64,
    /// what was won, in the tenant's own currency
    pub won_totals: Vec<Money>,
    /// the newest open ones, ten at most
    #[schema(max_items = 10)]
    pub open: Vec<Opportunity>,
}

/// The opportunities of an account, or those that a contact takes part in, as far as the caller sees them.
pub fn opportunities_of(conn: &mut Conn, ctx: &Ctx, whose: Whose) -> Result<OpportunitySummary> {
    let (account, contact) = whose.both();
    let ids = match contact {
        None => Vec::new(),
        Some(contact) => store::with_contact(conn, ctx, contact)?,
    };
    let mut summary = OpportunitySummary::default();
    for (kind, currency, count, total) in store::totals(conn, ctx, account, &ids)? {
        let (counted, totals) = match kind.as_str() {
            "open" => (&mut summary.open_count, &mut summary.open_totals),
            "won" => (&mut summary.won_count, &mut summary.won_totals),
            _ => continue,
        };
        *counted += count;
        totals.extend(total.map(|total| Money::new(total, currency)));
    }
    if summary.open_count > 0 {
        summary.open = store::newest_open(conn, ctx, account, &ids, LISTED)?;
    }
    Ok(summary)
}

/// How many open opportunities all of these accounts have, and what they come to: one statement, however many they are.
pub fn open_totals(conn: &mut Conn, ctx: &Ctx, accounts: &[AccountId]) -> Result<(i64, Vec<Money>)> {
    let totals = store::open_of_all(conn, ctx, accounts)?;
    let count = totals.iter().map(|(_, count, _)| count).sum();
    let worth = |(currency, _, total): (String, i64, Option<rust_decimal::Decimal>)| Some(Money::new(total?, currency));
    Ok((count, totals.into_iter().filter_map(worth).collect()))
}
