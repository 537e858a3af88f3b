//! Where an opportunity has been: a row each time that it comes to a stage, with how long it was in the one before. It is
//! written with the change, once, and keeps the keys of stages, which may go.
mod store;

pub use super::schema::opportunity_stage_history::table as Table;
pub(super) use store::note;
pub use store::{list, of, of_all};

use super::schema::opportunity_stage_history as history;
use crate::pipeline::stage::KINDS;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::{Noun, OpportunityId, PipelineId, Record, StageChangeId, UserId};
use platform::filter::Listed;
use serde::Serialize;
use utoipa::ToSchema;

/// That an opportunity came to a stage.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = history, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-6666-7000-8000-000000000011", "opportunity_id": "0192f0c1-6666-7000-8000-00000000000e",
    "pipeline_id": "0192f0c1-5555-7000-8000-00000000000b", "from_stage": "proposal", "to_stage": "negotiation",
    "kind": "open", "duration_seconds": 259200, "changed_at": "2026-11-24T08:00:00Z",
    "changed_by": "0192f0c1-0000-7000-8000-000000000001"
}))]
pub struct StageChange {
    pub id: StageChangeId,
    pub opportunity_id: OpportunityId,
    /// that of the stage it came to
    pub pipeline_id: PipelineId,
    /// the key of the stage before; absent where it was new
    pub from_stage: Option<String>,
    /// the key of the stage
    pub to_stage: String,
    /// of the stage it came to
    #[schema(example = "open")]
    pub kind: String,
    /// how long it was in the stage before
    pub duration_seconds: Option<i64>,
    pub changed_at: DateTime<Utc>,
    pub changed_by: UserId,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "stage_change",
    table: "opportunity_stage_history",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("opportunity_id", Holds::Id),
        Field::new("pipeline_id", Holds::Id),
        Field::new("from_stage", Holds::Text).nullable(),
        Field::new("to_stage", Holds::Text),
        Field::new("kind", Holds::Choice(KINDS)),
        Field::new("duration_seconds", Holds::Int).nullable(),
        Field::new("changed_at", Holds::Instant),
        Field::new("changed_by", Holds::Id),
    ],
    relations: &[
        Relation::one("opportunity", "opportunity", "opportunity_id"),
        Relation::one("pipeline", "pipeline", "pipeline_id"),
    ],
    custom: None,
    owned: Owned::Part { of: "opportunity", column: "opportunity_id" },
};

impl StageChange {
    /// What has happened by it: `created`, `won`, `lost`, or that it came to another stage.
    pub fn step(&self) -> &'static str {
        match self.kind.as_str() {
            "won" => "won",
            "lost" => "lost",
            _ if self.from_stage.is_none() => "created",
            _ => "stage_changed",
        }
    }
}
impl Noun for StageChange {
    const NAME: &'static str = "stage_change";
}
impl Record for StageChange {
    type Id = StageChangeId;
    fn id(&self) -> StageChangeId {
        self.id
    }
    /// It is written once.
    fn version(&self) -> i32 {
        1
    }
}
impl Listed for history::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}
