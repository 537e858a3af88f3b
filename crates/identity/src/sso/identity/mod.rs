//! An identity is who a user is at a provider: the `subject` that it calls them by, which never changes hands. An address
//! does, and so only ever brings somebody in the first time.
mod deeds;
mod store;

pub(crate) use deeds::{admit, in_person, link};
pub use deeds::{unlink, unlink_of};
pub use store::{list, of_user};

use crate::schema::sso_identities;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::{Noun, Record, SsoIdentityId, SsoProviderId, UserId};
use serde::Serialize;
use utoipa::ToSchema;

/// Who a user is at an identity provider.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = sso_identities, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-0000-7000-8000-0000000000c7", "provider_id": "0192f0c1-0000-7000-8000-0000000000c1",
    "user_id": "0192f0c1-0000-7000-8000-000000000001", "subject": "00u1a2b3c4", "email": "li.na@example.cn",
    "last_used_at": "2026-11-25T08:00:00Z", "version": 1, "created_at": "2026-11-25T08:00:00Z",
    "updated_at": "2026-11-25T08:00:00Z"
}))]
pub struct SsoIdentity {
    pub id: SsoIdentityId,
    pub provider_id: SsoProviderId,
    pub user_id: UserId,
    /// what the provider calls them
    pub subject: String,
    /// as the provider told it when they were linked
    pub email: Option<String>,
    /// when they last came in by it
    pub last_used_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl Noun for SsoIdentity {
    const NAME: &'static str = "sso_identity";
}
impl Record for SsoIdentity {
    type Id = SsoIdentityId;
    fn id(&self) -> SsoIdentityId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
