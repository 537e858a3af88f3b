//! What a run finds in its customers: by what each is sorted, kept so that others can be sorted alike, and what each is.
mod clusters;
mod rfm;
#[cfg(test)]
mod tests;
mod value;

use crate::segmentation::{ClusterSettings, RfmSettings, TOO_FEW, UNREADABLE, ValueSettings};
use chrono::NaiveDate;
use kernel::Code;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

/// Why nobody can be sorted.
pub type Result<T> = std::result::Result<T, Code>;

/// A customer, as little of them as will do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    pub id: Uuid,
    /// of the last order; nothing where there is none
    pub last_on: Option<NaiveDate>,
    pub count: u32,
    /// in millionths
    pub amount: i128,
}

/// What a customer is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// which of the classes; nothing where they are of none
    pub class: Option<u16>,
    /// of RFM: recency, frequency, monetary
    pub scores: Option<[u8; 3]>,
}

/// By what customers are sorted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Sorter {
    Rfm(rfm::Sorter),
    Value(value::Sorter),
    Clusters(clusters::Sorter),
    /// by filters, each with its class, and the class of the rest
    Rules {
        rules: Vec<(u16, String)>,
        rest: Option<u16>,
    },
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Fitted {
    pub sorter: Sorter,
    pub classes: Vec<String>,
    /// of each, in the order in which they came
    pub verdicts: Vec<Verdict>,
    pub metrics: Json,
}

/// How.
#[derive(Clone, Debug)]
pub enum How<'a> {
    Rfm(&'a RfmSettings),
    Value(&'a ValueSettings),
    Clusters(&'a ClusterSettings),
}

/// Sorts customers, looked at from a day.
pub fn fit(how: &How<'_>, rows: &[Row], as_of: NaiveDate) -> Result<Fitted> {
    if rows.iter().all(|row| row.last_on.is_none()) {
        return Err(TOO_FEW);
    }
    match how {
        How::Rfm(settings) => rfm::fit(settings, rows, as_of),
        How::Value(settings) => value::fit(settings, rows),
        How::Clusters(settings) => clusters::fit(settings, rows, as_of),
    }
}

impl Sorter {
    /// What a customer is by it. Filters are asked of the database, and not here.
    pub fn sort(&self, row: &Row, as_of: NaiveDate) -> Verdict {
        match self {
            Self::Rfm(sorter) => sorter.sort(row, as_of),
            Self::Value(sorter) => sorter.sort(row),
            Self::Clusters(sorter) => sorter.sort(row, as_of),
            Self::Rules { .. } => Verdict::default(),
        }
    }
}

/// In units of money.
fn money(row: &Row) -> f64 {
    crate::number::nearest(row.amount) / 1e6
}

/// The number of a class, put into the list where it is not there.
fn class(classes: &mut Vec<String>, name: &str) -> u16 {
    let at = classes.iter().position(|one| one == name).unwrap_or_else(|| {
        classes.push(name.to_owned());
        classes.len() - 1
    });
    u16::try_from(at).unwrap_or(u16::MAX)
}

/// What the reckoning says no to was looked through before; a sum may still be too large.
fn unreadable(error: crate::Error) -> Code {
    tracing::warn!(%error, "customers cannot be sorted");
    UNREADABLE
}
