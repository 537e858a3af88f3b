//! Records that turn out to be one become one: the winner keeps its id, and what is said of both; the losers are archived,
//! and whatever pointed at them points at the winner ([`reference`](self::reference)). All of it is one transaction, and
//! is written down, so that it can be undone.
//!
//! A person may be a contact and an account: where one side becomes one with others, so does the other
//! (`other`).
//!
//! The id of a loser leads to the winner, and to the last of them where that became one with another (`gone`). What comes
//! to a loser while it is merged, from somebody who found it a moment before, is moved a little later ([`settle`]).
mod answer;
mod choice;
mod deeds;
mod gone;
mod half;
mod later;
mod moving;
mod other;
pub mod reference;
mod store;
mod undo;

pub use crate::schema::merges::table as Table;
pub use answer::{MergeConflict, MergeOther, MergedField, RecordMerger, RecordsMerged};
pub use deeds::{Mergeable, merge};
pub use gone::{instead, refuse};
pub use later::{KEPT, clear, settle};
pub use reference::{REFERENCES, Reference, Way};
pub use store::{find, list, many};
pub use undo::undo;

use crate::filter::Listed;
use crate::import::many as many_at_once;
use crate::schema::merges;
use crate::{Conn, custom, jsonb};
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::event::Verb;
use kernel::{Code, Ctx, Error, Kind, MergeId, Noun, Record, Result, TeamId, UserId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

pub const MERGED: Code =
    Code::new("merged", Kind::Conflict, "The record became one with another: `merged_into` says with which.");
pub const NOT_UNDOABLE: Code =
    Code::new("merge_not_undoable", Kind::Conflict, "The merge cannot be undone, or no more: `detail` says why.");
pub const CODES: &[Code] = &[MERGED, NOT_UNDOABLE];

pub const STATUSES: &[&str] = &["done", "undone", "final"];

/// How one record became of several.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = merges, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-0000-7000-8000-0000000000e1", "resource": "contact",
    "winner_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6", "loser_ids": ["0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f7"],
    "owner_id": "0192f0c1-0000-7000-8000-000000000001", "team_id": null, "status": "done",
    "field_choices": {"job_title": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f7"},
    "moved": [{"resource": "orders", "moved_count": 3, "kept_count": 0}],
    "undo_until": "2027-02-24T08:00:00Z", "undone_at": null, "undone_by": null, "version": 1,
    "created_at": "2026-11-26T08:00:00Z", "updated_at": "2026-11-26T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001"
}))]
pub struct Merge {
    pub id: MergeId,
    /// of which noun: `account`, `contact` or `case`
    #[schema(example = "contact")]
    pub resource: String,
    /// the record that is left
    pub winner_id: Uuid,
    /// those that became one with it
    pub loser_ids: Vec<Uuid>,
    /// whoever merged them
    pub owner_id: UserId,
    /// the team of the winner at that time
    pub team_id: Option<TeamId>,
    /// `done`, `undone`, or `final`: it cannot be undone any more
    #[schema(example = "done")]
    pub status: String,
    /// whose value a field was to have
    #[schema(value_type = BTreeMap<String, Uuid>)]
    pub field_choices: FieldChoices,
    /// what was moved to the winner
    #[schema(value_type = Vec<MovedCount>)]
    pub moved: MovedCounts,
    /// until when it can be undone
    pub undo_until: DateTime<Utc>,
    pub undone_at: Option<DateTime<Utc>>,
    pub undone_by: Option<UserId>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
}

jsonb!(FieldChoices(BTreeMap<String, Uuid>), "Field → the record whose value it is to have.");
jsonb!(MovedCounts(Vec<MovedCount>), "What was moved, by table.");
jsonb!(Changes(Vec<Change>), "What has changed of the winner.");

/// How many rows of a table pointed at the losers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MovedCount {
    /// what they are
    #[schema(example = "orders")]
    pub resource: String,
    /// so many point at the winner now
    pub moved_count: i64,
    /// so many do not, for the winner has their like
    pub kept_count: i64,
}

impl MovedCount {
    fn of(table: &str) -> Self {
        Self { resource: table.to_owned(), ..Self::default() }
    }
}

/// A field of the winner that changes with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    pub field: String,
    pub source_id: Uuid,
    pub before: Value,
    pub after: Value,
    /// of the winner of the other side
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_other: bool,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "merge",
    table: "merges",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("resource", Holds::Text),
        Field::new("winner_id", Holds::Id),
        Field::new("loser_ids", Holds::Text).unfilterable().unsortable(),
        Field::new("owner_id", Holds::Id),
        Field::new("team_id", Holds::Id).nullable(),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("field_choices", Holds::Text).unfilterable().unsortable(),
        Field::new("moved", Holds::Text).unfilterable().unsortable(),
        Field::new("undo_until", Holds::Instant),
        Field::new("undone_at", Holds::Instant).nullable(),
        Field::new("undone_by", Holds::Id).nullable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
    ],
    relations: &[Relation::one("owner", "user", "owner_id"), Relation::one("team", "team", "team_id")],
    custom: None,
    owned: Owned::Rows { owner: "owner_id", team: "team_id" },
};

impl Noun for Merge {
    const NAME: &'static str = "merge";
}
impl Record for Merge {
    type Id = MergeId;
    fn id(&self) -> MergeId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for merges::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}

/// A noun that the house has.
fn noun(name: &str) -> Result<&'static Catalogue> {
    custom::catalogues().and_then(|all| all.get(name)).ok_or_else(|| Error::internal("the catalogues are not open"))
}

/// Where the records stand that a change is told of.
fn table_of(told: Option<(&'static str, &'static str)>) -> Option<&'static str> {
    noun(told?.0).ok().map(|noun| noun.table)
}

/// Records that have changed with a merge have a version more. Their own rules are not asked: nobody has written them.
fn tell(conn: &mut Conn, ctx: &Ctx, told: &moving::Told) -> Result<()> {
    for (name, ids) in told {
        let ids: Vec<Uuid> = ids.iter().copied().collect();
        for some in ids.chunks(5000) {
            many_at_once::retold(conn, ctx, noun(name)?, Verb::Updated, some)?;
        }
    }
    Ok(())
}
