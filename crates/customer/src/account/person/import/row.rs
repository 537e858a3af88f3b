//! One row: what it says of the contact and of the account, as the fields of either and as their bodies.
use crate::account::{Account, CATALOGUE};
use crate::contact::full_name;
use kernel::custom::CUSTOM;
use kernel::{Ctx, Error, Fault, Noun, Result, error, rules, shape};
use platform::custom::{self, Of};
use platform::import::records::Draft;
use platform::import::{Row, Work};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use uuid::Uuid;
use validator::Validate;

pub(super) type Fields = Map<String, Value>;

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
    /// among the rows of the chunk
    pub place: usize,
    /// whom it names
    pub id: Option<Uuid>,
    pub external_id: Option<String>,
    pub person: Option<Uuid>,
    pub person_external_id: Option<String>,
    /// fields of the contact
    pub theirs: Fields,
    /// fields of the account alone
    pub own: Fields,
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

/// Whether a record says all of this already.
pub(super) fn says_nothing_new<T: Serialize>(before: &T, fields: &Fields) -> Result<bool> {
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
pub(super) fn body<T: DeserializeOwned + Validate>(ctx: &Ctx, mut fields: Fields, of: Of) -> Result<T> {
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

pub(super) fn read<T: DeserializeOwned + Validate>(fields: Fields, mut faults: Vec<Fault>) -> Result<T> {
    let body: T = serde_json::from_value(Value::Object(fields))
        .map_err(|e| Error::from(error::INVALID).fault(shape::fault("", &e.to_string(), None)))?;
    faults.extend(rules::faults(&body));
    if faults.is_empty() { Ok(body) } else { Err(Error::from(error::INVALID).faults(faults)) }
}

/// Faults of the body of an account, by the names of columns.
pub(super) fn placed(work: &Work, mut error: Error) -> Error {
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
pub(super) fn spoken(work: &Work, mut error: Error) -> Error {
    error.faults.iter_mut().for_each(|fault| fault.pointer = column(work, fault.pointer.trim_start_matches('/')));
    error
}

/// Where a field of the contact came from.
fn column(work: &Work, field: &str) -> String {
    let field = field.replace('/', ".");
    let target = THEIRS.iter().find(|(_, own)| *own == field).map(|(column, _)| *column);
    work.plan.column(target.unwrap_or(&field))
}
