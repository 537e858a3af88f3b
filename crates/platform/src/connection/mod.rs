//! A connection is another system that sends data in: a shop, a till, an ERP. It says how what comes is verified, as whom
//! it is written, whose ids the external ids are, and what is done where the house knows better.
//!
//! It knows no noun: what a payload becomes is said above the wings. What has arrived is a [`delivery`].
mod deeds;
pub mod delivery;
mod rotation;
mod rules;
mod schema;
pub mod secret;
pub mod signature;
mod store;

pub use deeds::{archive, create, purge, restore, rotate, update};
pub use rotation::{ConnectionSecretRotation, FreshConnection};
pub use schema::connections::table as Table;
pub use secret::SharedSecret;
pub use store::{any, find, list};

use crate::filter::Listed;
use crate::vault::Place;
use chrono::{DateTime, Utc};
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{Code, ConnectionId, Kind, Noun, Record, Tidy, UserId, patch, tidy};
use rules::{has_good_secret, is_currency, is_kind, is_policy, is_time_zone};
use schema::connections;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// Where their secrets stand.
pub const SECRET: Place = Place::new("connection_secrets", "sealed", "id");

/// Never told to a sender, and tried again by the worker: what comes before what it refers to.
pub const TOO_EARLY: Code =
    Code::new("inbound_too_early", Kind::Busy, "What a delivery refers to has not arrived yet: it is tried again.");
pub const UNREADABLE: Code =
    Code::new("inbound_unreadable", Kind::Invalid, "The payload is not one of its kind of connection and topic.");
pub const SHUT: Code = Code::new("connection_shut", Kind::Conflict, "The connection is shut, or archived.");
pub const CODES: &[Code] = &[TOO_EARLY, UNREADABLE, SHUT];

pub const KINDS: &[&str] = &["shopify", "woocommerce", "generic", "email"];
/// The kind of those that send mails, as they are.
pub const EMAIL: &str = "email";
pub const POLICIES: &[&str] = &["newest_wins", "source_wins", "ours_wins"];

/// Another system that sends data in.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = connections, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-9999-7000-8000-00000000000a", "name": "Web shop", "kind": "shopify", "source_system": "shop",
    "user_id": "0192f0c1-0000-7000-8000-000000000001", "conflict_policy": "source_wins",
    "field_policies": {"contact.phone": "ours_wins"}, "mapping": null,
    "changed_at_path": null, "currency": "EUR", "time_zone": "Europe/Berlin", "is_active": true, "version": 1,
    "created_at": "2026-11-26T08:00:00Z", "updated_at": "2026-11-26T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct Connection {
    pub id: ConnectionId,
    pub name: String,
    /// `shopify`, `woocommerce`, `generic` or `email`
    pub kind: String,
    /// whose ids the external ids are
    pub source_system: String,
    /// as whom what arrives is written: it can do no more than they may
    pub user_id: UserId,
    /// whose word counts where a record was changed here too: `newest_wins`, `source_wins` or `ours_wins`
    pub conflict_policy: String,
    /// the same of single fields, such as `contact.phone`, where it is another; lines go by the one for all
    #[schema(value_type = Option<Object>)]
    pub field_policies: Option<serde_json::Value>,
    /// of a generic one: how payloads become rows of an import; its columns are paths such as `customer.email` and
    /// `lines[].sku`
    #[schema(value_type = Option<Object>)]
    pub mapping: Option<serde_json::Value>,
    /// of a generic one: the path at which a payload says when its record was changed
    pub changed_at_path: Option<String>,
    /// of amounts that do not say
    pub currency: Option<String>,
    /// of clock times that do not say
    pub time_zone: Option<String>,
    /// `false` lets nothing in
    pub is_active: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived
    pub deleted_at: Option<DateTime<Utc>>,
}

