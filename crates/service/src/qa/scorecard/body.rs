//! What is sent to make a scorecard, and to change it.
use super::schema::qa_scorecards;
use crate::qa::figure;
use diesel::prelude::{AsChangeset, Insertable};
use kernel::{QaScorecardId, Tidy, patch, rule, tidy};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

const MOST: usize = 100;

/// One thing by which it is judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = QaCriterion,
    example = json!({"key": "tone", "name": "Tone", "weight": 1, "scale": 5, "is_critical": false}))]
pub struct Criterion {
    /// what scores name it by
    #[schema(min_length = 1, max_length = 60, pattern = "^[a-z][a-z0-9_]{0,59}$")]
    pub key: String,
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// how much it counts beside the others
    #[schema(minimum = 1, maximum = 1000)]
    pub weight: i32,
    /// the highest score; the lowest is 0
    #[schema(minimum = 1, maximum = 100)]
    pub scale: i32,
    /// the score 0 fails the whole
    #[serde(default)]
    #[schema(required = false)]
    pub is_critical: bool,
}

platform::jsonb!(Criteria(Vec<Criterion>), "By what it is judged, as a column keeps it.");

/// What a new scorecard is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = qa_scorecards, treat_none_as_default_value = false)]
#[schema(example = json!({
    "name": "客服质检", "criteria": [{"key": "tone", "name": "Tone", "weight": 1, "scale": 5}], "pass_mark": "80",
    "sample_percent": "5"
}))]
pub struct NewQaScorecard {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<QaScorecardId>,
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    #[validate(length(max = 2000))]
    #[schema(max_length = 2000)]
    pub description: Option<String>,
    #[validate(custom(function = "are_criteria"))]
    #[schema(value_type = Vec<Criterion>, min_items = 1, max_items = 100)]
    pub criteria: Criteria,
    /// 80, unless said otherwise
    #[serde(default, deserialize_with = "figure::maybe")]
    #[diesel(skip_insertion)]
    #[validate(custom(function = "figure::is_percent"))]
    #[schema(value_type = Option<String>, format = "decimal", example = "80", pattern = r"^\d{1,3}(\.\d{1,2})?$")]
    pub pass_mark: Option<Decimal>,
    /// over cases, in the language of filters
    #[validate(length(min = 1, max = 4000))]
    #[schema(min_length = 1, max_length = 4000, example = "status == \"closed\"")]
    pub filter: Option<String>,
    /// 5, unless said otherwise
    #[serde(default, deserialize_with = "figure::maybe")]
    #[diesel(skip_insertion)]
    #[validate(custom(function = "figure::is_percent"))]
    #[schema(value_type = Option<String>, format = "decimal", example = "5", pattern = r"^\d{1,3}(\.\d{1,2})?$")]
    pub sample_percent: Option<Decimal>,
    #[serde(default = "yes")]
    #[schema(default = true, required = false)]
    pub is_active: bool,
}

/// A merge patch: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = qa_scorecards)]
#[schema(example = json!({"sample_percent": "10"}))]
pub struct QaScorecardPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 2000))]
    #[schema(value_type = Option<String>, max_length = 2000)]
    pub description: Option<Option<String>>,
    /// all of them, in place of those that are there
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "are_criteria"))]
    #[schema(value_type = Vec<Criterion>, required = false, min_items = 1, max_items = 100)]
    pub criteria: Option<Criteria>,
    #[serde(default, deserialize_with = "figure::value")]
    #[validate(custom(function = "figure::is_percent"))]
    #[schema(value_type = String, required = false, format = "decimal", pattern = r"^\d{1,3}(\.\d{1,2})?$")]
    pub pass_mark: Option<Decimal>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(min = 1, max = 4000))]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 4000)]
    pub filter: Option<Option<String>>,
    #[serde(default, deserialize_with = "figure::value")]
    #[validate(custom(function = "figure::is_percent"))]
    #[schema(value_type = String, required = false, format = "decimal", pattern = r"^\d{1,3}(\.\d{1,2})?$")]
    pub sample_percent: Option<Decimal>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_active: Option<bool>,
}

impl Tidy for NewQaScorecard {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
    }
}
impl Tidy for QaScorecardPatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
    }
}

fn yes() -> bool {
    true
}

fn are_criteria(all: &Criteria) -> Result<(), ValidationError> {
    if all.0.is_empty() {
        return Err(rule!("required", "says by what it is judged"));
    }
    if all.0.len() > MOST {
        return Err(rule!("too_many", "at most {most} of them", most = MOST));
    }
    let twice = |(at, one): (usize, &Criterion)| all.0.iter().take(at).any(|other| other.key == one.key);
    if all.0.iter().enumerate().any(twice) {
        return Err(rule!("twice", "has a key twice"));
    }
    all.0.iter().try_for_each(is_criterion)
}

fn is_criterion(one: &Criterion) -> Result<(), ValidationError> {
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let is_key = one.key.starts_with(|c: char| c.is_ascii_lowercase()) && one.key.chars().all(is_word);
    if !is_key || one.key.len() > 60 {
        return Err(rule!("key", "a key is up to 60 small letters, digits and underscores, and begins with a letter"));
    }
    if one.name.trim().is_empty() || one.name.chars().count() > 200 {
        return Err(rule!("length", "a criterion has a name of up to 200 characters"));
    }
    match (1..=1000).contains(&one.weight) && (1..=100).contains(&one.scale) {
        true => Ok(()),
        false => Err(rule!("range", "a weight is from 1 to 1000 and a scale from 1 to 100")),
    }
}
