//! The report: a table a size, then what grows with the size, start and memory; the same figures as JSON beside it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use serde::Serialize;

use crate::Result;
use crate::cell::Row;
use crate::options::Load;

/// Everything one run found.
#[derive(Serialize)]
pub struct Report {
    postgres: String,
    seconds: u64,
    rounds: usize,
    sizes: Vec<SizeFacts>,
    rows: Vec<Row>,
    notes: Vec<String>,
}

/// What is said once of a size.
#[derive(Clone, Serialize)]
pub struct SizeFacts {
    /// Contacts.
    pub size: u32,
    /// Seconds of seeding; 0 when the seed was there.
    pub seeded: f64,
    /// Milliseconds from start to ready.
    pub start: f64,
    /// MB of the idle server.
    pub idle: f64,
}

impl Report {
    /// An empty one.
    pub fn new(load: &Load, postgres: String) -> Self {
        let (sizes, rows, notes) = (Vec::new(), Vec::new(), Vec::new());
        Self { postgres, seconds: load.seconds, rounds: load.rounds, sizes, rows, notes }
    }

    /// Adds what is known of a size.
    pub fn facts(&mut self, facts: SizeFacts) {
        self.sizes.push(facts);
    }

    /// Adds a cell, and shows it at once.
    pub fn row(&mut self, row: Row) {
        eprintln!("{}", line(&row));
        if row.ours.failed > 0 {
            let Row { size, kind, connections, ours, .. } = &row;
            self.note(format!("{size} {kind} at {connections}: {} failed; statuses {:?}", ours.failed, ours.statuses));
        }
        self.rows.push(row);
    }

    /// Adds a remark, and shows it at once.
    pub fn note(&mut self, note: String) {
        eprintln!("note: {note}");
        self.notes.push(note);
    }

    /// Writes Markdown and JSON.
    pub fn write(&self, out: &Path) -> Result<()> {
        if let Some(dir) = out.parent() {
            fs::create_dir_all(dir)?;
        }
        fs::write(out, self.markdown())?;
        fs::write(out.with_extension("json"), serde_json::to_string_pretty(self)?)?;
        Ok(())
    }

    /// The report as Markdown.
    pub fn markdown(&self) -> String {
        let mut out = format!("# Bench\n\n{}\n", self.head());
        for facts in &self.sizes {
            let rows = self.rows.iter().filter(|row| row.size == facts.size);
            let _ = write!(out, "\n## {} contacts\n\n{HEADER}\n", facts.size);
            rows.for_each(|row| out.push_str(&format!("{}\n", line(row))));
        }
        let _ = write!(out, "\n## Growth\n\n{}", self.growth());
        let _ = write!(out, "\n## Start and memory\n\n{}", self.memory());
        if !self.notes.is_empty() {
            out.push_str("\n## Notes\n\n");
            self.notes.iter().for_each(|note| out.push_str(&format!("* {note}\n")));
        }
        out
    }

    fn head(&self) -> String {
        format!(
            "PostgreSQL {} with fsync on; cells of {} s, medians of {} rounds. The limit is the same SQL through \
             `pgbench -M prepared` with as many clients. Times of the processor are µs a request, from /proc. \
             *raw* = requests ÷ transactions a second (good only when others use less than 0.3 core); \
             *cpu* = processor time of the limit ÷ ours, all programs counted.",
            self.postgres, self.seconds, self.rounds
        )
    }

