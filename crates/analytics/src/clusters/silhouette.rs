//! The silhouette: how much nearer each point is to its own group than to the next (Rousseeuw, "Silhouettes: a
//! graphical aid to the interpretation and validation of cluster analysis", 1987).
//!
//! Of a point with the mean distance `a` from the others of its group, and the least mean distance `b` from the points
//! of another group, it is `(b - a) / max(a, b)`, from -1 to 1; 0 for a point that is alone in its group, and where
//! both are 0. That of one group alone is not defined.
use super::Points;
use super::draw::Draw;
use super::points::Columns;
use crate::number::{real, wide};
use crate::{Error, Result};

/// How well groups are told apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Silhouette {
    /// of all points that were looked at: towards 1 groups are far apart, about 0 they run into each other
    pub mean: f64,
    /// of the points of each group; nothing for a group of which none was looked at
    pub groups: Vec<Option<f64>>,
    /// how many points were looked at
    pub points: usize,
}

/// The silhouette of each of several groupings of the same points; nothing for one that has a single group among those
/// that were looked at. Of more than `limit` points so many are drawn by the seed, and looked at as if they were all;
/// all groupings by the same. Takes time with the square of the points looked at, and memory with their number.
///
/// # Errors
/// [`Error::Ragged`] where a grouping does not say one label for each point.
pub fn silhouettes(points: &Points, labelings: &[&[u32]], limit: usize, seed: u64) -> Result<Vec<Option<Silhouette>>> {
    if labelings.iter().any(|labels| labels.len() != points.len()) {
        return Err(Error::Ragged { width: points.len() });
    }
    if points.len() <= limit {
        let groupings = labelings.iter().map(|labels| Grouping::new(labels.iter().copied())).collect();
        return Ok(looked_at(points, groupings));
    }
    // a stream of its own, after those of the restarts
    let some = Draw::new(seed, u32::MAX).some(limit, points.len());
    let labels = |all: &&[u32]| {
        let (all, some) = (*all, &some);
        Grouping::new(some.iter().filter_map(move |at| all.get(*at).copied()))
    };
    Ok(looked_at(&points.picked(&some), labelings.iter().map(labels).collect()))
}

/// One grouping, and what of it has been summed up.
struct Grouping {
    labels: Vec<u32>,
    sizes: Vec<usize>,
    /// the distances of one point from the points of each group
    distances: Vec<f64>,
    /// the silhouettes of the points of each group
    sums: Vec<f64>,
}

impl Grouping {
    fn new(labels: impl Iterator<Item = u32>) -> Self {
        let labels: Vec<u32> = labels.collect();
        let groups = labels.iter().max().map_or(0, |last| wide(*last) + 1);
        let mut sizes = vec![0; groups];
        for label in &labels {
            if let Some(size) = sizes.get_mut(wide(*label)) {
                *size += 1;
            }
        }
        Self { labels, sizes, distances: vec![0.0; groups], sums: vec![0.0; groups] }
    }

    /// Adds the silhouette of a point that is so far from each of all.
    fn add(&mut self, at: usize, distances: &[f64]) {
        self.distances.iter_mut().for_each(|sum| *sum = 0.0);
        for (label, distance) in self.labels.iter().zip(distances) {
            if let Some(sum) = self.distances.get_mut(wide(*label)) {
                *sum += distance;
            }
        }
        let own = self.labels.get(at).map_or(0, |label| wide(*label));
        let (mut within, mut next) = (None, f64::INFINITY);
        for (group, (sum, size)) in self.distances.iter().zip(&self.sizes).enumerate() {
            if group == own {
                // its distance from itself is 0
                within = (*size > 1).then(|| sum / real(size - 1));
            } else if *size > 0 {
                next = next.min(sum / real(*size));
            }
        }
        let Some(within) = within else { return };
        let larger = within.max(next);
        if let Some(sum) = self.sums.get_mut(own).filter(|_| larger > 0.0 && next.is_finite()) {
            *sum += (next - within) / larger;
        }
    }

    fn tell(self) -> Option<Silhouette> {
        if self.sizes.iter().filter(|size| **size > 0).count() < 2 {
            return None;
        }
        let mean = self.sums.iter().sum::<f64>() / real(self.labels.len());
        let group = |(sum, size): (&f64, &usize)| (*size > 0).then(|| sum / real(*size));
        let groups = self.sums.iter().zip(&self.sizes).map(group).collect();
        Some(Silhouette { mean, groups, points: self.labels.len() })
    }
}

/// All distances of one point at a time.
fn looked_at(points: &Points, mut groupings: Vec<Grouping>) -> Vec<Option<Silhouette>> {
    let columns = Columns::of(points);
    let mut distances = vec![0.0; points.len()];
    for (at, row) in points.rows().enumerate() {
        columns.squared(row, &mut distances);
        distances.iter_mut().for_each(|far| *far = far.sqrt());
        groupings.iter_mut().for_each(|grouping| grouping.add(at, &distances));
    }
    groupings.into_iter().map(Grouping::tell).collect()
}
