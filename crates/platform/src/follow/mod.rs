//! Who follows a record, and so is told of its changes ([`crate::notify`]). Whoever sees a record may follow it, and sees
//! who else does; whoever sees it no more is told nothing of it.
mod deeds;
mod schema;
mod store;

pub use deeds::{follow, followers, unfollow};
pub use store::{Followed, forget, of_all};

use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::UserId;
use schema::followers;
use serde::Serialize;
use utoipa::ToSchema;

/// Somebody who follows a record.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = followers, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({"user_id": "0192f0c1-0000-7000-8000-000000000001", "created_at": "2026-11-26T08:00:00Z"}))]
pub struct Follower {
    pub user_id: UserId,
    /// since when
    pub created_at: DateTime<Utc>,
}
