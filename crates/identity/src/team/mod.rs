//! A team is users who work together, and stands below another or at the top: no team stands above itself.
//!
//! What `team` means in a permission is the records of the actor's teams, what `subtree` means those of the teams below
//! them too. A team in use below others is not archived before they are.
mod deeds;
mod gain;
mod store;

pub use crate::schema::teams::table as Table;
pub(crate) use deeds::reach;
pub use deeds::{add_member, archive, create, purge, remove_member, restore, update};
pub use store::{find, list, many};

use crate::schema::teams;
use chrono::{DateTime, Utc};
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{Code, Kind, Noun, Record, TeamId, Tidy, UserId, patch, tidy};
use platform::filter::Listed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

pub const NAME_TAKEN: Code = Code::new("team_name_taken", Kind::Conflict, "Another team has this name.");
pub const OWN_PARENT: Code =
    Code::new("team_own_parent", Kind::Invalid, "A team cannot stand above itself in the hierarchy.");
pub const CODES: &[Code] = &[NAME_TAKEN, OWN_PARENT];

/// Users who work together.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = teams, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-0000-7000-8000-0000000000c1", "name": "华东销售部",
    "parent_id": "0192f0c1-0000-7000-8000-0000000000c0", "version": 1, "created_at": "2026-11-21T08:00:00Z",
    "updated_at": "2026-11-21T08:00:00Z", "created_by": "0192f0c1-0000-7000-8000-000000000001",
    "updated_by": "0192f0c1-0000-7000-8000-000000000001", "deleted_at": null
}))]
pub struct Team {
    pub id: TeamId,
    pub name: String,
    /// the team above it
    pub parent_id: Option<TeamId>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived
    pub deleted_at: Option<DateTime<Utc>>,
}

/// What a new team is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = teams, treat_none_as_default_value = false)]
#[schema(example = json!({"name": "华东销售部", "parent_id": "0192f0c1-0000-7000-8000-0000000000c0"}))]
pub struct NewTeam {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<TeamId>,
    #[validate(length(max = 100), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    pub parent_id: Option<TeamId>,
}

/// A merge patch: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = teams)]
#[schema(example = json!({"name": "华东大区", "parent_id": null}))]
pub struct TeamPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 100), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<TeamId>)]
    pub parent_id: Option<Option<TeamId>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "team",
    table: "teams",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("parent_id", Holds::Id).nullable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[Relation::one("parent", "team", "parent_id"), Relation::many("children", "team", "parent_id")],
    custom: None,
    owned: Owned::Shared,
};

impl Noun for Team {
    const NAME: &'static str = "team";
}
impl Record for Team {
    type Id = TeamId;
    fn id(&self) -> TeamId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for teams::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}

impl Tidy for NewTeam {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
    }
}
impl Tidy for TeamPatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
    }
}
