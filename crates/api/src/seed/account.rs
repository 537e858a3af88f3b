//! A company: its name, place and size, when it came, how much it buys. What its people and orders need to know of it
//! is kept beside the record.

use rust_decimal::Decimal;

use super::calendar::{Calendar, NEWEST, ORDERS_SINCE};
use super::place::Place;
use super::random::{Rng, Stream, shuffle};
use super::{Account, Profile, World, en, pattern, zh};

/// An account and the facts behind it.
pub struct Firm {
    pub account: Account,
    pub place: &'static Place,
    /// Host name of its web site and mail.
    pub host: String,
    /// Position of its trade among those of the profile.
    pub trade: usize,
    pub staff: u32,
    /// How often it orders.
    pub orders: u32,
    /// The day it came, in days before the anchor.
    pub arrived: u32,
    /// The last day it may order.
    pub last: u32,
}

/// What a profile decides of a company.
pub struct Naming {
    pub name: String,
    pub legal_name: Option<String>,
    pub host: String,
    pub industry: &'static str,
    pub trade: usize,
    pub place: &'static Place,
}

/// The company of that index.
pub fn firm(world: &World, index: u32) -> Firm {
    let mut rng = Rng::new(world.seed, Stream::Account, index);
    let naming = match world.profile {
        Profile::RetailZh => zh::naming(world.seed, index, &mut rng),
        Profile::SaasEn => en::naming(world.seed, index, &mut rng),
    };
    let arrived = Calendar::arrival(&mut rng);
    let staff = staff(world.profile, &mut rng);
    let (orders, last) = appetite(arrived, staff, &mut rng);
    let Naming { name, legal_name, host, industry, trade, place } = naming;
    let created_at = world.calendar.moment(arrived, place.hours_east, &mut rng);
    let landline = shuffle(world.seed, Stream::Phone, u64::from(index), pattern::space(place.landline));
    let account = Account {
        id: rng.id(created_at),
        name,
        legal_name,
        industry,
        website: rng.percent(62).then(|| format!("https://www.{host}")),
        phone: rng.percent(78).then(|| pattern::fill(place.landline, landline)),
        employee_count: rng.percent(70).then(|| i32::try_from(staff).unwrap_or(i32::MAX)),
        annual_revenue: rng.percent(55).then(|| revenue(world.profile, staff, &mut rng)),
        lifecycle_stage: stage(orders, last, &mut rng),
        rating: rating(orders, &mut rng),
        source: rng.weigh(sources(world.profile)),
        locale: place.country.locale,
        country: place.country.code,
        region: place.region,
        city: place.city,
        district: Some(rng.pick(place.districts)).filter(|district| !district.is_empty()),
        street: street(world.profile, place, &mut rng),
        postal_code: place.postal_code(&mut rng),
        created_at,
    };
    Firm { account, place, host, trade, staff, orders, arrived, last }
}

fn staff(profile: Profile, rng: &mut Rng) -> u32 {
    let (low, high) = match profile {
        Profile::RetailZh => {
            rng.weigh(&[(45, (3, 12)), (30, (13, 40)), (17, (41, 150)), (6, (151, 600)), (2, (601, 3_000))])
        }
        Profile::SaasEn => {
            rng.weigh(&[(15, (5, 20)), (35, (21, 120)), (30, (121, 600)), (15, (601, 3_000)), (5, (3_001, 25_000))])
        }
    };
    // the smaller end of each range is the more common
    rng.between(low, high).min(rng.between(low, high))
}

/// How many orders in its time here, and its last day: most buy little or nothing, a few very often, a quarter left.
fn appetite(arrived: u32, staff: u32, rng: &mut Rng) -> (u32, u32) {
    let window = arrived.min(ORDERS_SINCE);
    let last = if rng.percent(25) { rng.between(NEWEST, window) } else { NEWEST };
    let (low, high) = rng.weigh(&[
        (380, (0, 0)),
        (210, (1, 1)),
        (155, (2, 3)),
        (120, (4, 7)),
        (70, (8, 15)),
        (42, (16, 35)),
        (17, (36, 80)),
        (6, (81, 220)),
    ]);
    let wanted = rng.between(low, high) + if low > 3 && staff > 150 { low / 2 } else { 0 };
    let time = (window - last) * 10 / ORDERS_SINCE + 1;
    (if wanted == 0 { 0 } else { (wanted * time / 10).max(1) }, last)
}

fn stage(orders: u32, last: u32, rng: &mut Rng) -> &'static str {
    match orders {
        0 => rng.weigh(&[
            (34, "lead"),
            (17, "marketing_qualified_lead"),
            (18, "sales_qualified_lead"),
            (18, "opportunity"),
            (8, "subscriber"),
            (5, "churned"),
        ]),
        _ if last > 300 => "churned",
        8.. if rng.percent(25) => "evangelist",
        _ => "customer",
    }
}

fn rating(orders: u32, rng: &mut Rng) -> &'static str {
    match orders {
        0 => rng.weigh(&[(15, "hot"), (40, "warm"), (45, "cold")]),
        1..=7 => rng.weigh(&[(25, "hot"), (55, "warm"), (20, "cold")]),
        _ => rng.weigh(&[(70, "hot"), (25, "warm"), (5, "cold")]),
    }
}

/// Where customers of a profile come from.
pub fn sources(profile: Profile) -> &'static [(u32, &'static str)] {
    match profile {
        Profile::RetailZh => &[
            (22, "referral"),
            (18, "store"),
            (16, "phone"),
            (14, "event"),
            (10, "social"),
            (8, "partner"),
            (6, "web"),
            (4, "ads"),
            (2, "other"),
        ],
        Profile::SaasEn => &[
            (30, "web"),
            (14, "form"),
            (13, "referral"),
            (12, "ads"),
            (11, "event"),
            (10, "partner"),
            (6, "email"),
            (3, "social"),
            (1, "other"),
        ],
    }
}

/// Two leading digits and zeros, as people state a turnover.
fn revenue(profile: Profile, staff: u32, rng: &mut Rng) -> (Decimal, &'static str) {
    let (low, high) = if profile == Profile::RetailZh { (260_000, 900_000) } else { (80_000, 260_000) };
    let exact = u64::from(staff) * u64::from(rng.between(low, high));
    let unit = 10u64.pow(exact.checked_ilog10().unwrap_or_default().saturating_sub(1));
    (Decimal::new(i64::try_from(exact / unit * unit).unwrap_or(i64::MAX), 0), currency(profile))
}

/// The currency a profile sells in.
pub fn currency(profile: Profile) -> &'static str {
    match profile {
        Profile::RetailZh => "CNY",
        Profile::SaasEn => "USD",
    }
}

fn street(profile: Profile, place: &Place, rng: &mut Rng) -> String {
    let road = rng.pick(place.country.streets);
    let number = rng.between(1, 40) * rng.between(1, 15);
    match profile {
        Profile::RetailZh => zh::street(road, number, rng),
        Profile::SaasEn if place.country.number_first => format!("{number} {road}"),
        Profile::SaasEn => format!("{road} {number}"),
    }
}
