//! All catalogues of the house as one graph, made once at start.
//!
//! A catalogue grows here: `sales` contributes the relation `orders` to `account` without `customer` knowing of it.
//! What is assembled is sound: every target is there, no name is taken twice, every name can be written in a filter.
use super::{Catalogue, Field, Owned, Relation};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The filter language keeps these words; no field and no relation may be called so.
pub const RESERVED: [&str; 21] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "false",
    "for",
    "function",
    "if",
    "import",
    "in",
    "let",
    "loop",
    "namespace",
    "null",
    "package",
    "return",
    "true",
    "var",
    "void",
    "while",
];

/// A part of a part of a part …: how long the chain to its owner may be.
pub const MAX_PARTS: usize = 4;

/// The catalogues of all wings, with the relations between them.
#[derive(Debug)]
pub struct Catalogues {
    nouns: BTreeMap<&'static str, Entry>,
    faults: Vec<String>,
}

#[derive(Debug)]
struct Entry {
    catalogue: &'static Catalogue,
    relations: Vec<Relation>,
}

/// Why the catalogues do not fit together: a fault of the program, found when it starts.
#[derive(Debug)]
pub struct Unsound(pub Vec<String>);

impl Catalogues {
    /// Joins the catalogues of the wings and the relations that one wing adds to another's noun. Kept for the life of
    /// the program, so it is called once, at start.
    pub fn assemble(
        parts: &[&'static Catalogue],
        extra: &[(&'static str, Relation)],
    ) -> Result<&'static Self, Unsound> {
        let all = Self::join(parts, extra);
        let faults = all.check();
        if faults.is_empty() { Ok(Box::leak(Box::new(all))) } else { Err(Unsound(faults)) }
    }

    pub fn get(&self, noun: &str) -> Option<&'static Catalogue> {
        self.nouns.get(noun).map(|entry| entry.catalogue)
    }

    pub fn relation(&self, noun: &str, name: &str) -> Option<&Relation> {
        self.nouns.get(noun)?.relations.iter().find(|relation| relation.name == name)
    }

    /// The relations of a noun, its own and those that other wings gave it.
    pub fn relations(&self, noun: &str) -> &[Relation] {
        self.nouns.get(noun).map_or(&[], |entry| &entry.relations)
    }

    /// All catalogues, by noun.
    pub fn all(&self) -> impl Iterator<Item = &'static Catalogue> {
        self.nouns.values().map(|entry| entry.catalogue)
    }

    /// The noun whose Read permission opens `noun`: a part goes by its parent's, to the end of the chain.
    pub fn permission(&self, noun: &str) -> Option<&'static str> {
        let mut catalogue = self.get(noun)?;
        for _ in 0..=MAX_PARTS {
            match catalogue.owned {
                Owned::Part { of, .. } => catalogue = self.get(of)?,
                Owned::Rows { .. } | Owned::Shared => return Some(catalogue.noun),
            }
        }
        None
    }

    /// Everything that is wrong, for people; empty for what [`Self::assemble`] gave.
    pub fn check(&self) -> Vec<String> {
        let mut faults = self.faults.clone();
        for Entry { catalogue, relations } in self.nouns.values() {
            let noun = catalogue.noun;
            let mut taken: BTreeSet<&str> = catalogue.custom.map(|_| "custom").into_iter().collect();
            let names = catalogue.fields.iter().map(|field: &Field| field.name);
            for name in names.chain(relations.iter().map(|relation| relation.name)) {
                if !taken.insert(name) {
                    faults.push(format!("{noun}.{name} is there twice"));
                }
                if !writable(name) {
                    faults.push(format!("{noun}.{name} cannot be written in a filter"));
                }
            }
            let dangling = relations.iter().filter(|relation| !self.nouns.contains_key(relation.target));
            faults.extend(dangling.map(|relation| format!("{noun}.{} leads to no {}", relation.name, relation.target)));
            let bases = catalogue.fields.iter().filter_map(|field| Some((field.name, field.base?)));
            let without = bases.filter(|(_, base)| catalogue.field(base).is_none());
            faults.extend(without.map(|(name, base)| format!("{noun}.{name} has no {base}")));
            if self.permission(noun).is_none() {
                faults.push(format!("{noun} is part of nothing that is owned"));
            }
        }
        faults
    }

    fn join(parts: &[&'static Catalogue], extra: &[(&'static str, Relation)]) -> Self {
        let mut all = Self { nouns: BTreeMap::new(), faults: Vec::new() };
        for catalogue in parts {
            let entry = Entry { catalogue, relations: catalogue.relations.to_vec() };
            if all.nouns.insert(catalogue.noun, entry).is_some() {
                all.faults.push(format!("{} is there twice", catalogue.noun));
            }
        }
        for (noun, relation) in extra {
            match all.nouns.get_mut(noun) {
                Some(entry) => entry.relations.push(*relation),
                None => all.faults.push(format!("{}: there is no {noun} to have it", relation.name)),
            }
        }
        all
    }
}

