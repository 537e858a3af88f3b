//! Columns of `accounts` beyond the 32 that a table of diesel has.
use super::{Tsvector, accounts};
use diesel::expression::{Expression, ValidGrouping, is_aggregate};
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::query_source::Column;
use diesel::sql_types::{Bool, Nullable, Uuid};
use diesel::{AppearsOnTable, QueryResult, SelectableExpression};

macro_rules! beside {
    ($($name:ident: $kind:ty),+) => { $(
        #[allow(non_camel_case_types)] // as diesel calls its columns
        #[derive(Clone, Copy, Debug, Default, QueryId)]
        pub struct $name;

        impl Expression for $name {
            type SqlType = $kind;
        }
        impl Column for $name {
            type Table = accounts::table;
            const NAME: &'static str = stringify!($name);
        }
        impl AppearsOnTable<accounts::table> for $name {}
        impl SelectableExpression<accounts::table> for $name {}
        impl ValidGrouping<()> for $name {
            type IsAggregate = is_aggregate::No;
        }
        impl QueryFragment<Pg> for $name {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
                out.push_sql("\"accounts\".");
                out.push_identifier(Self::NAME)
            }
        }
    )+ };
}
// what is searched is written and asked for, and in no record
beside!(search: Tsvector, person_id: Nullable<Uuid>, is_person: Bool);
