//! Where groups begin: k-means++ (Arthur & Vassilvitskii, "k-means++: the advantages of careful seeding", 2007), in the
//! greedy form that they name: of several drawn points the one that brings the others nearest.
use super::Points;
use super::draw::Draw;
use super::points::squared;

/// Different points of `points`, `k` of them where there are as many; each is drawn by the square of its distance from
/// those before it.
pub(super) fn centres(points: &Points, k: usize, draw: &mut Draw) -> Points {
    let mut centres = Vec::new();
    let Some(first) = points.row(draw.below(points.len())) else { return points.with(centres) };
    centres.extend_from_slice(first);
    let mut distances: Vec<f64> = points.rows().map(|row| squared(row, first)).collect();
    let tries = 2 + k.checked_ilog2().unwrap_or_default();
    for _ in 1..k {
        let sum: f64 = distances.iter().sum();
        // everybody stands where a centre is
        if sum <= 0.0 {
            break;
        }
        let mut best: Option<(f64, &[f64])> = None;
        for _ in 0..tries {
            let Some(tried) = points.row(drawn(&distances, draw.unit() * sum)) else { continue };
            let left = distances.iter().zip(points.rows()).map(|(far, row)| far.min(squared(row, tried))).sum();
            if best.is_none_or(|(least, _)| left < least) {
                best = Some((left, tried));
            }
        }
        let Some((_, chosen)) = best else { break };
        centres.extend_from_slice(chosen);
        distances.iter_mut().zip(points.rows()).for_each(|(far, row)| *far = far.min(squared(row, chosen)));
    }
    points.with(centres)
}

/// Where the cumulated distances pass a number below their sum; by rounding, the last that is not 0.
fn drawn(distances: &[f64], number: f64) -> usize {
    let mut passed = 0.0;
    let mut last = 0;
    for (at, distance) in distances.iter().enumerate().filter(|(_, distance)| **distance > 0.0) {
        passed += distance;
        last = at;
        if passed > number {
            break;
        }
    }
    last
}
