//! A view is a list as somebody likes to see it: a filter, an order and fields, under a name. Any list takes it by
//! `?view_id=`. It belongs to its owner, and is seen by others where its team, a share, or its being public says so; it
//! shows nobody more than they see anyway, for it is compiled for whoever uses it.
mod deeds;
mod store;

pub use crate::schema::views::table as Table;
pub use deeds::{archive, create, is_field, restore, update};
pub use store::{find, list};

use crate::filter::Listed;
use crate::schema::views;
use chrono::{DateTime, Utc};
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{Code, Kind, Noun, Record, TeamId, Tidy, UserId, ViewId, patch, tidy};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

pub const BROKEN: Code = Code::new(
    "view_broken",
    Kind::Invalid,
    "The view names what is not there any more, or not for the caller: `errors` says what.",
);
pub const CODES: &[Code] = &[BROKEN];

/// A list as somebody likes to see it.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = views, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-8888-7000-8000-00000000000c", "owner_id": "0192f0c1-0000-7000-8000-000000000001", "team_id": null,
    "object": "account", "name": "Retail in the north", "filter": "industry == \"retail\"", "sort": "-created_at",
    "fields": "id,name,city", "is_default": false, "is_public": true, "position": 0, "version": 1,
    "created_at": "2026-11-21T08:00:00Z", "updated_at": "2026-11-21T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct View {
    pub id: ViewId,
    pub owner_id: UserId,
    /// those who see what belongs to this team see the view
    pub team_id: Option<TeamId>,
    /// the noun whose list it is
    #[schema(example = "account")]
    pub object: String,
    pub name: String,
    /// in the filter language
    pub filter: Option<String>,
    /// as `sort` of the list
    pub sort: Option<String>,
    /// as `fields` of the list
    pub fields: Option<String>,
    /// what its owner begins with
    pub is_default: bool,
    /// whether everybody of the tenant sees it who reads views
    pub is_public: bool,
    pub position: i32,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    pub deleted_at: Option<DateTime<Utc>>,
}

/// What a new view is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = views, treat_none_as_default_value = false)]
#[schema(example = json!({
    "object": "account", "name": "Retail in the north", "filter": "industry == \"retail\"", "sort": "-created_at",
    "fields": "id,name,city", "is_public": true
}))]
pub struct NewView {
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<ViewId>,
    /// the caller, unless said otherwise
    #[diesel(skip_insertion)]
    pub owner_id: Option<UserId>,
    pub team_id: Option<TeamId>,
    #[validate(length(min = 1, max = 50))]
    #[schema(min_length = 1, max_length = 50)]
    pub object: String,
    #[validate(length(max = 100), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    #[validate(length(max = 4096))]
    #[schema(max_length = 4096)]
    pub filter: Option<String>,
    #[validate(length(max = 500))]
    #[schema(max_length = 500)]
    pub sort: Option<String>,
    #[validate(length(max = 2000))]
    #[schema(max_length = 2000)]
    pub fields: Option<String>,
    #[serde(default)]
    pub is_default: bool,
    #[serde(default)]
    pub is_public: bool,
    #[serde(default)]
    pub position: i32,
}

/// A merge patch: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = views)]
#[schema(example = json!({"name": "Retail", "sort": "name"}))]
pub struct ViewPatch {
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
    #[validate(length(max = 4096))]
    #[schema(value_type = Option<String>, max_length = 4096)]
    pub filter: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 500))]
    #[schema(value_type = Option<String>, max_length = 500)]
    pub sort: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 2000))]
    #[schema(value_type = Option<String>, max_length = 2000)]
    pub fields: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_default: Option<bool>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_public: Option<bool>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = i32, required = false)]
    pub position: Option<i32>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "view",
    table: "views",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("owner_id", Holds::Id),
        Field::new("team_id", Holds::Id).nullable(),
        Field::new("object", Holds::Text),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("filter", Holds::Text).nullable().unsortable(),
        Field::new("sort", Holds::Text).nullable().unsortable(),
        Field::new("fields", Holds::Text).nullable().unsortable(),
        Field::new("is_default", Holds::Bool),
        Field::new("is_public", Holds::Bool),
        Field::new("position", Holds::Int),
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

impl Noun for View {
    const NAME: &'static str = "view";
}
impl Record for View {
    type Id = ViewId;
    fn id(&self) -> ViewId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for views::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}

impl Tidy for NewView {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
    }
}
impl Tidy for ViewPatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
    }
}
