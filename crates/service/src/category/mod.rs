//! A category says what cases are about. Categories form a tree, and their names are unique among the living ones of a
//! tenant. They belong to nobody: whoever may read them sees them all.
mod deeds;
mod schema;
mod store;

pub use deeds::{archive, create, is_there, purge, restore, update, upsert};
pub use schema::case_categories::table as Table;
pub use store::{find, list, many};

use chrono::{DateTime, Utc};
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{CaseCategoryId, Code, Kind, Noun, Record, Tidy, UserId, patch, tidy};
use platform::filter::Listed;
use schema::case_categories;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

pub const NAME_TAKEN: Code =
    Code::new("case_category_name_taken", Kind::Conflict, "Another category has this name: `existing` says which.");
pub const OWN_PARENT: Code =
    Code::new("case_category_own_parent", Kind::Invalid, "A category cannot stand above itself in the tree.");
pub const CODES: &[Code] = &[NAME_TAKEN, OWN_PARENT];

/// What cases are about.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = case_categories, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-aaaa-7000-8000-000000000010", "name": "运输破损", "description": null,
    "parent_id": "0192f0c1-aaaa-7000-8000-000000000011", "version": 1,
    "created_at": "2026-11-27T08:00:00Z", "updated_at": "2026-11-27T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct CaseCategory {
    pub id: CaseCategoryId,
    pub name: String,
    pub description: Option<String>,
    /// the category that it is a part of
    pub parent_id: Option<CaseCategoryId>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived: no further case is about it then
    pub deleted_at: Option<DateTime<Utc>>,
}

/// What a new category is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = case_categories, treat_none_as_default_value = false)]
#[schema(example = json!({"name": "运输破损"}))]
pub struct NewCaseCategory {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<CaseCategoryId>,
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    #[validate(length(max = 2000))]
    #[schema(max_length = 2000)]
    pub description: Option<String>,
    pub parent_id: Option<CaseCategoryId>,
}

/// A merge patch: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = case_categories)]
#[schema(example = json!({"parent_id": null}))]
pub struct CaseCategoryPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 2000))]
    #[schema(value_type = Option<String>, max_length = 2000)]
    pub description: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<CaseCategoryId>)]
    pub parent_id: Option<Option<CaseCategoryId>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "case_category",
    table: "case_categories",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("description", Holds::Text).nullable().unsortable(),
        Field::new("parent_id", Holds::Id).nullable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[
        Relation::one("parent", "case_category", "parent_id"),
        Relation::many("children", "case_category", "parent_id"),
        Relation::many("cases", "case", "category_id"),
    ],
    custom: None,
    owned: Owned::Shared,
};

impl Noun for CaseCategory {
    const NAME: &'static str = "case_category";
}
impl Record for CaseCategory {
    type Id = CaseCategoryId;
    fn id(&self) -> CaseCategoryId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for case_categories::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}
impl Tidy for NewCaseCategory {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
    }
}
impl Tidy for CaseCategoryPatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
    }
}
