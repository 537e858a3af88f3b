//! What is sent to make a template, and to change it.
use super::CHANNELS;
use crate::schema::templates;
use customer::choices::one_of;
use diesel::prelude::{AsChangeset, Insertable};
use kernel::{TemplateId, Tidy, patch, rule, tidy};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

const MOST_VARIANTS: usize = 20;
const MOST_VARIABLES: usize = 50;
const LONGEST_SUBJECT: usize = 500;
const LONGEST: usize = 200_000;

/// What is written in one language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"locale": "en", "subject": "Hello {{ contact.given_name }}", "html": "<p>Hello!</p>",
    "text": "Hello!"}))]
pub struct TemplateVariant {
    /// BCP 47
    #[schema(max_length = 35, example = "zh-Hans")]
    pub locale: String,
    /// of an e-mail; one line
    #[schema(max_length = 500)]
    pub subject: Option<String>,
    /// of an e-mail: whatever is filled in is escaped
    #[schema(max_length = 200_000)]
    pub html: Option<String>,
    /// what is read where there are no pages, and all that there is of a text message
    #[schema(max_length = 200_000)]
    pub text: Option<String>,
}

/// What may stand in a place of the template.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "contact.given_name", "fallback": "friend"}))]
pub struct TemplateVariable {
    /// a field of the reader or of their account: `contact.given_name`, `contact.custom.tier`, `account.name`
    #[schema(max_length = 100, example = "contact.given_name")]
    pub name: String,
    /// what stands there where nothing is known; where there is no such text either, nothing is sent to the reader
    #[schema(max_length = 500, example = "friend")]
    pub fallback: Option<String>,
}

platform::jsonb!(
    TemplateVariants(Vec<TemplateVariant>),
    "What a template says in each language, as a column keeps it."
);
platform::jsonb!(TemplateVariables(Vec<TemplateVariable>), "What a template declares, as a column keeps it.");

/// What a new template is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = templates, treat_none_as_default_value = false)]
#[schema(example = json!({
    "name": "春茶通知", "channel": "email", "default_locale": "zh-Hans",
    "variants": [{"locale": "zh-Hans", "subject": "{{ contact.given_name }}，春茶到了",
        "html": "<p>您好，{{ contact.given_name }}！</p>", "text": "您好，{{ contact.given_name }}！"}],
    "variables": [{"name": "contact.given_name", "fallback": "朋友"}]
}))]
pub struct NewTemplate {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<TemplateId>,
    #[validate(length(min = 1, max = 200), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    #[validate(length(max = 2000))]
    #[schema(max_length = 2000)]
    pub description: Option<String>,
    #[validate(custom(function = "is_channel"))]
    #[schema(example = "email")]
    pub channel: String,
    /// of one of its variants
    #[validate(length(min = 2, max = 35))]
    #[schema(min_length = 2, max_length = 35, example = "zh-Hans")]
    pub default_locale: String,
    #[validate(custom(function = "are_variants"))]
    #[schema(value_type = Vec<TemplateVariant>, min_items = 1, max_items = 20)]
    pub variants: TemplateVariants,
    #[serde(default)]
    #[validate(custom(function = "are_variables"))]
    #[schema(value_type = Vec<TemplateVariable>, required = false, max_items = 50)]
    pub variables: TemplateVariables,
}

/// A merge patch: what is absent stays, what is null is cleared. Another channel is another template.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = templates)]
#[schema(example = json!({"description": "to all who bought in spring"}))]
pub struct TemplatePatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 200), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 2000))]
    #[schema(value_type = Option<String>, max_length = 2000)]
    pub description: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 2, max = 35))]
    #[schema(value_type = String, required = false, min_length = 2, max_length = 35)]
    pub default_locale: Option<String>,
    /// all of them, in place of those that are there
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "are_variants"))]
    #[schema(value_type = Vec<TemplateVariant>, required = false, min_items = 1, max_items = 20)]
    pub variants: Option<TemplateVariants>,
    /// all of them, in place of those that are there
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "are_variables"))]
    #[schema(value_type = Vec<TemplateVariable>, required = false, max_items = 50)]
    pub variables: Option<TemplateVariables>,
}

impl Tidy for NewTemplate {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
        tidy::trim(&mut self.default_locale);
    }
}
impl Tidy for TemplatePatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
        self.default_locale.iter_mut().for_each(tidy::trim);
    }
}

fn is_channel(text: &str) -> Result<(), ValidationError> {
    one_of(text, CHANNELS)
}

fn are_variants(variants: &TemplateVariants) -> Result<(), ValidationError> {
    let all = &variants.0;
    if all.is_empty() || all.len() > MOST_VARIANTS {
        return Err(rule!("count", "from 1 to {most} of them", most = MOST_VARIANTS));
    }
    let same = |at: usize, one: &TemplateVariant| {
        all.iter().take(at).any(|other| other.locale.eq_ignore_ascii_case(&one.locale))
    };
    if all.iter().enumerate().any(|(at, one)| same(at, one)) {
        return Err(rule!("twice", "names a locale twice"));
    }
    let long = |text: &Option<String>, most: usize| text.as_ref().is_some_and(|text| text.chars().count() > most);
    if all.iter().any(|one| !(2..=35).contains(&one.locale.trim().len())) {
        return Err(rule!("length", "a locale has from 2 to 35 letters"));
    }
    match all
        .iter()
        .any(|one| long(&one.subject, LONGEST_SUBJECT) || long(&one.html, LONGEST) || long(&one.text, LONGEST))
    {
        true => Err(rule!("length", "a subject has at most 500 letters, and what it is about 200000")),
        false => Ok(()),
    }
}

fn are_variables(variables: &TemplateVariables) -> Result<(), ValidationError> {
    let all = &variables.0;
    if all.len() > MOST_VARIABLES {
        return Err(rule!("too_many", "at most {most} of them", most = MOST_VARIABLES));
    }
    if !all.iter().all(|one| is_name(&one.name)) {
        return Err(rule!("format", "names a field of contact or account, such as contact.given_name"));
    }
    if all.iter().enumerate().any(|(at, one)| all.iter().take(at).any(|other| other.name == one.name)) {
        return Err(rule!("twice", "names a field twice"));
    }
    match all.iter().any(|one| one.fallback.as_ref().is_some_and(|text| text.chars().count() > 500)) {
        true => Err(rule!("length", "a fallback has at most 500 letters")),
        false => Ok(()),
    }
}

/// `contact.given_name`, `account.custom.tier`.
fn is_name(name: &str) -> bool {
    let parts: Vec<&str> = name.split('.').collect();
    let is_word = |part: &&str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    match parts.as_slice() {
        ["contact" | "account", field] => is_word(field) && *field != "custom",
        ["contact" | "account", "custom", field] => is_word(field),
        _ => false,
    }
}
