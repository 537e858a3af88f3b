#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::as_conversions)]

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::*;

const PROFILES: [Profile; 2] = [Profile::RetailZh, Profile::SaasEn];

#[test]
fn the_first_records_never_change() {
    assert_eq!(digest(&world(Profile::RetailZh, 5_000, 7)), 18_034_086_947_592_711_137);
    assert_eq!(digest(&world(Profile::SaasEn, 5_000, 7)), 10_421_069_397_519_674_573);
    assert_ne!(digest(&world(Profile::SaasEn, 5_000, 7)), digest(&world(Profile::SaasEn, 5_000, 8)));
}

#[test]
fn counts_are_exact_and_ids_differ() {
    for contacts in [0, 1, 4, 5, 99, 100, 101, 1_234] {
        let world = world(Profile::RetailZh, contacts, 1);
        assert_eq!(world.contacts().count(), contacts as usize);
        assert_eq!(world.accounts().count(), contacts.div_ceil(5) as usize);
        let ids: HashSet<_> = world.contacts().map(|c| c.id).chain(world.accounts().map(|a| a.id)).collect();
        assert_eq!(ids.len(), (contacts + contacts.div_ceil(5)) as usize);
    }
    let id = world(Profile::SaasEn, 1, 1).contacts().next().unwrap().id;
    assert_eq!((id.get_version_num(), id.get_variant()), (7, uuid::Variant::RFC4122));
}

#[test]
fn parts_have_ids_of_their_own() {
    let whole: Vec<Uuid> = world(Profile::RetailZh, 2_000, 1).contacts().map(|contact| contact.id).collect();
    let parts: HashSet<Uuid> = whole.iter().flat_map(|id| (0..8).map(|number| part(*id, number))).collect();
    assert_eq!(parts.len(), whole.len() * 8);
    assert!(whole.iter().all(|id| !parts.contains(id) && made_at(part(*id, 3)) == made_at(*id)));
    assert!(parts.iter().all(|id| id.get_version_num() == 7));
}

#[test]
fn emails_and_company_names_are_unique() {
    for profile in PROFILES {
        let world = world(profile, 50_000, 3);
        let mails: Vec<String> = world.contacts().filter_map(|contact| contact.email).collect();
        assert_eq!(mails.iter().collect::<HashSet<_>>().len(), mails.len());
        assert!((43_000..45_000).contains(&mails.len()), "12% have none: {}", mails.len());
        let well_formed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "@.".contains(c);
        assert!(mails.iter().all(|mail| mail.chars().all(well_formed) && mail.ends_with(".example")));
        let hosts: HashSet<_> = world.accounts().map(|account| account.name).collect();
        assert!(hosts.len() as u32 > world.account_count() * 999 / 1_000);
    }
}

#[test]
fn phones_are_valid_and_seldom_shared() {
    for profile in PROFILES {
        let world = world(profile, 10_000, 5);
        let phones: Vec<String> = world.contacts().filter_map(|contact| contact.phone).collect();
        let distinct = phones.iter().collect::<HashSet<_>>().len();
        assert!(distinct < phones.len() && distinct * 100 > phones.len() * 95, "{distinct} of {}", phones.len());
        for phone in phones.iter().take(3_000).cloned().chain(world.accounts().filter_map(|account| account.phone)) {
            let number = phonenumber::parse(None, &phone).unwrap();
            assert!(phonenumber::is_valid(&number), "{phone}");
        }
    }
}

