//! What has changed in a forecast since a day. Each night the open opportunities are written down as they are then
//! ([`take`]); what is otherwise now is told, as far as the caller sees it now.
mod store;

use super::period::{Period, Span};
use crate::others::{self, Clock};
use chrono::{DateTime, Days, NaiveDate, Utc};
use kernel::{Ctx, Money, OpportunityId, Result, StageId, UserId};
use platform::Conn;
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::BTreeMap;
use store::Pair;
use utoipa::ToSchema;

/// How long the nights are kept.
const KEPT: Days = Days::new(400);
/// How many changes are told one by one.
const TOLD: usize = 200;

/// What has changed since a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct ForecastChanges {
    pub since: NaiveDate,
    /// the night that it is compared with: the last one not after that day; null where nothing was open, or written down
    pub taken_on: Option<NaiveDate>,
    #[schema(example = "2026-Q4")]
    pub period: Option<String>,
    /// by what has happened
    pub totals: Vec<ForecastChangeTotal>,
    /// the newest ones, two hundred at most
    #[schema(max_items = 200)]
    pub changes: Vec<ForecastChange>,
    pub has_more: bool,
}

/// How often something has happened, and what that comes to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ForecastChangeTotal {
    #[schema(example = "won")]
    pub change: &'static str,
    #[schema(minimum = 1)]
    pub count: i64,
    /// of amounts that went up or down: by how much; else what is concerned. Amounts by another base currency than today's
    /// are not in it
    pub amount: Money,
}

/// What has happened to one opportunity.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ForecastChange {
    /// `added`, `won`, `lost`, `removed`, `moved_in`, `moved_out`, `amount_up` or `amount_down`
    #[schema(example = "amount_up")]
    pub change: &'static str,
    pub opportunity_id: OpportunityId,
    pub name: String,
    pub owner_id: UserId,
    pub stage_id: StageId,
    pub amount_before: Option<Money>,
    pub amount_after: Option<Money>,
    pub expected_close_on_before: Option<NaiveDate>,
    pub expected_close_on_after: Option<NaiveDate>,
    pub changed_at: DateTime<Utc>,
}

/// Of the opportunities that the caller sees; of a period, those that count in it or did.
pub fn since(conn: &mut Conn, ctx: &Ctx, day: NaiveDate, period: Option<Period>) -> Result<ForecastChanges> {
    let currency = others::store::base_currency(conn, ctx)?;
    let clock = others::clock(conn, ctx)?;
    let span = period.map(|period| period.by(clock));
    let night = store::last(conn, ctx, day)?;
    let taken_on = night.map(|(day, _)| day);
    let mut totals: BTreeMap<&'static str, (i64, Decimal)> = BTreeMap::new();
    let (mut changes, mut has_more) = (Vec::new(), false);
    for pair in store::pairs(conn, ctx, night.unwrap_or_else(|| (day, clock.begin_of(day))))? {
        let Some(change) = happened(&pair, span) else { continue };
        let (before, after) = (pair.was.as_ref().and_then(|was| was.amount), pair.amount);
        let total = totals.entry(change).or_default();
        total.0 += 1;
        total.1 += match change {
            // another base than today's is told one by one, and goes into no sum
            _ if !pair.is_in(&currency) => Decimal::ZERO,
            "amount_up" | "amount_down" => after.unwrap_or_default() - before.unwrap_or_default(),
            "moved_out" | "removed" => before.unwrap_or_default(),
            _ => after.unwrap_or_default(),
        };
        has_more |= changes.len() >= TOLD;
        if changes.len() < TOLD {
            changes.push(told(&pair, change));
        }
    }
    let total =
        |(change, (count, amount))| ForecastChangeTotal { change, count, amount: Money::new(amount, &currency) };
    let totals = totals.into_iter().map(total).collect();
    Ok(ForecastChanges { since: day, taken_on, period: period.map(|one| one.to_string()), totals, changes, has_more })
}

/// What has become of an opportunity, if anything that a forecast tells.
fn happened(pair: &Pair, period: Option<Span>) -> Option<&'static str> {
    let within = |day: Option<NaiveDate>| period.is_none_or(|period| day.is_some_and(|day| period.holds(day)));
    let was = pair.was.as_ref();
    let was_in = was.is_some_and(|was| within(was.expected_close_on));
    let closed_in = period.is_none_or(|period| pair.closed_at.is_some_and(|at| period.sees(at)));
    let is_in = within(pair.expected_close_on);
    match (was, pair.kind.as_str()) {
        (Some(_), _) if pair.is_archived => was_in.then_some("removed"),
        _ if pair.is_archived => None,
        (_, "won") if pair.has_closed => (was_in || closed_in).then_some("won"),
        (_, "lost") if pair.has_closed => (was_in || closed_in).then_some("lost"),
        (_, "won" | "lost") => None,
        (None, _) => is_in.then_some("added"),
        (Some(_), _) if was_in && !is_in => Some("moved_out"),
        (Some(_), _) if !was_in && is_in => Some("moved_in"),
        // amounts of two bases cannot be compared
        (Some(was), _) if is_in && was.currency == pair.currency => {
            match pair.amount.unwrap_or_default().cmp(&was.amount.unwrap_or_default()) {
                std::cmp::Ordering::Greater => Some("amount_up"),
                std::cmp::Ordering::Less => Some("amount_down"),
                std::cmp::Ordering::Equal => None,
            }
        }
        _ => None,
    }
}

fn told(pair: &Pair, change: &'static str) -> ForecastChange {
    let was = pair.was.as_ref();
    ForecastChange {
        change,
        opportunity_id: pair.id,
        name: pair.name.clone(),
        owner_id: pair.owner_id,
        stage_id: pair.stage_id,
        amount_before: was.and_then(|was| Some(Money::new(was.amount?, &was.currency))),
        amount_after: pair.amount.map(|amount| Money::new(amount, &pair.currency)),
        expected_close_on_before: was.and_then(|was| was.expected_close_on),
        expected_close_on_after: pair.expected_close_on,
        changed_at: pair.changed_at,
    }
}

/// Writes the open opportunities of all tenants down, as they are tonight; of those of whom it was done today, nothing. How
/// many there were.
pub fn take(conn: &mut Conn, now: DateTime<Utc>) -> Result<usize> {
    let mut taken = 0;
    for (tenant, zone) in others::store::time_zones(conn)? {
        let today = Clock::of(&zone, 1).day_of(now);
        taken += store::take(conn, tenant, today, now)?;
        store::forget(conn, tenant, today.checked_sub_days(KEPT).unwrap_or(today))?;
    }
    Ok(taken)
}
