//! An option set is a list of choices that fields of a tenant's own offer. A choice that is archived stays where it was
//! chosen and cannot be chosen anew; none ever goes, for records hold its key.
mod deeds;
mod store;

pub use crate::schema::option_sets::table as Table;
pub use deeds::{archive, create, restore, update};
pub use store::{called, find, list};

use super::jsonb::jsonb;
use crate::filter::Listed;
use crate::schema::option_sets;
use chrono::{DateTime, Utc};
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::custom::{Choice, Labels};
use kernel::{Code, Kind, Noun, OptionSetId, Record, Tidy, UserId, patch, rule, tidy};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

pub const KEY_TAKEN: Code = Code::new("option_set_key_taken", Kind::Conflict, "Another option set has this key.");
pub const CODES: &[Code] = &[KEY_TAKEN];

jsonb!(Choices(Vec<Choice>), "A list of choices, as a column keeps it.");
jsonb!(Named(Labels), "Labels, as a column keeps them.");

/// Choices that fields offer.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = option_sets, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-8888-7000-8000-00000000000a", "key": "regions", "labels": {"en": "Regions", "zh-Hans": "大区"},
    "options": [{"key": "north", "labels": {"en": "North", "zh-Hans": "华北"}, "color": "#1f6feb", "is_archived": false}],
    "version": 1, "created_at": "2026-11-21T08:00:00Z", "updated_at": "2026-11-21T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct OptionSet {
    pub id: OptionSetId,
    pub key: String,
    #[schema(value_type = Labels)]
    pub labels: Named,
    /// in their order
    #[schema(value_type = Vec<Choice>)]
    pub options: Choices,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    pub deleted_at: Option<DateTime<Utc>>,
}

/// What a new option set is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = option_sets, treat_none_as_default_value = false)]
#[schema(example = json!({
    "key": "regions", "labels": {"en": "Regions", "zh-Hans": "大区"},
    "options": [{"key": "north", "labels": {"en": "North", "zh-Hans": "华北"}, "color": "#1f6feb"},
                {"key": "south", "labels": {"en": "South", "zh-Hans": "华南"}}]
}))]
pub struct NewOptionSet {
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<OptionSetId>,
    #[validate(custom(function = "is_key"))]
    #[schema(pattern = "^[a-z][a-z0-9_]{0,39}$", max_length = 40)]
    pub key: String,
    #[serde(default)]
    #[validate(custom(function = "are_labels"))]
    #[schema(value_type = Labels, required = false)]
    pub labels: Named,
    #[serde(default)]
    #[validate(custom(function = "are_choices"))]
    #[schema(value_type = Vec<Choice>, required = false, max_items = 500)]
    pub options: Choices,
}

/// A merge patch: what is absent stays. Options that are left out are archived, for records may hold them.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = option_sets)]
#[schema(example = json!({"options": [{"key": "north", "labels": {"en": "North"}}, {"key": "west", "labels": {"en": "West"}}]}))]
pub struct OptionSetPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "are_labels"))]
    #[schema(value_type = Labels, required = false)]
    pub labels: Option<Named>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "are_choices"))]
    #[schema(value_type = Vec<Choice>, required = false, max_items = 500)]
    pub options: Option<Choices>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "option_set",
    table: "option_sets",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("key", Holds::Text).searched(Searched::Whole),
        Field::new("labels", Holds::Text).unfilterable().unsortable(),
        Field::new("options", Holds::Text).unfilterable().unsortable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[Relation::one("creator", "user", "created_by")],
    custom: None,
    owned: Owned::Shared,
};

impl OptionSet {
    /// What may be chosen now, by the keys.
    pub fn offered(&self) -> impl Iterator<Item = &str> {
        self.options.0.iter().filter(|one| !one.is_archived).map(|one| one.key.as_str())
    }
}

impl Noun for OptionSet {
    const NAME: &'static str = "option_set";
}
impl Record for OptionSet {
    type Id = OptionSetId;
    fn id(&self) -> OptionSetId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for option_sets::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}

impl Tidy for NewOptionSet {
    fn tidy(&mut self) {
        tidy::trim(&mut self.key);
    }
}
impl Tidy for OptionSetPatch {}

/// A name that filters, files and programs can spell.
pub fn is_key(text: &str) -> Result<(), ValidationError> {
    let starts = text.starts_with(|first: char| first.is_ascii_lowercase());
    let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    match starts && plain && text.len() <= 40 && !kernel::catalogue::RESERVED.contains(&text) {
        true => Ok(()),
        false => Err(rule!(
            "key",
            "is no key: small letters, digits and _, at most {most}, and no word of the filter language",
            most = 40
        )),
    }
}

/// At most 100 characters in each language.
pub fn are_labels(labels: &Named) -> Result<(), ValidationError> {
    match labels.0.all().all(|text| text.chars().count() <= 100 && !text.trim().is_empty()) {
        true => Ok(()),
        false => Err(rule!("length", "a label has {min} to {max} characters", min = 1, max = 100)),
    }
}

const MOST: usize = 500;

fn are_choices(choices: &Choices) -> Result<(), ValidationError> {
    let all = &choices.0;
    if all.len() > MOST {
        return Err(rule!("length", "at most {most} options", most = MOST));
    }
    for (at, one) in all.iter().enumerate() {
        let is_key = !one.key.is_empty()
            && one.key.len() <= 60
            && one.key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
            && !one.key.starts_with('_');
        if !is_key || all.iter().take(at).any(|other| other.key == one.key) {
            return Err(rule!("key", "\"{key}\" is no key of an option, or is there twice", key = one.key));
        }
        are_labels(&Named(one.labels.clone()))?;
        if !one.color.as_deref().is_none_or(is_color) {
            return Err(rule!("color", "a colour is written #rrggbb"));
        }
    }
    Ok(())
}

fn is_color(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}
