//! A category sorts the articles of a portal, below another one or none. Categories stand in an order, and below none of
//! themselves.
mod body;
mod deeds;
mod store;

pub use crate::kb::schema::kb_categories::table as Table;
pub use body::{KbCategoryPatch, NewKbCategory};
pub(crate) use deeds::stands;
pub use deeds::{archive, create, purge, restore, update};
pub use store::{find, list, many, of_portal};

use crate::kb::schema::kb_categories;
use crate::locale::Worded;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{Code, KbCategoryId, KbPortalId, Kind, Noun, Record, UserId};
use platform::filter::Listed;
use serde::Serialize;
use utoipa::ToSchema;

pub const SLUG_TAKEN: Code = Code::new(
    "kb_category_slug_taken",
    Kind::Conflict,
    "Another category of the portal has this address: `existing` says which.",
);
pub const OWN_PARENT: Code =
    Code::new("kb_category_own_parent", Kind::Invalid, "The category would stand below itself.");
pub const CODES: &[Code] = &[SLUG_TAKEN, OWN_PARENT];

/// What articles are sorted by.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = kb_categories, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-8b8b-7000-8000-000000000002", "portal_id": "0192f0c1-8b8b-7000-8000-000000000001", "parent_id": null,
    "slug": "billing", "name": "账单", "description": null, "names": {"en": "Billing"}, "position": 0, "version": 1,
    "created_at": "2026-11-27T08:00:00Z", "updated_at": "2026-11-27T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct KbCategory {
    pub id: KbCategoryId,
    pub portal_id: KbPortalId,
    /// which it stands below
    pub parent_id: Option<KbCategoryId>,
    #[schema(example = "billing")]
    pub slug: String,
    /// in the default locale of the portal
    pub name: String,
    pub description: Option<String>,
    /// in the others
    pub names: Worded,
    /// the least comes first
    pub position: i32,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived
    pub deleted_at: Option<DateTime<Utc>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "kb_category",
    table: "kb_categories",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("portal_id", Holds::Id),
        Field::new("parent_id", Holds::Id).nullable(),
        Field::new("slug", Holds::Text).searched(Searched::Text),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("description", Holds::Text).nullable().unsortable(),
        Field::new("names", Holds::Text).unfilterable().unsortable(),
        Field::new("position", Holds::Int),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[
        Relation::one("portal", "kb_portal", "portal_id"),
        Relation::one("parent", "kb_category", "parent_id"),
        Relation::many("children", "kb_category", "parent_id"),
        Relation::many("articles", "kb_article", "category_id"),
    ],
    custom: None,
    owned: Owned::Shared,
};

impl Noun for KbCategory {
    const NAME: &'static str = "kb_category";
}
impl Record for KbCategory {
    type Id = KbCategoryId;
    fn id(&self) -> KbCategoryId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for kb_categories::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}
