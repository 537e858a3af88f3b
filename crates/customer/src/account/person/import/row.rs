//! One row: what it says of the contact and of the account, and how that is written.
use super::MADE;
use super::meant::{Meant, meant};
use crate::account::{self, Account, AccountPatch, CATALOGUE, NewAccount};
use crate::contact::{self, Contact, ContactPatch, full_name};
use crate::merging::without_text;
use diesel::Connection;
use kernel::custom::CUSTOM;
use kernel::{Ctx, Error, Fault, Kind, Noun, Result, Tidy, error, rules, shape, text};
use platform::custom::{self, Of};
use platform::deed::{Duplicates, Mode};
use platform::import::records::Draft;
use platform::import::{Outcome, Row, Work, Written};
use platform::{Conn, external};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use uuid::Uuid;
use validator::Validate;

type Fields = Map<String, Value>;

const PHONE_TEXT: &str = "phone_text";

/// Fields of the contact, by what a column is called that goes there.
const THEIRS: &[(&str, &str)] = &[
    ("name", "display_name"),
    ("email", "email"),
    ("phone", "phone"),
    ("lifecycle_stage", "lifecycle_stage"),
    ("person.given_name", "given_name"),
    ("person.family_name", "family_name"),
    ("person.job_title", "job_title"),
    ("person.department", "department"),
    ("person.birth_on", "birth_on"),
    ("person.gender", "gender"),
    ("person.locale", "locale"),
    ("person.time_zone", "time_zone"),
    ("person.source", "source"),
    ("person.do_not_contact", "do_not_contact"),
    ("person.description", "description"),
];

/// What a row says.
pub(super) struct Said {
    place: usize,
    /// whom it names
    pub id: Option<Uuid>,
    pub external_id: Option<String>,
    pub person: Option<Uuid>,
    pub person_external_id: Option<String>,
    /// fields of the contact
    pub theirs: Fields,
    /// fields of the account alone
    own: Fields,
}

impl Said {
    pub fn of(work: &Work, place: usize, row: &Row) -> std::result::Result<Self, Vec<Fault>> {
        let mut draft = Draft::of(&CATALOGUE, work, place, row)?;
        let value = |(column, field): &(&str, &str)| {
            let value = row.get(work.plan.at(column))?;
            Some(((*field).to_owned(), value.json()))
        };
        let mut theirs: Fields = THEIRS.iter().filter_map(value).collect();
        // what their number was given as is said with it
        theirs.extend(draft.fields.remove(PHONE_TEXT).map(|text| (PHONE_TEXT.to_owned(), text)));
        for (column, _) in THEIRS {
            draft.fields.remove(*column);
        }
        Ok(Self {
            place,
            id: draft.id,
            external_id: draft.external_id,
            person: row.id(work.plan.at("person.id")),
            person_external_id: row.text(work.plan.at("person.external_id")).map(str::to_owned),
            theirs,
            own: draft.fields,
        })
    }

    /// As a new contact would be called.
    pub fn name(&self) -> Option<String> {
        let text = |field: &str| self.theirs.get(field).and_then(Value::as_str);
        text("display_name").map(str::to_owned).or_else(|| full_name(text("given_name"), text("family_name")))
    }
}

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
        Ok(Done { outcome, account, contact }) => {
            if outcome == Outcome::Created {
                written.created.push((MADE, account));
                written.created.extend(contact.map(|id| (Contact::NAME, id)));
            }
            written.came(said.place, outcome, account);
            Ok(())
        }
        Err(error) if matches!(error.kind(), Kind::Invalid | Kind::Conflict | Kind::Forbidden | Kind::NotFound) => {
            let faults = if error.faults.is_empty() { vec![Fault::of("", error.code)] } else { error.faults };
            written.put(said.place, Outcome::Failed(faults));
            Ok(())
        }
        Err(error) => Err(error),
    }
}

struct Done {
    outcome: Outcome,
    account: Uuid,
    /// that was made
    contact: Option<Uuid>,
}

