//! `/by/{key}/{value}`: a record by a unique field, or by what another system calls it.
use kernel::{Error, Fault, error, text};
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct KeyPath {
    /// a unique field, or `ext:{source_system}`
    #[param(example = "ext:shopify")]
    pub key: String,
    /// its value
    #[param(example = "cus_9s6XKzkNRiz8i3")]
    pub value: String,
}

/// The source system of `ext:{source_system}`.
pub fn external(key: &str) -> Option<String> {
    key.strip_prefix("ext:").filter(|system| !system.trim().is_empty() && system.len() <= 100).map(str::to_owned)
}

/// It does not list those that are: which are depends on what the caller sees.
pub fn unknown_key(key: &str) -> Error {
    let fault = Fault::new("/key", "unknown_key", text!("\"{key}\" is no key here", key));
    Error::from(error::INVALID).fault(fault)
}
