//! Which rows an actor may see, and which they may do something with: one predicate, made here and nowhere else, that
//! stands in the `scope` of every room and beside every relation that a filter crosses.
//!
//! Seeing comes first: what may be done is done to what may be seen *and* is reached by the permission to do it. A row
//! is the actor's own where they or a queue that they serve own it. A share shows one row, and lets it be changed where
//! it says so, to whoever may see or change rows of its noun at all. For reach `all` the text is `TRUE`.
mod listed;
mod store;
pub(crate) mod veil;

pub(crate) use listed::listed;
pub use store::{Standing, among, ordinary, reached, seen, standing};

use crate::filter::{Clause, Listed, Part, Value};
use crate::privacy::restriction;
use diesel::sql_types::Bool;
use kernel::catalogue::{Catalogue, Owned};
use kernel::{Action, Ctx, Reach};
use uuid::Uuid;

/// Whether the actor sees all there is of a noun, by its name.
pub fn is_whole(ctx: &Ctx, noun: &str) -> bool {
    ctx.grants.reach(noun, Action::Read) == Reach::All && !veil::is_down_over(ctx, noun)
}

/// A condition on the rows of `T`.
pub type Visible<T> = Clause<T, Bool>;

/// The rows of `T` on which the actor may do `action`.
pub fn rows<T: Listed>(ctx: &Ctx, action: Action) -> Visible<T> {
    Clause::new(predicate(ctx, T::CATALOGUE, T::CATALOGUE.table, action))
}

/// The same for any noun that is owned by rows, where its row is called `row`.
pub(crate) fn predicate(ctx: &Ctx, catalogue: &Catalogue, row: &'static str, action: Action) -> Vec<Part> {
    let (seen, done) = (ctx.grants.reach(catalogue.noun, Action::Read), ctx.grants.reach(catalogue.noun, action));
    let Owned::Rows { owner, team } = catalogue.owned else {
        return shared(ctx, catalogue, row, action);
    };
    let mut rows = Rows { ctx, noun: catalogue.noun, row, owner, team, parts: Vec::new() };
    match action {
        _ if seen.min(done) == Reach::None => rows.sql("FALSE"),
        Action::Read => rows.within(seen, Some(Access::Any)),
        _ => {
            if seen < done {
                rows.within(seen, Some(Access::Any));
                rows.sql(" AND ");
            }
            rows.within(done, (action == Action::Update).then_some(Access::Update));
        }
    }
    if restriction::out_of_reach(ctx, catalogue.noun, action) {
        rows.unrestricted();
    }
    rows.parts.extend(veil::beside(ctx, catalogue, row));
    rows.parts
}

/// Of what belongs to nobody: all of it, or nothing.
fn shared(ctx: &Ctx, catalogue: &Catalogue, row: &'static str, action: Action) -> Vec<Part> {
    let reach = ctx.grants.reach(catalogue.noun, Action::Read).min(ctx.grants.reach(catalogue.noun, action));
    let mut rows = Rows { ctx, noun: catalogue.noun, row, owner: "", team: "", parts: Vec::new() };
    let open = matches!(catalogue.owned, Owned::Shared) && reach > Reach::None;
    rows.sql(if open { "TRUE" } else { "FALSE" });
    if open && action == Action::Export && restriction::out_of_reach(ctx, catalogue.noun, action) {
        rows.unrestricted();
    }
    rows.parts
}

/// What a share has to allow.
#[derive(Clone, Copy, PartialEq)]
enum Access {
    Any,
    Update,
}

struct Rows<'a> {
    ctx: &'a Ctx,
    noun: &'static str,
    row: &'static str,
    owner: &'static str,
    team: &'static str,
    parts: Vec<Part>,
}

