//! A portal is where visitors read: under an address of its own, in the languages that it has, one of them its own. Where
//! it is not public, nobody reads anything in it without logging in. Its address is unique on the whole server, for a
//! visitor names no tenant.
mod body;
mod deeds;
mod store;

pub use crate::kb::schema::kb_portals::table as Table;
pub use body::{KbPortalPatch, NewKbPortal};
pub(crate) use deeds::stands;
pub use deeds::{archive, create, purge, restore, update};
pub use store::{find, list, many, open};

use crate::kb::schema::kb_portals;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{Code, KbPortalId, Kind, Noun, Record, UserId};
use platform::filter::Listed;
use serde::Serialize;
use utoipa::ToSchema;

pub const SLUG_TAKEN: Code = Code::new(
    "kb_portal_slug_taken",
    Kind::Conflict,
    "Another portal has this address; where it is one that the caller sees, `existing` says which.",
);
pub const CODES: &[Code] = &[SLUG_TAKEN];

/// Where visitors read what the business knows.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = kb_portals, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-8b8b-7000-8000-000000000001", "slug": "help", "name": "帮助中心", "description": null,
    "default_locale": "zh-Hans", "locales": ["zh-Hans", "en"], "is_public": true, "version": 1,
    "created_at": "2026-11-27T08:00:00Z", "updated_at": "2026-11-27T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct KbPortal {
    pub id: KbPortalId,
    /// the address: `/kb/{slug}`; no two portals of the server have the same
    #[schema(example = "help")]
    pub slug: String,
    pub name: String,
    pub description: Option<String>,
    /// the language that its categories and articles are called in here
    #[schema(example = "zh-Hans")]
    pub default_locale: String,
    /// the languages that it has
    pub locales: Vec<String>,
    /// whether visitors read it who have not logged in
    pub is_public: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived: it is shut since
    pub deleted_at: Option<DateTime<Utc>>,
}

impl KbPortal {
    /// The language as the portal writes it, if it has that.
    #[must_use]
    pub fn locale(&self, asked: &str) -> Option<&str> {
        self.locales.iter().find(|one| one.eq_ignore_ascii_case(asked)).map(String::as_str)
    }
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "kb_portal",
    table: "kb_portals",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("slug", Holds::Text).searched(Searched::Text),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("description", Holds::Text).nullable().unsortable(),
        Field::new("default_locale", Holds::Text),
        Field::new("locales", Holds::Tags),
        Field::new("is_public", Holds::Bool),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[
        Relation::many("categories", "kb_category", "portal_id"),
        Relation::many("articles", "kb_article", "portal_id"),
    ],
    custom: None,
    owned: Owned::Shared,
};

impl Noun for KbPortal {
    const NAME: &'static str = "kb_portal";
}
impl Record for KbPortal {
    type Id = KbPortalId;
    fn id(&self) -> KbPortalId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for kb_portals::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}
