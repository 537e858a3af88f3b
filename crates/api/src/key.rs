//! `/by/{key}/{value}`: a record by a unique field, by several that are unique together, or by what another system calls
//! it.
use kernel::{Error, Fault, Region, Result, error, text, tidy};
use platform::deed::ByName;
use platform::external::OWN;
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct KeyPath {
    /// a unique field, several that are unique together with commas between, `custom.{key}` of a unique field of the
    /// tenant's own, or `ext:{source_system}`
    #[param(example = "ext:shopify")]
    pub key: String,
    /// its value; of several fields, theirs in the same order with commas between
    #[param(example = "cus_9s6XKzkNRiz8i3")]
    pub value: String,
}

impl KeyPath {
    /// The fields that are named, each with its value; of those to which no value is given, nothing.
    pub fn members(&self) -> Vec<(&str, &str)> {
        if external(&self.key).is_some() {
            return vec![(&self.key, &self.value)];
        }
        let names: Vec<&str> = self.key.split(',').collect();
        let values = self.value.splitn(names.len(), ',');
        names.into_iter().zip(values.map(str::trim)).collect()
    }

    /// Whether each field that is named has a value.
    pub fn is_whole(&self) -> bool {
        let (members, is_external) = (self.members(), external(&self.key).is_some());
        let named = if is_external { 1 } else { self.key.split(',').count() };
        members.len() == named && members.iter().all(|(_, value)| !value.trim().is_empty())
    }
}

/// The name that is asked for, where a noun has no other key.
pub fn name(path: KeyPath) -> Result<ByName> {
    match path.key.as_str() {
        "name" => Ok(ByName(path.value.trim().to_owned())),
        other => Err(unknown_key(other)),
    }
}

/// What is asked for is no value of the field.
pub fn no_value() -> Error {
    Error::invalid("/value", "wrong_type", text!("is no value of the field"))
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
