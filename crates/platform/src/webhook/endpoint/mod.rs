//! An endpoint is another server that is told what happens here.
//!
//! It is sent what its user sees: whoever has said last where to, or what, and no more than they could read then if a key
//! did it for them. So nobody is shown by an endpoint what they would not see. Its address is looked at when it is
//! written, and again whenever something is sent there. It begins with what happens after it was enabled.
mod deeds;
mod rules;
pub(super) mod store;

pub use crate::schema::webhook_endpoints::table as Table;
pub use deeds::{archive, create, disable, enable, restore, rotate, test, update};
pub(super) use rules::wants;
pub(super) use store::give_up;
pub use store::{address, find, list, many};

use super::delivery::WebhookDelivery;
use crate::filter::Listed;
use crate::schema::webhook_endpoints;
use chrono::{DateTime, Utc};
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{Noun, Record, Tidy, UserId, WebhookEndpointId, patch, tidy};
use rules::{are_events, are_names};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

pub const ENABLED: &str = "enabled";
pub const DISABLED: &str = "disabled";
pub const STATUSES: &[&str] = &[ENABLED, DISABLED];

/// Why nothing is sent any more: somebody said so, the receiver said that it is gone for good, nothing came through for
/// days, its filter cannot be read any more.
pub const REASONS: &[&str] = &["asked", "gone", "failing", "filter"];

/// A server that is told what happens here.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = webhook_endpoints, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-8888-7000-8000-000000000001", "url": "https://hooks.example.com/guanxi",
    "description": "The warehouse", "events": ["order.*", "contact.updated"], "filter": null,
    "changed_fields": ["email", "status"], "user_id": "0192f0c1-0000-7000-8000-000000000001", "status": "enabled",
    "disabled_reason": null, "disabled_at": null, "failing_at": null, "version": 1,
    "created_at": "2026-11-26T08:00:00Z", "updated_at": "2026-11-26T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct WebhookEndpoint {
    pub id: WebhookEndpointId,
    pub url: String,
    pub description: Option<String>,
    /// `contact.created`, `contact.*`, `*`
    pub events: Vec<String>,
    /// a condition on the record as it is, in the filter language
    pub filter: Option<String>,
    /// an update is sent only if it changed one of these; any, where there are none
    pub changed_fields: Vec<String>,
    /// in whose eyes: what they see is sent, and no more
    pub user_id: UserId,
    #[schema(example = "enabled")]
    pub status: String,
    /// `asked`, `gone`, `failing` or `filter`
    pub disabled_reason: Option<String>,
    pub disabled_at: Option<DateTime<Utc>>,
    /// since when nothing has come through; null where the last of it did
    pub failing_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    pub deleted_at: Option<DateTime<Utc>>,
}

/// What a new endpoint is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = webhook_endpoints, treat_none_as_default_value = false)]
#[schema(example = json!({
    "url": "https://hooks.example.com/guanxi", "description": "The warehouse", "events": ["contact.*"],
    "filter": "lifecycle_stage == \"customer\"", "changed_fields": ["email", "phone"]
}))]
pub struct NewWebhookEndpoint {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<WebhookEndpointId>,
    /// by https; other addresses and ports than public ones are for the operator to allow
    #[validate(length(min = 1, max = 2048))]
    #[schema(format = "uri", min_length = 1, max_length = 2048)]
    pub url: String,
    #[validate(length(max = 500))]
    #[schema(max_length = 500)]
    pub description: Option<String>,
    /// names of events, `contact.*` for all of a noun, `*` for all
    #[validate(length(min = 1, max = 100), custom(function = "are_events"))]
    #[schema(min_items = 1, max_items = 100)]
    pub events: Vec<String>,
    /// all events have to be of one noun then
    #[validate(length(max = 4096))]
    #[schema(max_length = 4096)]
    pub filter: Option<String>,
    #[serde(default)]
    #[validate(length(max = 100), custom(function = "are_names"))]
    #[schema(max_items = 100)]
    pub changed_fields: Vec<String>,
}

