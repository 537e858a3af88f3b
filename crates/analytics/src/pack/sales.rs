//! Sales: where deals stand, how they go on, how many are won, and how long that takes.
use super::{Part, Span, by, figures, number, query, share};
use crate::query::FiguresQuery;
use platform::tally::Op::{Avg, Count, Sum};
use rust_decimal::Decimal;
use serde_json::{Map, Value};

pub fn queries(span: &Span) -> Vec<(&'static str, FiguresQuery)> {
    let worth = [(Count, None, "count"), (Sum, Some("base_amount"), "amount")];
    let funnel = FiguresQuery {
        filter: Some("stage.kind == \"open\"".to_owned()),
        sort: Some("stage_position".to_owned()),
        totals: true,
        ..query("opportunity", &worth, vec![by("stage.position"), by("stage.name")])
    };
    let lengths = [(Count, None, "count"), (Avg, Some("duration_seconds"), "seconds")];
    let conversion = FiguresQuery {
        filter: Some(span.holds("changed_at")),
        ..query("stage_change", &lengths, vec![by("from_stage"), by("to_stage")])
    };
    let velocity = FiguresQuery {
        filter: Some(format!("{} && from_stage != null", span.holds("changed_at"))),
        ..query("stage_change", &lengths, vec![by("from_stage")])
    };
    let closed = FiguresQuery {
        filter: Some(span.holds("closed_at")),
        totals: true,
        ..query("opportunity", &worth, vec![by("stage.kind"), span.month("closed_at")])
    };
    let means = [(Count, None, "count"), (Avg, Some("base_amount"), "amount")];
    let won = FiguresQuery {
        filter: Some(format!("{} && stage.kind == \"won\"", span.holds("closed_at"))),
        ..query("opportunity", &means, Vec::new())
    };
    vec![("funnel", funnel), ("conversion", conversion), ("velocity", velocity), ("closed", closed), ("won", won)]
}

/// The share of what was won among what was closed.
pub fn rates(parts: &[Part]) -> Map<String, Value> {
    let mut out = Map::new();
    if let Some(closed) = figures(parts, "closed") {
        let of = |kind: &str| -> Decimal {
            let rows = closed.rows.iter().filter(|row| row.get("stage_kind").and_then(Value::as_str) == Some(kind));
            rows.map(|row| number(row, "count")).sum()
        };
        let (won, lost) = (of("won"), of("lost"));
        out.insert("win_rate".to_owned(), share(won, won + lost));
    }
    out
}
