//! What counts in a period, part by part: out of what is kept ([`crate::opportunity::sums`]), where that says it, else
//! out of all opportunities.
//!
//! What is kept is of months in UTC, for a tenant's clock may change: what was closed in a month of the tenant's and in
//! another one in UTC, within hours of its beginning or its end, is looked at.
use super::figures::Figures;
use super::period::Span;
use super::store::{self, Kept, Sum, Within};
use super::{Group, GroupBy, aims};
use crate::opportunity::sums;
use kernel::{Ctx, Result, TeamId, UserId};
use platform::Conn;
use platform::visible::By;

/// Opportunities of one owner, team or category, as far as somebody asks for that.
pub struct Part {
    owner_id: UserId,
    team_id: Option<TeamId>,
    category: String,
    pub figures: Figures,
}

/// Of the opportunities that the actor sees, in this currency.
pub fn of(conn: &mut Conn, ctx: &Ctx, period: Span, group_by: GroupBy, currency: &str) -> Result<Vec<Part>> {
    let whole = Within { expected: (period.first, period.end), closed: period.moments() };
    let looked = move |sums: Vec<Sum>| sums.into_iter().map(move |sum| looked_at(sum, currency));
    if !sums::tell(ctx) {
        return Ok(looked(store::sums(conn, ctx, whole, By::Anything)?).collect());
    }
    let level = level(ctx, group_by);
    let told = move |kept: Kept| kept_of(kept, currency);
    let edges = period.edges();
    if sums::is_whole(ctx) && edges.is_empty() {
        return Ok(store::kept(conn, ctx, period, level)?.into_iter().map(told).collect());
    }
    sums::at_once(conn, |conn| {
        let mut parts: Vec<Part> = store::kept(conn, ctx, period, level)?.into_iter().map(told).collect();
        if !sums::is_whole(ctx) {
            parts.extend(looked(store::sums(conn, ctx, whole, By::Share)?));
        }
        for edge in edges {
            let closed = Within { expected: (period.first, period.first), closed: edge.moments };
            let found = looked(store::sums(conn, ctx, closed, By::Holder)?);
            parts.extend(found.map(|part| if edge.is_in { part } else { part.less() }));
        }
        Ok(parts)
    })
}

/// The coarsest that tells whom the groups are of, and what the actor sees.
fn level(ctx: &Ctx, group_by: GroupBy) -> &'static str {
    match (sums::is_whole(ctx), group_by) {
        (true, GroupBy::Team) => sums::TEAM,
        (true, GroupBy::Category) => sums::CATEGORY,
        (false, GroupBy::Category) => sums::PART,
        (_, GroupBy::Owner) | (false, GroupBy::Team) => sums::SELLER,
    }
}

fn looked_at(sum: Sum, currency: &str) -> Part {
    let figures = Figures::of(&sum, currency);
    Part { owner_id: sum.owner_id, team_id: sum.team_id, category: sum.category, figures }
}

fn kept_of(kept: Kept, currency: &str) -> Part {
    let figures = Figures::kept(&kept, currency);
    let team_id = Some(kept.team_id).filter(|team| !team.0.is_nil());
    Part { owner_id: kept.owner_id, team_id, category: kept.category, figures }
}

impl Part {
    fn less(self) -> Self {
        Self { figures: self.figures.less(), ..self }
    }

    /// The groups that it counts in: of teams, all that stand above it.
    pub(super) fn groups(&self, group_by: GroupBy, above: &aims::Tree) -> Vec<Group> {
        match group_by {
            GroupBy::Owner => vec![Group::Owner(self.owner_id)],
            GroupBy::Category => vec![Group::Category(self.category.clone())],
            GroupBy::Team => match self.team_id {
                None => vec![Group::Team(None)],
                Some(team) => aims::path(team, above).into_iter().map(|team| Group::Team(Some(team))).collect(),
            },
        }
    }
}
