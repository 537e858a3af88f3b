//! A provider is who a tenant lets vouch for its people: an issuer of OpenID Connect, and what is known there of this
//! house.
//!
//! Its secret stands in a table of its own, is never answered, and is reached by two functions. Whoever makes or changes
//! one holds all that an owner holds, but that whoever may change it may shut it. One that is shut lets nobody in; the
//! sessions that it has opened go on until they are ended like any other.
mod deeds;
mod rules;
mod secret;
mod store;

pub use deeds::{create, delete, update};
pub use secret::ClientSecret;
pub(crate) use store::{buttons, open, open_in, secret};
pub use store::{find, list};

use crate::schema::sso_providers;
use chrono::{DateTime, Utc};
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::{Noun, Record, RoleId, SsoProviderId, TenantId, Tidy, UserId, patch, tidy};
use platform::vault::Place;
use rules::{are_addresses, are_domains, are_scopes, are_words};
use secret::is_secret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// Where the secrets of providers stand.
pub const SECRET: Place = Place::new("sso_provider_secrets", "sealed", "provider_id");

/// An identity provider of the tenant.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = sso_providers, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-0000-7000-8000-0000000000c1", "name": "Company account", "issuer": "https://login.example.com",
    "client_id": "guanxi", "scopes": ["openid", "email", "profile"], "domains": ["example.cn"],
    "redirect_uris": [], "second_factor_claims": ["mfa"], "is_welcoming": true,
    "role_id": "0192f0c1-0000-7000-8000-0000000000b4", "is_active": true, "version": 1,
    "created_at": "2026-11-25T08:00:00Z", "updated_at": "2026-11-25T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001"
}))]
pub struct SsoProvider {
    pub id: SsoProviderId,
    /// what a button says
    pub name: String,
    /// `/.well-known/openid-configuration` is asked for below it, and has to name it letter by letter
    pub issuer: String,
    /// what this house is called there
    pub client_id: String,
    pub scopes: Vec<String>,
    /// the domains about whose addresses it is believed
    pub domains: Vec<String>,
    /// where browsers may be sent back to, beside `/sso-callback` of the application
    pub redirect_uris: Vec<String>,
    /// values of `amr` or `acr` that count as a second factor; where there are none, it is not believed about that
    pub second_factor_claims: Vec<String>,
    /// whether people who are not known are made users
    pub is_welcoming: bool,
    /// the role that they get
    pub role_id: Option<RoleId>,
    /// `false` lets nobody in by it; who is in stays
    pub is_active: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
}

/// What a new provider is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = sso_providers, treat_none_as_default_value = false)]
#[validate(schema(function = "has_good_secret"))]
#[schema(example = json!({
    "name": "Company account", "issuer": "https://login.example.com", "client_id": "guanxi",
    "client_secret": "b5cc3a…", "domains": ["example.cn"]
}))]
pub struct NewSsoProvider {
    #[validate(length(max = 100), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    #[validate(length(min = 1, max = 500))]
    #[schema(format = "uri", min_length = 1, max_length = 500)]
    pub issuer: String,
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 200)]
    pub client_id: String,
    /// none, where the provider knows this house as a public client
    #[diesel(skip_insertion)]
    pub client_secret: Option<ClientSecret>,
    #[serde(default = "usual_scopes")]
    #[validate(length(max = 20), custom(function = "are_scopes"))]
    #[schema(max_items = 20, required = false)]
    pub scopes: Vec<String>,
    #[validate(length(min = 1, max = 50), custom(function = "are_domains"))]
    #[schema(min_items = 1, max_items = 50)]
    pub domains: Vec<String>,
    #[serde(default)]
    #[validate(length(max = 20), custom(function = "are_addresses"))]
    #[schema(max_items = 20)]
    pub redirect_uris: Vec<String>,
    #[serde(default)]
    #[validate(length(max = 20), custom(function = "are_words"))]
    #[schema(max_items = 20)]
    pub second_factor_claims: Vec<String>,
    #[serde(default)]
    pub is_welcoming: bool,
    pub role_id: Option<RoleId>,
    #[serde(default = "yes")]
    #[schema(default = true, required = false)]
    pub is_active: bool,
}

