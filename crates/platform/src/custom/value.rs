//! One value of a field of a tenant's own: strictly of its type, and in the one form in which it is kept.
use crate::table::values;
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use kernel::custom::{Own, Type};
use kernel::{Fault, Money, Region, Text, rules, text, tidy};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use uuid::Uuid;

/// JSON's numbers are exact up to here, in every language.
const SAFE: i64 = 9_007_199_254_740_991;
const LONGEST: u32 = 10_000;
const MOST_OPTIONS: usize = 100;

pub type Read = Result<Value, Fault>;

/// The value in its form, or what is wrong with it, at the empty pointer. Phone numbers that do not say their country are
/// of the region.
pub fn read(own: &Own, given: &Value, region: Option<Region>) -> Read {
    match own.holds {
        Type::Text => plain(own, given),
        Type::Email => shaped(given, values::email, tidy::email),
        Type::Url => shaped(given, values::url, tidy::trim),
        Type::Phone => phone(given, region),
        Type::Int => whole(own, given),
        Type::Decimal => decimal(own, given),
        Type::Money => money(own, given),
        Type::Bool => given.as_bool().map(Value::Bool).ok_or_else(|| wrong(text!("true or false"))),
        Type::Date => date(own, given),
        Type::Instant => instant(given),
        Type::Option => option(own, given, false),
        Type::Options => options(own, given),
        Type::Reference => {
            let id = given.as_str().and_then(|text| Uuid::try_parse(text).ok());
            id.map(|id| json!(id)).ok_or_else(|| wrong(text!("an id")))
        }
    }
}

/// A moment as it is kept: of one length, so that its text has the order of time.
pub fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn wrong(what: Text) -> Fault {
    Fault::new("", "wrong_type", text!("{what} is expected here"; what))
}

fn text_of(given: &Value) -> Result<&str, Fault> {
    given.as_str().ok_or_else(|| wrong(text!("text")))
}

fn plain(own: &Own, given: &Value) -> Read {
    let text = text_of(given)?.trim();
    let long = text.chars().count();
    let (min, max) = (own.limits.min_length.unwrap_or(1), own.limits.max_length.unwrap_or(LONGEST));
    if long < as_size(min) || long > as_size(max) {
        let fault = Fault::new("", "length", text!("must be {min} to {max} long", min, max));
        return Err(fault.param("min", min).param("max", max));
    }
    Ok(text.into())
}

fn shaped(given: &Value, read: fn(&str) -> values::Parsed<String>, tidy: fn(&mut String)) -> Read {
    let mut text = read(text_of(given)?).map_err(|wrong| Fault::new("", wrong.code, wrong.message))?;
    tidy(&mut text);
    Ok(text.into())
}

fn phone(given: &Value, region: Option<Region>) -> Read {
    let mut text = text_of(given)?.to_owned();
    tidy::phone(&mut text, region);
    match tidy::is_phone(&text) {
        Ok(()) => Ok(text.into()),
        Err(rule) => Err(rules::fault("", &rule)),
    }
}

fn whole(own: &Own, given: &Value) -> Read {
    let figure = given.as_i64().filter(|figure| figure.abs() <= SAFE);
    let figure = figure.ok_or_else(|| wrong(text!("a whole number")))?;
    within(own, figure.into())?;
    Ok(figure.into())
}

/// A JSON number is refused, for it may already have lost digits. A value has one form, so that 12.50 is not unique beside
/// 12.5, and a file brings in what it was taken out with.
fn decimal(own: &Own, given: &Value) -> Read {
    let figure = given.as_str().filter(|text| is_plain(text)).and_then(|text| Decimal::from_str_exact(text).ok());
    let figure = figure.ok_or_else(|| wrong(text!("an exact decimal as text, such as \"1234.50\"")))?;
    let most = own.limits.decimals.unwrap_or(12);
    let figure = figure.normalize();
    if figure.scale() > most {
        let fault = Fault::new("", "decimals", text!("at most {max} decimals", max = most));
        return Err(fault.param("max", most));
    }
    within(own, figure)?;
    Ok(figure.to_string().into())
}

