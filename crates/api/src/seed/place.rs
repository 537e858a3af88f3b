//! What a country and a city lend to the records of a place.

use super::pattern;
use super::random::Rng;

/// What all cities of a country have in common.
#[derive(Debug)]
pub struct Country {
    pub code: &'static str,
    pub locale: &'static str,
    /// Patterns of mobile numbers.
    pub mobiles: &'static [&'static str],
    /// Endings of a registered company name, with weights.
    pub forms: &'static [(u32, &'static str)],
    pub streets: &'static [&'static str],
    /// Whether the house number stands before the street.
    pub number_first: bool,
    /// Sales tax in percent, where a product has none of its own.
    pub tax: u32,
    pub people: &'static People,
}

/// Names of people in a language. In Chinese the given names are built of characters instead.
#[derive(Debug)]
pub struct People {
    pub male: &'static [&'static str],
    pub female: &'static [&'static str],
    pub family: &'static [&'static str],
}

#[derive(Debug)]
pub struct Place {
    pub country: &'static Country,
    pub region: &'static str,
    pub city: &'static str,
    /// Two letters, unique among the Chinese cities; elsewhere empty.
    pub code: &'static str,
    pub districts: &'static [&'static str],
    /// Pattern of land lines.
    pub landline: &'static str,
    /// Pattern of postal codes.
    pub postal: &'static str,
    pub time_zone: &'static str,
    pub hours_east: i32,
    pub weight: u32,
}

impl Place {
    pub fn postal_code(&self, rng: &mut Rng) -> String {
        pattern::fill(self.postal, rng.next() >> 16)
    }
}

/// One of the places, as likely as its weight.
pub fn draw(places: &'static [Place], rng: &mut Rng) -> Option<&'static Place> {
    at(places, rng.below(places.iter().map(|place| place.weight).sum())).map(|(place, _)| place)
}

/// The place that holds a position when each takes as many as its weight, and how far into it that is.
pub fn at(places: &'static [Place], position: u32) -> Option<(&'static Place, u32)> {
    let mut left = position;
    for place in places {
        if left < place.weight {
            return Some((place, left));
        }
        left -= place.weight;
    }
    None
}
