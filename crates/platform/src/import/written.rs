//! What became of the rows of a chunk.
use kernel::{Fault, Text};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What became of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Created,
    Updated,
    Unchanged,
    /// pointers are names of columns
    Failed(Vec<Fault>),
}

/// A record that was written, and waits for another that may come later in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub record: Uuid,
    /// by which field the other is named, and what that says
    pub named: (String, String),
}

/// What became of the rows of a chunk, and what they made.
#[derive(Debug, Default)]
pub struct Written {
    pub(super) outcomes: Vec<Option<Outcome>>,
    /// which record each row is
    records: Vec<Option<Uuid>>,
    /// the rows by which something beside their record has changed, and the record itself has not
    beside: BTreeSet<usize>,
    pub created: Vec<(&'static str, Uuid)>,
    /// by the places of their rows
    pub waiting: Vec<(usize, Waiting)>,
}

impl Written {
    pub fn of(rows: usize) -> Self {
        Self { outcomes: vec![None; rows], records: vec![None; rows], ..Self::default() }
    }

    /// `row`: its place among the rows.
    fn is(&mut self, row: usize, record: Uuid) {
        if let Some(slot) = self.records.get_mut(row) {
            *slot = Some(record);
        }
    }

    /// Which record a row is that was not refused.
    pub fn record(&self, row: usize) -> Option<Uuid> {
        let refused = matches!(self.get(row), None | Some(Outcome::Failed(_)));
        self.records.get(row).copied().flatten().filter(|_| !refused)
    }

    /// What became of a row, and which record it is.
    pub fn came(&mut self, row: usize, outcome: Outcome, record: Uuid) {
        self.put(row, outcome);
        self.is(row, record);
    }

    /// Something beside the record of a row has changed, and the record itself has no version by it.
    pub fn came_beside(&mut self, row: usize, record: Uuid) {
        self.came(row, Outcome::Updated, record);
        self.beside.insert(row);
    }

    /// Whether the record of a row has its version by it: whoever changes what belongs to it has told that already.
    pub fn is_told(&self, row: usize) -> bool {
        matches!(self.get(row), Some(Outcome::Created | Outcome::Updated)) && !self.beside.contains(&row)
    }

    /// `row`: its place among the rows.
    pub fn put(&mut self, row: usize, outcome: Outcome) {
        if let Some(slot) = self.outcomes.get_mut(row) {
            *slot = Some(outcome);
        }
    }

    /// What became of a row, by its place.
    pub fn get(&self, row: usize) -> Option<&Outcome> {
        self.outcomes.get(row)?.as_ref()
    }

    pub fn fail(&mut self, row: usize, column: impl Into<String>, code: &str, message: Text) {
        self.put(row, Outcome::Failed(vec![Fault::new(column, code, message)]));
    }
}
