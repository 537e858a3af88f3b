//! A lead comes into a pool: as it is made, by a rule, given back, moved, or left alone for too long. Each is one version
//! of the lead, one event and one row of what pools have done.
use super::mask::{Reached, own_words};
use super::store;
use crate::lead::{Given, Lead, NewLead, store as leads_store, words};
use crate::pool::{self, Pool, SHUT, event};
use chrono::{DateTime, Utc};
use customer::form::submission;
use kernel::event::Verb;
use kernel::{Ctx, Error, PoolId, Result, UserId, error, text};
use platform::Conn;

/// How it comes in.
pub struct Entry<'a> {
    pub pool: &'a Pool,
    /// one of [`pool::event`]
    pub kind: &'static str,
    pub reason: Option<&'a str>,
    /// by when whoever takes it has to answer
    pub due: Option<DateTime<Utc>>,
}

/// Of a lead that is locked, or was made a moment ago. In a transaction.
pub fn put_in(conn: &mut Conn, ctx: &Ctx, lead: &Lead, entry: &Entry) -> Result<Lead> {
    let open = lifted(conn, ctx, lead)?;
    let shown = if entry.pool.is_masked { open.masked() } else { open.clone() };
    if entry.pool.is_masked {
        store::cover(conn, ctx, lead.id, &open)?;
        submission::withdraw(conn, ctx, lead.id)?;
    }
    let verb = match entry.kind {
        event::RETURNED => Verb::Returned,
        event::RECYCLED => Verb::Recycled,
        _ => Verb::Pooled,
    };
    let promise = promise(lead, entry);
    let words = Turn::of(lead, &open, entry.pool.is_masked);
    let after = store::put_in(conn, ctx, lead, entry.pool, (&shown, words), promise, verb)?;
    let whose = (Some(lead.owner_id), entry.pool.queue_id);
    event::note(conn, ctx, (entry.pool.id, lead.id), entry.kind, whose, entry.reason)?;
    platform::crash::point("lead_pooled");
    Ok(after)
}

/// By when whoever takes it has to answer, and whether that is open: what somebody who gives it back has promised binds
/// nobody else.
fn promise(lead: &Lead, entry: &Entry) -> (Option<DateTime<Utc>>, Option<String>) {
    let is_open = lead.response_status.as_deref() == Some("pending");
    match entry.due.filter(|_| lead.first_response_at.is_none()) {
        Some(due) => (Some(due), Some("pending".to_owned())),
        None if is_open && [event::RETURNED, event::RECYCLED].contains(&entry.kind) => (None, None),
        None => (lead.response_due_at, lead.response_status.clone()),
    }
}

/// How it is really reached; what covers that is taken off.
pub(super) fn lifted(conn: &mut Conn, ctx: &Ctx, lead: &Lead) -> Result<Reached> {
    let shown = Reached::of(lead);
    if !lead.is_masked {
        return Ok(shown);
    }
    let (email, phone, phone_text, name) = store::uncover(conn, ctx, lead.id)?.unwrap_or_default();
    Ok(Reached { email, phone, phone_text, display_name: name.unwrap_or(shown.display_name) })
}

/// The words by which it is found that come and go.
pub(super) struct Turn {
    pub come: Vec<String>,
    pub gone: Vec<String>,
}

impl Turn {
    pub fn of(lead: &Lead, open: &Reached, is_masked: bool) -> Self {
        let name = Some(open.display_name.clone());
        let named = open.is_named_by_it();
        let ways = [open.email.as_deref(), open.phone.as_deref()];
        let by_it = words([name.clone().filter(|_| named), None, None, None], [None; 2], ways);
        let names =
            [name.filter(|_| !named), lead.given_name.clone(), lead.family_name.clone(), lead.company_name.clone()];
        let place = [lead.region.as_deref(), lead.city.as_deref()];
        let own = own_words(by_it, words(names, place, [None; 2]));
        if is_masked { Self { come: Vec::new(), gone: own } } else { Self { come: own, gone: Vec::new() } }
    }
}

/// Gives a lead to whom the rules have chosen; to the queue of a pool means into the pool.
pub fn handed(conn: &mut Conn, ctx: &Ctx, lead: &Lead, given: Given) -> Result<Lead> {
    match pool::store::of_queue(conn, ctx, given.owner)? {
        Some(pool) => {
            let entry = Entry { pool: &pool, kind: event::POOLED, reason: None, due: given.response_due_at };
            put_in(conn, ctx, lead, &entry)
        }
        None => Ok(leads_store::give(conn, ctx, lead, given)?),
    }
}

/// The pool that a new lead is to lie in: where it names one and nobody who works on it, or the queue of one.
pub fn meant(conn: &mut Conn, ctx: &Ctx, new: &NewLead) -> Result<Option<Pool>> {
    let queue = match new.owner_id {
        Some(owner) => pool::store::of_queue(conn, ctx, owner)?,
        None => None,
    };
    let named = new.pool_id.map(|id| named(conn, ctx, id)).transpose()?;
    match (named, queue) {
        (Some(named), Some(queue)) if named.id != queue.id => {
            Err(Error::invalid("/owner_id", "pool", text!("is the queue of another pool")))
        }
        (Some(_), None) if new.owner_id.is_some() => Ok(None),
        (Some(pool), _) | (None, Some(pool)) if !pool.is_active => Err(SHUT.into()),
        (named, queue) => Ok(named.or(queue)),
    }
}

/// A pool that a body names.
pub(super) fn named(conn: &mut Conn, ctx: &Ctx, id: PoolId) -> Result<Pool> {
    pool::many(conn, ctx, &[id])?.pop().ok_or_else(|| {
        let message = text!("there is no such record");
        Error::invalid("/pool_id", error::UNKNOWN_REFERENCE.name, message)
    })
}

/// Nobody gives a lead to the queue of a pool by naming it as its owner.
pub fn is_no_pools(conn: &mut Conn, ctx: &Ctx, owner: Option<UserId>) -> Result<()> {
    let Some(owner) = owner else { return Ok(()) };
    match pool::store::of_queue(conn, ctx, owner)? {
        Some(_) => {
            Err(Error::invalid("/owner_id", "pool", text!("is the queue of a pool: leads are given back to it")))
        }
        None => Ok(()),
    }
}
