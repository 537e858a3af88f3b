//! Which rows an actor may see, and which they may do something with: one predicate, made here and nowhere else, that
//! stands in the `scope` of every room and beside every relation that a filter crosses.
//!
//! Seeing comes first: what may be done is done to what may be seen *and* is reached by the permission to do it. A row
//! is the actor's own where they or a queue that they serve own it. A share shows one row, and lets it be changed where
//! it says so, to whoever may see or change rows of its noun at all. For reach `all` the text is `TRUE`.
mod listed;
mod pieces;
mod store;
pub(crate) mod veil;

pub(crate) use listed::listed;
pub use store::{Standing, among, ordinary, reached, seen, standing};

use crate::filter::{Clause, Listed, Part};
use crate::privacy::restriction;
use diesel::sql_types::Bool;
use kernel::catalogue::{Catalogue, Owned};
use kernel::{Action, Ctx, Reach};
use pieces::{Access, Rows};
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

/// By what an actor sees a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// whatever shows it
    Anything,
    /// whose it is, or the team that it belongs to
    Holder,
    /// a share and nothing else
    Share,
}

/// Of the rows of `T` that the actor may read, those that they see by that: a condition that stands beside [`rows`]. Of
/// rows that each stand for all of one owner in one team, `By::Holder` says by itself which are seen.
pub fn by<T: Listed>(ctx: &Ctx, by: By) -> Visible<T> {
    let noun = T::CATALOGUE;
    let Owned::Rows { owner, team } = noun.owned else { return Clause::new(vec![Part::Sql("FALSE")]) };
    let reach = ctx.grants.reach(noun.noun, Action::Read);
    let mut rows = Rows { ctx, noun: noun.noun, row: noun.table, owner, team, parts: Vec::new() };
    match by {
        By::Anything => rows.sql("TRUE"),
        By::Holder => rows.within(reach, None),
        By::Share => rows.lent(reach),
    }
    rows.parts.extend(veil::beside(ctx, noun, noun.table));
    Clause::new(rows.parts)
}

/// The same as [`rows`] for any noun that is owned by rows, where its row is called `row`.
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
