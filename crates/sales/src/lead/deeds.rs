//! What may be done with a lead. Each change is a transaction: it locks the lead, asks what its status allows, writes it,
//! and lets the rules rate it and give it out.
use super::pooling::{self, Entry, LIES_IN_POOL};
use super::standing::{self, ASSIGNED, NEW, OPEN, Settled, UNQUALIFIED};
use super::{Disqualification, Key, Lead, LeadPatch, NewLead, duplicates, score, store};
use crate::{assignment, pool};
use diesel::Connection;
use kernel::event::Verb;
use kernel::existing::conflict;
use kernel::{Ctx, Existing, LeadId, Noun, Result, error};
use platform::deed::{self, Called, Duplicates, Upsert, Upserted, in_turn, may_own, untouched};
use platform::search::Words;
use platform::{Conn, custom};

/// Whoever is named as its owner gets it, or the pool that is named; else whom the rules give it to, or the caller where
/// none does.
pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewLead, allowed: Duplicates) -> Result<Lead> {
    may_own::<Lead>(ctx, new.owner_id)?;
    conn.transaction(|conn| {
        if allowed == Duplicates::Reject {
            refuse(conn, ctx, new)?;
        }
        let pool = pooling::meant(conn, ctx, new)?;
        let status = standing::begun(conn, ctx, new)?;
        let names = [new.name(), new.given_name.clone(), new.family_name.clone(), new.company_name.clone()];
        let place = [new.region.as_deref(), new.city.as_deref()];
        let words = words(names, place, [new.email.as_deref(), new.phone.as_deref()]);
        let made = store::insert(conn, ctx, new, status, custom::words(ctx, Lead::NAME, &new.custom.0, words))?;
        // what is given up from the beginning is nobody's to answer
        let goes_out = new.owner_id.is_none() && OPEN.contains(&status) && pool.is_none();
        let made = settled(conn, ctx, made, goes_out)?;
        let Some(pool) = pool else { return Ok(made) };
        let entry = Entry { pool: &pool, kind: pool::event::POOLED, reason: None, due: None };
        pooling::put_in(conn, ctx, &made, &entry)
    })
}

/// Whoever brings the same address at the same time waits, and finds the first.
fn refuse(conn: &mut Conn, ctx: &Ctx, new: &NewLead) -> Result<()> {
    if let Some(address) = new.email.as_ref().or(new.phone.as_ref()) {
        in_turn(conn, &format!("{} lead {address}", ctx.tenant))?;
    }
    let existing = duplicates(conn, ctx, new)?;
    match existing.iter().any(|one| one.score >= Existing::PROBABLE) {
        true => Err(conflict(error::DUPLICATE, &existing)),
        false => Ok(()),
    }
}

/// What the rules say of a lead that was written: how it is rated, and whom it goes to. In a transaction.
fn settled(conn: &mut Conn, ctx: &Ctx, lead: Lead, goes_out: bool) -> Result<Lead> {
    let lead = match score::kept(conn, ctx, &lead)? {
        Some(score) => store::settle(conn, ctx, &lead, &Settled { score: Some(score), assigned: None })?,
        None => lead,
    };
    let assigned = if goes_out { assignment::given(conn, ctx, &lead)? } else { None };
    match assigned {
        Some(given) => pooling::handed(conn, ctx, &lead, given),
        None => Ok(lead),
    }
}

/// With a `base`, only if the lead is still at that version; without, on whatever is there now.
pub fn update(conn: &mut Conn, ctx: &Ctx, id: LeadId, base: Option<i32>, patch: &LeadPatch) -> Result<Lead> {
    may_own::<Lead>(ctx, patch.owner_id)?;
    conn.transaction(|conn| {
        let before = changeable(conn, ctx, id, base)?;
        pooling::is_no_pools(conn, ctx, patch.owner_id.filter(|owner| *owner != before.owner_id))?;
        let mut patch = standing::changed(conn, ctx, &before, patch)?;
        patch.rename(&before);
        let Some(after) = store::update(conn, ctx, id, &patch, verb(&before, &patch))? else {
            return Err(untouched(conn, ctx, store::find, id, None));
        };
        if patch.is_searched() {
            reindex(conn, ctx, &after)?;
        }
        settled(conn, ctx, after, false)
    })
}