/// A merge patch: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = webhook_endpoints)]
#[schema(example = json!({"events": ["contact.created", "contact.updated"], "filter": null}))]
pub struct WebhookEndpointPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 2048))]
    #[schema(value_type = String, required = false, format = "uri", min_length = 1, max_length = 2048)]
    pub url: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 500))]
    #[schema(value_type = Option<String>, max_length = 500)]
    pub description: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 100), custom(function = "are_events"))]
    #[schema(value_type = Vec<String>, required = false, min_items = 1, max_items = 100)]
    pub events: Option<Vec<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 4096))]
    #[schema(value_type = Option<String>, max_length = 4096)]
    pub filter: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 100), custom(function = "are_names"))]
    #[schema(value_type = Vec<String>, required = false, max_items = 100)]
    pub changed_fields: Option<Vec<String>>,
}

/// An endpoint and its secret, which is told this once.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FreshWebhookEndpoint {
    /// what signatures are made by
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw…")]
    pub secret: String,
    #[serde(flatten)]
    pub endpoint: WebhookEndpoint,
}

/// How an endpoint gets a new secret.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"overlap_seconds": 86400}))]
pub struct SecretRotation {
    /// how long the old secret signs as well: a day, where it is absent, and a week at most
    #[serde(default = "a_day")]
    #[validate(range(min = 0, max = 604_800))]
    #[schema(minimum = 0, maximum = 604_800, default = 86400, required = false)]
    pub overlap_seconds: i64,
}

impl WebhookEndpointPatch {
    /// Whether it says where to, or what: it is sent in the eyes of whoever said so.
    fn says_what_is_sent(&self) -> bool {
        self.url.is_some() || self.events.is_some() || self.filter.is_some() || self.changed_fields.is_some()
    }
}

impl Tidy for NewWebhookEndpoint {
    fn tidy(&mut self) {
        tidy::trim(&mut self.url);
        self.events.iter_mut().chain(&mut self.changed_fields).for_each(tidy::trim);
    }
}
impl Tidy for WebhookEndpointPatch {
    fn tidy(&mut self) {
        self.url.iter_mut().for_each(tidy::trim);
        let lists = self.events.iter_mut().chain(&mut self.changed_fields);
        lists.flatten().for_each(tidy::trim);
    }
}
impl Tidy for SecretRotation {}

fn a_day() -> i64 {
    86_400
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "webhook_endpoint",
    table: "webhook_endpoints",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("url", Holds::Text).searched(Searched::Text),
        Field::new("description", Holds::Text).nullable().searched(Searched::Text),
        Field::new("events", Holds::Tags),
        Field::new("filter", Holds::Text).nullable().unsortable(),
        Field::new("changed_fields", Holds::Tags),
        Field::new("user_id", Holds::Id),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("disabled_reason", Holds::Choice(REASONS)).nullable(),
        Field::new("disabled_at", Holds::Instant).nullable(),
        Field::new("failing_at", Holds::Instant).nullable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[
        Relation::one("user", "user", "user_id"),
        Relation::one("creator", "user", "created_by"),
        Relation::many("deliveries", WebhookDelivery::NAME, "endpoint_id"),
    ],
    custom: None,
    owned: Owned::Shared,
};

impl Noun for WebhookEndpoint {
    const NAME: &'static str = "webhook_endpoint";
}
impl Record for WebhookEndpoint {
    type Id = WebhookEndpointId;
    fn id(&self) -> WebhookEndpointId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Noun for FreshWebhookEndpoint {
    const NAME: &'static str = WebhookEndpoint::NAME;
}
impl Record for FreshWebhookEndpoint {
    type Id = WebhookEndpointId;
    fn id(&self) -> WebhookEndpointId {
        self.endpoint.id
    }
    fn version(&self) -> i32 {
        self.endpoint.version
    }
}
impl Listed for webhook_endpoints::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}
