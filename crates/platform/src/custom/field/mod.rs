//! A definition says what stands under a key of `custom` in the records of one noun. Its key never changes, and comes to
//! another meaning only when no record holds a value of it; its type changes only to one that takes whatever is kept.
mod deeds;
mod sound;
mod store;

pub use crate::schema::field_defs::table as Table;
pub(crate) use deeds::settle;
pub use deeds::{archive, create, restore, update};
pub use store::{find, list};
pub(crate) use store::{indexed, offers};

use super::jsonb::jsonb;
use super::option_set::{Named, are_labels, is_key};
use crate::filter::Listed;
use crate::schema::field_defs;
use chrono::{DateTime, Utc};
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::custom::{Choice, Dependence, Labels, Limits, Own, Type};
use kernel::{Code, FieldDefId, Kind, Noun, OptionSetId, Record, Tidy, UserId, patch, tidy};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use validator::Validate;

pub const KEY_TAKEN: Code = Code::new("field_key_taken", Kind::Conflict, "Another field of the object has this key.");
pub const KEY_IN_USE: Code = Code::new(
    "field_key_in_use",
    Kind::Conflict,
    "Records still hold values of an archived field with this key: restore that, or choose another key.",
);
pub const TYPE_IN_USE: Code = Code::new(
    "field_type_in_use",
    Kind::Conflict,
    "Records hold values of the field that would not be of the new type.",
);
pub const NOT_UNIQUE: Code =
    Code::new("field_values_not_unique", Kind::Conflict, "Records share a value of the field, which is to be unique.");
pub const TOO_MANY: Code =
    Code::new("too_many_fields", Kind::Conflict, "The object has as many fields of the tenant's own as it can.");
pub const CODES: &[Code] = &[KEY_TAKEN, KEY_IN_USE, TYPE_IN_USE, NOT_UNIQUE, TOO_MANY];

jsonb!(Bounds(Limits), "Limits, as a column keeps them.");
jsonb!(Depends(Dependence), "What options depend on, as a column keeps it.");

/// A field of the tenant's own.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = field_defs, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-8888-7000-8000-00000000000b", "object": "account", "key": "region", "type": "option",
    "labels": {"en": "Region", "zh-Hans": "大区"}, "help": null, "is_required": false, "is_unique": false,
    "is_searched": false, "is_indexed": true, "is_personal": false, "default": null, "limits": {}, "rule": null,
    "option_set_id": "0192f0c1-8888-7000-8000-00000000000a", "reference": null, "dependence": null, "position": 0,
    "version": 1, "created_at": "2026-11-21T08:00:00Z", "updated_at": "2026-11-21T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct FieldDef {
    pub id: FieldDefId,
    /// the noun that has it
    #[schema(example = "account")]
    pub object: String,
    /// what it is called in `custom`
    pub key: String,
    #[diesel(column_name = holds)]
    #[schema(value_type = Type)]
    pub r#type: String,
    #[schema(value_type = Labels)]
    pub labels: Named,
    pub help: Option<String>,
    pub is_required: bool,
    /// no two living records share a value
    pub is_unique: bool,
    /// `?q=` finds by it
    pub is_searched: bool,
    /// filters and sorts by it are served by an index, which is built in the background
    pub is_indexed: bool,
    /// whether it tells of somebody, and goes when they are erased
    pub is_personal: bool,
    #[diesel(column_name = default_value)]
    #[schema(value_type = Value)]
    pub default: Option<Value>,
    #[schema(value_type = Limits)]
    pub limits: Bounds,
    /// what has to hold of a record that has a value here, in the filter language
    pub rule: Option<String>,
    pub option_set_id: Option<OptionSetId>,
    /// the noun whose records it names
    pub reference: Option<String>,
    #[schema(value_type = Option<Dependence>)]
    pub dependence: Option<Depends>,
    pub position: i32,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    pub deleted_at: Option<DateTime<Utc>>,
}

