//! The Chinese retail and distribution profile: how companies, people and baskets are put together from its words.
//! A company is city, trade name and trade; the combination is drawn without repetition, so its host name is its own.

pub mod brands;
mod people;
pub mod places;
mod titles;
pub mod trades;
mod wares;

pub use people::name;
pub use titles::title;
pub use wares::WARES;

use super::account::{Firm, Naming};
use super::contact::Name;
use super::place::{self, Place};
use super::random::{Rng, Stream, shuffle};
use trades::{TRADES, Trade};

/// The name of the company of that index.
pub fn naming(seed: u64, index: u32, rng: &mut Rng) -> Naming {
    let slots: u32 = places::PLACES.iter().map(|place| place.weight).sum();
    let trades = u32::try_from(TRADES.len()).unwrap_or_default();
    let space = slots * trades * brands::SHARE;
    let drawn = shuffle(seed, Stream::Name, u64::from(index), u64::from(space));
    let drawn = u32::try_from(drawn).unwrap_or_default();
    let (slot, drawn) = (drawn % slots, drawn / slots);
    let (kind, share) = (drawn % trades, drawn / trades);
    let (place, turn) = place::at(places::PLACES, slot).unwrap_or((&places::BEIJING, 0));
    let trade = usize::try_from(kind).unwrap_or_default();
    let Trade { industry, word, latin, forms, .. } = TRADES.get(trade).unwrap_or(&trades::MARKET);
    let (brand, brand_latin) = brands::brand(turn, share);
    let city = place.city.strip_suffix('市').unwrap_or(place.city);
    let round = index / space;
    let branch = if round == 0 { String::new() } else { format!("{}分公司", rounds(round)) };
    let full = format!("{city}{brand}{word}{}{branch}", rng.weigh(forms));
    let short = rng.percent(22) && round == 0;
    let digits = if round == 0 { String::new() } else { round.to_string() };
    Naming {
        name: if short { format!("{city}{brand}{word}") } else { full.clone() },
        legal_name: (short || (full.ends_with("公司") && rng.percent(60))).then_some(full),
        host: format!("{}{brand_latin}{latin}{digits}.example", place.code),
        industry,
        trade,
        place,
    }
}

/// A city, as likely as its weight.
pub fn place(rng: &mut Rng) -> &'static Place {
    place::draw(places::PLACES, rng).unwrap_or(&places::BEIJING)
}

/// A street address: shops have a number in the road, offices a room.
pub fn street(road: &str, number: u32, rng: &mut Rng) -> String {
    match rng.below(10) {
        0..=4 => format!("{road}{number}号"),
        5..=6 => format!("{road}{number}号{}幢{}室", rng.between(1, 12), rng.between(1, 18) * 100 + rng.between(1, 12)),
        7 => format!("{road}{number}号附{}号", rng.between(1, 30)),
        8 => format!("{road}{number}号{}楼", rng.between(1, 6)),
        _ => {
            let hall = rng.pick(&["商贸城", "批发市场", "大厦", "广场", "物流园"]);
            format!(
                "{road}{number}号{}{hall}{}区{}号",
                rng.pick(&["万商", "金源", "城北", "中天", "东方"]),
                rng.pick(&['A', 'B', 'C', 'D']),
                rng.between(1, 320)
            )
        }
    }
}

/// A work address: each company writes names in one way.
pub fn work_email(name: &Name, firm: &Firm) -> String {
    let Name { latin_given: given, latin_family: family, .. } = name;
    match firm.staff % 3 {
        0 => format!("{family}{given}@{}", firm.host),
        1 => format!("{given}.{family}@{}", firm.host),
        _ => format!("{family}.{given}@{}", firm.host),
    }
}

/// What goes into an order: wares of the shelves that the customer's trade needs, often neighbours on the shelf.
pub fn basket(firm: &Firm, rng: &mut Rng) -> Vec<(usize, u32)> {
    let shelves = TRADES.get(firm.trade).unwrap_or(&trades::MARKET).shelves;
    let lines = rng.weigh(&[(28, 1), (25, 2), (19, 3), (13, 4), (9, 5), (6, 6)]);
    let mut basket: Vec<(usize, u32)> = Vec::with_capacity(lines);
    let mut at = 0;
    for _ in 0..lines {
        at = match rng.percent(35) && !basket.is_empty() && at + 1 < WARES.len() {
            true => at + 1,
            false => shelf_place(rng.pick(shelves), rng),
        };
        if basket.iter().all(|(taken, _)| *taken != at) {
            basket.push((at, quantity(firm.staff, at, rng)));
        }
    }
    basket
}

/// The wares stand in shelves of eight; the front ones sell more.
fn shelf_place(shelf: u32, rng: &mut Rng) -> usize {
    usize::try_from(shelf * 8 + rng.below(8).min(rng.below(8))).unwrap_or_default()
}

fn quantity(staff: u32, at: usize, rng: &mut Rng) -> u32 {
    let scale = match staff {
        ..=12 => 1,
        13..=40 => 2,
        41..=150 => 5,
        _ => 12,
    };
    match WARES.get(at).map(|ware| ware.cents).unwrap_or_default() {
        ..=2_500 => rng.between(2, 10) * 6 * scale,
        2_501..=12_000 => rng.between(1, 12) * 2 * scale,
        12_001..=40_000 => rng.between(1, 6) * scale,
        _ => rng.between(1, 3) * scale.div_ceil(2),
    }
}

fn rounds(round: u32) -> String {
    format!("第{round}")
}
