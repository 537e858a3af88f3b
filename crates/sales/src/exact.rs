//! Exact decimals on the wire: text in and text out, never a float; and the rules that such figures obey.
use kernel::{money, rule};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serializer};
use validator::ValidationError;

/// What the columns keep.
const DECIMALS: u32 = 6;

/// A figure that may be absent or null.
pub fn maybe<'de, D: Deserializer<'de>>(de: D) -> Result<Option<Decimal>, D::Error> {
    Ok(Option::<Exact>::deserialize(de)?.map(|Exact(figure)| figure))
}

/// In a patch: absent is untouched, null is a fault.
pub fn value<'de, D: Deserializer<'de>>(de: D) -> Result<Option<Decimal>, D::Error> {
    money::decimal(de).map(Some)
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

/// The rule behind prices: at most six decimals, within what a column keeps.
pub fn is_figure(figure: &Decimal) -> Result<(), ValidationError> {
    if figure.normalize().scale() > DECIMALS {
        return Err(rule!("decimals", "has more than six decimals"));
    }
    if money::in_range(*figure) { Ok(()) } else { Err(rule!("range", "is too large")) }
}

/// The rule behind quantities: a figure, and not zero.
pub fn is_quantity(figure: &Decimal) -> Result<(), ValidationError> {
    if figure.is_zero() { Err(rule!("zero", "is zero")) } else { is_figure(figure) }
}

/// The rule behind rates: from 0 to 1.
pub fn is_rate(figure: &Decimal) -> Result<(), ValidationError> {
    if (Decimal::ZERO..=Decimal::ONE).contains(figure) {
        is_figure(figure)
    } else {
        Err(rule!("range", "is not from 0 to 1"))
    }
}

/// The rule behind sums that are taken off: a figure that is not negative.
pub fn is_sum(figure: &Decimal) -> Result<(), ValidationError> {
    if figure.is_sign_negative() && !figure.is_zero() {
        return Err(rule!("range", "is below zero"));
    }
    is_figure(figure)
}

/// The rule behind sums that are paid: a figure above zero.
pub fn is_above_zero(figure: &Decimal) -> Result<(), ValidationError> {
    if *figure > Decimal::ZERO { is_figure(figure) } else { Err(rule!("range", "is not above zero")) }
}

/// The rule behind currencies.
pub fn is_currency(code: &str) -> Result<(), ValidationError> {
    match money::decimals(code) {
        Some(_) => Ok(()),
        None => Err(rule!("currency", "is not an ISO 4217 currency")),
    }
}

#[derive(Deserialize)]
struct Exact(#[serde(deserialize_with = "money::decimal")] Decimal);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_bounds() {
        let figure = |text: &str| text.parse::<Decimal>().unwrap();
        assert!(is_figure(&figure("-999999999999999.999999")).is_ok());
        assert!(is_figure(&figure("1.0000010")).is_ok());
        assert!(is_figure(&figure("0.0000001")).is_err() && is_figure(&figure("1000000000000000")).is_err());
        assert!(is_quantity(&figure("0.00")).is_err() && is_quantity(&figure("-0.5")).is_ok());
        assert!(
            is_rate(&figure("1")).is_ok() && is_rate(&figure("1.01")).is_err() && is_rate(&figure("-0.1")).is_err()
        );
    }

    #[test]
    fn zeros_at_the_end_are_not_written() {
        #[derive(serde::Serialize)]
        struct One(#[serde(serialize_with = "plain")] Decimal);
        let text = |figure: &str| serde_json::to_string(&One(figure.parse().unwrap())).unwrap();
        assert_eq!(
            (text("2.500000"), text("100"), text("-0.000")),
            ("\"2.5\"".into(), "\"100\"".into(), "\"0\"".into())
        );
    }
}
