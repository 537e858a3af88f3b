//! What may be done with an SLA policy.
use super::{NewSlaPolicy, SlaPolicy, SlaPolicyPatch, store, target};
use crate::{business_calendar, case};
use diesel::Connection;
use kernel::{BusinessCalendarId, Ctx, Error, Fault, Result, SlaPolicyId, error, text};
use platform::Conn;
use platform::deed::{self, ByName, Upsert, Upserted, untouched};
use platform::filter::rule;
use platform::search::Words;

pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewSlaPolicy) -> Result<SlaPolicy> {
    new.filter.iter().try_for_each(|text| rule::check(ctx, &case::CATALOGUE, text))?;
    target::differ(&new.targets)?;
    is_there(conn, ctx, new.calendar_id)?;
    Ok(store::insert(conn, ctx, new, words(&new.name))?)
}

/// With a `base`, only if the policy is still at that version; without, on whatever is there now.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: SlaPolicyId,
    base: Option<i32>,
    patch: &SlaPolicyPatch,
) -> Result<SlaPolicy> {
    patch.filter.iter().flatten().try_for_each(|text| rule::check(ctx, &case::CATALOGUE, text))?;
    patch.targets.iter().try_for_each(|targets| target::differ(targets))?;
    conn.transaction(|conn| {
        is_there(conn, ctx, patch.calendar_id.flatten())?;
        match store::update(conn, ctx, id, base, patch, patch.name.as_deref().map(words))? {
            Some(policy) => Ok(policy),
            None => Err(untouched(conn, ctx, store::find, id, base)),
        }
    })
}

/// The policy with this name is changed, or made where there is none.
pub fn upsert(
    conn: &mut Conn,
    ctx: &Ctx,
    name: &ByName,
    ask: &Upsert<NewSlaPolicy, SlaPolicyPatch>,
) -> Result<Upserted<SlaPolicy>> {
    deed::upsert(
        conn,
        ctx,
        name,
        ask,
        (store::find_by, store::find_any),
        |conn, new| create(conn, ctx, &NewSlaPolicy { name: name.0.clone(), ..new.clone() }),
        |conn, found, patch| update(conn, ctx, found.id, ask.base, patch),
    )
}

/// Its cases are promised what the next policy that holds of them says, if one does.
pub fn archive(conn: &mut Conn, ctx: &Ctx, id: SlaPolicyId, base: Option<i32>) -> Result<SlaPolicy> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(policy) => Ok(policy),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// A policy that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: SlaPolicyId) -> Result<SlaPolicy> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    store::set_archived(conn, ctx, id, None, false)?.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good. What it has promised of cases that are settled is told still, without it.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: SlaPolicyId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

fn is_there(conn: &mut Conn, ctx: &Ctx, id: Option<BusinessCalendarId>) -> Result<()> {
    let Some(id) = id else { return Ok(()) };
    if !business_calendar::many(conn, ctx, &[id])?.is_empty() {
        return Ok(());
    }
    let fault = Fault::new("/calendar_id", error::UNKNOWN_REFERENCE.name, text!("there is no such record"));
    Err(Error::from(error::UNKNOWN_REFERENCE).fault(fault))
}

fn words(name: &str) -> Vec<String> {
    Words::new().name(name).lexemes()
}
