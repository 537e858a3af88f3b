//! What may be wrong with what is asked for. The words are for the log; what callers read is said at the doors.
use std::fmt;

pub type Result<T> = std::result::Result<T, Error>;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// a number is infinite or none, in this row (from 0)
    NotFinite { row: usize },
    /// a logarithm is asked of a value that has none, `-1` or less: which column and row, both from 0
    NoLogarithm { column: usize, row: usize },
    /// the numbers of a table do not come out at whole rows of this width
    Ragged { width: usize },
    /// a setting lies outside of what it may be: which, and why
    Setting { name: &'static str, why: &'static str },
    /// a sum is larger than 128 bits hold
    TooLarge,
    /// the work was stopped at this bound: of what there were too many, and how many are allowed
    TooMany { of: &'static str, limit: u64 },
}

impl fmt::Display for Error {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFinite { row } => write!(to, "row {row} holds a number that is not finite"),
            Self::NoLogarithm { column, row } => {
                write!(to, "column {column} of row {row} has no log1p: it is -1 or less")
            }
            Self::Ragged { width } => write!(to, "the numbers do not make whole rows of {width}"),
            Self::Setting { name, why } => write!(to, "{name} {why}"),
            Self::TooLarge => to.write_str("a sum is too large"),
            Self::TooMany { of, limit } => write!(to, "there are more than {limit} {of}"),
        }
    }
}

impl std::error::Error for Error {}
