//! A label is what accounts may be called: by people, or by a segmentation, whose classes are labels each
//! (`rfm:champion`). Which accounts have it stands in [`account`].
//!
//! Its key is unique among the living ones of a tenant, and never changes: filters ask by it (`"vip" in labels`). A label
//! belongs to nobody; whoever may change an account may give it one.
pub mod account;
mod body;
mod deeds;
pub(crate) mod store;

pub use crate::schema::labels::table as Table;
pub use body::{LabelPatch, NewLabel};
pub use deeds::{archive, create, purge, restore, update, upsert};
pub(crate) use deeds::{go_along, go_for_good, words};
pub use store::{find, list, many};

use crate::schema::labels;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{Code, Kind, LabelId, Noun, Record, SegmentationId, UserId};
use platform::filter::Listed;
use serde::Serialize;
use utoipa::ToSchema;

pub const KEY_TAKEN: Code =
    Code::new("label_key_taken", Kind::Conflict, "Another label has this key: `existing` says which.");
pub const OF_A_CLASS: Code = Code::new(
    "label_of_a_class",
    Kind::Conflict,
    "The label is a class of a segmentation: it comes and goes with that, and is not archived or deleted by itself.",
);
pub const CODES: &[Code] = &[KEY_TAKEN, OF_A_CLASS];

/// What accounts may be called.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = labels, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-9999-7000-8000-000000000001", "key": "vip", "name": "VIP", "description": "by hand",
    "color": "#b8860b", "segmentation_id": null, "class": null, "version": 1, "created_at": "2026-11-27T08:00:00Z",
    "updated_at": "2026-11-27T08:00:00Z", "created_by": "0192f0c1-0000-7000-8000-000000000001",
    "updated_by": "0192f0c1-0000-7000-8000-000000000001", "deleted_at": null
}))]
pub struct Label {
    pub id: LabelId,
    /// what filters ask by: `"vip" in labels`; of a class, the key of its segmentation, a colon and the class
    #[schema(example = "vip")]
    pub key: String,
    pub name: String,
    pub description: Option<String>,
    /// as a page writes it
    #[schema(example = "#b8860b")]
    pub color: Option<String>,
    /// the segmentation whose class it is
    pub segmentation_id: Option<SegmentationId>,
    #[schema(example = "champion")]
    pub class: Option<String>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived
    pub deleted_at: Option<DateTime<Utc>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "label",
    table: "labels",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("key", Holds::Text).names(),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("description", Holds::Text).nullable().unsortable(),
        Field::new("color", Holds::Text).nullable(),
        Field::new("segmentation_id", Holds::Id).nullable(),
        Field::new("class", Holds::Text).nullable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[Relation::one("segmentation", "segmentation", "segmentation_id")],
    custom: None,
    owned: Owned::Shared,
};

impl Noun for Label {
    const NAME: &'static str = "label";
}
impl Record for Label {
    type Id = LabelId;
    fn id(&self) -> LabelId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for labels::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}
