//! Columns of `accounts` beyond the 32 that a table of diesel has.
use super::accounts;
use diesel::sql_types::{Bool, Nullable, Text, Uuid};
use platform::search::Tsvector;

// what is searched is written and asked for, and in no record
platform::beside!(accounts {
    search: Tsvector,
    phone_text: Nullable<Text>,
    person_id: Nullable<Uuid>,
    is_person: Bool
});
