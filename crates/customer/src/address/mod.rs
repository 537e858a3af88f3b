//! An address is where an account or a contact is found by post.
//!
//! Of each kind one may be primary. Addresses are parts of their account (`account::address`) or contact
//! (`contact::address`); here stands what both have in common: what may be said of one, and how it is written.
mod country;
pub(crate) mod import;
mod rules;
mod written;

pub use country::is_country;
pub use rules::filled;
pub(crate) use rules::{check, leads_once};
pub use written::Written;

use kernel::{patch, tidy};
use rules::{is_division, is_kind, is_numbered, is_somewhere};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// What an address is for.
pub const KINDS: &[&str] = &["billing", "shipping", "home", "work", "registered", "other"];
/// Where somebody is found by post: some part of it at least beside the country, or `raw_text`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "is_somewhere", skip_on_field_errors = false))]
#[validate(schema(function = "is_numbered"))]
#[schema(example = json!({
    "kind": "shipping", "country": "CN", "region": "上海市", "city": "上海市", "district": "黄浦区",
    "division_code": "310101", "street": "南京东路100号", "detail": "5楼502室", "postal_code": "200001",
    "recipient": "王伟", "phone": "+86 138 0013 8000", "is_primary": true
}))]
pub struct NewAddress {
    #[validate(custom(function = "is_kind"))]
    #[schema(example = "shipping")]
    pub kind: String,
    #[validate(length(max = 50))]
    #[schema(max_length = 50)]
    pub label: Option<String>,
    /// who takes what is sent there
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    pub recipient: Option<String>,
    /// with its country code, or as it is dialled in the tenant's `phone_region`
    #[validate(custom(function = "tidy::is_phone"))]
    #[schema(max_length = 40, example = "+86 138 0013 8000")]
    pub phone: Option<String>,
    #[serde(skip)]
    pub phone_text: Option<String>,
    /// its code of two letters (ISO 3166-1)
    #[validate(custom(function = "is_country"))]
    #[schema(min_length = 2, max_length = 2, example = "CN")]
    pub country: String,
    /// the province, state or prefecture
    #[validate(length(max = 100))]
    #[schema(max_length = 100)]
    pub region: Option<String>,
    #[validate(length(max = 100))]
    #[schema(max_length = 100)]
    pub city: Option<String>,
    /// the part of the city: in China the third level, 区 or 县
    #[validate(length(max = 100))]
    #[schema(max_length = 100)]
    pub district: Option<String>,
    /// the number of the district in GB/T 2260, of six digits
    #[validate(custom(function = "is_division"))]
    #[schema(min_length = 6, max_length = 6, example = "310101")]
    pub division_code: Option<String>,
    /// the road and the number of the house
    #[validate(length(max = 300))]
    #[schema(max_length = 300)]
    pub street: Option<String>,
    /// where in the house: building, entrance, floor, room
    #[validate(length(max = 300))]
    #[schema(max_length = 300)]
    pub detail: Option<String>,
    #[validate(length(max = 20))]
    #[schema(max_length = 20)]
    pub postal_code: Option<String>,
    /// the whole of it as it was given, where it came as one text
    #[validate(length(max = 1000))]
    #[schema(max_length = 1000)]
    pub raw_text: Option<String>,
    /// takes the place of the primary address of its kind
    #[serde(default)]
    pub is_primary: bool,
}

/// A merge patch of an address.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"detail": "6楼601室", "is_primary": true}))]
pub struct AddressPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_kind"))]
    #[schema(value_type = String, required = false, example = "billing")]
    pub kind: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 50))]
    #[schema(value_type = Option<String>, max_length = 50)]
    pub label: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 200))]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub recipient: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(custom(function = "tidy::is_phone"))]
    #[schema(value_type = Option<String>, max_length = 40)]
    pub phone: Option<Option<String>>,
    #[serde(skip)]
    pub phone_text: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_country"))]
    #[schema(value_type = String, required = false, min_length = 2, max_length = 2)]
    pub country: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 100))]
    #[schema(value_type = Option<String>, max_length = 100)]
    pub region: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 100))]
    #[schema(value_type = Option<String>, max_length = 100)]
    pub city: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 100))]
    #[schema(value_type = Option<String>, max_length = 100)]
    pub district: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(custom(function = "is_division"))]
    #[schema(value_type = Option<String>, min_length = 6, max_length = 6)]
    pub division_code: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 300))]
    #[schema(value_type = Option<String>, max_length = 300)]
    pub street: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 300))]
    #[schema(value_type = Option<String>, max_length = 300)]
    pub detail: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 20))]
    #[schema(value_type = Option<String>, max_length = 20)]
    pub postal_code: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 1000))]
    #[schema(value_type = Option<String>, max_length = 1000)]
    pub raw_text: Option<Option<String>>,
    /// `true` makes it the primary address of its kind
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_primary: Option<bool>,
}
