//! Addresses that come with the rows of what they belong to: `billing_address.street` and its like. A row means the
//! primary address of that kind, or else the oldest, and makes a primary one where there is none; so a file brought in
//! again doubles nothing.
use super::{AddressPatch, KINDS, NewAddress};
use kernel::catalogue::Catalogue;
use kernel::event::Verb;
use kernel::{Ctx, Error, Fault, Result, Tidy, error};
use platform::Conn;
use platform::import::many;
use platform::import::records::faults_of;
use platform::import::{At, Holds, Outcome, Plan, Row, Target, Value as Cell, Work, Written};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// For each kind the parts of an address.
macro_rules! targets {
    ($noun:literal: $($kind:literal),+) => { &[$(
        Target::text(concat!($kind, "_address.label")).part($noun, "label"),
        Target::text(concat!($kind, "_address.recipient")).part($noun, "recipient"),
        Target::new(concat!($kind, "_address.phone"), Holds::Phone).part($noun, "phone"),
        Target::new(concat!($kind, "_address.country"), Holds::Country).part($noun, "country"),
        Target::text(concat!($kind, "_address.region")).part($noun, "region"),
        Target::text(concat!($kind, "_address.city")).part($noun, "city"),
        Target::text(concat!($kind, "_address.district")).part($noun, "district"),
        Target::text(concat!($kind, "_address.division_code")).part($noun, "division_code"),
        Target::text(concat!($kind, "_address.street")).part($noun, "street"),
        Target::text(concat!($kind, "_address.detail")).part($noun, "detail"),
        Target::text(concat!($kind, "_address.postal_code")).part($noun, "postal_code"),
        Target::text(concat!($kind, "_address.raw_text")).part($noun, "raw_text"),
    )+] };
}
pub(crate) const OF_ACCOUNTS: &[Target] =
    targets!("account_address": "billing", "shipping", "home", "work", "registered", "other");
pub(crate) const OF_CONTACTS: &[Target] =
    targets!("contact_address": "billing", "shipping", "home", "work", "registered", "other");

const COUNTRY: &str = "country";
const PHONE: &str = "phone";
const PHONE_TEXT: &str = "phone_text";
/// Where it is, and who takes it there: without any of these, a row says nothing of an address.
const TELLING: &[&str] =
    &["recipient", PHONE, "region", "city", "district", "division_code", "street", "detail", "postal_code", "raw_text"];
const BESIDE: &[&str] = &["label", COUNTRY];

/// What the rows of a file say of addresses: by kind, where each part stands.
pub(crate) struct Reading(Vec<(&'static str, Vec<(&'static str, At)>)>);

/// What a row says of its address of a kind.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    kind: &'static str,
    fields: Map<String, Value>,
    /// what its number was given as
    phone_text: Option<String>,
}

/// By the place of a row, what it says.
pub(crate) type OfRows = Vec<(usize, Vec<Said>)>;

impl Reading {
    pub fn of(plan: &Plan) -> Self {
        let parts = |kind: &str| -> Vec<(&'static str, At)> {
            let all = TELLING.iter().chain(BESIDE);
            all.filter_map(|part| Some((*part, plan.at(&target(kind, part))?))).collect()
        };
        Self(KINDS.iter().map(|kind| (*kind, parts(kind))).filter(|(_, parts)| !parts.is_empty()).collect())
    }

    /// All that a row says, or what is wrong with it.
    pub fn read(&self, work: &Work, row: &Row) -> std::result::Result<Vec<Said>, Vec<Fault>> {
        let (mut all, mut faults) = (Vec::new(), Vec::new());
        for (kind, parts) in &self.0 {
            let text = |(part, at): &(&'static str, At)| Some((*part, row.text(Some(*at))?));
            let given: Vec<(&str, &str)> = parts.iter().filter_map(text).collect();
            if !given.iter().any(|(part, _)| TELLING.contains(part)) {
                continue;
            }
            let fields = given.iter().map(|(part, text)| ((*part).to_owned(), Value::from(*text))).collect();
            faults.extend(placed(work, kind, faults_of::<AddressPatch>(&fields)));
            let phone = parts.iter().find(|(part, _)| *part == PHONE).and_then(|(_, at)| row.get(Some(*at)));
            all.push(Said { kind, fields, phone_text: phone.and_then(Cell::given).map(str::to_owned) });
        }
        if faults.is_empty() { Ok(all) } else { Err(faults) }
    }
}

impl Said {
    /// As it is answered: with what its number was given as.
    fn told(&self) -> Map<String, Value> {
        let text = self.phone_text.as_ref().map(|text| (PHONE_TEXT.to_owned(), json!(text)));
        self.fields.clone().into_iter().chain(text).collect()
    }

