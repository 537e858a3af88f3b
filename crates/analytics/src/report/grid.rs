//! What a report shows, as a table of cells: row by row as it came, or with the last dimension as columns.
use super::ReportOutcome;
use crate::chart::shown;
use crate::query::{Figures, FiguresColumn, Role};
use kernel::{Error, Result, error, text};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The most cells of a matrix.
const CELLS: usize = 50_000;

/// Figures with the values of their last dimension as columns.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = FiguresMatrix, example = json!({
    "rows": [{"stage_name": "Proposal"}], "columns": ["2026-01-01", "2026-02-01"], "cells": [[{"count": 3}, null]]
}))]
pub struct Matrix {
    /// the other dimensions, a member each
    #[schema(value_type = Vec<Object>)]
    pub rows: Vec<Map<String, Value>>,
    /// the values of the last dimension, in their order
    pub columns: Vec<Value>,
    /// the measures where both meet; null where there is nothing
    #[schema(value_type = Vec<Vec<Value>>)]
    pub cells: Vec<Vec<Option<Map<String, Value>>>>,
}

/// The figures as a matrix.
pub fn matrix(figures: &Figures) -> Result<Matrix> {
    let last = figures.columns.iter().rev().find(|column| column.role == Role::Dimension);
    let Some(last) = last.map(|column| column.name.as_str()) else { return Ok(Matrix::default()) };
    let is_head = |name: &str| {
        let column = figures.columns.iter().find(|column| column.name == name);
        column.is_some_and(|column| matches!(column.role, Role::Dimension | Role::Currency)) && name != last
    };
    let mut out = Matrix::default();
    let (mut across, mut down) = (BTreeMap::new(), BTreeMap::new());
    for row in &figures.rows {
        let (head, cell): (Map<_, _>, Map<_, _>) =
            row.clone().into_iter().filter(|(name, _)| name != last).partition(|(name, _)| is_head(name));
        let value = row.get(last).cloned().unwrap_or_default();
        let across = place(&mut across, &mut out.columns, value);
        let down = place(&mut down, &mut out.rows, head);
        if out.rows.len().saturating_mul(out.columns.len()) > CELLS {
            let message = text!("a matrix of more than {most} cells: narrow the filter", most = CELLS);
            return Err(Error::from(error::QUERY_TOO_COSTLY).detail(message));
        }
        out.cells.resize(out.rows.len(), Vec::new());
        if let Some(line) = out.cells.get_mut(down) {
            line.resize(line.len().max(across + 1), None);
            line.get_mut(across).into_iter().for_each(|slot| *slot = Some(cell.clone()));
        }
    }
    let width = out.columns.len();
    out.cells.iter_mut().for_each(|line| line.resize(width, None));
    sorted(&mut out);
    Ok(out)
}

/// Where it stands; behind the others, where it is new.
fn place<T: Serialize>(known: &mut BTreeMap<String, usize>, all: &mut Vec<T>, one: T) -> usize {
    let name = serde_json::to_string(&one).unwrap_or_default();
    *known.entry(name).or_insert_with(|| {
        all.push(one);
        all.len() - 1
    })
}

/// Columns in the order of their values: they came in that of the first row that has them.
fn sorted(matrix: &mut Matrix) {
    let mut order: Vec<usize> = (0..matrix.columns.len()).collect();
    let key = |at: usize| matrix.columns.get(at).map(|value| (value.is_null(), shown(Some(value))));
    order.sort_by_key(|at| key(*at));
    let columns = order.iter().filter_map(|at| matrix.columns.get(*at).cloned()).collect();
    let line =
        |line: &Vec<Option<Map<String, Value>>>| order.iter().map(|at| line.get(*at).cloned().flatten()).collect();
    let cells = matrix.cells.iter().map(line).collect();
    (matrix.columns, matrix.cells) = (columns, cells);
}

/// A table as it is written to a file: what its columns are called, whether each is a figure, and its cells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    pub columns: Vec<(String, bool)>,
    pub rows: Vec<Vec<Value>>,
}

/// What is written of a report: its rows with its totals behind them, or its matrix.
pub fn sheet(outcome: &ReportOutcome) -> Sheet {
    let figures = &outcome.figures;
    match &outcome.matrix {
        Some(matrix) => spread(figures, matrix),
        None => {
            let cells = |row: &Map<String, Value>| -> Vec<Value> {
                figures.columns.iter().map(|column| row.get(&column.name).cloned().unwrap_or_default()).collect()
            };
            let rows = figures.rows.iter().chain(&figures.totals).map(cells).collect();
            let columns = figures.columns.iter().map(|column| (column.name.clone(), column.is_number())).collect();
            Sheet { columns, rows }
        }
    }
}

fn spread(figures: &Figures, matrix: &Matrix) -> Sheet {
    let heads: Vec<&FiguresColumn> = figures
        .columns
        .iter()
        .filter(|column| matrix.rows.first().is_some_and(|row| row.contains_key(&column.name)))
        .collect();
    let measures: Vec<&FiguresColumn> =
        figures.columns.iter().filter(|one| !matches!(one.role, Role::Dimension | Role::Currency)).collect();
    let mut columns: Vec<(String, bool)> = heads.iter().map(|head| (head.name.clone(), false)).collect();
    for value in &matrix.columns {
        let name = |measure: &FiguresColumn| match measures.len() {
            1 => shown(Some(value)),
            _ => format!("{} {}", shown(Some(value)), measure.name),
        };
        columns.extend(measures.iter().map(|measure| (name(measure), measure.is_number())));
    }
    let mut rows = Vec::new();
    for (head, line) in matrix.rows.iter().zip(&matrix.cells) {
        let mut cells: Vec<Value> =
            heads.iter().map(|column| head.get(&column.name).cloned().unwrap_or_default()).collect();
        for cell in line {
            let value = |measure: &&FiguresColumn| cell.as_ref().and_then(|cell| cell.get(&measure.name)).cloned();
            cells.extend(measures.iter().map(|measure| value(measure).unwrap_or_default()));
        }
        rows.push(cells);
    }
    Sheet { columns, rows }
}
