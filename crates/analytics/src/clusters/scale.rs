//! Features made comparable: each as how many standard deviations it lies from its mean, of itself or of its logarithm.
use super::Points;
use crate::number::real;
use crate::{Error, Result};

/// How one feature was scaled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Column {
    /// whether `ln(1 + x)` was taken first, for what is skewed, such as money
    pub is_log: bool,
    /// of what was scaled
    pub mean: f64,
    /// of all rows, so divided by their number and not by one less; 0 where all values are the same
    pub deviation: f64,
}

/// How features were scaled, so that others can be scaled alike, and centres be told in the units of old.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    pub columns: Vec<Column>,
}

impl Scale {
    /// Scales `points`, taking logarithms where `logs` says so, and says how. A feature that is the same for all
    /// becomes 0.
    ///
    /// # Errors
    /// [`Error::Ragged`] where `logs` does not say one thing for each feature, [`Error::NoLogarithm`] for the
    /// logarithm of a value of -1 or less; totals below zero are therefore scaled without.
    pub fn fit(points: &Points, logs: &[bool]) -> Result<(Self, Points)> {
        if logs.len() != points.width() {
            return Err(Error::Ragged { width: points.width() });
        }
        for (column, _) in logs.iter().enumerate().filter(|(_, is_log)| **is_log) {
            if let Some(row) = points.column(column).position(|value| value <= -1.0) {
                return Err(Error::NoLogarithm { column, row });
            }
        }
        let column = |(at, is_log): (usize, &bool)| fitted(points.column(at), *is_log);
        let scale = Self { columns: logs.iter().enumerate().map(column).collect() };
        let values = points.rows().flat_map(|row| scale.apply(row)).collect();
        Ok((scale, points.with(values)))
    }

    /// One row, scaled alike. A logarithm that there is not is taken of the least value that has one, so that it stays
    /// a number.
    pub fn apply(&self, row: &[f64]) -> Vec<f64> {
        let scaled = |(column, value): (&Column, &f64)| {
            let apart = shaped(*value, column.is_log) - column.mean;
            if column.deviation > 0.0 { apart / column.deviation } else { 0.0 }
        };
        self.columns.iter().zip(row).map(scaled).collect()
    }

    /// A scaled row in the units of old. Of a mean of logarithms that is the geometric mean, of values with one added.
    pub fn back(&self, scaled: &[f64]) -> Vec<f64> {
        let told = |(column, value): (&Column, &f64)| {
            let shaped = column.mean + value * column.deviation;
            if column.is_log { shaped.exp_m1() } else { shaped }
        };
        self.columns.iter().zip(scaled).map(told).collect()
    }
}

fn shaped(value: f64, is_log: bool) -> f64 {
    // the number next to -1 has the least logarithm that is one
    if is_log { value.max(-1.0 + f64::EPSILON / 2.0).ln_1p() } else { value }
}

fn fitted(values: impl Iterator<Item = f64> + Clone, is_log: bool) -> Column {
    let shaped = values.map(|value| shaped(value, is_log));
    let count = real(shaped.clone().count());
    let first = shaped.clone().next().unwrap_or_default();
    // told by the values themselves: their deviation would be a rounding error
    if shaped.clone().all(|value| value.total_cmp(&first).is_eq()) {
        return Column { is_log, mean: first, deviation: 0.0 };
    }
    let mean = shaped.clone().sum::<f64>() / count;
    let variance = shaped.map(|value| (value - mean) * (value - mean)).sum::<f64>() / count;
    Column { is_log, mean, deviation: variance.sqrt() }
}