/// What has happened to one that was there.
fn verb(before: &Lead, patch: &LeadPatch) -> Verb {
    let status = patch.status.as_deref().unwrap_or(&before.status);
    match (before.status == UNQUALIFIED, status == UNQUALIFIED) {
        (false, true) => Verb::Disqualified,
        (true, false) => Verb::Reopened,
        _ if standing::is_given(before, patch) => Verb::Assigned,
        _ => Verb::Updated,
    }
}

fn reindex(conn: &mut Conn, ctx: &Ctx, lead: &Lead) -> Result<()> {
    let (shown, company) = (Some(lead.display_name.clone()), lead.company_name.clone());
    let names = [shown, lead.given_name.clone(), lead.family_name.clone(), company];
    let place = [lead.region.as_deref(), lead.city.as_deref()];
    let words = words(names, place, [lead.email.as_deref(), lead.phone.as_deref()]);
    store::set_words(conn, ctx, lead.id, custom::words(ctx, Lead::NAME, &lead.custom.0, words))?;
    Ok(())
}

/// Locks the lead for a change; one that lies in a pool is nobody's to change.
pub(crate) fn changeable(conn: &mut Conn, ctx: &Ctx, id: LeadId, base: Option<i32>) -> Result<Lead> {
    match store::lock(conn, ctx, id)? {
        Some(found) if found.lies_in_pool() => Err(LIES_IN_POOL.into()),
        Some(found) if base.is_none_or(|version| version == found.version) => Ok(found),
        _ => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// It will not become a customer.
pub fn disqualify(conn: &mut Conn, ctx: &Ctx, id: LeadId, base: Option<i32>, why: &Disqualification) -> Result<Lead> {
    let reason = Some(Some(why.disqualify_reason.clone()));
    let patch = LeadPatch { status: Some(UNQUALIFIED.to_owned()), disqualify_reason: reason, ..LeadPatch::default() };
    update(conn, ctx, id, base, &patch)
}

/// It may become one after all; one that was not given up is answered as it is.
pub fn reopen(conn: &mut Conn, ctx: &Ctx, id: LeadId, base: Option<i32>) -> Result<Lead> {
    conn.transaction(|conn| {
        let before = changeable(conn, ctx, id, base)?;
        if before.status != UNQUALIFIED {
            return Ok(before);
        }
        let status = if before.assigned_at.is_some() { ASSIGNED } else { NEW };
        update(conn, ctx, id, None, &LeadPatch { status: Some(status.to_owned()), ..LeadPatch::default() })
    })
}

/// The lead with this key is changed, or made where there is none.
pub fn upsert(conn: &mut Conn, ctx: &Ctx, key: &Key, ask: &Upsert<NewLead, LeadPatch>) -> Result<Upserted<Lead>> {
    deed::upsert(
        conn,
        ctx,
        key,
        ask,
        (store::find_by, store::find_any),
        |conn, new| {
            let mut new = new.clone();
            match key {
                Key::Email(email) => new.email = Some(email.clone()),
                Key::Phone(phone) => new.phone = Some(phone.clone()),
                Key::External { .. } => {}
            }
            create(conn, ctx, &new, Duplicates::Allow)
        },
        |conn, found, patch| update(conn, ctx, found.id, ask.base, patch),
    )
}

impl Called for Key {
    fn called(&self) -> Option<(&str, &str)> {
        match self {
            Self::External { source_system, external_id } => Some((source_system, external_id)),
            _ => None,
        }
    }
}

pub fn archive(conn: &mut Conn, ctx: &Ctx, id: LeadId, base: Option<i32>) -> Result<Lead> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(found) => Ok(found),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// A lead that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: LeadId) -> Result<Lead> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    store::set_archived(conn, ctx, id, None, false)?.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good, with what it was rated and given out by.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: LeadId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

/// What it is found by: its names, its region and city, its address and number. The one choice of words.
pub(crate) fn words(
    names: [Option<String>; 4],
    place: [Option<&str>; 2],
    [email, phone]: [Option<&str>; 2],
) -> Vec<String> {
    let names = names.into_iter().flatten().fold(Words::new(), |all, text| all.name(text));
    let all = place.into_iter().flatten().fold(names, |all, text| all.text(text));
    all.maybe(email, |all, text| all.whole(text)).maybe(phone, |all, text| all.phone(text)).lexemes()
}
