//! What is sent to begin an evaluation, to change it, and to move it on.
use super::schema::qa_evaluations;
use diesel::prelude::AsChangeset;
use kernel::{CaseId, QaEvaluationId, QaScorecardId, Tidy, UserId, patch, rule, tidy};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

const MOST: usize = 100;

/// What one criterion was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"key": "tone", "score": 4, "comment": null}))]
pub struct QaScore {
    /// of the criterion
    #[schema(min_length = 1, max_length = 60)]
    pub key: String,
    /// from 0 to the scale of the criterion; null, where it does not apply
    #[schema(minimum = 0, maximum = 100)]
    pub score: Option<i32>,
    #[schema(max_length = 2000)]
    pub comment: Option<String>,
}

platform::jsonb!(Scores(Vec<QaScore>), "What criteria were given, as a column keeps it.");

/// What a new evaluation is made of.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "case_id": "0192f0c1-9999-7000-8000-000000000001", "scorecard_id": "0192f0c1-9999-7000-8000-00000000000e",
    "scores": [{"key": "tone", "score": 4}]
}))]
pub struct NewQaEvaluation {
    /// made by the client, when it creates offline
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<QaEvaluationId>,
    pub case_id: CaseId,
    pub scorecard_id: QaScorecardId,
    /// whose work it is about: the owner of the case, unless said otherwise
    pub agent_id: Option<UserId>,
    #[serde(default)]
    #[validate(custom(function = "are_scores"))]
    #[schema(value_type = Vec<QaScore>, required = false, max_items = 100)]
    pub scores: Scores,
    #[validate(length(max = 10000))]
    #[schema(max_length = 10000)]
    pub comment: Option<String>,
}

/// A merge patch of a draft: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = qa_evaluations)]
#[schema(example = json!({"scores": [{"key": "tone", "score": 5}]}))]
pub struct QaEvaluationPatch {
    /// all of them, in place of those that are there
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "are_scores"))]
    #[schema(value_type = Vec<QaScore>, required = false, max_items = 100)]
    pub scores: Option<Scores>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 10000))]
    #[schema(value_type = Option<String>, max_length = 10000)]
    pub comment: Option<Option<String>>,
}

/// Why the agent does not agree.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "The customer had asked for exactly that."}))]
pub struct QaAppeal {
    #[validate(length(max = 2000), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 2000)]
    pub reason: String,
}

/// Why it stands as it is.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "The guide says otherwise."}))]
pub struct QaReason {
    #[validate(length(max = 2000))]
    #[schema(max_length = 2000)]
    pub reason: Option<String>,
}

/// What it says instead, and why.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"scores": [{"key": "tone", "score": 5}], "reason": "Seen again with the whole conversation."}))]
pub struct QaRevision {
    #[validate(custom(function = "are_scores"))]
    #[schema(value_type = Vec<QaScore>, min_items = 1, max_items = 100)]
    pub scores: Scores,
    #[validate(length(max = 2000))]
    #[schema(max_length = 2000)]
    pub reason: Option<String>,
}

impl Tidy for NewQaEvaluation {}
impl Tidy for QaEvaluationPatch {}
impl Tidy for QaReason {}
impl Tidy for QaRevision {}
impl Tidy for QaAppeal {
    fn tidy(&mut self) {
        tidy::trim(&mut self.reason);
    }
}

fn are_scores(all: &Scores) -> Result<(), ValidationError> {
    if all.0.len() > MOST {
        return Err(rule!("too_many", "at most {most} of them", most = MOST));
    }
    let twice = |(at, one): (usize, &QaScore)| all.0.iter().take(at).any(|other| other.key == one.key);
    if all.0.iter().enumerate().any(twice) {
        return Err(rule!("twice", "has a key twice"));
    }
    match all.0.iter().all(|one| one.comment.as_ref().is_none_or(|text| text.chars().count() <= 2000)) {
        true => Ok(()),
        false => Err(rule!("length", "a comment has up to 2000 characters")),
    }
}
