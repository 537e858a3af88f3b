//! Which touchpoints brought what was bought: each order is parted among those of its customer that came before it, by one
//! of five models, so that the parts are its total to the last minor unit ([`model`]).
//!
//! An order counts from when it was placed, unless it was cancelled or came back as a whole. Its touchpoints are those of
//! its contact, or, where it names none, of the contacts of its account. Of everything only what the caller sees counts.
mod model;
mod report;
mod store;

pub use model::Model;
pub use report::{AttributionGroup, AttributionReport, AttributionReturn};

use crate::promotion::reckoning::{Share, parted};
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use kernel::{Ctx, Error, Fault, Result, error, text};
use platform::Conn;
use report::Sums;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Bought, Touch};
use utoipa::ToSchema;

/// The longest span that is asked about at once.
const MOST_DAYS: i64 = 731;

/// What touchpoints are told by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GroupBy {
    #[default]
    Campaign,
    Channel,
    Source,
    Medium,
}

impl GroupBy {
    const fn field(self) -> &'static str {
        match self {
            Self::Campaign => "campaign",
            Self::Channel => "channel",
            Self::Source => "source",
            Self::Medium => "medium",
        }
    }
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Question {
    pub model: Model,
    pub group_by: GroupBy,
    /// the first day
    pub from: NaiveDate,
    /// the last day
    pub until: NaiveDate,
    /// that of the tenant, where it is absent
    pub time_zone: Option<Tz>,
    pub lookback_days: u16,
}

/// By the fields that it goes by: whoever may not see one of them is told nothing that follows from it.
fn may_ask(ctx: &Ctx, group_by: GroupBy) -> Result<()> {
    let orders = ["contact_id", "account_id", "placed_at", "status", "currency"].map(|field| ("order", field));
    let touches = ["contact_id", "happened_at", group_by.field()].map(|field| ("touchpoint", field));
    let hidden = orders.iter().chain(&touches).find(|(noun, field)| ctx.grants.hides(noun, field));
    match hidden {
        None if !ctx.grants.hides("contact", "account_id") => Ok(()),
        _ => Err(error::FORBIDDEN.into()),
    }
}

pub fn of(conn: &mut Conn, ctx: &Ctx, asked: &Question) -> Result<AttributionReport> {
    may_ask(ctx, asked.group_by)?;
    let zone = match asked.time_zone {
        Some(zone) => zone,
        None => store::time_zone(conn, ctx)?.parse().unwrap_or(Tz::UTC),
    };
    let (from, until) = span(asked, zone)?;
    let lookback = Duration::days(asked.lookback_days.into());
    let mut sums = Sums::default();
    for (key, currency, cost, count) in store::costs(conn, ctx, asked.group_by, (from, until))? {
        sums.cost(key, currency, cost, count);
    }
    let mut after = None;
    loop {
        let some = store::bought(conn, ctx, (from, until), after)?;
        let Some(last) = some.last() else { break };
        after = Some((last.placed_at, last.id));
        let touches = store::touches(conn, ctx, asked.group_by, &some, lookback)?;
        for one in &some {
            part(asked.model, lookback, one, &touches, &mut sums)?;
        }
    }
    Ok(sums.told(asked, zone))
}

/// Parts one order among the touchpoints before it.
fn part(model: Model, lookback: Duration, order: &Bought, all: &store::Touches, sums: &mut Sums) -> Result<()> {
    let touches: Vec<&Touch> = all.of(order, lookback);
    sums.order(&order.currency, order.total);
    if touches.is_empty() {
        sums.nobody(&order.currency, order.total);
        return Ok(());
    }
    let ages: Vec<i64> = touches.iter().map(|touch| (order.placed_at - touch.happened_at).num_days()).collect();
    let parts = shares(order, &touches, &model.weights(&ages)).ok_or_else(|| Error::internal("too large to part"))?;
    let mut of_keys: BTreeMap<Option<&String>, Decimal> = BTreeMap::new();
    for (touch, part) in touches.iter().zip(parts) {
        if let Some(part) = part {
            *of_keys.entry(touch.key.as_ref()).or_default() += part;
        }
    }
    for (key, part) in of_keys {
        sums.part(key.cloned(), &order.currency, part);
    }
    Ok(())
}

