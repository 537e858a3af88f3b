#![allow(clippy::float_cmp, clippy::unwrap_used, clippy::indexing_slicing, clippy::as_conversions)]
use super::*;
use proptest::prelude::*;

fn line(values: &[f64]) -> Points {
    Points::new(1, values.to_vec()).unwrap()
}

fn made(points: &Points, k: usize) -> Clustering {
    group(points, k, &Settings::default()).unwrap()
}

#[test]
fn groups_that_lie_apart_are_found_and_the_largest_comes_first() {
    let found = made(&line(&[10.0, 0.0, 11.0, 0.5, 12.0, 50.0]), 3);
    assert_eq!(found.labels, [0, 1, 0, 1, 0, 2]);
    assert_eq!(found.centres, line(&[11.0, 0.25, 50.0]));
    assert_eq!((found.sizes.as_slice(), found.inertia, found.is_settled), ([3, 2, 1].as_slice(), 2.125, true));
    assert_eq!(found.nearest(&[46.0]), Some((2, 4.0)));
}

#[test]
fn there_are_never_more_groups_than_different_points() {
    let found = made(&line(&[2.0, 1.0, 2.0, 1.0, 2.0]), 4);
    assert_eq!((found.centres, found.sizes, found.inertia), (line(&[2.0, 1.0]), vec![3, 2], 0.0));
    let one = made(&line(&[7.0]), 3);
    assert_eq!((one.centres, one.labels, one.inertia), (line(&[7.0]), vec![0], 0.0));
    let none = made(&line(&[]), 2);
    assert!(none.centres.is_empty() && none.labels.is_empty() && none.nearest(&[1.0]).is_none());
}

#[test]
fn settings_that_make_no_sense_are_refused() {
    let settings = Settings::default();
    let points = line(&[1.0, 2.0]);
    assert!(group(&points, 0, &settings).is_err());
    assert_eq!(group(&points, MOST + 1, &settings), Err(Error::TooMany { of: "groups", limit: 256 }));
    assert!(group(&points, 1, &Settings { restarts: 0, ..settings }).is_err());
    assert!(group(&points, 1, &Settings { iterations: 0, ..settings }).is_err());
    #[allow(clippy::reversed_empty_ranges)]
    let nothing = choose(&points, 3..=2, &settings);
    assert!(nothing.is_err());
    assert_eq!(Points::new(2, vec![1.0, 2.0, 3.0]), Err(Error::Ragged { width: 2 }));
    assert_eq!(Points::new(0, vec![]), Err(Error::Ragged { width: 0 }));
    for wrong in [f64::NAN, f64::INFINITY, -1e200] {
        assert_eq!(Points::new(2, vec![1.0, 2.0, 3.0, wrong]), Err(Error::NotFinite { row: 1 }));
    }
}

#[test]
fn scaling_takes_means_and_deviations_of_all_and_leads_back() {
    let points = Points::new(3, vec![2.0, 0.0, 0.1, 4.0, 1.0, 0.1, 9.0, 3.0, 0.1]).unwrap();
    let (scale, scaled) = Scale::fit(&points, &[false, true, false]).unwrap();
    // 2, 4 and 9 have the mean 5 and the variance 26 / 3; logarithms of 1, 2 and 4 are even steps
    let step = 3.0_f64.sqrt() / 2.0_f64.sqrt();
    let expected = [-3.0 / (26.0_f64 / 3.0).sqrt(), -step, 0.0];
    assert!(scaled.row(0).unwrap().iter().zip(expected).all(|(told, expected)| (told - expected).abs() < 1e-12));
    assert_eq!(scaled.column(2).collect::<Vec<_>>(), [0.0; 3]);
    for (row, scaled) in points.rows().zip(scaled.rows()) {
        assert!(scale.back(scaled).iter().zip(row).all(|(told, was)| (told - was).abs() < 1e-12));
    }
    assert!(scale.apply(&[1.0, -5.0, 1.0]).iter().all(|value| value.is_finite()));
    assert_eq!(Scale::fit(&points, &[true]), Err(Error::Ragged { width: 3 }));
    let below = Points::new(2, vec![1.0, 1.0, 1.0, -1.0]).unwrap();
    assert_eq!(Scale::fit(&below, &[true, true]), Err(Error::NoLogarithm { column: 1, row: 1 }));
}

