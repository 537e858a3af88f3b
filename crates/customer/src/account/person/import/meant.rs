//! Whom a row means: an account or a contact by what it is called, or a contact by their address, or by name and
//! number. Whoever else it names is the same, or the row is refused.
use super::row::Said;
use crate::account::person::of;
use crate::account::{self, Account, PERSON_TAKEN};
use crate::contact::{self, Contact, Key};
use kernel::{AccountId, ContactId, Ctx, Error, Fault, Kind, Result, Text, error, text};
use platform::deed::Mode;
use platform::import::{Duplicates, Work};
use platform::{Conn, external};
use serde_json::Value;
use uuid::Uuid;

pub(super) enum Meant {
    /// whether another system's name for it said so
    Account(Box<Account>, bool),
    /// who is no account
    Contact(Box<Contact>),
    Nobody,
}

/// Whether a record was named, or only looks like the one that is meant.
#[derive(Clone, Copy, PartialEq)]
enum Sure {
    Named,
    /// an address is one contact's
    Addressed,
    Alike,
}

pub(super) fn meant(conn: &mut Conn, ctx: &Ctx, work: &Work, said: &Said) -> Result<Meant> {
    if let Some((account, is_called)) = called(conn, ctx, work, said)? {
        return match (account.is_person, work.mode) {
            (false, _) => Err(refused("organisation", text!("the account is an organisation's"), account.id.0)),
            (true, Mode::CreateOnly) => Err(there(account.id.0)),
            (true, _) => {
                is_theirs(conn, ctx, work, said, &account)?;
                Ok(Meant::Account(Box::new(account), is_called))
            }
        };
    }
    if said.id.is_some() && work.mode == Mode::UpdateOnly {
        return Ok(Meant::Nobody);
    }
    let Some((contact, sure)) = somebody(conn, ctx, work, said)? else { return Ok(Meant::Nobody) };
    let is_key = sure == Sure::Named || sure == Sure::Addressed && said.external_id.is_none();
    if !is_key && work.duplicates != Duplicates::Update {
        let message = text!("the record is probably there already");
        return Err(refused(error::DUPLICATE.name, message, contact.id.0));
    }
    match of(conn, ctx, contact.id)?.filter(|account| account.deleted_at.is_none()) {
        // the row says that it means another account, which is not there
        Some(_) if said.id.is_some() => {
            let message = text!("the contact is another account already");
            let fault = Fault::new(work.plan.column("id"), PERSON_TAKEN.name, message);
            Err(Error::from(error::INVALID).fault(fault))
        }
        Some(account) if work.mode == Mode::CreateOnly => Err(there(account.id.0)),
        Some(account) => Ok(Meant::Account(Box::new(account), false)),
        None => Ok(Meant::Contact(Box::new(contact))),
    }
}

fn there(id: Uuid) -> Error {
    refused(error::ALREADY_EXISTS.name, text!("the record is there already"), id)
}

/// A row that stands for itself alone: nothing of it is written.
fn refused(code: &str, message: Text, id: Uuid) -> Error {
    Error::from(error::INVALID).fault(Fault::new("", code, message).param("id", id.to_string()))
}

/// The account that the row names. Of a row that says its own id nothing else says which that is.
fn called(conn: &mut Conn, ctx: &Ctx, work: &Work, said: &Said) -> Result<Option<(Account, bool)>> {
    if let Some(id) = said.id {
        return Ok(seen(account::find(conn, ctx, AccountId(id)))?.map(|account| (account, false)));
    }
    let known = match &said.external_id {
        Some(name) => external::find::<Account>(conn, ctx, work.plan.source_system(), name)?,
        None => None,
    };
    let Some(id) = known else { return Ok(None) };
    match seen(account::find(conn, ctx, AccountId(id)))? {
        Some(account) => Ok(Some((account, true))),
        None => {
            let message = text!("the record is archived, or not the caller's to change");
            Err(Error::from(error::FORBIDDEN).fault(Fault::new("", error::FORBIDDEN.name, message)))
        }
    }
}

/// Refuses a row that names an account, and as its contact somebody whose it is not.
fn is_theirs(conn: &mut Conn, ctx: &Ctx, work: &Work, said: &Said, account: &Account) -> Result<()> {
    let Some((target, id)) = named(conn, ctx, work, said)? else { return Ok(()) };
    if id.is_some() && id == account.person_id {
        return Ok(());
    }
    there_is(conn, ctx, work, (target, id))?;
    let fault = Fault::new(work.plan.column(target), "person", text!("the account is another's"));
    Err(Error::from(error::INVALID).fault(fault))
}

/// What the row calls a contact: by which target, and whom that means.
fn named(conn: &mut Conn, ctx: &Ctx, work: &Work, said: &Said) -> Result<Option<(&'static str, Option<ContactId>)>> {
    Ok(match (&said.person, &said.person_external_id) {
        (Some(id), _) => Some(("person.id", Some(ContactId(*id)))),
        (None, Some(name)) => {
            let known = external::find::<Contact>(conn, ctx, work.plan.source_system(), name)?;
            Some(("person.external_id", known.map(ContactId)))
        }
        (None, None) => None,
    })
}

fn there_is(
    conn: &mut Conn,
    ctx: &Ctx,
    work: &Work,
    (target, id): (&'static str, Option<ContactId>),
) -> Result<Contact> {
    let found = match id {
        Some(id) => seen(contact::find(conn, ctx, id))?,
        None => None,
    };
    found.ok_or_else(|| {
        let fault = Fault::new(work.plan.column(target), "unknown_reference", text!("there is no such contact"));
        Error::from(error::UNKNOWN_REFERENCE).fault(fault)
    })
}

/// The contact that the row names, or that it describes.
fn somebody(conn: &mut Conn, ctx: &Ctx, work: &Work, said: &Said) -> Result<Option<(Contact, Sure)>> {
    if let Some(named) = named(conn, ctx, work, said)? {
        return Ok(Some((there_is(conn, ctx, work, named)?, Sure::Named)));
    }
    let text = |field: &str| said.theirs.get(field).and_then(Value::as_str);
    if let Some(email) = text("email")
        && let Some(contact) = contact::find_by(conn, ctx, &Key::Email(email.to_owned()))?.pop()
    {
        return Ok(Some((contact, Sure::Addressed)));
    }
    if work.duplicates == Duplicates::Allow {
        return Ok(None);
    }
    let (Some(phone), Some(name)) = (text("phone"), said.name()) else { return Ok(None) };
    let there = contact::find_by(conn, ctx, &Key::Phone(phone.to_owned()))?.into_iter();
    let mut alike = there.filter(|one| one.display_name.to_lowercase() == name.to_lowercase());
    Ok(alike.next().map(|contact| (contact, Sure::Alike)))
}

fn seen<T>(found: Result<T>) -> Result<Option<T>> {
    match found {
        Ok(record) => Ok(Some(record)),
        Err(error) if error.kind() == Kind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
