//! Where groups begin: k-means++ (Arthur & Vassilvitskii, "k-means++: the advantages of careful seeding", 2007), in the
//! greedy form that they name: of several drawn points the one that brings the others nearest.
use super::Points;
use super::draw::Draw;
use super::points::Columns;

/// Different points of `points`, `k` of them where there are as many; each is drawn by the square of its distance from
/// those before it. `columns` are the same points.
pub(super) fn centres(points: &Points, columns: &Columns, k: usize, draw: &mut Draw) -> Points {
    let mut centres = Vec::new();
    let Some(first) = points.row(draw.below(points.len())) else { return points.with(centres) };
    centres.extend_from_slice(first);
    let mut left = vec![0.0; points.len()];
    columns.squared(first, &mut left);
    let (mut tried, mut best) = (left.clone(), left.clone());
    let tries = 2 + k.checked_ilog2().unwrap_or_default();
    for _ in 1..k {
        let sum: f64 = left.iter().sum();
        // everybody stands where a centre is
        if sum <= 0.0 {
            break;
        }
        let mut chosen: Option<(f64, &[f64])> = None;
        for _ in 0..tries {
            let Some(point) = points.row(drawn(&left, draw.unit() * sum)) else { continue };
            columns.squared(point, &mut tried);
            tried.iter_mut().zip(&left).for_each(|(far, before)| *far = before.min(*far));
            let rest = tried.iter().sum();
            if chosen.is_none_or(|(least, _)| rest < least) {
                chosen = Some((rest, point));
                std::mem::swap(&mut tried, &mut best);
            }
        }
        let Some((_, point)) = chosen else { break };
        centres.extend_from_slice(point);
        std::mem::swap(&mut left, &mut best);
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
