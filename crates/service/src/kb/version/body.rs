//! What is sent to write a version, and to send it back.
use crate::kb::schema::kb_article_versions;
use crate::locale::is_locale;
use chrono::{DateTime, Utc};
use diesel::prelude::AsChangeset;
use kernel::{Tidy, patch, rule, tidy};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// What a new version is made of: a draft.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "ends_after_it_begins"))]
#[schema(example = json!({
    "locale": "en", "title": "How to get a refund", "summary": "Within 30 days.", "body": "# Refunds\n\nClick **Refund**."
}))]
pub struct NewKbArticleVersion {
    /// one of the portal: its default one, unless said otherwise; it stays
    #[validate(length(min = 2, max = 35), custom(function = "is_locale"))]
    #[schema(min_length = 2, max_length = 35, example = "en")]
    pub locale: Option<String>,
    #[validate(length(min = 1, max = 300), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 300)]
    pub title: String,
    #[validate(length(max = 1000))]
    #[schema(max_length = 1000)]
    pub summary: Option<String>,
    /// in Markdown
    #[validate(length(min = 1, max = 100000))]
    #[schema(min_length = 1, max_length = 100_000)]
    pub body: String,
    /// from when on it is to be read, once it is let through: from that moment on, unless said otherwise
    pub publish_at: Option<DateTime<Utc>>,
    /// until when it is to be read
    pub expires_at: Option<DateTime<Utc>>,
}

/// A merge patch of a draft: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = kb_article_versions)]
#[schema(example = json!({"title": "How to get your money back"}))]
pub struct KbArticleVersionPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 300), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 300)]
    pub title: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 1000))]
    #[schema(value_type = Option<String>, max_length = 1000)]
    pub summary: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 100000))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100_000)]
    pub body: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub publish_at: Option<Option<DateTime<Utc>>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub expires_at: Option<Option<DateTime<Utc>>>,
}

/// Why a version is a draft again.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"rejection_reason": "步骤三已过时"}))]
pub struct KbRejection {
    #[validate(length(max = 2000))]
    #[schema(max_length = 2000)]
    pub rejection_reason: Option<String>,
}

impl Tidy for KbRejection {}
impl Tidy for NewKbArticleVersion {
    fn tidy(&mut self) {
        tidy::trim(&mut self.title);
    }
}
impl Tidy for KbArticleVersionPatch {
    fn tidy(&mut self) {
        self.title.iter_mut().for_each(tidy::trim);
    }
}

fn ends_after_it_begins(new: &NewKbArticleVersion) -> Result<(), ValidationError> {
    match (new.publish_at, new.expires_at) {
        (Some(from), Some(until)) if until <= from => Err(rule!("order", "ends before it begins")),
        _ => Ok(()),
    }
}
