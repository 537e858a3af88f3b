//! What is sent to make a case, and to change it.
use super::schema::cases;
use super::standing::STATUSES;
use super::{CHANNELS, PRIORITIES, SEVERITIES, TYPES};
use customer::choices::one_of;
use diesel::prelude::{AsChangeset, Insertable};
use kernel::{
    AccountId, CaseCategoryId, CaseId, ContactId, OrderId, ProductId, TeamId, Tidy, UserId, patch, rule, tidy,
};
use platform::custom::{Custom, CustomPatch};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

const LONGEST_SKILL: usize = 100;

/// What a new case is made of.
#[derive(Clone, Debug, Default, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = cases, treat_none_as_default_value = false)]
#[schema(example = json!({
    "subject": "茶叶受潮，要求换货", "description": "收到的两箱茶叶包装破损。", "case_type": "complaint",
    "priority": "high", "channel": "phone"
}))]
pub struct NewCase {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<CaseId>,
    /// the queue that is named, or else the caller, unless said otherwise
    #[diesel(skip_insertion)]
    pub owner_id: Option<UserId>,
    pub team_id: Option<TeamId>,
    /// counted on where it is absent: `1042`
    #[diesel(skip_insertion)]
    #[validate(length(min = 1, max = 40), custom(function = "is_number"))]
    #[schema(min_length = 1, max_length = 40)]
    pub number: Option<String>,
    #[validate(length(min = 1, max = 500), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 500)]
    pub subject: String,
    #[validate(length(max = 20000))]
    #[schema(max_length = 20000)]
    pub description: Option<String>,
    /// `inquiry`, unless said otherwise
    #[diesel(skip_insertion)]
    #[validate(custom(function = "is_type"))]
    #[schema(example = "complaint")]
    pub case_type: Option<String>,
    /// `new`, unless said otherwise
    #[diesel(skip_insertion)]
    #[validate(custom(function = "is_status"))]
    #[schema(example = "new")]
    pub status: Option<String>,
    /// `normal`, unless said otherwise
    #[diesel(skip_insertion)]
    #[validate(custom(function = "is_priority"))]
    #[schema(example = "high")]
    pub priority: Option<String>,
    #[validate(custom(function = "is_severity"))]
    #[schema(example = "major")]
    pub severity: Option<String>,
    /// by which it came in: `api`, unless said otherwise
    #[diesel(skip_insertion)]
    #[validate(custom(function = "is_channel"))]
    #[schema(example = "phone")]
    pub channel: Option<String>,
    pub category_id: Option<CaseCategoryId>,
    /// that of the contact, unless said otherwise
    #[diesel(skip_insertion)]
    pub account_id: Option<AccountId>,
    pub contact_id: Option<ContactId>,
    #[diesel(skip_insertion)]
    pub order_id: Option<OrderId>,
    #[diesel(skip_insertion)]
    pub product_id: Option<ProductId>,
    /// the queue by which it is given out
    pub queue_id: Option<UserId>,
    /// the case that it is a part of
    pub parent_id: Option<CaseId>,
    /// what whoever gets it has to know
    #[serde(default)]
    #[validate(length(max = 50), custom(function = "are_skills"))]
    #[schema(required = false, max_items = 50)]
    pub required_skills: Vec<String>,
    #[validate(length(max = 10000))]
    #[schema(max_length = 10000)]
    pub resolution: Option<String>,
    #[diesel(skip_insertion)]
    #[validate(length(max = 500))]
    #[schema(max_length = 500)]
    pub root_cause: Option<String>,
    /// fields of the tenant's own
    #[serde(default)]
    #[schema(required = false)]
    pub custom: Custom,
}

