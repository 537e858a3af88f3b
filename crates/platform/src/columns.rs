//! Columns of a table beyond the 32 that a table of diesel has: how they are written and asked for, and how a record that
//! has more is read.

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

/// `platform::in_two_parts!(Lead { Who { id, name } Standing { version } })`: a record that is read in two parts, each with the
/// columns that it names. Where one is left out, or named twice, it does not compile.
#[macro_export]
macro_rules! in_two_parts {
    ($whole:ident { $one:ident { $($of_one:ident),+ $(,)? } $two:ident { $($of_two:ident),+ $(,)? } }) => {
        impl diesel::expression::Selectable<diesel::pg::Pg> for $whole {
            type SelectExpression = (
                <$one as diesel::expression::Selectable<diesel::pg::Pg>>::SelectExpression,
                <$two as diesel::expression::Selectable<diesel::pg::Pg>>::SelectExpression,
            );

            fn construct_selection() -> Self::SelectExpression {
                (
                    <$one as diesel::expression::Selectable<diesel::pg::Pg>>::construct_selection(),
                    <$two as diesel::expression::Selectable<diesel::pg::Pg>>::construct_selection(),
                )
            }
        }

        impl<ST> diesel::deserialize::Queryable<ST, diesel::pg::Pg> for $whole
        where
            ($one, $two): diesel::deserialize::FromStaticSqlRow<ST, diesel::pg::Pg>,
        {
            type Row = ($one, $two);

            fn build((one, two): Self::Row) -> diesel::deserialize::Result<Self> {
                Ok(Self { $($of_one: one.$of_one,)+ $($of_two: two.$of_two,)+ })
            }
        }
    };
}