fn is_plain(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, fraction].iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}

fn money(own: &Own, given: &Value) -> Read {
    let money: Money = serde_json::from_value(given.clone()).map_err(|_| wrong(text!("an amount and its currency")))?;
    if let Some(fault) = rules::faults(&money).into_iter().next() {
        return Err(fault);
    }
    within(own, money.amount)?;
    Ok(json!(money))
}

fn within(own: &Own, figure: Decimal) -> Result<(), Fault> {
    let bound = |text: &Option<String>| text.as_deref().and_then(|text| Decimal::from_str_exact(text).ok());
    if let Some(min) = bound(&own.limits.min).filter(|min| figure < *min) {
        return Err(Fault::new("", "range", text!("must be {min} or more", min)).param("min", min.to_string()));
    }
    if let Some(max) = bound(&own.limits.max).filter(|max| figure > *max) {
        return Err(Fault::new("", "range", text!("must be {max} or less", max)).param("max", max.to_string()));
    }
    Ok(())
}

fn date(own: &Own, given: &Value) -> Read {
    let read = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|_| text.len() == 10);
    let day = given.as_str().and_then(read).ok_or_else(|| wrong(text!("a date")))?;
    let bound = |text: &Option<String>| text.as_deref().and_then(read);
    if let Some(min) = bound(&own.limits.min).filter(|min| day < *min) {
        return Err(Fault::new("", "range", text!("must be {min} or more", min)));
    }
    if let Some(max) = bound(&own.limits.max).filter(|max| day > *max) {
        return Err(Fault::new("", "range", text!("must be {max} or less", max)));
    }
    Ok(day.to_string().into())
}

fn instant(given: &Value) -> Read {
    let read = given.as_str().and_then(|text| DateTime::parse_from_rfc3339(text).ok());
    let at = read.map(|at| at.with_timezone(&Utc)).filter(|at| (1..=9999).contains(&chrono::Datelike::year(at)));
    at.map(|at| moment(at).into()).ok_or_else(|| wrong(text!("a moment")))
}

fn option(own: &Own, given: &Value, many: bool) -> Read {
    let key = text_of(given)?;
    match own.options.iter().find(|choice| choice.key == key) {
        Some(choice) if !choice.is_archived => Ok(key.into()),
        Some(_) => Err(Fault::new("", "archived_option", text!("\"{key}\" is chosen no more", key))),
        None => {
            let open = own.options.iter().filter(|choice| !choice.is_archived).map(|choice| choice.key.as_str());
            let choices = open.take(if many { 20 } else { 50 }).collect::<Vec<_>>().join(", ");
            Err(Fault::new("", "choice", text!("is none of {choices}", choices)))
        }
    }
}

fn options(own: &Own, given: &Value) -> Read {
    let list = given.as_array().ok_or_else(|| wrong(text!("a list")))?;
    let (min, max) = (own.limits.min_length.unwrap_or(0), own.limits.max_length.unwrap_or(LONGEST));
    if list.len() > MOST_OPTIONS || list.len() < as_size(min) || list.len() > as_size(max) {
        let max = as_size(max).min(MOST_OPTIONS);
        return Err(Fault::new("", "length", text!("must be {min} to {max} long", min, max)));
    }
    let mut kept: Vec<Value> = Vec::with_capacity(list.len());
    for (at, one) in list.iter().enumerate() {
        let one = option(own, one, true).map_err(|fault| Fault { pointer: format!("/{at}"), ..fault })?;
        if !kept.contains(&one) {
            kept.push(one);
        }
    }
    Ok(Value::Array(kept))
}

fn as_size(figure: u32) -> usize {
    usize::try_from(figure).unwrap_or(usize::MAX)
}