#[test]
fn a_silhouette_is_reckoned_by_hand() {
    let points = line(&[0.0, 1.0, 4.0, 9.0]);
    let told = silhouettes(&points, &[&[0, 0, 1, 2], &[0; 4]], 4, 0).unwrap();
    // of 0: a 1, b 4; of 1: a 1, b 3; the others are alone
    let silhouette = told[0].clone().unwrap();
    assert!((silhouette.mean - (3.0 / 4.0 + 2.0 / 3.0) / 4.0).abs() < 1e-12);
    assert_eq!(silhouette.groups[1..], [Some(0.0), Some(0.0)]);
    assert_eq!(told[1], None);
    assert_eq!(silhouettes(&points, &[&[0, 1]], 9, 0), Err(Error::Ragged { width: 4 }));
    let same = silhouettes(&line(&[5.0; 4]), &[&[0, 0, 1, 1]], 9, 0).unwrap();
    assert_eq!(same[0].as_ref().map(|silhouette| silhouette.mean), Some(0.0));
}

#[test]
fn of_many_points_some_are_drawn_and_tell_about_the_same() {
    let values: Vec<f64> = (0..2000).map(|at| f64::from(at % 2) * 10.0 + f64::from(at % 97) / 50.0).collect();
    let labels: Vec<u32> = (0..2000).map(|at| at % 2).collect();
    let told = |limit, seed| silhouettes(&line(&values), &[&labels], limit, seed).unwrap().remove(0).unwrap();
    let (all, some) = (told(2000, 1), told(300, 1));
    assert_eq!((all.points, some.points), (2000, 300));
    assert!((all.mean - some.mean).abs() < 0.02, "{} {}", all.mean, some.mean);
    assert_eq!(some, told(300, 1));
    assert_ne!(some, told(300, 2));
}

#[test]
fn the_number_of_groups_is_the_one_that_is_told_apart_best() {
    let values: Vec<f64> = (0..40).map(|at| f64::from(at % 4) * 20.0 + f64::from(at / 4) / 10.0).collect();
    let choice = choose(&line(&values), 2..=7, &Settings::default()).unwrap();
    assert_eq!((choice.candidates[choice.best].k, choice.candidates.len()), (4, 6));
    let few = choose(&line(&[1.0, 1.0, 2.0, 9.0]), 2..=7, &Settings::default()).unwrap();
    assert_eq!(few.candidates.iter().map(|candidate| candidate.k).collect::<Vec<_>>(), [2, 3]);
    let one = choose(&line(&[3.0, 3.0]), 2..=5, &Settings::default()).unwrap();
    assert_eq!((one.best, one.candidates.len()), (0, 1));
    assert!(one.candidates[0].silhouette.is_none());
}

#[test]
fn groups_are_described_in_the_units_of_old() {
    let points = Points::new(2, vec![1.0, 10.0, 3.0, 10.0, 100.0, 10.0]).unwrap();
    let (scale, scaled) = Scale::fit(&points, &[false, true]).unwrap();
    let told = describe(&points, &scale, &made(&scaled, 2)).unwrap();
    let near = |told: &[f64], expected: [f64; 2]| told.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9);
    assert!(near(&told[0].centre, [2.0, 10.0]) && near(&told[1].centre, [100.0, 10.0]));
    assert!(near(&told[0].mean, [2.0, 10.0]) && near(&told[0].least, [1.0, 10.0]) && near(&told[0].most, [3.0, 10.0]));
    assert_eq!((told[0].size, told[0].share, told[0].apart[1]), (2, 2.0 / 3.0, 0.0));
    assert!(told[0].apart[0] < 0.0 && told[1].apart[0] > 1.0);
    assert!(describe(&line(&[1.0]), &scale, &made(&scaled, 2)).is_err());
}

/// The silhouette as the paper says it, group by group.
fn naive(points: &[Vec<f64>], labels: &[u32], at: usize) -> f64 {
    let distance = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
    let mean = |label: u32| {
        let others = (0..points.len()).filter(|other| *other != at && labels[*other] == label);
        let far: Vec<f64> = others.map(|other| distance(&points[at], &points[other])).collect();
        (!far.is_empty()).then(|| far.iter().sum::<f64>() / far.len() as f64)
    };
    let Some(a) = mean(labels[at]) else { return 0.0 };
    let b = (0..9).filter(|label| *label != labels[at]).filter_map(mean).fold(f64::INFINITY, f64::min);
    if a.max(b) == 0.0 { 0.0 } else { (b - a) / a.max(b) }
}

