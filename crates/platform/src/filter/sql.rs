//! Pieces of SQL as a diesel expression over the rows of one table.
//!
//! There are three pieces and no fourth: text of the program, names of the program, and values that are bound.
use super::Listed;
use super::tree::Value;
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, TypedExpressionType, ValidGrouping, is_aggregate,
};
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::query_source::{AppearsInFromClause, Once, QuerySource};
use diesel::result::{Error, QueryResult};
use diesel::sql_types::{self as sql, SingleValue, SqlType};
use std::marker::PhantomData;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Part {
    Sql(&'static str),
    Name(&'static str),
    Bind(Value),
}

/// An expression of SQL type `ST` over a row of `T`.
#[derive(Clone, Debug)]
pub struct Clause<T, ST> {
    parts: Vec<Part>,
    cached: bool,
    row: PhantomData<fn() -> (T, ST)>,
}

/// A condition on the rows of `T`, ready for `.filter(…)`.
pub type Where<T> = Clause<T, sql::Nullable<sql::Bool>>;

impl<T, ST> Clause<T, ST> {
    pub(crate) fn new(parts: Vec<Part>) -> Self {
        Self { parts, cached: true, row: PhantomData }
    }

    pub(crate) fn into_parts(self) -> Vec<Part> {
        self.parts
    }

    /// diesel's cache of prepared statements has no bound: a shape that a caller invents must stay out of it.
    #[must_use]
    pub fn uncached(self) -> Self {
        Self { cached: false, ..self }
    }
}

impl<T: 'static, ST: 'static> QueryFragment<Pg> for Clause<T, ST> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        if !self.cached {
            out.unsafe_to_cache_prepared();
        }
        walk(&self.parts, &mut out)
    }
}

fn walk<'b>(parts: &'b [Part], out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
    parts.iter().try_for_each(|part| match part {
        Part::Sql(text) => {
            out.push_sql(text);
            Ok(())
        }
        Part::Name(name) => out.push_identifier(name),
        Part::Bind(value) => push(out, value),
    })
}

fn push<'b>(out: &mut AstPass<'_, 'b, Pg>, value: &'b Value) -> QueryResult<()> {
    match value {
        Value::Text(v) => out.push_bind_param::<sql::Text, _>(v),
        Value::Texts(v) => out.push_bind_param::<sql::Array<sql::Text>, _>(v),
        Value::Int(v) => out.push_bind_param::<sql::BigInt, _>(v),
        Value::Ints(v) => out.push_bind_param::<sql::Array<sql::BigInt>, _>(v),
        Value::Decimal(v) => out.push_bind_param::<sql::Numeric, _>(v),
        Value::Decimals(v) => out.push_bind_param::<sql::Array<sql::Numeric>, _>(v),
        Value::Bool(v) => out.push_bind_param::<sql::Bool, _>(v),
        Value::Date(v) => out.push_bind_param::<sql::Date, _>(v),
        Value::Dates(v) => out.push_bind_param::<sql::Array<sql::Date>, _>(v),
        Value::Instant(v) => out.push_bind_param::<sql::Timestamptz, _>(v),
        Value::Instants(v) => out.push_bind_param::<sql::Array<sql::Timestamptz>, _>(v),
        Value::Id(v) => out.push_bind_param::<sql::Uuid, _>(v),
        Value::Ids(v) => out.push_bind_param::<sql::Array<sql::Uuid>, _>(v),
        Value::FromNow(_) | Value::DayFromNow(_) | Value::FromToday(..) | Value::FromMidnight(..) | Value::Me => {
            Err(Error::QueryBuilderError("a value of the filter was not settled".into()))
        }
    }
}

/// A question that is asked by itself, of no table: what stands behind `SELECT`.
#[derive(Clone, Debug)]
pub(crate) struct Question<ST = sql::Bool> {
    parts: Vec<Part>,
    cached: bool,
    answer: PhantomData<fn() -> ST>,
}

impl<ST> Question<ST> {
    pub fn new(parts: Vec<Part>) -> Self {
        Self { parts, cached: true, answer: PhantomData }
    }

    /// As of a [`Clause`].
    #[must_use]
    pub fn uncached(self) -> Self {
        Self { cached: false, ..self }
    }
}
impl<ST: 'static> diesel::query_builder::Query for Question<ST> {
    type SqlType = ST;
}
impl<ST> diesel::RunQueryDsl<diesel::PgConnection> for Question<ST> {}
impl<ST: 'static> QueryId for Question<ST> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
impl<ST> QueryFragment<Pg> for Question<ST> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        if !self.cached {
            out.unsafe_to_cache_prepared();
        }
        out.push_sql("SELECT ");
        walk(&self.parts, &mut out)
    }
}

/// The shape is known only at run time: diesel caches by the text.
impl<T: 'static, ST: 'static> QueryId for Clause<T, ST> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<T, ST: SqlType + SingleValue + TypedExpressionType> Expression for Clause<T, ST> {
    type SqlType = ST;
}

impl<T, ST, Rows> AppearsOnTable<Rows> for Clause<T, ST>
where
    T: Listed + QuerySource,
    Self: Expression,
    Rows: AppearsInFromClause<T, Count = Once>,
{
}

impl<T, ST, Rows> SelectableExpression<Rows> for Clause<T, ST> where Self: AppearsOnTable<Rows> {}

impl<T, ST, Group> ValidGrouping<Group> for Clause<T, ST> {
    type IsAggregate = is_aggregate::Never;
}
