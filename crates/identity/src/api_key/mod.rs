//! An API key lets a program in on behalf of the user who made it.
//!
//! It is shown once and kept as a hash. It holds what its scopes name of what its user holds at that moment, never
//! more; a key that makes a key gives no scope that it lacks itself.
mod deeds;
mod scope;
mod store;
pub mod text;

pub(crate) use deeds::issue;
pub use deeds::{create, revoke};
pub(crate) use scope::keep;
pub(crate) use store::{current, entry, used};
pub use store::{find, list};

use crate::schema::api_keys;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::{ApiKeyId, Code, Kind, Noun, Record, Tidy, UserId, tidy};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

pub const TOO_MANY: Code =
    Code::new("too_many_api_keys", Kind::Conflict, "The user has as many API keys as one may have: revoke some first.");
pub const CODES: &[Code] = &[TOO_MANY];

/// Lets a program in on behalf of its user.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = api_keys, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-0000-7000-8000-0000000000e1", "user_id": "0192f0c1-0000-7000-8000-000000000001",
    "name": "web shop", "hint": "gx_live_…x7Qp", "scopes": ["contacts:read", "orders:create"],
    "expires_at": "2027-11-21T08:00:00Z", "last_used_at": null, "revoked_at": null, "version": 1,
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
    pub expires_at: Option<DateTime<Utc>>,
    /// to the minute
    pub last_used_at: Option<DateTime<Utc>>,
    pub revoked_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// What a new key is made of.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "web shop", "scopes": ["contacts:read", "orders:create"], "expires_at": "2027-11-21T08:00:00Z"
}))]
pub struct NewApiKey {
    #[validate(length(max = 100), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// `contacts:read`; `contacts:*` for all that may be done, `*:read` for every object, `*` for everything
    #[validate(length(min = 1, max = 200))]
    #[schema(min_items = 1, max_items = 200)]
    pub scopes: Vec<String>,
    /// never, where it is absent
    pub expires_at: Option<DateTime<Utc>>,
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
    }
}
