//! What may be done with a dashboard. What it says is looked through for whoever says it.
use super::{Dashboard, DashboardPatch, NewDashboard, Widget, store};
use crate::query::Plan;
use crate::report;
use kernel::catalogue::Catalogues;
use kernel::{Ctx, DashboardId, Error, Fault, ReportId, Result, error, text};
use platform::Conn;
use platform::deed::{attempt, may_own, untouched};
use platform::tally::NOT_ASKABLE;
use std::collections::BTreeSet;

pub fn create(conn: &mut Conn, ctx: &Ctx, all: &'static Catalogues, new: &NewDashboard) -> Result<Dashboard> {
    may_own::<Dashboard>(ctx, new.owner_id)?;
    fit(conn, ctx, all, &new.widgets)?;
    Ok(attempt(conn, |conn| store::insert(conn, ctx, new))?)
}

/// With a `base`, only if the dashboard is still at that version; without, on whatever is there now.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    all: &'static Catalogues,
    id: DashboardId,
    base: Option<i32>,
    patch: &DashboardPatch,
) -> Result<Dashboard> {
    may_own::<Dashboard>(ctx, patch.owner_id)?;
    if let Some(widgets) = &patch.widgets {
        store::find(conn, ctx, id)?;
        fit(conn, ctx, all, widgets)?;
    }
    match store::update(conn, ctx, id, base, patch)? {
        Some(dashboard) => Ok(dashboard),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

pub fn archive(conn: &mut Conn, ctx: &Ctx, id: DashboardId, base: Option<i32>) -> Result<Dashboard> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(dashboard) => Ok(dashboard),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// One that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: DashboardId) -> Result<Dashboard> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    store::set_archived(conn, ctx, id, None, false)?.ok_or_else(|| error::FORBIDDEN.into())
}

/// All that is wrong with widgets, for whoever says them.
fn fit(conn: &mut Conn, ctx: &Ctx, all: &'static Catalogues, widgets: &[Widget]) -> Result<()> {
    let named: Vec<ReportId> = widgets.iter().filter_map(|widget| widget.report_id).collect();
    let seen: BTreeSet<ReportId> = match named.is_empty() {
        true => BTreeSet::new(),
        false => report::many(conn, ctx, &named)?.iter().map(|report| report.id).collect(),
    };
    let mut faults = Vec::new();
    for (at, widget) in widgets.iter().enumerate() {
        let place = format!("/widgets/{at}");
        if widget.report_id.is_some_and(|id| !seen.contains(&id)) {
            let message = text!("there is no such report");
            faults.push(Fault::new(format!("{place}/report_id"), error::UNKNOWN_REFERENCE.name, message));
        }
        let Some(query) = &widget.query else { continue };
        match Plan::of(ctx, all, query, false) {
            Ok(plan) => {
                let chart = widget.chart.as_ref().map(|chart| chart.faults(&plan.columns, &format!("{place}/chart")));
                faults.extend(chart.into_iter().flatten());
            }
            Err(error) if error.code == NOT_ASKABLE => {
                let placed = |fault: Fault| Fault { pointer: format!("{place}/query{}", fault.pointer), ..fault };
                faults.extend(error.faults.into_iter().map(placed));
            }
            Err(error) => return Err(error),
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::from(error::INVALID).faults(faults)) }
}
