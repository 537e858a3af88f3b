//! The words that fields of this wing may hold.
use kernel::rule;
use validator::ValidationError;

/// The rule `choice`.
pub fn one_of(text: &str, choices: &[&str]) -> Result<(), ValidationError> {
    if choices.contains(&text) {
        return Ok(());
    }
    Err(rule!("choice", "is none of {choices}", choices))
}

/// A key: small letters, digits and `_`, a letter first.
pub fn is_key(text: &str) -> Result<(), ValidationError> {
    let begins = text.starts_with(|one: char| one.is_ascii_lowercase());
    let goes_on = |one: char| one.is_ascii_lowercase() || one.is_ascii_digit() || one == '_';
    match begins && text.chars().all(goes_on) {
        true => Ok(()),
        false => Err(rule!("key", "begins with a small letter and has small letters, digits and _ alone")),
    }
}

/// A colour as a page writes it.
pub fn is_color(text: &str) -> Result<(), ValidationError> {
    let figures = text.strip_prefix('#').filter(|figures| figures.len() == 6);
    match figures.is_some_and(|figures| figures.bytes().all(|byte| byte.is_ascii_hexdigit())) {
        true => Ok(()),
        false => Err(rule!("color", "is not a colour such as #b8860b")),
    }
}
