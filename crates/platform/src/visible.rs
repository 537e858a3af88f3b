//! The visibility of rows as a SQL predicate of one static type whose text depends on how far a permission reaches.
//! One type, so that `scope` serves SELECT, FOR UPDATE, UPDATE and DELETE alike; the exact text, so that plans stay
//! good. Seeing comes first: what may be changed is what may be seen *and* what the permission to change reaches.
use crate::privacy::restriction;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::{Array, Bool, Uuid as SqlUuid};
use kernel::{Action, Ctx, Noun, Reach, TeamId, TenantId, UserId};

#[derive(Clone, Debug)]
pub struct Visible<Owner, Team> {
    owner: Owner,
    team: Team,
    actor: UserId,
    reach: Reach,
    teams: Vec<TeamId>,
    /// the table whose restricted rows are out of reach, and the tenant
    unrestricted: Option<(&'static str, TenantId)>,
}

impl<Owner, Team> Visible<Owner, Team> {
    /// The rows of `N` on which the actor may do `action`.
    pub fn new<N: Noun>(owner: Owner, team: Team, ctx: &Ctx, action: Action) -> Self {
        let reach = ctx.reach::<N>(Action::Read).min(ctx.reach::<N>(action));
        let teams = match reach {
            Reach::Team => ctx.grants.teams().to_vec(),
            Reach::Subtree => ctx.grants.subtree().to_vec(),
            Reach::None | Reach::Own | Reach::All => Vec::new(),
        };
        let unrestricted = restriction::out_of_reach(ctx, N::NAME, action).map(|table| (table, ctx.tenant));
        Self { owner, team, actor: ctx.actor.user, reach, teams, unrestricted }
    }
}

impl<Owner, Team> Expression for Visible<Owner, Team> {
    type SqlType = Bool;
}
impl<Owner, Team, Table> AppearsOnTable<Table> for Visible<Owner, Team> {}
impl<Owner, Team, Table> SelectableExpression<Table> for Visible<Owner, Team> {}
impl<Owner, Team> ValidGrouping<()> for Visible<Owner, Team> {
    type IsAggregate = is_aggregate::No;
}
impl<Owner, Team> QueryId for Visible<Owner, Team> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false; // the text varies: cached by text
}

impl<Owner: QueryFragment<Pg>, Team: QueryFragment<Pg>> QueryFragment<Pg> for Visible<Owner, Team> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        match self.reach {
            Reach::All => out.push_sql("TRUE"),
            Reach::None => out.push_sql("FALSE"),
            Reach::Own => self.owned(out.reborrow())?,
            Reach::Team | Reach::Subtree => {
                out.push_sql("(");
                self.owned(out.reborrow())?;
                out.push_sql(" OR ");
                self.team.walk_ast(out.reborrow())?;
                out.push_sql(" = ANY (");
                out.push_bind_param::<Array<SqlUuid>, _>(&self.teams)?;
                out.push_sql("))");
            }
        }
        if let Some((table, tenant)) = &self.unrestricted {
            out.push_sql(" AND NOT EXISTS (SELECT 1 FROM restrictions WHERE restrictions.tenant_id = ");
            out.push_bind_param::<SqlUuid, _>(tenant)?;
            out.push_sql(" AND restrictions.record_id = ");
            out.push_identifier(table)?;
            out.push_sql(".id)");
        }
        Ok(())
    }
}

impl<Owner: QueryFragment<Pg>, Team> Visible<Owner, Team> {
    fn owned<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.owner.walk_ast(out.reborrow())?;
        out.push_sql(" = ");
        out.push_bind_param::<SqlUuid, _>(&self.actor)
    }
}
