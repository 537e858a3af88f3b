//! A segment is a set of records of one noun: static, whose members are put in by hand, or dynamic, whose members are those
//! for whom a filter holds, and who are in none of the segments that it excludes.
//!
//! Who is in a dynamic segment is of the tenant, not of whoever made it: the filter is asked of all records, and each reader
//! is shown those members that they see ([`member`]). So that nobody learns by it what they do not see, whoever says a
//! filter has to see all records that it crosses to, and whoever sees the segment all that it is made of
//! ([`crate::visible::veil`]). What changes is followed by the events ([`engine`]): a changed record costs one question.
//!
//! A noun has segments by one relation, `segments`, through `current_segment_members`, and no code in its room.
mod deeds;
pub mod engine;
pub mod member;
pub mod preview;
mod rules;
mod says;
mod state;
mod store;

pub use crate::schema::segments::table as Table;
pub use deeds::{archive, create, purge, refresh, restore, update, upsert};
pub use state::{SegmentState, state};
pub use store::{find, list, many};

use crate::filter::Listed;
use crate::schema::segments;
use chrono::{DateTime, Utc};
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Catalogues, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{Code, Error, Kind, Noun, Record, SegmentId, TeamId, Tidy, UserId, patch, tidy};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

pub const BEYOND_SIGHT: Code = Code::new(
    "segment_beyond_sight",
    Kind::Forbidden,
    "The filter asks of records of which the caller does not see all: whoever is in the segment would tell of them.",
);
pub const CIRCULAR: Code =
    Code::new("segment_circular", Kind::Conflict, "The segment would be made of itself, perhaps by way of others.");
pub const IN_USE: Code = Code::new("segment_in_use", Kind::Conflict, "Another segment is made of this one.");
pub const NOT_STATIC: Code =
    Code::new("segment_not_static", Kind::Conflict, "Who is in a dynamic segment is said by its filter alone.");
pub const NOT_DYNAMIC: Code =
    Code::new("segment_not_dynamic", Kind::Conflict, "Who is in a static segment follows nothing: it is said by hand.");
pub const CODES: &[Code] = &[BEYOND_SIGHT, CIRCULAR, IN_USE, NOT_STATIC, NOT_DYNAMIC];

pub const STATIC: &str = "static";
pub const DYNAMIC: &str = "dynamic";
pub const KINDS: &[&str] = &[STATIC, DYNAMIC];
pub const BUILDING: &str = "building";
pub const READY: &str = "ready";
pub const FAILED: &str = "failed";
pub const STATUSES: &[&str] = &[BUILDING, READY, FAILED];
pub const NEVER: &str = "never";
pub const HOURLY: &str = "hourly";
pub const REFRESHES: &[&str] = &[NEVER, HOURLY];
/// The relation by which records lead to the segments that they are in.
pub const RELATION: &str = "segments";

/// A set of records of one noun.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = segments, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-9999-7000-8000-00000000000d", "owner_id": "0192f0c1-0000-7000-8000-000000000001", "team_id": null,
    "name": "Buyers in Shanghai", "description": null, "resource": "contact", "kind": "dynamic",
    "filter": "orders.exists(o, o.total.amount > 1000)", "exclude_ids": [], "refresh": "never", "status": "ready",
    "status_reason": null, "built_at": "2026-11-26T08:00:01Z", "built_ms": 840, "version": 2,
    "created_at": "2026-11-26T08:00:00Z", "updated_at": "2026-11-26T08:00:01Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct Segment {
    pub id: SegmentId,
    pub owner_id: UserId,
    /// those who see what belongs to this team see the segment
    pub team_id: Option<TeamId>,
    pub name: String,
    pub description: Option<String>,
    /// the noun whose records are in it
    #[schema(example = "contact")]
    pub resource: String,
    /// `static`, whose members are put in, or `dynamic`, whose members are those for whom the filter holds
    #[schema(example = "dynamic")]
    pub kind: String,
    /// in the filter language; null where it is static
    pub filter: Option<String>,
    /// whoever is in one of these is not in it
    pub exclude_ids: Vec<SegmentId>,
    /// `hourly` where time alone changes who is in it; `never` where it follows what changes, and nothing else
    #[schema(example = "never")]
    pub refresh: String,
    /// `building` until all records were asked, `ready`, or `failed`
    #[schema(example = "ready")]
    pub status: String,
    /// why it failed
    pub status_reason: Option<String>,
    /// when all records were asked last for what it says
    pub built_at: Option<DateTime<Utc>>,
    /// how long that took
    pub built_ms: Option<i64>,
    /// what has to be seen by whoever sees it
    #[serde(skip)]
    pub(crate) needs: Vec<String>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived
    pub deleted_at: Option<DateTime<Utc>>,
}

