//! The price lists.

use rust_decimal::Decimal;

use super::account::currency;
use super::random::{Rng, Stream};
use super::{Product, Profile, World, en, zh};

/// A line of a price list.
#[derive(Debug)]
pub struct Ware {
    pub category: &'static str,
    pub sku: &'static str,
    pub name: &'static str,
    /// Price in minor units.
    pub cents: u32,
    /// Sales tax in percent, where it does not depend on the customer's country.
    pub tax: Option<u32>,
    /// No longer sold.
    pub retired: bool,
}

/// The price list of a profile.
pub fn wares(profile: Profile) -> &'static [Ware] {
    match profile {
        Profile::RetailZh => zh::WARES,
        Profile::SaasEn => en::WARES,
    }
}

pub fn product(world: &World, index: u32, ware: &'static Ware) -> Product {
    let mut rng = Rng::new(world.seed, Stream::Product, index);
    let listed_at = world.calendar.moment(2_200 - index, 0, &mut rng);
    Product {
        id: rng.id(listed_at),
        sku: ware.sku,
        name: ware.name,
        category: ware.category,
        unit_price: price(ware),
        currency: currency(world.profile),
        is_active: !ware.retired,
    }
}

pub fn price(ware: &Ware) -> Decimal {
    Decimal::new(i64::from(ware.cents), 2)
}
