//! Records as columns.
use super::Columns;
use kernel::catalogue::{Catalogue, Kind};
use serde_json::{Map, Value};

/// The columns of a noun, each once.
pub fn columns(noun: &'static Catalogue) -> Vec<&'static str> {
    let mut columns: Vec<&'static str> = Vec::new();
    for field in noun.fields {
        let currency = if let Kind::Money { currency } = field.kind { Some(currency) } else { None };
        for column in [Some(field.column), currency].into_iter().flatten() {
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
    }
    columns.extend(noun.custom);
    columns
}

/// Fields as the API writes them, by column: money is two. What the noun does not know is left out.
pub fn to_columns(noun: &'static Catalogue, fields: &Map<String, Value>) -> Columns {
    let mut columns = Columns::new();
    for field in noun.fields {
        let Some(value) = fields.get(field.name) else { continue };
        match field.kind {
            Kind::Money { currency } => {
                let part = |name: &str| value.get(name).cloned().unwrap_or_default();
                columns.insert(field.column.to_owned(), part("amount"));
                columns.entry(currency).or_insert_with(|| part("currency"));
            }
            _ => drop(columns.insert(field.column.to_owned(), value.clone())),
        }
    }
    if let Some((column, value)) = noun.custom.and_then(|column| Some((column, fields.get(column)?))) {
        columns.insert(column.to_owned(), value.clone());
    }
    columns
}
