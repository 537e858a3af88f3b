//! Rows that become words of the ledger: each names a contact, a purpose, a channel and what was said. The same word of
//! the same moment a second time is the one that is there.
use super::{BASES, CATALOGUE, CHANNELS, Evidence, NewConsent, STANDS, STATUSES, deeds, store};
use crate::contact::Contact;
use crate::contact::import::Named;
use kernel::{ContactId, Ctx, Fault, Import, Result, Tidy, Update, error, rules, text};
use platform::Conn;
use platform::deed::Mode;
use platform::import::{Holds, Importer, Outcome, Plan, Remover, Row, Target, Work, Written};
use uuid::Uuid;

pub struct Consents;

const TARGETS: &[Target] = &[
    Target::id("contact_id"),
    Target::text("contact.external_id"),
    Target::new("contact.email", Holds::Email),
    Target::text("purpose"),
    Target::new("channel", Holds::Choice(CHANNELS)),
    Target::new("status", Holds::Choice(STATUSES)),
    Target::new("lawful_basis", Holds::Choice(BASES)),
    Target::text("source"),
    Target::new("occurred_at", Holds::Instant),
    Target::new("expires_at", Holds::Instant),
    Target::text("text").part("consent", "evidence"),
    Target::text("language").part("consent", "evidence"),
];

/// What was written down stays: an import of words is not taken back.
pub const REMOVER: Remover = Remover { noun: CATALOGUE.noun, remove };

impl Importer for Consents {
    fn resource(&self) -> &'static str {
        "consents"
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
            (has(&["purpose"]), text!("purpose says for what")),
            (has(&["channel"]), text!("channel says by which way")),
            (has(&["status"]), text!("status says what was said")),
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
            let outcome = match contact.and_then(|contact| new(work, contact, row)) {
                Ok(new) => put(conn, ctx, work, &new, &mut written.created)?,
                Err(faults) => Outcome::Failed(faults),
            };
            written.put(place, outcome);
        }
        Ok(written)
    }
}

fn new(work: &Work, contact: ContactId, row: &Row) -> std::result::Result<NewConsent, Vec<Fault>> {
    let text = |target: &str| row.text(work.plan.at(target)).map(str::to_owned);
    let moment = |target: &str| row.get(work.plan.at(target)).and_then(platform::import::Value::instant);
    let mut new = NewConsent {
        contact_id: contact,
        purpose: text("purpose").unwrap_or_default(),
        channel: text("channel").unwrap_or_default(),
        status: text("status").unwrap_or_default(),
        lawful_basis: text("lawful_basis").unwrap_or_else(super::consent),
        source: text("source").or_else(|| Some("import".to_owned())),
        evidence: Evidence { text: text("text"), language: text("language"), ..Evidence::default() },
        occurred_at: moment("occurred_at"),
        expires_at: moment("expires_at"),
    };
    new.tidy();
    let place = |fault: Fault| Fault { pointer: work.plan.column(fault.pointer.trim_start_matches('/')), ..fault };
    let faults: Vec<Fault> = rules::faults(&new).into_iter().map(place).collect();
    if faults.is_empty() { Ok(new) } else { Err(faults) }
}

/// A row that names no moment says what holds already, where that is the same.
fn put(
    conn: &mut Conn,
    ctx: &Ctx,
    work: &Work,
    new: &NewConsent,
    created: &mut Vec<(&'static str, Uuid)>,
) -> Result<Outcome> {
    let known = match new.occurred_at {
        None => store::newest(conn, ctx, new)?.is_some_and(|status| status == new.status),
        Some(at) => store::was_said(conn, ctx, new, at)?,
    };
    let refused = |code: &str, message| Ok(Outcome::Failed(vec![Fault::new("", code, message)]));
    match work.mode {
        Mode::CreateOnly if known => refused(error::ALREADY_EXISTS.name, text!("the record is there already")),
        Mode::UpdateOnly if !known => refused(error::NOT_FOUND.name, text!("there is no such record to update")),
        _ if known => Ok(Outcome::Unchanged),
        _ => match deeds::record(conn, ctx, new) {
            Ok(kept) => {
                created.push((CATALOGUE.noun, kept.id.0));
                Ok(Outcome::Created)
            }
            Err(error) if error.code == error::INVALID && !error.faults.is_empty() => {
                let place =
                    |fault: Fault| Fault { pointer: work.plan.column(fault.pointer.trim_start_matches('/')), ..fault };
                Ok(Outcome::Failed(error.faults.into_iter().map(place).collect()))
            }
            Err(error) => Err(error),
        },
    }
}

fn remove(_: &mut Conn, _: &Ctx, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    if ids.is_empty() { Ok(Vec::new()) } else { Err(STANDS.into()) }
}
