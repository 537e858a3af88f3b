//! Rows of numbers of one width, one after the other.
use crate::{Error, Result};
use std::cmp::Ordering;

/// Points: a row each, a column a feature; all numbers are finite, and small enough for sums of their
/// squares to be so.
#[derive(Clone, Debug, PartialEq)]
pub struct Points {
    width: usize,
    values: Vec<f64>,
}

impl Points {
    /// Rows of `width` numbers, one after the other.
    ///
    /// # Errors
    /// [`Error::Ragged`] where the width is 0 or the last row is short, [`Error::NotFinite`] with the row, also for a
    /// number beyond 10^140.
    pub fn new(width: usize, values: Vec<f64>) -> Result<Self> {
        if width == 0 || !values.len().is_multiple_of(width) {
            return Err(Error::Ragged { width });
        }
        match values.iter().position(|value| value.abs().partial_cmp(&1e140).is_none_or(Ordering::is_gt)) {
            Some(at) => Err(Error::NotFinite { row: at / width }),
            None => Ok(Self { width, values }),
        }
    }

    /// How many features there are, 1 or more.
    pub fn width(&self) -> usize {
        self.width
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.values.len() / self.width
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    pub fn rows(&self) -> std::slice::ChunksExact<'_, f64> {
        self.values.chunks_exact(self.width)
    }

    /// A row; nothing where there is none of this number.
    pub fn row(&self, at: usize) -> Option<&[f64]> {
        self.values.get(at * self.width..(at + 1) * self.width)
    }

    /// The numbers of one feature.
    pub(super) fn column(&self, at: usize) -> impl Iterator<Item = f64> + Clone + '_ {
        self.values.iter().skip(at).step_by(self.width).copied()
    }

    /// Other rows of the same width.
    pub(super) fn with(&self, values: Vec<f64>) -> Self {
        Self { width: self.width, values }
    }

    pub(super) fn row_mut(&mut self, at: usize) -> &mut [f64] {
        self.values.get_mut(at * self.width..(at + 1) * self.width).unwrap_or_default()
    }

    /// The rows of these numbers, those that there are.
    pub(super) fn picked(&self, rows: &[usize]) -> Self {
        self.with(rows.iter().filter_map(|at| self.row(*at)).flatten().copied().collect())
    }
}

/// Points feature by feature, so that the processor takes the distances of several from one at once.
pub(super) struct Columns {
    count: usize,
    values: Vec<f64>,
}

impl Columns {
    pub fn of(points: &Points) -> Self {
        let values = (0..points.width()).flat_map(|at| points.column(at)).collect();
        Self { count: points.len(), values }
    }

    /// The squared distance of each of them from a point, in `far`, which has a place for each.
    pub fn squared(&self, point: &[f64], far: &mut [f64]) {
        far.iter_mut().for_each(|sum| *sum = 0.0);
        // there is no width of 0 to make chunks of; without points there are no chunks
        for (column, value) in self.values.chunks_exact(self.count.max(1)).zip(point) {
            far.iter_mut().zip(column).for_each(|(sum, other)| *sum += (other - value) * (other - value));
        }
    }
}

/// The squared distance of two points.
#[inline]
pub(super) fn squared(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}
