//! What an account bought: how often its appetite says, on days that are good for trade, ordered by somebody who was
//! there by then. A retired product is in no order of the last half year.

use chrono::Datelike;
use rust_decimal::Decimal;

use super::account::{Firm, currency, firm};
use super::calendar::ORDERS_SINCE;
use super::contact::{self, Arrival};
use super::product::{Ware, price, wares};
use super::random::{Rng, Stream, shuffle};
use super::{Line, Order, Profile, World, crowd, en, zh};

/// The orders of an account by date, not yet numbered.
pub fn of(world: &World, account: u32) -> Vec<Order> {
    let firm = firm(world, account);
    let mut rng = Rng::new(world.seed, Stream::Order, account);
    let oldest = firm.arrived.min(ORDERS_SINCE);
    let mut days: Vec<u32> =
        (0..firm.orders).map(|_| world.calendar.order_day(world.profile, oldest, firm.last, &mut rng)).collect();
    days.sort_unstable_by(|one, other| other.cmp(one));
    (0..).zip(days).map(|(turn, day)| order(world, &firm, account, turn, day, &mut rng)).collect()
}

/// The number of an order in the world's sequence: the date, then digits that repeat for no other order.
pub fn number(world: &World, sequence: u64, order: &Order) -> String {
    const ROOM: u64 = 10_000_000;
    let date = order.placed_at.date_naive();
    let digits = match sequence < ROOM {
        true => format!("{:07}", shuffle(world.seed, Stream::Number, sequence, ROOM)),
        false => format!("{sequence:010}"),
    };
    match world.profile {
        Profile::RetailZh => format!("XS{}{digits}", date.format("%Y%m%d")),
        Profile::SaasEn => format!("SO-{}-{digits}", date.year()),
    }
}

fn order(world: &World, firm: &Firm, account: u32, turn: u32, day: u32, rng: &mut Rng) -> Order {
    let buyer = buyer(world, firm, account, day, rng).filter(|_| rng.percent(88));
    // on its first day a company and its first contact are there before it orders
    let since = buyer.as_ref().map_or(firm.account.created_at, |buyer| buyer.created_at);
    let placed_at = world.calendar.moment(day, firm.place.hours_east, rng).max(since);
    let mut basket = match world.profile {
        Profile::RetailZh => zh::basket(firm, rng),
        Profile::SaasEn => en::basket(firm, turn, rng),
    };
    let wares = wares(world.profile);
    basket.retain(|(at, _)| day > 180 || wares.get(*at).is_some_and(|ware| !ware.retired));
    if basket.is_empty() {
        basket.push((0, 1));
    }
    let lines = basket.into_iter().filter_map(|(at, quantity)| Some(line(firm, at, wares.get(at)?, quantity, rng)));
    Order {
        lines: lines.collect(),
        id: rng.id(placed_at),
        number: String::new(),
        account_id: firm.account.id,
        contact_id: buyer.map(|buyer| buyer.id),
        status: status(world.profile, day, rng),
        currency: currency(world.profile),
        placed_at,
    }
}

fn line(firm: &Firm, at: usize, ware: &'static Ware, quantity: u32, rng: &mut Rng) -> Line {
    let chance = if firm.staff > 150 { 40 } else { 16 };
    let discount = if rng.percent(chance) { rng.weigh(&[(40, 5), (12, 8), (28, 10), (8, 12), (12, 15)]) } else { 0 };
    Line {
        product: at,
        sku: ware.sku,
        name: ware.name,
        quantity,
        unit_price: price(ware),
        discount_rate: Decimal::new(discount, 2),
        tax_rate: Decimal::new(i64::from(ware.tax.unwrap_or(firm.place.country.tax)), 2),
    }
}

/// Mostly the first contact of the company; another only if known by that day.
fn buyer(world: &World, firm: &Firm, account: u32, day: u32, rng: &mut Rng) -> Option<Arrival> {
    let members = crowd::members(world.seed, world.contacts, account);
    let count = u32::try_from(members.len()).unwrap_or_default();
    let ordinal = rng.below(count).min(rng.below(count));
    let who = |ordinal: u32| contact::arrival(world, firm, ordinal, members.start.saturating_add(ordinal));
    let drawn = who(ordinal);
    let known = if drawn.day > day { drawn } else { who(0) };
    (count > 0).then_some(known)
}

fn status(profile: Profile, day: u32, rng: &mut Rng) -> &'static str {
    let status = match day {
        ..=4 => rng.weigh(&[(40, "pending"), (50, "confirmed"), (6, "fulfilled"), (4, "cancelled")]),
        5..=14 => rng.weigh(&[(4, "pending"), (40, "confirmed"), (50, "fulfilled"), (6, "cancelled")]),
        15..=40 => {
            rng.weigh(&[(4, "confirmed"), (46, "fulfilled"), (42, "completed"), (6, "cancelled"), (2, "returned")])
        }
        _ => rng.weigh(&[(2, "fulfilled"), (89, "completed"), (6, "cancelled"), (3, "returned")]),
    };
    // a subscription is not sent back
    if profile == Profile::SaasEn && status == "returned" { "cancelled" } else { status }
}
