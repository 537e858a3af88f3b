//! What may be done with a report. What it says is looked through for whoever says it.
use super::{NewReport, Report, ReportParameter, ReportPatch, parameter, store};
use crate::chart::ChartSpec;
use crate::query::{FiguresQuery, Plan, Role};
use kernel::catalogue::Catalogues;
use kernel::{Ctx, Error, Fault, ReportId, Result, error, text};
use platform::Conn;
use platform::deed::{attempt, may_own, untouched};
use platform::tally::NOT_ASKABLE;

pub fn create(conn: &mut Conn, ctx: &Ctx, all: &'static Catalogues, new: &NewReport) -> Result<Report> {
    may_own::<Report>(ctx, new.owner_id)?;
    let says = Says { query: &new.query, layout: &new.layout, chart: new.chart.as_ref(), parameters: &new.parameters };
    says.fits(ctx, all)?;
    Ok(attempt(conn, |conn| store::insert(conn, ctx, new))?)
}

/// With a `base`, only if the report is still at that version; without, on whatever is there now.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    all: &'static Catalogues,
    id: ReportId,
    base: Option<i32>,
    patch: &ReportPatch,
) -> Result<Report> {
    may_own::<Report>(ctx, patch.owner_id)?;
    if patch.query.is_some() || patch.layout.is_some() || patch.chart.is_some() || patch.parameters.is_some() {
        let before = store::find(conn, ctx, id)?;
        let query = patch.query.clone().map_or_else(|| before.asked(), Ok)?;
        let parameters = patch.parameters.clone().map_or_else(|| before.parameters(), Ok)?;
        let kept = || before.chart.clone().and_then(|chart| serde_json::from_value(chart).ok());
        let chart = patch.chart.clone().unwrap_or_else(kept);
        let layout = patch.layout.as_ref().unwrap_or(&before.layout);
        Says { query: &query, layout, chart: chart.as_ref(), parameters: &parameters }.fits(ctx, all)?;
    }
    match store::update(conn, ctx, id, base, patch)? {
        Some(report) => Ok(report),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

pub fn archive(conn: &mut Conn, ctx: &Ctx, id: ReportId, base: Option<i32>) -> Result<Report> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(report) => Ok(report),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// One that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: ReportId) -> Result<Report> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    store::set_archived(conn, ctx, id, None, false)?.ok_or_else(|| error::FORBIDDEN.into())
}

/// What a report says.
struct Says<'a> {
    query: &'a FiguresQuery,
    layout: &'a str,
    chart: Option<&'a ChartSpec>,
    parameters: &'a [ReportParameter],
}

impl Says<'_> {
    /// All that is wrong with it, for whoever says it.
    fn fits(&self, ctx: &Ctx, all: &'static Catalogues) -> Result<()> {
        let mut faults = parameter::faults(self.parameters);
        let samples = parameter::samples(self.parameters);
        let filter = self.query.filter.as_ref().map(|filter| parameter::filled(filter, &samples));
        match Plan::of(ctx, all, &FiguresQuery { filter, ..self.query.clone() }, false) {
            Ok(plan) => {
                faults.extend(self.chart.map(|chart| chart.faults(&plan.columns, "/chart")).into_iter().flatten());
                let groups = plan.columns.iter().filter(|column| column.role == Role::Dimension).count();
                if self.layout == "matrix" && groups < 2 {
                    faults.push(Fault::new("/layout", "layout", text!("a matrix has two dimensions at least")));
                }
            }
            Err(error) if error.code == NOT_ASKABLE => {
                let placed = |fault: Fault| Fault { pointer: format!("/query{}", fault.pointer), ..fault };
                faults.extend(error.faults.into_iter().map(placed));
            }
            Err(error) => return Err(error),
        }
        if faults.is_empty() { Ok(()) } else { Err(Error::from(error::INVALID).faults(faults)) }
    }
}
