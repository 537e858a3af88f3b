//! Whose turn it is among some people: the next who has room, or whoever has least in hand. Whoever gives out holds the turn
//! until they are done, so that the turns of fifty at once are fair and nobody gets more than they can have.
mod store;

use super::{AssignmentMember, LOAD, MemberOutcome};
use crate::others;
use kernel::{AssignmentRuleId, Ctx, LeadId, Result, TerritoryId, UserId};
use platform::Conn;
use std::collections::BTreeMap;

/// What gives out in turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Rule(AssignmentRuleId),
    Territory(TerritoryId),
}

/// Who gets a lead, if anybody has room, and what was said of each. With `takes`, their turn is over.
pub(super) fn next(
    conn: &mut Conn,
    ctx: &Ctx,
    (turn, takes): (Turn, bool),
    strategy: &str,
    among: &[AssignmentMember],
    lead: LeadId,
) -> Result<(Option<UserId>, Vec<MemberOutcome>)> {
    if among.is_empty() {
        return Ok((None, Vec::new()));
    }
    let last = if takes { store::take(conn, ctx, turn)? } else { store::last(conn, ctx, turn)? };
    let ids: Vec<UserId> = among.iter().map(|one| one.user_id).collect();
    let living = others::store::living(conn, ctx, &ids)?;
    let in_hand = store::in_hand(conn, ctx, &living, lead)?;
    let mut told: Vec<MemberOutcome> = among.iter().map(|one| told_of(one, &living, &in_hand)).collect();
    let begin = among.iter().position(|one| Some(one.user_id) == last).map_or(0, |at| at + 1);
    let turns = told.iter().cycle().skip(begin).take(told.len()).filter(|one| one.outcome == "free");
    let next = match strategy {
        LOAD => turns.min_by(|one, other| share(one).cmp(&share(other))),
        _ => turns.take(1).next(),
    };
    let Some(next) = next.map(|one| one.user_id) else { return Ok((None, told)) };
    let chosen = told.iter_mut().filter(|one| one.user_id == next);
    chosen.for_each(|one| "chosen".clone_into(&mut one.outcome));
    if takes {
        store::set(conn, ctx, turn, next)?;
    }
    Ok((Some(next), told))
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
