//! What may be done with a rule.
use super::{LeadScoreRule, LeadScoreRulePatch, NewLeadScoreRule, store};
use crate::lead;
use kernel::{Ctx, LeadScoreRuleId, Result, error};
use platform::Conn;
use platform::deed::{self, ByName, Upsert, Upserted, untouched};
use platform::filter::rule;
use platform::search::Words;

pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewLeadScoreRule) -> Result<LeadScoreRule> {
    rule::check(ctx, &lead::CATALOGUE, &new.filter)?;
    Ok(store::insert(conn, ctx, new, words(&new.name))?)
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
    match store::update(conn, ctx, id, base, patch, patch.name.as_deref().map(words))? {
        Some(rule) => Ok(rule),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// The rule with this name is changed, or made where there is none.
pub fn upsert(
    conn: &mut Conn,
    ctx: &Ctx,
    name: &ByName,
    ask: &Upsert<NewLeadScoreRule, LeadScoreRulePatch>,
) -> Result<Upserted<LeadScoreRule>> {
    deed::upsert(
        conn,
        ctx,
        name,
        ask,
        (store::find_by, store::find_any),
        |conn, new| create(conn, ctx, &NewLeadScoreRule { name: name.0.clone(), ..new.clone() }),
        |conn, found, patch| update(conn, ctx, found.id, ask.base, patch),
    )
}

/// What it gave a lead is taken back when that changes next.
pub fn archive(conn: &mut Conn, ctx: &Ctx, id: LeadScoreRuleId, base: Option<i32>) -> Result<LeadScoreRule> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(rule) => Ok(rule),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// A rule that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: LeadScoreRuleId) -> Result<LeadScoreRule> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    store::set_archived(conn, ctx, id, None, false)?.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good. What it gave a lead is taken back when that changes next.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: LeadScoreRuleId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

fn words(name: &str) -> Vec<String> {
    Words::new().name(name).lexemes()
}
