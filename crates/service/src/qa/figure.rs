//! Parts of a hundred on the wire: text in and text out, never a float.
use kernel::{money, rule};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serializer};
use validator::ValidationError;

#[derive(Deserialize)]
struct Exact(#[serde(deserialize_with = "money::decimal")] Decimal);

/// A figure that may be absent or null.
pub fn maybe<'de, D: Deserializer<'de>>(de: D) -> Result<Option<Decimal>, D::Error> {
    Ok(Option::<Exact>::deserialize(de)?.map(|Exact(figure)| figure))
}

/// In a patch: absent is untouched, null is a fault.
pub fn value<'de, D: Deserializer<'de>>(de: D) -> Result<Option<Decimal>, D::Error> {
    money::decimal(de).map(Some)
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

/// The rule behind parts of a hundred: from 0 to 100, with two decimals at most.
pub fn is_percent(figure: &Decimal) -> Result<(), ValidationError> {
    if figure.normalize().scale() > 2 {
        return Err(rule!("decimals", "has more than two decimals"));
    }
    match (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(figure) {
        true => Ok(()),
        false => Err(rule!("range", "is not from 0 to 100")),
    }
}
