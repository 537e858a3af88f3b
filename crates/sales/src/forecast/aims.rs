//! What the groups of a forecast are to reach. A team's own quota counts, where it has one; else what its people and the
//! teams below it are to reach together, however deep they stand.
use super::{Group, GroupBy};
use crate::others;
use crate::quota::{Quota, TEAM};
use kernel::{Ctx, Result, TeamId, UserId};
use platform::Conn;
use rust_decimal::Decimal;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Which team stands above which.
pub(super) type Tree = BTreeMap<TeamId, Option<TeamId>>;

/// What is to be reached.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Aims {
    pub groups: BTreeMap<Group, Decimal>,
    pub total: Option<Decimal>,
}

/// Of these quotas, in two statements at most.
pub(super) fn of(conn: &mut Conn, ctx: &Ctx, quotas: &[Quota], group_by: GroupBy, above: &Tree) -> Result<Aims> {
    let people = || quotas.iter().filter(|one| one.kind != TEAM);
    let mut aims = Aims::default();
    match group_by {
        GroupBy::Category => {}
        GroupBy::Owner => people().for_each(|one| aims.add(Group::Owner(one.owner_id), one.amount.amount)),
        GroupBy::Team => {
            let loose: Vec<UserId> = people().filter(|one| one.team_id.is_none()).map(|one| one.owner_id).collect();
            let teams = others::store::teams_of(conn, ctx, &loose)?;
            let mut sums: BTreeMap<Option<TeamId>, Decimal> = BTreeMap::new();
            for one in people() {
                let team = one.team_id.or_else(|| teams.get(&one.owner_id).copied());
                *sums.entry(team).or_default() += one.amount.amount;
            }
            let own = quotas.iter().filter(|one| one.kind == TEAM);
            let own = own.filter_map(|one| Some((one.team_id?, one.amount.amount))).collect();
            aims = rolled_up(&own, sums, above);
        }
    }
    Ok(aims)
}

/// From the deepest teams up: each adds what it is to reach to the one above it.
fn rolled_up(own: &BTreeMap<TeamId, Decimal>, mut sums: BTreeMap<Option<TeamId>, Decimal>, above: &Tree) -> Aims {
    let mut aims = Aims::default();
    let mut teams: Vec<TeamId> = above.keys().copied().collect();
    teams.sort_by_cached_key(|team| (Reverse(path(*team, above).len()), *team));
    for team in teams {
        let Some(aim) = own.get(&team).or_else(|| sums.get(&Some(team))).copied() else { continue };
        aims.groups.insert(Group::Team(Some(team)), aim);
        match above.get(&team).copied().flatten() {
            Some(parent) => *sums.entry(Some(parent)).or_default() += aim,
            None => *aims.total.get_or_insert_default() += aim,
        }
    }
    if let Some(loose) = sums.remove(&None) {
        aims.add(Group::Team(None), loose);
    }
    aims
}

/// A team and those above it, each once.
pub(super) fn path(team: TeamId, above: &Tree) -> BTreeSet<TeamId> {
    let (mut met, mut next) = (BTreeSet::new(), Some(team));
    while let Some(team) = next.filter(|team| met.insert(*team)) {
        next = above.get(&team).copied().flatten();
    }
    met
}

impl Aims {
    fn add(&mut self, group: Group, amount: Decimal) {
        *self.groups.entry(group).or_default() += amount;
        *self.total.get_or_insert_default() += amount;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn team(n: u128) -> TeamId {
        TeamId(Uuid::from_u128(n))
    }

    /// One to five below each other, six beside two.
    fn tree() -> Tree {
        let mut tree: Tree = (2..=5).map(|n| (team(n), Some(team(n - 1)))).collect();
        tree.extend([(team(1), None), (team(6), Some(team(1)))]);
        tree
    }

    fn told(own: &[(u128, i64)], people: &[(Option<u128>, i64)]) -> (Vec<Option<i64>>, Option<i64>) {
        let own = own.iter().map(|(n, aim)| (team(*n), Decimal::from(*aim))).collect();
        let people = people.iter().map(|(n, aim)| (n.map(team), Decimal::from(*aim))).collect();
        let aims = rolled_up(&own, people, &tree());
        let whole = |aim: &Decimal| i64::try_from(*aim).unwrap();
        let of = |n: u128| aims.groups.get(&Group::Team(Some(team(n)))).map(whole);
        ((1..=6).map(of).collect(), aims.total.as_ref().map(whole))
    }

    #[test]
    fn people_count_in_their_team_and_in_those_above_it() {
        let people = [(Some(5), 1), (Some(4), 10), (Some(2), 100), (Some(6), 1000), (None, 5)];
        let wanted = [Some(1111), Some(111), Some(11), Some(11), Some(1), Some(1000)];
        assert_eq!(told(&[], &people), (wanted.into(), Some(1116)));
    }

    #[test]
    fn a_quota_of_a_teams_own_wins_there_and_above() {
        let people = [(Some(5), 1), (Some(4), 10), (Some(2), 100)];
        let wanted = [Some(600), Some(600), Some(500), Some(11), Some(1), None];
        assert_eq!(told(&[(3, 500)], &people), (wanted.into(), Some(600)));
        let wanted = [Some(7), Some(600), Some(500), Some(11), Some(1), None];
        assert_eq!(told(&[(3, 500), (1, 7)], &people), (wanted.into(), Some(7)));
    }

    #[test]
    fn teams_without_any_are_to_reach_nothing() {
        assert_eq!(told(&[], &[]), (vec![None; 6], None));
    }
}
