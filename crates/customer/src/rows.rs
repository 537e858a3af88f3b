//! Rows of files that become records one by one, by the same deeds as everything else: what holds of them holds of
//! files too. Each row has a savepoint: what is wrong with it is told, and stops no other.
use crate::account;
use diesel::Connection;
use kernel::catalogue::Catalogue;
use kernel::custom::CUSTOM;
use kernel::{Ctx, Error, Fault, Kind, Noun, Record, Result, Tidy, error, rules, shape, text};
use platform::custom::{self, Of};
use platform::deed::Mode;
use platform::import::records::Draft;
use platform::import::{Outcome, Row, Work, Written};
use platform::{Conn, external};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use uuid::Uuid;
use validator::Validate;

/// What a noun is to rows.
pub trait Room {
    type Record: Record + serde::Serialize;
    type New: DeserializeOwned + Validate + Tidy;
    type Patch: DeserializeOwned + Validate + Tidy;
    const CATALOGUE: &'static Catalogue;

    /// A living record that the caller sees.
    fn there(conn: &mut Conn, ctx: &Ctx, id: Uuid) -> Result<Option<Self::Record>>;
    fn create(conn: &mut Conn, ctx: &Ctx, id: Option<Uuid>, new: Self::New) -> Result<Uuid>;
    fn update(conn: &mut Conn, ctx: &Ctx, id: Uuid, patch: &Self::Patch) -> Result<()>;

    /// The one that a row means which names none.
    fn alike(_: &mut Conn, _: &Ctx, _: &Work, _: &Draft) -> Result<Option<Self::Record>> {
        Ok(None)
    }

    /// Takes out what says where a new one begins.
    fn of_a_new_one(_: &mut Map<String, Value>) {}

    /// The fields as a body has them.
    fn as_body(_: &mut Map<String, Value>) {}

    /// The column that a fault is told by.
    fn target<'a>(_: &Work, field: &'a str) -> &'a str {
        field
    }
}

/// The fields that the names in a row stand for, or what is wrong with those names.
pub type Meant = std::result::Result<Vec<(String, Value)>, Vec<Fault>>;

/// What two columns of a row stand for, or what is wrong with both.
pub fn both(one: Meant, other: Meant) -> Meant {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok([one, other].concat()),
        (one, other) => Err([one.err(), other.err()].into_iter().flatten().flatten().collect()),
    }
}

/// What a name stands for as the one field that it fills.
pub fn field<T: serde::Serialize>(name: &str, meant: std::result::Result<Option<T>, Fault>) -> Meant {
    match meant {
        Ok(meant) => Ok(meant.map(|value| (name.to_owned(), json!(value))).into_iter().collect()),
        Err(fault) => Err(vec![fault]),
    }
}

/// The account that each row names; one that is missing is made, where the file may.
pub fn accounts(conn: &mut Conn, ctx: &Ctx, work: &Work, rows: &[Row], written: &mut Written) -> Result<Vec<Meant>> {
    let all: Vec<&Row> = rows.iter().collect();
    let accounts = account::import::Named::of(&work.plan, "").find(conn, ctx, work, &all, written)?;
    let column = account::import::column(&work.plan, "");
    Ok(accounts.into_iter().map(|account| field("account_id", account.id(column.as_str()))).collect())
}

/// Writes the rows of a chunk one by one, each with what its names stand for.
pub fn write<R: Room>(
    conn: &mut Conn,
    ctx: &Ctx,
    work: &Work,
    rows: &[Row],
    meant: impl IntoIterator<Item = Meant>,
    mut written: Written,
) -> Result<Written> {
    let mut known = called::<R::Record>(conn, ctx, work, rows)?;
    for (place, (row, meant)) in rows.iter().zip(meant).enumerate() {
        let outcome = match (meant, Draft::of(R::CATALOGUE, work, place, row)) {
            (Ok(meant), Ok(mut draft)) => {
                draft.fields.extend(meant);
                put::<R>(conn, ctx, work, draft, &mut known, &mut written.created)?
            }
            (meant, draft) => Outcome::Failed([meant.err(), draft.err()].into_iter().flatten().flatten().collect()),
        };
        written.put(place, outcome);
    }
    Ok(written)
}

/// The records that rows mean by what another system calls them.
fn called<N: Noun>(conn: &mut Conn, ctx: &Ctx, work: &Work, rows: &[Row]) -> Result<HashMap<String, Uuid>> {
    let at = work.plan.at("external_id");
    let names: Vec<String> = rows.iter().filter_map(|row| row.text(at).map(str::to_owned)).collect();
    if names.is_empty() {
        return Ok(HashMap::new());
    }
    Ok(external::find_all::<N>(conn, ctx, work.plan.source_system(), &names)?.into_iter().collect())
}

