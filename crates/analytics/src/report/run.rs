//! A report, asked as whoever runs it.
use super::grid::{self, Matrix};
use super::{Report, parameter, store};
use crate::chart::{self, ChartSpec};
use crate::query::{self, Figures, FiguresQuery};
use kernel::catalogue::Catalogues;
use kernel::{Action, Ctx, Error, ReportId, Result, Tidy, error, text};
use platform::{Conn, audit};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use validator::Validate;

/// How a report is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunFormat {
    #[default]
    Json,
    /// its chart, drawn
    Svg,
    /// its chart, as a specification with its data
    VegaLite,
}

/// How a report is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportFormat {
    Csv,
    Xlsx,
    Pdf,
}

impl ReportFormat {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Pdf => "pdf",
        }
    }
}

/// With what a report is run.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"parameters": {}}))]
pub struct ReportQuestion {
    /// by their names; those that have a default need not be there
    #[serde(default)]
    #[schema(required = false, value_type = Object)]
    pub parameters: Map<String, Value>,
}

impl Tidy for ReportQuestion {}

/// What came of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "report_id": "0192f0c1-8888-7000-8000-00000000000e", "name": "Pipeline by stage", "layout": "table",
    "figures": {"resource": "opportunity", "columns": [{"name": "count", "role": "measure", "type": "int", "op": "count"}],
        "rows": [{"count": 12}], "subtotals": [], "totals": [], "has_more": false},
    "matrix": null, "chart": null
}))]
pub struct ReportOutcome {
    pub report_id: ReportId,
    pub name: String,
    #[schema(example = "table")]
    pub layout: String,
    pub figures: Figures,
    /// of the layout `matrix`: the last dimension as columns
    pub matrix: Option<Matrix>,
    #[schema(value_type = Option<Object>)]
    pub chart: Option<Value>,
}

impl ReportOutcome {
    /// How its chart is drawn, where it has one.
    pub fn drawing(&self) -> Result<ChartSpec> {
        let chart = self.chart.clone().and_then(|chart| serde_json::from_value::<ChartSpec>(chart).ok());
        let chart = chart.filter(|chart| chart.faults(&self.figures.columns, "").is_empty());
        chart.ok_or_else(|| Error::invalid("?format", "chart", text!("the report has no chart that can be drawn")))
    }

    pub fn svg(&self) -> Result<String> {
        Ok(chart::svg(&self.drawing()?, &self.figures))
    }

    pub fn vega_lite(&self) -> Result<Value> {
        Ok(chart::vega_lite(&self.drawing()?, &self.figures))
    }
}

pub fn run(
    conn: &mut Conn,
    ctx: &Ctx,
    all: &'static Catalogues,
    id: ReportId,
    run: &ReportQuestion,
) -> Result<ReportOutcome> {
    let report = store::find(conn, ctx, id)?;
    outcome(conn, ctx, all, &report, &run.parameters, false)
}

/// The same to be taken out: of what the caller may take out, and noted.
pub fn export(
    conn: &mut Conn,
    ctx: &Ctx,
    all: &'static Catalogues,
    id: ReportId,
    run: &ReportQuestion,
    format: ReportFormat,
) -> Result<ReportOutcome> {
    let report = store::find(conn, ctx, id)?;
    ctx.must_all("report", &[Action::Export])?;
    let outcome = outcome(conn, ctx, all, &report, &run.parameters, true)?;
    let details = json!({"format": format.name(), "rows": outcome.figures.rows.len()});
    audit::note(conn, ctx, "report.exported", "report", id, details)?;
    Ok(outcome)
}

/// Of a report that the caller has seen.
pub fn outcome(
    conn: &mut Conn,
    ctx: &Ctx,
    all: &'static Catalogues,
    report: &Report,
    parameters: &Map<String, Value>,
    is_out: bool,
) -> Result<ReportOutcome> {
    let settled = parameter::settled(&report.parameters()?, parameters);
    let settled = settled.map_err(|faults| Error::from(error::INVALID).faults(faults))?;
    let asked = report.asked()?;
    let filter = asked.filter.as_ref().map(|filter| parameter::filled(filter, &settled));
    let asked = FiguresQuery { filter, totals: asked.totals || report.layout == "summary", ..asked };
    let figures = query::run_for(conn, ctx, all, &asked, is_out)?;
    let matrix = if report.layout == "matrix" { Some(grid::matrix(&figures)?) } else { None };
    let (name, layout, chart) = (report.name.clone(), report.layout.clone(), report.chart.clone());
    Ok(ReportOutcome { report_id: report.id, name, layout, figures, matrix, chart })
}
