//! Payloads looked into: a path, and what stands there.
use super::unreadable;
use chrono::{DateTime, Utc};
use kernel::Result;
use rust_decimal::Decimal;
use serde_json::Value;

/// `shop_money.amount`, one name after the other.
pub fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    let found = path.split('.').try_fold(value, |value, name| match value {
        Value::Array(items) => items.get(name.parse::<usize>().ok()?),
        value => value.get(name),
    });
    found.filter(|value| !value.is_null())
}

/// A text, a number or a truth, as text; nothing where it is empty.
pub fn text(value: &Value, path: &str) -> Option<String> {
    let text = match at(value, path)? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(is) => is.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// An amount: a text, as shops write money, or a number.
pub fn amount(value: &Value, path: &str) -> Option<Decimal> {
    let text = text(value, path)?;
    text.parse().or_else(|_| Decimal::from_scientific(&text)).ok()
}

pub fn instant(value: &Value, path: &str) -> Option<DateTime<Utc>> {
    let text = text(value, path)?;
    let read = |text: &str| DateTime::parse_from_rfc3339(text).ok().map(|at| at.with_timezone(&Utc));
    // times of WooCommerce in GMT do not say so
    read(&text).or_else(|| read(&format!("{}Z", text.replace(' ', "T"))))
}

pub fn list<'a>(value: &'a Value, path: &str) -> &'a [Value] {
    at(value, path).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Over the items of a list.
pub fn sum(value: &Value, path: &str, of: &str) -> Decimal {
    list(value, path).iter().filter_map(|one| amount(one, of)).sum()
}

pub fn id(value: &Value, path: &str) -> Result<String> {
    text(value, path).filter(|id| id.len() <= 200).ok_or_else(|| unreadable("it names no id"))
}
