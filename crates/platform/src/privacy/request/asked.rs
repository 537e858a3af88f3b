//! What callers say of a request: a new one, a change, who was verified and how, why it was rejected.
use super::{CHANNELS, KINDS, LAWS};
use crate::privacy::hold::is_subject;
use crate::schema::privacy_requests;
use chrono::NaiveDate;
use diesel::prelude::AsChangeset;
use kernel::{PrivacyRequestId, Tidy, patch, rule, tidy};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

/// What a new request is made of. Without a subject it is somebody whom nobody here knows.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "is_whole"))]
#[schema(example = json!({
    "kind": "access", "subject_kind": "contact", "subject_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6",
    "requester_name": "王伟", "requester_email": "wang.wei@example.cn", "words": "What do you know of me?",
    "channel": "email"
}))]
pub struct NewPrivacyRequest {
    /// made by the client, when it creates offline
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<PrivacyRequestId>,
    #[validate(custom(function = "is_kind"))]
    #[schema(example = "access")]
    pub kind: String,
    #[validate(custom(function = "is_subject"))]
    #[schema(example = "contact")]
    pub subject_kind: Option<String>,
    pub subject_id: Option<Uuid>,
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    pub requester_name: Option<String>,
    #[validate(email, length(max = 254))]
    #[schema(format = "email", max_length = 254)]
    pub requester_email: Option<String>,
    #[validate(length(max = 10000))]
    #[schema(max_length = 10000)]
    pub words: Option<String>,
    #[validate(custom(function = "is_channel"))]
    #[schema(example = "email")]
    pub channel: String,
    /// `gdpr` (30 days) or `pipl` (15 working days); that of the server, unless said otherwise
    #[validate(custom(function = "is_law"))]
    #[schema(example = "pipl")]
    pub law: Option<String>,
    /// as the law has it, unless said otherwise
    pub due_on: Option<NaiveDate>,
    #[validate(length(max = 10000))]
    #[schema(max_length = 10000)]
    pub evidence: Option<String>,
}

/// A merge patch: what is absent stays, what is null is cleared. What was asked for stays what it is.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = privacy_requests)]
#[schema(example = json!({"due_on": "2027-01-20", "evidence": "asked for more time on 2026-12-01"}))]
pub struct PrivacyRequestPatch {
    /// of one that is not under way yet
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(custom(function = "is_subject"))]
    #[schema(value_type = Option<String>)]
    pub subject_kind: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<Uuid>)]
    pub subject_id: Option<Option<Uuid>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 200))]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub requester_name: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(email, length(max = 254))]
    #[schema(value_type = Option<String>, format = "email", max_length = 254)]
    pub requester_email: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 10000))]
    #[schema(value_type = Option<String>, max_length = 10000)]
    pub words: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = NaiveDate, required = false)]
    pub due_on: Option<NaiveDate>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 10000))]
    #[schema(value_type = Option<String>, max_length = 10000)]
    pub evidence: Option<Option<String>>,
}

/// How it was found out that it is they who ask.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"how": "called back on the number that we have"}))]
pub struct Verification {
    #[validate(length(max = 2000), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 2000)]
    pub how: String,
}

/// Why nothing is done.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "asked for the third time this month (Art. 12(5))"}))]
pub struct Rejection {
    #[validate(length(max = 2000), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 2000)]
    pub reason: String,
}

impl Tidy for NewPrivacyRequest {
    fn tidy(&mut self) {
        self.requester_name.iter_mut().for_each(tidy::trim);
        self.requester_email.iter_mut().for_each(tidy::email);
    }
}
impl Tidy for PrivacyRequestPatch {
    fn tidy(&mut self) {
        self.requester_name.iter_mut().flatten().for_each(tidy::trim);
        self.requester_email.iter_mut().flatten().for_each(tidy::email);
    }
}
impl Tidy for Verification {
    fn tidy(&mut self) {
        tidy::trim(&mut self.how);
    }
}
impl Tidy for Rejection {
    fn tidy(&mut self) {
        tidy::trim(&mut self.reason);
    }
}

fn one_of(text: &str, choices: &[&str]) -> Result<(), ValidationError> {
    match choices.contains(&text) {
        true => Ok(()),
        false => Err(rule!("choice", "is none of {choices}", choices = choices.join(", "))),
    }
}
fn is_kind(text: &str) -> Result<(), ValidationError> {
    one_of(text, KINDS)
}
fn is_channel(text: &str) -> Result<(), ValidationError> {
    one_of(text, CHANNELS)
}
fn is_law(text: &str) -> Result<(), ValidationError> {
    one_of(text, LAWS)
}
fn is_whole(new: &NewPrivacyRequest) -> Result<(), ValidationError> {
    match new.subject_kind.is_some() == new.subject_id.is_some() {
        true => Ok(()),
        false => Err(rule!("required", "subject_kind and subject_id go together")),
    }
}
