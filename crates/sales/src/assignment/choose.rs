//! Who gets a lead, and why they: the one way in which rules are asked, whether somebody is given it or only wants to
//! know. Whoever gives out by a rule holds its turn until they are done, so that the turns of fifty at once are fair.
use super::{AssignmentMember, AssignmentRule, LOAD, TERRITORY, store};
use crate::lead::{self, Lead};
use crate::others;
use kernel::{AssignmentRuleId, Ctx, Result, TeamId, UserId};
use platform::Conn;
use platform::filter::rule;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What a rule said of a lead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AssignmentOutcome {
    pub rule_id: AssignmentRuleId,
    #[schema(example = "From forms")]
    pub name: String,
    /// `chosen`; `not_matched`, where it does not hold of the lead; `full`, where nobody is free; `not_reached`, where one
    /// before it has chosen
    #[schema(example = "chosen")]
    pub outcome: String,
    /// of those among whom it gives out
    pub members: Vec<MemberOutcome>,
}

/// What was said of somebody among whom leads are given out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = AssignmentMemberOutcome)]
pub struct MemberOutcome {
    pub user_id: UserId,
    /// how many they have in hand
    #[schema(example = 12)]
    pub open_leads: i64,
    pub capacity: Option<i32>,
    /// `chosen`; `free`, and not their turn; `full`; `gone`
    #[schema(example = "chosen")]
    pub outcome: String,
}

platform::jsonb!(Outcomes(Vec<AssignmentOutcome>), "What the rules said, as a column keeps it.");

/// Who gets it, and by which rule.
#[derive(Clone, Debug)]
pub struct Choice {
    pub rule: AssignmentRuleId,
    pub owner: UserId,
    pub team: Option<TeamId>,
    pub response_minutes: Option<i32>,
}

/// With `takes`, the turn of the rule that chooses is taken. In a transaction.
pub fn choose(conn: &mut Conn, ctx: &Ctx, lead: &Lead, takes: bool) -> Result<(Option<Choice>, Outcomes)> {
    let rules = store::active(conn, ctx)?;
    let asked = rules.iter().filter_map(|rule| Some((rule.id.0, rule.filter.as_deref()?)));
    let holding = rule::holding(conn, ctx, &lead::CATALOGUE, lead.id.0, &asked.collect::<Vec<_>>())?;
    let (mut chosen, mut outcomes) = (None, Vec::new());
    for rule in &rules {
        let holds = rule.filter.is_none() || holding.contains(&rule.id.0);
        let mut members = Vec::new();
        let outcome = match (&chosen, holds) {
            (Some(_), _) => "not_reached",
            (None, false) => "not_matched",
            (None, true) => {
                let owner = by(conn, ctx, lead, rule, takes, &mut members)?;
                chosen = owner.map(|owner| Choice {
                    rule: rule.id,
                    owner,
                    team: rule.team_id,
                    response_minutes: rule.response_minutes,
                });
                if chosen.is_some() { "chosen" } else { "full" }
            }
        };
        outcomes.push(AssignmentOutcome {
            rule_id: rule.id,
            name: rule.name.clone(),
            outcome: outcome.to_owned(),
            members,
        });
    }
    Ok((chosen, Outcomes(outcomes)))
}

/// Whom a rule that holds gives it to, if anybody is free.
fn by(
    conn: &mut Conn,
    ctx: &Ctx,
    lead: &Lead,
    rule: &AssignmentRule,
    takes: bool,
    told: &mut Vec<MemberOutcome>,
) -> Result<Option<UserId>> {
    if rule.strategy == TERRITORY {
        let owner: Vec<UserId> = rule.owner_id.into_iter().collect();
        return Ok(others::store::living(conn, ctx, &owner)?.pop());
    }
    let last = match takes {
        true => store::take_turn(conn, ctx, rule.id)?,
        false => store::turn(conn, ctx, rule.id)?,
    };
    let members = &rule.members.0;
    let ids: Vec<UserId> = members.iter().map(|one| one.user_id).collect();
    let living = others::store::living(conn, ctx, &ids)?;
    let in_hand = store::in_hand(conn, ctx, &living, lead.id)?;
    *told = members.iter().map(|one| told_of(one, &living, &in_hand)).collect();
    let begin = members.iter().position(|one| Some(one.user_id) == last).map_or(0, |at| at + 1);
    let turns = told.iter().cycle().skip(begin).take(told.len()).filter(|one| one.outcome == "free");
    let next = match rule.strategy.as_str() {
        LOAD => turns.min_by(|one, other| share(one).cmp(&share(other))),
        _ => turns.take(1).next(),
    };
    let Some(next) = next.map(|one| one.user_id) else { return Ok(None) };
    let chosen = told.iter_mut().filter(|one| one.user_id == next);
    chosen.for_each(|one| "chosen".clone_into(&mut one.outcome));
    if takes {
        store::set_turn(conn, ctx, rule.id, next)?;
    }
    Ok(Some(next))
}

fn told_of(one: &AssignmentMember, living: &[UserId], in_hand: &BTreeMap<UserId, i64>) -> MemberOutcome {
    let open_leads = in_hand.get(&one.user_id).copied().unwrap_or_default();
    let is_full = one.capacity.is_some_and(|most| open_leads >= i64::from(most));
    let outcome = match (living.contains(&one.user_id), is_full) {
        (false, _) => "gone",
        (true, true) => "full",
        (true, false) => "free",
    };
    MemberOutcome { user_id: one.user_id, open_leads, capacity: one.capacity, outcome: outcome.to_owned() }
}

/// How much of what they can have in hand they have, in millionths; of those without a capacity, how much.
fn share(one: &MemberOutcome) -> (i64, i64) {
    let millionths = |most: i32| one.open_leads.saturating_mul(1_000_000) / i64::from(most.max(1));
    (one.capacity.map_or(one.open_leads, millionths), one.open_leads)
}
