//! A queue owns records until somebody takes them: a user of the kind `queue`, so that whatever has an owner may have
//! one for its owner. It is nobody: it has no address and no role, is in no team, and never logs in.
//!
//! It is served by users and by the members of teams. What it owns counts as their own: they see it and do with it what
//! they may do with records of theirs. To take a record is to become its owner. Whoever lets somebody serve a queue
//! sees its records themselves.
mod deeds;
mod gain;
mod store;

pub use deeds::{add_team, add_user, archive, create, purge, remove_team, remove_user, restore, update};
pub use store::{find, list, members};
pub(crate) use store::{is_served_by, of_user};

use crate::schema::users;
use chrono::{DateTime, Utc};
use diesel::prelude::{AsChangeset, Queryable, Selectable};
use kernel::{Noun, Record, TeamId, Tidy, UserId, patch, tidy};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// What owns records until somebody takes them.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = users, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-0000-7000-8000-0000000000e1", "display_name": "新线索", "version": 1,
    "created_at": "2026-11-21T08:00:00Z", "updated_at": "2026-11-21T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct Queue {
    /// what the `owner_id` of its records is
    pub id: UserId,
    pub display_name: String,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived: nobody serves it meanwhile
    pub deleted_at: Option<DateTime<Utc>>,
}

/// What a new queue is made of.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"display_name": "新线索"}))]
pub struct NewQueue {
    /// made by the client, when it creates offline
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<UserId>,
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 200)]
    pub display_name: String,
}

/// A merge patch: what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = users)]
#[schema(example = json!({"display_name": "华东新线索"}))]
pub struct QueuePatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub display_name: Option<String>,
}

/// Who serves a queue: a user, or all who are in a team.
#[derive(Clone, Debug, Queryable, Serialize, ToSchema)]
#[schema(example = json!({
    "user_id": null, "team_id": "0192f0c1-0000-7000-8000-0000000000c1", "display_name": "华东销售部"
}))]
pub struct QueueMember {
    pub user_id: Option<UserId>,
    pub team_id: Option<TeamId>,
    /// what the user or the team is called
    pub display_name: String,
}

impl Noun for Queue {
    const NAME: &'static str = "queue";
}
impl Record for Queue {
    type Id = UserId;
    fn id(&self) -> UserId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}

impl Tidy for NewQueue {
    fn tidy(&mut self) {
        tidy::trim(&mut self.display_name);
    }
}
impl Tidy for QueuePatch {
    fn tidy(&mut self) {
        self.display_name.iter_mut().for_each(tidy::trim);
    }
}
