//! A rule gives a lead to whoever looks after the territory that it is in: the deepest that has somebody free, in turn.
use super::choose::{AssignmentOutcome, CHOSEN, Choice, TerritoryOutcome};
use super::turn::{self, Turn};
use super::{AssignmentMember, AssignmentRule, ROUND_ROBIN};
use crate::lead::{self, Lead};
use crate::others;
use crate::territory::{Territory, covering};
use kernel::{Ctx, Result, TeamId, UserId};
use platform::Conn;
use std::collections::BTreeMap;

/// Somebody who looks after a territory, and the team by which they do.
type Person = (AssignmentMember, Option<TeamId>);

pub(super) fn choose(
    conn: &mut Conn,
    ctx: &Ctx,
    lead: &Lead,
    (rule, takes): (&AssignmentRule, bool),
    said: &mut AssignmentOutcome,
) -> Result<Option<Choice>> {
    let found = covering::of(conn, ctx, &lead::CATALOGUE, lead.id.0)?;
    let found = covering::below(found, rule.territory_id);
    said.outcome = if found.is_empty() { "no_territory" } else { "full" }.to_owned();
    let mut chosen = None;
    for territory in &found {
        let mut told = TerritoryOutcome {
            territory_id: territory.id,
            name: territory.name.clone(),
            outcome: "not_reached".to_owned(),
            members: Vec::new(),
        };
        if chosen.is_none() {
            let people = people(conn, ctx, territory)?;
            let among: Vec<AssignmentMember> = people.iter().map(|(person, _)| person.clone()).collect();
            let turn = (Turn::Territory(territory.id), takes);
            let (next, members) = turn::next(conn, ctx, turn, ROUND_ROBIN, &among, lead.id)?;
            told.members = members;
            told.outcome = outcome(next, &people).to_owned();
            chosen = next.map(|owner| choice(rule, owner, &people));
        }
        said.territories.push(told);
    }
    if chosen.is_some() {
        CHOSEN.clone_into(&mut said.outcome);
    }
    Ok(chosen)
}

fn outcome(next: Option<UserId>, people: &[Person]) -> &'static str {
    match next {
        Some(_) => CHOSEN,
        None if people.is_empty() => "empty",
        None => "full",
    }
}

/// The lead is of the team that the rule says, or else of the one by which somebody looks after the territory.
fn choice(rule: &AssignmentRule, owner: UserId, people: &[Person]) -> Choice {
    let by = people.iter().find(|(person, _)| person.user_id == owner).and_then(|(_, team)| *team);
    Choice { rule: rule.id, owner, team: rule.team_id.or(by), response_minutes: rule.response_minutes }
}

/// Who looks after a territory, in the order of its members; whoever is met twice, as they are met first.
fn people(conn: &mut Conn, ctx: &Ctx, territory: &Territory) -> Result<Vec<Person>> {
    let members = &territory.members.0;
    let teams: Vec<TeamId> = members.iter().filter_map(|one| one.team_id).collect();
    let mut of_teams: BTreeMap<TeamId, Vec<UserId>> = BTreeMap::new();
    for (team, user) in others::store::people_of(conn, ctx, &teams)? {
        of_teams.entry(team).or_default().push(user);
    }
    let mut people: Vec<Person> = Vec::new();
    for one in members {
        let of_team = one.team_id.and_then(|team| of_teams.get(&team)).into_iter().flatten().copied();
        for user_id in one.user_id.into_iter().chain(of_team) {
            if !people.iter().any(|(person, _)| person.user_id == user_id) {
                people.push((AssignmentMember { user_id, capacity: one.capacity }, one.team_id));
            }
        }
    }
    Ok(people)
}
