//! What the records of a noun come to, in groups: how many, how much, the least and the most. It is asked against the
//! catalogue, as a filter is, and by the same rules: whoever asks is told of what they see and of nothing else, a value
//! over there that they do not see is absent, and no text of theirs stands in the SQL.
//!
//! Money is never added up across currencies: an amount brings what it is in as a group of its own, in totals too.
mod pieces;
mod store;
mod term;

pub use store::{affordable, rows, snapshot};
pub use term::{Term, fault_of, term};

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use kernel::catalogue::{Catalogue, Catalogues};
use kernel::{Code, Kind};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The most groups, those of currencies not counted.
pub const MOST_GROUPS: usize = 8;
/// The most measures.
pub const MOST_MEASURES: usize = 16;

/// Nouns whose lists look at more than the one predicate: whom they are for, or what they stand beside. What they come to
/// would tell of what is not seen.
const APART: [&str; 8] = [
    "audit_log",
    "duplicate_candidate",
    "external_ref",
    "file",
    "notification",
    "restriction",
    "segment_member",
    "share",
];

/// Whether records of the noun are seen by the one predicate alone, so that it can be asked what they come to.
#[must_use]
pub fn is_askable(noun: &Catalogue) -> bool {
    !APART.contains(&noun.noun)
}

pub const NOT_ASKABLE: Code = Code::new(
    "figures_not_askable",
    Kind::Malformed,
    "The query asks for what is not there, not for the caller, or makes no sense: `errors` says where.",
);
pub const CODES: &[Code] = &[NOT_ASKABLE];

/// When a day begins in a zone; where clocks skip midnight, the hour after it.
#[must_use]
pub fn midnight(day: NaiveDate, zone: Tz) -> Option<DateTime<Utc>> {
    crate::filter::midnight(day, zone)
}

/// What is made of the values of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FiguresOp)]
pub enum Op {
    /// of records, or of those that have the field
    Count,
    CountDistinct,
    Sum,
    Avg,
    Min,
    Max,
}

impl Op {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::CountDistinct => "count_distinct",
            Self::Sum => "sum",
            Self::Avg => "avg",
            Self::Min => "min",
            Self::Max => "max",
        }
    }

    pub const fn counts(self) -> bool {
        matches!(self, Self::Count | Self::CountDistinct)
    }
}

/// The stretch of time that a group is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FiguresBucket)]
pub enum Bucket {
    Hour,
    Day,
    /// from Monday
    Week,
    Month,
    Quarter,
    Year,
}

impl Bucket {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }
}

/// How far what was earlier is moved so that it stands beside what is compared with it, by the calendar of a zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shift {
    pub months: i32,
    pub days: i32,
}

/// What records are grouped by.
#[derive(Clone, Debug)]
pub struct Group {
    pub term: Term,
    pub bucket: Option<(Bucket, Tz)>,
    pub shift: Shift,
}

#[derive(Clone, Debug)]
pub struct Measure {
    pub op: Op,
    /// none: records are counted
    pub term: Option<Term>,
    /// the group that says what its money is in
    pub currency: Option<usize>,
}

/// Records of a stretch of time alone: from the one moment up to the other, or from day to day.
#[derive(Clone, Debug)]
pub struct Within {
    pub term: Term,
    pub days: (NaiveDate, NaiveDate),
    pub moments: (DateTime<Utc>, DateTime<Utc>),
}

/// A value that a measure is compared with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    Number(Decimal),
    Day(NaiveDate),
    Moment(DateTime<Utc>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FiguresOperator)]
pub enum Comparison {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

/// What is asked of the records of a noun.
#[derive(Clone, Debug)]
pub struct Tally {
    pub noun: &'static Catalogue,
    pub catalogues: &'static Catalogues,
    pub groups: Vec<Group>,
    pub measures: Vec<Measure>,
    /// in the filter language
    pub filter: Option<String>,
    pub within: Option<Within>,
    /// what is asked for is taken out, as a file
    pub is_out: bool,
}

/// A place in a row: the groups come first, in their order, and the measures behind them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Group(usize),
    Measure(usize),
}

/// Which rows of it: by which of its groups, and how many in which order.
#[derive(Clone, Debug, Default)]
pub struct Cut {
    pub by: Vec<usize>,
    pub having: Vec<(usize, Comparison, Bound)>,
    /// and whether the greatest comes first
    pub order: Vec<(Place, bool)>,
    pub limit: u32,
}
