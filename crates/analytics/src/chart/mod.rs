//! A chart of figures: what is drawn of them, as numbers by category and series. Money of several currencies is never one
//! series.
mod round;
mod scale;
mod svg;
mod vega;

pub use svg::svg;
pub use vega::vega_lite;

use crate::query::{Figures, FiguresColumn, Role};
use kernel::Fault;
use kernel::text;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use validator::Validate;

/// The most categories of a chart: what comes behind them is left out.
const CATEGORIES: usize = 200;
/// The most series.
const SERIES: usize = 24;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChartKind {
    Bar,
    Line,
    Pie,
    Funnel,
}

/// How figures are drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "bar", "x": "stage_name", "y": ["total"]}))]
pub struct ChartSpec {
    pub kind: ChartKind,
    /// the column of the categories
    #[validate(length(min = 1, max = 60))]
    #[schema(min_length = 1, max_length = 60, example = "stage_name")]
    pub x: String,
    /// the columns that are drawn
    #[validate(length(min = 1, max = 8))]
    #[schema(min_items = 1, max_items = 8)]
    pub y: Vec<String>,
    /// the column by which each of them is drawn for itself
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 60))]
    #[schema(min_length = 1, max_length = 60)]
    pub series: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    pub title: Option<String>,
}

impl ChartSpec {
    /// What is wrong with it beside these columns.
    pub fn faults(&self, columns: &[FiguresColumn], pointer: &str) -> Vec<Fault> {
        let unknown = |at: String| Fault::new(at, "unknown_column", text!("is no such column of the query"));
        let is_group = |name: &str| columns.iter().any(|one| one.name == name && one.role != Role::Measure);
        let mut faults = Vec::new();
        if !is_group(&self.x) {
            faults.push(unknown(format!("{pointer}/x")));
        }
        for (at, name) in self.y.iter().enumerate() {
            if !columns.iter().any(|one| one.name == *name && one.role != Role::Dimension && one.is_number()) {
                faults.push(unknown(format!("{pointer}/y/{at}")));
            }
        }
        if self.series.as_ref().is_some_and(|name| !is_group(name)) {
            faults.push(unknown(format!("{pointer}/series")));
        }
        faults
    }
}

/// What is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawn {
    pub categories: Vec<String>,
    /// what it is called, and its number in each category, where it has one
    pub series: Vec<(String, Vec<Option<f64>>)>,
}

impl Drawn {
    pub fn of(spec: &ChartSpec, figures: &Figures) -> Self {
        let mut drawn = Self::default();
        for row in &figures.rows {
            let category = shown(row.get(&spec.x));
            let known = drawn.categories.iter().position(|one| *one == category);
            let Some(at) = known.or_else(|| drawn.category(category)) else { continue };
            for name in &spec.y {
                let series = called(spec, figures, row, name);
                drawn.put(series, at, row.get(name).and_then(number));
            }
        }
        let count = drawn.categories.len();
        drawn.series.iter_mut().for_each(|(_, values)| values.resize(count, None));
        drawn
    }

    fn category(&mut self, name: String) -> Option<usize> {
        if self.categories.len() == CATEGORIES {
            return None;
        }
        self.categories.push(name);
        Some(self.categories.len() - 1)
    }

    fn put(&mut self, name: String, at: usize, value: Option<f64>) {
        let place = match self.series.iter().position(|(known, _)| *known == name) {
            Some(place) => place,
            None if self.series.len() == SERIES => return,
            None => {
                self.series.push((name, Vec::new()));
                self.series.len() - 1
            }
        };
        if let Some((_, values)) = self.series.get_mut(place) {
            values.resize(values.len().max(at + 1), None);
            if let Some(slot) = values.get_mut(at) {
                *slot = value;
            }
        }
    }
}