/// What a new field is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = field_defs, treat_none_as_default_value = false)]
#[schema(example = json!({
    "key": "visits", "type": "int", "labels": {"en": "Visits a month", "zh-Hans": "每月拜访次数"},
    "limits": {"min": "0", "max": "31"}, "is_personal": false
}))]
pub struct NewFieldDef {
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<FieldDefId>,
    /// stays as it is for good
    #[validate(custom(function = "is_key"))]
    #[schema(pattern = "^[a-z][a-z0-9_]{0,39}$", max_length = 40)]
    pub key: String,
    #[diesel(skip_insertion)]
    pub r#type: Type,
    #[serde(default)]
    #[validate(custom(function = "are_labels"))]
    #[schema(value_type = Labels, required = false)]
    pub labels: Named,
    #[validate(length(max = 1000))]
    #[schema(max_length = 1000)]
    pub help: Option<String>,
    /// records that are there already may lack it
    #[serde(default)]
    pub is_required: bool,
    #[serde(default)]
    pub is_unique: bool,
    #[serde(default)]
    pub is_searched: bool,
    #[serde(default)]
    pub is_indexed: bool,
    /// `true`, unless said otherwise
    #[serde(default = "yes")]
    #[schema(required = false)]
    pub is_personal: bool,
    #[diesel(column_name = default_value)]
    #[schema(value_type = Value, required = false)]
    pub default: Option<Value>,
    #[serde(default)]
    #[schema(value_type = Limits, required = false)]
    pub limits: Bounds,
    #[validate(length(max = 4096))]
    #[schema(max_length = 4096)]
    pub rule: Option<String>,
    /// of `option` and `options`
    pub option_set_id: Option<OptionSetId>,
    /// of `reference`: a noun, such as `contact`
    #[validate(length(min = 1, max = 50))]
    #[schema(min_length = 1, max_length = 50)]
    pub reference: Option<String>,
    #[schema(value_type = Option<Dependence>)]
    pub dependence: Option<Depends>,
    #[serde(default)]
    pub position: i32,
}

/// A merge patch: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = field_defs)]
#[schema(example = json!({"labels": {"en": "Visits"}, "is_required": true, "default": 1}))]
pub struct FieldDefPatch {
    /// one that takes whatever is kept
    #[serde(default, deserialize_with = "patch::value")]
    #[diesel(skip_update)]
    #[schema(value_type = Type, required = false)]
    pub r#type: Option<Type>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "are_labels"))]
    #[schema(value_type = Labels, required = false)]
    pub labels: Option<Named>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 1000))]
    #[schema(value_type = Option<String>, max_length = 1000)]
    pub help: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_required: Option<bool>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_unique: Option<bool>,
    /// a job goes through the records that are there already
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_searched: Option<bool>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_indexed: Option<bool>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_personal: Option<bool>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[diesel(column_name = default_value)]
    #[schema(value_type = Value, required = false)]
    pub default: Option<Option<Value>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = Limits, required = false)]
    pub limits: Option<Bounds>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 4096))]
    #[schema(value_type = Option<String>, max_length = 4096)]
    pub rule: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<OptionSetId>)]
    pub option_set_id: Option<Option<OptionSetId>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<Dependence>)]
    pub dependence: Option<Option<Depends>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = i32, required = false)]
    pub position: Option<i32>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "field_def",
    table: "field_defs",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("object", Holds::Text),
        Field::new("key", Holds::Text).searched(Searched::Whole),
        Field::new("type", Holds::Text).column("holds"),
        Field::new("labels", Holds::Text).unfilterable().unsortable(),
        Field::new("help", Holds::Text).nullable().unsortable(),
        Field::new("is_required", Holds::Bool),
        Field::new("is_unique", Holds::Bool),
        Field::new("is_searched", Holds::Bool),
        Field::new("is_indexed", Holds::Bool),
        Field::new("is_personal", Holds::Bool),
        Field::new("default", Holds::Text).column("default_value").nullable().unfilterable().unsortable(),
        Field::new("limits", Holds::Text).unfilterable().unsortable(),
        Field::new("rule", Holds::Text).nullable().unsortable(),
        Field::new("option_set_id", Holds::Id).nullable(),
        Field::new("reference", Holds::Text).nullable(),
        Field::new("dependence", Holds::Text).nullable().unfilterable().unsortable(),
        Field::new("position", Holds::Int),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[
        Relation::one("option_set", "option_set", "option_set_id"),
        Relation::one("creator", "user", "created_by"),
    ],
    custom: None,
    owned: Owned::Shared,
};

impl Noun for FieldDef {
    const NAME: &'static str = "field_def";
}
impl Record for FieldDef {
    type Id = FieldDefId;
    fn id(&self) -> FieldDefId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for field_defs::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}

impl Tidy for NewFieldDef {
    fn tidy(&mut self) {
        tidy::trim(&mut self.key);
    }
}
impl Tidy for FieldDefPatch {}

fn yes() -> bool {
    true
}

impl FieldDef {
    /// As whoever reads and writes records knows it; nothing where its type is one of a later version.
    pub fn into_own(self, options: Vec<Choice>) -> Option<Own> {
        Some(Own {
            holds: Type::named(&self.r#type)?,
            key: self.key,
            labels: self.labels.0,
            help: self.help,
            is_required: self.is_required,
            is_unique: self.is_unique,
            is_searched: self.is_searched,
            is_indexed: self.is_indexed,
            is_personal: self.is_personal,
            default: self.default,
            limits: self.limits.0,
            rule: self.rule,
            options,
            reference: self.reference,
            dependence: self.dependence.map(|depends| depends.0),
            position: self.position,
        })
    }
}
