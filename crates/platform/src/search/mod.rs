//! Search in plain PostgreSQL: a record's words as a `tsvector` under one GIN index, `?q=` as a `tsquery`.
//!
//! Latin words match by prefix; Chinese, Japanese and Korean text by pairs of characters, so that two characters are
//! found mid-string; phone numbers by their start, national part or last digits. Where nothing matches, words are
//! forgiven one typing error: each name is also indexed with every letter left out once, and so is the asked word
//! (the "symmetric delete" method), which needs no second index and no scan.
//! The vector is written with the record, so a search finds what was written a moment ago.
mod query;
mod words;

pub use query::Query;
pub use words::Words;

/// The SQL type of the column.
#[derive(Debug, Clone, Copy, diesel::sql_types::SqlType, diesel::query_builder::QueryId)]
#[diesel(postgres_type(name = "tsvector"))]
pub struct Tsvector;

diesel::define_sql_function! {
    /// The lexemes as they are: they were made here, by no dictionary.
    fn array_to_tsvector(lexemes: diesel::sql_types::Array<diesel::sql_types::Text>) -> Tsvector;
}