/// Writes one row.
fn put<R: Room>(
    conn: &mut Conn,
    ctx: &Ctx,
    work: &Work,
    draft: Draft,
    known: &mut HashMap<String, Uuid>,
    created: &mut Vec<(&'static str, Uuid)>,
) -> Result<Outcome> {
    let meant = draft.external_id.as_ref().and_then(|name| known.get(name).copied());
    let before = match meant.or(draft.id) {
        Some(id) => R::there(conn, ctx, id)?,
        None => R::alike(conn, ctx, work, &draft)?,
    };
    let refused = |code: &str, message| Ok(Outcome::Failed(vec![Fault::new("", code, message)]));
    let done = match (before, work.mode) {
        (Some(_), Mode::CreateOnly) => {
            return refused(error::ALREADY_EXISTS.name, text!("the record is there already"));
        }
        (None, Mode::UpdateOnly) => {
            return refused(error::NOT_FOUND.name, text!("there is no such record to update"));
        }
        (None, _) if meant.is_some() => {
            let message = text!("the record is archived, or not the caller's to change");
            return refused(error::FORBIDDEN.name, message);
        }
        (Some(before), _) => conn.transaction(|conn| {
            if meant.is_none() {
                call::<R>(conn, ctx, work, &draft, before.id().into())?;
            }
            change::<R>(conn, ctx, &before, draft.fields.clone())
        }),
        (None, _) => conn.transaction(|conn| make::<R>(conn, ctx, work, &draft)),
    };
    match done {
        Ok((outcome, id)) => {
            if outcome == Outcome::Created {
                created.push((R::Record::NAME, id));
            }
            known.extend(draft.external_id.map(|name| (name, id)));
            Ok(outcome)
        }
        Err(error) if matches!(error.kind(), Kind::Invalid | Kind::Conflict | Kind::Forbidden | Kind::NotFound) => {
            Ok(Outcome::Failed(placed::<R>(work, error)))
        }
        Err(error) => Err(error),
    }
}

type Done = (Outcome, Uuid);

fn make<R: Room>(conn: &mut Conn, ctx: &Ctx, work: &Work, draft: &Draft) -> Result<Done> {
    let new = body::<R, R::New>(ctx, as_body::<R>(draft.fields.clone()), Of::New)?;
    let id = R::create(conn, ctx, draft.id, new)?;
    call::<R>(conn, ctx, work, draft, id)?;
    Ok((Outcome::Created, id))
}

/// Remembers what another system calls it.
fn call<R: Room>(conn: &mut Conn, ctx: &Ctx, work: &Work, draft: &Draft, id: Uuid) -> Result<()> {
    let Some(name) = &draft.external_id else { return Ok(()) };
    match external::put::<R::Record>(conn, ctx, id, work.plan.source_system(), name)? {
        true => Ok(()),
        false => Err(external::EXTERNAL_ID_TAKEN.into()),
    }
}

fn change<R: Room>(conn: &mut Conn, ctx: &Ctx, before: &R::Record, mut fields: Map<String, Value>) -> Result<Done> {
    R::of_a_new_one(&mut fields);
    let id: Uuid = before.id().into();
    if says_nothing_new(before, &fields)? {
        return Ok((Outcome::Unchanged, id));
    }
    let patch = body::<R, R::Patch>(ctx, as_body::<R>(fields), Of::Patch)?;
    R::update(conn, ctx, id, &patch)?;
    Ok((Outcome::Updated, id))
}

fn as_body<R: Room>(mut fields: Map<String, Value>) -> Map<String, Value> {
    R::as_body(&mut fields);
    fields
}

fn says_nothing_new<T: serde::Serialize>(before: &T, fields: &Map<String, Value>) -> Result<bool> {
    let before = serde_json::to_value(before).map_err(Error::internal)?;
    let same = |(name, value): (&String, &Value)| match (name.as_str(), value) {
        (CUSTOM, Value::Object(own)) => {
            own.iter().all(|(key, value)| before.get(CUSTOM).and_then(|custom| custom.get(key)) == Some(value))
        }
        _ => before.get(name) == Some(value),
    };
    Ok(fields.iter().all(same))
}

/// The fields of a row as a body, held to the rules that a body is held to. What a number was given as it says apart.
fn body<R: Room, T>(ctx: &Ctx, mut fields: Map<String, Value>, of: Of) -> Result<T>
where
    T: DeserializeOwned + Validate + Tidy,
{
    let texts = R::CATALOGUE.fields.iter().filter(|field| field.text_of.is_some());
    let given = texts.filter_map(|field| fields.remove(field.name)).find_map(|text| text.as_str().map(str::to_owned));
    let mut faults = Vec::new();
    if of == Of::New || fields.contains_key(CUSTOM) {
        match custom::check(R::CATALOGUE.noun, &ctx.grants, fields.get(CUSTOM), of) {
            Ok(own) => drop(fields.insert(CUSTOM.to_owned(), Value::Object(own))),
            Err(wrong) => {
                fields.remove(CUSTOM);
                faults.extend(wrong);
            }
        }
    }
    let mut body: T = serde_json::from_value(Value::Object(fields))
        .map_err(|e| Error::from(error::INVALID).fault(shape::fault("", &e.to_string(), None)))?;
    if let Some(text) = given {
        body.quote(text);
    }
    faults.extend(rules::faults(&body));
    if faults.is_empty() { Ok(body) } else { Err(Error::from(error::INVALID).faults(faults)) }
}

/// Faults by the names of columns; a refusal without a place stands for the row.
fn placed<R: Room>(work: &Work, error: Error) -> Vec<Fault> {
    if error.faults.is_empty() {
        return vec![Fault::of("", error.code)];
    }
    let place = |fault: Fault| {
        let field = fault.pointer.trim_start_matches('/').replace('/', ".");
        Fault { pointer: work.plan.column(R::target(work, &field)), ..fault }
    };
    error.faults.into_iter().map(place).collect()
}
