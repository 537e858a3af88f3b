//! How to reach someone: e-mail addresses, telephone numbers, web addresses.

use kernel::{Region, phone, text};
use validator::{ValidateEmail, ValidateUrl};

use super::{Parsed, ValueFault, plain, short};

/// A telephone number as it was written and as the world dials it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone {
    pub raw: String,
    /// `+8613800138000`
    pub e164: String,
    pub extension: Option<String>,
}

/// An e-mail address, if it has the shape of one; `mailto:` is dropped.
pub fn email(text: &str) -> Parsed<String> {
    let address = plain(text);
    let address = address.strip_prefix("mailto:").unwrap_or(&address);
    if address.len() <= 254 && address.validate_email() {
        return Ok(address.to_owned());
    }
    Err(ValueFault::new("email", text!("`{text}` is not an e-mail address.", text = short(text))))
}

/// A telephone number; `region` says whose it is when it does not begin with `+`.
pub fn phone(text: &str, region: Option<Region>) -> Parsed<Phone> {
    let written = plain(text);
    let known = Some(&written).filter(|written| written.len() <= 64).and_then(|text| phone::known(text, region));
    let known = known.ok_or_else(|| {
        let text = short(text);
        let message = match region.is_none() && !written.starts_with('+') {
            true => text!(
                "`{text}` is not a telephone number with its country code: `phone_region` of the mapping, or of the \
                 tenant, says whose those are that have none.",
                text
            ),
            false => text!("`{text}` is not a telephone number.", text),
        };
        ValueFault::new("phone", message)
    })?;
    Ok(Phone { raw: text.trim().to_owned(), e164: known.e164, extension: known.extension })
}

/// A web address; one without a scheme (`www.example.com`) gets `https://`.
pub fn url(text: &str) -> Parsed<String> {
    let written = plain(text);
    let full = if written.contains("://") { written } else { format!("https://{written}") };
    let web = full.get(..8).map(str::to_ascii_lowercase).is_some_and(|s| s.starts_with("http://") || s == "https://");
    let host = full.split("://").nth(1).and_then(|rest| rest.split(['/', '?', '#', ':']).next()).unwrap_or_default();
    let named = host.contains('.') && !host.starts_with('.') && !host.ends_with("..");
    if web && named && full.len() <= 2048 && !full.contains(char::is_whitespace) && full.validate_url() {
        return Ok(full);
    }
    Err(ValueFault::new("url", text!("`{text}` is not a web address.", text = short(text))))
}
