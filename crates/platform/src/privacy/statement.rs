//! SQL over whatever tables the registry holds. There are three pieces and no fourth: text of the program, names of the
//! program, and values that are bound.
use crate::Conn;
use crate::filter::{Part, Value as Filtered};
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::result::{Error, QueryResult};
use diesel::sql_types as sql;
use diesel::{QueryableByName, RunQueryDsl};
use serde_json::Value as Json;
use uuid::Uuid;

/// A value that is bound.
#[derive(Clone, Debug)]
pub enum Bind {
    Id(Uuid),
    Ids(Vec<Uuid>),
    Text(String),
    Texts(Vec<String>),
    Int(i64),
    At(DateTime<Utc>),
    Json(Json),
    Filter(Filtered),
}

/// A statement as it grows.
#[derive(Clone, Debug, Default)]
pub struct Statement {
    text: String,
    binds: Vec<Bind>,
}

impl Statement {
    pub fn new(text: &'static str) -> Self {
        Self { text: text.to_owned(), binds: Vec::new() }
    }

    pub fn sql(&mut self, text: &'static str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// A name of the program, quoted.
    pub fn name(&mut self, name: &'static str) -> &mut Self {
        self.text.push('"');
        self.text.push_str(name);
        self.text.push('"');
        self
    }

    /// A name of the program as a text of SQL.
    pub fn word(&mut self, name: &'static str) -> &mut Self {
        self.text.push('\'');
        self.text.push_str(name);
        self.text.push('\'');
        self
    }

    pub fn bind(&mut self, value: Bind) -> &mut Self {
        self.binds.push(value);
        self.text.push('$');
        self.text.push_str(&self.binds.len().to_string());
        self
    }

    pub fn id(&mut self, id: impl Into<Uuid>) -> &mut Self {
        self.bind(Bind::Id(id.into()))
    }

    pub fn ids<'a>(&mut self, ids: impl IntoIterator<Item = &'a Uuid>) -> &mut Self {
        self.bind(Bind::Ids(ids.into_iter().copied().collect()))
    }

    pub fn text(&mut self, text: impl Into<String>) -> &mut Self {
        self.bind(Bind::Text(text.into()))
    }

    pub fn int(&mut self, number: i64) -> &mut Self {
        self.bind(Bind::Int(number))
    }

    pub fn texts(&mut self, texts: &[String]) -> &mut Self {
        self.bind(Bind::Texts(texts.to_vec()))
    }

    /// A condition of the filter language.
    pub(crate) fn filter(&mut self, parts: Vec<Part>) -> &mut Self {
        for part in parts {
            match part {
                Part::Sql(text) => self.sql(text),
                Part::Name(name) => self.name(name),
                Part::Bind(value) => self.bind(Bind::Filter(value)),
            };
        }
        self
    }

    pub fn execute(self, conn: &mut Conn) -> QueryResult<usize> {
        self.ready()?.execute(conn)
    }

    pub fn load<R: QueryableByName<Pg> + 'static>(self, conn: &mut Conn) -> QueryResult<Vec<R>> {
        self.ready()?.load(conn)
    }

    /// The ids of a query whose only column is `id`.
    pub fn load_ids(self, conn: &mut Conn) -> QueryResult<Vec<Uuid>> {
        Ok(self.load::<Id>(conn)?.into_iter().map(|row| row.id).collect())
    }

    /// The number of a query whose only column is `n`.
    pub fn number(self, conn: &mut Conn) -> QueryResult<i64> {
        Ok(self.load::<Number>(conn)?.first().map_or(0, |row| row.n))
    }

    fn ready(self) -> QueryResult<BoxedSqlQuery<'static, Pg, SqlQuery>> {
        let text = self.text;
        let query = diesel::sql_query(text).into_boxed::<Pg>();
        self.binds.into_iter().try_fold(query, |query, bind| {
            Ok(match bind {
                Bind::Id(v) => query.bind::<sql::Uuid, _>(v),
                Bind::Ids(v) => query.bind::<sql::Array<sql::Uuid>, _>(v),
                Bind::Text(v) => query.bind::<sql::Text, _>(v),
                Bind::Texts(v) => query.bind::<sql::Array<sql::Text>, _>(v),
                Bind::Int(v) => query.bind::<sql::BigInt, _>(v),
                Bind::At(v) => query.bind::<sql::Timestamptz, _>(v),
                Bind::Json(v) => query.bind::<sql::Jsonb, _>(v),
                Bind::Filter(v) => return filtered(query, v),
            })
        })
    }
}

fn filtered(
    query: BoxedSqlQuery<'static, Pg, SqlQuery>,
    value: Filtered,
) -> QueryResult<BoxedSqlQuery<'static, Pg, SqlQuery>> {
    Ok(match value {
        Filtered::Text(v) => query.bind::<sql::Text, _>(v),
        Filtered::Texts(v) => query.bind::<sql::Array<sql::Text>, _>(v),
        Filtered::Int(v) => query.bind::<sql::BigInt, _>(v),
        Filtered::Ints(v) => query.bind::<sql::Array<sql::BigInt>, _>(v),
        Filtered::Decimal(v) => query.bind::<sql::Numeric, _>(v),
        Filtered::Decimals(v) => query.bind::<sql::Array<sql::Numeric>, _>(v),
        Filtered::Bool(v) => query.bind::<sql::Bool, _>(v),
        Filtered::Date(v) => query.bind::<sql::Date, _>(v),
        Filtered::Dates(v) => query.bind::<sql::Array<sql::Date>, _>(v),
        Filtered::Instant(v) => query.bind::<sql::Timestamptz, _>(v),
        Filtered::Instants(v) => query.bind::<sql::Array<sql::Timestamptz>, _>(v),
        Filtered::Id(v) => query.bind::<sql::Uuid, _>(v),
        Filtered::Ids(v) => query.bind::<sql::Array<sql::Uuid>, _>(v),
        _ => return Err(Error::QueryBuilderError("a value of the filter was not settled".into())),
    })
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = sql::Uuid)]
    id: Uuid,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = sql::BigInt)]
    n: i64,
}

/// A text of a row, where there is one.
#[derive(QueryableByName)]
pub struct Told {
    #[diesel(sql_type = sql::Nullable<sql::Text>)]
    pub text: Option<String>,
}

/// A row as JSON, with its id.
#[derive(QueryableByName)]
pub struct Row {
    #[diesel(sql_type = sql::Nullable<sql::Uuid>)]
    pub id: Option<Uuid>,
    #[diesel(sql_type = sql::Jsonb)]
    pub data: Json,
}