#[test]
fn every_phone_pattern_is_valid() {
    let mut wrong = Vec::new();
    for place in zh::places::PLACES.iter().chain(en::places::PLACES) {
        for pattern in place.country.mobiles.iter().chain([&place.landline]) {
            let space = pattern::space(pattern);
            for number in (0..60).map(|step| step * 7_919_777_777 % space).chain([1, space - 1]) {
                let phone = pattern::fill(pattern, number);
                let valid = phonenumber::parse(None, &phone).is_ok_and(|number| phonenumber::is_valid(&number));
                if !valid {
                    wrong.push((place.city, phone));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn host_names_are_one_to_one() {
    let mut zh = HashSet::new();
    for at in 0..3_600 {
        let brand = zh::brands::brand(at % zh::brands::LARGEST, at / zh::brands::LARGEST).1;
        zh.extend(zh::trades::TRADES.iter().map(|trade| format!("{brand}{}", trade.latin)));
    }
    assert_eq!(zh.len(), 3_600 * zh::trades::TRADES.len());
    let codes: HashSet<_> = zh::places::PLACES.iter().map(|place| place.code).collect();
    assert_eq!(codes.len(), zh::places::PLACES.len());
    assert!(zh::places::PLACES.iter().all(|place| place.code.len() == 2 && place.weight <= zh::brands::LARGEST));
    let en = |at| en::brands::brand(at);
    let en: HashSet<_> = (0..en::brands::SPACE).map(en).map(|(brand, trade, _)| en::host(&brand, trade)).collect();
    assert_eq!(en.len(), en::brands::SPACE as usize);
}

#[test]
fn a_shuffle_is_one_to_one() {
    for space in [1, 2, 3, 10, 97, 1_000, 65_536] {
        let places: HashSet<u64> = (0..space).map(|at| random::shuffle(9, random::Stream::Name, at, space)).collect();
        assert_eq!(places.len() as u64, space);
        assert!(places.iter().all(|place| *place < space));
    }
}

#[test]
fn money_is_exact_and_orders_hold_together() {
    for profile in PROFILES {
        let anchor = NaiveDate::from_ymd_opt(2025, 6, 30).unwrap();
        let world = world(profile, 4_000, 11).anchored(anchor);
        let products: Vec<Product> = world.products().collect();
        let accounts: HashMap<_, _> = world.accounts().map(|account| (account.id, account)).collect();
        let contacts: HashMap<_, _> = world.contacts().map(|contact| (contact.id, contact)).collect();
        let mut numbers = HashSet::new();
        for order in world.orders() {
            assert!(numbers.insert(order.number.clone()), "{}", order.number);
            assert!(order.placed_at.date_naive() < anchor && order.placed_at >= accounts[&order.account_id].created_at);
            let buyer = order.contact_id.map(|id| &contacts[&id]);
            assert!(buyer.is_none_or(|buyer| buyer.account_id == Some(order.account_id)));
            assert!((1..=6).contains(&order.lines.len()));
            for line in &order.lines {
                let product = &products[line.product];
                assert_eq!((line.sku, line.unit_price), (product.sku, product.unit_price));
                assert!(line.unit_price.scale() == 2 && line.unit_price > Decimal::ZERO && line.quantity > 0);
                assert!(line.discount_rate < Decimal::new(2, 1) && line.tax_rate < Decimal::new(3, 1));
            }
        }
        let bought: HashSet<_> = world.orders().map(|order| order.account_id).collect();
        let none = accounts.len() - bought.len();
        assert!((20..60).contains(&(none * 100 / accounts.len())), "{none} of {} bought nothing", accounts.len());
        assert!(bought.iter().all(|id| ["customer", "evangelist", "churned"].contains(&accounts[id].lifecycle_stage)));
        let skus: HashSet<_> = products.iter().map(|product| product.sku).collect();
        assert_eq!(skus.len(), products.len());
    }
}

/// FNV-1a of a thousand records of each kind.
fn digest(world: &World) -> u64 {
    let mut text = String::new();
    world.accounts().take(1_000).for_each(|account| writeln!(text, "{account:?}").unwrap());
    world.contacts().take(1_000).for_each(|contact| writeln!(text, "{contact:?}").unwrap());
    world.products().for_each(|product| writeln!(text, "{product:?}").unwrap());
    world.orders().take(1_000).for_each(|order| writeln!(text, "{order:?}").unwrap());
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
