//! By groups that the numbers make. Of very many customers the groups are found among some, evenly taken, and the others
//! are put to the nearest.
use super::{Fitted, Result, Row, Verdict, class, money, unreadable};
use crate::clusters::{Candidate, Column, Points, Scale, Settings, choose, describe};
use crate::segmentation::{ClusterSettings, ONE_VALUE, TOO_FEW, TOO_MANY_GROUPS};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

/// Among how many customers groups are looked for at most.
const MOST: usize = 50_000;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sorter {
    features: Vec<String>,
    /// of each: whether its logarithm is taken, its mean and its deviation
    columns: Vec<(bool, f64, f64)>,
    centres: Vec<Vec<f64>>,
}

pub fn fit(settings: &ClusterSettings, rows: &[Row], as_of: NaiveDate) -> Result<Fitted> {
    let features = &settings.features;
    let all: Vec<Vec<f64>> = rows.iter().filter_map(|row| measured(features, row, as_of)).collect();
    let least = settings.k.unwrap_or(settings.k_min);
    if all.len() < usize::try_from(least).unwrap_or(usize::MAX) {
        return Err(TOO_FEW);
    }
    if all.iter().all(|one| Some(one) == all.first()) {
        return Err(ONE_VALUE);
    }
    let step = all.len().div_ceil(MOST).max(1);
    let some = all.iter().step_by(step).flatten().copied().collect();
    let points = Points::new(features.len(), some).map_err(unreadable)?;
    let (scale, scaled) = scaled(settings, &points)?;
    let best = best(settings, &scaled)?;
    let centres = best.clustering.centres.rows().map(<[f64]>::to_vec).collect::<Vec<_>>();
    let columns = scale.columns.iter().map(|column| (column.is_log, column.mean, column.deviation)).collect();
    let sorter = Sorter { features: features.clone(), columns, centres };
    let mut classes = Vec::new();
    for at in 1..=sorter.centres.len() {
        class(&mut classes, &format!("cluster_{at}"));
    }
    let verdicts = rows.iter().map(|row| sorter.sort(row, as_of)).collect();
    let metrics = told(settings, &points, &scale, &best, all.len())?;
    Ok(Fitted { sorter: super::Sorter::Clusters(sorter), classes, verdicts, metrics })
}

/// How many groups there are to be, or as many as are told apart best.
fn best(settings: &ClusterSettings, points: &Points) -> Result<Candidate> {
    let (least, most) = settings.k.map_or((settings.k_min, settings.k_max), |k| (k, k));
    let wide = crate::number::wide;
    let how = Settings { seed: u64::from(settings.seed), ..Settings::default() };
    let found = choose(points, wide(least)..=wide(most), &how).map_err(unreadable)?;
    let best = found.candidates.into_iter().nth(found.best).ok_or(TOO_FEW)?;
    // fewer come where there are fewer different points
    if best.clustering.centres.len() < best.k { Err(TOO_MANY_GROUPS) } else { Ok(best) }
}

/// Logarithms are taken of features all of whose values have one, so not of losses.
fn scaled(settings: &ClusterSettings, points: &Points) -> Result<(Scale, Points)> {
    let width = points.width();
    let has = |at: usize| points.rows().all(|row| row.get(at).is_some_and(|value| *value > -1.0));
    let logs: Vec<bool> = (0..width).map(|at| settings.is_log && has(at)).collect();
    if settings.is_standardised {
        return Scale::fit(points, &logs).map_err(unreadable);
    }
    let plain = |is_log: &bool| Column { is_log: *is_log, mean: 0.0, deviation: 1.0 };
    let scale = Scale { columns: logs.iter().map(plain).collect() };
    let values = points.rows().flat_map(|row| scale.apply(row)).collect();
    Ok((scale, Points::new(width, values).map_err(unreadable)?))
}

fn told(settings: &ClusterSettings, points: &Points, scale: &Scale, best: &Candidate, count: usize) -> Result<Json> {
    let groups = describe(points, scale, &best.clustering).map_err(unreadable)?;
    let group = |(at, one): (usize, crate::clusters::Description)| {
        json!({"class": format!("cluster_{at}"), "share": one.share, "centre": one.centre, "apart": one.apart,
            "mean": one.mean, "least": one.least, "most": one.most})
    };
    let groups: Vec<Json> = (1..).zip(groups).map(group).collect();
    let logs: Vec<bool> = scale.columns.iter().map(|column| column.is_log).collect();
    Ok(json!({
        "buyer_count": count, "looked_at_count": points.len(), "features": settings.features, "logs": logs,
        "k": best.k, "silhouette": best.silhouette.as_ref().map(|one| one.mean),
        "inertia": best.clustering.inertia, "groups": groups
    }))
}

/// Days are counted to the day after the one looked from, so never less than one.
fn measured(features: &[String], row: &Row, as_of: NaiveDate) -> Option<Vec<f64>> {
    let last_on = row.last_on?;
    let days = as_of.signed_duration_since(last_on).num_days().max(0) + 1;
    let value = |name: &String| match name.as_str() {
        "recency" => i32::try_from(days).map_or(f64::from(i32::MAX), f64::from),
        "frequency" => f64::from(row.count),
        _ => money(row),
    };
    Some(features.iter().map(value).collect())
}

impl Sorter {
    pub fn sort(&self, row: &Row, as_of: NaiveDate) -> Verdict {
        let Some(measured) = measured(&self.features, row, as_of) else { return Verdict::default() };
        let column = |(is_log, mean, deviation): &(bool, f64, f64)| Column {
            is_log: *is_log,
            mean: *mean,
            deviation: *deviation,
        };
        let scaled = Scale { columns: self.columns.iter().map(column).collect() }.apply(&measured);
        let far = |centre: &Vec<f64>| centre.iter().zip(&scaled).map(|(a, b)| (a - b) * (a - b)).sum::<f64>();
        let all = (0_u16..).zip(self.centres.iter().map(far));
        Verdict { class: all.min_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(at, _)| at), scores: None }
    }
}
