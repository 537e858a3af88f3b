//! What is sent to make a portal, and to change it.
use crate::kb::schema::kb_portals;
use crate::locale::{are_locales, is_locale, is_slug};
use diesel::prelude::{AsChangeset, Insertable};
use kernel::{KbPortalId, Tidy, patch, rule, tidy};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// What a new portal is made of.
#[derive(Clone, Debug, Default, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = kb_portals, treat_none_as_default_value = false)]
#[validate(schema(function = "speaks_its_own"))]
#[schema(example = json!({
    "slug": "help", "name": "帮助中心", "default_locale": "zh-Hans", "locales": ["zh-Hans", "en"], "is_public": true
}))]
pub struct NewKbPortal {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<KbPortalId>,
    #[validate(length(min = 1, max = 60), custom(function = "is_slug"))]
    #[schema(min_length = 1, max_length = 60, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$")]
    pub slug: String,
    #[validate(length(min = 1, max = 200), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    #[validate(length(max = 2000))]
    #[schema(max_length = 2000)]
    pub description: Option<String>,
    #[validate(length(min = 2, max = 35), custom(function = "is_locale"))]
    #[schema(min_length = 2, max_length = 35, example = "zh-Hans")]
    pub default_locale: String,
    /// the default one among them
    #[validate(length(min = 1, max = 50), custom(function = "are_locales"))]
    #[schema(min_items = 1, max_items = 50, example = json!(["zh-Hans", "en"]))]
    pub locales: Vec<String>,
    #[serde(default)]
    #[schema(required = false)]
    pub is_public: bool,
}

/// A merge patch: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = kb_portals)]
#[schema(example = json!({"is_public": true}))]
pub struct KbPortalPatch {
    /// links to the old address lead nowhere
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
    #[validate(length(min = 2, max = 35), custom(function = "is_locale"))]
    #[schema(value_type = String, required = false, min_length = 2, max_length = 35)]
    pub default_locale: Option<String>,
    /// what is published in one that it has no more is read no more
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 50), custom(function = "are_locales"))]
    #[schema(value_type = Vec<String>, required = false, min_items = 1, max_items = 50)]
    pub locales: Option<Vec<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_public: Option<bool>,
}

impl Tidy for NewKbPortal {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
        tidy::trim(&mut self.slug);
    }
}
impl Tidy for KbPortalPatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
        self.slug.iter_mut().for_each(tidy::trim);
    }
}

fn speaks_its_own(new: &NewKbPortal) -> Result<(), ValidationError> {
    if new.locales.contains(&new.default_locale) {
        return Ok(());
    }
    let mut rule = rule!("unknown_choice", "is not among the languages of the portal");
    rule.add_param("member".into(), &"default_locale");
    Err(rule)
}
