//! A query asked: its rows, its totals, and what they were at the earlier time, all of one state of the database.
use super::{Figures, FiguresColumn, FiguresQuery, MOST_ROWS, Plan, Role, value};
use kernel::catalogue::Catalogues;
use kernel::{Ctx, Result};
use platform::Conn;
use platform::tally::{self, Cut, Tally};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

type Row = Vec<Option<String>>;

pub fn run(conn: &mut Conn, ctx: &Ctx, all: &'static Catalogues, query: &FiguresQuery) -> Result<Figures> {
    run_for(conn, ctx, all, query, false)
}

/// The same, of what is taken out too, as a file.
pub fn run_for(
    conn: &mut Conn,
    ctx: &Ctx,
    all: &'static Catalogues,
    query: &FiguresQuery,
    is_out: bool,
) -> Result<Figures> {
    let plan = Plan::of(ctx, all, query, is_out)?;
    tally::snapshot(conn, |conn| figures(conn, ctx, &plan, query))
}

fn figures(conn: &mut Conn, ctx: &Ctx, plan: &Plan, query: &FiguresQuery) -> Result<Figures> {
    tally::affordable(conn, ctx, &plan.tally, &plan.cut)?;
    let limit = usize::try_from(plan.cut.limit).unwrap_or(usize::MAX).saturating_sub(1);
    let mut rows = tally::rows(conn, ctx, &plan.tally, &plan.cut)?;
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    let is_whole = !has_more && plan.cut.having.is_empty();
    let rows = told(conn, ctx, plan, &plan.cut.by, rows, is_whole)?;
    let (mut subtotals, mut totals) = (Vec::new(), Vec::new());
    if query.totals {
        for by in plan.subtotals() {
            subtotals.extend(sums(conn, ctx, plan, by)?);
        }
        totals = sums(conn, ctx, plan, plan.with_currencies(Vec::new()))?;
    }
    let columns = columns(plan);
    Ok(Figures { resource: query.resource.clone(), columns, rows, subtotals, totals, has_more })
}

fn sums(conn: &mut Conn, ctx: &Ctx, plan: &Plan, by: Vec<usize>) -> Result<Vec<Map<String, Value>>> {
    let cut = Cut { by, limit: MOST_ROWS, ..Cut::default() };
    let rows = tally::rows(conn, ctx, &plan.tally, &cut)?;
    told(conn, ctx, plan, &cut.by, rows, true)
}

/// With what they were, where that is asked; groups of the earlier time alone come too, where all of this one are there.
fn told(
    conn: &mut Conn,
    ctx: &Ctx,
    plan: &Plan,
    by: &[usize],
    mut rows: Vec<Row>,
    is_whole: bool,
) -> Result<Vec<Map<String, Value>>> {
    let Some(earlier) = &plan.earlier else {
        return Ok(rows.iter().map(|row| named(plan, by, row, None)).collect());
    };
    let mut before = were(conn, ctx, earlier, by)?;
    let mut pairs: Vec<(Row, Option<Row>)> = Vec::new();
    for row in rows.drain(..) {
        let was = before.remove(row.get(..by.len()).unwrap_or_default());
        pairs.push((row, was));
    }
    if is_whole {
        pairs.extend(before.into_values().map(|was| (nothing(plan, by.len(), &was), Some(was))));
        if !plan.has_order {
            pairs.sort_by(|(one, _), (other, _)| keys(one, by.len()).cmp(&keys(other, by.len())));
        }
    }
    Ok(pairs.iter().map(|(row, was)| named(plan, by, row, was.as_ref())).collect())
}

/// What was, by its groups.
fn were(conn: &mut Conn, ctx: &Ctx, earlier: &Tally, by: &[usize]) -> Result<BTreeMap<Row, Row>> {
    let cut = Cut { by: by.to_vec(), limit: MOST_ROWS, ..Cut::default() };
    let rows = tally::rows(conn, ctx, earlier, &cut)?;
    Ok(rows.into_iter().map(|row| (row.get(..by.len()).unwrap_or_default().to_vec(), row)).collect())
}

/// A group that there is no record of now.
fn nothing(plan: &Plan, groups: usize, was: &Row) -> Row {
    let counts = plan.tally.measures.iter().map(|measure| measure.op.counts().then(|| "0".to_owned()));
    was.iter().take(groups).cloned().chain(counts).collect()
}

/// What is absent stands last.
fn keys(row: &Row, groups: usize) -> Vec<(bool, Option<String>)> {
    row.iter().take(groups).map(|value| (value.is_none(), value.clone())).collect()
}

fn named(plan: &Plan, by: &[usize], row: &Row, was: Option<&Row>) -> Map<String, Value> {
    let mut out = Map::new();
    let at = |row: &Row, place: usize| row.get(place).cloned().flatten();
    for (place, group) in by.iter().enumerate() {
        if let Some(column) = plan.columns.get(*group) {
            out.insert(column.name.clone(), value::told(column, at(row, place).as_deref(), None));
        }
    }
    let measures = plan.columns.iter().skip(plan.tally.groups.len());
    for (place, (column, measure)) in measures.zip(&plan.tally.measures).enumerate() {
        let currency = measure.currency.and_then(|group| by.iter().position(|one| *one == group));
        let currency = currency.and_then(|place| at(row, place));
        let now = value::told(column, at(row, by.len() + place).as_deref(), currency.as_deref());
        if plan.earlier.is_some() {
            let then = was.and_then(|was| at(was, by.len() + place));
            let then = then.or_else(|| measure.op.counts().then(|| "0".to_owned()));
            let then = value::told(column, then.as_deref(), currency.as_deref());
            if column.is_number() {
                out.insert(format!("{}_change", column.name), value::change(&now, &then));
            }
            out.insert(format!("{}_previous", column.name), then);
        }
        out.insert(column.name.clone(), now);
    }
    out
}

/// Those of the plan, and of what is compared.
fn columns(plan: &Plan) -> Vec<FiguresColumn> {
    let mut columns = plan.columns.clone();
    if plan.earlier.is_some() {
        for column in plan.columns.iter().filter(|column| column.role == Role::Measure) {
            let name = format!("{}_previous", column.name);
            columns.push(FiguresColumn { name, role: Role::Previous, ..column.clone() });
            if column.is_number() {
                let (name, holds) = (format!("{}_change", column.name), "decimal".to_owned());
                columns.push(FiguresColumn { name, role: Role::Change, holds, currency: None, ..column.clone() });
            }
        }
    }
    columns
}
