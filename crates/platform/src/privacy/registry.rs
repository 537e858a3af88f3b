//! The wings' tags as one registry, and what is wrong with it: contradictions in itself, and differences from the
//! columns that are there.
use super::{Data, Erasure, Table, Tag, Whose};
use std::collections::{BTreeMap, BTreeSet};

/// A column that is there, as PostgreSQL calls its type.
#[derive(Clone, Debug)]
pub struct Column {
    pub table: String,
    pub name: String,
    pub kind: String,
    pub nullable: bool,
}

/// All tables of the house with their tags.
#[derive(Clone, Debug)]
pub struct Registry {
    tables: Vec<Table>,
}

impl Registry {
    #[must_use]
    pub fn new(tables: &[Table]) -> Self {
        Self { tables: tables.to_vec() }
    }

    #[must_use]
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// Every column with its table and its tag.
    pub fn columns(&self) -> impl Iterator<Item = (&'static str, &'static str, &'static Tag)> {
        self.tables.iter().flat_map(|table| {
            table.tags.iter().flat_map(move |tag| tag.columns.iter().map(move |column| (table.name, *column, tag)))
        })
    }

    /// What is wrong with the tags, given the columns that are there: a line a fault, each with the name of its column.
    /// Nothing where all is well.
    #[must_use]
    pub fn faults(&self, there: &[Column]) -> Vec<String> {
        let mut faults = self.contradictions();
        let mut tagged: BTreeMap<(&str, &str), &Tag> = BTreeMap::new();
        for (table, column, tag) in self.columns() {
            if tagged.insert((table, column), tag).is_some() {
                faults.push(format!("{table}.{column} is tagged twice"));
            }
        }
        let known: BTreeSet<(&str, &str)> = there.iter().map(|it| (it.table.as_str(), it.name.as_str())).collect();
        let gone = tagged.keys().filter(|place| !known.contains(*place));
        faults.extend(gone.map(|(table, column)| format!("{table}.{column} is tagged and is not there")));
        for column in there {
            match tagged.get(&(column.table.as_str(), column.name.as_str())) {
                None => faults.push(format!("{}.{} is not tagged", column.table, column.name)),
                Some(tag) => faults
                    .extend(self.misfit(column, tag).map(|fault| format!("{}.{}: {fault}", column.table, column.name))),
            }
        }
        faults
    }

    /// What can be told without looking at the tables.
    fn contradictions(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for (table, column, tag) in self.columns() {
            faults.extend(contradiction(tag).map(|fault| format!("{table}.{column}: {fault}")));
        }
        for table in &self.tables {
            let goes = |tag: &&Tag| tag.erasure == Erasure::Row;
            if table.tags.iter().any(|tag| goes(&tag)) && !table.tags.iter().all(|tag| goes(&tag)) {
                faults.push(format!("{}: a row goes as a whole or not at all", table.name));
            }
        }
        faults
    }

    /// Why a tag cannot be meant for a column of this kind.
    fn misfit(&self, column: &Column, tag: &Tag) -> Option<&'static str> {
        let personal = self.columns().any(|(table, _, tag)| table == column.table && tells(tag));
        match tag.erasure {
            Erasure::Null if !column.nullable => Some("it cannot be null"),
            Erasure::Empty if column.nullable => Some("it can be null, which says more plainly that nothing is there"),
            Erasure::Pseudonym if column.kind != "text" => Some("a pseudonym is a text"),
            Erasure::Anew if column.kind != "tsvector" => Some("only search words are made anew"),
            _ if column.kind == "tsvector" && personal && tag.data != Data::Derived => {
                Some("search words of a table with personal columns are derived from them")
            }
            _ => None,
        }
    }
}

/// Why a tag contradicts itself.
fn contradiction(tag: &Tag) -> Option<&'static str> {
    let nobody = tag.whose == Whose::Nobody;
    match (tag.data, tag.erasure) {
        (Data::Technical, _) if !nobody => Some("what is technical tells of nobody"),
        (Data::Technical, Erasure::Keep | Erasure::Row) => None,
        (Data::Technical, _) => Some("what is technical stays, or goes with its row"),
        (Data::Secret, _) if nobody => None, // the server's own
        _ if nobody => Some("it tells of somebody: whom?"),
        (Data::Identifier | Data::Statistic, _) => None,
        (_, Erasure::Keep) => Some("it would still be there after its owner was erased"),
        (Data::Derived, Erasure::Pseudonym) => Some("what is derived is made anew, or goes"),
        _ => None,
    }
}

fn tells(tag: &Tag) -> bool {
    matches!(tag.data, Data::Personal | Data::Sensitive)
}
