//! The registry of personal data: of every column of every table, what it tells, about whom, and what becomes of it when
//! that person asks to be erased.
//!
//! Each wing tags its own tables, as it lists its catalogues; the house joins them (`api::house::registry`). A column
//! without a tag, and a tag without a column, fail a test of the house.
//!
//! By the tags alone, whatever the tables, somebody is told what is held of them ([`export`]) and is erased
//! ([`erase`]): [`plan`] lays them over the tables that are there, [`circle`] finds the rows. What is asked of whom
//! stands in [`request`], what must stay in [`hold`], which records are one person in `twin`, whom to leave alone in
//! [`restriction`], what goes by its age in [`retention`], and what was erased in [`ledger`].
mod anew;
mod archive;
pub mod circle;
pub mod erase;
pub mod export;
pub mod files;
mod ground;
pub mod hold;
mod known;
pub mod ledger;
pub mod plan;
pub mod preview;
mod registry;
pub mod request;
pub mod restriction;
pub mod retention;
pub(crate) mod statement;
mod twin;
mod words;

pub use circle::Subject;
pub use ground::TABLES;
pub use registry::{Column, Registry};
pub use restriction::restricted;

use kernel::Code;

/// What is left of a text that told of somebody: this, and the id of its row.
pub const PSEUDONYM: &str = "erased-";

/// The codes of all its rooms.
pub const CODES: &[&[Code]] = &[hold::CODES, request::CODES, restriction::CODES, retention::CODES];

/// What a column tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Data {
    /// nothing about anybody: how the program works, or what the business has chosen
    Technical,
    /// which record somebody is; says nothing of them once the rest is gone
    Identifier,
    /// what was done or bought, and how a person is sorted: theirs to be told, yet nobody is known by it alone
    Statistic,
    /// who somebody is, how to reach them, or text that may say so
    Personal,
    /// personal, and of the sort that the law guards more closely
    Sensitive,
    /// what proves who somebody is; never told, not even to them
    Secret,
    /// made out of personal columns, such as search words
    Derived,
}

/// About whom a column tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    Nobody,
    Contact,
    /// an account, which may be a person
    Account,
    /// somebody who may become either
    Lead,
    User,
    /// whomever the record is about that the row names, or the text speaks of
    Anyone,
}

/// What becomes of a column when the one it tells about is erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erasure {
    /// it stays as it is
    Keep,
    /// the whole row goes; then it is so for every column of the table
    Row,
    /// null
    Null,
    /// as good as nothing where null may not stand: `{}`, `[]`, an empty list
    Empty,
    /// a text that is made from the id alone
    Pseudonym,
    /// made anew from what is left
    Anew,
}

/// Columns of one table of which the same holds.
#[derive(Clone, Copy, Debug)]
pub struct Tag {
    pub data: Data,
    pub whose: Whose,
    pub erasure: Erasure,
    pub columns: &'static [&'static str],
}

/// One table with all its columns.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    pub name: &'static str,
    pub tags: &'static [Tag],
}

/// A table by its name in the database.
#[must_use]
pub const fn table(name: &'static str, tags: &'static [Tag]) -> Table {
    Table { name, tags }
}

/// Columns that tell something, of whom, and what erasing does with them.
#[must_use]
pub const fn tag(data: Data, whose: Whose, erasure: Erasure, columns: &'static [&'static str]) -> Tag {
    Tag { data, whose, erasure, columns }
}

/// Columns that tell nothing about anybody and stay.
#[must_use]
pub const fn technical(columns: &'static [&'static str]) -> Tag {
    tag(Data::Technical, Whose::Nobody, Erasure::Keep, columns)
}

/// Columns that name a record of somebody's and stay: whoever was erased is but an id.
#[must_use]
pub const fn names(whose: Whose, columns: &'static [&'static str]) -> Tag {
    tag(Data::Identifier, whose, Erasure::Keep, columns)
}
