//! Customers: who is new, who buys and who does no more, who comes back, and what is bought.
use super::{Part, Span, by, figures, number, query, share};
use crate::query::{FiguresQuery, MOST_ROWS};
use chrono::Days;
use platform::tally::Op::{Count, CountDistinct, Sum};
use rust_decimal::Decimal;
use serde_json::{Map, Value};

/// Who has bought within so many days is active; within as many more, at risk; earlier, lapsed.
const ACTIVE: u64 = 90;
const AT_RISK: u64 = 180;

pub fn queries(span: &Span) -> Vec<(&'static str, FiguresQuery)> {
    let new = FiguresQuery {
        filter: Some(span.holds("created_at")),
        totals: true,
        ..query("account", &[(Count, None, "count")], vec![span.month("created_at")])
    };
    let stages = query("account", &[(Count, None, "count")], vec![by("lifecycle_stage")]);
    let mut all = vec![("new", new), ("stages", stages)];
    all.extend(classes(span));
    all.extend(purchases(span));
    all
}

/// How many accounts there are of each class, at the end of the days.
fn classes(span: &Span) -> Vec<(&'static str, FiguresQuery)> {
    let count = |filter: String| FiguresQuery {
        filter: Some(filter),
        ..query("account", &[(Count, None, "count")], Vec::new())
    };
    let back = |days| span.moment(span.until.checked_sub_days(Days::new(days)).unwrap_or(span.from));
    let (active, at_risk, end) = (back(ACTIVE), back(AT_RISK), span.moment(span.until));
    let bought = |from: &str, until: &str| {
        format!("orders.exists(o, o.placed_at >= {from} && o.placed_at < {until} && o.status != \"cancelled\")")
    };
    let ever = |until: &str| format!("orders.exists(o, o.placed_at < {until} && o.status != \"cancelled\")");
    let (now, before) = (bought(&active, &end), bought(&at_risk, &active));
    vec![
        ("active", count(now.clone())),
        ("at_risk", count(format!("{before} && !{now}"))),
        ("lapsed", count(format!("{} && !{before} && !{now}", ever(&at_risk)))),
        ("reactivated", count(format!("{now} && !{before} && {}", ever(&at_risk)))),
        ("potential", count(format!("!{}", ever(&end)))),
    ]
}

/// What was bought in these days, by whom of which cohort, and how often.
fn purchases(span: &Span) -> Vec<(&'static str, FiguresQuery)> {
    let placed = format!("{} && status != \"cancelled\"", span.holds("placed_at"));
    let trend =
        [(Count, None, "orders"), (CountDistinct, Some("account_id"), "buyers"), (Sum, Some("total"), "amount")];
    let purchases = FiguresQuery {
        filter: Some(placed.clone()),
        totals: true,
        ..query("order", &trend, vec![span.month("placed_at")])
    };
    let known = || Some(format!("{placed} && account_id != null"));
    let months = vec![span.month("account.created_at"), span.month("placed_at")];
    let cohorts = FiguresQuery {
        filter: known(),
        limit: Some(MOST_ROWS),
        ..query("order", &[(CountDistinct, Some("account_id"), "buyers")], months)
    };
    let buyers = FiguresQuery {
        filter: known(),
        limit: Some(MOST_ROWS),
        ..query("order", &[(Count, None, "orders")], vec![by("account_id")])
    };
    vec![("purchases", purchases), ("cohorts", cohorts), ("buyers", buyers)]
}

/// The share of those who have bought more than once among all who have; of too many buyers it is not told.
pub fn rates(parts: &[Part]) -> Map<String, Value> {
    let mut out = Map::new();
    if let Some(buyers) = figures(parts, "buyers").filter(|buyers| !buyers.has_more) {
        let again = buyers.rows.iter().filter(|row| number(row, "orders") > Decimal::ONE).count();
        out.insert("repeat_rate".to_owned(), share(Decimal::from(again), Decimal::from(buyers.rows.len())));
    }
    out
}
