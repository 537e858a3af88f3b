//! The profile of a software vendor: how companies, people and subscriptions are put together from its words. A company
//! is a coined name or a family's, and what it does; the combination is drawn without repetition, so its host name is
//! its own.

pub mod brands;
mod latin;
mod people;
pub mod places;
mod titles;
mod wares;

pub use titles::title;
pub use wares::WARES;

use super::account::{Firm, Naming};
use super::contact::Name;
use super::place::{self, Place};
use super::random::{Rng, Stream, shuffle};
use latin::latin;

/// The name of the company of that index.
pub fn naming(seed: u64, index: u32, rng: &mut Rng) -> Naming {
    let place = self::place(rng);
    let space = u64::from(brands::SPACE);
    let drawn = u32::try_from(shuffle(seed, Stream::Name, u64::from(index), space)).unwrap_or_default();
    let (brand, trade, industry) = brands::brand(drawn);
    let round = index / brands::SPACE;
    let (wider, digits) = match round {
        0 => (String::new(), String::new()),
        _ => (format!(" Group {round}"), format!("group{round}")),
    };
    let short = format!("{brand} {trade}{wider}");
    let full = format!("{short} {}", rng.weigh(place.country.forms));
    Naming {
        host: format!("{}{digits}.example", host(&brand, trade)),
        name: if rng.percent(30) { full.clone() } else { short },
        legal_name: rng.percent(66).then_some(full),
        industry,
        trade: 0,
        place,
    }
}

/// The letters of a company in its host name.
pub fn host(brand: &str, trade: &str) -> String {
    latin(brand) + &latin(trade)
}

/// A city, as likely as its weight.
pub fn place(rng: &mut Rng) -> &'static Place {
    place::draw(places::PLACES, rng).unwrap_or(&places::LONDON)
}

/// A name in the language of the place, and how it is displayed; one in eight comes from elsewhere.
pub fn name(place: &Place, rng: &mut Rng) -> (Name, String) {
    let people = if rng.percent(12) { self::place(rng).country.people } else { place.country.people };
    let (gender, given) = match rng.percent(46) {
        true => ("female", rng.pick(people.female)),
        false => ("male", rng.pick(people.male)),
    };
    let family = rng.pick(people.family);
    let (latin_given, latin_family) = (latin(given), latin(family));
    (Name { given: given.to_owned(), family, latin_given, latin_family, gender }, format!("{given} {family}"))
}

/// A work address: each company writes names in one way.
pub fn work_email(name: &Name, firm: &Firm) -> String {
    let Name { latin_given: given, latin_family: family, .. } = name;
    let initial = given.get(..1).unwrap_or_default();
    match firm.staff % 5 {
        0 | 1 => format!("{given}.{family}@{}", firm.host),
        2 => format!("{initial}{family}@{}", firm.host),
        3 => format!("{given}@{}", firm.host),
        _ => format!("{initial}.{family}@{}", firm.host),
    }
}

/// What goes into an order: first a plan for some of the staff, later more seats, add-ons and services.
pub fn basket(firm: &Firm, turn: u32, rng: &mut Rng) -> Vec<(usize, u32)> {
    let plan = wares::plan(firm.staff);
    let seats = (firm.staff * rng.between(15, 60) / 100).clamp(3, 2_500);
    let mut basket = Vec::with_capacity(4);
    if turn == 0 {
        basket.push((plan, seats));
    } else if rng.percent(58) {
        basket.push((plan, rng.between(1, seats.div_ceil(4)).max(2)));
    }
    let others = rng.weigh(&[(34, 0), (32, 1), (20, 2), (9, 3), (4, 4), (1, 5)]);
    for _ in 0..others.max(u32::from(basket.is_empty())) {
        let (at, most) = wares::extra(seats, rng);
        if basket.iter().all(|(taken, _)| *taken != at) {
            basket.push((at, rng.between(1, most)));
        }
    }
    basket
}
