//! What may be done with an escalation rule.
use super::{EscalationActions, EscalationRule, EscalationRulePatch, NewEscalationRule, store};
use crate::{case, people};
use customer::tag;
use kernel::{Ctx, Error, EscalationRuleId, Fault, Result, error, text};
use platform::Conn;
use platform::deed::{self, ByName, Upsert, Upserted, untouched};
use platform::filter::rule;
use platform::search::Words;

pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewEscalationRule) -> Result<EscalationRule> {
    new.filter.iter().try_for_each(|text| rule::check(ctx, &case::CATALOGUE, text))?;
    are_there(conn, ctx, &new.actions)?;
    Ok(store::insert(conn, ctx, new, words(&new.name))?)
}

/// With a `base`, only if the rule is still at that version; without, on whatever is there now.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: EscalationRuleId,
    base: Option<i32>,
    patch: &EscalationRulePatch,
) -> Result<EscalationRule> {
    patch.filter.iter().flatten().try_for_each(|text| rule::check(ctx, &case::CATALOGUE, text))?;
    if let Some(actions) = &patch.actions {
        are_there(conn, ctx, actions)?;
    }
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
    ask: &Upsert<NewEscalationRule, EscalationRulePatch>,
) -> Result<Upserted<EscalationRule>> {
    deed::upsert(
        conn,
        ctx,
        name,
        ask,
        (store::find_by, store::find_any),
        |conn, new| create(conn, ctx, &NewEscalationRule { name: name.0.clone(), ..new.clone() }),
        |conn, found, patch| update(conn, ctx, found.id, ask.base, patch),
    )
}

/// What it did stays.
pub fn archive(conn: &mut Conn, ctx: &Ctx, id: EscalationRuleId, base: Option<i32>) -> Result<EscalationRule> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(rule) => Ok(rule),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// A rule that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: EscalationRuleId) -> Result<EscalationRule> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    store::set_archived(conn, ctx, id, None, false)?.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good, with what is written down of what it did.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: EscalationRuleId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

/// Refused where one of those who are named is not there: each by its place.
fn are_there(conn: &mut Conn, ctx: &Ctx, actions: &EscalationActions) -> Result<()> {
    let people: Vec<_> = actions.notify_user_ids.iter().chain(&actions.owner_id).copied().collect();
    let people = people::store::living(conn, ctx, &people)?;
    let teams = people::store::living_teams(conn, ctx, &actions.notify_team_ids)?;
    let roles = people::store::living_roles(conn, ctx, &actions.notify_role_ids)?;
    let tags: Vec<_> = tag::many(conn, ctx, &actions.tag_ids)?.into_iter().map(|one| one.id).collect();
    let mut places = missing("notify_user_ids", &actions.notify_user_ids, &people);
    places.extend(missing("notify_team_ids", &actions.notify_team_ids, &teams));
    places.extend(missing("notify_role_ids", &actions.notify_role_ids, &roles));
    places.extend(missing("tag_ids", &actions.tag_ids, &tags));
    let has_owner = actions.owner_id.is_none_or(|owner| people.contains(&owner));
    places.extend((!has_owner).then(|| "/actions/owner_id".to_owned()));
    let unknown = |place: String| Fault::new(place, error::UNKNOWN_REFERENCE.name, text!("there is no such record"));
    let faults: Vec<Fault> = places.into_iter().map(unknown).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::from(error::UNKNOWN_REFERENCE).faults(faults)) }
}

/// The places of those that are not there.
fn missing<I: PartialEq>(member: &str, named: &[I], there: &[I]) -> Vec<String> {
    let gone = named.iter().enumerate().filter(|(_, id)| !there.contains(id));
    gone.map(|(at, _)| format!("/actions/{member}/{at}")).collect()
}

fn words(name: &str) -> Vec<String> {
    Words::new().name(name).lexemes()
}
