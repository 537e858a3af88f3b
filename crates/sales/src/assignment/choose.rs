//! Who gets a lead, and why they: the one way in which rules are asked, whether somebody is given it or only wants to
//! know.
use super::turn::{self, Turn};
use super::{AssignmentRule, TERRITORY, by_territory, store};
use crate::lead::{self, Lead};
use kernel::{AssignmentRuleId, Ctx, Result, TeamId, TerritoryId, UserId};
use platform::Conn;
use platform::deed::in_turn;
use platform::filter::rule;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub(super) const CHOSEN: &str = "chosen";

/// What a rule said of a lead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AssignmentOutcome {
    pub rule_id: AssignmentRuleId,
    #[schema(example = "From forms")]
    pub name: String,
    /// `chosen`; `not_matched`, where it does not hold of the lead; `no_territory`, where the lead is in none; `full`, where
    /// nobody is free; `not_reached`, where one before it has chosen; `withheld`, where it tells of what is hidden from the
    /// caller
    #[schema(example = "chosen")]
    pub outcome: String,
    /// of those among whom it gives out; none, where it goes by territories
    pub members: Vec<MemberOutcome>,
    /// of the territories that the lead is in, the deepest first; none, where it goes by none
    #[serde(default)]
    pub territories: Vec<TerritoryOutcome>,
}

/// What was said of a territory that a lead is in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = AssignmentTerritoryOutcome)]
pub struct TerritoryOutcome {
    pub territory_id: TerritoryId,
    #[schema(example = "华东")]
    pub name: String,
    /// `chosen`; `empty`, where it has no members; `full`, where nobody is free; `not_reached`, where a deeper one has
    /// chosen
    #[schema(example = "chosen")]
    pub outcome: String,
    /// of those who look after it
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

impl Outcomes {
    /// The rule that has chosen, if one has.
    pub(super) fn rule(&self) -> Option<AssignmentRuleId> {
        self.0.iter().find(|one| one.outcome == CHOSEN).map(|one| one.rule_id)
    }

    /// The territory that has chosen, if one has.
    pub(super) fn territory(&self) -> Option<TerritoryId> {
        let mut told = self.0.iter().flat_map(|rule| &rule.territories);
        told.find(|one| one.outcome == CHOSEN).map(|one| one.territory_id)
    }
}

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
    if takes && !rules.is_empty() {
        // somebody is among those of several rules and territories, and their capacity is one
        in_turn(conn, &format!("{} leads in hand", ctx.tenant))?;
    }
    let asked = rules.iter().filter_map(|rule| Some((rule.id.0, rule.filter.as_deref()?)));
    let holding = rule::holding(conn, ctx, &lead::CATALOGUE, lead.id.0, &asked.collect::<Vec<_>>())?;
    let (mut chosen, mut outcomes) = (None, Vec::new());
    for rule in &rules {
        let holds = rule.filter.is_none() || holding.contains(&rule.id.0);
        let mut said = AssignmentOutcome {
            rule_id: rule.id,
            name: rule.name.clone(),
            outcome: if chosen.is_some() { "not_reached" } else { "not_matched" }.to_owned(),
            members: Vec::new(),
            territories: Vec::new(),
        };
        if chosen.is_none() && holds {
            chosen = match rule.strategy.as_str() {
                TERRITORY => by_territory::choose(conn, ctx, lead, (rule, takes), &mut said)?,
                _ => among_members(conn, ctx, lead, (rule, takes), &mut said)?,
            };
        }
        outcomes.push(said);
    }
    Ok((chosen, Outcomes(outcomes)))
}

/// Whom a rule that holds gives it to, if any of its members is free.
fn among_members(
    conn: &mut Conn,
    ctx: &Ctx,
    lead: &Lead,
    (rule, takes): (&AssignmentRule, bool),
    said: &mut AssignmentOutcome,
) -> Result<Option<Choice>> {
    let turn = (Turn::Rule(rule.id), takes);
    let (next, members) = turn::next(conn, ctx, turn, &rule.strategy, &rule.members.0, lead.id)?;
    said.members = members;
    said.outcome = if next.is_some() { CHOSEN } else { "full" }.to_owned();
    Ok(next.map(|owner| Choice { rule: rule.id, owner, team: rule.team_id, response_minutes: rule.response_minutes }))
}
