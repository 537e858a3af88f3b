//! What happened to leads by way of pools: who took which, and how it came back. A row is written once, with the change.
mod store;

pub use store::of;
pub(crate) use store::{claims_since, note};

use super::schema::pool_events;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::{LeadId, PoolEventId, PoolId, UserId};
use serde::Serialize;
use utoipa::ToSchema;

pub(crate) const POOLED: &str = "pooled";
pub(crate) const CLAIMED: &str = "claimed";
pub(crate) const RETURNED: &str = "returned";
pub(crate) const RECYCLED: &str = "recycled";
pub(crate) const TRANSFERRED: &str = "transferred";

/// That a lead came into a pool, or out of it.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = pool_events, check_for_backend(diesel::pg::Pg))]
#[schema(as = LeadPoolEvent, example = json!({
    "id": "0192f0c1-8888-7000-8000-00000000000e", "pool_id": "0192f0c1-8888-7000-8000-00000000000d",
    "lead_id": "0192f0c1-8888-7000-8000-00000000000a", "kind": "returned",
    "actor_id": "0192f0c1-0000-7000-8000-000000000001", "from_id": "0192f0c1-0000-7000-8000-000000000001",
    "to_id": "0192f0c1-0000-7000-8000-000000000009", "reason": "no answer", "occurred_at": "2026-11-26T08:00:00Z"
}))]
pub struct PoolEvent {
    pub id: PoolEventId,
    pub pool_id: PoolId,
    pub lead_id: LeadId,
    /// `pooled`, `claimed`, `returned`, `recycled` or `transferred`
    #[schema(example = "claimed")]
    pub kind: String,
    /// who did it
    pub actor_id: UserId,
    /// whose the lead was
    pub from_id: Option<UserId>,
    /// whose it is from then on: somebody's, or the queue's of the pool
    pub to_id: UserId,
    pub reason: Option<String>,
    pub occurred_at: DateTime<Utc>,
}