/// The account of somebody new, or of a contact that is there.
fn begin(conn: &mut Conn, ctx: &Ctx, work: &Work, said: &Said, known: Option<Contact>) -> Result<Done> {
    let mut fields = said.own.clone();
    let (theirs, phone_text) = without_text(said.theirs.clone());
    match &known {
        Some(contact) => {
            speak(conn, ctx, work, contact, &said.theirs)?;
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
    Ok(Done { outcome: Outcome::Created, account: account.id.0, contact })
}

fn change(conn: &mut Conn, ctx: &Ctx, work: &Work, said: &Said, before: &Account, is_called: bool) -> Result<Done> {
    if !is_called {
        call(conn, ctx, work, said, before.id.0)?;
    }
    let whose = before.person_id.ok_or(error::NOT_FOUND)?;
    let contact = contact::find(conn, ctx, whose).map_err(|error| match error.kind() {
        Kind::NotFound => Error::from(error::FORBIDDEN),
        _ => error,
    })?;
    let spoke = speak(conn, ctx, work, &contact, &said.theirs)?;
    let is_same = says_nothing_new(before, &said.own)?;
    if !is_same {
        let patch: AccountPatch = body(ctx, said.own.clone(), Of::Patch).map_err(|e| placed(work, e))?;
        account::update(conn, ctx, before.id, None, &patch).map_err(|e| placed(work, e))?;
    }
    let outcome = if spoke || !is_same { Outcome::Updated } else { Outcome::Unchanged };
    Ok(Done { outcome, account: before.id.0, contact: None })
}

/// What the row says of the contact; whether that was something new.
fn speak(conn: &mut Conn, ctx: &Ctx, work: &Work, before: &Contact, theirs: &Fields) -> Result<bool> {
    if says_nothing_new(before, theirs)? {
        return Ok(false);
    }
    let (theirs, phone_text) = without_text(theirs.clone());
    let mut patch: ContactPatch = read(theirs, Vec::new()).map_err(|e| spoken(work, e))?;
    patch.phone_text = phone_text;
    contact::update(conn, ctx, before.id, None, &patch).map_err(|e| spoken(work, e))?;
    Ok(true)
}

/// Remembers what another system calls the account.
fn call(conn: &mut Conn, ctx: &Ctx, work: &Work, said: &Said, id: Uuid) -> Result<()> {
    let Some(name) = &said.external_id else { return Ok(()) };
    match external::put::<Account>(conn, ctx, id, work.plan.source_system(), name)? {
        true => Ok(()),
        false => Err(external::EXTERNAL_ID_TAKEN.into()),
    }
}

fn says_nothing_new<T: serde::Serialize>(before: &T, fields: &Fields) -> Result<bool> {
    let before = serde_json::to_value(before).map_err(Error::internal)?;
    let same = |(name, value): (&String, &Value)| match (name.as_str(), value) {
        (CUSTOM, Value::Object(own)) => {
            own.iter().all(|(key, value)| before.get(CUSTOM).and_then(|custom| custom.get(key)) == Some(value))
        }
        _ => before.get(name) == Some(value),
    };
    Ok(fields.iter().all(same))
}

/// The fields of a row as a body of an account, held to the rules that a body is held to.
fn body<T: DeserializeOwned + Validate>(ctx: &Ctx, mut fields: Fields, of: Of) -> Result<T> {
    let mut faults = Vec::new();
    if of == Of::New || fields.contains_key(CUSTOM) {
        match custom::check(Account::NAME, &ctx.grants, fields.get(CUSTOM), of) {
            Ok(own) => drop(fields.insert(CUSTOM.to_owned(), Value::Object(own))),
            Err(wrong) => {
                fields.remove(CUSTOM);
                faults = wrong;
            }
        }
    }
    read(fields, faults)
}

fn read<T: DeserializeOwned + Validate>(fields: Fields, mut faults: Vec<Fault>) -> Result<T> {
    let body: T = serde_json::from_value(Value::Object(fields))
        .map_err(|e| Error::from(error::INVALID).fault(shape::fault("", &e.to_string(), None)))?;
    faults.extend(rules::faults(&body));
    if faults.is_empty() { Ok(body) } else { Err(Error::from(error::INVALID).faults(faults)) }
}

/// Faults of the body of an account, by the names of columns.
fn placed(work: &Work, mut error: Error) -> Error {
    for fault in &mut error.faults {
        let field = fault.pointer.trim_start_matches('/');
        fault.pointer = match field.strip_prefix("person/") {
            Some(field) => column(work, field),
            // of the whole of them
            None if field == "person" => column(work, "display_name"),
            None if field == "person_id" => work.plan.column("person.id"),
            None => work.plan.column(&field.replace('/', ".")),
        };
    }
    error
}

/// Faults of the body of a contact.
fn spoken(work: &Work, mut error: Error) -> Error {
    error.faults.iter_mut().for_each(|fault| fault.pointer = column(work, fault.pointer.trim_start_matches('/')));
    error
}

/// Where a field of the contact came from.
fn column(work: &Work, field: &str) -> String {
    let field = field.replace('/', ".");
    let target = THEIRS.iter().find(|(_, own)| *own == field).map(|(column, _)| *column);
    work.plan.column(target.unwrap_or(&field))
}
