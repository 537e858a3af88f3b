//! What can be held back of a noun, and what goes with it.
use super::{Catalogue, Catalogues, Field, Kind, Link, Owned, Relation};

/// What the ground writes with every change. Ids and ETags tell them, and so does what is kept of what happened, so
/// that to hide them would hide nothing.
const KEPT_BY_THE_GROUND: [&str; 7] =
    ["id", "version", "created_at", "updated_at", "created_by", "updated_by", "deleted_at"];

/// The column that names the records which a record has to do with.
const LINKS: &str = "links";

/// A member that tells of fields elsewhere: of what may be done with them, the least may be done with it. Its object is
/// a noun, or an answer that is put together (`order_summary` of the schema `OrderSummary`).
#[derive(Clone, Copy, Debug)]
pub struct Echo {
    pub object: &'static str,
    pub field: &'static str,
    /// object and field
    pub of: &'static [(&'static str, &'static str)],
}

impl Catalogue {
    /// Without these a record is none: what the ground writes, what says who may see it, what it is a part of, and what
    /// currency its amounts are in, for an amount without one says nothing.
    pub fn is_essential(&self, field: &Field) -> bool {
        let owned = match self.owned {
            Owned::Rows { owner, team } => [owner, team].contains(&field.column),
            Owned::Part { column, .. } => column == field.column,
            Owned::Shared => false,
        };
        let is_currency = |one: &Field| matches!(one.kind, Kind::Money { currency } if currency == field.column);
        owned || KEPT_BY_THE_GROUND.contains(&field.name) || self.fields.iter().any(is_currency)
    }

    /// The columns that a field stands in, where they are not called like it nor are fields of their own.
    pub fn columns(&self, field: &Field) -> impl Iterator<Item = &'static str> {
        let currency = match field.kind {
            Kind::Money { currency } => Some(currency),
            _ => None,
        };
        let own = |column: &&'static str| self.field(column).is_none();
        [Some(field.column), currency].into_iter().flatten().filter(own)
    }
}

impl Catalogues {
    /// The field that a relation goes by, and the noun that has it: who does not see the one does not see the other.
    pub fn goes_by(&self, noun: &str, relation: &Relation) -> Option<(&'static str, &'static str)> {
        let (noun, column) = match relation.link {
            Link::One { column } => (noun, column),
            Link::Many { column } => (relation.target, column),
            // made of what one of the two says of itself, whose name the rows between them bear
            Link::Through { table, .. } => {
                let of = table.strip_suffix("_links")?;
                let telling = [noun, relation.target].into_iter().find(|one| *one == of)?;
                return self.field(telling, LINKS);
            }
        };
        self.field(noun, column)
    }

    fn field(&self, noun: &str, column: &str) -> Option<(&'static str, &'static str)> {
        let catalogue = self.get(noun)?;
        let field = catalogue.fields.iter().find(|field| field.column == column)?;
        Some((catalogue.noun, field.name))
    }
}
