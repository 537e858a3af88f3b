//! Values, as PostgreSQL tells them and as they are answered.
use super::FiguresColumn;
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use kernel::catalogue::Kind;
use kernel::money;
use platform::tally::Bound;
use rust_decimal::Decimal;
use serde_json::Value;

/// What sort of value it is, on the wire.
pub fn word(holds: Kind) -> &'static str {
    match holds {
        Kind::Text | Kind::Tags => "text",
        Kind::Choice(_) => "choice",
        Kind::Int => "int",
        Kind::Decimal => "decimal",
        Kind::Money { .. } => "money",
        Kind::Bool => "bool",
        Kind::Date => "date",
        Kind::Instant => "instant",
        Kind::Id => "id",
    }
}

/// Decimals and money are texts with all their digits; what counts is a number.
pub fn told(column: &FiguresColumn, text: Option<&str>, currency: Option<&str>) -> Value {
    let Some(text) = text else { return Value::Null };
    match column.holds.as_str() {
        "int" => text.parse::<i64>().map_or_else(|_| Value::from(text), Value::from),
        "decimal" => Decimal::from_str_exact(text).map_or_else(|_| text.into(), |d| d.normalize().to_string().into()),
        "money" => Decimal::from_str_exact(text).map_or_else(|_| text.into(), |d| amount(d, currency).into()),
        "bool" => Value::Bool(text == "true"),
        "instant" => NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f")
            .ok()
            .and_then(|at| serde_json::to_value(at.and_utc()).ok())
            .unwrap_or_else(|| text.into()),
        _ => text.into(),
    }
}

/// With the decimals of its currency at least, for a mean may be finer.
fn amount(amount: Decimal, currency: Option<&str>) -> String {
    let mut amount = amount.normalize();
    amount.rescale(amount.scale().max(currency.and_then(money::decimals).unwrap_or(2)));
    amount.to_string()
}

/// By which part of what it was something has grown; of nothing there is no part.
pub fn change(now: &Value, before: &Value) -> Value {
    let (Some(now), Some(before)) = (number(now), number(before)) else { return Value::Null };
    let grown = now.checked_sub(before).and_then(|more| more.checked_div(before.abs()));
    grown.map_or(Value::Null, |part| part.round_dp(6).normalize().to_string().into())
}

pub fn number(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(number) => Decimal::from_str_exact(&number.to_string()).ok(),
        Value::String(text) => Decimal::from_str_exact(text).ok(),
        _ => None,
    }
}

/// What a measure is compared with, if it suits that.
pub fn bound(holds: &str, value: &Value) -> Option<Bound> {
    match holds {
        "int" | "decimal" | "money" => number(value).map(Bound::Number),
        "date" => value.as_str()?.parse::<NaiveDate>().ok().map(Bound::Day),
        "instant" => {
            let at = DateTime::parse_from_rfc3339(value.as_str()?).ok()?;
            Some(Bound::Moment(at.with_timezone(&Utc)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_change_is_a_part_of_what_was() {
        assert_eq!(change(&json!(15), &json!(10)), json!("0.5"));
        assert_eq!(change(&json!("5.00"), &json!("-10")), json!("1.5"));
        assert_eq!(change(&json!(1), &json!(0)), Value::Null);
        assert_eq!(change(&Value::Null, &json!(1)), Value::Null);
    }

    #[test]
    fn money_has_the_decimals_of_its_currency() {
        let of = |text: &str, currency| amount(text.parse().unwrap(), Some(currency));
        assert_eq!(
            (of("12.500000", "CNY"), of("12.000000", "JPY"), of("0.5", "KWD")),
            ("12.50".into(), "12".into(), "0.500".into())
        );
    }

    #[test]
    fn a_bound_suits_its_measure() {
        assert_eq!(bound("int", &json!("12")), Some(Bound::Number(12.into())));
        assert_eq!(bound("date", &json!("2026-02-30")), None);
        assert_eq!(bound("money", &json!([1])), None);
    }
}
