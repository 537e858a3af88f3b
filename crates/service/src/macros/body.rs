//! What is sent to make a macro, and to change it.
use super::action::{Actions, MacroAction, are_actions};
use super::schema::macros;
use diesel::prelude::{AsChangeset, Insertable};
use kernel::{MacroId, Tidy, patch, tidy};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// What a new macro is made of.
#[derive(Clone, Debug, Default, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = macros, treat_none_as_default_value = false)]
#[schema(example = json!({
    "name": "退款并关闭", "actions": [{"kind": "set", "fields": {"priority": "low"}}, {"kind": "assign"}]
}))]
pub struct NewMacro {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<MacroId>,
    #[validate(length(min = 1, max = 200), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    #[validate(length(max = 2000))]
    #[schema(max_length = 2000)]
    pub description: Option<String>,
    #[validate(custom(function = "are_actions"))]
    #[schema(value_type = Vec<MacroAction>, min_items = 1, max_items = 20)]
    pub actions: Actions,
    #[serde(default = "yes")]
    #[schema(default = true, required = false)]
    pub is_active: bool,
}

/// A merge patch: what is absent stays, what is null is cleared. `actions` are given all at once.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = macros)]
#[schema(example = json!({"is_active": false}))]
pub struct MacroPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 200), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 2000))]
    #[schema(value_type = Option<String>, max_length = 2000)]
    pub description: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "are_actions"))]
    #[schema(value_type = Vec<MacroAction>, required = false, min_items = 1, max_items = 20)]
    pub actions: Option<Actions>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_active: Option<bool>,
}

impl Tidy for NewMacro {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
    }
}
impl Tidy for MacroPatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
    }
}

fn yes() -> bool {
    true
}
