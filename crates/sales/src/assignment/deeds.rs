//! What may be done with an assignment rule.
use super::{AssignmentRule, AssignmentRulePatch, Members, NewAssignmentRule, body, store};
use crate::others::{self, Whom};
use crate::{lead, territory};
use diesel::Connection;
use kernel::{AssignmentRuleId, Ctx, Error, Fault, Result, TerritoryId, error, text};
use platform::Conn;
use platform::deed::{self, ByName, Upsert, Upserted, untouched};
use platform::filter::rule;
use platform::search::Words;

pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewAssignmentRule) -> Result<AssignmentRule> {
    new.filter.iter().try_for_each(|text| rule::check(ctx, &lead::CATALOGUE, text))?;
    body::fits(&new.strategy, &new.members, new.territory_id)?;
    others::are_there(conn, ctx, &named(&new.members))?;
    is_there(conn, ctx, new.territory_id)?;
    Ok(store::insert(conn, ctx, new, words(&new.name))?)
}

/// With a `base`, only if the rule is still at that version; without, on whatever is there now.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: AssignmentRuleId,
    base: Option<i32>,
    patch: &AssignmentRulePatch,
) -> Result<AssignmentRule> {
    patch.filter.iter().flatten().try_for_each(|text| rule::check(ctx, &lead::CATALOGUE, text))?;
    conn.transaction(|conn| {
        let before = store::lock(conn, ctx, id)?;
        let strategy = patch.strategy.as_ref().unwrap_or(&before.strategy);
        let members = patch.members.as_ref().unwrap_or(&before.members);
        body::fits(strategy, members, patch.territory_id.unwrap_or(before.territory_id))?;
        others::are_there(conn, ctx, &patch.members.as_ref().map(named).unwrap_or_default())?;
        is_there(conn, ctx, patch.territory_id.flatten())?;
        match store::update(conn, ctx, id, base, patch, patch.name.as_deref().map(words))? {
            Some(rule) => Ok(rule),
            None => Err(untouched(conn, ctx, store::find, id, base)),
        }
    })
}

/// The rule with this name is changed, or made where there is none.
pub fn upsert(
    conn: &mut Conn,
    ctx: &Ctx,
    name: &ByName,
    ask: &Upsert<NewAssignmentRule, AssignmentRulePatch>,
) -> Result<Upserted<AssignmentRule>> {
    deed::upsert(
        conn,
        ctx,
        name,
        ask,
        (store::find_by, store::find_any),
        |conn, new| create(conn, ctx, &NewAssignmentRule { name: name.0.clone(), ..new.clone() }),
        |conn, found, patch| update(conn, ctx, found.id, ask.base, patch),
    )
}

/// What it gave out stays where it is.
pub fn archive(conn: &mut Conn, ctx: &Ctx, id: AssignmentRuleId, base: Option<i32>) -> Result<AssignmentRule> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(rule) => Ok(rule),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// A rule that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: AssignmentRuleId) -> Result<AssignmentRule> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    store::set_archived(conn, ctx, id, None, false)?.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good. What it gave out stays where it is.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: AssignmentRuleId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

/// Whom the members name, each by its place.
fn named(members: &Members) -> Vec<(String, Whom)> {
    let place = |at: usize| format!("/members/{at}/user_id");
    members.0.iter().enumerate().map(|(at, one)| (place(at), Whom::User(one.user_id))).collect()
}

fn is_there(conn: &mut Conn, ctx: &Ctx, id: Option<TerritoryId>) -> Result<()> {
    let Some(id) = id else { return Ok(()) };
    if !territory::many(conn, ctx, &[id])?.is_empty() {
        return Ok(());
    }
    let fault = Fault::new("/territory_id", error::UNKNOWN_REFERENCE.name, text!("there is no such record"));
    Err(Error::from(error::UNKNOWN_REFERENCE).fault(fault))
}

fn words(name: &str) -> Vec<String> {
    Words::new().name(name).lexemes()
}