/// A name that the filter language can spell.
fn writable(name: &str) -> bool {
    let starts = name.starts_with(|first: char| first.is_ascii_lowercase());
    let plain = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    starts && plain && !RESERVED.contains(&name)
}

impl fmt::Display for Unsound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the catalogues do not fit together: {}", self.0.join("; "))
    }
}

impl std::error::Error for Unsound {}

#[cfg(test)]
mod tests {
    use super::super::{Catalogue, Field, Kind, Owned, Relation};
    use super::Catalogues;

    const fn catalogue(noun: &'static str, owned: Owned, relations: &'static [Relation]) -> Catalogue {
        const FIELDS: &[Field] = &[Field::new("name", Kind::Text)];
        Catalogue { noun, table: noun, fields: FIELDS, relations, custom: None, owned }
    }

    static ORDER: Catalogue = catalogue("order", Owned::Rows { owner: "owner_id", team: "team_id" }, &[]);
    static LINE: Catalogue = catalogue("line", Owned::Part { of: "order", column: "order_id" }, &[]);
    static ECHO: Catalogue = catalogue("echo", Owned::Part { of: "echo", column: "echo_id" }, &[]);
    static DEBT: Catalogue = Catalogue {
        fields: &[Field::new("sum", Kind::Money { currency: "currency" }).base("own_sum")],
        ..catalogue("debt", Owned::Shared, &[])
    };
    const LINES: Relation = Relation::many("lines", "line", "order_id");

    #[test]
    fn a_noun_grows_and_a_part_goes_by_its_parent() -> Result<(), super::Unsound> {
        let all = Catalogues::assemble(&[&ORDER, &LINE], &[("order", LINES)])?;
        assert_eq!(all.relation("order", "lines").map(|relation| relation.target), Some("line"));
        assert_eq!(all.permission("line"), Some("order"));
        assert_eq!((LINE.permission(), ORDER.permission()), ("order", "order"));
        assert!(all.check().is_empty());
        Ok(())
    }

    #[test]
    fn every_fault_is_named() {
        let extra = [
            ("order", LINES),
            ("order", LINES),
            ("order", Relation::one("package", "order", "package_id")),
            ("order", Relation::one("ghost", "spirit", "ghost_id")),
            ("nobody", LINES),
        ];
        let unsound = Catalogues::assemble(&[&ORDER, &ORDER, &LINE, &ECHO, &DEBT], &extra).map(drop).map_err(|e| e.0);
        let expected = [
            "order is there twice",
            "lines: there is no nobody to have it",
            "debt.sum has no own_sum",
            "echo is part of nothing that is owned",
            "order.lines is there twice",
            "order.package cannot be written in a filter",
            "order.ghost leads to no spirit",
        ];
        assert_eq!(unsound, Err(expected.map(str::to_owned).to_vec()));
    }
}
