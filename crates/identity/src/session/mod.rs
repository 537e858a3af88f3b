//! A session is a device that has logged in: a family of refresh tokens, of which only the newest is good.
//!
//! Whoever shows an older one is taken for a thief, and the session ends. Its user sees and ends their own sessions. One
//! ends by itself when it is not used for thirty days, and ninety days after the login at the latest.
mod store;
pub mod text;

pub(crate) use store::{admitted, admitted_of, current, end, end_all, insert, lock, rotate};
pub use store::{own, revoke, revoke_others};

use crate::schema::sessions;
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::{Noun, Record, SessionId, UserId};
use serde::Serialize;
use utoipa::ToSchema;

/// A device that has logged in.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = sessions, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-0000-7000-8000-0000000000d1", "user_id": "0192f0c1-0000-7000-8000-000000000001",
    "device": "Chrome, Windows", "address": "203.0.113.7", "version": 4, "created_at": "2026-11-21T08:00:00Z",
    "last_used_at": "2026-11-21T08:30:00Z", "expires_at": "2026-12-21T08:30:00Z", "is_vouched": false
}))]
pub struct Session {
    pub id: SessionId,
    pub user_id: UserId,
    /// as the device calls itself
    pub device: Option<String>,
    /// where it last asked for tokens from
    pub address: Option<String>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    /// when it last asked for an access token
    pub last_used_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// whether it was opened by an identity provider that is believed to have asked for a second factor
    pub is_vouched: bool,
}

/// A device in the list of the caller's own.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Device {
    #[serde(flatten)]
    pub session: Session,
    /// whether the request came from it
    pub is_current: bool,
}

impl Noun for Session {
    const NAME: &'static str = "session";
}
impl Record for Session {
    type Id = SessionId;
    fn id(&self) -> SessionId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}

/// When a session that is used now ends.
pub(crate) fn expiry(created_at: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
    (now + Duration::days(30)).min(created_at + Duration::days(90))
}
