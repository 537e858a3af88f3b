//! Money is an exact decimal and a currency, never a float. The currency's own number of decimals is enforced.
use crate::rule;
use diesel::deserialize::Queryable;
use diesel::pg::Pg;
use diesel::sql_types::{Nullable, Numeric, Text};
use iso_currency::Currency;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize, Serializer};
use std::borrow::Cow;
use validator::{Validate, ValidationErrors};

/// An amount in a currency (ISO 4217).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// exact decimal, as text
    #[serde(deserialize_with = "decimal")]
    #[schema(value_type = String, format = "decimal", example = "1234.50", pattern = r"^-?\d{1,15}(\.\d{1,6})?$")]
    pub amount: Decimal,
    /// ISO 4217 code
    #[schema(example = "CNY", pattern = "^[A-Z]{3}$", min_length = 3, max_length = 3)]
    pub currency: String,
}

/// No amount reaches this: what the columns hold, and what sums of them stay far below.
const LIMIT: i64 = 1_000_000_000_000_000;

impl Money {
    pub fn new(amount: Decimal, currency: impl Into<String>) -> Self {
        Self { amount, currency: currency.into() }
    }

    /// Rounded to the decimals of its currency, halves away from zero (commercial rounding).
    #[must_use]
    pub fn rounded(amount: Decimal, currency: &str) -> Self {
        Self::new(round(amount, currency), currency)
    }
}

/// How many decimals the currency has (CNY 2, JPY 0, KWD 3); `None` where there is no such currency.
pub fn decimals(currency: &str) -> Option<u32> {
    Currency::from_code(currency).map(|known| u32::from(known.exponent().unwrap_or(2)))
}

/// To the decimals of the currency, halves away from zero.
pub fn round(amount: Decimal, currency: &str) -> Decimal {
    amount.round_dp_with_strategy(decimals(currency).unwrap_or(2), RoundingStrategy::MidpointAwayFromZero)
}

/// Whether an amount is one that a column can keep.
pub fn in_range(amount: Decimal) -> bool {
    amount.abs() < Decimal::from(LIMIT)
}

/// Reads an exact decimal from text; a JSON number is refused, for it may already have lost digits.
pub fn decimal<'de, D: serde::Deserializer<'de>>(de: D) -> Result<Decimal, D::Error> {
    let text = Cow::<'de, str>::deserialize(de)?;
    exact(&text).ok_or_else(|| serde::de::Error::custom("an exact decimal as text is expected, such as \"1234.50\""))
}

/// An exact decimal of a text in plain digits.
pub fn exact(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if !plain || digits.starts_with('.') || digits.ends_with('.') {
        return None;
    }
    Decimal::from_str_exact(text).ok()
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut amount = self.amount.normalize();
        amount.rescale(amount.scale().max(decimals(&self.currency).unwrap_or(2)));
        let mut out = to.serialize_struct("Money", 2)?;
        out.serialize_field("amount", &amount.to_string())?;
        out.serialize_field("currency", &self.currency)?;
        out.end()
    }
}

impl Validate for Money {
    fn validate(&self) -> Result<(), ValidationErrors> {
        let mut errors = ValidationErrors::new();
        match decimals(&self.currency) {
            None => errors.add("currency", rule!("currency", "is not an ISO 4217 currency")),
            Some(most) if self.amount.normalize().scale() > most => {
                errors.add(
                    "amount",
                    rule!("decimals", "{currency} has {max} decimals", currency = self.currency, max = most),
                );
            }
            Some(_) => {}
        }
        if !in_range(self.amount) {
            errors.add("amount", rule!("range", "is too large"));
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

impl Queryable<(Numeric, Text), Pg> for Money {
    type Row = (Decimal, String);
    fn build((amount, currency): Self::Row) -> diesel::deserialize::Result<Self> {
        Ok(Self { amount, currency })
    }
}

/// Two columns that may both be null, on their way to an `Option<Money>`: `#[diesel(deserialize_as = MaybeMoney)]`.
pub struct MaybeMoney(Option<Money>);

impl Queryable<(Nullable<Numeric>, Nullable<Text>), Pg> for MaybeMoney {
    type Row = (Option<Decimal>, Option<String>);
    fn build((amount, currency): Self::Row) -> diesel::deserialize::Result<Self> {
        Ok(Self(amount.zip(currency).map(|(amount, currency)| Money { amount, currency })))
    }
}

impl From<MaybeMoney> for Option<Money> {
    fn from(columns: MaybeMoney) -> Self {
        columns.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Money, String> {
        let money: Money = serde_json::from_str(json).map_err(|e| e.to_string())?;
        money.validate().map(|()| money).map_err(|e| e.to_string())
    }

    #[test]
    fn a_float_is_refused_and_text_is_exact() {
        assert!(read(r#"{"amount":12.5,"currency":"CNY"}"#).is_err());
        for bad in ["1e3", ".5", "5.", "+1", "", "--1", "1,000", "NaN", "１"] {
            assert!(read(&format!(r#"{{"amount":"{bad}","currency":"CNY"}}"#)).is_err(), "{bad}");
        }
        assert_eq!(read(r#"{"amount":"0.10","currency":"CNY"}"#).map(|m| m.amount), Ok(Decimal::new(1, 1)));
    }

    #[test]
    fn the_currency_decides_the_decimals() {
        assert!(read(r#"{"amount":"1.5","currency":"JPY"}"#).is_err());
        assert!(read(r#"{"amount":"1.005","currency":"CNY"}"#).is_err());
        assert!(read(r#"{"amount":"1.005","currency":"KWD"}"#).is_ok());
        assert!(read(r#"{"amount":"1","currency":"ABC"}"#).is_err());
        let text = serde_json::to_string(&Money::new(Decimal::from(3), "CNY"));
        assert_eq!(text.ok().as_deref(), Some(r#"{"amount":"3.00","currency":"CNY"}"#));
    }

    #[test]
    fn halves_round_away_from_zero() {
        assert_eq!(round(Decimal::new(-1_005, 3), "CNY"), Decimal::new(-101, 2));
        assert_eq!(round(Decimal::new(25, 1), "JPY"), Decimal::from(3));
    }
}
