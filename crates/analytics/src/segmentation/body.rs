//! What is sent to make a segmentation, and to change it.
use super::{
    CLUSTERS, ClusterSettings, Clusters, KINDS, RFM, RULES, Rfm, RfmSettings, RuleSettings, Rules, SCHEDULES, VALUE,
    Value, ValueSettings,
};
use crate::choices::{is_key, one_of};
use crate::schema::segmentations;
use diesel::prelude::{AsChangeset, Insertable};
use kernel::{SegmentationId, Tidy, money, patch, rule, tidy};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError, ValidationErrors};

/// What a new segmentation is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = segmentations, treat_none_as_default_value = false)]
#[validate(schema(function = "is_of_its_kind", skip_on_field_errors = false))]
#[schema(example = json!({
    "key": "rfm", "name": "RFM", "kind": "rfm", "rfm": {"scoring": "quantiles", "preset": "eleven"}, "window_days": 365
}))]
pub struct NewSegmentation {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<SegmentationId>,
    /// small letters, digits and `_`, a letter first; it stays
    #[validate(length(min = 1, max = 40), custom(function = "is_key"))]
    #[schema(min_length = 1, max_length = 40, example = "rfm")]
    pub key: String,
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    #[validate(length(max = 2000))]
    #[schema(max_length = 2000)]
    pub description: Option<String>,
    /// `rfm`, `value`, `clusters` or `rules`; it stays
    #[validate(custom(function = "is_kind"))]
    #[schema(example = "rfm")]
    pub kind: String,
    /// of kind `rfm`; as is usual, where nothing is said
    #[validate(nested)]
    #[schema(value_type = Option<RfmSettings>)]
    pub rfm: Option<Rfm>,
    /// of kind `value`; as is usual, where nothing is said
    #[validate(nested)]
    #[schema(value_type = Option<ValueSettings>)]
    pub value: Option<Value>,
    /// of kind `clusters`; as is usual, where nothing is said
    #[validate(nested)]
    #[schema(value_type = Option<ClusterSettings>)]
    pub clusters: Option<Clusters>,
    /// of kind `rules`
    #[validate(nested)]
    #[schema(value_type = Option<RuleSettings>)]
    pub rules: Option<Rules>,
    #[validate(custom(function = "is_currency"))]
    #[schema(example = "CNY")]
    pub currency: Option<String>,
    #[validate(range(min = 1, max = 36500))]
    #[schema(minimum = 1, maximum = 36500, example = 365)]
    pub window_days: Option<i32>,
    /// `none`, `daily`, `weekly` or `monthly`
    #[serde(default = "none")]
    #[validate(custom(function = "is_schedule"))]
    #[schema(default = "none", required = false, example = "daily")]
    pub schedule: String,
    #[serde(default = "yes")]
    #[schema(default = true, required = false)]
    pub is_labelling: bool,
    #[serde(default = "yes")]
    #[schema(default = true, required = false)]
    pub is_active: bool,
}

/// A merge patch: what is absent stays, what is null is cleared. What it says of how customers are sorted holds from the
/// next run on.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = segmentations)]
#[schema(example = json!({"schedule": "weekly"}))]
pub struct SegmentationPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 2000))]
    #[schema(value_type = Option<String>, max_length = 2000)]
    pub description: Option<Option<String>>,
    /// of kind `rfm`
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(nested)]
    #[schema(value_type = RfmSettings, required = false)]
    pub rfm: Option<Rfm>,
    /// of kind `value`
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(nested)]
    #[schema(value_type = ValueSettings, required = false)]
    pub value: Option<Value>,
    /// of kind `clusters`
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(nested)]
    #[schema(value_type = ClusterSettings, required = false)]
    pub clusters: Option<Clusters>,
    /// of kind `rules`
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(nested)]
    #[schema(value_type = RuleSettings, required = false)]
    pub rules: Option<Rules>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(custom(function = "is_currency"))]
    #[schema(value_type = Option<String>)]
    pub currency: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(range(min = 1, max = 36500))]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 36500)]
    pub window_days: Option<Option<i32>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_schedule"))]
    #[schema(value_type = String, required = false)]
    pub schedule: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_labelling: Option<bool>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_active: Option<bool>,
}

impl Tidy for NewSegmentation {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
    }
}
impl Tidy for SegmentationPatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
    }
}

/// What a column keeps is looked through as what it is made of.
macro_rules! looked_through { ($($name:ident),+) => {$(
    impl Validate for $name {
        fn validate(&self) -> Result<(), ValidationErrors> {
            self.0.validate()
        }
    }
)+}; }
looked_through!(Rfm, Value, Clusters, Rules);

fn none() -> String {
    "none".to_owned()
}
const fn yes() -> bool {
    true
}
fn is_kind(text: &str) -> Result<(), ValidationError> {
    one_of(text, KINDS)
}
fn is_schedule(text: &str) -> Result<(), ValidationError> {
    one_of(text, SCHEDULES)
}
fn is_currency(text: &str) -> Result<(), ValidationError> {
    match money::decimals(text) {
        Some(_) => Ok(()),
        None => Err(rule!("currency", "is not an ISO 4217 currency")),
    }
}

/// Which settings are said, by the kind that they are of.
pub(super) fn said(all: [(&'static str, bool); 4]) -> impl Iterator<Item = &'static str> {
    all.into_iter().filter(|(_, is_there)| *is_there).map(|(kind, _)| kind)
}

fn is_of_its_kind(new: &NewSegmentation) -> Result<(), ValidationError> {
    let all = [
        (RFM, new.rfm.is_some()),
        (VALUE, new.value.is_some()),
        (CLUSTERS, new.clusters.is_some()),
        (RULES, new.rules.is_some()),
    ];
    if said(all).any(|kind| kind != new.kind) {
        return Err(rule!("kind", "the settings are those of another kind"));
    }
    match new.kind == RULES && new.rules.is_none() {
        true => Err(rule!("required", "a segmentation by rules has to say them")),
        false => Ok(()),
    }
}
