//! How one record stands to an actor: whose it is, and what the actor may do with it. For what is done with records of
//! any noun alike: sharing them, and explaining who may do what.
use super::predicate;
use crate::Conn;
use crate::filter::{Clause, Part, Question, Value};
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::{Array, Bool, Nullable, Uuid as SqlUuid};
use kernel::catalogue::{Catalogue, Catalogues, Owned};
use kernel::{Action, Ctx, Error, Reach, Result, TeamId, UserId, error, text};
use uuid::Uuid;

/// A living record of any noun that is owned by rows.
#[derive(Clone, Debug, Queryable)]
pub struct Standing {
    pub owner: UserId,
    pub team: Option<TeamId>,
    /// for each action that was asked about, whether the actor may do it
    pub may: Vec<bool>,
}

/// How a record stands to an actor, whether or not they may see it.
pub fn standing(
    conn: &mut Conn,
    ctx: &Ctx,
    catalogue: &'static Catalogue,
    id: Uuid,
    actions: &[Action],
) -> QueryResult<Option<Standing>> {
    let Owned::Rows { owner, team } = catalogue.owned else { return Ok(None) };
    let column = |name: &'static str| [Part::Name("r"), Part::Sql("."), Part::Name(name)];
    let mut parts = vec![Part::Sql("SELECT ")];
    parts.extend(column(owner));
    parts.push(Part::Sql(", "));
    parts.extend(column(team));
    parts.push(Part::Sql(", "));
    parts.extend(answers(ctx, catalogue, id, actions));
    Asked(Clause::new(parts)).get_result(conn).optional()
}

/// Whether the actor may take these actions on a record that they see; the first of them is to read it. Of a noun that
/// belongs to nobody too.
pub fn reached(
    conn: &mut Conn,
    ctx: &Ctx,
    noun: &'static Catalogue,
    record: Uuid,
    actions: &[Action],
) -> Result<Vec<bool>> {
    if let Some(action) = actions.iter().find(|action| ctx.grants.reach(noun.noun, **action) == Reach::None) {
        return Err(Error::from(error::FORBIDDEN)
            .detail(text!("needs {permissions}", permissions = format!("{}:{}", noun.noun, action.name()))));
    }
    let asked = Question::<Array<Bool>>::new(answers(ctx, noun, record, actions));
    let may: Option<Vec<bool>> = asked.get_result(conn).optional()?;
    may.filter(|may| may.first() == Some(&true)).ok_or_else(|| error::NOT_FOUND.into())
}

/// Whether the actor sees a record: to somebody who may read none of the noun it is not there either.
pub fn seen(conn: &mut Conn, ctx: &Ctx, noun: &'static Catalogue, record: Uuid) -> Result<()> {
    match reached(conn, ctx, noun, record, &[Action::Read]) {
        Err(error) if error.code == error::FORBIDDEN => Err(error::NOT_FOUND.into()),
        seen => seen.map(drop),
    }
}

/// What belongs to nobody and is looked after one by one all the same.
const SHARED: [&str; 1] = ["product"];

/// The noun, if its records are ordinary ones, which files, tags, activities and tasks may go with: what is owned one by
/// one and can be archived, and what is listed here.
pub fn ordinary(all: &Catalogues, name: &str) -> Option<&'static Catalogue> {
    all.get(name).filter(|noun| {
        let is_owned = matches!(noun.owned, Owned::Rows { .. }) && noun.field("deleted_at").is_some();
        is_owned || SHARED.contains(&noun.noun)
    })
}

/// The living records among these on which the actor may do `action`, each with its team.
pub fn among(
    conn: &mut Conn,
    ctx: &Ctx,
    noun: &'static Catalogue,
    ids: &[Uuid],
    action: Action,
) -> QueryResult<Vec<(Uuid, Option<TeamId>)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let column = |name: &'static str| [Part::Name("r"), Part::Sql("."), Part::Name(name)];
    let mut parts = Vec::from(column("id"));
    parts.push(Part::Sql(", "));
    match noun.owned {
        Owned::Rows { team, .. } => parts.extend(column(team)),
        Owned::Shared | Owned::Part { .. } => parts.push(Part::Sql("NULL::uuid")),
    }
    parts.extend([Part::Sql(" FROM "), Part::Name(noun.table), Part::Sql(" AS "), Part::Name("r")]);
    parts.push(Part::Sql(" WHERE "));
    parts.extend(column("tenant_id"));
    parts.extend([Part::Sql(" = "), Part::Bind(Value::Id(ctx.tenant.into())), Part::Sql(" AND ")]);
    parts.extend(column("id"));
    parts.extend([Part::Sql(" = ANY ("), Part::Bind(Value::Ids(ids.to_vec())), Part::Sql(") AND ")]);
    if noun.field("deleted_at").is_some() {
        parts.extend(column("deleted_at"));
        parts.push(Part::Sql(" IS NULL AND "));
    }
    parts.push(Part::Sql("("));
    parts.extend(predicate(ctx, noun, "r", action));
    parts.push(Part::Sql(")"));
    Question::<(SqlUuid, Nullable<SqlUuid>)>::new(parts).load(conn)
}

/// `ARRAY[…] FROM … WHERE …`: of a living record, for each action whether the actor may take it.
fn answers(ctx: &Ctx, catalogue: &'static Catalogue, id: Uuid, actions: &[Action]) -> Vec<Part> {
    let column = |name: &'static str| [Part::Name("r"), Part::Sql("."), Part::Name(name)];
    let mut parts = vec![Part::Sql("ARRAY[")];
    for (at, action) in actions.iter().enumerate() {
        parts.push(Part::Sql(if at > 0 { ", (" } else { "(" }));
        parts.extend(predicate(ctx, catalogue, "r", *action));
        parts.push(Part::Sql(") IS TRUE")); // a record may be of no team
    }
    parts.extend([Part::Sql("] FROM "), Part::Name(catalogue.table), Part::Sql(" AS "), Part::Name("r")]);
    for (name, value) in [("tenant_id", ctx.tenant.into()), ("id", id)] {
        parts.push(Part::Sql(if name == "id" { " AND " } else { " WHERE " }));
        parts.extend(column(name));
        parts.extend([Part::Sql(" = "), Part::Bind(Value::Id(value))]);
    }
    if catalogue.field("deleted_at").is_some() {
        parts.push(Part::Sql(" AND "));
        parts.extend(column("deleted_at"));
        parts.push(Part::Sql(" IS NULL"));
    }
    parts
}

/// A whole query of pieces.
struct Asked(Clause<(), Bool>);

impl Query for Asked {
    type SqlType = (SqlUuid, Nullable<SqlUuid>, Array<Bool>);
}
impl RunQueryDsl<PgConnection> for Asked {}
impl QueryId for Asked {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false; // cached by its text
}
impl QueryFragment<Pg> for Asked {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }
}
