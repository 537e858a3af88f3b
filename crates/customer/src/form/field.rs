//! A question of a form, and what becomes of its answer: a field of the contact, a consent, or nothing but itself.
use super::{FormText, Questions, text};
use crate::consent::{is_basis, is_channel, is_key};
use kernel::rule;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;
use validator::ValidationError;

pub const KINDS: &[&str] =
    &["text", "long_text", "email", "phone", "url", "number", "date", "choice", "choices", "checkbox", "consent"];
/// The fields of a contact that an answer may become; those of the tenant's own are called `custom.…`.
const TARGETS: &[&str] = &[
    "contact.given_name",
    "contact.family_name",
    "contact.display_name",
    "contact.email",
    "contact.phone",
    "contact.job_title",
    "contact.department",
    "contact.description",
];
/// Those that a lead has and a contact has not.
pub(super) const OF_LEADS: &[&str] =
    &["lead.company_name", "lead.industry", "lead.country", "lead.region", "lead.city"];
const MOST: usize = 100;
const MOST_OPTIONS: usize = 500;

/// A question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FormField {
    /// what its answer is called
    #[schema(pattern = "^[a-z][a-z0-9_]{0,39}$", max_length = 40, example = "mail")]
    pub key: String,
    /// `text`, `long_text`, `email`, `phone`, `url`, `number`, `date`, `choice`, `choices`, `checkbox` or `consent`
    #[schema(example = "email")]
    pub kind: String,
    pub label: FormText,
    #[serde(default)]
    #[schema(required = false)]
    pub is_required: bool,
    /// of a choice
    #[serde(default)]
    #[schema(required = false, max_items = 500)]
    pub options: Vec<FormOption>,
    /// of a text: 500 characters, of a long one 10,000, unless said otherwise
    #[serde(default)]
    #[schema(required = false, minimum = 1, maximum = 10000)]
    pub max_length: Option<u32>,
    /// the field that the answer becomes, of a lead too: `contact.email`, `custom.size`; of leads alone, `lead.company_name`,
    /// `lead.industry`, `lead.country` (ISO 3166-1 alpha-2), `lead.region` and `lead.city`
    #[serde(default)]
    #[schema(required = false, example = "contact.email")]
    pub target: Option<String>,
    /// what is agreed to by it
    #[serde(default)]
    #[schema(required = false)]
    pub consent: Option<FormConsent>,
}

/// A choice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"key": "north", "label": {"en": "North", "zh-Hans": "华北"}}))]
pub struct FormOption {
    #[schema(max_length = 40)]
    pub key: String,
    #[serde(default)]
    #[schema(required = false)]
    pub label: FormText,
}

/// What is agreed to, and in which words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"purpose": "newsletter", "channel": "email", "version": "1",
    "wording": {"en": "Yes, send me the newsletter.", "zh-Hans": "我同意接收新闻邮件。"}}))]
pub struct FormConsent {
    #[schema(pattern = "^[a-z][a-z0-9_]{0,39}$", max_length = 40)]
    pub purpose: String,
    #[schema(example = "email")]
    pub channel: String,
    #[serde(default = "consent")]
    #[schema(default = "consent", required = false)]
    pub lawful_basis: String,
    /// what is shown beside the box, word for word: it is kept with every consent that comes of it
    pub wording: FormText,
    /// which version of the words it is
    #[serde(default)]
    #[schema(required = false, max_length = 50)]
    pub version: Option<String>,
}

fn consent() -> String {
    "consent".to_owned()
}

/// What is wrong with the fields of a form, the first of it, and where.
pub(super) fn are_sound(all: &Questions) -> Result<(), ValidationError> {
    if all.0.is_empty() || all.0.len() > MOST {
        return Err(rule!("length", "has 1 to {most} fields", most = MOST));
    }
    let (mut keys, mut targets) = (BTreeSet::new(), BTreeSet::new());
    for field in &all.0 {
        is_sound(field)?;
        let fresh = field.target.as_ref().is_none_or(|target| targets.insert(target.as_str()));
        if !keys.insert(field.key.as_str()) || !fresh {
            return Err(rule!("twice", "{key} is there twice, or becomes what another does", key = field.key));
        }
    }
    Ok(())
}

fn is_sound(field: &FormField) -> Result<(), ValidationError> {
    let key = &field.key;
    is_key(key)?;
    text::is_sound(&field.label)?;
    if !KINDS.contains(&field.kind.as_str()) {
        return Err(rule!("choice", "the kind of {key} is none of {choices}", key, choices = KINDS.join(", ")));
    }
    if field.max_length.is_some_and(|most| most == 0 || most > 10_000) {
        return Err(rule!("range", "{key} may have 1 to 10000 characters", key));
    }
    let is_choice = ["choice", "choices"].contains(&field.kind.as_str());
    let good_options = field.options.iter().all(|one| is_key(&one.key).is_ok() && text::is_sound(&one.label).is_ok());
    if is_choice == field.options.is_empty() || field.options.len() > MOST_OPTIONS || !good_options {
        return Err(rule!("options", "{key} has options where it is a choice, each with a key and a label", key));
    }
    if let Some(target) = &field.target
        && !is_target(target)
    {
        let choices = [TARGETS, OF_LEADS].concat().join(", ");
        return Err(rule!("target", "{key} can become one of {choices} or custom.…", key, choices));
    }
    let good = match &field.consent {
        Some(agreed) => {
            let worded = agreed.wording.told(kernel::Language::English).is_some_and(|(_, text)| !text.is_empty());
            let named = is_key(&agreed.purpose).and(is_channel(&agreed.channel)).and(is_basis(&agreed.lawful_basis));
            let version = agreed.version.as_ref().is_none_or(|version| version.len() <= 50);
            field.kind == "consent" && worded && version && named.is_ok() && text::is_sound(&agreed.wording).is_ok()
        }
        None => field.kind != "consent",
    };
    if good { Ok(()) } else { Err(rule!("consent", "{key} says what is agreed to, and in which words", key)) }
}

fn is_target(target: &str) -> bool {
    [TARGETS, OF_LEADS].concat().contains(&target) || kernel::custom::key(target).is_some_and(|key| is_key(key).is_ok())
}