impl Rows<'_> {
    /// As far as `reach`, and what is shared beyond that.
    fn within(&mut self, reach: Reach, shared: Option<Access>) {
        let teams = match reach {
            Reach::None => return self.sql("FALSE"),
            Reach::All => return self.sql("TRUE"),
            Reach::Own => None,
            Reach::Team => Some(self.ctx.grants.teams()),
            Reach::Subtree => Some(self.ctx.grants.subtree()),
        };
        self.sql("(");
        self.any_of(self.row, self.owner, owners(self.ctx));
        if let Some(teams) = teams {
            self.sql(" OR ");
            self.any_of(self.row, self.team, teams.iter().map(|team| team.0).collect());
        }
        if let Some(access) = shared {
            self.sql(" OR ");
            self.shared(access);
        }
        self.sql(")");
    }

    /// Said twice, for PostgreSQL to choose by how many rows there are to look at: the first half asks of a row that is
    /// there, with one look into an index; the second gives the rows to begin with, and is asked of no row that the
    /// first refused. It goes through them one by one, so of many it is left out.
    fn shared(&mut self, access: Access) {
        let begins = !self.ctx.grants.has_many_shares();
        self.sql(if begins { "(EXISTS (SELECT 1" } else { "EXISTS (SELECT 1" });
        self.given(access);
        self.sql(" AND ");
        self.column("s", "record_id");
        self.sql(" = ");
        self.column(self.row, "id");
        self.sql(")");
        if begins {
            self.begun(access);
        }
    }

    /// The second half: what is shared, to begin with.
    fn begun(&mut self, access: Access) {
        self.sql(" AND ");
        self.column(self.row, "id");
        self.sql(" = ANY (ARRAY(SELECT ");
        self.column("s", "record_id");
        self.given(access);
        self.sql(")))");
    }

    /// ` FROM shares AS s WHERE …`: with the actor, of this noun, and not run out.
    fn given(&mut self, access: Access) {
        self.sql(" FROM ");
        self.parts.push(Part::Name("shares"));
        self.sql(" AS ");
        self.parts.push(Part::Name("s"));
        self.sql(" WHERE ");
        self.column("s", "tenant_id");
        self.sql(" = ");
        self.bind(Value::Id(self.ctx.tenant.into()));
        self.sql(" AND ");
        self.any_of("s", "grantee_id", grantees(self.ctx));
        self.sql(" AND ");
        self.column("s", "resource");
        self.sql(" = ");
        self.bind(Value::Text(self.noun.to_owned()));
        self.sql(" AND ");
        self.column("s", "deleted_at");
        self.sql(" IS NULL AND (");
        self.column("s", "expires_at");
        self.sql(" IS NULL OR ");
        self.column("s", "expires_at");
        self.sql(" > ");
        self.bind(Value::Instant(self.ctx.now));
        self.sql(")");
        if access == Access::Update {
            self.sql(" AND ");
            self.column("s", "access");
            self.sql(" = 'update'");
        }
    }

    /// Whose processing is restricted, nothing is done with.
    fn unrestricted(&mut self) {
        self.sql(" AND NOT EXISTS (SELECT 1 FROM restrictions AS x WHERE x.tenant_id = ");
        self.bind(Value::Id(self.ctx.tenant.into()));
        self.sql(" AND x.record_id = ");
        self.column(self.row, "id");
        self.sql(")");
    }

    fn any_of(&mut self, row: &'static str, column: &'static str, ids: Vec<Uuid>) {
        self.column(row, column);
        self.sql(" = ANY (");
        self.bind(Value::Ids(ids));
        self.sql(")");
    }

    fn column(&mut self, row: &'static str, name: &'static str) {
        self.parts.extend([Part::Name(row), Part::Sql("."), Part::Name(name)]);
    }

    fn sql(&mut self, text: &'static str) {
        self.parts.push(Part::Sql(text));
    }

    fn bind(&mut self, value: Value) {
        self.parts.push(Part::Bind(value));
    }
}

/// Whose records are the actor's own.
fn owners(ctx: &Ctx) -> Vec<Uuid> {
    std::iter::once(ctx.actor.user).chain(ctx.grants.queues().iter().copied()).map(Uuid::from).collect()
}

/// With whom something is shared that is shared with the actor: themselves, their queues, their teams. A team stands
/// for those in it, as the list of its members shows them: not for teams below, which may come to stand there later,
/// nor for those above.
pub fn grantees(ctx: &Ctx) -> Vec<Uuid> {
    owners(ctx).into_iter().chain(ctx.grants.teams().iter().copied().map(Uuid::from)).collect()
}
