//! An API key lets a program in on behalf of the user who made it.
//!
//! It is shown once and kept as a hash. It holds what its scopes name of what its user holds at that moment, never
//! more; a key that makes a key gives no scope that it lacks itself. It may be bound to the addresses it comes from. A
//! new text takes the place of an old one with an overlap, in which both are good. A service account has its keys made
//! by those who hold all that it holds.
mod deeds;
mod scope;
mod store;
pub mod text;

pub(crate) use deeds::issue;
pub use deeds::{create, revoke, rotate};
pub(crate) use scope::keep;
pub(crate) use store::{current, entry, used};
pub use store::{find, list};

use crate::schema::api_keys;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::net::Net;
use kernel::{ApiKeyId, Code, Kind, Noun, Record, Tidy, UserId, rule, tidy};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

pub const TOO_MANY: Code =
    Code::new("too_many_api_keys", Kind::Conflict, "The user has as many API keys as one may have: revoke some first.");
pub const ADDRESS_NOT_ALLOWED: Code = Code::new(
    "address_not_allowed",
    Kind::Forbidden,
    "The API key is not good from this address: `addresses` of the key says where it is.",
);
pub const CODES: &[Code] = &[ADDRESS_NOT_ALLOWED, TOO_MANY];

/// Lets a program in on behalf of its user.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = api_keys, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-0000-7000-8000-0000000000e1", "user_id": "0192f0c1-0000-7000-8000-000000000001",
    "name": "web shop", "hint": "gx_live_…x7Qp", "scopes": ["contacts:read", "orders:create"],
    "addresses": ["203.0.113.0/24"], "expires_at": "2027-11-21T08:00:00Z", "previous_hint": null,
    "previous_expires_at": null, "last_used_at": null, "revoked_at": null, "version": 1,
    "created_at": "2026-11-21T08:00:00Z", "updated_at": "2026-11-21T08:00:00Z"
}))]
pub struct ApiKey {
    pub id: ApiKeyId,
    /// on whose behalf it acts
    pub user_id: UserId,
    pub name: String,
    /// what may be shown of it
    pub hint: String,
    pub scopes: Vec<String>,
    /// addresses and nets that it may come from; any, where there are none
    pub addresses: Vec<String>,
    pub expires_at: Option<DateTime<Utc>>,
    /// of the text that it had before it was rotated
    pub previous_hint: Option<String>,
    /// until when that text is good as well
    pub previous_expires_at: Option<DateTime<Utc>>,
    /// to the minute
    pub last_used_at: Option<DateTime<Utc>>,
    pub revoked_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// What a new key is made of.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "web shop", "scopes": ["contacts:read", "orders:create"], "addresses": ["203.0.113.0/24"],
    "expires_at": "2027-11-21T08:00:00Z"
}))]
pub struct NewApiKey {
    #[validate(length(max = 100), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// `contacts:read`; `contacts:*` for all that may be done, `*:read` for every object, `*` for everything
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_items = 1, max_items = 1000)]
    pub scopes: Vec<String>,
    /// never, where it is absent
    pub expires_at: Option<DateTime<Utc>>,
    /// addresses and nets that it may come from, such as `203.0.113.7` and `2001:db8::/32`; any, where there are none
    #[serde(default)]
    #[validate(length(max = 100), custom(function = "are_nets"))]
    #[schema(max_items = 100)]
    pub addresses: Vec<String>,
    /// a service account that it is for; the caller, where it is absent
    pub user_id: Option<UserId>,
}

/// How a key gets a new text.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"overlap_seconds": 86400}))]
pub struct Rotation {
    /// how long the old text stays good: a day, where it is absent, and 30 at most
    #[serde(default = "a_day")]
    #[validate(range(min = 0, max = 2_592_000))]
    #[schema(minimum = 0, maximum = 2_592_000, default = 86400, required = false)]
    pub overlap_seconds: i64,
}

/// A key that has just been made: the only time that its text is shown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FreshApiKey {
    /// `Authorization: Bearer …`
    #[schema(example = "gx_live_05h3KpQZ7…x7Qp")]
    pub key: String,
    #[serde(flatten)]
    pub api_key: ApiKey,
}

impl Noun for ApiKey {
    const NAME: &'static str = "api_key";
}
impl Record for ApiKey {
    type Id = ApiKeyId;
    fn id(&self) -> ApiKeyId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Noun for FreshApiKey {
    const NAME: &'static str = "api_key";
}
impl Record for FreshApiKey {
    type Id = ApiKeyId;
    fn id(&self) -> ApiKeyId {
        self.api_key.id
    }
    fn version(&self) -> i32 {
        self.api_key.version
    }
}

impl Tidy for NewApiKey {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
        self.scopes.iter_mut().for_each(tidy::trim);
        for text in &mut self.addresses {
            if let Ok(net) = text.parse::<Net>() {
                *text = net.to_string();
            }
        }
    }
}
impl Tidy for Rotation {}

fn a_day() -> i64 {
    86_400
}

fn are_nets(addresses: &[String]) -> Result<(), ValidationError> {
    match addresses.iter().find(|text| text.parse::<Net>().is_err()) {
        Some(address) => Err(rule!("net", "\"{address}\" is no address and no net such as 10.0.0.0/8", address)),
        None => Ok(()),
    }
}
