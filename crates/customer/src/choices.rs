//! The words that fields of this wing may hold.
use kernel::rule;
use validator::ValidationError;

pub const LIFECYCLE_STAGES: &[&str] = &[
    "subscriber",
    "lead",
    "marketing_qualified_lead",
    "sales_qualified_lead",
    "opportunity",
    "customer",
    "evangelist",
    "churned",
];
pub const SOURCES: &[&str] = &[
    "web", "form", "survey", "import", "api", "phone", "email", "social", "event", "referral", "partner", "store",
    "ads", "other",
];
pub const RATINGS: &[&str] = &["hot", "warm", "cold"];
pub const GENDERS: &[&str] = &["female", "male", "other", "undisclosed"];

/// The rule `choice`.
pub fn one_of(text: &str, choices: &[&str]) -> Result<(), ValidationError> {
    if choices.contains(&text) {
        return Ok(());
    }
    Err(rule!("choice", "is none of {choices}", choices))
}
