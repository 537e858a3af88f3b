//! What is sent to make a survey, and to change it.
use super::KINDS;
use super::schema::surveys;
use crate::locale::{Worded, are_names, are_texts};
use diesel::prelude::{AsChangeset, Insertable};
use kernel::{SurveyId, Tidy, patch, rule, tidy};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// What a new survey is made of.
#[derive(Clone, Debug, Default, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = surveys, treat_none_as_default_value = false)]
#[schema(example = json!({
    "name": "服务满意度", "kind": "csat", "subjects": {"zh-Hans": "请评价我们的服务"},
    "questions": {"zh-Hans": "您对本次服务满意吗？"}, "delay_minutes": 60
}))]
pub struct NewSurvey {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<SurveyId>,
    #[validate(length(min = 1, max = 200), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// `csat` (1 to 5), `nps` (0 to 10) or `ces` (1 to 7); it stays
    #[validate(custom(function = "is_kind"))]
    #[schema(example = "csat")]
    pub kind: String,
    #[validate(custom(function = "are_subjects"))]
    pub subjects: Worded,
    #[validate(custom(function = "are_questions"))]
    pub questions: Worded,
    #[serde(default)]
    #[validate(custom(function = "are_thanks"))]
    #[schema(required = false)]
    pub thanks: Worded,
    #[serde(default = "yes")]
    #[schema(default = true, required = false)]
    pub is_active: bool,
    /// asks whoever has a case when that is closed
    #[serde(default)]
    #[schema(required = false)]
    pub is_sent_on_close: bool,
    #[serde(default)]
    #[validate(range(min = 0, max = 43200))]
    #[schema(required = false, minimum = 0, maximum = 43_200)]
    pub delay_minutes: i32,
    #[serde(default = "all")]
    #[validate(range(min = 1, max = 100))]
    #[schema(required = false, default = 100, minimum = 1, maximum = 100)]
    pub sampling_percent: i32,
    #[serde(default = "a_month")]
    #[validate(range(min = 0, max = 3650))]
    #[schema(required = false, default = 30, minimum = 0, maximum = 3650)]
    pub quiet_days: i32,
    #[serde(default = "two_weeks")]
    #[validate(range(min = 1, max = 365))]
    #[schema(required = false, default = 14, minimum = 1, maximum = 365)]
    pub answer_days: i32,
}

/// A merge patch: what is absent stays. Texts are given in all languages at once. Another kind is another survey.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = surveys)]
#[schema(example = json!({"sampling_percent": 25, "is_active": false}))]
pub struct SurveyPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 200), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "are_subjects"))]
    #[schema(value_type = Worded, required = false)]
    pub subjects: Option<Worded>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "are_questions"))]
    #[schema(value_type = Worded, required = false)]
    pub questions: Option<Worded>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "are_thanks"))]
    #[schema(value_type = Worded, required = false)]
    pub thanks: Option<Worded>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_active: Option<bool>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_sent_on_close: Option<bool>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(range(min = 0, max = 43200))]
    #[schema(value_type = i32, required = false, minimum = 0, maximum = 43_200)]
    pub delay_minutes: Option<i32>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(range(min = 1, max = 100))]
    #[schema(value_type = i32, required = false, minimum = 1, maximum = 100)]
    pub sampling_percent: Option<i32>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(range(min = 0, max = 3650))]
    #[schema(value_type = i32, required = false, minimum = 0, maximum = 3650)]
    pub quiet_days: Option<i32>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(range(min = 1, max = 365))]
    #[schema(value_type = i32, required = false, minimum = 1, maximum = 365)]
    pub answer_days: Option<i32>,
}

impl Tidy for NewSurvey {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
    }
}
impl Tidy for SurveyPatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
    }
}

fn is_kind(kind: &str) -> Result<(), ValidationError> {
    match KINDS.contains(&kind) {
        true => Ok(()),
        false => Err(rule!("choice", "is none of {choices}", choices = KINDS.join(", "))),
    }
}

fn are_subjects(texts: &Worded) -> Result<(), ValidationError> {
    in_a_language(texts)?;
    are_names(texts)
}

fn are_questions(texts: &Worded) -> Result<(), ValidationError> {
    in_a_language(texts)?;
    are_texts(texts, 2000)
}

fn are_thanks(texts: &Worded) -> Result<(), ValidationError> {
    are_texts(texts, 2000)
}

fn in_a_language(texts: &Worded) -> Result<(), ValidationError> {
    match texts.0.is_empty() {
        true => Err(rule!("required", "says nothing in any language")),
        false => Ok(()),
    }
}

fn yes() -> bool {
    true
}
fn all() -> i32 {
    100
}
fn a_month() -> i32 {
    30
}
fn two_weeks() -> i32 {
    14
}
