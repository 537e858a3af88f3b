//! How customers are sorted, of each kind. What of it can be wrong is told by its place.
use crate::choices::{is_key, one_of};
use crate::clusters::MOST;
use kernel::rule;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

pub const SCORINGS: &[&str] = &["quantiles", "equal_groups"];
pub const PRESETS: &[&str] = &["ten", "eleven"];
pub const MEASURES: &[&str] = &["revenue", "net_revenue"];
pub const FEATURES: &[&str] = &["recency", "frequency", "monetary"];

/// The scores that a class has, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "rises", skip_on_field_errors = false))]
#[schema(example = json!({"from": 4, "to": 5}))]
pub struct ScoreBand {
    #[validate(range(min = 1, max = 5))]
    #[schema(minimum = 1, maximum = 5)]
    pub from: u8,
    #[validate(range(min = 1, max = 5))]
    #[schema(minimum = 1, maximum = 5)]
    pub to: u8,
}

/// Who is in a class: those whose three scores lie in the three bands. The first that fits counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "class": "champion", "recency": {"from": 4, "to": 5}, "frequency": {"from": 4, "to": 5},
    "monetary": {"from": 4, "to": 5}
}))]
pub struct RfmClass {
    #[validate(length(min = 1, max = 40), custom(function = "is_key"))]
    #[schema(min_length = 1, max_length = 40)]
    pub class: String,
    #[validate(nested)]
    pub recency: ScoreBand,
    #[validate(nested)]
    pub frequency: ScoreBand,
    #[validate(nested)]
    pub monetary: ScoreBand,
}

/// By how recently, how often and for how much.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"scoring": "quantiles", "preset": "eleven"}))]
pub struct RfmSettings {
    /// `quantiles`: what is the same scores the same; `equal_groups`: fifths of one size
    #[serde(default = "quantiles")]
    #[validate(custom(function = "is_scoring"))]
    #[schema(default = "quantiles", required = false)]
    pub scoring: String,
    /// the classes: `ten` that are usual, or `eleven` with `prospect` for those who have never ordered. `classes` of one's
    /// own go before
    #[serde(default = "eleven")]
    #[validate(custom(function = "is_preset"))]
    #[schema(default = "eleven", required = false)]
    pub preset: String,
    #[validate(nested, length(min = 1, max = 50))]
    #[schema(min_items = 1, max_items = 50)]
    pub classes: Option<Vec<RfmClass>>,
    /// the class of scores that none of `classes` has
    #[validate(length(min = 1, max = 40), custom(function = "is_key"))]
    #[schema(min_length = 1, max_length = 40)]
    pub rest: Option<String>,
    /// the class of those who have never ordered, beside `classes`
    #[validate(length(min = 1, max = 40), custom(function = "is_key"))]
    #[schema(min_length = 1, max_length = 40)]
    pub prospect: Option<String>,
}

/// A tier, and the share of all at which it ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"class": "high", "until_percent": 80}))]
pub struct ValueTier {
    #[validate(length(min = 1, max = 40), custom(function = "is_key"))]
    #[schema(min_length = 1, max_length = 40)]
    pub class: String,
    #[validate(range(min = 1, max = 100))]
    #[schema(minimum = 1, maximum = 100)]
    pub until_percent: u32,
}

/// By what customers bring.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "ends_at_all", skip_on_field_errors = false))]
#[schema(example = json!({"measure": "revenue"}))]
pub struct ValueSettings {
    /// `revenue`: the totals of orders; `net_revenue`: those without tax and shipping
    #[serde(default = "revenue")]
    #[validate(custom(function = "is_measure"))]
    #[schema(default = "revenue", required = false)]
    pub measure: String,
    /// the best first, the last until 100; `high` until 80, `medium` until 95 and `low`, where nothing is said
    #[validate(nested, length(min = 1, max = 20))]
    #[schema(min_items = 1, max_items = 20)]
    pub tiers: Option<Vec<ValueTier>>,
}

/// By groups that the numbers make. They are called `cluster_1`, the largest, and so on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "is_range", skip_on_field_errors = false))]
#[schema(example = json!({"features": ["recency", "frequency", "monetary"], "k_min": 2, "k_max": 6, "seed": 7}))]
pub struct ClusterSettings {
    #[serde(default = "features")]
    #[validate(length(min = 1, max = 3), custom(function = "are_features"))]
    #[schema(min_items = 1, max_items = 3, required = false)]
    pub features: Vec<String>,
    /// so many groups; else the number between `k_min` and `k_max` whose groups are told apart best
    #[validate(range(min = 2, max = 50))]
    #[schema(minimum = 2, maximum = 50)]
    pub k: Option<u32>,
    #[serde(default = "fewest")]
    #[validate(range(min = 2, max = 50))]
    #[schema(minimum = 2, maximum = 50, default = 2, required = false)]
    pub k_min: u32,
    #[serde(default = "most")]
    #[validate(range(min = 2, max = 50))]
    #[schema(minimum = 2, maximum = 50, default = 8, required = false)]
    pub k_max: u32,
    /// of all that is drawn: the same customers and the same seed make the same groups
    #[serde(default)]
    #[schema(default = 0, required = false)]
    pub seed: u32,
    /// whether features are made comparable first
    #[serde(default = "yes")]
    #[schema(default = true, required = false)]
    pub is_standardised: bool,
    /// whether logarithms are taken first, of features that have them
    #[serde(default = "yes")]
    #[schema(default = true, required = false)]
    pub is_log: bool,
}

