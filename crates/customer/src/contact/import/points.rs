//! Rows that become contact points: each names its contact, and is told from the others of it by its kind and value.
use super::Named;
use crate::contact::point::{self, CATALOGUE, ContactPoint, ContactPointPatch, KINDS, NewContactPoint};
use crate::contact::{Contact, store};
use kernel::{ContactId, ContactPointId, Ctx, Fault, Import, Result, Tidy, Update, error, rules, text};
use platform::Conn;
use platform::deed::Mode;
use platform::import::{Holds, Importer, Outcome, Plan, Remover, Row, Target, Value, Work, Written};
use uuid::Uuid;

pub struct ContactPoints;

const TARGETS: &[Target] = &[
    Target::id("contact_id"),
    Target::text("contact.external_id"),
    Target::new("contact.email", Holds::Email),
    Target::new("kind", Holds::Choice(KINDS)),
    Target::text("value"),
    Target::text("label"),
    Target::new("is_primary", Holds::Bool),
];

pub const REMOVER: Remover = Remover { noun: CATALOGUE.noun, remove };

impl Importer for ContactPoints {
    fn resource(&self) -> &'static str {
        "contact_points"
    }
    fn noun(&self) -> &'static str {
        CATALOGUE.noun
    }
    fn targets(&self) -> &'static [Target] {
        TARGETS
    }
    fn makes(&self) -> &'static [&'static str] {
        &[]
    }
    fn check(&self, plan: &Plan) -> Vec<Fault> {
        let has = |any: &[&str]| any.iter().any(|target| plan.at(target).is_some());
        let whose = has(&["contact_id", "contact.external_id", "contact.email"]);
        let must = [
            (whose, text!("contact_id, contact.external_id or contact.email says whose it is")),
            (has(&["kind"]), text!("kind says what it is")),
            (has(&["value"]), text!("value says how to reach them")),
        ];
        let missing = must.into_iter().filter(|(there, _)| !there);
        missing.map(|(_, message)| Fault::new("/mapping/columns", "required", message)).collect()
    }
    fn may(&self, ctx: &Ctx, _: Mode, _: &dyn Fn(&str) -> bool) -> Result<()> {
        ctx.must::<Import<Contact>>()?;
        ctx.must::<Update<Contact>>()
    }
    fn write(&self, conn: &mut Conn, ctx: &Ctx, work: &Work, rows: &[Row]) -> Result<Written> {
        let mut written = Written::of(rows.len());
        let all: Vec<&Row> = rows.iter().collect();
        let contacts = Named::of(&work.plan, "").find(conn, ctx, work, &all)?;
        for (place, (row, contact)) in rows.iter().zip(contacts).enumerate() {
            let nobody = || Fault::new("", "required", text!("the row names no contact"));
            let contact = contact.and_then(|contact| contact.ok_or_else(nobody)).map_err(|fault| vec![fault]);
            let outcome = match contact.and_then(|contact| Ok((contact, new(work, row)?))) {
                Ok((contact, new)) => put(conn, ctx, work, contact, &new, row, &mut written.created)?,
                Err(faults) => Outcome::Failed(faults),
            };
            written.put(place, outcome);
        }
        Ok(written)
    }
}

fn new(work: &Work, row: &Row) -> std::result::Result<NewContactPoint, Vec<Fault>> {
    let text = |target: &str| row.text(work.plan.at(target)).map(str::to_owned);
    let mut new = NewContactPoint {
        kind: text("kind").unwrap_or_default(),
        value: text("value").unwrap_or_default(),
        label: text("label"),
        is_primary: row.get(work.plan.at("is_primary")) == Some(&Value::Bool(true)),
        value_norm: None,
    };
    new.tidy();
    new.dial(work.plan.mapping.phone_region);
    let faults = rules::faults(&new)
        .into_iter()
        .map(|fault| Fault { pointer: work.plan.column(fault.pointer.trim_start_matches('/')), ..fault });
    let faults: Vec<Fault> = faults.collect();
    if faults.is_empty() { Ok(new) } else { Err(faults) }
}

fn put(
    conn: &mut Conn,
    ctx: &Ctx,
    work: &Work,
    contact: ContactId,
    new: &NewContactPoint,
    row: &Row,
    created: &mut Vec<(&'static str, Uuid)>,
) -> Result<Outcome> {
    let value_norm = new.norm();
    let there = store::points(conn, ctx, &[contact])?;
    let same = |one: &&ContactPoint| one.kind == new.kind && one.value_norm == value_norm;
    let refused = |code: &str, message| Ok(Outcome::Failed(vec![Fault::new("", code, message)]));
    match (there.iter().find(same), work.mode) {
        (Some(_), Mode::CreateOnly) => refused(error::ALREADY_EXISTS.name, text!("the record is there already")),
        (None, Mode::UpdateOnly) => refused(error::NOT_FOUND.name, text!("there is no such record to update")),
        (None, _) => {
            let made = point::add(conn, ctx, contact, new)?;
            created.push((CATALOGUE.noun, made.id.0));
            Ok(Outcome::Created)
        }
        (Some(before), _) => {
            let label = row.get(work.plan.at("label")).is_some() && new.label != before.label;
            let patch = ContactPointPatch {
                label: label.then(|| new.label.clone()),
                is_primary: (new.is_primary && !before.is_primary).then_some(true),
                ..ContactPointPatch::default()
            };
            let respelled = new.kind == "phone" && new.value != before.value;
            if patch.label.is_none() && patch.is_primary.is_none() && !respelled {
                return Ok(Outcome::Unchanged);
            }
            if respelled {
                point::add(conn, ctx, contact, new)?;
            }
            point::update(conn, ctx, before.id, None, &patch)?;
            Ok(Outcome::Updated)
        }
    }
}

/// With a primary point goes the contact's address or number.
fn remove(conn: &mut Conn, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    super::each_gone(ids, |id| point::remove(conn, ctx, ContactPointId(id), None))
}
