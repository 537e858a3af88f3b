//! A look through all records of a noun: the newest first, in chunks, each a transaction that also writes how far it has
//! come, so that whatever stops it, it goes on from there. Of each record only those are compared that share something
//! with it (an address, a number, a name, a site), a few at most of each, so that it grows with the records and not with
//! their pairs.
mod store;

use super::likeness::{Traits, compare};
use super::store::{Found, put};
use crate::account::{self, Account};
use crate::contact::{self, Contact, point::ContactPoint};
use diesel::Connection;
use kernel::{AccountId, ContactId, Ctx, Error, Noun, Result};
use platform::Conn;
use platform::job::{self, Held};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The kind of the job.
pub const KIND: &str = "duplicate_scan";
/// Records in one transaction.
const CHUNK: i64 = 200;

/// How far it has come.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Reached {
    pub after: Option<Uuid>,
    pub done: i64,
    pub found: i64,
    pub is_over: bool,
}

#[derive(Deserialize)]
struct Payload {
    resource: String,
    reached: Reached,
}

/// Goes on from where it has come to; `is_stopping`: the worker is about to end, and the job goes back to the queue.
pub fn run(conn: &mut Conn, ctx: &Ctx, held: &Held, is_stopping: &dyn Fn() -> bool) -> Result<()> {
    let payload: Payload = serde_json::from_value(held.payload.clone()).map_err(Error::internal)?;
    let kept = job::progress(conn, held)?;
    let mut reached =
        serde_json::from_value(kept.get("reached").cloned().unwrap_or_default()).unwrap_or(payload.reached);
    loop {
        if reached.is_over {
            job::keep(conn, held, Some(&told(&reached)))?;
            return job::end(conn, held, "succeeded", None);
        }
        if is_stopping() {
            return job::release(conn, held);
        }
        let next = conn.transaction(|conn| {
            let next = step(conn, ctx, &payload.resource, &reached)?;
            platform::crash::point("duplicates_scanned");
            Ok::<_, Error>((!job::keep(conn, held, Some(&told(&next)))?).then_some(next))
        })?;
        match next {
            Some(next) => reached = next,
            None => return job::end(conn, held, "cancelled", None),
        }
    }
}

/// As whoever waits for it reads it, and whoever takes it over.
fn told(reached: &Reached) -> Value {
    json!({"done": reached.done, "unit": "records", "found": reached.found, "reached": reached})
}

/// Looks at the next records, and writes down what they probably are twice.
pub(super) fn step(conn: &mut Conn, ctx: &Ctx, resource: &str, reached: &Reached) -> Result<Reached> {
    let (ids, found) = match resource {
        Contact::NAME => contacts(conn, ctx, reached.after)?,
        Account::NAME => accounts(conn, ctx, reached.after)?,
        other => return Err(Error::internal(format!("nobody looks for duplicates of {other}"))),
    };
    let count = put(conn, ctx, resource, &found)?;
    let many = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    Ok(Reached {
        after: ids.last().copied().or(reached.after),
        done: reached.done + many,
        found: reached.found + i64::try_from(count).unwrap_or(i64::MAX),
        is_over: many < CHUNK,
    })
}

type Step = (Vec<Uuid>, Vec<Found>);

fn contacts(conn: &mut Conn, ctx: &Ctx, after: Option<Uuid>) -> Result<Step> {
    let ids = contact::newest_ids(conn, ctx, after.map(ContactId), CHUNK)?;
    let pairs = store::contacts(conn, ctx, &ids)?;
    let all: Vec<ContactId> = ids.iter().copied().chain(pairs.iter().map(|(_, other)| ContactId(*other))).collect();
    let mut traits: BTreeMap<Uuid, Traits> = BTreeMap::new();
    for one in contact::many(conn, ctx, &all)? {
        traits.insert(one.id.0, contact::traits(ctx, &one));
    }
    let seen: Vec<ContactId> = traits.keys().copied().map(ContactId).collect();
    reached(conn, ctx, &seen, &mut traits, |contact| Some(contact.0))?;
    Ok((ids.into_iter().map(|id| id.0).collect(), found(&pairs, &traits)))
}

/// The ways to reach contacts that the actor sees, with what is compared of whom `whose` says.
fn reached(
    conn: &mut Conn,
    ctx: &Ctx,
    seen: &[ContactId],
    traits: &mut BTreeMap<Uuid, Traits>,
    whose: impl Fn(ContactId) -> Option<Uuid>,
) -> Result<()> {
    for ContactPoint { contact_id, kind, value_norm, .. } in contact::point::of_all(conn, ctx, seen)? {
        let Some(one) = whose(contact_id).and_then(|id| traits.get_mut(&id)) else { continue };
        match kind.as_str() {
            "email" if ctx.sees::<Contact>("email") => one.emails.insert(value_norm),
            "phone" if ctx.sees::<Contact>("phone") => one.phones.insert(value_norm),
            _ => false,
        };
    }
    Ok(())
}

fn accounts(conn: &mut Conn, ctx: &Ctx, after: Option<Uuid>) -> Result<Step> {
    let ids = account::newest_ids(conn, ctx, after.map(AccountId), CHUNK)?;
    let pairs = store::accounts(conn, ctx, &ids)?;
    let all: Vec<AccountId> = ids.iter().copied().chain(pairs.iter().map(|(_, other)| AccountId(*other))).collect();
    let all = account::many(conn, ctx, &all)?;
    let mut traits: BTreeMap<Uuid, Traits> = all.iter().map(|one| (one.id.0, account::traits(ctx, one))).collect();
    let people: BTreeMap<ContactId, Uuid> = all.iter().filter_map(|one| Some((one.person_id?, one.id.0))).collect();
    let seen = contact::many(conn, ctx, &people.keys().copied().collect::<Vec<_>>())?;
    let seen: Vec<ContactId> = seen.iter().map(|contact| contact.id).collect();
    reached(conn, ctx, &seen, &mut traits, |contact| people.get(&contact).copied())?;
    Ok((ids.into_iter().map(|id| id.0).collect(), found(&pairs, &traits)))
}

/// Each pair once, the older record first, where it is worth telling.
fn found(pairs: &[(Uuid, Uuid)], traits: &BTreeMap<Uuid, Traits>) -> Vec<Found> {
    let pairs: BTreeSet<(Uuid, Uuid)> = pairs.iter().map(|(one, other)| (*one.min(other), *one.max(other))).collect();
    let one = |(record, other): (Uuid, Uuid)| {
        let reasons = compare(traits.get(&record)?, traits.get(&other)?);
        let is_worth = reasons.are_worth_telling();
        is_worth.then(|| Found { record, other, score: reasons.score(), reasons })
    };
    pairs.into_iter().filter_map(one).collect()
}