/// Accounts that a filter finds are of this class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"class": "retail", "filter": "industry == \"retail\""}))]
pub struct SegmentationRule {
    #[validate(length(min = 1, max = 40), custom(function = "is_key"))]
    #[schema(min_length = 1, max_length = 40)]
    pub class: String,
    /// over accounts, in the language of filters
    #[validate(length(min = 1, max = 4000))]
    #[schema(min_length = 1, max_length = 4000, example = "industry == \"retail\"")]
    pub filter: String,
}

/// By filters, of which the first that finds an account counts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"rules": [{"class": "retail", "filter": "industry == \"retail\""}], "rest": "other"}))]
pub struct RuleSettings {
    #[validate(nested, length(min = 1, max = 50))]
    #[schema(min_items = 1, max_items = 50)]
    pub rules: Vec<SegmentationRule>,
    /// the class of those that no filter finds; none, where it is absent
    #[validate(length(min = 1, max = 40), custom(function = "is_key"))]
    #[schema(min_length = 1, max_length = 40)]
    pub rest: Option<String>,
}

platform::jsonb!(Rfm(RfmSettings), "How customers are sorted by RFM, as a column keeps it.");
platform::jsonb!(Value(ValueSettings), "How customers are sorted by value, as a column keeps it.");
platform::jsonb!(Clusters(ClusterSettings), "How customers are sorted by clusters, as a column keeps it.");
platform::jsonb!(Rules(RuleSettings), "How customers are sorted by filters, as a column keeps it.");

impl Default for RfmSettings {
    fn default() -> Self {
        Self { scoring: quantiles(), preset: eleven(), classes: None, rest: None, prospect: None }
    }
}
impl Default for ValueSettings {
    fn default() -> Self {
        Self { measure: revenue(), tiers: None }
    }
}
impl Default for ClusterSettings {
    fn default() -> Self {
        let (k_min, k_max) = (fewest(), most());
        Self { features: features(), k: None, k_min, k_max, seed: 0, is_standardised: true, is_log: true }
    }
}

fn quantiles() -> String {
    "quantiles".to_owned()
}
fn eleven() -> String {
    "eleven".to_owned()
}
fn revenue() -> String {
    "revenue".to_owned()
}
fn features() -> Vec<String> {
    FEATURES.iter().map(|&name| name.to_owned()).collect()
}
const fn fewest() -> u32 {
    2
}
const fn most() -> u32 {
    8
}
const fn yes() -> bool {
    true
}

fn is_scoring(text: &str) -> Result<(), ValidationError> {
    one_of(text, SCORINGS)
}
fn is_preset(text: &str) -> Result<(), ValidationError> {
    one_of(text, PRESETS)
}
fn is_measure(text: &str) -> Result<(), ValidationError> {
    one_of(text, MEASURES)
}
fn are_features(names: &[String]) -> Result<(), ValidationError> {
    names.iter().try_for_each(|name| one_of(name, FEATURES))?;
    match names.iter().collect::<BTreeSet<_>>().len() == names.len() {
        true => Ok(()),
        false => Err(rule!("twice", "names something twice")),
    }
}
fn rises(band: &ScoreBand) -> Result<(), ValidationError> {
    match band.from <= band.to {
        true => Ok(()),
        false => Err(rule!("order", "ends before it starts")),
    }
}
fn ends_at_all(of: &ValueSettings) -> Result<(), ValidationError> {
    let Some(tiers) = &of.tiers else { return Ok(()) };
    let rising = tiers.iter().zip(tiers.iter().skip(1)).all(|(tier, next)| tier.until_percent < next.until_percent);
    match rising && tiers.last().is_none_or(|last| last.until_percent == 100) {
        true => Ok(()),
        false => Err(rule!("tiers", "the tiers have to rise, and the last to end at 100")),
    }
}
fn is_range(of: &ClusterSettings) -> Result<(), ValidationError> {
    let fits = usize::try_from(of.k_max).is_ok_and(|most| most <= MOST);
    match of.k_min <= of.k_max && fits {
        true => Ok(()),
        false => Err(rule!("order", "ends before it starts")),
    }
}
