//! What may be done with an assignment rule.
use super::{AssignmentRule, AssignmentRulePatch, Members, NewAssignmentRule, body, store};
use crate::{lead, others};
use diesel::Connection;
use kernel::{AssignmentRuleId, Ctx, Error, Fault, Result, UserId, error, text};
use platform::Conn;
use platform::deed::untouched;
use platform::filter::rule;

pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewAssignmentRule) -> Result<AssignmentRule> {
    new.filter.iter().try_for_each(|text| rule::check(ctx, &lead::CATALOGUE, text))?;
    body::fits(&new.strategy, &new.members, new.owner_id)?;
    are_there(conn, ctx, &new.members, new.owner_id)?;
    Ok(store::insert(conn, ctx, new)?)
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
        body::fits(strategy, members, patch.owner_id.unwrap_or(before.owner_id))?;
        let said = patch.members.clone().unwrap_or_default();
        are_there(conn, ctx, &said, patch.owner_id.flatten())?;
        match store::update(conn, ctx, id, base, patch)? {
            Some(rule) => Ok(rule),
            None => Err(untouched(conn, ctx, store::find, id, base)),
        }
    })
}

/// Gone for good. What it gave out stays where it is.
pub fn remove(conn: &mut Conn, ctx: &Ctx, id: AssignmentRuleId, base: Option<i32>) -> Result<AssignmentRule> {
    match store::delete(conn, ctx, id, base)? {
        Some(rule) => Ok(rule),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// Whoever is named is somebody of the tenant, or a queue of it.
fn are_there(conn: &mut Conn, ctx: &Ctx, members: &Members, owner: Option<UserId>) -> Result<()> {
    let named = members.0.iter().enumerate().map(|(at, one)| (format!("/members/{at}/user_id"), one.user_id));
    let named: Vec<(String, UserId)> = named.chain(owner.map(|owner| ("/owner_id".to_owned(), owner))).collect();
    let ids: Vec<UserId> = named.iter().map(|(_, id)| *id).collect();
    let living = others::store::living(conn, ctx, &ids)?;
    let unknown = |(place, _): (String, UserId)| {
        Fault::new(place, error::UNKNOWN_REFERENCE.name, text!("there is no such record"))
    };
    let faults: Vec<Fault> = named.into_iter().filter(|(_, id)| !living.contains(id)).map(unknown).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::from(error::UNKNOWN_REFERENCE).faults(faults)) }
}
