//! What a definition is made of besides its type: names, options, limits, and what they depend on.
use crate::Language;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A name in the languages that are spoken here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"en": "Region", "zh-Hans": "大区", "zh-Hant": "大區"}))]
pub struct Labels {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100, required = false)]
    pub en: Option<String>,
    #[serde(default, rename = "zh-Hans", skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100, required = false)]
    pub zh_hans: Option<String>,
    #[serde(default, rename = "zh-Hant", skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100, required = false)]
    pub zh_hant: Option<String>,
}

impl Labels {
    /// In this language, else in whichever there is.
    pub fn told(&self, language: Language) -> Option<&str> {
        let own = match language {
            Language::English => &self.en,
            Language::Simplified => &self.zh_hans,
            Language::Traditional => &self.zh_hant,
        };
        [own, &self.en, &self.zh_hans, &self.zh_hant].into_iter().flatten().next().map(String::as_str)
    }

    pub fn all(&self) -> impl Iterator<Item = &String> {
        [&self.en, &self.zh_hans, &self.zh_hant].into_iter().flatten()
    }
}

/// One choice of an option set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OptionItem, example = json!({"key": "north", "labels": {"en": "North", "zh-Hans": "华北"}, "color": "#1f6feb"}))]
pub struct Choice {
    /// What records hold. An option of a set of one's own is of small letters, digits and `_`; one that
    /// is built in may be a language tag such as `zh-Hans`.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$", max_length = 60)]
    pub key: String,
    #[serde(default)]
    #[schema(required = false)]
    pub labels: Labels,
    /// `#rrggbb`
    #[serde(default)]
    #[schema(pattern = "^#[0-9a-f]{6}$", required = false)]
    pub color: Option<String>,
    /// kept where it stands, and chosen no more
    #[serde(default)]
    #[schema(required = false)]
    pub is_archived: bool,
}

/// How far a value may go.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FieldLimits, example = json!({"min": "0", "max": "100", "decimals": 2}))]
pub struct Limits {
    /// of numbers and amounts, as text; of days, the first
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 40, required = false)]
    pub min: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 40, required = false)]
    pub max: Option<String>,
    /// of text in characters, of options how many
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 10000, required = false)]
    pub min_length: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 10000, required = false)]
    pub max_length: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 12, required = false)]
    pub decimals: Option<u32>,
}

/// Which options may be chosen depends on another field of the record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FieldDependence, example = json!({"field": "custom.region", "allowed": {"north": ["beijing", "tianjin"]}}))]
pub struct Dependence {
    /// `country`, or `custom.region`
    #[schema(min_length = 1, max_length = 50)]
    pub field: String,
    /// what the other field says → what may be chosen here
    #[schema(value_type = Object)]
    pub allowed: BTreeMap<String, Vec<String>>,
}
