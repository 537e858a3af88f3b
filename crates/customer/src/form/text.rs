//! A text that visitors read, in the languages that the business has it in.
use kernel::{Language, rule};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::ValidationError;

const LONGEST: usize = 5000;

/// A text in the languages that are spoken here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"en": "Yes, send me the newsletter.", "zh-Hans": "我同意接收新闻邮件。"}))]
pub struct FormText {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 5000, required = false)]
    pub en: Option<String>,
    #[serde(default, rename = "zh-Hans", skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 5000, required = false)]
    pub zh_hans: Option<String>,
    #[serde(default, rename = "zh-Hant", skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 5000, required = false)]
    pub zh_hant: Option<String>,
}

impl FormText {
    /// In this language, else in whichever there is; with the language that it is in.
    pub fn told(&self, language: Language) -> Option<(Language, &str)> {
        let of = |language: Language| match language {
            Language::English => &self.en,
            Language::Simplified => &self.zh_hans,
            Language::Traditional => &self.zh_hant,
        };
        let found = |language: Language| of(language).as_deref().map(|text| (language, text));
        found(language).or_else(|| Language::ALL.into_iter().find_map(found))
    }
}

pub(super) fn is_sound(text: &FormText) -> Result<(), ValidationError> {
    let long = |text: &String| text.chars().count() > LONGEST;
    if [&text.en, &text.zh_hans, &text.zh_hant].into_iter().flatten().any(long) {
        return Err(rule!("length", "a text has {most} characters at most", most = LONGEST));
    }
    Ok(())
}