    /// No body says what its number was given as.
    fn quote(&self, body: &mut impl Tidy) {
        if let Some(text) = self.phone_text.clone() {
            body.quote(text);
        }
    }
}

fn target(kind: &str, part: &str) -> String {
    format!("{kind}_address.{part}")
}

/// Faults of an address, by the names of their columns.
fn placed(work: &Work, kind: &str, faults: Vec<Fault>) -> Vec<Fault> {
    let place = |fault: Fault| {
        let part = match fault.pointer.trim_start_matches('/') {
            // of the whole of it
            "" => COUNTRY,
            part => part,
        };
        Fault { pointer: work.plan.column(&target(kind, part)), ..fault }
    };
    faults.into_iter().map(place).collect()
}

/// An address that is there.
pub(crate) struct Standing {
    pub id: Uuid,
    pub whose: Uuid,
    pub kind: String,
    /// as it is answered
    pub says: Value,
}

/// Where the addresses of a noun are kept.
pub(crate) trait Kept {
    const CATALOGUE: &'static Catalogue;
    /// of what they belong to
    const WHOLE: &'static Catalogue;
    /// Those of records that are locked, the primary ones first.
    fn standing(conn: &mut Conn, ctx: &Ctx, whole: &[Uuid]) -> Result<Vec<Standing>>;
    fn insert(conn: &mut Conn, ctx: &Ctx, whole: Uuid, new: &NewAddress) -> Result<Uuid>;
    fn update(conn: &mut Conn, ctx: &Ctx, id: Uuid, patch: &AddressPatch) -> Result<()>;
}

/// Writes what rows say of the addresses of records that were written a moment ago, or are held and said all of it
/// before. Where a record has no version by its row, a change of its addresses is one. A fault fails the chunk, which
/// is written row by row then.
pub(crate) fn settle<K: Kept>(
    conn: &mut Conn,
    ctx: &Ctx,
    work: &Work,
    said: OfRows,
    written: &mut Written,
) -> Result<()> {
    let meant = said.into_iter().filter_map(|(row, said)| Some((row, written.record(row)?, said)));
    let meant: Vec<(usize, Uuid, Said)> =
        meant.flat_map(|(row, whole, said)| said.into_iter().map(move |said| (row, whole, said))).collect();
    let all: BTreeSet<Uuid> = meant.iter().map(|(_, whole, _)| *whole).collect();
    if all.is_empty() {
        return Ok(());
    }
    let mut there: BTreeMap<(Uuid, String), Standing> = BTreeMap::new();
    for one in K::standing(conn, ctx, &all.iter().copied().collect::<Vec<_>>())? {
        there.entry((one.whose, one.kind.clone())).or_insert(one);
    }
    let made: BTreeSet<Uuid> = written.created.iter().map(|(_, id)| *id).collect();
    let mut touched = Vec::new();
    for (row, whole, said) in meant {
        let before = there.get(&(whole, said.kind.to_owned()));
        let Some((id, is_new)) = put::<K>(conn, ctx, work, whole, &said, before)? else { continue };
        let says = before.map(|one| one.says.clone()).unwrap_or_else(|| json!({}));
        let kind = said.kind.to_owned();
        let says = joined(says, said.told());
        let one = Standing { id, whose: whole, kind: kind.clone(), says };
        there.insert((whole, kind), one);
        if is_new && !made.contains(&whole) {
            written.created.push((K::CATALOGUE.noun, id));
        }
        if !written.is_told(row) {
            written.put(row, Outcome::Updated);
            touched.push(whole);
        }
    }
    touched.sort_unstable();
    touched.dedup();
    many::touch(conn, ctx, K::WHOLE, Verb::Updated, &touched)?;
    Ok(())
}

/// The address that was changed or made, and whether it is new; nothing where it says that already.
fn put<K: Kept>(
    conn: &mut Conn,
    ctx: &Ctx,
    work: &Work,
    whole: Uuid,
    said: &Said,
    before: Option<&Standing>,
) -> Result<Option<(Uuid, bool)>> {
    let refused = |faults: Vec<Fault>| Error::from(error::INVALID).faults(placed(work, said.kind, faults));
    let Some(before) = before else {
        let own = [("kind", json!(said.kind)), ("is_primary", json!(true))];
        let fields =
            joined(json!(said.fields), own.map(|(name, value)| (name.to_owned(), value)).into_iter().collect());
        let fields = fields.as_object().cloned().unwrap_or_default();
        let faults = faults_of::<NewAddress>(&fields);
        if !faults.is_empty() {
            return Err(refused(faults));
        }
        let mut new: NewAddress = serde_json::from_value(Value::Object(fields)).map_err(Error::internal)?;
        said.quote(&mut new);
        return Ok(Some((K::insert(conn, ctx, whole, &new)?, true)));
    };
    if said.told().iter().all(|(name, value)| before.says.get(name) == Some(value)) {
        return Ok(None);
    }
    let mut patch: AddressPatch = serde_json::from_value(json!(said.fields)).map_err(Error::internal)?;
    said.quote(&mut patch);
    match K::update(conn, ctx, before.id, &patch) {
        Err(error) if error.code == error::INVALID => Err(refused(error.faults)),
        done => done.map(|()| Some((before.id, false))),
    }
}

fn joined(mut says: Value, more: Map<String, Value>) -> Value {
    if let Some(says) = says.as_object_mut() {
        says.extend(more);
    }
    says
}
