//! Somebody who is an account: what their account says to their contact, and the other way round.
use super::{HAPPENINGS, LISTED};
use ::customer::account::address::AccountAddress;
use ::customer::account::{self, Account, person};
use ::customer::activity::{self, Activity};
use ::customer::consent::{self, effective::EffectiveConsent};
use ::customer::contact::address::ContactAddress;
use ::customer::contact::point::{self, ContactPoint};
use ::customer::contact::{self, Contact};
use ::customer::form::submission::{self, FormSubmission};
use ::customer::membership::{self, Membership};
use ::customer::tag::{self, Tagged};
use ::customer::task::{self, Task};
use ::platform::external::{self, ExternalRef};
use ::platform::history::{self, Happening};
use kernel::{AccountId, ContactId, Ctx, Noun, Result, TagId};
use platform::Conn;
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeSet;
use utoipa::ToSchema;
use uuid::Uuid;

/// Who an account is that is somebody's.
#[derive(Serialize, ToSchema)]
pub struct AccountPerson {
    pub contact: Contact,
    pub contact_points: Vec<ContactPoint>,
    pub addresses: Vec<ContactAddress>,
    /// the accounts that they belong to
    pub memberships: Vec<Membership>,
    /// what they have agreed to, as it holds now
    pub consents: Vec<EffectiveConsent>,
    pub external_refs: Vec<ExternalRef>,
}

/// The account that a contact is.
#[derive(Serialize, ToSchema)]
pub struct PersonAccount {
    pub account: Account,
    /// its people, the newest first; at most fifty
    pub contacts: Vec<Contact>,
    pub addresses: Vec<AccountAddress>,
    pub external_refs: Vec<ExternalRef>,
}

/// A record, and the other of whom it is, if the caller sees that.
pub fn both(conn: &mut Conn, ctx: &Ctx, record: (&'static str, Uuid)) -> Result<Vec<(&'static str, Uuid)>> {
    let other = person::other(conn, ctx, record)?;
    Ok(std::iter::once(record).chain(other).collect())
}

/// The id of the one that is of this noun.
pub fn among(both: &[(&'static str, Uuid)], noun: &str) -> Option<Uuid> {
    both.iter().find(|(of, _)| *of == noun).map(|(_, id)| *id)
}

pub fn ids(both: &[(&'static str, Uuid)]) -> Vec<Uuid> {
    both.iter().map(|(_, id)| *id).collect()
}

/// The tags of either, each once.
pub fn tags(conn: &mut Conn, ctx: &Ctx, both: &[(&'static str, Uuid)]) -> Result<Vec<Tagged>> {
    let mut all = tag::of_all(conn, ctx, &ids(both))?;
    let own = both.first().map(|(_, id)| *id).unwrap_or_default();
    let known: BTreeSet<TagId> = all.iter().filter(|one| one.record_id == own).map(|one| one.id).collect();
    all.retain(|one| one.record_id == own || !known.contains(&one.id));
    Ok(all)
}

/// What the contact, and the people of the account, have filled in last, each once.
pub fn filled_in(conn: &mut Conn, ctx: &Ctx, both: &[(&'static str, Uuid)]) -> Result<Vec<FormSubmission>> {
    let mut all = Vec::new();
    if let Some(id) = among(both, Account::NAME).filter(|_| ctx.sees::<Membership>("account_id")) {
        all.extend(submission::of_people(conn, ctx, AccountId(id), LISTED)?);
    }
    if let Some(id) = among(both, Contact::NAME) {
        all.extend(submission::of_record(conn, ctx, (Contact::NAME, id), None, LISTED)?);
    }
    if both.len() > 1 {
        let mut known = BTreeSet::new();
        all.retain(|one| known.insert(one.id));
        all.sort_by_key(|one| Reverse((one.created_at, one.id)));
        all.truncate(most(LISTED));
    }
    Ok(all)
}

/// Whose the account is, as long as they are there.
pub fn of_account(conn: &mut Conn, ctx: &Ctx, both: &[(&'static str, Uuid)]) -> Result<Option<AccountPerson>> {
    let Some(id) = among(both, Contact::NAME).map(ContactId) else { return Ok(None) };
    let Some(contact) = contact::many(conn, ctx, &[id])?.pop() else { return Ok(None) };
    Ok(Some(AccountPerson {
        contact,
        contact_points: point::of_all(conn, ctx, &[id])?,
        addresses: contact::address::of_all(conn, ctx, &[id])?,
        memberships: membership::of_contacts(conn, ctx, &[id])?,
        consents: consent::effective_of_all(conn, ctx, &[id])?,
        external_refs: external::of(conn, ctx, id.0)?,
    }))
}

/// The account that the contact is, as long as it is there.
pub fn of_contact(conn: &mut Conn, ctx: &Ctx, both: &[(&'static str, Uuid)]) -> Result<Option<PersonAccount>> {
    let Some(id) = among(both, Account::NAME).map(AccountId) else { return Ok(None) };
    let Some(account) = account::many(conn, ctx, &[id])?.pop() else { return Ok(None) };
    Ok(Some(PersonAccount {
        account,
        contacts: contact::of_account(conn, ctx, id)?,
        addresses: account::address::of_all(conn, ctx, &[id])?,
        external_refs: external::of(conn, ctx, id.0)?,
    }))
}

/// What happened last, of either.
pub fn happenings(conn: &mut Conn, ctx: &Ctx, both: &[(&'static str, Uuid)]) -> Result<Vec<Happening>> {
    let mut all = Vec::new();
    for (_, id) in both {
        all.extend(history::latest(conn, ctx, *id, HAPPENINGS)?);
    }
    if both.len() > 1 {
        all.sort_by(|a, b| (b.occurred_at, b.version, &b.name).cmp(&(a.occurred_at, a.version, &a.name)));
        all.truncate(most(HAPPENINGS));
    }
    Ok(all)
}

/// What was done last. Whoever may not see what puts an activity there sees none.
pub fn latest(conn: &mut Conn, ctx: &Ctx, both: &[(&'static str, Uuid)]) -> Result<Vec<Activity>> {
    let mut all = Vec::new();
    if ctx.sees::<Activity>("links") && ctx.sees::<Activity>("started_at") {
        for record in both {
            all.extend(activity::of_record(conn, ctx, *record, None, LISTED)?);
        }
    }
    Ok(if both.len() > 1 { done(all) } else { all })
}

/// What is to be done, likewise.
pub fn open(conn: &mut Conn, ctx: &Ctx, both: &[(&'static str, Uuid)]) -> Result<Vec<Task>> {
    let mut all = Vec::new();
    if ctx.sees::<Task>("links") {
        for record in both {
            all.extend(task::open_of(conn, ctx, *record, LISTED)?);
        }
    }
    Ok(if both.len() > 1 { to_do(all) } else { all })
}

/// What was done last about either, each once.
fn done(mut all: Vec<Activity>) -> Vec<Activity> {
    let mut known = BTreeSet::new();
    all.retain(|one| known.insert(one.id));
    all.sort_by_key(|one| Reverse((one.started_at, one.id)));
    all.truncate(most(LISTED));
    all
}

/// What is to be done about either, each once, the soonest due first.
fn to_do(mut all: Vec<Task>) -> Vec<Task> {
    let mut known = BTreeSet::new();
    all.retain(|one| known.insert(one.id));
    all.sort_by_key(|one| {
        let due = task::due(one.due_at, one.due_on, one.time_zone.as_deref());
        (due.is_none(), due, one.id)
    });
    all.truncate(most(LISTED));
    all
}

fn most(limit: i64) -> usize {
    usize::try_from(limit).unwrap_or_default()
}
