//! What is sent to make a canned response, and to change it.
use super::merge;
use super::schema::canned_responses;
use crate::locale::{Worded, are_texts};
use diesel::prelude::{AsChangeset, Insertable};
use kernel::{CannedResponseId, TeamId, Tidy, UserId, patch, rule, tidy};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

const LONGEST: usize = 20_000;

/// What a new canned response is made of.
#[derive(Clone, Debug, Default, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = canned_responses, treat_none_as_default_value = false)]
#[schema(example = json!({
    "short_code": "refund", "title": "退款说明", "folder": "售后/退款", "is_public": true,
    "texts": {"zh-Hans": "{{contact.display_name}}，您好！", "en": "Dear {{contact.given_name}},"}
}))]
pub struct NewCannedResponse {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<CannedResponseId>,
    /// the caller, unless said otherwise
    #[diesel(skip_insertion)]
    pub owner_id: Option<UserId>,
    pub team_id: Option<TeamId>,
    #[serde(default)]
    #[schema(required = false)]
    pub is_public: bool,
    #[validate(length(min = 1, max = 50), custom(function = "is_code"))]
    #[schema(min_length = 1, max_length = 50, pattern = "^[a-z0-9][a-z0-9_-]*$")]
    pub short_code: String,
    #[validate(length(min = 1, max = 200), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    pub folder: Option<String>,
    #[validate(custom(function = "says_something"))]
    pub texts: Worded,
}

/// A merge patch: what is absent stays, what is null is cleared. `texts` are given all at once.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = canned_responses)]
#[schema(example = json!({"folder": "售后", "is_public": false}))]
pub struct CannedResponsePatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = UserId, required = false)]
    pub owner_id: Option<UserId>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<TeamId>)]
    pub team_id: Option<Option<TeamId>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_public: Option<bool>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 50), custom(function = "is_code"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 50, pattern = "^[a-z0-9][a-z0-9_-]*$")]
    pub short_code: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 200), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub title: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 200))]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub folder: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "says_something"))]
    #[schema(value_type = Worded, required = false)]
    pub texts: Option<Worded>,
}

impl Tidy for NewCannedResponse {
    fn tidy(&mut self) {
        tidy::trim(&mut self.title);
        code(&mut self.short_code);
    }
}
impl Tidy for CannedResponsePatch {
    fn tidy(&mut self) {
        self.title.iter_mut().for_each(tidy::trim);
        self.short_code.iter_mut().for_each(code);
    }
}

/// A code is typed with a slash before it, or without, and in whatever case.
pub(super) fn code(text: &mut String) {
    *text = text.trim().trim_start_matches('/').to_lowercase();
}

fn is_code(text: &str) -> Result<(), ValidationError> {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-".contains(&b);
    match text.bytes().all(fits) && !text.starts_with(['_', '-']) {
        true => Ok(()),
        false => Err(rule!("short_code", "consists of small letters, digits, hyphens and underscores")),
    }
}

/// In a language at least; and its places are those that can be filled in.
fn says_something(texts: &Worded) -> Result<(), ValidationError> {
    if texts.0.is_empty() {
        return Err(rule!("required", "says nothing in any language"));
    }
    are_texts(texts, LONGEST)?;
    match texts.0.values().find_map(|text| merge::unknown(text)) {
        None => Ok(()),
        Some(name) => Err(rule!("unknown_place", "there is nothing to fill in for {name}", name)),
    }
}
