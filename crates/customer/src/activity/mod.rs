//! An activity is something that was done with customers: a call, a meeting, a note.
//!
//! It always has a kind, a beginning and an owner. It names the records that it is about and the people who were there
//! ([`crate::link`]); it is seen like any record with an owner, whoever sees those: what was said to one may not be for
//! all who know them.
mod deeds;
pub mod import;
mod rules;
mod store;

pub use crate::schema::activities::table as Table;
pub use deeds::{archive, create, purge, restore, update, upsert};
pub use store::{attended, find, find_by, latest, list, many, of_record};

use crate::link::{self, Links, Participants};
use crate::schema::activities;
use chrono::{DateTime, Utc};
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{ActivityId, Noun, Record, TeamId, Tidy, UserId, patch, tidy};
use platform::custom::{Custom, CustomPatch};
use platform::filter::Listed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

pub const MEETING: &str = "meeting";
pub const KINDS: &[&str] = &["call", "email", MEETING, "note", "sms", "chat", "visit", "social"];
pub const DIRECTIONS: &[&str] = &["inbound", "outbound"];

/// Something that was done with customers.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = activities, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-aaaa-7000-8000-00000000000d", "owner_id": "0192f0c1-0000-7000-8000-000000000001", "team_id": null,
    "kind": "call", "direction": "outbound", "subject": "询价回访", "body": "对龙井感兴趣，月底前要报价。",
    "started_at": "2026-11-26T08:00:00Z", "ended_at": "2026-11-26T08:12:00Z", "outcome": "interested",
    "links": [{"resource": "contact", "record_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6"}], "participants": [],
    "custom": {}, "version": 1, "created_at": "2026-11-26T08:13:00Z", "updated_at": "2026-11-26T08:13:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct Activity {
    pub id: ActivityId,
    pub owner_id: UserId,
    pub team_id: Option<TeamId>,
    #[schema(example = "call")]
    pub kind: String,
    pub direction: Option<String>,
    pub subject: Option<String>,
    pub body: Option<String>,
    pub started_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
    /// what came of it
    pub outcome: Option<String>,
    /// the records that it is about
    #[schema(value_type = Vec<link::RecordLink>)]
    pub links: Links,
    /// who was there, or is to be
    #[schema(value_type = Vec<link::Participant>)]
    pub participants: Participants,
    /// fields of the tenant's own
    pub custom: Custom,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived
    pub deleted_at: Option<DateTime<Utc>>,
}

/// What a new activity is made of.
#[derive(Clone, Debug, Default, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = activities, treat_none_as_default_value = false)]
#[validate(schema(function = "rules::ends_after_start"))]
#[schema(example = json!({
    "kind": "call", "direction": "outbound", "subject": "询价回访", "started_at": "2026-11-26T08:00:00Z",
    "ended_at": "2026-11-26T08:12:00Z", "outcome": "interested", "links": []
}))]
pub struct NewActivity {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<ActivityId>,
    /// the caller, unless said otherwise
    #[diesel(skip_insertion)]
    pub owner_id: Option<UserId>,
    /// that of the first record that it is about and that has one, unless said otherwise
    #[diesel(skip_insertion)]
    pub team_id: Option<TeamId>,
    #[validate(custom(function = "rules::is_kind"))]
    #[schema(example = "call")]
    pub kind: String,
    #[validate(custom(function = "rules::is_direction"))]
    pub direction: Option<String>,
    #[validate(length(max = 500))]
    #[schema(max_length = 500)]
    pub subject: Option<String>,
    #[validate(length(max = 50000))]
    #[schema(max_length = 50000)]
    pub body: Option<String>,
    /// now, unless said otherwise
    #[diesel(skip_insertion)]
    pub started_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    #[validate(length(max = 500))]
    #[schema(max_length = 500)]
    pub outcome: Option<String>,
    /// the records that it is about
    #[serde(default)]
    #[validate(custom(function = "link::are_links"))]
    #[schema(value_type = Vec<link::RecordLink>, required = false, max_items = 50)]
    pub links: Links,
    /// who was there, or is to be
    #[serde(default)]
    #[validate(custom(function = "link::are_participants"))]
    #[schema(value_type = Vec<link::Participant>, required = false, max_items = 200)]
    pub participants: Participants,
    /// fields of the tenant's own
    #[serde(default)]
    #[schema(required = false)]
    pub custom: Custom,
}

