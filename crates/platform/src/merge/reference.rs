//! What points at records that may become one with others: a line a column. Each wing lists its own (`REFERENCES`), the
//! house joins them, and a test of the house holds them against the foreign keys of PostgreSQL.
use kernel::{Error, Result};
use std::sync::OnceLock;

/// A column that points at records, and what becomes of its rows.
#[derive(Clone, Copy, Debug)]
pub struct Reference {
    pub table: &'static str,
    pub column: &'static str,
    /// the noun that it points at; else `kind` says which, row by row
    pub noun: Option<&'static str>,
    pub kind: &'static str,
    /// whether `kind` calls a noun as its table is called: `contacts`
    pub is_plural: bool,
    /// which row it is, beside the column itself
    pub key: &'static [&'static str],
    /// a record has one row for each of these
    pub once: &'static [&'static str],
    /// only rows that are not archived are held to that, and only they move
    pub is_living: bool,
    /// says which row is the first of its sort
    pub led: Option<&'static str>,
    /// the noun that a change of it is told of, and the column that names the record
    pub told: Option<(&'static str, &'static str)>,
    pub way: Way,
}

/// What becomes of the rows that point at a loser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// they point at the winner; of what the winner has already, the loser keeps its own
    Moves,
    /// the same, and none of them is the first of its sort any more: the winner's is
    Follows,
    /// they point at the winner; what it has already is taken out, for the row is a part of a third record
    MovesOrGoes,
    /// lists in the row name records: those of a table that says which rows do
    Listed { by: &'static str, of: &'static str, lists: &'static [&'static str] },
    /// it is made of other rows, or says how records became one
    Stays,
}

impl Reference {
    /// A column that points at one noun.
    #[must_use]
    pub const fn of(noun: &'static str, table: &'static str, column: &'static str) -> Self {
        Self { noun: Some(noun), ..Self::any(table, column) }
    }

    /// A column that points at records of many nouns: `resource` says which.
    #[must_use]
    pub const fn any(table: &'static str, column: &'static str) -> Self {
        Self {
            table,
            column,
            noun: None,
            kind: "resource",
            is_plural: false,
            key: &["id"],
            once: &[],
            is_living: false,
            led: None,
            told: None,
            way: Way::Moves,
        }
    }

    /// Which column says of which noun it is.
    #[must_use]
    pub const fn by(self, kind: &'static str) -> Self {
        Self { kind, ..self }
    }

    /// The column that says so calls nouns as their tables are called.
    #[must_use]
    pub const fn plural(self) -> Self {
        Self { is_plural: true, ..self }
    }

    /// Rows that have no id.
    #[must_use]
    pub const fn keyed(self, key: &'static [&'static str]) -> Self {
        Self { key, ..self }
    }

    #[must_use]
    pub const fn once(self, once: &'static [&'static str]) -> Self {
        Self { once, ..self }
    }

    #[must_use]
    pub const fn living(self) -> Self {
        Self { is_living: true, ..self }
    }

    #[must_use]
    pub const fn led(self, led: &'static str) -> Self {
        Self { led: Some(led), ..self }
    }

    #[must_use]
    pub const fn told(self, noun: &'static str, column: &'static str) -> Self {
        Self { told: Some((noun, column)), ..self }
    }

    #[must_use]
    pub const fn way(self, way: Way) -> Self {
        Self { way, ..self }
    }

    /// Whether it may point at records of this noun.
    #[must_use]
    pub fn points_at(&self, noun: &str) -> bool {
        self.noun.is_none_or(|one| one == noun)
    }
}

/// What the ground keeps of records of any noun. What erasing, imports and the trail say of an id stays said of it.
pub const REFERENCES: &[Reference] = &[
    Reference::any("external_refs", "record_id"),
    Reference::any("files", "record_id"),
    Reference::any("followers", "record_id").keyed(&["user_id"]).once(&["user_id"]),
    Reference::any("inbound_records", "record_id").plural().keyed(&["connection_id", "external_id"]),
    Reference::any("legal_holds", "subject_id").by("subject_kind").told("legal_hold", "id"),
    Reference::any("notifications", "record_id"),
    Reference::any("privacy_requests", "subject_id").by("subject_kind").told("privacy_request", "id"),
    Reference::any("restrictions", "record_id"),
    Reference::any("segment_marks", "record_id").way(Way::Stays),
    Reference::any("segment_members", "record_id").once(&["segment_id"]),
    Reference::any("shares", "record_id").once(&["grantee_id"]).living().told("share", "id"),
];

static HOUSE: OnceLock<Vec<Reference>> = OnceLock::new();

/// Said once, when the house is opened.
pub fn open(all: Vec<Reference>) {
    HOUSE.get_or_init(|| all);
}

pub(super) fn all() -> Result<&'static [Reference]> {
    HOUSE.get().map(Vec::as_slice).ok_or_else(|| Error::internal("what points at records is not open"))
}
