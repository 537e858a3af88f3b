//! The customers of Online Retail (Chen, Sain & Guo 2012), and the groups that scikit-learn makes of them.
//!
//! What is grouped is recency in whole days of the calendar, from the day of the last order to 2011-09-10, the day
//! after the last row; frequency as different invoices; monetary as what they came to. Of each `ln(1 + x)` is taken
//! and scaled by mean and deviation, the deviation with the number of customers for divisor, as `StandardScaler` has
//! it. With recency from the last day itself, the inertia for two groups would be 5,114.
use crate::real;
use analytics::clusters::{Clustering, Points, Scale, Settings, choose, describe, group};
use chrono::NaiveDate;
use std::collections::{BTreeMap, HashSet};
use std::time::Instant;

/// Of a customer: the last day, the invoices, the total.
type Buyers = BTreeMap<String, (NaiveDate, HashSet<String>, f64)>;

fn buyers() -> Option<Buyers> {
    let text = std::fs::read_to_string(real("online_retail_to_2011-09-09.csv")?).unwrap();
    let (mut seen, mut unlike) = (HashSet::new(), Vec::new());
    let lines = text.lines().count();
    text.lines().filter(|line| seen.insert(*line)).for_each(|line| unlike.push(line));
    assert_eq!(lines - unlike.len(), 2_572);
    let unlike = unlike.join("\n");
    let (mut all, mut nobody, mut refused, mut kept) = (Buyers::new(), 0, 0, 0);
    for row in csv::Reader::from_reader(unlike.as_bytes()).records() {
        let row = row.unwrap();
        let (quantity, price): (f64, f64) = (row[3].parse().unwrap(), row[5].parse().unwrap());
        if row[6].is_empty() {
            nobody += 1;
        } else if row[0].starts_with('C') || quantity <= 0.0 || price <= 0.0 {
            refused += 1;
        } else {
            kept += 1;
            let day: NaiveDate = row[4][..10].parse().unwrap();
            let (last, invoices, total) = all.entry(row[6].to_owned()).or_insert_with(|| (day, HashSet::new(), 0.0));
            *last = day.max(*last);
            invoices.insert(row[0].to_owned());
            *total += quantity * price;
        }
    }
    assert_eq!((nobody, refused, kept, all.len()), (91_892, 5_750, 233_840, 3_370));
    Some(all)
}

#[test]
fn the_groups_of_online_retail_are_as_tight_as_those_of_scikit_learn() {
    let Some(buyers) = buyers() else { return };
    let as_of: NaiveDate = "2011-09-10".parse().unwrap();
    let row = |(day, invoices, total): &(NaiveDate, HashSet<String>, f64)| {
        [(as_of - *day).num_days() as f64, invoices.len() as f64, *total]
    };
    let points = Points::new(3, buyers.values().flat_map(row).collect()).unwrap();
    let (scale, scaled) = Scale::fit(&points, &[true; 3]).unwrap();
    let begun = Instant::now();
    let choice = choose(&scaled, 2..=4, &Settings::default()).unwrap();
    let more = (5..=8).map(|k| group(&scaled, k, &Settings::default()).unwrap());
    let all: Vec<Clustering> =
        choice.candidates.iter().map(|candidate| candidate.clustering.clone()).chain(more).collect();
    println!("two to eight groups, ten times each, with three silhouettes: {:?}", begun.elapsed());
    let inertia = [5084.4, 3805.7, 3002.2, 2563.7, 2262.3, 2029.2, 1868.2];
    for (found, expected) in all.iter().zip(inertia) {
        let (k, found) = (found.centres.len(), found.inertia);
        println!("{k}: {found:.1} (scikit-learn: {expected})");
        assert!(found <= expected * 1.001, "{k}: {found} for {expected}");
        // much less would say that other numbers were grouped
        assert!(found >= expected * 0.99, "{k}: {found} for {expected}");
    }
    for (candidate, expected) in choice.candidates.iter().zip([0.448, 0.361, 0.372]) {
        let found = candidate.silhouette.as_ref().unwrap();
        assert_eq!(found.points, 3_370);
        assert!((found.mean - expected).abs() < 0.005, "{}: {} for {expected}", candidate.k, found.mean);
    }
    assert_eq!((all.len(), choice.candidates.len(), choice.candidates[choice.best].k), (7, 3, 2));
    let told = describe(&points, &scale, &choice.candidates[choice.best].clustering).unwrap();
    assert_eq!(told.iter().map(|group| group.size).sum::<usize>(), 3_370);
    // those who came lately came often and spent more
    let (often, seldom) = if told[0].mean[1] > told[1].mean[1] { (&told[0], &told[1]) } else { (&told[1], &told[0]) };
    assert!(often.mean[0] < seldom.mean[0] && often.mean[2] > seldom.mean[2]);
}
