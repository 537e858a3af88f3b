//! An account that is somebody's. Who they are is what their contact says: name, address, number, owner, team and
//! lifecycle stage of the account are those of the contact, by whichever of the two they are changed, in one
//! transaction and with the contact locked first. Both are archived, restored and purged together, and become one with
//! others together. It stands below no account and above none, and has nothing that organisations alone have.
pub mod import;
mod life;
mod rules;
mod said;
mod store;

pub use life::account_of;
pub(super) use life::{archive, purge, restore};
pub(crate) use life::{archive_with, purge_with, restore_with};
pub(super) use rules::{is_of_any, is_still, not_theirs};
pub(crate) use said::{MIRRORED, Said, follow, follow_all};
pub(crate) use store::{of_people, of_person, pairs, people_of};

use super::store::PEOPLE;
use super::{Account, AccountPatch, NewAccount, address, changeable, deeds};
use crate::contact::{self, Contact, ContactPatch, NewContact};
use diesel::{Connection, OptionalExtension};
use kernel::{AccountId, ContactId, Create, Ctx, Error, Fault, Kind, Noun, Result, error, text};
use platform::Conn;
use platform::custom::{self, Custom, Of};
use platform::deed::{Duplicates, unmoved};
use rules::{beyond, of_organisations, refuse, theirs};
use serde_json::Value;
use uuid::Uuid;

/// The account of a contact that the actor sees, living or archived, if they see that too.
pub fn of(conn: &mut Conn, ctx: &Ctx, contact: ContactId) -> Result<Option<Account>> {
    Ok(of_person(conn, ctx, contact)?)
}

/// The other record of somebody who is an account, living or archived, if the actor sees it: of an account their
/// contact, of a contact their account.
pub fn other(conn: &mut Conn, ctx: &Ctx, (noun, id): (&str, Uuid)) -> Result<Option<(&'static str, Uuid)>> {
    if !ctx.sees::<Account>("person_id") {
        return Ok(None);
    }
    match noun {
        Account::NAME => {
            let account = super::store::find_any(conn, ctx, AccountId(id))?;
            let Some(person) = account.person_id else { return Ok(None) };
            let seen = contact::find_any(conn, ctx, person).optional()?;
            Ok(seen.map(|contact| (Contact::NAME, contact.id.0)))
        }
        Contact::NAME => Ok(of(conn, ctx, ContactId(id))?.map(|account| (Account::NAME, account.id.0))),
        _ => Ok(None),
    }
}

/// The account of somebody new, or of a contact that is there and that the actor may change.
pub(super) fn create(conn: &mut Conn, ctx: &Ctx, new: &NewAccount, allowed: Duplicates) -> Result<Account> {
    refuse(theirs(new).into_iter().chain(of_organisations(new)))?;
    conn.transaction(|conn| {
        let contact = match (&new.person, new.person_id) {
            (Some(person), _) => made(conn, ctx, person, allowed)?,
            (None, Some(id)) => known(conn, ctx, id)?,
            (None, None) => return Err(Error::internal("an account of nobody")),
        };
        let said = Said::of(&contact);
        let whole = NewAccount {
            name: Some(said.name),
            email: said.email,
            phone: said.phone,
            phone_text: said.phone_text,
            owner_id: Some(said.owner_id),
            team_id: said.team_id,
            lifecycle_stage: Some(said.lifecycle_stage),
            person: None,
            ..new.clone()
        };
        let account = deeds::insert(conn, ctx, &whole, Some(contact.id))?;
        address::begin(conn, ctx, account.id, &new.addresses)?;
        Ok(account)
    })
}

