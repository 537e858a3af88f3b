//! Exact decimals on the wire: text in and text out, never a float; and the rules that such figures obey.
use kernel::{money, rule};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serializer};
use validator::ValidationError;

/// What the columns keep.
const DECIMALS: u32 = 6;

#[derive(Deserialize)]
struct Exact(#[serde(deserialize_with = "money::decimal")] Decimal);

/// A figure that may be absent or null.
pub fn maybe<'de, D: Deserializer<'de>>(de: D) -> Result<Option<Decimal>, D::Error> {
    Ok(Option::<Exact>::deserialize(de)?.map(|Exact(figure)| figure))
}

/// In a patch: absent is untouched, null is cleared.
#[allow(clippy::option_option)] // as every patch has it
pub fn nullable<'de, D: Deserializer<'de>>(de: D) -> Result<Option<Option<Decimal>>, D::Error> {
    maybe(de).map(Some)
}

/// Without the zeros at its end.
#[allow(clippy::trivially_copy_pass_by_ref)] // serde's signature
pub fn plain<S: Serializer>(figure: &Decimal, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(&figure.normalize())
}

/// The same of a figure that may be absent.
pub fn maybe_plain<S: Serializer>(figure: &Option<Decimal>, to: S) -> Result<S::Ok, S::Error> {
    match figure {
        Some(figure) => plain(figure, to),
        None => to.serialize_none(),
    }
}

/// The rule behind sums and prices: a figure that is not negative, of six decimals at most.
pub fn is_sum(figure: &Decimal) -> Result<(), ValidationError> {
    if figure.is_sign_negative() && !figure.is_zero() {
        return Err(rule!("range", "is below zero"));
    }
    bounded(figure)
}

/// The rule behind what has to be something.
pub fn is_above_zero(figure: &Decimal) -> Result<(), ValidationError> {
    if *figure > Decimal::ZERO { bounded(figure) } else { Err(rule!("range", "is not above zero")) }
}

/// The rule behind currencies.
pub fn is_currency(code: &str) -> Result<(), ValidationError> {
    match money::decimals(code) {
        Some(_) => Ok(()),
        None => Err(rule!("currency", "is not an ISO 4217 currency")),
    }
}

fn bounded(figure: &Decimal) -> Result<(), ValidationError> {
    if figure.normalize().scale() > DECIMALS {
        return Err(rule!("decimals", "has more than six decimals"));
    }
    if money::in_range(*figure) { Ok(()) } else { Err(rule!("range", "is too large")) }
}
