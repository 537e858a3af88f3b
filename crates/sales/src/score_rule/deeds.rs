//! What may be done with a rule.
use super::{LeadScoreRule, LeadScoreRulePatch, NewLeadScoreRule, store};
use crate::lead;
use kernel::{Ctx, LeadScoreRuleId, Result};
use platform::Conn;
use platform::deed::untouched;
use platform::filter::rule;

pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewLeadScoreRule) -> Result<LeadScoreRule> {
    rule::check(ctx, &lead::CATALOGUE, &new.filter)?;
    Ok(store::insert(conn, ctx, new)?)
}

/// With a `base`, only if the rule is still at that version; without, on whatever is there now.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: LeadScoreRuleId,
    base: Option<i32>,
    patch: &LeadScoreRulePatch,
) -> Result<LeadScoreRule> {
    patch.filter.iter().try_for_each(|text| rule::check(ctx, &lead::CATALOGUE, text))?;
    match store::update(conn, ctx, id, base, patch)? {
        Some(rule) => Ok(rule),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// Gone for good. What it gave a lead is taken back when that changes next.
pub fn remove(conn: &mut Conn, ctx: &Ctx, id: LeadScoreRuleId, base: Option<i32>) -> Result<LeadScoreRule> {
    match store::delete(conn, ctx, id, base)? {
        Some(rule) => Ok(rule),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}
