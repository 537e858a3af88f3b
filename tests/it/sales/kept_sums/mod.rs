//! Sums that are kept come to what the opportunities come to: at any moment, for everybody as far as they see, whatever has
//! written them, and whatever dies.
mod changes;
mod crowds;
mod keeping;
mod sights;
mod world;

use crate::support::{Client, Person, Town, Value, encoded, make};
use rust_decimal::Decimal;

/// Periods with their first and last days, where years begin in January.
const PERIODS: [(&str, &str, &str); 4] = [
    ("2026", "2026-01-01", "2026-12-31"),
    ("2026-Q4", "2026-10-01", "2026-12-31"),
    ("2026-12", "2026-12-01", "2026-12-31"),
    ("2027-Q1", "2027-01-01", "2027-03-31"),
];

/// A condition that always holds, which no sum is kept for.
fn always() -> String {
    format!("filter={}", encoded("version > 0"))
}

/// Folds what waits, as the worker does; how much that was.
fn fold(town: &Town) -> usize {
    sales::opportunity::sums::fold(&mut town.database.conn()).unwrap()
}

fn waiting(town: &Town) -> i64 {
    town.database.count("SELECT count(*) FROM opportunity_sum_changes")
}

/// The opportunities of the town, as a condition on `o`.
fn of(town: &Town, person: Person) -> String {
    format!("o.tenant_id = (SELECT tenant_id FROM users WHERE id = '{}')", town.user(person))
}

/// What is told and what was reckoned are the same: boards of these pipelines, and forecasts by the clock of a zone, of
/// those that fit `seen`.
#[track_caller]
fn agree(town: &Town, client: &Client, pipelines: &[String], zone: &str, seen: &str, when: &str) {
    for pipeline in pipelines {
        let told = board(client, pipeline, "");
        assert_eq!(told, reckoned_board(town, pipeline, seen), "{when}: the board");
        assert_eq!(told, board(client, pipeline, &always()), "{when}: the board by a filter that always holds");
    }
    for (period, first, last) in PERIODS {
        for by in ["owner", "team", "category"] {
            let reckoned = reckoned_forecast(town, (first, last), zone, by, seen);
            assert_eq!(forecast(client, period, by), reckoned, "{when}: {period} by {by}");
        }
    }
}

fn plain(money: &Value) -> String {
    make::id(money, "amount").parse::<Decimal>().unwrap().normalize().to_string()
}

/// What a board counts and sums, stage by stage.
fn board(client: &Client, pipeline: &str, query: &str) -> Vec<String> {
    let board = client.get(&format!("/v1/pipelines/{pipeline}/board?limit=1&{query}")).ok();
    let mut lines = Vec::new();
    for column in board["columns"].as_array().unwrap() {
        let stage = make::id(&column["stage"], "id");
        lines.push(format!("{stage} count {} rotten {}", column["count"], column["rotten_count"]));
        for sums in ["totals", "base_totals"] {
            let sums = column[sums].as_array().unwrap().iter().map(|one| (sums, one));
            lines
                .extend(sums.map(|(sums, one)| format!("{stage} {sums} {} {}", make::id(one, "currency"), plain(one))));
        }
    }
    lines.sort();
    lines
}

fn reckoned_board(town: &Town, pipeline: &str, seen: &str) -> Vec<String> {
    let of = format!("opportunities o WHERE o.pipeline_id = '{pipeline}' AND o.deleted_at IS NULL AND ({seen})");
    let sums = |name: &str, currency: &str, amount: &str| {
        format!(
            "SELECT concat(o.stage_id, ' {name} ', o.{currency}, ' ', trim_scale(sum(o.{amount}))) FROM {of}
             AND o.{amount} IS NOT NULL GROUP BY o.stage_id, o.{currency}"
        )
    };
    let mut lines = town.database.column(&format!(
        "SELECT concat(s.id, ' count ', count(o.id), ' rotten ', count(o.id) FILTER (WHERE o.is_rotten)) FROM stages s
         LEFT JOIN opportunities o ON o.stage_id = s.id AND o.deleted_at IS NULL AND ({seen})
         WHERE s.pipeline_id = '{pipeline}' GROUP BY s.id UNION ALL {} UNION ALL {}",
        sums("totals", "currency", "amount"),
        sums("base_totals", "base_currency", "base_amount")
    ));
    lines.sort();
    lines
}

/// What a forecast tells, group by group, and in all.
fn forecast(client: &Client, period: &str, by: &str) -> Vec<String> {
    let told = client.get(&format!("/v1/forecasts?period={period}&group_by={by}")).ok();
    let line = |key: &str, group: &Value| {
        let counts = ["open_count", "won_count", "lost_count", "unknown_count"].map(|name| group[name].to_string());
        let sums = ["won", "pipeline", "best_case", "commit", "weighted"].map(|name| plain(&group[name]));
        format!("{key} {} {}", counts.join(" "), sums.join(" "))
    };
    let key = |group: &Value| {
        let names = ["owner_id", "team_id", "forecast_category"];
        names.iter().find_map(|name| group[*name].as_str()).unwrap_or("none").to_owned()
    };
    let mut lines: Vec<String> = told["groups"].as_array().unwrap().iter().map(|one| line(&key(one), one)).collect();
    lines.push(line("total", &told["total"]));
    lines.sort();
    lines
}

/// All that counts between two days of a place: in teams, with those above them.
fn reckoned_forecast(town: &Town, (first, last): (&str, &str), zone: &str, by: &str, seen: &str) -> Vec<String> {
    let (key, beside) = match by {
        "owner" => ("c.owner_id::text", ""),
        "category" => ("c.forecast_category", ""),
        _ => ("coalesce(up.above::text, 'none')", "LEFT JOIN up ON up.team = c.team_id"),
    };
    let count = |which: &str| format!("count(*) FILTER (WHERE {which})");
    let sum = |what: &str| format!("trim_scale(round(coalesce(sum({what}), 0), 2))");
    let open =
        |category: &str| sum(&format!("CASE WHEN kind = 'open' AND forecast_category = '{category}' THEN worth END"));
    let figures = [
        count("kind = 'open'"),
        count("kind = 'won'"),
        count("kind = 'lost'"),
        count("kind <> 'lost' AND worth IS NULL"),
        sum("CASE WHEN kind = 'won' THEN worth END"),
        open("pipeline"),
        open("best_case"),
        open("commit"),
        sum("CASE WHEN kind = 'won' THEN worth WHEN kind = 'open' AND forecast_category <> 'omitted'
             THEN worth * probability / 100 END"),
    ]
    .join(", ");
    let mut lines = town.database.column(&format!(
        "WITH RECURSIVE up AS (SELECT id AS team, id AS above FROM teams UNION SELECT up.team, t.parent_id FROM up
             JOIN teams t ON t.id = up.above WHERE t.parent_id IS NOT NULL),
         c AS (SELECT o.owner_id, o.team_id, o.forecast_category, o.probability, s.kind,
                   CASE WHEN o.base_currency = 'USD' THEN o.base_amount END AS worth
               FROM opportunities o JOIN stages s ON s.id = o.stage_id WHERE o.deleted_at IS NULL AND ({seen})
               AND CASE WHEN o.closed_at IS NULL THEN o.expected_close_on ELSE (o.closed_at AT TIME ZONE '{zone}')::date END
                   BETWEEN '{first}' AND '{last}')
         SELECT concat_ws(' ', {key}, {figures}) FROM c {beside} GROUP BY {key}
         UNION ALL SELECT concat_ws(' ', 'total', {figures}) FROM c"
    ));
    lines.sort();
    lines
}
