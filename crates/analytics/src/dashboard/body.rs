//! What a dashboard is made of and changed by.
use crate::chart::ChartSpec;
use crate::query::FiguresQuery;
use crate::schema::dashboards;
use diesel::prelude::{AsChangeset, Insertable};
use kernel::{DashboardId, ReportId, TeamId, Tidy, UserId, patch, rule, tidy};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// Where a widget stands, in columns and rows of a grid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"x": 0, "y": 0, "width": 6, "height": 4}))]
pub struct WidgetPlace {
    #[validate(range(min = 0, max = 1000))]
    #[schema(minimum = 0, maximum = 1000)]
    pub x: i32,
    #[validate(range(min = 0, max = 1000))]
    #[schema(minimum = 0, maximum = 1000)]
    pub y: i32,
    #[validate(range(min = 1, max = 100))]
    #[schema(minimum = 1, maximum = 100)]
    pub width: i32,
    #[validate(range(min = 1, max = 100))]
    #[schema(minimum = 1, maximum = 100)]
    pub height: i32,
}

/// A report, or a query of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "asks_once", skip_on_field_errors = false))]
#[schema(example = json!({
    "title": "Accounts", "query": {"resource": "account", "measures": [{"op": "count"}]},
    "place": {"x": 0, "y": 0, "width": 3, "height": 2}
}))]
pub struct Widget {
    #[validate(length(max = 100), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 100)]
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report_id: Option<ReportId>,
    /// of a report, what it asks for
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[schema(required = false, value_type = Object)]
    pub parameters: Map<String, Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    pub query: Option<FiguresQuery>,
    /// how it is drawn; of a report, as that says, where nothing is said here
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    pub chart: Option<ChartSpec>,
    #[validate(nested)]
    pub place: WidgetPlace,
}

/// What a new dashboard is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = dashboards, treat_none_as_default_value = false)]
#[schema(example = json!({
    "name": "Sales today", "widgets": [{"title": "Accounts", "query": {"resource": "account", "measures": [{"op": "count"}]},
    "place": {"x": 0, "y": 0, "width": 3, "height": 2}}]
}))]
pub struct NewDashboard {
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<DashboardId>,
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
    #[serde(default)]
    #[diesel(skip_insertion)]
    #[validate(length(max = 24), nested)]
    #[schema(required = false, max_items = 24)]
    pub widgets: Vec<Widget>,
    #[serde(default)]
    pub is_public: bool,
}

/// A merge patch: what is absent stays, what is null is cleared. Widgets come and go together.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = dashboards)]
#[schema(example = json!({"name": "Sales", "is_public": true}))]
pub struct DashboardPatch {
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
    #[validate(length(max = 24), nested)]
    #[schema(value_type = Vec<Widget>, required = false, max_items = 24)]
    pub widgets: Option<Vec<Widget>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_public: Option<bool>,
}

fn asks_once(widget: &Widget) -> Result<(), ValidationError> {
    match widget.report_id.is_some() == widget.query.is_some() {
        true => Err(rule!("either", "is either a report or a query")),
        false => Ok(()),
    }
}

impl Tidy for NewDashboard {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
        self.widgets.iter_mut().for_each(|widget| tidy::trim(&mut widget.title));
    }
}
impl Tidy for DashboardPatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
        self.widgets.iter_mut().flatten().for_each(|widget| tidy::trim(&mut widget.title));
    }
}
