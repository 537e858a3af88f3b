//! The columns of a table that is taken out: called as the API calls the fields, which is what an import takes them for.
use crate::table::write::Cell;
use kernel::catalogue::{Catalogue, Kind};
use serde_json::Value;

/// What another system calls the record.
pub const EXTERNAL_ID: &str = "external_id";

/// A column, and where its value stands in a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub name: String,
    member: &'static str,
    /// of an amount: itself, or its currency
    part: Option<&'static str>,
    is_number: bool,
}

impl Column {
    /// Of these fields; an amount has its currency beside it, unless that is a field by itself.
    pub fn of(noun: &'static Catalogue, fields: &[String], with_external_id: bool) -> Vec<Self> {
        let called = Self { name: EXTERNAL_ID.to_owned(), member: EXTERNAL_ID, part: None, is_number: false };
        let mut columns: Vec<Self> = with_external_id.then_some(called).into_iter().collect();
        for field in fields.iter().filter_map(|name| noun.field(name)) {
            let column = |name: String, part, is_number| Self { name, member: field.name, part, is_number };
            let Kind::Money { currency } = field.kind else {
                let is_number = matches!(field.kind, Kind::Int | Kind::Decimal);
                columns.push(column(field.name.to_owned(), None, is_number));
                continue;
            };
            columns.push(column(field.name.to_owned(), Some("amount"), true));
            if noun.field(currency).is_none() {
                columns.push(column(format!("{}.currency", field.name), Some("currency"), false));
            }
        }
        columns
    }

    /// Its cell of a record.
    pub fn cell<'a>(&self, record: &'a Value) -> Cell<'a> {
        let member = record.get(self.member);
        let value = self.part.map_or(member, |part| member.and_then(|member| member.get(part)));
        Cell::of(value, self.is_number)
    }

    /// What it is called in NDJSON, where records stand as the API writes them.
    pub fn path(&self) -> String {
        self.part.map_or_else(|| self.member.to_owned(), |part| format!("{}.{part}", self.member))
    }
}
