//! What is sent to make a category, and to change it.
use crate::kb::schema::kb_categories;
use crate::locale::{Worded, are_names, is_slug};
use diesel::prelude::{AsChangeset, Insertable};
use kernel::{KbCategoryId, KbPortalId, Tidy, patch, tidy};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// What a new category is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = kb_categories, treat_none_as_default_value = false)]
#[schema(example = json!({
    "portal_id": "0192f0c1-8b8b-7000-8000-000000000001", "slug": "billing", "name": "账单", "names": {"en": "Billing"}
}))]
pub struct NewKbCategory {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<KbCategoryId>,
    /// it stays
    pub portal_id: KbPortalId,
    /// a category of the same portal
    pub parent_id: Option<KbCategoryId>,
    #[validate(length(min = 1, max = 60), custom(function = "is_slug"))]
    #[schema(min_length = 1, max_length = 60, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$")]
    pub slug: String,
    #[validate(length(min = 1, max = 200), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    #[validate(length(max = 2000))]
    #[schema(max_length = 2000)]
    pub description: Option<String>,
    #[serde(default)]
    #[validate(custom(function = "are_names"))]
    #[schema(required = false)]
    pub names: Worded,
    #[serde(default)]
    #[validate(range(min = 0, max = 100000))]
    #[schema(required = false, minimum = 0, maximum = 100_000)]
    pub position: i32,
}

/// A merge patch: what is absent stays, what is null is cleared. `names` are given all at once.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = kb_categories)]
#[schema(example = json!({"position": 2}))]
pub struct KbCategoryPatch {
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<KbCategoryId>)]
    pub parent_id: Option<Option<KbCategoryId>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 60), custom(function = "is_slug"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 60, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$")]
    pub slug: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 200), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 2000))]
    #[schema(value_type = Option<String>, max_length = 2000)]
    pub description: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "are_names"))]
    #[schema(value_type = Worded, required = false)]
    pub names: Option<Worded>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(range(min = 0, max = 100000))]
    #[schema(value_type = i32, required = false, minimum = 0, maximum = 100_000)]
    pub position: Option<i32>,
}

impl Tidy for NewKbCategory {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
        tidy::trim(&mut self.slug);
    }
}
impl Tidy for KbCategoryPatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
        self.slug.iter_mut().for_each(tidy::trim);
    }
}
