//! The rules that the members of a connection keep, and what they are where nothing is said.
use super::secret::is_secret;
use super::{KINDS, NewConnection, POLICIES};
use kernel::{money, rule};
use validator::ValidationError;

pub(super) fn yes() -> bool {
    true
}
pub(super) fn source_wins() -> String {
    "source_wins".to_owned()
}

pub(super) fn is_kind(kind: &str) -> Result<(), ValidationError> {
    one_of(kind, KINDS)
}
pub(super) fn is_policy(policy: &str) -> Result<(), ValidationError> {
    one_of(policy, POLICIES)
}
fn one_of(text: &str, choices: &[&str]) -> Result<(), ValidationError> {
    if choices.contains(&text) { Ok(()) } else { Err(rule!("choice", "is none of {choices}", choices)) }
}
pub(super) fn is_currency(code: &str) -> Result<(), ValidationError> {
    match money::decimals(code) {
        Some(_) => Ok(()),
        None => Err(rule!("currency", "is not an ISO 4217 currency")),
    }
}
pub(super) fn is_time_zone(zone: &str) -> Result<(), ValidationError> {
    match zone.parse::<chrono_tz::Tz>() {
        Ok(_) => Ok(()),
        Err(_) => Err(rule!("time_zone", "is not the name of a time zone, such as Europe/Berlin")),
    }
}
pub(super) fn has_good_secret(new: &NewConnection) -> Result<(), ValidationError> {
    is_secret(new.secret.as_ref())
}
