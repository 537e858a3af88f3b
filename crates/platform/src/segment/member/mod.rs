//! Who is in a segment, and who was. A member is told by itself, `segment_member.entered` and `segment_member.left`; it is
//! seen by those who see the segment and the record. Whoever is in a dynamic segment is said by [`super::engine`] alone.
mod change;
mod deeds;
mod store;

pub use crate::schema::segment_members::table as Table;
pub(super) use change::{Door, enter, leave};
pub use deeds::change;
pub use store::{Included, list, of_all};
use store::{Standing, standing};
pub(super) use store::{count, of_segments};

use crate::filter::Listed;
use crate::schema::segment_members;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::{Noun, Record, SegmentId, SegmentMemberId, Tidy, rule};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

/// A record that is in a segment, or was.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = segment_members, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-9a9a-7000-8000-00000000000e", "segment_id": "0192f0c1-9999-7000-8000-00000000000d",
    "resource": "contact", "record_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6", "version": 1,
    "entered_at": "2026-11-26T08:00:00Z", "left_at": null
}))]
pub struct SegmentMember {
    pub id: SegmentMemberId,
    pub segment_id: SegmentId,
    /// the noun of the record
    #[schema(example = "contact")]
    pub resource: String,
    pub record_id: Uuid,
    pub version: i32,
    /// since when it is in it, or was when it was there last
    pub entered_at: DateTime<Utc>,
    /// when it left; null where it is in it
    pub left_at: Option<DateTime<Utc>>,
}

/// Who is put into a static segment, or taken out: by their ids, or by a filter.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "says_whom"))]
#[schema(example = json!({"op": "add", "ids": ["0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6"]}))]
pub struct SegmentMembersChange {
    /// `add` or `remove`
    #[validate(custom(function = "is_op"))]
    #[schema(example = "add")]
    pub op: String,
    /// all of them, or none
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_items = 1, max_items = 1000)]
    pub ids: Option<Vec<Uuid>>,
    /// all for whom it holds, as the caller sees them, 10,000 at a time
    #[validate(length(min = 1, max = 4096))]
    #[schema(min_length = 1, max_length = 4096)]
    pub filter: Option<String>,
}

/// What came of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"changed_count": 1, "has_more": false}))]
pub struct SegmentMembersChanged {
    /// the others were in it already, or were not
    pub changed_count: i64,
    /// whether the same asked once more would change more
    pub has_more: bool,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "segment_member",
    table: "segment_members",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("segment_id", Holds::Id),
        Field::new("resource", Holds::Text),
        Field::new("record_id", Holds::Id),
        Field::new("version", Holds::Int),
        Field::new("entered_at", Holds::Instant),
        Field::new("left_at", Holds::Instant).nullable(),
    ],
    relations: &[Relation::one("segment", "segment", "segment_id")],
    custom: None,
    owned: Owned::Part { of: "segment", column: "segment_id" },
};

impl Noun for SegmentMember {
    const NAME: &'static str = "segment_member";
}
impl Record for SegmentMember {
    type Id = SegmentMemberId;
    fn id(&self) -> SegmentMemberId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for segment_members::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}

impl Tidy for SegmentMembersChange {}

fn is_op(text: &str) -> Result<(), ValidationError> {
    match ["add", "remove"].contains(&text) {
        true => Ok(()),
        false => Err(rule!("choice", "is none of add and remove")),
    }
}

fn says_whom(change: &SegmentMembersChange) -> Result<(), ValidationError> {
    match change.ids.is_some() == change.filter.is_some() {
        true => Err(rule!("one_of", "is ids or filter, one of them")),
        false => Ok(()),
    }
}
