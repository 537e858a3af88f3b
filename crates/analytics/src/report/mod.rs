//! A report is a query that is kept, under a name, with the way in which it is shown. It belongs to its owner, and is seen
//! by others where its team, a share, or its being public says so; it shows nobody more than they see anyway, for it is
//! asked as whoever runs it.
mod body;
mod deeds;
mod grid;
mod parameter;
mod run;
mod store;

pub use crate::schema::reports::table as Table;
pub use body::{NewReport, ReportPatch};
pub use deeds::{archive, create, restore, update};
pub use grid::{Matrix, Sheet, sheet};
pub use parameter::{ParameterKind, ReportParameter};
pub use run::{ReportFormat, ReportOutcome, ReportQuestion, RunFormat, export, outcome, run};
pub use store::{find, list, many};

use crate::query::FiguresQuery;
use crate::schema::reports;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{Code, Error, Kind, Noun, Record, ReportId, Result, TeamId, UserId};
use platform::filter::Listed;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

pub const BROKEN: Code = Code::new(
    "report_broken",
    Kind::Conflict,
    "What the report asks for cannot be read any more: it is mended by saying it anew.",
);
pub const CODES: &[Code] = &[BROKEN];

/// How a report is shown.
pub const LAYOUTS: &[&str] = &["table", "summary", "matrix"];

/// A query that is kept.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = reports, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-8888-7000-8000-00000000000e", "owner_id": "0192f0c1-0000-7000-8000-000000000001", "team_id": null,
    "name": "Pipeline by stage", "description": null, "resource": "opportunity",
    "query": {"resource": "opportunity", "measures": [{"op": "count"}, {"op": "sum", "field": "amount", "as": "total"}],
        "dimensions": [{"field": "stage.name"}], "totals": true},
    "layout": "summary", "chart": {"kind": "bar", "x": "stage_name", "y": ["total"]}, "parameters": [],
    "is_public": true, "version": 1, "created_at": "2026-11-27T08:00:00Z", "updated_at": "2026-11-27T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct Report {
    pub id: ReportId,
    pub owner_id: UserId,
    /// those who see what belongs to this team see the report
    pub team_id: Option<TeamId>,
    pub name: String,
    pub description: Option<String>,
    /// the noun whose records are looked at
    #[schema(example = "opportunity")]
    pub resource: String,
    /// as `POST /v1/analytics/query` takes it; its filter may name parameters: `created_at > {from}`
    #[schema(value_type = Object)]
    pub query: Value,
    /// `table`, `summary` or `matrix`
    #[schema(example = "summary")]
    pub layout: String,
    #[schema(value_type = Option<Object>)]
    pub chart: Option<Value>,
    /// what is asked of whoever runs it
    #[schema(value_type = Vec<Object>)]
    pub parameters: Value,
    /// whether everybody of the tenant sees it who reads reports
    pub is_public: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    pub deleted_at: Option<DateTime<Utc>>,
}

impl Report {
    /// What it asks for.
    pub fn asked(&self) -> Result<FiguresQuery> {
        serde_json::from_value(self.query.clone()).map_err(|error| Error::from(BROKEN).source(error))
    }

    /// What it asks of whoever runs it.
    pub fn parameters(&self) -> Result<Vec<ReportParameter>> {
        serde_json::from_value(self.parameters.clone()).map_err(|error| Error::from(BROKEN).source(error))
    }
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "report",
    table: "reports",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("owner_id", Holds::Id),
        Field::new("team_id", Holds::Id).nullable(),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("description", Holds::Text).nullable().unsortable(),
        Field::new("resource", Holds::Text),
        Field::new("query", Holds::Text).unfilterable().unsortable(),
        Field::new("layout", Holds::Choice(LAYOUTS)),
        Field::new("chart", Holds::Text).nullable().unfilterable().unsortable(),
        Field::new("parameters", Holds::Text).unfilterable().unsortable(),
        Field::new("is_public", Holds::Bool),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[Relation::one("owner", "user", "owner_id"), Relation::one("team", "team", "team_id")],
    custom: None,
    owned: Owned::Rows { owner: "owner_id", team: "team_id" },
};

impl Noun for Report {
    const NAME: &'static str = "report";
}
impl Record for Report {
    type Id = ReportId;
    fn id(&self) -> ReportId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for reports::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}
