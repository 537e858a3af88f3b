//! How groups settle: everybody joins the nearest centre, each centre moves to the mean of its group (Lloyd, "Least
//! squares quantization in PCM", 1982), until nobody changes. Two bounds for each point say when that cannot be
//! (Hamerly, "Making k-means even faster", 2010), so that most points are not looked at once things have become quiet.
use super::points::{Columns, squared};
use super::{Clustering, Points};
use crate::number::{real, wide};

struct Run<'a> {
    points: &'a Points,
    centres: Points,
    sizes: Vec<usize>,
    labels: Vec<u32>,
    /// no less than the distance from the own centre
    upper: Vec<f64>,
    /// no more than the distance from any other
    lower: Vec<f64>,
}

/// The nearest centre, the first of equals, how far it is, and how far the next one is.
struct Nearest {
    label: u32,
    near: f64,
    next: f64,
}

/// Groups that have settled, or have used up their iterations, from where they begin.
pub(super) fn settle(points: &Points, centres: Points, iterations: u32) -> Clustering {
    let count = points.len();
    let mut run = Run {
        points,
        sizes: vec![0; centres.len()],
        centres,
        labels: vec![0; count],
        // so that the first pass looks at everybody
        upper: vec![f64::INFINITY; count],
        lower: vec![0.0; count],
    };
    run.join();
    let mut is_settled = false;
    for _ in 0..iterations {
        let filled = run.fill();
        run.follow();
        is_settled = run.join() == 0 && !filled;
        if is_settled {
            break;
        }
    }
    run.tell(is_settled)
}

impl Run<'_> {
    /// Everybody joins the nearest centre; how many have changed.
    fn join(&mut self) -> usize {
        let halves = half_gaps(&self.centres);
        let (columns, mut far) = (Columns::of(&self.centres), vec![0.0; self.centres.len()]);
        let mut changed = 0;
        let bounds = self.upper.iter_mut().zip(&mut self.lower);
        for ((row, label), (upper, lower)) in self.points.rows().zip(&mut self.labels).zip(bounds) {
            let bound = lower.max(halves.get(wide(*label)).copied().unwrap_or_default());
            if *upper <= bound {
                continue;
            }
            *upper = self.centres.row(wide(*label)).map_or(f64::INFINITY, |own| squared(own, row).sqrt());
            if *upper <= bound {
                continue;
            }
            columns.squared(row, &mut far);
            let found = nearest(&far);
            changed += usize::from(*label != found.label);
            (*label, *upper, *lower) = (found.label, found.near, found.next);
        }
        self.sizes.iter_mut().for_each(|size| *size = 0);
        for label in &self.labels {
            if let Some(size) = self.sizes.get_mut(wide(*label)) {
                *size += 1;
            }
        }
        changed
    }

    /// Each centre moves to the mean of its group, and the bounds by as much.
    fn follow(&mut self) {
        let mut means = self.centres.with(vec![0.0; self.centres.len() * self.centres.width()]);
        for (row, label) in self.points.rows().zip(&self.labels) {
            means.row_mut(wide(*label)).iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        }
        for (at, (size, old)) in self.sizes.iter().zip(self.centres.rows()).enumerate() {
            let mean = means.row_mut(at);
            match *size {
                // nobody is there to have a mean
                0 => mean.copy_from_slice(old),
                size => mean.iter_mut().for_each(|sum| *sum /= real(size)),
            }
        }
        let moves: Vec<f64> =
            means.rows().zip(self.centres.rows()).map(|(mean, centre)| squared(mean, centre).sqrt()).collect();
        self.centres = means;
        let (first, farthest) = (0..)
            .zip(&moves)
            .fold((0, 0.0), |most: (u32, f64), (at, far)| if *far > most.1 { (at, *far) } else { most });
        let others = (0..).zip(&moves).filter(|(at, _): &(u32, _)| *at != first);
        let second = others.fold(0.0, |most: f64, (_, far)| most.max(*far));
        for ((label, upper), lower) in self.labels.iter().zip(&mut self.upper).zip(&mut self.lower) {
            *upper += moves.get(wide(*label)).copied().unwrap_or_default();
            *lower -= if *label == first { second } else { farthest };
        }
    }

    /// Gives each empty group the point that is farthest from its own centre, if any is away from it at all; whether
    /// that was so. All bounds are void then.
    fn fill(&mut self) -> bool {
        let mut filled = false;
        for empty in (0..).zip(self.sizes.clone()).filter(|(_, size)| *size == 0).map(|(at, _): (u32, _)| at) {
            let far = |(row, label): (&[f64], &u32)| {
                // whoever is alone in a group would leave that one empty
                let alone = self.sizes.get(wide(*label)).is_none_or(|size| *size < 2);
                self.centres.row(wide(*label)).filter(|_| !alone).map_or(0.0, |centre| squared(centre, row))
            };
            let all = self.points.rows().zip(&self.labels).map(far).enumerate();
            let farthest = all.fold((0, 0.0), |most, (at, far)| if far > most.1 { (at, far) } else { most });
            let Some(label) = self.labels.get_mut(farthest.0).filter(|_| farthest.1 > 0.0) else { break };
            let left = std::mem::replace(label, empty);
            for (at, size) in (0..).zip(&mut self.sizes) {
                *size = if at == left { *size - 1 } else { *size + usize::from(at == empty) };
            }
            filled = true;
        }
        if filled {
            self.upper.iter_mut().for_each(|upper| *upper = f64::INFINITY);
            self.lower.iter_mut().for_each(|lower| *lower = 0.0);
        }
        filled
    }

    fn tell(mut self, is_settled: bool) -> Clustering {
        // whoever stands between two centres may have been left where rounding put them
        self.upper.iter_mut().for_each(|upper| *upper = f64::INFINITY);
        self.lower.iter_mut().for_each(|lower| *lower = 0.0);
        self.join();
        let Self { points, centres, sizes, labels, .. } = self;
        let far = |(row, label): (&[f64], &u32)| centres.row(wide(*label)).map_or(0.0, |centre| squared(centre, row));
        let inertia = points.rows().zip(&labels).map(far).sum();
        Clustering { inertia, centres, labels, sizes, is_settled }
    }
}

fn nearest(squares: &[f64]) -> Nearest {
    let (mut label, mut near, mut next) = (0, f64::INFINITY, f64::INFINITY);
    for (at, far) in (0..).zip(squares) {
        if *far < near {
            (label, near, next) = (at, *far, near);
        } else {
            next = far.min(next);
        }
    }
    Nearest { label, near: near.sqrt(), next: next.sqrt() }
}

/// Half the distance of each centre from the next one: who is nearer to it than that is nearest to it.
fn half_gaps(centres: &Points) -> Vec<f64> {
    let gap = |at: usize, centre: &[f64]| {
        let others = centres.rows().enumerate().filter(|(other, _)| *other != at);
        others.fold(f64::INFINITY, |least: f64, (_, other)| least.min(squared(centre, other)))
    };
    centres.rows().enumerate().map(|(at, centre)| gap(at, centre).sqrt() / 2.0).collect()
}
