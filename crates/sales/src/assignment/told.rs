//! What the rules said of a lead, as far as it tells the caller nothing that is hidden from them.
use super::choose::Outcomes;
use super::{TERRITORY, store};
use crate::lead::{self, Lead};
use crate::territory::Territory;
use kernel::{AssignmentRuleId, Ctx, Noun, Read, Result};
use platform::Conn;
use platform::filter::rule;
use std::collections::BTreeSet;

const WITHHELD: &str = "withheld";

/// Territories are told to who may read them. Nothing is told of the first rule that looks at what is hidden, nor of those behind it: whether they were reached says
/// what that one said.
pub(super) fn as_seen(conn: &mut Conn, ctx: &Ctx, mut said: Outcomes) -> Result<Outcomes> {
    if ctx.must::<Read<Territory>>().is_err() {
        said.0.iter_mut().for_each(|one| one.territories.clear());
    }
    if !ctx.grants.hides_some(Lead::NAME) {
        return Ok(said);
    }
    let shown = shown(conn, ctx, &said)?;
    for one in said.0.iter_mut().skip_while(|one| shown.contains(&one.rule_id)) {
        one.outcome = WITHHELD.to_owned();
        one.members.clear();
        one.territories.clear();
    }
    Ok(said)
}

/// Rules that look at nothing that is hidden from the actor. Territories have filters of their own, and what one looked at
/// that has gone, nobody knows.
fn shown(conn: &mut Conn, ctx: &Ctx, said: &Outcomes) -> Result<BTreeSet<AssignmentRuleId>> {
    let ids: Vec<_> = said.0.iter().map(|one| one.rule_id).collect();
    let mut shown = BTreeSet::new();
    for (id, strategy, filter) in store::asks(conn, ctx, &ids)? {
        let sees = filter.as_deref().map_or(Ok(true), |filter| rule::is_shown(ctx, &lead::CATALOGUE, filter))?;
        if sees && strategy != TERRITORY {
            shown.insert(id);
        }
    }
    Ok(shown)
}