/// The body of an account says nothing of the contact's own fields: they are looked at here.
fn made(conn: &mut Conn, ctx: &Ctx, person: &NewContact, allowed: Duplicates) -> Result<Contact> {
    ctx.must::<Create<Contact>>()?;
    let given = Value::Object(person.custom.0.clone());
    let own = custom::check(Contact::NAME, &ctx.grants, Some(&given), Of::New);
    let own = own.map_err(|faults| within(Error::from(error::INVALID).faults(faults)))?;
    let person = NewContact { custom: Custom(own), ..person.clone() };
    contact::create(conn, ctx, &person, allowed).map_err(within)
}

/// Locked, for the account says what it says now.
fn known(conn: &mut Conn, ctx: &Ctx, id: ContactId) -> Result<Contact> {
    contact::changeable(conn, ctx, id).map_err(|error| match error.kind() {
        Kind::NotFound => Error::from(error::UNKNOWN_REFERENCE).fault(Fault::new(
            "/person_id",
            "unknown_reference",
            text!("there is no such contact"),
        )),
        _ => error,
    })
}

/// Faults of somebody, by where they stand in the body of an account.
fn within(mut error: Error) -> Error {
    error.faults.iter_mut().for_each(|fault| fault.pointer = format!("/person{}", fault.pointer));
    error
}

/// What their contact says is changed there, and the account says the same. With a `base`, only if the account is still
/// at that version.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    found: &Account,
    base: Option<i32>,
    patch: &AccountPatch,
) -> Result<Account> {
    refuse(beyond(patch))?;
    let person = found.person_id.ok_or(error::NOT_FOUND)?;
    conn.transaction(|conn| {
        // whoever sees the account may not see the contact
        let before = contact::changeable(conn, ctx, person).map_err(|error| match error.kind() {
            Kind::NotFound => Error::from(error::FORBIDDEN),
            _ => error,
        })?;
        let account = changeable(conn, ctx, found.id)?;
        unmoved(conn, ctx, &account, base)?;
        let after = match changed(&before, patch) {
            None => before,
            Some(theirs) => {
                may_say(ctx, &theirs)?;
                contact::update_alone(conn, ctx, person, &theirs)?
            }
        };
        let whole = Said::of(&after).over(patch);
        match deeds::settled_update(conn, ctx, (found.id, PEOPLE), None, &whole)? {
            Some(account) => Ok(account),
            None => Err(error::FORBIDDEN.into()),
        }
    })
}

/// What a patch of the account changes of the contact.
fn changed(before: &Contact, patch: &AccountPatch) -> Option<ContactPatch> {
    let dials = patch.phone.clone().zip(patch.phone_text.clone());
    let (phone, phone_text) =
        dials.filter(|(phone, text)| (phone, text) != (&before.phone, &before.phone_text)).unzip();
    let theirs = ContactPatch {
        display_name: patch.name.clone().filter(|name| *name != before.display_name),
        email: patch.email.clone().filter(|email| *email != before.email),
        phone,
        phone_text,
        owner_id: patch.owner_id.filter(|owner| *owner != before.owner_id),
        team_id: patch.team_id.filter(|team| *team != before.team_id),
        lifecycle_stage: patch.lifecycle_stage.clone().filter(|stage| *stage != before.lifecycle_stage),
        ..ContactPatch::default()
    };
    let says = theirs.display_name.is_some() || theirs.email.is_some() || theirs.phone.is_some();
    let says = says || theirs.owner_id.is_some() || theirs.team_id.is_some() || theirs.lifecycle_stage.is_some();
    says.then_some(theirs)
}

/// A field of the contact is written by whoever may write it there.
fn may_say(ctx: &Ctx, theirs: &ContactPatch) -> Result<()> {
    let written = [
        ("display_name", theirs.display_name.is_some()),
        ("email", theirs.email.is_some()),
        ("phone", theirs.phone.is_some()),
        ("owner_id", theirs.owner_id.is_some()),
        ("team_id", theirs.team_id.is_some()),
        ("lifecycle_stage", theirs.lifecycle_stage.is_some()),
    ];
    written.iter().filter(|(_, is_written)| *is_written).try_for_each(|(field, _)| ctx.may_write::<Contact>(field))
}
