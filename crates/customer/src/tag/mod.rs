//! A tag is a word by which records are sorted, whatever noun they are of.
//!
//! Its name is unique among the living tags of a tenant, however it is written. It belongs to nobody; who may change a
//! record may give it a tag. That a record has one is told as an event of the record.
mod deeds;
mod store;
mod tagging;

pub use crate::schema::tags::table as Table;
pub use deeds::{archive, create, merge, purge, restore, update, upsert};
pub use store::{find, list, many};
pub use tagging::{Tagged, assign, copy, drop_copy, of_all, say, unassign};

use crate::schema::tags;
use chrono::{DateTime, Utc};
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Searched};
use kernel::{Code, Kind, Noun, Record, TagId, Tidy, UserId, patch, rule, tidy};
use platform::filter::Listed;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

pub const NAME_TAKEN: Code =
    Code::new("tag_name_taken", Kind::Conflict, "Another tag has this name: `existing` says which.");
pub const CODES: &[Code] = &[NAME_TAKEN];

pub const MANUAL: &str = "manual";
const RULE: &str = "rule";
/// Who says that a record has a tag.
pub const TAG_SOURCES: &[&str] = &[MANUAL, RULE, "model"];

/// A word by which records are sorted.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = tags, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-aaaa-7000-8000-00000000000f", "name": "VIP", "color": "#b8860b", "description": null, "version": 1,
    "created_at": "2026-11-26T08:00:00Z", "updated_at": "2026-11-26T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct Tag {
    pub id: TagId,
    pub name: String,
    /// as a page writes it
    #[schema(example = "#b8860b")]
    pub color: Option<String>,
    pub description: Option<String>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived
    pub deleted_at: Option<DateTime<Utc>>,
}

/// What a new tag is made of.
#[derive(Clone, Debug, Default, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = tags, treat_none_as_default_value = false)]
#[schema(example = json!({"name": "VIP", "color": "#b8860b"}))]
pub struct NewTag {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<TagId>,
    #[validate(length(min = 1, max = 100), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    #[validate(custom(function = "is_color"))]
    #[schema(example = "#b8860b")]
    pub color: Option<String>,
    #[validate(length(max = 500))]
    #[schema(max_length = 500)]
    pub description: Option<String>,
}

/// A merge patch: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = tags)]
#[schema(example = json!({"color": null}))]
pub struct TagPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 100), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(custom(function = "is_color"))]
    #[schema(value_type = Option<String>)]
    pub color: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 500))]
    #[schema(value_type = Option<String>, max_length = 500)]
    pub description: Option<Option<String>>,
}

/// Records of one noun that are given a tag, or lose it.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"resource": "contact", "ids": ["0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6"]}))]
pub struct TagAssignment {
    /// of which noun: one whose records are looked after one by one, such as `account`, `contact` or `order`
    #[schema(example = "contact")]
    pub resource: String,
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_items = 1, max_items = 1000)]
    pub ids: Vec<Uuid>,
    /// who says so: `manual`, unless said otherwise
    #[validate(custom(function = "is_source"))]
    #[schema(example = "manual")]
    pub source: Option<String>,
}

/// What came of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"changed_count": 1}))]
pub struct TagsAssigned {
    /// the others had it already, or did not have it
    pub changed_count: i64,
}

/// Tags that become one with another.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"source_ids": ["0192f0c1-aaaa-7000-8000-000000000010"]}))]
pub struct TagMerger {
    #[validate(length(min = 1, max = 100))]
    #[schema(min_items = 1, max_items = 100)]
    pub source_ids: Vec<TagId>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "tag",
    table: "tags",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("name", Holds::Text).searched(Searched::Name).names(),
        Field::new("color", Holds::Text).nullable(),
        Field::new("description", Holds::Text).nullable().unsortable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[],
    custom: None,
    owned: Owned::Shared,
};

impl Noun for Tag {
    const NAME: &'static str = "tag";
}
impl Record for Tag {
    type Id = TagId;
    fn id(&self) -> TagId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for tags::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}

impl Tidy for NewTag {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
    }
}
impl Tidy for TagPatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
    }
}
impl Tidy for TagAssignment {}
impl Tidy for TagMerger {}

/// How names are compared: as they look, in small letters.
fn key(name: &str) -> String {
    name.nfkc().collect::<String>().to_lowercase()
}

fn is_color(text: &str) -> Result<(), ValidationError> {
    let figures = text.strip_prefix('#').filter(|figures| figures.len() == 6);
    match figures.is_some_and(|figures| figures.bytes().all(|byte| byte.is_ascii_hexdigit())) {
        true => Ok(()),
        false => Err(rule!("color", "is not a colour such as #b8860b")),
    }
}
fn is_source(text: &str) -> Result<(), ValidationError> {
    crate::choices::one_of(text, TAG_SOURCES)
}