/// A merge patch: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = sso_providers)]
#[validate(schema(function = "keeps_good_secret"))]
#[schema(example = json!({"is_active": false}))]
pub struct SsoProviderPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 100), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub client_id: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[diesel(skip_update)]
    #[schema(value_type = Option<ClientSecret>)]
    pub client_secret: Option<Option<ClientSecret>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 20), custom(function = "are_scopes"))]
    #[schema(value_type = Vec<String>, required = false, max_items = 20)]
    pub scopes: Option<Vec<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 50), custom(function = "are_domains"))]
    #[schema(value_type = Vec<String>, required = false, min_items = 1, max_items = 50)]
    pub domains: Option<Vec<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 20), custom(function = "are_addresses"))]
    #[schema(value_type = Vec<String>, required = false, max_items = 20)]
    pub redirect_uris: Option<Vec<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 20), custom(function = "are_words"))]
    #[schema(value_type = Vec<String>, required = false, max_items = 20)]
    pub second_factor_claims: Option<Vec<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_welcoming: Option<bool>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<RoleId>)]
    pub role_id: Option<Option<RoleId>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_active: Option<bool>,
}

/// What a page for logging in draws.
#[derive(Clone, Debug, Queryable, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0192f0c1-0000-7000-8000-0000000000c1", "tenant_id": "0192f0c1-0000-7000-8000-0000000000aa",
    "name": "Company account"
}))]
pub struct SsoButton {
    pub id: SsoProviderId,
    pub tenant_id: TenantId,
    pub name: String,
}

/// Whose buttons are asked for: a tenant's, or those of the domain of an address.
#[derive(Clone, Debug)]
pub enum ButtonsOf {
    Tenant(TenantId),
    Domain(String),
}

impl SsoProviderPatch {
    /// Whether it does nothing but shut the provider.
    fn only_shuts(&self) -> bool {
        let known = self.name.is_some() || self.client_id.is_some() || self.client_secret.is_some();
        let asked = self.scopes.is_some() || self.redirect_uris.is_some() || self.second_factor_claims.is_some();
        let believed = self.domains.is_some() || self.is_welcoming.is_some() || self.role_id.is_some();
        !known && !asked && !believed && self.is_active != Some(true)
    }
}

impl Noun for SsoProvider {
    const NAME: &'static str = "sso_provider";
}
impl Record for SsoProvider {
    type Id = SsoProviderId;
    fn id(&self) -> SsoProviderId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}

impl Tidy for NewSsoProvider {
    fn tidy(&mut self) {
        [&mut self.name, &mut self.issuer, &mut self.client_id].into_iter().for_each(tidy::trim);
        self.domains.iter_mut().for_each(tidy::email);
        self.redirect_uris.iter_mut().for_each(tidy::trim);
    }
}
impl Tidy for SsoProviderPatch {
    fn tidy(&mut self) {
        [&mut self.name, &mut self.client_id].into_iter().flatten().for_each(tidy::trim);
        self.domains.iter_mut().flatten().for_each(tidy::email);
        self.redirect_uris.iter_mut().flatten().for_each(tidy::trim);
    }
}

fn usual_scopes() -> Vec<String> {
    ["openid", "email", "profile"].map(str::to_owned).into()
}

fn yes() -> bool {
    true
}

fn has_good_secret(new: &NewSsoProvider) -> Result<(), ValidationError> {
    is_secret(new.client_secret.as_ref())
}

fn keeps_good_secret(patch: &SsoProviderPatch) -> Result<(), ValidationError> {
    is_secret(patch.client_secret.as_ref().and_then(Option::as_ref))
}
