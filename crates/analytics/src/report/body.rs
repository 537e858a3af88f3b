//! What a report is made of and changed by.
use super::{LAYOUTS, ReportParameter};
use crate::chart::ChartSpec;
use crate::query::FiguresQuery;
use crate::schema::reports;
use diesel::prelude::{AsChangeset, Insertable};
use kernel::{ReportId, TeamId, Tidy, UserId, patch, rule, tidy};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// What a new report is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = reports, treat_none_as_default_value = false)]
#[schema(example = json!({
    "name": "Pipeline by stage",
    "query": {"resource": "opportunity", "measures": [{"op": "count"}, {"op": "sum", "field": "amount", "as": "total"}],
        "dimensions": [{"field": "stage.name"}], "totals": true},
    "layout": "summary", "chart": {"kind": "bar", "x": "stage_name", "y": ["total"]}, "is_public": true
}))]
pub struct NewReport {
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<ReportId>,
    /// the caller, unless said otherwise
    #[diesel(skip_insertion)]
    pub owner_id: Option<UserId>,
    pub team_id: Option<TeamId>,
    #[validate(length(max = 100), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    #[validate(length(max = 1000))]
    #[schema(max_length = 1000)]
    pub description: Option<String>,
    #[diesel(skip_insertion)]
    #[validate(nested)]
    pub query: FiguresQuery,
    /// `table`, `summary` or `matrix`
    #[serde(default = "table")]
    #[validate(custom(function = "is_layout"))]
    #[schema(required = false, example = "summary")]
    pub layout: String,
    #[diesel(skip_insertion)]
    #[validate(nested)]
    pub chart: Option<ChartSpec>,
    #[serde(default)]
    #[diesel(skip_insertion)]
    #[validate(length(max = 20), nested)]
    #[schema(required = false, max_items = 20)]
    pub parameters: Vec<ReportParameter>,
    #[serde(default)]
    pub is_public: bool,
}

/// A merge patch: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = reports)]
#[schema(example = json!({"name": "Pipeline", "is_public": false}))]
pub struct ReportPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = UserId, required = false)]
    pub owner_id: Option<UserId>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<TeamId>)]
    pub team_id: Option<Option<TeamId>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 100), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 1000))]
    #[schema(value_type = Option<String>, max_length = 1000)]
    pub description: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[diesel(skip_update)]
    #[validate(nested)]
    #[schema(value_type = FiguresQuery, required = false)]
    pub query: Option<FiguresQuery>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_layout"))]
    #[schema(value_type = String, required = false, example = "summary")]
    pub layout: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[diesel(skip_update)]
    #[validate(nested)]
    #[schema(value_type = Option<ChartSpec>)]
    pub chart: Option<Option<ChartSpec>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[diesel(skip_update)]
    #[validate(length(max = 20), nested)]
    #[schema(value_type = Vec<ReportParameter>, required = false, max_items = 20)]
    pub parameters: Option<Vec<ReportParameter>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_public: Option<bool>,
}

fn table() -> String {
    "table".to_owned()
}

fn is_layout(layout: &str) -> Result<(), ValidationError> {
    if LAYOUTS.contains(&layout) {
        return Ok(());
    }
    Err(rule!("choice", "is none of {choices}", choices = LAYOUTS))
}

impl Tidy for NewReport {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
    }
}
impl Tidy for ReportPatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
    }
}