/// The least inertia of all ways to put points in `k` groups.
fn least(points: &[Vec<f64>], k: u32) -> f64 {
    let ways = k.pow(points.len() as u32);
    let inertia = |way: u32| {
        let of = |at: usize| way / k.pow(at as u32) % k;
        (0..k).map(|group| spread(points, |at| of(at) == group)).sum::<f64>()
    };
    (0..ways).map(inertia).fold(f64::INFINITY, f64::min)
}

fn spread(points: &[Vec<f64>], within: impl Fn(usize) -> bool) -> f64 {
    let own: Vec<&Vec<f64>> = points.iter().enumerate().filter(|(at, _)| within(*at)).map(|(_, point)| point).collect();
    let mean = |axis: usize| own.iter().map(|point| point[axis]).sum::<f64>() / own.len() as f64;
    (0..2).map(|axis| own.iter().map(|point| (point[axis] - mean(axis)).powi(2)).sum::<f64>()).sum()
}

fn some_points(most: usize) -> impl Strategy<Value = Vec<Vec<f64>>> {
    prop::collection::vec(prop::collection::vec((-8_i8..8).prop_map(f64::from), 2), 1..most)
}

fn flat(points: &[Vec<f64>]) -> Points {
    Points::new(2, points.concat()).unwrap()
}

proptest! {
    #[test]
    fn silhouettes_are_those_of_the_definition(points in some_points(30), way in prop::collection::vec(0_u32..4, 30)) {
        let labels = &way[..points.len()];
        let told = silhouettes(&flat(&points), &[labels], 100, 0).unwrap().remove(0);
        let single = labels.iter().all(|label| *label == labels[0]);
        prop_assert_eq!(told.is_none(), single);
        if let Some(told) = told {
            let all: Vec<f64> = (0..points.len()).map(|at| naive(&points, labels, at)).collect();
            prop_assert!((told.mean - all.iter().sum::<f64>() / all.len() as f64).abs() < 1e-9);
            for (group, mean) in told.groups.iter().enumerate() {
                let own: Vec<f64> =
                    (0..points.len()).filter(|at| labels[*at] as usize == group).map(|at| all[at]).collect();
                let expected = own.iter().sum::<f64>() / own.len() as f64;
                prop_assert!(mean.map_or(own.is_empty(), |mean| (mean - expected).abs() < 1e-9));
            }
        }
    }

    #[test]
    fn groups_are_at_rest(points in some_points(60), k in 1_usize..9, seed: u64) {
        let found = group(&flat(&points), k, &Settings { restarts: 1, seed, ..Settings::default() }).unwrap();
        prop_assert!(found.is_settled);
        let mut different = points.clone();
        different.sort_by(|a, b| a.partial_cmp(b).unwrap());
        different.dedup();
        prop_assert_eq!(found.centres.len(), k.min(different.len()));
        prop_assert!(found.sizes.is_sorted_by(|a, b| a >= b));
        let mut inertia = 0.0;
        for (at, point) in points.iter().enumerate() {
            let own = squared(found.centres.row(found.labels[at] as usize).unwrap(), point);
            inertia += own;
            prop_assert!(found.centres.rows().all(|centre| squared(centre, point) >= own - 1e-9));
        }
        prop_assert!((inertia - found.inertia).abs() < 1e-9);
        let spreads = (0..found.sizes.len()).map(|group| spread(&points, |at| found.labels[at] as usize == group));
        prop_assert!((spreads.sum::<f64>() - found.inertia).abs() < 1e-9);
    }

    /// The bound that the paper gives for one beginning on the average is far above what the best of many comes to.
    #[test]
    fn no_groups_have_less_inertia_than_the_best_of_all_or_much_more(points in some_points(7), k in 1_u32..4) {
        let found = group(&flat(&points), k as usize, &Settings { restarts: 40, ..Settings::default() }).unwrap();
        let least = least(&points, k);
        prop_assert!(found.inertia >= least - 1e-9, "{} {}", found.inertia, least);
        prop_assert!(found.inertia <= least * 2.0 + 1e-9, "{} {}", found.inertia, least);
    }

    #[test]
    fn the_same_seed_makes_the_same_groups(points in some_points(40), seed: u64) {
        let settings = Settings { seed, restarts: 2, silhouette_points: 15, ..Settings::default() };
        prop_assert_eq!(choose(&flat(&points), 1..=5, &settings), choose(&flat(&points), 1..=5, &settings));
    }
}
