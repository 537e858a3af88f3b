//! The functions of the database that look after the sums: they are of all tenants, as the worker is.
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::Integer;
use platform::Conn;

diesel::define_sql_function! { fn fold_opportunity_sums(most: Integer) -> diesel::sql_types::BigInt; }
diesel::define_sql_function! { fn tidy_opportunity_sums() -> diesel::sql_types::BigInt; }

/// Folds at most so many changes; how many there were.
pub fn fold(conn: &mut Conn, most: i32) -> QueryResult<i64> {
    diesel::select(fold_opportunity_sums(most)).get_result(conn)
}

/// How many sums were of nothing any more.
pub fn tidy(conn: &mut Conn) -> QueryResult<i64> {
    diesel::select(tidy_opportunity_sums()).get_result(conn)
}
