//! What may be done with a contact. A deed is one statement, or opens a transaction of its own where several must
//! agree, so that it stands alone (`Db::change`) or in another deed's transaction (`Db::write`).
use super::point::NewContactPoint;
use super::{
    CATALOGUE, Contact, ContactPatch, EMAIL_TAKEN, Key, NewContact, address, duplicates, lifecycle, name, store,
};
use crate::account::{self, person};
use crate::membership;
use diesel::Connection;
use diesel::result::{DatabaseErrorKind::UniqueViolation, Error as Sql};
use kernel::event::Verb;
use kernel::existing::conflict;
use kernel::{AccountId, ContactId, Ctx, Error, Existing, Fault, Kind, Noun, Result, error, text};
use platform::deed::{self, Called, Duplicates, Upsert, Upserted, attempt, may_own, untouched};
use platform::search::Words;
use platform::{Conn, custom, merge};

pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewContact, allowed: Duplicates) -> Result<Contact> {
    may_own::<Contact>(ctx, new.owner_id)?;
    account::is_there(conn, ctx, new.account_id)?;
    if allowed == Duplicates::Reject {
        let existing = duplicates(conn, ctx, new)?;
        if existing.iter().any(|one| one.score >= Existing::PROBABLE) {
            let email = existing.iter().any(|one| one.match_rule == "email");
            return Err(conflict(if email { EMAIL_TAKEN } else { error::DUPLICATE }, &existing));
        }
    }
    if new.addresses.is_empty() {
        return insert(conn, ctx, new);
    }
    conn.transaction(|conn| {
        let made = insert(conn, ctx, new)?;
        address::begin(conn, ctx, made.id, &new.addresses)?;
        Ok(made)
    })
}

fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewContact) -> Result<Contact> {
    let words = custom::words(ctx, Contact::NAME, &new.custom.0, words(new));
    attempt(conn, |conn| store::insert(conn, ctx, new, words)).map_err(|e| named(conn, ctx, e, new.email.as_deref()))
}

/// With a `base`, only if the contact is still at that version; without, on whatever is there now. An account of theirs
/// says from then on what they say.
pub fn update(conn: &mut Conn, ctx: &Ctx, id: ContactId, base: Option<i32>, patch: &ContactPatch) -> Result<Contact> {
    check(conn, ctx, patch)?;
    if !patch.tells_who() && !patch.reaches_beyond() {
        return plain_update(conn, ctx, id, base, patch, Verb::Updated);
    }
    conn.transaction(|conn| {
        let after = changed(conn, ctx, id, base, patch)?;
        if patch.tells_who() {
            person::follow(conn, ctx, &after)?;
        }
        Ok(after)
    })
}

/// The contact, whatever an account of theirs says. In a transaction.
pub(crate) fn update_alone(conn: &mut Conn, ctx: &Ctx, id: ContactId, patch: &ContactPatch) -> Result<Contact> {
    check(conn, ctx, patch)?;
    changed(conn, ctx, id, None, patch)
}

fn check(conn: &mut Conn, ctx: &Ctx, patch: &ContactPatch) -> Result<()> {
    may_own::<Contact>(ctx, patch.owner_id)?;
    account::is_there(conn, ctx, patch.account_id.flatten())
}

fn changed(conn: &mut Conn, ctx: &Ctx, id: ContactId, base: Option<i32>, patch: &ContactPatch) -> Result<Contact> {
    match patch.reaches_beyond() {
        true => update_with_parts(conn, ctx, id, base, patch),
        false => plain_update(conn, ctx, id, base, patch, Verb::Updated),
    }
}

