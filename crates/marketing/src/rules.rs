//! Rules that bodies of several rooms obey.
use chrono::NaiveDate;
use kernel::{Error, Fault, Money, Result, error, money, rule, text};
use rust_decimal::Decimal;
use validator::ValidationError;

/// The rule behind currencies.
pub fn is_currency(code: &str) -> std::result::Result<(), ValidationError> {
    match money::decimals(code) {
        Some(_) => Ok(()),
        None => Err(rule!("currency", "is not an ISO 4217 currency")),
    }
}

/// The rule behind sums: none is below zero.
pub fn is_sum(money: &Money) -> std::result::Result<(), ValidationError> {
    if money.amount >= Decimal::ZERO { Ok(()) } else { Err(rule!("range", "is below zero")) }
}

/// What has both ends ends after it starts.
pub fn period(start: Option<NaiveDate>, end: Option<NaiveDate>) -> std::result::Result<(), ValidationError> {
    if start.zip(end).is_none_or(|(start, end)| start <= end) {
        return Ok(());
    }
    let mut rule = rule!("order", "ends before it starts");
    rule.add_param("member".into(), &"end_on");
    Err(rule)
}

/// All sums of a record are in its one currency.
pub fn same_currency<const N: usize>(
    currency: &str,
    sums: [(&'static str, &Option<Money>); N],
) -> std::result::Result<(), ValidationError> {
    let other = sums.into_iter().find(|(_, sum)| sum.as_ref().is_some_and(|sum| sum.currency != currency));
    let Some((member, _)) = other else { return Ok(()) };
    let mut rule = rule!("currency", "is not in the currency of the record");
    rule.add_param("member".into(), &member);
    Err(rule)
}

/// The same of a patch, whose record says the currency: all faults at once.
pub fn in_currency(currency: &str, sums: &[(&str, Option<&Money>)]) -> Result<()> {
    let wrong = sums.iter().filter(|(_, sum)| sum.is_some_and(|sum| sum.currency != currency));
    let fault = |(member, _): &(&str, Option<&Money>)| {
        Fault::new(format!("/{member}/currency"), "currency", text!("is not in the currency of the record"))
    };
    let faults: Vec<Fault> = wrong.map(fault).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::from(error::INVALID).faults(faults)) }
}

/// What is named by a member of a body is there.
pub fn referred<T>(member: &str, found: Result<T>) -> Result<T> {
    found.map_err(|error| match error.kind() {
        kernel::Kind::NotFound => Error::from(error::UNKNOWN_REFERENCE).fault(Fault::new(
            format!("/{member}"),
            error::UNKNOWN_REFERENCE.name,
            text!("there is no such record"),
        )),
        _ => error,
    })
}
