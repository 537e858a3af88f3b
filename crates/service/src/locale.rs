//! Texts of the business in the languages that it has them in: a tag of BCP 47, and a text to each.
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Jsonb;
use kernel::rule;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use validator::ValidationError;

/// How many languages something is in, at most.
pub const MOST: usize = 50;

/// A text by language: `{"en": "Billing", "zh-Hans": "账单"}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, AsExpression, FromSqlRow, ToSchema)]
#[serde(transparent)]
#[diesel(sql_type = Jsonb)]
#[schema(value_type = BTreeMap<String, String>, example = json!({"zh-Hans": "账单", "zh-Hant": "帳單"}))]
pub struct Worded(pub BTreeMap<String, String>);

impl ToSql<Jsonb, Pg> for Worded {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<Jsonb, Pg>::to_sql(&serde_json::to_value(self)?, &mut out.reborrow())
    }
}
impl FromSql<Jsonb, Pg> for Worded {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let value: serde_json::Value = FromSql::<Jsonb, Pg>::from_sql(value)?;
        Ok(serde_json::from_value(value).unwrap_or_default())
    }
}

impl Worded {
    /// In this language, if it is in that; a language is meant however it is written.
    pub fn told(&self, locale: &str) -> Option<&str> {
        self.0.iter().find(|(one, _)| one.eq_ignore_ascii_case(locale)).map(|(_, text)| text.as_str())
    }
}

/// A language tag of BCP 47, by its shape: `en`, `zh-Hans`, `pt-BR`.
pub fn is_locale(text: &str) -> Result<(), ValidationError> {
    let part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    let language = text.split('-').next().unwrap_or_default();
    let good = (2..=8).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_alphabetic());
    if good && text.len() <= 35 && text.split('-').all(part) {
        return Ok(());
    }
    Err(rule!("locale", "is no language tag, such as zh-Hans"))
}

/// Several of them, each once.
pub fn are_locales(all: &[String]) -> Result<(), ValidationError> {
    all.iter().try_for_each(|one| is_locale(one))?;
    let mut known: Vec<String> = all.iter().map(|one| one.to_ascii_lowercase()).collect();
    known.sort_unstable();
    known.dedup();
    match known.len() == all.len() {
        true => Ok(()),
        false => Err(rule!("repeated", "names a language twice")),
    }
}

/// Short texts: names, subjects.
pub fn are_names(names: &Worded) -> Result<(), ValidationError> {
    are_texts(names, 200)
}

/// Texts of at most so many characters, none of them empty, each in a language.
pub fn are_texts(texts: &Worded, longest: usize) -> Result<(), ValidationError> {
    if texts.0.len() > MOST {
        return Err(rule!("too_many", "has at most {most} languages", most = MOST));
    }
    texts.0.keys().try_for_each(|locale| is_locale(locale))?;
    let fits = |text: &String| !text.trim().is_empty() && text.chars().count() <= longest;
    match texts.0.values().all(fits) {
        true => Ok(()),
        false => Err(rule!("length", "each text has 1 to {most} characters", most = longest)),
    }
}

/// A word of an address: small letters, digits, and single hyphens between them.
pub fn is_slug(text: &str) -> Result<(), ValidationError> {
    let word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    match text.split('-').all(word) {
        true => Ok(()),
        false => Err(rule!("slug", "consists of small letters, digits and single hyphens between them")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Worded, are_locales, is_locale, is_slug};

    #[test]
    fn addresses_are_plain_words() {
        assert!(["help", "faq-2026", "a"].iter().all(|text| is_slug(text).is_ok()));
        assert!(["", "-a", "a-", "a--b", "A", "a b", "帮助", "a/b"].iter().all(|text| is_slug(text).is_err()));
    }

    #[test]
    fn languages_are_tags_and_named_once() {
        assert!(["en", "zh-Hans", "pt-BR"].iter().all(|text| is_locale(text).is_ok()));
        assert!(["", "e", "zh_Hans", "en-", "-"].iter().all(|text| is_locale(text).is_err()));
        assert!(are_locales(&["en".to_owned(), "EN".to_owned()]).is_err());
    }

    #[test]
    fn a_language_is_meant_however_it_is_written() {
        let texts = Worded([("zh-Hans".to_owned(), "账单".to_owned())].into());
        assert_eq!((texts.told("zh-hans"), texts.told("en")), (Some("账单"), None));
    }
}
