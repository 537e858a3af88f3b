//! Groups in words that people know: in days, orders and money, not in standard deviations.
use super::{Clustering, Points, Scale};
use crate::number::{real, wide};
use crate::{Error, Result};

/// What a group is like, feature by feature in the units that the numbers came in.
#[derive(Clone, Debug, PartialEq)]
pub struct Description {
    /// how many points it has
    pub size: usize,
    /// of all points, 0 to 1
    pub share: f64,
    /// the centre by which points are told to be in the group, led back through the scale
    pub centre: Vec<f64>,
    /// how many standard deviations of all points the centre lies above their mean, or below it: what is peculiar
    pub apart: Vec<f64>,
    /// the plain mean of its points
    pub mean: Vec<f64>,
    /// the least value
    pub least: Vec<f64>,
    /// the largest value
    pub most: Vec<f64>,
}

/// Describes the groups of `clustering`, which was made of `points` scaled by `scale`.
///
/// # Errors
/// [`Error::Ragged`] where those three are not about the same points.
pub fn describe(points: &Points, scale: &Scale, clustering: &Clustering) -> Result<Vec<Description>> {
    let (width, count) = (points.width(), points.len());
    let widths = [scale.columns.len(), clustering.centres.width()];
    if widths.iter().any(|other| *other != width) || clustering.labels.len() != count {
        return Err(Error::Ragged { width });
    }
    let new = |(centre, size): (&[f64], &usize)| Description {
        size: *size,
        share: real(*size) / real(count),
        centre: scale.back(centre),
        apart: centre.to_vec(),
        mean: vec![0.0; width],
        least: vec![f64::INFINITY; width],
        most: vec![f64::NEG_INFINITY; width],
    };
    let mut all: Vec<Description> = clustering.centres.rows().zip(&clustering.sizes).map(new).collect();
    for (row, label) in points.rows().zip(&clustering.labels) {
        let Some(group) = all.get_mut(wide(*label)) else { continue };
        group.mean.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        group.least.iter_mut().zip(row).for_each(|(least, value)| *least = least.min(*value));
        group.most.iter_mut().zip(row).for_each(|(most, value)| *most = most.max(*value));
    }
    for group in &mut all {
        let size = real(group.size);
        group.mean.iter_mut().for_each(|sum| *sum /= size);
    }
    Ok(all)
}
