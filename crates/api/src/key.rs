//! `/by/{key}/{value}`: a record by a unique field, or by what another system calls it.
use kernel::{Error, Fault, Region, error, text, tidy};
use platform::external::OWN;
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct KeyPath {
    /// a unique field, `custom.{key}` of a unique field of the tenant's own, or `ext:{source_system}`
    #[param(example = "ext:shopify")]
    pub key: String,
    /// its value
    #[param(example = "cus_9s6XKzkNRiz8i3")]
    pub value: String,
}

/// The source system of `ext:{source_system}`; a unique field of the tenant's own is asked for in the same way.
pub fn external(key: &str) -> Option<String> {
    if let Some(own) = own(key) {
        return Some(format!("{OWN}{own}"));
    }
    let system = key.strip_prefix("ext:").filter(|system| !system.trim().is_empty() && system.len() <= 100);
    system.filter(|system| !system.starts_with(OWN)).map(str::to_owned)
}

/// The key of a field of the tenant's own.
pub fn own(key: &str) -> Option<&str> {
    kernel::custom::key(key)
}

/// A number as it is kept.
pub fn phone(mut value: String, region: Option<Region>) -> String {
    tidy::phone(&mut value, region);
    value
}

/// It does not list those that are: which are depends on what the caller sees.
pub fn unknown_key(key: &str) -> Error {
    let fault = Fault::new("/key", "unknown_key", text!("\"{key}\" is no key here", key));
    Error::from(error::INVALID).fault(fault)
}
