//! By which campaign a lead has come: said once, and kept as it was said.
use kernel::rule;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::ValidationError;

/// By which campaign somebody has come.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"source": "wechat", "medium": "social", "campaign": "autumn"}))]
pub struct LeadUtm {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    pub source: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    pub medium: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    pub campaign: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    pub term: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    pub content: Option<String>,
    /// the page that they came from
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    pub referrer: Option<String>,
    /// the page that they came to
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    pub landing_page: Option<String>,
}

platform::jsonb!(Utm(LeadUtm), "By which campaign somebody has come, as a column keeps it.");

pub(super) fn is_utm(utm: &Utm) -> Result<(), ValidationError> {
    let LeadUtm { source, medium, campaign, term, content, referrer, landing_page } = &utm.0;
    let all = [source, medium, campaign, term, content, referrer, landing_page];
    match all.into_iter().flatten().all(|text| text.chars().count() <= 2000) {
        true => Ok(()),
        false => Err(rule!("length", "a text has {most} characters at most", most = 2000)),
    }
}
