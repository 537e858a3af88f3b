//! Columns of a table beyond the 32 that a table of diesel has: they are written and asked for by these names.

/// `platform::beside!(leads { pool_id: Nullable<Uuid>, is_masked: Bool })`, in a module of its own beside the `table!`.
#[macro_export]
macro_rules! beside {
    ($table:ident { $($name:ident: $kind:ty),+ $(,)? }) => { $(
        #[allow(non_camel_case_types)] // as diesel calls its columns
        #[derive(Clone, Copy, Debug, Default, diesel::query_builder::QueryId)]
        pub struct $name;

        impl diesel::expression::Expression for $name {
            type SqlType = $kind;
        }
        impl diesel::query_source::Column for $name {
            type Table = $table::table;
            const NAME: &'static str = stringify!($name);
        }
        impl<Rows> diesel::AppearsOnTable<Rows> for $name where
            Rows: diesel::query_source::AppearsInFromClause<
                    $table::table,
                    Count = diesel::query_source::Once,
                >
        {
        }
        impl<Rows> diesel::SelectableExpression<Rows> for $name where Self: diesel::AppearsOnTable<Rows> {}
        impl diesel::expression::ValidGrouping<()> for $name {
            type IsAggregate = diesel::expression::is_aggregate::No;
        }
        impl diesel::query_builder::QueryFragment<diesel::pg::Pg> for $name {
            fn walk_ast<'b>(
                &'b self,
                mut out: diesel::query_builder::AstPass<'_, 'b, diesel::pg::Pg>,
            ) -> diesel::QueryResult<()> {
                out.push_sql(concat!("\"", stringify!($table), "\"."));
                out.push_identifier(<Self as diesel::query_source::Column>::NAME)
            }
        }
    )+ };
}
