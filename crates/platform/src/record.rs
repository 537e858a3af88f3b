//! A change and its row of the trail, which is its event, in one statement: `WITH changed AS (INSERT … RETURNING …), …`.
//! What is written is atomic without a transaction, and costs one round trip.
use crate::custom::Rules;
use crate::shapes;
use chrono::{DateTime, Utc};
use diesel::RunQueryDsl;
use diesel::pg::{Pg, PgConnection, PgQueryBuilder};
use diesel::query_builder::{AstPass, Query, QueryBuilder, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::{Nullable, Text, Timestamptz, Uuid as SqlUuid};
use kernel::event::Verb;
use kernel::{ApiKeyId, Ctx, EventId, Noun, RequestId, SessionId, TenantId, UserId};

/// Wraps an INSERT, UPDATE or DELETE of **one** row that returns at least `id` and `version`.
pub trait Record: Sized {
    fn recorded<N: Noun>(self, ctx: &Ctx, verb: Verb) -> Recorded<Self> {
        self.recorded_with::<N, Nothing>(ctx, verb, Nothing)
    }

    /// The same of what follows another record: nobody has said anything of this one, and its rules are not asked.
    fn following<N: Noun>(self, ctx: &Ctx, verb: Verb) -> Recorded<Self> {
        Recorded { rules: Rules(None), ..self.recorded::<N>(ctx, verb) }
    }

    /// The same, with a further statement beside the change: a CTE that may read `changed`.
    fn recorded_with<N: Noun, A: QueryFragment<Pg>>(self, ctx: &Ctx, verb: Verb, aside: A) -> Recorded<Self, A> {
        let rules = Rules::of(ctx, N::NAME, verb);
        Recorded { change: self, aside, id: EventId::new(), told: Told::new(ctx, N::NAME, verb), rules }
    }
}
impl<Q: Query> Record for Q {}

/// No statement beside the change.
#[derive(Debug)]
pub struct Nothing;

impl QueryFragment<Pg> for Nothing {
    fn walk_ast<'b>(&'b self, _: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        Ok(())
    }
}

#[derive(Debug)]
pub struct Recorded<Q, A = Nothing> {
    change: Q,
    aside: A,
    id: EventId,
    told: Told,
    rules: Rules,
}

impl<Q: Query, A> Query for Recorded<Q, A> {
    type SqlType = Q::SqlType;
}
impl<Q, A> RunQueryDsl<PgConnection> for Recorded<Q, A> {}
impl<Q, A> QueryId for Recorded<Q, A> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false; // cached by its text
}

impl<Q: QueryFragment<Pg>, A: QueryFragment<Pg>> QueryFragment<Pg> for Recorded<Q, A> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("WITH changed AS (");
        self.change.walk_ast(out.reborrow())?;
        out.push_sql(")");
        self.aside.walk_ast(out.reborrow())?;
        out.push_sql(EVENT);
        out.push_bind_param::<SqlUuid, _>(&self.id)?;
        self.told.columns(out.reborrow())?;
        out.push_sql(" FROM changed");
        out.push_sql(") SELECT * FROM changed");
        self.rules.0.iter().try_for_each(|rules| rules.walk_ast(out.reborrow()))
    }

    /// diesel never caches an UPDATE, for fear of the number of its variants: here the number is bounded.
    fn is_safe_to_cache_prepared(&self, backend: &Pg) -> QueryResult<bool> {
        // rules are a tenant's: there is no room for all of them
        if self.rules.0.is_some() {
            return Ok(false);
        }
        let mut text = PgQueryBuilder::default();
        self.to_sql(&mut text, backend)?;
        Ok(shapes::admit(&text.finish()))
    }
}

/// The row of the trail that stands beside a change: after it comes its id, then what [`Told::columns`] says.
pub(crate) const EVENT: &str = ", event AS (INSERT INTO audit_log (object_id, version, data, id, tenant_id, action, \
     actor_id, request_id, occurred_at, api_key_id, session_id, address, noun) SELECT changed.id, changed.version, \
     to_jsonb(changed), ";

/// What is told of a change beyond the record: what it was, who it was, from where.
#[derive(Debug)]
pub(crate) struct Told {
    noun: &'static str,
    name: String,
    tenant: TenantId,
    actor: UserId,
    key: Option<ApiKeyId>,
    request: RequestId,
    session: Option<SessionId>,
    address: Option<String>,
    now: DateTime<Utc>,
}

impl Told {
    pub(crate) fn new(ctx: &Ctx, noun: &'static str, verb: Verb) -> Self {
        Self {
            noun,
            name: format!("{noun}.{}", verb.name()),
            tenant: ctx.tenant,
            actor: ctx.actor.user,
            key: ctx.actor.key,
            request: ctx.request,
            session: ctx.origin.session,
            address: ctx.origin.address.map(|address| address.to_string()),
            now: ctx.now,
        }
    }

    /// The columns that come after the id. A noun is a word of the program.
    pub(crate) fn columns<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(", ");
        out.push_bind_param::<SqlUuid, _>(&self.tenant)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(&self.name)?;
        out.push_sql(", ");
        out.push_bind_param::<SqlUuid, _>(&self.actor)?;
        out.push_sql(", ");
        out.push_bind_param::<SqlUuid, _>(&self.request)?;
        out.push_sql(", ");
        out.push_bind_param::<Timestamptz, _>(&self.now)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<SqlUuid>, _>(&self.key)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<SqlUuid>, _>(&self.session)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<Text>, _>(&self.address)?;
        out.push_sql(", '");
        out.push_sql(self.noun);
        out.push_sql("'");
        Ok(())
    }
}
