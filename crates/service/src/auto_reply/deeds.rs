//! What may be done with a rule.
use super::{AutoReplyRule, AutoReplyRulePatch, NewAutoReplyRule, store};
use crate::case;
use kernel::{AutoReplyRuleId, Ctx, Result, error};
use platform::Conn;
use platform::deed::{self, untouched};
use platform::filter::rule;
use platform::search::Words;

/// Refused where its filter is none that can be asked of a case.
pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewAutoReplyRule) -> Result<AutoReplyRule> {
    new.filter.iter().try_for_each(|text| rule::check(ctx, &case::CATALOGUE, text))?;
    Ok(store::insert(conn, ctx, new, words(&new.name))?)
}

/// With a `base`, only if the rule is still at that version; without, on whatever is there now.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: AutoReplyRuleId,
    base: Option<i32>,
    patch: &AutoReplyRulePatch,
) -> Result<AutoReplyRule> {
    patch.filter.iter().flatten().try_for_each(|text| rule::check(ctx, &case::CATALOGUE, text))?;
    match store::update(conn, ctx, id, base, patch, patch.name.as_deref().map(words))? {
        Some(rule) => Ok(rule),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

pub fn archive(conn: &mut Conn, ctx: &Ctx, id: AutoReplyRuleId, base: Option<i32>) -> Result<AutoReplyRule> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(rule) => Ok(rule),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// A rule that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: AutoReplyRuleId) -> Result<AutoReplyRule> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    store::set_archived(conn, ctx, id, None, false)?.ok_or_else(|| error::FORBIDDEN.into())
}

pub fn purge(conn: &mut Conn, ctx: &Ctx, id: AutoReplyRuleId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

fn words(name: &str) -> Vec<String> {
    Words::new().name(name).lexemes()
}
