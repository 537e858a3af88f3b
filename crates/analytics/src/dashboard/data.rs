//! What a dashboard shows: all its widgets in one answer, of one state of the database. One that fails is a fault of its
//! own; those that there is no time for any more say so.
use super::{Dashboard, Widget, store};
use crate::chart::{self, ChartSpec};
use crate::query::{self, Figures};
use crate::report::{self, Matrix};
use chrono::{DateTime, TimeDelta, Utc};
use diesel::Connection;
use kernel::catalogue::Catalogues;
use kernel::{Ctx, DashboardId, Error, Result, clock, error, text};
use platform::Conn;
use platform::tally;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// How long a dashboard is worked on.
const PATIENCE: TimeDelta = TimeDelta::seconds(20);

/// What a widget shows.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "figures": {"resource": "account", "columns": [{"name": "count", "role": "measure", "type": "int", "op": "count"}],
        "rows": [{"count": 12}], "subtotals": [], "totals": [], "has_more": false},
    "matrix": null, "vega_lite": null
}))]
pub struct WidgetFigures {
    pub figures: Figures,
    pub matrix: Option<Matrix>,
    /// how it is drawn, as a specification of Vega-Lite with its data
    #[schema(value_type = Option<Object>)]
    pub vega_lite: Option<Value>,
}

/// A widget, and what came of it.
#[derive(Debug)]
pub struct Seen {
    pub widget: Widget,
    pub shows: Result<WidgetFigures>,
}

pub fn data(conn: &mut Conn, ctx: &Ctx, all: &'static Catalogues, id: DashboardId) -> Result<(Dashboard, Vec<Seen>)> {
    let dashboard = store::find(conn, ctx, id)?;
    let (widgets, begun) = (dashboard.parts()?, clock::now());
    let seen = tally::snapshot(conn, |conn| {
        Ok(widgets.into_iter().map(|widget| one(conn, ctx, all, widget, begun)).collect())
    });
    Ok((dashboard, seen?))
}

/// In a savepoint, so that the next can be asked where this one fails.
fn one(conn: &mut Conn, ctx: &Ctx, all: &'static Catalogues, widget: Widget, begun: DateTime<Utc>) -> Seen {
    let shows = match clock::now() - begun > PATIENCE {
        true => {
            Err(Error::from(error::QUERY_TOO_COSTLY).detail(text!("the widgets before it have taken all the time")))
        }
        false => conn.transaction(|conn| shown(conn, ctx, all, &widget)),
    };
    Seen { widget, shows }
}

fn shown(conn: &mut Conn, ctx: &Ctx, all: &'static Catalogues, widget: &Widget) -> Result<WidgetFigures> {
    let drawn = |spec: Option<&ChartSpec>, figures: &Figures| {
        let spec = spec.filter(|spec| spec.faults(&figures.columns, "").is_empty());
        spec.map(|spec| chart::vega_lite(spec, figures))
    };
    if let Some(query) = &widget.query {
        let figures = query::run(conn, ctx, all, query)?;
        return Ok(WidgetFigures { vega_lite: drawn(widget.chart.as_ref(), &figures), matrix: None, figures });
    }
    let Some(id) = widget.report_id else { return Err(super::BROKEN.into()) };
    ctx.must_all("report", &[kernel::Action::Read])?;
    let report = report::find(conn, ctx, id)?;
    let outcome = report::outcome(conn, ctx, all, &report, &widget.parameters, false)?;
    let chart = widget.chart.clone().or_else(|| outcome.drawing().ok());
    let vega_lite = drawn(chart.as_ref(), &outcome.figures);
    Ok(WidgetFigures { figures: outcome.figures, matrix: outcome.matrix, vega_lite })
}