/// A merge patch: what is absent stays, what is null is cleared, a list takes the place of what was there.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = activities)]
#[schema(example = json!({"outcome": "order placed", "ended_at": "2026-11-26T08:15:00Z"}))]
pub struct ActivityPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = UserId, required = false)]
    pub owner_id: Option<UserId>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<TeamId>)]
    pub team_id: Option<Option<TeamId>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "rules::is_kind"))]
    #[schema(value_type = String, required = false)]
    pub kind: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(custom(function = "rules::is_direction"))]
    #[schema(value_type = Option<String>)]
    pub direction: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 500))]
    #[schema(value_type = Option<String>, max_length = 500)]
    pub subject: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 50000))]
    #[schema(value_type = Option<String>, max_length = 50000)]
    pub body: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = DateTime<Utc>, required = false)]
    pub started_at: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub ended_at: Option<Option<DateTime<Utc>>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 500))]
    #[schema(value_type = Option<String>, max_length = 500)]
    pub outcome: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "link::are_links"))]
    #[schema(value_type = Vec<link::RecordLink>, required = false, max_items = 50)]
    pub links: Option<Links>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "link::are_participants"))]
    #[schema(value_type = Vec<link::Participant>, required = false, max_items = 200)]
    pub participants: Option<Participants>,
    /// fields of the tenant's own: what is absent stays, what is null is cleared
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = Custom, required = false)]
    pub custom: Option<CustomPatch>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "activity",
    table: "activities",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("owner_id", Holds::Id),
        Field::new("team_id", Holds::Id).nullable(),
        Field::new("kind", Holds::Choice(KINDS)),
        Field::new("direction", Holds::Choice(DIRECTIONS)).nullable(),
        Field::new("subject", Holds::Text).nullable().searched(Searched::Text),
        Field::new("body", Holds::Text).nullable().unsortable().mentions().searched(Searched::Text),
        Field::new("started_at", Holds::Instant),
        Field::new("ended_at", Holds::Instant).nullable(),
        Field::new("outcome", Holds::Text).nullable(),
        Field::new("links", Holds::Text).unfilterable().unsortable(),
        Field::new("participants", Holds::Text).unfilterable().unsortable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[
        Relation::one("owner", "user", "owner_id"),
        Relation::one("team", "team", "team_id"),
        Relation::through("accounts", "account", "activity_links", ("activity_id", "record_id"), "account"),
        Relation::through("contacts", "contact", "activity_links", ("activity_id", "record_id"), "contact"),
        Relation::through("tags", "tag", "taggings", ("record_id", "tag_id"), "activity"),
        Relation::many("external_refs", "external_ref", "record_id"),
    ],
    custom: Some("custom"),
    owned: Owned::Rows { owner: "owner_id", team: "team_id" },
};

impl Noun for Activity {
    const NAME: &'static str = "activity";
}
impl Record for Activity {
    type Id = ActivityId;
    fn id(&self) -> ActivityId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for activities::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}

/// What an activity may be asked for and upserted by: its name in another system.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    pub source_system: String,
    pub external_id: String,
}

impl Tidy for NewActivity {
    fn tidy(&mut self) {
        [&mut self.subject, &mut self.outcome].into_iter().flatten().for_each(tidy::trim);
        self.links.tidy();
        self.participants.tidy();
    }
}
impl Tidy for ActivityPatch {
    fn tidy(&mut self) {
        [&mut self.subject, &mut self.outcome].into_iter().flatten().flatten().for_each(tidy::trim);
        self.links.iter_mut().for_each(Links::tidy);
        self.participants.iter_mut().for_each(Participants::tidy);
    }
}