/// Of each touchpoint its part, to the last minor unit; of one that has no weight, none. What was given back is parted as
/// what was paid is.
fn shares(order: &Bought, touches: &[&Touch], weights: &[i128]) -> Option<Vec<Option<Decimal>>> {
    let scale = kernel::money::decimals(&order.currency)?.max(order.total.normalize().scale());
    let unit = Decimal::from(10_u64.checked_pow(scale)?);
    let sum = order.total.checked_mul(unit)?.round().to_i128()?;
    let keys: Vec<String> = touches.iter().map(|touch| touch.id.to_string()).collect();
    let shares: Vec<Share> = weights
        .iter()
        .zip(&keys)
        .map(|(weight, key)| Share { weight: *weight, most: sum.abs(), key: key.as_str() })
        .collect();
    let told = |(part, weight): (i128, &i128)| {
        let part = Decimal::try_from_i128_with_scale(part * sum.signum(), scale).ok()?;
        Some((*weight > 0).then_some(part))
    };
    parted(sum.abs(), &shares)?.into_iter().zip(weights).map(told).collect()
}

/// The first moment of the first day, and the first after the last.
fn span(asked: &Question, zone: Tz) -> Result<(DateTime<Utc>, DateTime<Utc>)> {
    let wrong = |message| Error::from(error::UNKNOWN_PARAMETER).fault(Fault::new("?until", "range", message));
    if asked.until < asked.from {
        return Err(wrong(text!("ends before it starts")));
    }
    if (asked.until - asked.from).num_days() >= MOST_DAYS {
        return Err(wrong(text!("is more than {max} days after its beginning", max = MOST_DAYS)));
    }
    let next = asked.until.succ_opt().unwrap_or(asked.until);
    Ok((beginning(asked.from, zone), beginning(next, zone)))
}

/// The first moment of a day: where clocks are put on at midnight, that after it.
fn beginning(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    let quarters = (0..=96).map(|quarter| midnight + Duration::minutes(15 * quarter));
    let first = quarters.filter_map(|local| zone.from_local_datetime(&local).earliest()).next();
    first.map_or_else(|| midnight.and_utc(), |first| first.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touch(number: u128) -> Touch {
        let happened_at = "2026-11-01T00:00:00Z".parse().unwrap();
        Touch { id: kernel::TouchpointId(uuid::Uuid::from_u128(number)), happened_at, key: None }
    }

    fn bought(total: &str, currency: &str) -> Bought {
        let placed_at = "2026-11-11T00:00:00Z".parse().unwrap();
        let (id, total) = (kernel::OrderId(uuid::Uuid::nil()), total.parse().unwrap());
        Bought { id, placed_at, contact_id: None, account_id: None, currency: currency.into(), total }
    }

    #[test]
    fn the_parts_of_an_order_are_its_total_to_the_last_minor_unit() {
        for (total, currency) in [("100.00", "CNY"), ("0.01", "CNY"), ("-10.01", "USD"), ("7", "JPY"), ("0.001", "KWD")]
        {
            for count in 1..=7_u128 {
                let all: Vec<Touch> = (1..=count).map(touch).collect();
                let touches: Vec<&Touch> = all.iter().collect();
                let ages: Vec<i64> = (0..i64::try_from(count).unwrap()).map(|at| at * 3).rev().collect();
                for model in [Model::First, Model::Last, Model::Linear, Model::Position, Model::Decay] {
                    let parts = shares(&bought(total, currency), &touches, &model.weights(&ages)).unwrap();
                    let sum: Decimal = parts.iter().flatten().sum();
                    assert_eq!(sum, total.parse().unwrap(), "{total} {currency} {count} {model:?}");
                }
            }
        }
    }

    #[test]
    fn days_begin_where_the_zone_lets_them() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(beginning(day("2026-11-11"), Tz::Asia__Shanghai).to_rfc3339(), "2026-11-10T16:00:00+00:00");
        // clocks go from midnight to one
        assert_eq!(beginning(day("2018-11-04"), Tz::America__Sao_Paulo).to_rfc3339(), "2018-11-04T03:00:00+00:00");
    }
}