/// What a new connection is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = connections, treat_none_as_default_value = false)]
#[validate(schema(function = "has_good_secret"))]
#[schema(example = json!({"name": "Web shop", "kind": "shopify", "source_system": "shop", "currency": "EUR"}))]
pub struct NewConnection {
    #[validate(length(max = 100), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    #[validate(custom(function = "is_kind"))]
    #[schema(example = "shopify")]
    pub kind: String,
    #[validate(length(max = 100), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 100)]
    pub source_system: String,
    /// the caller, where it is absent; of somebody else, it may be one whose rights the caller holds
    #[diesel(skip_insertion)]
    pub user_id: Option<UserId>,
    /// the one that the sender has given; where it is absent, one is made and shown this once
    #[diesel(skip_insertion)]
    pub secret: Option<SharedSecret>,
    #[serde(default = "rules::source_wins")]
    #[validate(custom(function = "is_policy"))]
    #[schema(default = "source_wins", required = false)]
    pub conflict_policy: String,
    #[schema(value_type = Option<Object>)]
    pub field_policies: Option<serde_json::Value>,
    #[schema(value_type = Option<Object>)]
    pub mapping: Option<serde_json::Value>,
    #[validate(length(min = 1, max = 300))]
    #[schema(min_length = 1, max_length = 300)]
    pub changed_at_path: Option<String>,
    #[validate(custom(function = "is_currency"))]
    #[schema(example = "EUR")]
    pub currency: Option<String>,
    #[validate(custom(function = "is_time_zone"))]
    #[schema(example = "Europe/Berlin")]
    pub time_zone: Option<String>,
    #[serde(default = "rules::yes")]
    #[schema(default = true, required = false)]
    pub is_active: bool,
}

/// A merge patch: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = connections)]
#[schema(example = json!({"is_active": false}))]
pub struct ConnectionPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 100), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = UserId, required = false)]
    pub user_id: Option<UserId>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_policy"))]
    #[schema(value_type = String, required = false, example = "newest_wins")]
    pub conflict_policy: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<Object>)]
    pub field_policies: Option<Option<serde_json::Value>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<Object>)]
    pub mapping: Option<Option<serde_json::Value>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(min = 1, max = 300))]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 300)]
    pub changed_at_path: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(custom(function = "is_currency"))]
    #[schema(value_type = Option<String>, example = "EUR")]
    pub currency: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(custom(function = "is_time_zone"))]
    #[schema(value_type = Option<String>, example = "Europe/Berlin")]
    pub time_zone: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_active: Option<bool>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "connection",
    table: "connections",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("kind", Holds::Choice(KINDS)),
        Field::new("source_system", Holds::Text).searched(Searched::Whole),
        Field::new("user_id", Holds::Id),
        Field::new("conflict_policy", Holds::Choice(POLICIES)),
        Field::new("field_policies", Holds::Text).nullable().unfilterable().unsortable(),
        Field::new("mapping", Holds::Text).nullable().unfilterable().unsortable(),
        Field::new("changed_at_path", Holds::Text).nullable(),
        Field::new("currency", Holds::Text).nullable(),
        Field::new("time_zone", Holds::Text).nullable(),
        Field::new("is_active", Holds::Bool),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[
        Relation::one("user", "user", "user_id"),
        Relation::many("inbound_deliveries", "inbound_delivery", "connection_id"),
    ],
    custom: None,
    owned: Owned::Shared,
};

impl ConnectionPatch {
    /// Whether it does nothing but shut the connection, or give it another name.
    pub fn only_shuts(&self) -> bool {
        let told = self.user_id.is_some() || self.mapping.is_some() || self.changed_at_path.is_some();
        let counts = self.conflict_policy.is_some() || self.field_policies.is_some();
        let meant = counts || self.currency.is_some() || self.time_zone.is_some();
        !told && !meant && self.is_active != Some(true)
    }
}

impl Noun for Connection {
    const NAME: &'static str = "connection";
}
impl Record for Connection {
    type Id = ConnectionId;
    fn id(&self) -> ConnectionId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for connections::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}

impl Tidy for NewConnection {
    fn tidy(&mut self) {
        [&mut self.name, &mut self.source_system].into_iter().for_each(tidy::trim);
    }
}
impl Tidy for ConnectionPatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
    }
}
