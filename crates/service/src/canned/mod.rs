//! A canned response is an answer that is written once and given often, by a short code. It belongs to its owner, and is
//! seen by others where its team, a share, or its being public says so. Places in it, such as `{{contact.given_name}}`, are
//! filled in for whoever is answered ([`merge`]).
mod body;
mod deeds;
pub mod merge;
mod preview;
mod schema;
mod store;

pub use body::{CannedResponsePatch, NewCannedResponse};
pub use deeds::{archive, create, purge, restore, update, upsert};
pub(crate) use preview::for_case;
pub use preview::{CannedPreview, preview};
pub use schema::canned_responses::table as Table;
pub use store::{find, list, many};

use crate::locale::Worded;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{CannedResponseId, Code, Kind, Noun, Record, TeamId, UserId};
use platform::filter::Listed;
use schema::canned_responses;
use serde::Serialize;
use utoipa::ToSchema;

pub const CODE_TAKEN: Code = Code::new(
    "canned_response_code_taken",
    Kind::Conflict,
    "Another canned response has this short code; where it is one that the caller sees, `existing` says which.",
);
pub const CODES: &[Code] = &[CODE_TAKEN];

/// An answer that is written once and given often.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = canned_responses, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-8c8c-7000-8000-000000000001", "owner_id": "0192f0c1-0000-7000-8000-000000000001", "team_id": null,
    "is_public": true, "short_code": "refund", "title": "退款说明", "folder": "售后/退款",
    "texts": {"zh-Hans": "{{contact.display_name}}，您好！", "en": "Dear {{contact.given_name}},"}, "version": 1,
    "created_at": "2026-11-27T08:00:00Z", "updated_at": "2026-11-27T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct CannedResponse {
    pub id: CannedResponseId,
    pub owner_id: UserId,
    /// those who see what belongs to this team see it
    pub team_id: Option<TeamId>,
    /// whether everybody of the tenant sees it who reads canned responses
    pub is_public: bool,
    /// what is typed to get it
    #[schema(example = "refund")]
    pub short_code: String,
    pub title: String,
    /// where it lies, with slashes between
    #[schema(example = "售后/退款")]
    pub folder: Option<String>,
    /// what it says, by language; `{{contact.given_name}}` and the like are filled in
    pub texts: Worded,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived
    pub deleted_at: Option<DateTime<Utc>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "canned_response",
    table: "canned_responses",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("owner_id", Holds::Id),
        Field::new("team_id", Holds::Id).nullable(),
        Field::new("is_public", Holds::Bool),
        Field::new("short_code", Holds::Text).searched(Searched::Text),
        Field::new("title", Holds::Text).searched(Searched::Name),
        Field::new("folder", Holds::Text).nullable().searched(Searched::Text),
        Field::new("texts", Holds::Text).unfilterable().unsortable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[Relation::one("owner", "user", "owner_id"), Relation::one("team", "team", "team_id")],
    custom: None,
    owned: Owned::Rows { owner: "owner_id", team: "team_id" },
};

impl Noun for CannedResponse {
    const NAME: &'static str = "canned_response";
}
impl Record for CannedResponse {
    type Id = CannedResponseId;
    fn id(&self) -> CannedResponseId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for canned_responses::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}
