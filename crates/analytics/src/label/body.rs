//! What is sent to make a label, and to change it.
use crate::choices::{is_color, is_key};
use crate::schema::labels;
use diesel::prelude::{AsChangeset, Insertable};
use kernel::{LabelId, Tidy, patch, tidy};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// What a new label is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = labels, treat_none_as_default_value = false)]
#[schema(example = json!({"key": "vip", "name": "VIP", "color": "#b8860b"}))]
pub struct NewLabel {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<LabelId>,
    /// small letters, digits and `_`, a letter first; it stays
    #[validate(length(min = 1, max = 60), custom(function = "is_key"))]
    #[schema(min_length = 1, max_length = 60, example = "vip")]
    pub key: String,
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    #[validate(length(max = 2000))]
    #[schema(max_length = 2000)]
    pub description: Option<String>,
    #[validate(custom(function = "is_color"))]
    #[schema(example = "#b8860b")]
    pub color: Option<String>,
}

/// A merge patch: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = labels)]
#[schema(example = json!({"name": "Very important"}))]
pub struct LabelPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 2000))]
    #[schema(value_type = Option<String>, max_length = 2000)]
    pub description: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(custom(function = "is_color"))]
    #[schema(value_type = Option<String>)]
    pub color: Option<Option<String>>,
}

impl Tidy for NewLabel {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
    }
}
impl Tidy for LabelPatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
    }
}
