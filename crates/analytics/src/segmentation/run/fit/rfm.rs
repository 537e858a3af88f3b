//! By how recently, how often and for how much.
use super::{Fitted, Result, Row, Verdict, class, money, unreadable};
use crate::rfm::{Band, History, Measures, Orders, Rule, Scores, Scoring, Table, Thresholds, classify};
use crate::segmentation::{ONE_VALUE, RfmSettings, ScoreBand, TOO_FEW};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::num::NonZeroU32;

/// The fewest customers of whom fifths can be told.
const FEWEST: usize = 5;

/// Thresholds, and which scores are which class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sorter {
    recency: [f64; 4],
    frequency: [f64; 4],
    monetary: [f64; 4],
    /// class, then from and to of recency, frequency and monetary
    rules: Vec<(u16, [u8; 6])>,
    rest: Option<u16>,
    prospect: Option<u16>,
}

pub fn fit(settings: &RfmSettings, rows: &[Row], as_of: NaiveDate) -> Result<Fitted> {
    let measures: Vec<Measures> = rows.iter().filter_map(|row| measured(row, as_of)).collect();
    if measures.len() < FEWEST {
        return Err(TOO_FEW);
    }
    if measures.iter().all(|one| Some(one) == measures.first()) {
        return Err(ONE_VALUE);
    }
    let table = table(settings)?;
    let mut classes = Vec::new();
    let blank = blank(&table, &mut classes);
    let shape = |cuts: Thresholds| {
        let Thresholds { recency, frequency, monetary } = cuts;
        Sorter { recency, frequency, monetary, ..blank }
    };
    let (sorter, verdicts) = match settings.scoring.as_str() {
        "equal_groups" => {
            let scores = equal(rows, as_of, &table.0)?;
            let sorter = shape(cuts(&measures, &scores.iter().flatten().copied().collect::<Vec<_>>()));
            let verdicts = scores.into_iter().map(|scores| sorter.verdict(scores)).collect();
            (sorter, verdicts)
        }
        _ => {
            let sorter = shape(Thresholds::quantiles(&measures).ok_or(TOO_FEW)?);
            let verdicts = rows.iter().map(|row| sorter.sort(row, as_of)).collect();
            (sorter, verdicts)
        }
    };
    let told = json!({"recency": sorter.recency, "frequency": sorter.frequency, "monetary": sorter.monetary});
    let metrics = json!({"buyer_count": measures.len(), "scoring": settings.scoring, "thresholds": told});
    Ok(Fitted { sorter: super::Sorter::Rfm(sorter), classes, verdicts, metrics })
}

/// The classes without thresholds yet.
fn blank((table, rest, prospect): &(Table, Option<String>, Option<String>), classes: &mut Vec<String>) -> Sorter {
    let numbered = |rule: &Rule| {
        let Rule { recency: r, frequency: f, monetary: m, .. } = rule;
        (class(classes, &rule.class), [r.from, r.to, f.from, f.to, m.from, m.to])
    };
    let rules = table.rules().iter().map(numbered).collect();
    let rest = rest.as_ref().map(|name| class(classes, name));
    let prospect = prospect.as_ref().map(|name| class(classes, name));
    Sorter { recency: [0.0; 4], frequency: [0.0; 4], monetary: [0.0; 4], rules, rest, prospect }
}

/// The classes that are meant, with those of the rest and of whoever has never ordered.
fn table(settings: &RfmSettings) -> Result<(Table, Option<String>, Option<String>)> {
    let Some(own) = &settings.classes else {
        let is_eleven = settings.preset == "eleven";
        let table = if is_eleven { Table::eleven() } else { Table::ten() };
        return Ok((table, Some("other".to_owned()), is_eleven.then(|| "prospect".to_owned())));
    };
    let band = |band: ScoreBand| Band { from: band.from, to: band.to };
    let rules = own.iter().map(|one| Rule {
        class: one.class.clone(),
        recency: band(one.recency),
        frequency: band(one.frequency),
        monetary: band(one.monetary),
    });
    let table = Table::new(rules.collect(), settings.rest.clone(), settings.prospect.clone()).map_err(unreadable)?;
    Ok((table, settings.rest.clone(), settings.prospect.clone()))
}

/// The scores of each by groups of one size; nothing for whoever has never ordered.
fn equal(rows: &[Row], as_of: NaiveDate, table: &Table) -> Result<Vec<Option<Scores>>> {
    let history = |row: &Row| {
        let count = NonZeroU32::new(row.count);
        let orders = row.last_on.zip(count).map(|(last_on, count)| Orders { last_on, count, total: money(row) });
        History { customer: row.id, orders }
    };
    let all: Vec<_> = rows.iter().map(history).collect();
    let found = classify(&all, as_of, &Scoring::EqualGroups, table).map_err(unreadable)?;
    Ok(found.customers.into_iter().map(|one| one.known.map(|(_, scores)| scores)).collect())
}

/// Where groups of one size begin, by the least that is in each; one that nobody is in begins where the next does.
fn cuts(measures: &[Measures], scores: &[Scores]) -> Thresholds {
    let all = || measures.iter().zip(scores);
    let days = |of: &Measures| i32::try_from(of.recency).map_or(f64::MAX, f64::from);
    // of days the lowest group scores best
    let recency = all().map(|(of, scores)| (6 - scores.recency.min(5), days(of)));
    let frequency = all().map(|(of, scores)| (scores.frequency, f64::from(of.frequency)));
    let monetary = all().map(|(of, scores)| (scores.monetary, of.monetary));
    Thresholds { recency: least(recency), frequency: least(frequency), monetary: least(monetary) }
}

fn least(grouped: impl Iterator<Item = (u8, f64)>) -> [f64; 4] {
    let mut cuts = [f64::MAX; 4];
    for (group, value) in grouped {
        let at = usize::from(group).checked_sub(2);
        if let Some(cut) = at.and_then(|at| cuts.get_mut(at)) {
            *cut = cut.min(value);
        }
    }
    let mut next = f64::MAX;
    for cut in cuts.iter_mut().rev() {
        *cut = cut.min(next);
        next = *cut;
    }
    cuts
}

fn measured(row: &Row, as_of: NaiveDate) -> Option<Measures> {
    let orders = Orders { last_on: row.last_on?, count: NonZeroU32::new(row.count)?, total: money(row) };
    Some(Measures::of(&orders, as_of))
}

impl Sorter {
    pub fn sort(&self, row: &Row, as_of: NaiveDate) -> Verdict {
        let Self { recency, frequency, monetary, .. } = *self;
        let by = Thresholds { recency, frequency, monetary };
        self.verdict(measured(row, as_of).map(|measures| by.score(&measures)))
    }

    fn verdict(&self, scores: Option<Scores>) -> Verdict {
        let Some(scores) = scores else { return Verdict { class: self.prospect, scores: None } };
        let all = [scores.recency, scores.frequency, scores.monetary];
        let holds = |bands: &[u8; 6]| {
            let [r, r_to, f, f_to, m, m_to] = *bands;
            (r..=r_to).contains(&scores.recency)
                && (f..=f_to).contains(&scores.frequency)
                && (m..=m_to).contains(&scores.monetary)
        };
        let found = self.rules.iter().find(|(_, bands)| holds(bands)).map(|(class, _)| *class);
        Verdict { class: found.or(self.rest), scores: Some(all) }
    }
}
