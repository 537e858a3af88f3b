//! The typed tree: what a filter means, free of text and of SQL.
//!
//! Two-valued. An atom over an absent value is false; `Not` is its complement. Rows are named by depth: 0 is the listed
//! noun, a hop opens the next depth.
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use kernel::catalogue::{Catalogue, Kind, Link};
use rust_decimal::Decimal;
use uuid::Uuid;

pub type Depth = usize;

#[derive(Clone, Debug)]
pub enum Tree {
    Const(bool),
    And(Vec<Tree>),
    Or(Vec<Tree>),
    Not(Box<Tree>),
    Atom(Atom),
    /// some row over there for which `body` holds
    Some {
        hop: Hop,
        body: Box<Tree>,
    },
}

/// A relation crossed, from the row at one depth to rows that are opened at another.
#[derive(Clone, Copy, Debug)]
pub struct Hop {
    pub from: Depth,
    pub to: Depth,
    pub link: Link,
    pub source: &'static Catalogue,
    pub target: &'static Catalogue,
}

#[derive(Clone, Debug)]
pub enum Atom {
    Compare { left: Operand, op: Op, right: Operand },
    OneOf { left: Operand, list: Value },
    Like { left: Operand, pattern: Value, fold: bool },
    Tagged { tags: Operand, tag: Value },
    True(Operand),
    Present(Operand),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Op {
    Eq,
    Lt,
    Le,
    Gt,
    Ge,
}

#[derive(Clone, Debug)]
pub enum Operand {
    Column {
        depth: Depth,
        column: &'static str,
        nullable: bool,
    },
    /// a field of the tenant's own; of money the amount, or what `part` says
    Custom {
        depth: Depth,
        column: &'static str,
        key: Value,
        kind: Kind,
        part: Option<&'static str>,
    },
    Value(Value),
    Math {
        op: Math,
        left: Box<Operand>,
        right: Box<Operand>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Math {
    Add,
    Sub,
    Mul,
}

/// A value to be bound. Those from `FromNow` on are settled when the filter is applied, so that it never ages.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Text(String),
    Texts(Vec<String>),
    Int(i64),
    Ints(Vec<i64>),
    Decimal(Decimal),
    Decimals(Vec<Decimal>),
    Bool(bool),
    Date(NaiveDate),
    Dates(Vec<NaiveDate>),
    Instant(DateTime<Utc>),
    Instants(Vec<DateTime<Utc>>),
    Id(Uuid),
    Ids(Vec<Uuid>),
    /// a moment, so far from now
    FromNow(TimeDelta),
    /// the day, in UTC, of a moment so far from now
    DayFromNow(TimeDelta),
    /// a day, so far from today in this zone
    FromToday(TimeDelta, Tz),
    /// the moment so far from the beginning of today in this zone
    FromMidnight(TimeDelta, Tz),
    Me,
}

impl Tree {
    pub fn negate(self) -> Self {
        match self {
            Self::Not(inner) => *inner,
            Self::Const(b) => Self::Const(!b),
            other => Self::Not(Box::new(other)),
        }
    }

    /// Whether it looks at other rows than its own.
    pub fn crosses(&self) -> bool {
        match self {
            Self::Some { .. } => true,
            Self::And(all) | Self::Or(all) => all.iter().any(Self::crosses),
            Self::Not(inner) => inner.crosses(),
            Self::Const(_) | Self::Atom(_) => false,
        }
    }

    /// Wraps what is said about the last row in the hops that lead there.
    pub fn through(hops: Vec<Hop>, body: Self) -> Self {
        hops.into_iter().rev().fold(body, |body, hop| Self::Some { hop, body: Box::new(body) })
    }
}

impl Atom {
    /// Can its SQL be NULL?
    pub fn nullable(&self) -> bool {
        match self {
            Self::Compare { left, right, .. } => left.nullable() || right.nullable(),
            Self::OneOf { left, .. } | Self::Like { left, .. } => left.nullable(),
            Self::Tagged { tags, .. } => tags.nullable(),
            Self::True(operand) => operand.nullable(),
            Self::Present(_) => false,
        }
    }
}

impl Operand {
    pub fn nullable(&self) -> bool {
        match self {
            Self::Column { nullable, .. } => *nullable,
            Self::Custom { .. } => true,
            Self::Value(_) => false,
            Self::Math { left, right, .. } => left.nullable() || right.nullable(),
        }
    }

    /// A day, a moment or an id of the tenant's own fields is text in its row, of which the order is that of time.
    pub fn stored_as_text(&self) -> bool {
        matches!(self, Self::Custom { kind: Kind::Date | Kind::Instant | Kind::Id, .. })
    }
}