/// A merge patch: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = cases)]
#[schema(example = json!({"priority": "urgent", "status": "pending"}))]
pub struct CasePatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = UserId, required = false)]
    pub owner_id: Option<UserId>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<TeamId>)]
    pub team_id: Option<Option<TeamId>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 40), custom(function = "is_number"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 40)]
    pub number: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 500), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 500)]
    pub subject: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 20000))]
    #[schema(value_type = Option<String>, max_length = 20000)]
    pub description: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_type"))]
    #[schema(value_type = String, required = false)]
    pub case_type: Option<String>,
    /// 409 `case_transition_refused` where its status does not lead there
    #[serde(default, deserialize_with = "patch::value")]
    #[diesel(skip_update)]
    #[validate(custom(function = "is_status"))]
    #[schema(value_type = String, required = false)]
    pub status: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_priority"))]
    #[schema(value_type = String, required = false)]
    pub priority: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(custom(function = "is_severity"))]
    #[schema(value_type = Option<String>)]
    pub severity: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<CaseCategoryId>)]
    pub category_id: Option<Option<CaseCategoryId>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<AccountId>)]
    pub account_id: Option<Option<AccountId>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<ContactId>)]
    pub contact_id: Option<Option<ContactId>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[diesel(skip_update)]
    #[schema(value_type = Option<OrderId>)]
    pub order_id: Option<Option<OrderId>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[diesel(skip_update)]
    #[schema(value_type = Option<ProductId>)]
    pub product_id: Option<Option<ProductId>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<UserId>)]
    pub queue_id: Option<Option<UserId>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<CaseId>)]
    pub parent_id: Option<Option<CaseId>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 50), custom(function = "are_skills"))]
    #[schema(value_type = Vec<String>, required = false, max_items = 50)]
    pub required_skills: Option<Vec<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 10000))]
    #[schema(value_type = Option<String>, max_length = 10000)]
    pub resolution: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[diesel(skip_update)]
    #[validate(length(max = 500))]
    #[schema(value_type = Option<String>, max_length = 500)]
    pub root_cause: Option<Option<String>>,
    /// fields of the tenant's own: what is absent stays, what is null is cleared
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = Custom, required = false)]
    pub custom: Option<CustomPatch>,
}

impl CasePatch {
    /// Whether it changes what a case is found by.
    pub(super) fn is_searched(&self) -> bool {
        self.number.is_some() || self.subject.is_some() || self.custom.is_some()
    }
}

impl Tidy for NewCase {
    fn tidy(&mut self) {
        self.number.iter_mut().for_each(tidy::trim);
        tidy::trim(&mut self.subject);
        self.required_skills.iter_mut().for_each(tidy::trim);
    }
}
impl Tidy for CasePatch {
    fn tidy(&mut self) {
        [&mut self.number, &mut self.subject].into_iter().flatten().for_each(tidy::trim);
        self.required_skills.iter_mut().flatten().for_each(tidy::trim);
    }
}

/// It stands in subjects of mails, between brackets.
fn is_number(text: &str) -> Result<(), ValidationError> {
    tidy::is_filled(text)?;
    match text.chars().any(|one| one.is_control() || "[]#".contains(one)) {
        true => Err(rule!("characters", "holds brackets, # or what is no letter")),
        false => Ok(()),
    }
}

pub(crate) fn is_type(text: &str) -> Result<(), ValidationError> {
    one_of(text, TYPES)
}
fn is_status(text: &str) -> Result<(), ValidationError> {
    one_of(text, STATUSES)
}
pub(crate) fn is_priority(text: &str) -> Result<(), ValidationError> {
    one_of(text, PRIORITIES)
}
fn is_severity(text: &str) -> Result<(), ValidationError> {
    one_of(text, SEVERITIES)
}
pub(crate) fn is_channel(text: &str) -> Result<(), ValidationError> {
    one_of(text, CHANNELS)
}

fn are_skills(all: &[String]) -> Result<(), ValidationError> {
    match all.iter().any(|one| one.is_empty() || one.chars().count() > LONGEST_SKILL) {
        true => Err(rule!("length", "names a skill that is empty or longer than 100 characters")),
        false => Ok(()),
    }
}
