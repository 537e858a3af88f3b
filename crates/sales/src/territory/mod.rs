//! A territory is a part of the market: a filter over leads and accounts says what is in it, and its members look after
//! that. Territories form a tree: a record is in one where the filter holds and it is in the territory above, so that each
//! narrows the one that it stands below ([`covering`]).
//!
//! Its name is unique among the living ones of a tenant. An assignment rule gives leads out by them
//! ([`crate::assignment`]). Territories belong to nobody: whoever may read them sees them all.
mod body;
pub mod covering;
mod deeds;
pub(crate) mod schema;
pub(crate) mod store;

pub use body::{NewTerritory, TerritoryMember, TerritoryMembers, TerritoryPatch};
pub use deeds::{archive, create, purge, restore, update, upsert};
pub use schema::territories::table as Table;
pub use store::{find, list, many};

use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{Code, Kind, Noun, Record, TerritoryId, UserId};
use platform::filter::Listed;
use schema::territories;
use serde::Serialize;
use utoipa::ToSchema;

pub const NAME_TAKEN: Code =
    Code::new("territory_name_taken", Kind::Conflict, "Another territory has this name: `existing` says which.");
pub const OWN_PARENT: Code =
    Code::new("territory_own_parent", Kind::Invalid, "A territory cannot stand above itself in the tree.");
pub const CODES: &[Code] = &[NAME_TAKEN, OWN_PARENT];

/// A part of the market, and who looks after it.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = territories, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-8888-7000-8000-00000000000e", "name": "华东", "description": null,
    "parent_id": "0192f0c1-8888-7000-8000-00000000000f", "filter": "region in [\"上海市\", \"江苏省\", \"浙江省\"]",
    "members": [{"user_id": "0192f0c1-0000-7000-8000-000000000001", "team_id": null, "capacity": 40}], "version": 1,
    "created_at": "2026-11-27T08:00:00Z", "updated_at": "2026-11-27T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct Territory {
    pub id: TerritoryId,
    pub name: String,
    pub description: Option<String>,
    /// the territory that it is a part of
    pub parent_id: Option<TerritoryId>,
    /// what is in it, in the language of filters, over fields that leads and accounts both have; all that is in the one
    /// above, where there is none
    #[schema(example = "country == \"CN\" && region == \"上海市\"")]
    pub filter: Option<String>,
    /// who looks after it
    #[schema(value_type = Vec<TerritoryMember>)]
    pub members: TerritoryMembers,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived: nothing is in it then
    pub deleted_at: Option<DateTime<Utc>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "territory",
    table: "territories",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("description", Holds::Text).nullable().unsortable(),
        Field::new("parent_id", Holds::Id).nullable(),
        Field::new("filter", Holds::Text).nullable(),
        Field::new("members", Holds::Text).unfilterable().unsortable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[
        Relation::one("parent", "territory", "parent_id"),
        Relation::many("children", "territory", "parent_id"),
        Relation::many("assignment_rules", "assignment_rule", "territory_id"),
    ],
    custom: None,
    owned: Owned::Shared,
};

impl Noun for Territory {
    const NAME: &'static str = "territory";
}
impl Record for Territory {
    type Id = TerritoryId;
    fn id(&self) -> TerritoryId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for territories::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}
