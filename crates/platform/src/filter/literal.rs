//! What a caller wrote as a value, and the value it becomes beside a field of some kind. Exact: a number is read from
//! its digits, never from a double.
use super::refusal::{FILTER_BAD_LITERAL, FILTER_TYPE_MISMATCH, FILTER_UNKNOWN_VALUE};
use super::time;
use super::tree::Value;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use kernel::catalogue::Kind;
use kernel::{Code, Text, text};
use rust_decimal::Decimal;
use uuid::Uuid;

#[derive(Clone, Debug)]
pub enum Literal {
    Null,
    Bool(bool),
    Text(String),
    Number(Decimal),
    Date(NaiveDate),
    Instant(DateTime<Utc>),
    FromNow(TimeDelta),
    FromToday(TimeDelta, Tz),
    Me,
}

/// Which rule, and a word for people; the place is the caller's to name.
pub type Bad = (Code, Text);

pub fn bad(what: Text) -> Bad {
    (FILTER_BAD_LITERAL, text!("this is not {what}"; what))
}

impl Literal {
    /// A quoted value is read as what stands across from it (as JSON and form builders write dates, ids and numbers);
    /// everything else must match.
    pub fn beside(&self, kind: Kind) -> Result<Value, Bad> {
        Ok(match (kind, self) {
            (Kind::Text | Kind::Tags, Self::Text(s)) => Value::Text(s.clone()),
            (Kind::Choice(choices), Self::Text(s)) if choices.contains(&s.as_str()) => Value::Text(s.clone()),
            (Kind::Choice(choices), Self::Text(_)) => {
                return Err((FILTER_UNKNOWN_VALUE, text!("one of {choices}", choices = choices.join(", "))));
            }
            (Kind::Bool, Self::Bool(b)) => Value::Bool(*b),
            (Kind::Int, Self::Number(d)) => whole(*d).map_or(Value::Decimal(*d), Value::Int),
            (Kind::Int, Self::Text(s)) => {
                whole(number(s)?).map(Value::Int).ok_or_else(|| bad(text!("a whole number")))?
            }
            (Kind::Decimal | Kind::Money { .. }, Self::Number(d)) => Value::Decimal(*d),
            (Kind::Decimal | Kind::Money { .. }, Self::Text(s)) => Value::Decimal(number(s)?),
            (Kind::Date, Self::Date(d)) => Value::Date(*d),
            (Kind::Date, Self::Text(s)) => Value::Date(time::date(s)?),
            (Kind::Date, Self::FromNow(delta)) => Value::DayFromNow(*delta),
            (Kind::Date, Self::FromToday(delta, zone)) => Value::FromToday(*delta, *zone),
            (Kind::Instant, Self::Instant(t)) => Value::Instant(*t),
            (Kind::Instant, Self::Text(s)) => Value::Instant(time::instant(s)?),
            (Kind::Instant, Self::FromNow(delta)) => Value::FromNow(*delta),
            (Kind::Instant, Self::FromToday(delta, zone)) => Value::FromMidnight(*delta, *zone),
            (Kind::Id, Self::Text(s)) => Value::Id(Uuid::try_parse(s).map_err(|_| bad(text!("an id")))?),
            (Kind::Id, Self::Me) => Value::Me,
            _ => return Err((FILTER_TYPE_MISMATCH, text!("{what} is expected here"; what = kind.word()))),
        })
    }
}

/// A value that came as bare text, from `?status=open`.
pub fn written(kind: Kind, text: &str) -> Result<Value, Bad> {
    match (kind, text) {
        (Kind::Bool, "true") => Ok(Value::Bool(true)),
        (Kind::Bool, "false") => Ok(Value::Bool(false)),
        (_, text) if text.contains('\0') => Err(bad(text!("text: it cannot hold U+0000"))),
        (kind, text) => Literal::Text(text.to_owned()).beside(kind),
    }
}

/// One array, so that a list of any length is one bind and one statement.
pub fn list(kind: Kind, values: Vec<Value>) -> Option<Value> {
    fn all<T>(values: Vec<Value>, pick: fn(Value) -> Option<T>) -> Option<Vec<T>> {
        values.into_iter().map(pick).collect()
    }
    match kind {
        Kind::Text | Kind::Choice(_) => {
            all(values, |v| if let Value::Text(s) = v { Some(s) } else { None }).map(Value::Texts)
        }
        Kind::Int | Kind::Decimal | Kind::Money { .. } => {
            let decimals = all(values, |v| match v {
                Value::Decimal(d) => Some(d),
                Value::Int(i) => Some(i.into()),
                _ => None,
            })?;
            let ints: Option<Vec<i64>> = decimals.iter().map(|d| whole(*d)).collect();
            Some(match ints {
                Some(ints) if kind == Kind::Int => Value::Ints(ints),
                _ => Value::Decimals(decimals),
            })
        }
        Kind::Date => all(values, |v| if let Value::Date(d) = v { Some(d) } else { None }).map(Value::Dates),
        Kind::Instant => all(values, |v| if let Value::Instant(t) = v { Some(t) } else { None }).map(Value::Instants),
        Kind::Id => all(values, |v| if let Value::Id(id) = v { Some(id) } else { None }).map(Value::Ids),
        Kind::Bool | Kind::Tags => None,
    }
}

pub fn number(digits: &str) -> Result<Decimal, Bad> {
    let read = match digits.strip_prefix("0x") {
        Some(hex) => i64::from_str_radix(hex, 16).ok().map(Decimal::from),
        None if digits.contains(['e', 'E']) => Decimal::from_scientific(digits).ok(),
        None => Decimal::from_str_exact(digits).ok(),
    };
    read.ok_or_else(|| bad(text!("a number of at most 28 digits")))
}

pub fn whole(d: Decimal) -> Option<i64> {
    if d.is_integer() { i64::try_from(d).ok() } else { None }
}
