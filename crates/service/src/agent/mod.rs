//! An agent is a user who answers: with skills, with room for so many cases, and there or not. Whether they are there is
//! what they say themselves ([`presence`]); who says nothing for two minutes is offline. When somebody was heard of last
//! is written over and over, and is therefore no field of the record, which has versions and a history.
mod body;
mod deeds;
pub mod presence;
pub(crate) mod schema;
pub(crate) mod store;

pub use body::{AgentPatch, ChannelCapacities, ChannelCapacity, NewAgent};
pub use deeds::{create, remove, update};
pub use schema::agents::table as Table;
pub use store::{find, list, many};

use crate::skill::{AgentSkill, SkillsOf};
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::{AgentId, Code, Kind, Noun, Record, UserId};
use platform::filter::Listed;
use schema::agents;
use serde::Serialize;
use utoipa::ToSchema;

pub const USER_TAKEN: Code =
    Code::new("agent_user_taken", Kind::Conflict, "The user is an agent already: `existing` says which.");
pub const NOT_AN_AGENT: Code = Code::new(
    "not_an_agent",
    Kind::Forbidden,
    "The caller answers no cases: whoever may create agents makes them one.",
);
pub const CODES: &[Code] = &[USER_TAKEN, NOT_AN_AGENT];

pub const ONLINE: &str = "online";
pub const OFFLINE: &str = "offline";
pub const STATUSES: &[&str] = &[ONLINE, "away", "busy", OFFLINE];
pub const CHANNELS: &[&str] = &["email", "portal", "phone", "chat", "web", "api", "social", "other"];

/// Somebody who answers.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = agents, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-9999-7000-8000-00000000000b", "user_id": "0192f0c1-0000-7000-8000-000000000001", "capacity": 8,
    "channel_capacities": [{"channel": "chat", "capacity": 3}],
    "skills": [{"skill_id": "0192f0c1-9999-7000-8000-00000000000a", "level": 3}], "status": "online",
    "status_changed_at": "2026-11-27T08:00:00Z", "is_active": true, "version": 4,
    "created_at": "2026-11-27T08:00:00Z", "updated_at": "2026-11-27T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001"
}))]
pub struct Agent {
    pub id: AgentId,
    /// who they are
    pub user_id: UserId,
    /// how many open cases they are given at most; as many as come, where it is null
    #[schema(example = 8)]
    pub capacity: Option<i32>,
    /// the same of single channels
    #[schema(value_type = Vec<ChannelCapacity>)]
    pub channel_capacities: ChannelCapacities,
    #[schema(value_type = Vec<AgentSkill>)]
    pub skills: SkillsOf,
    /// `online`, `away`, `busy` or `offline`: cases are given to those who are online
    #[schema(example = "online")]
    pub status: String,
    pub status_changed_at: DateTime<Utc>,
    /// whether they are given anything at all
    pub is_active: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "agent",
    table: "agents",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("user_id", Holds::Id),
        Field::new("capacity", Holds::Int).nullable(),
        Field::new("channel_capacities", Holds::Text).unfilterable().unsortable(),
        Field::new("skills", Holds::Text).unfilterable().unsortable(),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("status_changed_at", Holds::Instant),
        Field::new("is_active", Holds::Bool),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
    ],
    relations: &[Relation::one("user", "user", "user_id")],
    custom: None,
    owned: Owned::Shared,
};

impl Noun for Agent {
    const NAME: &'static str = "agent";
}
impl Record for Agent {
    type Id = AgentId;
    fn id(&self) -> AgentId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for agents::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}