/// What a new segment is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = segments, treat_none_as_default_value = false)]
#[validate(schema(function = "rules::fits_its_kind"))]
#[schema(example = json!({"name": "Buyers in Shanghai", "resource": "contact", "kind": "dynamic",
    "filter": "lifecycle_stage == \"customer\""}))]
pub struct NewSegment {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<SegmentId>,
    /// the caller, unless said otherwise
    #[diesel(skip_insertion)]
    pub owner_id: Option<UserId>,
    pub team_id: Option<TeamId>,
    #[validate(length(max = 100), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    #[validate(length(max = 500))]
    #[schema(max_length = 500)]
    pub description: Option<String>,
    /// the noun whose records are in it
    #[validate(length(min = 1, max = 50))]
    #[schema(min_length = 1, max_length = 50, example = "contact")]
    pub resource: String,
    /// `static` or `dynamic`
    #[validate(custom(function = "rules::is_kind"))]
    #[schema(example = "dynamic")]
    pub kind: String,
    /// in the filter language; a dynamic segment has one
    #[validate(length(max = 4096))]
    #[schema(max_length = 4096)]
    pub filter: Option<String>,
    #[serde(default)]
    #[diesel(skip_insertion)]
    #[validate(length(max = 50))]
    #[schema(required = false, max_items = 50)]
    pub exclude_ids: Vec<SegmentId>,
}

/// A merge patch: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = segments)]
#[schema(example = json!({"name": "Buyers", "exclude_ids": []}))]
pub struct SegmentPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = UserId, required = false)]
    pub owner_id: Option<UserId>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<TeamId>)]
    pub team_id: Option<Option<TeamId>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 100), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 500))]
    #[schema(value_type = Option<String>, max_length = 500)]
    pub description: Option<Option<String>>,
    /// of a dynamic segment alone: all records are asked anew
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 4096), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 4096)]
    pub filter: Option<String>,
    /// of a dynamic segment alone
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 50))]
    #[schema(value_type = Vec<SegmentId>, required = false, max_items = 50)]
    pub exclude_ids: Option<Vec<SegmentId>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "segment",
    table: "segments",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("owner_id", Holds::Id),
        Field::new("team_id", Holds::Id).nullable(),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("description", Holds::Text).nullable().unsortable(),
        Field::new("resource", Holds::Text),
        Field::new("kind", Holds::Choice(KINDS)),
        Field::new("filter", Holds::Text).nullable().unsortable(),
        Field::new("exclude_ids", Holds::Tags).unfilterable(),
        Field::new("refresh", Holds::Choice(REFRESHES)),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("status_reason", Holds::Text).nullable().unsortable(),
        Field::new("built_at", Holds::Instant).nullable(),
        Field::new("built_ms", Holds::Int).nullable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[Relation::one("owner", "user", "owner_id"), Relation::one("team", "team", "team_id")],
    custom: None,
    owned: Owned::Rows { owner: "owner_id", team: "team_id" },
};

impl Noun for Segment {
    const NAME: &'static str = "segment";
}
impl Record for Segment {
    type Id = SegmentId;
    fn id(&self) -> SegmentId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for segments::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}

impl Tidy for NewSegment {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
    }
}
impl Tidy for SegmentPatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
    }
}

/// The noun whose records are in a segment.
fn noun_of(all: &'static Catalogues, segment: &Segment) -> Result<&'static Catalogue, Error> {
    says::noun(all, &segment.resource)
}