fn plain_update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ContactId,
    base: Option<i32>,
    patch: &ContactPatch,
    verb: Verb,
) -> Result<Contact> {
    // a taken address ends the transaction it is found in: a savepoint leaves one to ask who has it
    let done = match patch.email.is_some() {
        true => conn.transaction(|conn| store::update(conn, ctx, id, base, patch, verb)),
        false => store::update(conn, ctx, id, base, patch, verb),
    };
    match done.map_err(|e| named(conn, ctx, e, patch.email.as_ref().and_then(|email| email.as_deref())))? {
        Some(contact) => Ok(contact),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// A change that touches the points, the membership, the name, what is searched or how far the contact has come.
pub(super) fn update_with_parts(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ContactId,
    base: Option<i32>,
    patch: &ContactPatch,
) -> Result<Contact> {
    let Some(before) = store::lock(conn, ctx, id)? else {
        return Err(untouched(conn, ctx, store::find, id, base));
    };
    let is_found_anew = patch.is_searched();
    let mut patch = patch.clone();
    patch.rename(&before);
    let after = plain_update(conn, ctx, id, base, &patch, patch.verb(&before))?;
    if before.email != after.email {
        set_primary(conn, ctx, id, "email", after.email.as_deref(), None)?;
    }
    if (&before.phone, &before.phone_text) != (&after.phone, &after.phone_text) {
        set_primary(conn, ctx, id, "phone", after.phone.as_deref(), after.phone_text.as_deref())?;
    }
    if before.account_id != after.account_id {
        membership::set_primary(conn, ctx, id, after.account_id)?;
    }
    lifecycle::moved(conn, ctx, &before, &after)?;
    if is_found_anew {
        reindex(conn, ctx, &after)?;
    }
    Ok(after)
}

/// The e-mail or phone of a contact is its primary point: replaced with it, or gone with it. `text`: as it was given.
pub(super) fn set_primary(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ContactId,
    kind: &str,
    value: Option<&str>,
    text: Option<&str>,
) -> Result<()> {
    let Some(value) = value else {
        store::remove_primary(conn, ctx, id, kind)?;
        return Ok(());
    };
    let point = NewContactPoint {
        kind: kind.to_owned(),
        value: text.unwrap_or(value).to_owned(),
        label: None,
        is_primary: true,
        value_norm: Some(value.to_owned()),
    };
    store::demote(conn, ctx, id, kind)?;
    let added = store::add_point(conn, ctx, id, &point)?;
    if let Some(text) = text {
        store::respell(conn, ctx, added, text)?;
    }
    store::promote(conn, ctx, id, kind, value)?;
    Ok(())
}

/// Locks the contact for a change of its parts.
pub(crate) fn changeable(conn: &mut Conn, ctx: &Ctx, id: ContactId) -> Result<Contact> {
    match store::lock(conn, ctx, id)? {
        Some(contact) => Ok(contact),
        None => Err(untouched(conn, ctx, store::find, id, None)),
    }
}

/// A change of its parts is a change of the contact.
pub(crate) fn touch(conn: &mut Conn, ctx: &Ctx, id: ContactId) -> Result<Contact> {
    let contact = plain_update(conn, ctx, id, None, &ContactPatch::default(), Verb::Updated)?;
    reindex(conn, ctx, &contact)?;
    Ok(contact)
}

/// A word of theirs was written down.
pub(crate) fn consent_changed(conn: &mut Conn, ctx: &Ctx, id: ContactId) -> Result<()> {
    store::consent_changed(conn, ctx, id)?;
    Ok(())
}

/// Which account it belongs to first of all.
pub(crate) fn set_account(conn: &mut Conn, ctx: &Ctx, id: ContactId, account: Option<AccountId>) -> Result<Contact> {
    update(conn, ctx, id, None, &ContactPatch { account_id: Some(account), ..ContactPatch::default() })
}

pub(super) fn reindex(conn: &mut Conn, ctx: &Ctx, contact: &Contact) -> Result<()> {
    let mut words = Words::new()
        .name(&contact.display_name)
        .maybe(contact.given_name.as_ref(), |all, text| all.name(text))
        .maybe(contact.family_name.as_ref(), |all, text| all.name(text));
    for point in store::points(conn, ctx, &[contact.id])? {
        words = if point.kind == "phone" { words.phone(&point.value_norm) } else { words.whole(&point.value_norm) };
    }
    let words = custom::words(ctx, Contact::NAME, &contact.custom.0, words.lexemes());
    store::set_words(conn, ctx, contact.id, words)?;
    Ok(())
}

/// The record with this key is changed, or made where there is none. Safe under concurrency: whoever comes second
/// finds what the first has made.
pub fn upsert(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &Key,
    ask: &Upsert<NewContact, ContactPatch>,
) -> Result<Upserted<Contact>> {
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

/// With an account of theirs.
pub fn archive(conn: &mut Conn, ctx: &Ctx, id: ContactId, base: Option<i32>) -> Result<Contact> {
    conn.transaction(|conn| {
        let archived = archive_alone(conn, ctx, id, base)?;
        person::archive_with(conn, ctx, id)?;
        Ok(archived)
    })
}

pub(crate) fn archive_alone(conn: &mut Conn, ctx: &Ctx, id: ContactId, base: Option<i32>) -> Result<Contact> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(contact) => Ok(contact),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// A contact that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: ContactId) -> Result<Contact> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    merge::refuse(conn, ctx, &CATALOGUE, id.0)?;
    conn.transaction(|conn| {
        let restored = unarchive(conn, ctx, &found)?;
        person::restore_with(conn, ctx, &found)?;
        Ok(restored)
    })
}

/// The contact alone.
pub(crate) fn unarchive(conn: &mut Conn, ctx: &Ctx, found: &Contact) -> Result<Contact> {
    let id = found.id;
    let done = attempt(conn, |conn| store::set_archived(conn, ctx, id, None, false));
    let done = done.map_err(|e| named(conn, ctx, e, found.email.as_deref()))?;
    done.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good, with its points and memberships, and with an account of theirs.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: ContactId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, |conn, ctx, id| {
        store::lock_any(conn, ctx, id)?;
        person::purge_with(conn, ctx, id)?;
        purge_alone(conn, ctx, id)
    })
}

/// In a transaction that holds the contact, and forgets what refers to it by its id.
pub(crate) fn purge_alone(conn: &mut Conn, ctx: &Ctx, id: ContactId) -> Result<Option<Contact>> {
    merge::refuse(conn, ctx, &CATALOGUE, id.0)?;
    Ok(store::delete(conn, ctx, id)?)
}

/// A record may refer to a contact that the caller sees, and to no other.
pub fn is_there(conn: &mut Conn, ctx: &Ctx, id: Option<ContactId>) -> Result<()> {
    let Some(id) = id else { return Ok(()) };
    store::find(conn, ctx, id).map(drop).map_err(|error| match error.kind() {
        Kind::NotFound => Error::from(error::UNKNOWN_REFERENCE).fault(Fault::new(
            "/contact_id",
            "unknown_reference",
            text!("there is no such contact"),
        )),
        _ => error,
    })
}

fn words(new: &NewContact) -> Vec<String> {
    let mut words = Words::new()
        .maybe(new.name(), |all, text| all.name(text))
        .maybe(new.given_name.as_ref(), |all, text| all.name(text))
        .maybe(new.family_name.as_ref(), |all, text| all.name(text))
        .maybe(new.email.as_ref(), |all, text| all.whole(text))
        .maybe(new.phone.as_ref(), |all, text| all.phone(text));
    for point in &new.contact_points {
        words = if point.kind == "phone" { words.phone(&point.norm()) } else { words.whole(&point.value) };
    }
    words.lexemes()
}

/// The constraints of the table, by the codes of the room.
fn named(conn: &mut Conn, ctx: &Ctx, error: Sql, email: Option<&str>) -> Error {
    match &error {
        Sql::DatabaseError(UniqueViolation, info) if info.constraint_name() == Some("contacts_email_key") => {
            let found = store::alike(conn, ctx, email, None).unwrap_or_default();
            let existing: Vec<_> = found.iter().map(|one| Existing::new(one.id, "email", 100)).collect();
            conflict(EMAIL_TAKEN, &existing).source(error)
        }
        _ => error.into(),
    }
}

impl ContactPatch {
    /// Whether an account of theirs says what it changes.
    fn tells_who(&self) -> bool {
        self.email.is_some()
            || self.phone.is_some()
            || self.given_name.is_some()
            || self.family_name.is_some()
            || self.display_name.is_some()
            || self.owner_id.is_some()
            || self.team_id.is_some()
            || self.lifecycle_stage.is_some()
    }

    /// Whether more than the row itself must change with it.
    fn reaches_beyond(&self) -> bool {
        self.is_searched() || self.account_id.is_some() || self.lifecycle_stage.is_some()
    }

    /// Whether it changes what the contact is found by.
    fn is_searched(&self) -> bool {
        self.email.is_some()
            || self.phone.is_some()
            || self.given_name.is_some()
            || self.family_name.is_some()
            || self.display_name.is_some()
            || self.custom.is_some()
    }

    /// What happens to a contact by it.
    fn verb(&self, before: &Contact) -> Verb {
        match self.lifecycle_stage.as_ref().is_some_and(|stage| *stage != before.lifecycle_stage) {
            true => Verb::LifecycleChanged,
            false => Verb::Updated,
        }
    }

    /// A name that was made of the others follows them.
    fn rename(&mut self, before: &Contact) {
        let given = |new: &Option<Option<String>>, old: &Option<String>| new.clone().unwrap_or_else(|| old.clone());
        let made = name::full(before.given_name.as_deref(), before.family_name.as_deref());
        let follows = made.as_deref() == Some(before.display_name.as_str());
        if self.display_name.is_none() && follows {
            let (given, family) =
                (given(&self.given_name, &before.given_name), given(&self.family_name, &before.family_name));
            self.display_name = name::full(given.as_deref(), family.as_deref());
        }
    }
}
