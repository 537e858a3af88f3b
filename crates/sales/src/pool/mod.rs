//! A pool holds leads that nobody works on yet, for those who serve its queue to take. It is a queue with rules beside it:
//! what lies in the pool is the queue's, so whoever serves the queue sees it by the one predicate, and nobody else does by
//! the pool; how many somebody takes, and what comes back by itself, are the rules ([`crate::lead::pooling`]). Archived, it
//! is shut: what lies there stays there, until the pool is restored or somebody transfers it.
mod body;
mod deeds;
pub mod event;
pub(crate) mod schema;
pub(crate) mod store;

pub use body::{NewPool, PoolPatch};
pub use deeds::{archive, create, purge, restore, update, upsert};
pub use schema::pools::table as Table;
pub use store::{find, list, many};

use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{Code, Kind, Noun, PoolId, Record, UserId};
use platform::filter::Listed;
use schema::pools;
use serde::Serialize;
use utoipa::ToSchema;

pub const SHUT: Code = Code::new(
    "pool_shut",
    Kind::Conflict,
    "The pool is not active, or archived: nothing is taken from it or given back.",
);
pub const NOT_SERVED: Code = Code::new(
    "pool_not_served",
    Kind::Forbidden,
    "Leads are taken from a pool by those who serve its queue, and the caller does not.",
);
pub const EMPTY: Code = Code::new("pool_empty", Kind::Conflict, "Nothing lies in the pool that the caller may take.");
pub const CLAIMS_USED: Code = Code::new(
    "pool_claims_used",
    Kind::TooMany,
    "The caller has taken as many leads today as the pool allows: `Retry-After` says when the next is free.",
);
pub const HANDS_FULL: Code = Code::new(
    "pool_hands_full",
    Kind::Conflict,
    "The caller has as many leads of the pool in hand as it allows: the next is free when one is closed or given back.",
);
pub const QUEUE_TAKEN: Code = Code::new(
    "pool_queue_taken",
    Kind::Conflict,
    "The pool's queue has become another pool's since, or has come to own leads that are not of the pool.",
);
pub const CODES: &[Code] = &[SHUT, NOT_SERVED, EMPTY, CLAIMS_USED, HANDS_FULL, QUEUE_TAKEN];

/// Where leads lie that nobody works on yet, and who may take how many of them.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = pools, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-8888-7000-8000-00000000000d", "name": "华东公海", "description": null,
    "queue_id": "0192f0c1-0000-7000-8000-000000000009", "claims_per_day": 20, "held_at_most": 50, "idle_days": 30,
    "is_masked": true, "is_active": true, "version": 1, "created_at": "2026-11-26T08:00:00Z",
    "updated_at": "2026-11-26T08:00:00Z", "created_by": "0192f0c1-0000-7000-8000-000000000001",
    "updated_by": "0192f0c1-0000-7000-8000-000000000001", "deleted_at": null
}))]
pub struct Pool {
    pub id: PoolId,
    pub name: String,
    pub description: Option<String>,
    /// the queue that owns what lies in the pool: those who serve it see that, and may take it
    pub queue_id: UserId,
    /// how many somebody takes in a day of the tenant, at most
    #[schema(example = 20)]
    pub claims_per_day: Option<i32>,
    /// how many open leads of the pool somebody has in hand, at most
    #[schema(example = 50)]
    pub held_at_most: Option<i32>,
    /// what nothing was done with for so many days comes back
    #[schema(example = 30)]
    pub idle_days: Option<i32>,
    /// address and number of a lead are shown to whoever has taken it, and to nobody before
    pub is_masked: bool,
    pub is_active: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived: it is shut since
    pub deleted_at: Option<DateTime<Utc>>,
}

impl Pool {
    /// Whether anything is taken from it or put into it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.is_active && self.deleted_at.is_none()
    }
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "pool",
    table: "pools",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("description", Holds::Text).nullable().unsortable(),
        Field::new("queue_id", Holds::Id),
        Field::new("claims_per_day", Holds::Int).nullable(),
        Field::new("held_at_most", Holds::Int).nullable(),
        Field::new("idle_days", Holds::Int).nullable(),
        Field::new("is_masked", Holds::Bool),
        Field::new("is_active", Holds::Bool),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[Relation::one("queue", "user", "queue_id"), Relation::many("leads", "lead", "pool_id")],
    custom: None,
    owned: Owned::Shared,
};

impl Noun for Pool {
    const NAME: &'static str = "pool";
}
impl Record for Pool {
    type Id = PoolId;
    fn id(&self) -> PoolId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for pools::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}
