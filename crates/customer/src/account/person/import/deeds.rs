//! How a row is written: by the same deeds as everything else, and of records that are there once they are held.
use super::MADE;
use super::meant::{Meant, meant};
use super::row::{Fields, Said, body, placed, read, says_nothing_new, spoken};
use crate::account::store::PEOPLE;
use crate::account::{self, Account, AccountPatch, NewAccount, deeds, person};
use crate::contact::{self, Contact, ContactPatch};
use crate::merging::without_text;
use diesel::Connection;
use kernel::{Ctx, Error, Fault, Kind, Noun, Result, Tidy, error, text};
use platform::custom::Of;
use platform::deed::{Duplicates, Mode};
use platform::import::{Outcome, Work, Written};
use platform::{Conn, external};
use serde_json::{Value, json};
use uuid::Uuid;

/// Writes a row, unless something is wrong with it.
pub(super) fn write(conn: &mut Conn, ctx: &Ctx, work: &Work, said: Said, written: &mut Written) -> Result<()> {
    let done = conn.transaction(|conn| match meant(conn, ctx, work, &said)? {
        Meant::Account(account, is_called) => change(conn, ctx, work, &said, &account, is_called),
        _ if work.mode == Mode::UpdateOnly => {
            let fault = Fault::new("", error::NOT_FOUND.name, text!("there is no such record to update"));
            Err(Error::from(error::NOT_FOUND).fault(fault))
        }
        Meant::Contact(contact) => begin(conn, ctx, work, &said, Some(*contact)),
        Meant::Nobody => begin(conn, ctx, work, &said, None),
    });
    match done {
        Ok(Done { outcome: Outcome::Updated, account, is_told: false, .. }) => written.came_beside(said.place, account),
        Ok(Done { outcome, account, contact, .. }) => {
            if outcome == Outcome::Created {
                written.created.push((MADE, account));
                written.created.extend(contact.map(|id| (Contact::NAME, id)));
            }
            written.came(said.place, outcome, account);
        }
        Err(error) if matches!(error.kind(), Kind::Invalid | Kind::Conflict | Kind::Forbidden | Kind::NotFound) => {
            let faults = if error.faults.is_empty() { vec![Fault::of("", error.code)] } else { error.faults };
            written.put(said.place, Outcome::Failed(faults));
        }
        Err(error) => return Err(error),
    }
    Ok(())
}

struct Done {
    outcome: Outcome,
    account: Uuid,
    /// whether the account has a version by it
    is_told: bool,
    /// that was made
    contact: Option<Uuid>,
}

/// The account of somebody new, or of a contact that is there.
fn begin(conn: &mut Conn, ctx: &Ctx, work: &Work, said: &Said, known: Option<Contact>) -> Result<Done> {
    let mut fields = said.own.clone();
    let (theirs, phone_text) = without_text(said.theirs.clone());
    match &known {
        Some(contact) => {
            let contact = contact::changeable(conn, ctx, contact.id)?;
            speak(conn, ctx, work, &contact, &said.theirs, false)?;
            fields.insert("person_id".to_owned(), json!(contact.id));
        }
        None => drop(fields.insert("person".to_owned(), Value::Object(theirs))),
    }
    fields.extend(said.id.map(|id| ("id".to_owned(), json!(id))));
    let mut new: NewAccount = body(ctx, fields, Of::New).map_err(|e| placed(work, e))?;
    if let Some((person, text)) = new.person.as_mut().zip(phone_text.flatten()) {
        person.quote(text);
    }
    let account = account::create(conn, ctx, &new, Duplicates::Allow).map_err(|e| placed(work, e))?;
    call(conn, ctx, work, said, account.id.0)?;
    let contact = account.person_id.filter(|_| known.is_none()).map(|id| id.0);
    Ok(Done { outcome: Outcome::Created, account: account.id.0, is_told: true, contact })
}

/// Whatever changes of the account, by what the row says of it or of the contact, is one version of it.
fn change(conn: &mut Conn, ctx: &Ctx, work: &Work, said: &Said, found: &Account, is_called: bool) -> Result<Done> {
    let (contact, account) = held(conn, ctx, found)?;
    if !is_called {
        call(conn, ctx, work, said, account.id.0)?;
    }
    let is_same = says_nothing_new(&account, &said.own)?;
    let spoke = speak(conn, ctx, work, &contact, &said.theirs, !is_same)?;
    if !is_same {
        let patch: AccountPatch = body(ctx, said.own.clone(), Of::Patch).map_err(|e| placed(work, e))?;
        let whole = person::Said::of(spoke.as_ref().unwrap_or(&contact)).over(&patch);
        let done = deeds::settled_update(conn, ctx, (account.id, PEOPLE), None, &whole);
        done.map_err(|e| placed(work, e))?.ok_or(error::FORBIDDEN)?;
    }
    let follows = spoke.as_ref().is_some_and(|after| person::Said::of(after) != person::Said::of(&contact));
    let outcome = if spoke.is_some() || !is_same { Outcome::Updated } else { Outcome::Unchanged };
    Ok(Done { outcome, account: account.id.0, is_told: follows || !is_same, contact: None })
}

/// The contact and the account as they are while nobody else changes them: held in the order in which everybody holds
/// them, before anything is written of them or beside them. Whoever may not change the account is refused, though the
/// row says nothing new of it.
fn held(conn: &mut Conn, ctx: &Ctx, found: &Account) -> Result<(Contact, Account)> {
    let whose = found.person_id.ok_or(error::NOT_FOUND)?;
    contact::lock_any(conn, ctx, whose)?;
    let account = account::changeable(conn, ctx, found.id)?;
    let contact = contact::find(conn, ctx, whose).map_err(|error| match error.kind() {
        Kind::NotFound => Error::from(error::FORBIDDEN),
        _ => error,
    })?;
    Ok((contact, account))
}

/// What the row says of the contact, if that is something new: the contact as it is then. `alone`: the account is
/// changed by another deed, which takes along what the contact says.
fn speak(
    conn: &mut Conn,
    ctx: &Ctx,
    work: &Work,
    before: &Contact,
    theirs: &Fields,
    alone: bool,
) -> Result<Option<Contact>> {
    if says_nothing_new(before, theirs)? {
        return Ok(None);
    }
    let (theirs, phone_text) = without_text(theirs.clone());
    let mut patch: ContactPatch = read(theirs, Vec::new()).map_err(|e| spoken(work, e))?;
    patch.phone_text = phone_text;
    let done = match alone {
        true => contact::update_alone(conn, ctx, before.id, &patch),
        false => contact::update(conn, ctx, before.id, None, &patch),
    };
    done.map(Some).map_err(|e| spoken(work, e))
}

/// Remembers what another system calls the account.
fn call(conn: &mut Conn, ctx: &Ctx, work: &Work, said: &Said, id: Uuid) -> Result<()> {
    let Some(name) = &said.external_id else { return Ok(()) };
    match external::put::<Account>(conn, ctx, id, work.plan.source_system(), name)? {
        true => Ok(()),
        false => Err(external::EXTERNAL_ID_TAKEN.into()),
    }
}
