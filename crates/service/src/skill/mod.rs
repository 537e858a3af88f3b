//! A skill is something that those who answer may know: a language, a product, a trade. Cases and the rules of queues ask
//! for skills by name, and agents have them at a level.
mod body;
mod deeds;
pub(crate) mod schema;
pub(crate) mod store;

pub use body::{AgentSkill, NewSkill, SkillPatch, SkillsOf};
pub(crate) use body::{are_skills, place};
pub(crate) use deeds::are_there;
pub use deeds::{archive, create, purge, restore, update, upsert};
pub use schema::skills::table as Table;
pub use store::{find, list, many};

use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Searched};
use kernel::{Code, Kind, Noun, Record, SkillId, UserId};
use platform::filter::Listed;
use schema::skills;
use serde::Serialize;
use utoipa::ToSchema;

pub const NAME_TAKEN: Code =
    Code::new("skill_name_taken", Kind::Conflict, "Another skill has this name: `existing` says which.");
pub const CODES: &[Code] = &[NAME_TAKEN];

/// What those who answer may know.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = skills, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-9999-7000-8000-00000000000a", "name": "粤语", "description": "fluent in writing", "version": 1,
    "created_at": "2026-11-27T08:00:00Z", "updated_at": "2026-11-27T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct Skill {
    pub id: SkillId,
    /// as cases ask for it in `required_skills`
    pub name: String,
    pub description: Option<String>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived: nobody has it since
    pub deleted_at: Option<DateTime<Utc>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "skill",
    table: "skills",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("name", Holds::Text).searched(Searched::Name),
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

impl Noun for Skill {
    const NAME: &'static str = "skill";
}
impl Record for Skill {
    type Id = SkillId;
    fn id(&self) -> SkillId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for skills::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}
