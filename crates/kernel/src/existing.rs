//! Records that are probably meant: what a 409 lists, and what a search for duplicates answers.
use crate::{Code, Error};
use serde::Serialize;
use uuid::Uuid;

/// A record that is there already.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Existing {
    pub id: Uuid,
    /// what agrees
    #[schema(example = "email")]
    pub match_rule: String,
    /// how sure it is that they are the same, 1 to 100
    #[schema(minimum = 1, maximum = 100, example = 100)]
    pub score: u8,
}

impl Existing {
    /// From this score on, a new record is refused as a duplicate.
    pub const PROBABLE: u8 = 80;

    pub fn new(id: impl Into<Uuid>, match_rule: &str, score: u8) -> Self {
        Self { id: id.into(), match_rule: match_rule.to_owned(), score }
    }
}

/// The fault that lists them: `existing` is a member of the problem.
pub fn conflict(code: Code, existing: &[Existing]) -> Error {
    let list = serde_json::to_value(existing).unwrap_or_default();
    Error::from(code).member("existing", list)
}
