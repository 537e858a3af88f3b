//! What may be asked of a noun: its fields, its relations, and who may see its rows.
//!
//! Filters, sorting, imports, exports and reports are compiled against this. Every name of a table or a column in it is
//! `&'static str`: it comes from the program, never from a caller. A wing names only its own columns; the relations
//! between wings join when the house is assembled ([`Catalogues::assemble`]).
mod assemble;
mod hidden;

use crate::{Text, text};
pub use assemble::{Catalogues, MAX_PARTS, RESERVED, Unsound};
pub use hidden::Echo;

/// One noun and what may be asked of it.
#[derive(Debug)]
pub struct Catalogue {
    /// singular, snake_case: `contact`; the name that permissions use
    pub noun: &'static str,
    pub table: &'static str,
    pub fields: &'static [Field],
    pub relations: &'static [Relation],
    /// the jsonb column of `custom.*`, if the tenant may add fields
    pub custom: Option<&'static str>,
    pub owned: Owned,
}

/// A field as the caller knows it, and the column behind it.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// the name on the wire
    pub name: &'static str,
    pub column: &'static str,
    pub kind: Kind,
    pub nullable: bool,
    pub filterable: bool,
    pub sortable: bool,
    /// how its words are indexed, if `?q=` finds by them
    pub searched: Option<Searched>,
    /// whether whoever is named in it is told so
    pub mentions: bool,
    /// of money, the field that says it in the tenant's own: `amount.base` is `base_amount`
    pub base: Option<&'static str>,
    /// whether it is what a set of such records is asked for: `"vip" in tags`
    pub names: bool,
    /// the field that stands beside it in its form: this one is what that was given as, and is written with it alone
    pub text_of: Option<&'static str>,
}

/// How the words of a field are indexed: see `platform::search::Words`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Searched {
    Name,
    Text,
    Whole,
    Phone,
}

/// What sort of value a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Int,
    Decimal,
    /// the amount stands in the field's column, its currency in this one: `total.amount`, `total.currency`
    Money {
        currency: &'static str,
    },
    Bool,
    Date,
    Instant,
    Id,
    /// text with a check; a PostgreSQL enum has no `= text`
    Choice(&'static [&'static str]),
    Tags,
}

/// A way from a row of this noun to rows of another.
#[derive(Clone, Copy, Debug)]
pub struct Relation {
    pub name: &'static str,
    /// the noun over there
    pub target: &'static str,
    pub link: Link,
}

/// Which side holds the id of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// our column holds the target's id
    One { column: &'static str },
    /// the target's column holds our id
    Many { column: &'static str },
    /// rows of a table that is no noun hold both ids, and say of which noun one of the records is
    Through { table: &'static str, ours: &'static str, theirs: &'static str, resource: &'static str },
}

/// Who may see a row, among those who may read the noun at all.
#[derive(Clone, Copy, Debug)]
pub enum Owned {
    /// as far as the permission reaches, by the user and the team in these columns
    Rows { owner: &'static str, team: &'static str },
    /// everybody who may read the noun
    Shared,
    /// exactly who sees its parent: the row of noun `of` whose id stands in `column`
    Part { of: &'static str, column: &'static str },
}

impl Catalogue {
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The field that says what a field was given as, where one does.
    pub fn text_of(&self, name: &str) -> Option<&'static str> {
        self.fields.iter().find(|field| field.text_of == Some(name)).map(|field| field.name)
    }

    /// The noun whose Read permission opens this one: its own, or for a part its parent's. A part of a part asks its
    /// parent in turn: [`Catalogues::permission`] goes to the end.
    pub const fn permission(&self) -> &'static str {
        match self.owned {
            Owned::Part { of, .. } => of,
            Owned::Rows { .. } | Owned::Shared => self.noun,
        }
    }
}

impl Field {
    /// A column of the same name that is never NULL and may be filtered and, tags apart, sorted by.
    pub const fn new(name: &'static str, kind: Kind) -> Self {
        let sortable = !matches!(kind, Kind::Tags);
        Self {
            name,
            column: name,
            kind,
            nullable: false,
            filterable: true,
            sortable,
            searched: None,
            mentions: false,
            base: None,
            names: false,
            text_of: None,
        }
    }

    #[must_use]
    pub const fn column(self, column: &'static str) -> Self {
        Self { column, ..self }
    }

    #[must_use]
    pub const fn nullable(self) -> Self {
        Self { nullable: true, ..self }
    }

    #[must_use]
    pub const fn unfilterable(self) -> Self {
        Self { filterable: false, ..self }
    }

    #[must_use]
    pub const fn unsortable(self) -> Self {
        Self { sortable: false, ..self }
    }

    /// Whoever is named in it is told of it.
    #[must_use]
    pub const fn mentions(self) -> Self {
        Self { mentions: true, ..self }
    }

    /// Of money: this field says the same in the tenant's own.
    #[must_use]
    pub const fn base(self, field: &'static str) -> Self {
        Self { base: Some(field), ..self }
    }

    /// A set of these records is asked for by it.
    #[must_use]
    pub const fn names(self) -> Self {
        Self { names: true, ..self }
    }

    /// What this field was given as: never written but with it.
    #[must_use]
    pub const fn text_of(self, field: &'static str) -> Self {
        Self { text_of: Some(field), ..self }
    }

    /// `?q=` finds by it.
    #[must_use]
    pub const fn searched(self, how: Searched) -> Self {
        Self { searched: Some(how), ..self }
    }
}

impl Relation {
    /// To one: our `column` holds the id of a `target`.
    pub const fn one(name: &'static str, target: &'static str, column: &'static str) -> Self {
        Self { name, target, link: Link::One { column } }
    }

    /// To many: `column` of each `target` holds our id.
    pub const fn many(name: &'static str, target: &'static str, column: &'static str) -> Self {
        Self { name, target, link: Link::Many { column } }
    }

    /// To many, by the rows of `table` whose column `ours` holds our id, `theirs` that of the target, and `resource` this
    /// word.
    pub const fn through(
        name: &'static str,
        target: &'static str,
        table: &'static str,
        (ours, theirs): (&'static str, &'static str),
        resource: &'static str,
    ) -> Self {
        Self { name, target, link: Link::Through { table, ours, theirs, resource } }
    }
}

impl Kind {
    /// For people, in refusals.
    pub fn word(self) -> Text {
        match self {
            Self::Text => text!("text"),
            Self::Int => text!("a whole number"),
            Self::Decimal | Self::Money { .. } => text!("a number"),
            Self::Bool => text!("true or false"),
            Self::Date => text!("a date"),
            Self::Instant => text!("a moment"),
            Self::Id => text!("an id"),
            Self::Choice(_) => text!("one of the choices"),
            Self::Tags => text!("a tag"),
        }
    }
}
