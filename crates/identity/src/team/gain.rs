//! What people come to see by a team: to join one, or to get another below one's own, is to gain rights. Nobody gives
//! what they lack this way either, else a team would be a way round the roles.
use crate::field;
use crate::permission::{BEYOND_OWN_RIGHTS, Objects};
use kernel::{Action, Ctx, Error, Grants, Reach, Result, TeamId, text};
use std::collections::{BTreeMap, BTreeSet};

/// Somebody who holds `held` joins the team: what they hold as far as their teams now reaches its records. Where the
/// team is shown `more` than those, by shares or queues, whatever they hold reaches that.
pub(super) fn by_joining(ctx: &Ctx, objects: Objects, held: &Grants, team: TeamId, more: bool) -> Result<()> {
    within(ctx, objects, held, team, |reach| match reach {
        Reach::Team | Reach::Subtree => true,
        Reach::Own => more,
        Reach::None | Reach::All => false,
    })
}

/// The team comes below teams whose members hold `held`: what reaches below their teams now reaches its records.
pub(super) fn by_moving(ctx: &Ctx, objects: Objects, held: &Grants, team: TeamId) -> Result<()> {
    within(ctx, objects, held, team, |reach| reach == Reach::Subtree)
}

/// The teams that come to stand above `team` when it is put below `parent`.
pub(super) fn new_above(tree: &[(TeamId, Option<TeamId>)], team: TeamId, parent: TeamId) -> Vec<TeamId> {
    let old = above(tree, team);
    above(tree, parent).into_iter().filter(|one| !old.contains(one)).collect()
}

/// The team and all that stand above it.
fn above(tree: &[(TeamId, Option<TeamId>)], team: TeamId) -> BTreeSet<TeamId> {
    let parents: BTreeMap<TeamId, Option<TeamId>> = tree.iter().copied().collect();
    let (mut found, mut next) = (BTreeSet::new(), Some(team));
    while let Some(one) = next.filter(|one| found.insert(*one)) {
        next = parents.get(&one).copied().flatten();
    }
    found
}

fn within(ctx: &Ctx, objects: Objects, held: &Grants, team: TeamId, gains: impl Fn(Reach) -> bool) -> Result<()> {
    let lacking = held.all().find(|(object, action, reach)| gains(*reach) && !has(ctx, object, *action, *reach, team));
    let of_a_team = |object: &str| held.all().any(|(gained, _, reach)| gained == objects.root(object) && gains(reach));
    let what = match (lacking, field::beyond(&ctx.grants, held, of_a_team)) {
        (Some((object, action, _)), _) => format!("{object}:{}", action.name()),
        (None, Some((object, field))) => format!("{object}.{field}"),
        (None, None) => return Ok(()),
    };
    let text = text!("{what} for the records of this team is not yours to give", what);
    Err(Error::from(BEYOND_OWN_RIGHTS).detail(text))
}

/// The actor's own permission reaches the records of the team, and those below it where `reach` does.
fn has(ctx: &Ctx, object: &str, action: Action, reach: Reach, team: TeamId) -> bool {
    match ctx.grants.reach(object, action) {
        Reach::All => true,
        Reach::Subtree => ctx.grants.subtree().contains(&team),
        Reach::Team => reach <= Reach::Team && ctx.grants.teams().contains(&team),
        Reach::Own => reach == Reach::Own && ctx.grants.teams().contains(&team),
        Reach::None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_not_above_before_gains() {
        let [top, a, b, c] = [TeamId::new(), TeamId::new(), TeamId::new(), TeamId::new()];
        let tree = [(top, None), (a, Some(top)), (b, Some(top)), (c, Some(a))];
        assert_eq!(new_above(&tree, c, b), [b]);
        assert!(new_above(&tree, c, top).is_empty());
        assert_eq!(BTreeSet::from_iter(new_above(&tree, top, c)), BTreeSet::from([a, c]));
        assert_eq!(above(&[(a, Some(b)), (b, Some(a))], a), BTreeSet::from([a, b]));
    }
}