/// What a series is called: by its column, what parts it, and what its money is in.
fn called(spec: &ChartSpec, figures: &Figures, row: &Map<String, Value>, name: &str) -> String {
    let mut parts = Vec::new();
    if spec.y.len() > 1 || spec.series.is_none() {
        parts.push(name.to_owned());
    }
    parts.extend(spec.series.as_ref().map(|series| shown(row.get(series))));
    let column = figures.columns.iter().find(|column| column.name == name);
    let currency = column.and_then(|column| column.currency.as_ref());
    let told = |name: &String| *name == spec.x || spec.series.as_ref() == Some(name);
    parts.extend(currency.filter(|name| !told(name)).map(|currency| shown(row.get(currency))));
    parts.join(" · ")
}

/// What stands for nothing.
const ABSENT: &str = "—";

pub(crate) fn shown(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => ABSENT.to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => Decimal::from_str_exact(text).ok()?.to_f64(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn figures(rows: Value) -> Figures {
        let column = |name: &str, role, holds: &str, currency: Option<&str>| FiguresColumn {
            name: name.into(),
            role,
            holds: holds.into(),
            field: None,
            op: None,
            bucket: None,
            time_zone: None,
            currency: currency.map(str::to_owned),
        };
        let columns = vec![
            column("stage", Role::Dimension, "text", None),
            column("currency", Role::Currency, "text", None),
            column("total", Role::Measure, "money", Some("currency")),
        ];
        let rows = serde_json::from_value(rows).unwrap();
        Figures { columns, rows, ..Figures::default() }
    }

    fn spec(kind: ChartKind) -> ChartSpec {
        ChartSpec {
            kind,
            x: "stage".into(),
            y: vec!["total".into()],
            series: None,
            title: Some("<合计> & more".into()),
        }
    }

    #[test]
    fn currencies_are_series_of_their_own() {
        let figures = figures(json!([
            {"stage": "a", "currency": "CNY", "total": "1.50"}, {"stage": "a", "currency": "USD", "total": "2"},
            {"stage": "b", "currency": "USD", "total": null}
        ]));
        let drawn = Drawn::of(&spec(ChartKind::Bar), &figures);
        assert_eq!(drawn.categories, ["a", "b"]);
        let expected =
            [("total · CNY".to_owned(), vec![Some(1.5), None]), ("total · USD".to_owned(), vec![Some(2.0), None])];
        assert_eq!(drawn.series, expected);
    }

    #[test]
    fn every_chart_is_drawn_and_escapes_what_it_says() {
        let figures = figures(json!([
            {"stage": "<script>", "currency": "CNY", "total": "-5"}, {"stage": "二", "currency": "CNY", "total": "9"}
        ]));
        for kind in [ChartKind::Bar, ChartKind::Line, ChartKind::Pie, ChartKind::Funnel] {
            let drawn = svg(&spec(kind), &figures);
            assert!(drawn.starts_with("<svg ") && drawn.ends_with("</svg>"), "{kind:?}");
            assert!(
                !drawn.contains("<script>") && !drawn.contains("NaN") && !drawn.contains("inf"),
                "{kind:?}: {drawn}"
            );
            assert!(drawn.contains("&lt;合计&gt; &amp; more"), "{kind:?}");
        }
        let nothing = Figures { rows: Vec::new(), ..figures };
        assert!(svg(&spec(ChartKind::Bar), &nothing).ends_with("</svg>"));
    }

    #[test]
    fn a_spec_names_columns_that_are_there() {
        let figures = figures(json!([]));
        assert_eq!(spec(ChartKind::Bar).faults(&figures.columns, "/chart"), []);
        let wrong =
            ChartSpec { x: "total".into(), y: vec!["stage".into()], series: Some("x".into()), ..spec(ChartKind::Pie) };
        let pointers: Vec<String> =
            wrong.faults(&figures.columns, "/chart").into_iter().map(|fault| fault.pointer).collect();
        assert_eq!(pointers, ["/chart/x", "/chart/y/0", "/chart/series"]);
    }
}
