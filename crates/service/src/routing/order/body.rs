//! What is sent to give a case, and to take one.
use kernel::{Tidy, UserId, rule, tidy};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// Who gets a case: somebody, a queue, or whoever the rule of its queue gives it to, where neither is named.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "one_way", skip_on_field_errors = false))]
#[schema(example = json!({"owner_id": "0192f0c1-0000-7000-8000-000000000001", "comment": "knows them"}))]
pub struct CaseAssign {
    /// a person, with room or without
    pub owner_id: Option<UserId>,
    /// a queue, whose rule gives it out
    pub queue_id: Option<UserId>,
    #[validate(length(max = 500))]
    #[schema(max_length = 500)]
    pub comment: Option<String>,
}

/// Of which queue the caller takes a case: of all that they serve, unless one is named.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub struct CaseTake {
    pub queue_id: Option<UserId>,
}

impl Tidy for CaseAssign {
    fn tidy(&mut self) {
        self.comment.iter_mut().for_each(tidy::trim);
    }
}
impl Tidy for CaseTake {}

fn one_way(to: &CaseAssign) -> std::result::Result<(), ValidationError> {
    match (to.owner_id, to.queue_id) {
        (Some(_), Some(_)) => Err(rule!("one_of", "either owner_id or queue_id says where it goes")),
        _ => Ok(()),
    }
}