    /// Exponent of the processor time by size, and last pages against first ones.
    fn growth(&self) -> String {
        let mut cells: BTreeMap<(&str, usize), Vec<&Row>> = BTreeMap::new();
        for row in &self.rows {
            cells.entry((row.kind, row.connections)).or_default().push(row);
        }
        let mut out =
            String::from("| work | connections | µs by size | exponent | p99 ms by size |\n|---|---|---|---|---|\n");
        for ((kind, connections), rows) in &cells {
            let points: Vec<(f64, f64)> = rows.iter().map(|row| (f64::from(row.size), busy(row))).collect();
            let micros: Vec<String> = rows.iter().map(|row| format!("{:.0}", busy(row))).collect();
            let p99: Vec<String> = rows.iter().map(|row| format!("{:.1}", row.ours.p99)).collect();
            let exponent = exponent(&points).map_or_else(|| "–".to_owned(), |value| format!("{value:.2}"));
            let (micros, p99) = (micros.join(" → "), p99.join(" → "));
            let _ = writeln!(out, "| {kind} | {connections} | {micros} | {exponent} | {p99} |");
        }
        for ((kind, connections), last) in cells.iter().filter(|((kind, _), _)| *kind == "list_last") {
            for (last, first) in last.iter().zip(cells.get(&("list_first", *connections)).into_iter().flatten()) {
                let ratio = busy(last) / busy(first);
                let _ = writeln!(
                    out,
                    "\n{kind} ÷ list_first, {} contacts, {connections} connections: {ratio:.2}",
                    last.size
                );
            }
        }
        out
    }

    fn memory(&self) -> String {
        let mut out = String::from(
            "| contacts | seeded s | start to ready ms | idle MB | loaded MB (by connections) |\n|---|---|---|---|---|\n",
        );
        for facts in &self.sizes {
            let mut loaded: BTreeMap<usize, f64> = BTreeMap::new();
            for row in self.rows.iter().filter(|row| row.size == facts.size) {
                let most = loaded.entry(row.connections).or_default();
                *most = most.max(row.ours.memory);
            }
            let loaded: Vec<String> =
                loaded.iter().map(|(connections, mb)| format!("{mb:.0} ({connections})")).collect();
            let SizeFacts { size, seeded, start, idle } = facts;
            let _ = writeln!(out, "| {size} | {seeded:.1} | {start:.0} | {idle:.0} | {} |", loaded.join(", "));
        }
        out
    }
}

const HEADER: &str = "| work | conn. | requests/s | p50 ms | p99 ms | server µs | PG µs | client µs | limit/s | limit PG µs | \
limit client µs | raw | cpu | others' cores | bytes | failed |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|";

fn line(row: &Row) -> String {
    let ours = &row.ours;
    let limit = row.limit.as_ref().map_or_else(
        || "– | – | –".to_owned(),
        |pace| format!("{:.0} | {:.0} | {:.0}", pace.per_second, pace.postgres, pace.client),
    );
    let ratio = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| format!("{value:.2}"));
    format!(
        "| {} | {} | {:.0} | {:.2} | {:.2} | {:.0} | {:.0} | {:.0} | {limit} | {} | **{}** | {:.1} | {:.0} | {} |",
        row.kind,
        row.connections,
        ours.per_second,
        ours.p50,
        ours.p99,
        ours.server,
        ours.postgres,
        ours.client,
        ratio(row.ratio),
        ratio(row.cpu_ratio),
        ours.others,
        ours.bytes,
        ours.failed,
    )
}

/// Processor time of server and PostgreSQL together.
fn busy(row: &Row) -> f64 {
    row.ours.server + row.ours.postgres
}

/// The slope of the straight line through the logarithms.
fn exponent(points: &[(f64, f64)]) -> Option<f64> {
    let logs: Vec<(f64, f64)> = points.iter().map(|(x, y)| (x.ln(), y.ln())).filter(|(_, y)| y.is_finite()).collect();
    let count = logs.iter().map(|_| 1.0).sum::<f64>();
    let mean = |of: fn(&(f64, f64)) -> f64| logs.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let spread: f64 = logs.iter().map(|point| (point.0 - x).powi(2)).sum();
    let slope = logs.iter().map(|point| (point.0 - x) * (point.1 - y)).sum::<f64>() / spread;
    (spread > 0.0).then_some(slope)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_exponent_of_known_curves() {
        let curve = |power: f64| [1e4, 1e5, 1e6].map(|x: f64| (x, 7.0 * x.powf(power)));
        assert!((exponent(&curve(0.5)).unwrap() - 0.5).abs() < 1e-9);
        assert!(exponent(&curve(0.0)).unwrap().abs() < 1e-9);
        assert_eq!(exponent(&[(1e4, 5.0)]), None);
        assert_eq!(exponent(&[]), None);
    }
}
