//! Groups that customers make by themselves: k-means, and the silhouette that says how well they are told apart.
//!
//! Numbers come as [`Points`], a row a customer; [`Scale`] makes them comparable, for a distance over days and money
//! says nothing. Groups begin by greedy k-means++ (Arthur & Vassilvitskii 2007) and settle by the iterations of Lloyd
//! (1982), with the bounds of Hamerly (2010), which leave out distances that cannot change anything. The best of
//! several restarts counts. Which number of groups is best the mean silhouette says (Rousseeuw 1987).
//!
//! For customers the features are those of [`rfm`](crate::rfm), each as its logarithm ([`Scale`] takes `ln(1 + x)`):
//! whole days of the calendar from the last order to the day after the last that is looked at, so never less than one,
//! different orders, and what they came to.
//!
//! All that is drawn comes from the seed, by SplitMix64: the same rows in the same order make the same groups.
//!
//! * **More groups than different points**: as many groups as there are different points, each of one place.
//! * **One point**: one group, and no silhouette. **No points**: no groups.
//! * **A feature that is the same for all** stands at 0 and has no say.
mod choice;
mod describe;
mod draw;
mod lloyd;
mod points;
mod scale;
mod seeding;
mod silhouette;
#[cfg(test)]
mod tests;

pub use choice::{Candidate, Choice, choose};
pub use describe::{Description, describe};
pub use points::Points;
pub use scale::{Column, Scale};
pub use silhouette::{Silhouette, silhouettes};

use crate::number::wide;
use crate::{Error, Result};
use draw::Draw;
use points::{Columns, squared};

/// The most groups that may be asked for; nobody could tell more of them apart.
pub const MOST: usize = 256;

/// How groups are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// how often it is begun anew; the groups with the least inertia count
    pub restarts: u32,
    /// how often the centres of one run may move at most
    pub iterations: u32,
    /// of all that is drawn
    pub seed: u64,
    /// of how many points the silhouette is reckoned at most; of more, it is of so many that are drawn. The time it
    /// takes grows with the square of it
    pub silhouette_points: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { restarts: 10, iterations: 300, seed: 0, silhouette_points: 5000 }
    }
}

/// Groups. The largest comes first; of equally large ones the one whose centre is smaller in the first feature that
/// tells them apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Clustering {
    /// the centre of each group: the mean of its points, in their units
    pub centres: Points,
    /// the group of each point, from 0
    pub labels: Vec<u32>,
    /// how many points each group has
    pub sizes: Vec<usize>,
    /// the sum of the squared distances of all points from their centres
    pub inertia: f64,
    /// whether the run came to rest before its iterations were used up
    pub is_settled: bool,
}

impl Clustering {
    /// The group whose centre is nearest to a point, the first of equals, and the distance from it. Nothing where there
    /// is no group.
    pub fn nearest(&self, point: &[f64]) -> Option<(u32, f64)> {
        let all = (0..).zip(self.centres.rows().map(|centre| squared(centre, point)));
        all.min_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(group, distance): (u32, f64)| (group, distance.sqrt()))
    }
}

/// Makes `k` groups of `points`, or as many as there are different points where those are fewer.
///
/// # Errors
/// [`Error::Setting`] where `k`, the restarts or the iterations are 0; [`Error::TooMany`] for more than [`MOST`]
/// groups.
pub fn group(points: &Points, k: usize, settings: &Settings) -> Result<Clustering> {
    if k == 0 || settings.restarts == 0 || settings.iterations == 0 {
        return Err(Error::Setting { name: "groups, restarts and iterations", why: "have to be 1 or more" });
    }
    if k > MOST {
        return Err(Error::TooMany { of: "groups", limit: 256 });
    }
    let columns = Columns::of(points);
    let mut best: Option<Clustering> = None;
    for restart in 0..settings.restarts {
        let centres = seeding::centres(points, &columns, k, &mut Draw::new(settings.seed, restart));
        let found = lloyd::settle(points, centres, settings.iterations);
        if best.as_ref().is_none_or(|best| found.inertia < best.inertia) {
            best = Some(found);
        }
    }
    best.map(ordered).ok_or(Error::Setting { name: "restarts", why: "have to be 1 or more" })
}

/// The groups in their order, without those that have become empty.
fn ordered(found: Clustering) -> Clustering {
    let mut all: Vec<(usize, &[f64], usize)> =
        found.sizes.iter().zip(found.centres.rows()).zip(0..).map(|((size, centre), at)| (*size, centre, at)).collect();
    all.retain(|(size, _, _)| *size > 0);
    let first_apart = |a: &[f64], b: &[f64]| {
        a.iter().zip(b).map(|(a, b)| a.total_cmp(b)).find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
    };
    all.sort_by(|(size, a, _), (other, b, _)| other.cmp(size).then_with(|| first_apart(a, b)));
    let mut places = vec![0; found.sizes.len()];
    for (place, (_, _, at)) in (0..).zip(&all) {
        if let Some(slot) = places.get_mut(*at) {
            *slot = place;
        }
    }
    let labels = found.labels.iter().map(|label| places.get(wide(*label)).copied().unwrap_or_default()).collect();
    let sizes = all.iter().map(|(size, _, _)| *size).collect();
    let centres = found.centres.with(all.into_iter().flat_map(|(_, centre, _)| centre).copied().collect());
    Clustering { centres, labels, sizes, ..found }
}
