//! An evaluation says how well somebody has looked after a case, by a scorecard, and is made by somebody else. As long as it
//! is a draft it is its reviewer's; when it is final it is the agent's, who sees it and may appeal; an appeal is decided by
//! somebody else than the agent: it stands as it is, or is revised. What the scores come to stands in [`crate::qa::reckon`].
mod body;
mod deeds;
pub mod figures;
pub mod sample;
pub(crate) mod schema;
pub(crate) mod steps;
pub(crate) mod store;

pub use body::{NewQaEvaluation, QaAppeal, QaEvaluationPatch, QaReason, QaRevision, QaScore, Scores};
pub use deeds::{archive, create, purge, restore, update};
pub use schema::qa_evaluations::table as Table;
pub use steps::{appeal, finalize, revise, uphold};
pub use store::{find, list, many};

use super::scorecard::{Criteria, Criterion};
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{CaseId, Code, Kind, Noun, QaEvaluationId, QaScorecardId, Record, TeamId, UserId};
use platform::filter::Listed;
use rust_decimal::Decimal;
use schema::qa_evaluations;
use serde::Serialize;
use utoipa::ToSchema;

pub const OWN_WORK: Code = Code::new(
    "qa_own_work",
    Kind::Forbidden,
    "Nobody judges their own work, nor decides on what they have appealed against.",
);
pub const TAKEN: Code = Code::new(
    "qa_evaluation_taken",
    Kind::Conflict,
    "The caller has an evaluation of this case by this scorecard: `existing` says which.",
);
pub const STATUS_REFUSED: Code = Code::new(
    "qa_evaluation_status_refused",
    Kind::Conflict,
    "The evaluation is in a status in which that cannot be done.",
);
pub const UNFINISHED: Code = Code::new(
    "qa_evaluation_unfinished",
    Kind::Conflict,
    "Some criteria have neither a score nor the word that they do not apply, or none applies.",
);
pub const CODES: &[Code] = &[OWN_WORK, TAKEN, STATUS_REFUSED, UNFINISHED];

pub const DRAFT: &str = "draft";
pub const FINAL: &str = "final";
pub const APPEALED: &str = "appealed";
pub const UPHELD: &str = "upheld";
pub const REVISED: &str = "revised";
pub const STATUSES: &[&str] = &[DRAFT, FINAL, APPEALED, UPHELD, REVISED];

/// How well somebody has looked after a case.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = qa_evaluations, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-9999-7000-8000-00000000000f", "owner_id": "0192f0c1-0000-7000-8000-000000000001", "team_id": null,
    "scorecard_id": "0192f0c1-9999-7000-8000-00000000000e", "case_id": "0192f0c1-9999-7000-8000-000000000001",
    "agent_id": "0192f0c1-0000-7000-8000-000000000001", "reviewer_id": "0192f0c1-0000-7000-8000-000000000002",
    "status": "final", "criteria": [{"key": "tone", "name": "Tone", "weight": 1, "scale": 5, "is_critical": false}],
    "scores": [{"key": "tone", "score": 4, "comment": null}], "total": "80", "has_failed": false, "is_passed": true,
    "pass_mark": "80", "comment": "Friendly and short.", "appeal_reason": null, "decision_reason": null,
    "decided_by": null, "finalized_at": "2026-11-27T08:00:00Z", "appealed_at": null, "decided_at": null, "version": 2,
    "created_at": "2026-11-27T08:00:00Z", "updated_at": "2026-11-27T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000002", "updated_by": "0192f0c1-0000-7000-8000-000000000002",
    "deleted_at": null
}))]
pub struct QaEvaluation {
    pub id: QaEvaluationId,
    /// the reviewer, as long as it is a draft; then the agent
    pub owner_id: UserId,
    /// the team in which the agent works
    pub team_id: Option<TeamId>,
    pub scorecard_id: QaScorecardId,
    pub case_id: CaseId,
    /// whose work it is about
    pub agent_id: UserId,
    /// who judges
    pub reviewer_id: UserId,
    /// `draft`, `final`, `appealed`, `upheld` or `revised`
    #[schema(example = "final")]
    pub status: String,
    /// those of the scorecard as they were when it was begun
    #[schema(value_type = Vec<Criterion>)]
    pub criteria: Criteria,
    #[schema(value_type = Vec<QaScore>)]
    pub scores: Scores,
    /// of a hundred: the sum of weight × score ÷ scale of all that has a score, by the sum of their weights
    #[serde(serialize_with = "crate::qa::figure::maybe_plain")]
    #[schema(value_type = Option<String>, format = "decimal", example = "80")]
    pub total: Option<Decimal>,
    /// whether a critical criterion has the score 0
    pub has_failed: bool,
    /// whether the total reaches the pass mark, and nothing critical has failed
    pub is_passed: bool,
    /// that of the scorecard when it was begun
    #[serde(serialize_with = "crate::qa::figure::plain")]
    #[schema(value_type = String, format = "decimal", example = "80")]
    pub pass_mark: Decimal,
    pub comment: Option<String>,
    /// why the agent does not agree
    pub appeal_reason: Option<String>,
    /// why it stands, or was revised
    pub decision_reason: Option<String>,
    pub decided_by: Option<UserId>,
    pub finalized_at: Option<DateTime<Utc>>,
    pub appealed_at: Option<DateTime<Utc>>,
    pub decided_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived: it counts for nothing since
    pub deleted_at: Option<DateTime<Utc>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "qa_evaluation",
    table: "qa_evaluations",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("owner_id", Holds::Id),
        Field::new("team_id", Holds::Id).nullable(),
        Field::new("scorecard_id", Holds::Id),
        Field::new("case_id", Holds::Id),
        Field::new("agent_id", Holds::Id),
        Field::new("reviewer_id", Holds::Id),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("criteria", Holds::Text).unfilterable().unsortable(),
        Field::new("scores", Holds::Text).unfilterable().unsortable(),
        Field::new("total", Holds::Decimal).nullable(),
        Field::new("has_failed", Holds::Bool),
        Field::new("is_passed", Holds::Bool),
        Field::new("pass_mark", Holds::Decimal),
        Field::new("comment", Holds::Text).nullable().unsortable().searched(Searched::Text),
        Field::new("appeal_reason", Holds::Text).nullable().unsortable(),
        Field::new("decision_reason", Holds::Text).nullable().unsortable(),
        Field::new("decided_by", Holds::Id).nullable(),
        Field::new("finalized_at", Holds::Instant).nullable(),
        Field::new("appealed_at", Holds::Instant).nullable(),
        Field::new("decided_at", Holds::Instant).nullable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[
        Relation::one("scorecard", "qa_scorecard", "scorecard_id"),
        Relation::one("case", "case", "case_id"),
        Relation::one("agent", "user", "agent_id"),
        Relation::one("reviewer", "user", "reviewer_id"),
        Relation::one("owner", "user", "owner_id"),
        Relation::one("team", "team", "team_id"),
    ],
    custom: None,
    owned: Owned::Rows { owner: "owner_id", team: "team_id" },
};

impl Noun for QaEvaluation {
    const NAME: &'static str = "qa_evaluation";
}
impl Record for QaEvaluation {
    type Id = QaEvaluationId;
    fn id(&self) -> QaEvaluationId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for qa_evaluations::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}
