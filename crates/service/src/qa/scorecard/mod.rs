//! A scorecard says by what the work on a case is judged: criteria with their weights and scales, from which total on it is
//! passed, and of which cases how many are looked at. An evaluation keeps the criteria as they were when it was begun.
mod body;
mod deeds;
pub(crate) mod schema;
pub(crate) mod store;

pub use body::{Criteria, Criterion, NewQaScorecard, QaScorecardPatch};
pub use deeds::{archive, create, purge, restore, update, upsert};
pub use schema::qa_scorecards::table as Table;
pub use store::{find, list, many};

use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{Code, Kind, Noun, QaScorecardId, Record, UserId};
use platform::filter::Listed;
use rust_decimal::Decimal;
use schema::qa_scorecards;
use serde::Serialize;
use utoipa::ToSchema;

pub const NAME_TAKEN: Code =
    Code::new("qa_scorecard_name_taken", Kind::Conflict, "Another scorecard has this name: `existing` says which.");
pub const SHUT: Code =
    Code::new("qa_scorecard_shut", Kind::Conflict, "The scorecard is not active: nothing is judged by it.");
pub const CODES: &[Code] = &[NAME_TAKEN, SHUT];

/// By what the work on a case is judged.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = qa_scorecards, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-9999-7000-8000-00000000000e", "name": "客服质检", "description": null,
    "criteria": [{"key": "tone", "name": "Tone", "weight": 1, "scale": 5, "is_critical": false},
        {"key": "privacy", "name": "Gave no data away", "weight": 2, "scale": 1, "is_critical": true}],
    "pass_mark": "80", "filter": "status == \"closed\"", "sample_percent": "5", "is_active": true, "version": 1,
    "created_at": "2026-11-27T08:00:00Z", "updated_at": "2026-11-27T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct QaScorecard {
    pub id: QaScorecardId,
    pub name: String,
    pub description: Option<String>,
    #[schema(value_type = Vec<Criterion>)]
    pub criteria: Criteria,
    /// from which total on, of a hundred, it is passed
    #[serde(serialize_with = "crate::qa::figure::plain")]
    #[schema(value_type = String, format = "decimal", example = "80")]
    pub pass_mark: Decimal,
    /// of which cases some are looked at: of all, where it is null
    pub filter: Option<String>,
    /// how many of a hundred of those
    #[serde(serialize_with = "crate::qa::figure::plain")]
    #[schema(value_type = String, format = "decimal", example = "5")]
    pub sample_percent: Decimal,
    pub is_active: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived: nothing is judged by it since
    pub deleted_at: Option<DateTime<Utc>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "qa_scorecard",
    table: "qa_scorecards",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("description", Holds::Text).nullable().unsortable(),
        Field::new("criteria", Holds::Text).unfilterable().unsortable(),
        Field::new("pass_mark", Holds::Decimal),
        Field::new("filter", Holds::Text).nullable().unsortable(),
        Field::new("sample_percent", Holds::Decimal),
        Field::new("is_active", Holds::Bool),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[Relation::many("evaluations", "qa_evaluation", "scorecard_id")],
    custom: None,
    owned: Owned::Shared,
};

impl Noun for QaScorecard {
    const NAME: &'static str = "qa_scorecard";
}
impl Record for QaScorecard {
    type Id = QaScorecardId;
    fn id(&self) -> QaScorecardId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for qa_scorecards::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}
