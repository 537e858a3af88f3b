//! The columns of a table that is taken out: called as the API calls the fields, which is what an import takes them for.
use crate::table::write::Cell;
use kernel::Grants;
use kernel::catalogue::{Catalogue, Kind};
use kernel::custom::{CUSTOM, Own, Type};
use serde_json::Value;

/// What another system calls the record.
pub const EXTERNAL_ID: &str = "external_id";

/// A column, and where its value stands in a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub name: String,
    member: &'static str,
    /// of a field of the tenant's own: its key
    key: Option<String>,
    /// of an amount: itself, or its currency
    part: Option<&'static str>,
    is_number: bool,
}

impl Column {
    /// Of these fields; an amount has its currency beside it, unless that is a field by itself.
    pub fn of(noun: &'static Catalogue, grants: &Grants, fields: &[String], with_external_id: bool) -> Vec<Self> {
        let called = Self::new(EXTERNAL_ID.to_owned(), EXTERNAL_ID, None, false);
        let mut columns: Vec<Self> = with_external_id.then_some(called).into_iter().collect();
        let all = grants.own();
        for name in fields {
            let Some(field) = noun.field(name) else {
                let own = key(noun, name).and_then(|key| all.get(noun.noun, key));
                columns.extend(own.into_iter().flat_map(Self::own));
                continue;
            };
            let column = |name: String, part, is_number| Self::new(name, field.name, part, is_number);
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

    /// Of a field of the tenant's own: several options stand in one cell, as a file brings them.
    fn own(own: &Own) -> Vec<Self> {
        let column =
            |name, part, is_number| Self { key: Some(own.key.clone()), ..Self::new(name, CUSTOM, part, is_number) };
        if own.holds == Type::Money {
            let currency = format!("{}.currency", own.path());
            return vec![column(own.path(), Some("amount"), true), column(currency, Some("currency"), false)];
        }
        vec![column(own.path(), None, matches!(own.holds, Type::Int | Type::Decimal))]
    }

    pub fn is_own(&self) -> bool {
        self.key.is_some()
    }

    const fn new(name: String, member: &'static str, part: Option<&'static str>, is_number: bool) -> Self {
        Self { name, member, key: None, part, is_number }
    }

    /// Its cell of a record.
    pub fn cell<'a>(&self, record: &'a Value) -> Cell<'a> {
        let member = record.get(self.member);
        let member = self.key.as_ref().map_or(member, |key| member.and_then(|own| own.get(key)));
        if let (Some(_), Some(several)) = (&self.key, member.and_then(Value::as_array)) {
            let keys: Vec<&str> = several.iter().filter_map(Value::as_str).collect();
            return if keys.is_empty() { Cell::None } else { Cell::Text(keys.join(";").into()) };
        }
        let value = self.part.map_or(member, |part| member.and_then(|member| member.get(part)));
        Cell::of(value, self.is_number)
    }

    /// What it is called in NDJSON, where records stand as the API writes them.
    pub fn path(&self) -> String {
        let member = self.key.as_ref().map_or_else(|| self.member.to_owned(), |key| kernel::custom::path(key));
        self.part.map_or_else(|| member.clone(), |part| format!("{member}.{part}"))
    }
}

/// The key of a field of the tenant's own, where the noun has such fields: of `custom.region`.
pub fn key<'a>(noun: &Catalogue, name: &'a str) -> Option<&'a str> {
    noun.custom.and_then(|_| kernel::custom::key(name))
}
