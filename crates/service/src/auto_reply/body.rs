//! What is sent to make a rule, and to change it.
use super::schema::auto_reply_rules;
use super::template;
use diesel::prelude::{AsChangeset, Insertable};
use kernel::{AutoReplyRuleId, Language, Tidy, patch, rule, tidy};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

const MOST_TEXTS: usize = 20;
const LONGEST_SUBJECT: usize = 500;
const LONGEST_BODY: usize = 20_000;

/// An answer in a language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "locale": "en", "subject": "We have your message", "body": "Dear {{contact.name}}, this is case {{case.number}}."
}))]
pub struct AutoReplyText {
    /// `en`, `zh-Hans` or `zh-Hant`
    #[schema(example = "zh-Hans")]
    pub locale: String,
    /// with places, as the body
    #[schema(min_length = 1, max_length = 500)]
    pub subject: String,
    /// plain text, with places that are filled in: `{{case.number}}`, `{{case.subject}}`, `{{contact.name}}`,
    /// `{{tenant.name}}`
    #[schema(min_length = 1, max_length = 20_000)]
    pub body: String,
}

platform::jsonb!(AutoReplyTexts(Vec<AutoReplyText>), "What is answered, by language, as a column keeps it.");

/// What a new rule is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = auto_reply_rules, treat_none_as_default_value = false)]
#[schema(example = json!({
    "name": "已收到", "texts": [{"locale": "zh-Hans", "subject": "我们已收到您的来信", "body": "单号 {{case.number}}。"}]
}))]
pub struct NewAutoReplyRule {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<AutoReplyRuleId>,
    #[validate(length(min = 1, max = 200), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// 100, unless said otherwise
    #[diesel(skip_insertion)]
    #[validate(range(min = 0, max = 1_000_000))]
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub position: Option<i32>,
    /// over cases, in the language of filters
    #[validate(length(max = 4000))]
    #[schema(max_length = 4000)]
    pub filter: Option<String>,
    #[validate(custom(function = "are_texts"))]
    #[schema(value_type = Vec<AutoReplyText>, min_items = 1, max_items = 20)]
    pub texts: AutoReplyTexts,
    /// true, unless said otherwise
    #[diesel(skip_insertion)]
    pub is_active: Option<bool>,
}

/// A merge patch: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = auto_reply_rules)]
#[schema(example = json!({"is_active": false}))]
pub struct AutoReplyRulePatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 200), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(range(min = 0, max = 1_000_000))]
    #[schema(value_type = i32, required = false, minimum = 0, maximum = 1_000_000)]
    pub position: Option<i32>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 4000))]
    #[schema(value_type = Option<String>, max_length = 4000)]
    pub filter: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "are_texts"))]
    #[schema(value_type = Vec<AutoReplyText>, required = false, min_items = 1, max_items = 20)]
    pub texts: Option<AutoReplyTexts>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_active: Option<bool>,
}

impl Tidy for NewAutoReplyRule {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
    }
}
impl Tidy for AutoReplyRulePatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
    }
}

/// Each language once, and places that there are.
fn are_texts(texts: &AutoReplyTexts) -> Result<(), ValidationError> {
    let all = &texts.0;
    if all.is_empty() || all.len() > MOST_TEXTS {
        return Err(rule!("length", "there are from 1 to 20 of them"));
    }
    let mut met = BTreeSet::new();
    for one in all {
        if Language::of(&one.locale).is_none_or(|language| language.tag() != one.locale) {
            return Err(rule!("choice", "names a language that is none of en, zh-Hans, zh-Hant"));
        }
        if !met.insert(one.locale.as_str()) {
            return Err(rule!("twice", "names a language twice"));
        }
        let fits = |text: &str, most: usize| !text.trim().is_empty() && text.chars().count() <= most;
        if !fits(&one.subject, LONGEST_SUBJECT) || !fits(&one.body, LONGEST_BODY) {
            return Err(rule!("length", "holds a text that is empty or too long"));
        }
        if let Some(name) = template::unknown(&one.subject).or_else(|| template::unknown(&one.body)) {
            let name = name.chars().take(100).collect::<String>();
            return Err(rule!("unknown_field", "there is no place {name}", name = name));
        }
    }
    Ok(())
}
