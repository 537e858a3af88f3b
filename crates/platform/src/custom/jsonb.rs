//! Values that a column of `jsonb` keeps.

/// A type that is kept as JSON.
#[macro_export]
macro_rules! jsonb {
    ($name:ident($inner:ty), $doc:literal) => {
        #[doc = $doc]
        #[derive(
            Clone,
            Debug,
            Default,
            PartialEq,
            serde::Serialize,
            serde::Deserialize,
            diesel::expression::AsExpression,
            diesel::deserialize::FromSqlRow,
        )]
        #[serde(transparent)]
        #[diesel(sql_type = diesel::sql_types::Jsonb)]
        pub struct $name(pub $inner);

        impl diesel::serialize::ToSql<diesel::sql_types::Jsonb, diesel::pg::Pg> for $name {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>,
            ) -> diesel::serialize::Result {
                let value = serde_json::to_value(self)?;
                diesel::serialize::ToSql::<diesel::sql_types::Jsonb, diesel::pg::Pg>::to_sql(
                    &value,
                    &mut out.reborrow(),
                )
            }
        }
        impl diesel::deserialize::FromSql<diesel::sql_types::Jsonb, diesel::pg::Pg> for $name {
            fn from_sql(value: diesel::pg::PgValue<'_>) -> diesel::deserialize::Result<Self> {
                let value = diesel::deserialize::FromSql::<diesel::sql_types::Jsonb, diesel::pg::Pg>::from_sql(value)?;
                Ok(serde_json::from_value(value)?)
            }
        }
    };
}
pub(super) use jsonb;
