//! Sort and page as pieces of SQL. Absent values stand last, whichever way the sort goes.
use super::Deleted;
use crate::filter::{OrderTerm, Part, Value};
use kernel::Ctx;
use kernel::catalogue::Kind;
use kernel::page::Mark;

/// One term of a sort.
#[derive(Clone, Debug)]
pub struct Term {
    pub by: OrderTerm,
    pub down: bool,
}

/// The terms for one caller, with the id that breaks ties.
pub struct Terms<'a> {
    terms: Vec<(&'a Term, Vec<Part>)>,
    id: Vec<Part>,
    down: bool,
}

impl<'a> Terms<'a> {
    pub fn new(sort: &'a [Term], table: &'static str, ctx: &Ctx) -> Self {
        let terms = sort.iter().map(|term| (term, term.by.parts(ctx))).collect();
        // newest first, where nothing else is said: an id is a UUIDv7
        Self { terms, id: column(table, "id"), down: sort.first().is_none_or(|first| first.down) }
    }

    /// `a DESC NULLS LAST, id DESC`; of a column that is never absent the plain form, which an index serves.
    pub fn order(&self) -> Vec<Part> {
        let mut out = Vec::new();
        for (term, parts) in &self.terms {
            out.extend(parts.iter().cloned());
            out.push(Part::Sql(match (term.down, term.by.nullable) {
                (true, true) => " DESC NULLS LAST, ",
                (true, false) => " DESC, ",
                (false, _) => ", ",
            }));
        }
        out.extend(self.id.iter().cloned());
        out.push(Part::Sql(if self.down { " DESC" } else { "" }));
        out
    }

    /// The values that a cursor keeps, as text.
    pub fn keys(&self) -> Vec<Part> {
        if self.terms.is_empty() {
            return vec![Part::Sql("CAST('{}' AS text[])")];
        }
        let mut out = vec![Part::Sql("ARRAY[")];
        for (at, (_, parts)) in self.terms.iter().enumerate() {
            out.push(Part::Sql(if at == 0 { "CAST(" } else { ", CAST(" }));
            out.extend(parts.iter().cloned());
            out.push(Part::Sql(" AS text)"));
        }
        out.push(Part::Sql("]"));
        out
    }

    /// What comes after the row at `mark`.
    pub fn after(&self, mark: &Mark) -> Vec<Part> {
        if self.terms.iter().all(|(term, _)| !term.by.nullable && term.down == self.down) {
            return self.row_after(mark);
        }
        let mut out = vec![Part::Sql("(")];
        for (at, key) in mark.keys.iter().enumerate() {
            let Some((term, parts)) = self.terms.get(at) else { break };
            let Some(key) = key else { continue }; // absent values are the last: none comes after them
            self.same(mark, at, &mut out);
            out.push(Part::Sql("("));
            out.extend(parts.iter().cloned());
            out.push(Part::Sql(if term.down { " < " } else { " > " }));
            out.extend(value(term.by.kind, key));
            if term.by.nullable {
                out.push(Part::Sql(" OR "));
                out.extend(parts.iter().cloned());
                out.push(Part::Sql(" IS NULL"));
            }
            out.push(Part::Sql(") OR "));
        }
        self.same(mark, self.terms.len(), &mut out);
        out.extend(self.id.iter().cloned());
        out.push(Part::Sql(if self.down { " < " } else { " > " }));
        out.push(Part::Bind(Value::Id(mark.id)));
        out.push(Part::Sql(")"));
        out
    }

    /// `(a, id) < ($1, $2)`: one range of an index.
    fn row_after(&self, mark: &Mark) -> Vec<Part> {
        let mut out = vec![Part::Sql("(")];
        for (_, parts) in &self.terms {
            out.extend(parts.iter().cloned());
            out.push(Part::Sql(", "));
        }
        out.extend(self.id.iter().cloned());
        out.push(Part::Sql(if self.down { ") < (" } else { ") > (" }));
        for ((term, _), key) in self.terms.iter().zip(&mark.keys) {
            out.extend(value(term.by.kind, key.as_deref().unwrap_or_default()));
            out.push(Part::Sql(", "));
        }
        out.push(Part::Bind(Value::Id(mark.id)));
        out.push(Part::Sql(")"));
        out
    }

    /// The terms before `at` are what they are at the mark.
    fn same(&self, mark: &Mark, at: usize, out: &mut Vec<Part>) {
        for ((term, parts), key) in self.terms.iter().zip(&mark.keys).take(at) {
            out.extend(parts.iter().cloned());
            match key {
                Some(key) => {
                    out.push(Part::Sql(" = "));
                    out.extend(value(term.by.kind, key));
                }
                None => out.push(Part::Sql(" IS NULL")),
            }
            out.push(Part::Sql(" AND "));
        }
    }
}

/// A value as PostgreSQL wrote it, read back as its type.
fn value(kind: Kind, text: &str) -> [Part; 3] {
    let cast = match kind {
        Kind::Int => " AS bigint)",
        Kind::Decimal | Kind::Money { .. } => " AS numeric)",
        Kind::Bool => " AS boolean)",
        Kind::Date => " AS date)",
        Kind::Instant => " AS timestamptz)",
        Kind::Id => " AS uuid)",
        Kind::Text | Kind::Choice(_) | Kind::Tags => " AS text)",
    };
    [Part::Sql("CAST("), Part::Bind(Value::Text(text.to_owned())), Part::Sql(cast)]
}

pub fn alive(table: &'static str, deleted: Deleted) -> Vec<Part> {
    match deleted {
        Deleted::Include => vec![Part::Sql("TRUE")],
        Deleted::Exclude => [column(table, "deleted_at"), vec![Part::Sql(" IS NULL")]].concat(),
        Deleted::Only => [column(table, "deleted_at"), vec![Part::Sql(" IS NOT NULL")]].concat(),
    }
}

/// Of rows of which none is ever archived.
pub fn enduring(deleted: Deleted) -> Vec<Part> {
    vec![Part::Sql(if deleted == Deleted::Only { "FALSE" } else { "TRUE" })]
}

pub fn search(table: &'static str, words: &str) -> Vec<Part> {
    let query = [Part::Sql(" @@ CAST("), Part::Bind(Value::Text(words.to_owned())), Part::Sql(" AS tsquery)")];
    and([column(table, "search"), query.to_vec()].concat())
}

pub fn and(parts: Vec<Part>) -> Vec<Part> {
    match parts.as_slice() {
        [] | [Part::Sql("TRUE")] => Vec::new(),
        _ => [vec![Part::Sql(" AND ")], parts].concat(),
    }
}

/// A constant, which the planner drops: the first that are found will do.
pub fn unordered() -> Vec<Part> {
    vec![Part::Sql("CAST(NULL AS text)")]
}

/// The text without the values: what tells one prepared statement from another.
pub fn shape<'a>(clauses: impl IntoIterator<Item = &'a Vec<Part>>) -> String {
    let text = |part: &Part| match part {
        Part::Sql(text) | Part::Name(text) => *text,
        Part::Bind(_) => "$",
    };
    clauses.into_iter().flatten().map(text).collect()
}

/// Whether a piece reads a field of the tenant's own: see `filter::operand`.
pub fn is_own(part: &Part) -> bool {
    matches!(part, Part::Sql("custom_number(" | " ->> " | " -> "))
}

fn column(table: &'static str, name: &'static str) -> Vec<Part> {
    vec![Part::Name(table), Part::Sql("."), Part::Name(name)]
}
