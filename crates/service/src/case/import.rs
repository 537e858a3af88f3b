//! Rows that become cases, one by one, by the same deeds as everything else.
use super::{CATALOGUE, CHANNELS, Case, CasePatch, NewCase, PRIORITIES, SEVERITIES, TYPES, deeds, store};
use crate::case::standing::STATUSES;
use customer::account::Account;
use customer::contact;
use customer::rows::{self, Meant, Room};
use kernel::catalogue::Catalogue;
use kernel::{CaseId, Create, Ctx, Fault, Import, Result, Update, text};
use platform::Conn;
use platform::deed::Mode;
use platform::import::{Holds, Importer, Plan, Remover, Row, Target, Work, Written, many};
use serde_json::{Map, Value};
use uuid::Uuid;

pub struct Cases;

const TARGETS: &[Target] = &[
    Target::id("id"),
    Target::text("external_id"),
    Target::text("number"),
    Target::text("subject"),
    Target::text("description"),
    Target::new("case_type", Holds::Choice(TYPES)),
    Target::new("status", Holds::Choice(STATUSES)),
    Target::new("priority", Holds::Choice(PRIORITIES)),
    Target::new("severity", Holds::Choice(SEVERITIES)),
    Target::new("channel", Holds::Choice(CHANNELS)),
    Target::id("account_id"),
    Target::text("account.external_id"),
    Target::text("account.tax_number"),
    Target::text("account.name"),
    Target::id("contact_id"),
    Target::text("contact.external_id"),
    Target::new("contact.email", Holds::Email),
    Target::text("resolution"),
    Target::text("root_cause"),
];

pub const REMOVER: Remover = Remover { noun: CATALOGUE.noun, remove };

impl Importer for Cases {
    fn resource(&self) -> &'static str {
        "cases"
    }
    fn noun(&self) -> &'static str {
        CATALOGUE.noun
    }
    fn targets(&self) -> &'static [Target] {
        TARGETS
    }
    fn makes(&self) -> &'static [&'static str] {
        &["account"]
    }
    fn check(&self, plan: &Plan) -> Vec<Fault> {
        match ["id", "external_id", "number"].iter().any(|target| plan.at(target).is_some()) {
            true => Vec::new(),
            false => vec![Fault::new("/mapping/columns", "required", text!("number or external_id says which case"))],
        }
    }
    fn may(&self, ctx: &Ctx, mode: Mode, makes: &dyn Fn(&str) -> bool) -> Result<()> {
        ctx.must::<Import<Case>>()?;
        if mode != Mode::UpdateOnly {
            ctx.must::<Create<Case>>()?;
        }
        if mode != Mode::CreateOnly {
            ctx.must::<Update<Case>>()?;
        }
        if makes("account") { ctx.must::<Create<Account>>() } else { Ok(()) }
    }
    fn write(&self, conn: &mut Conn, ctx: &Ctx, work: &Work, rows: &[Row]) -> Result<Written> {
        let mut written = Written::of(rows.len());
        let accounts = rows::accounts(conn, ctx, work, rows, &mut written)?;
        let all: Vec<&Row> = rows.iter().collect();
        let contacts = contact::import::Named::of(&work.plan, "").find(conn, ctx, work, &all)?;
        let contacts = contacts.into_iter().map(|contact| rows::field("contact_id", contact));
        let meant: Vec<Meant> = accounts.into_iter().zip(contacts).map(|(one, other)| rows::both(one, other)).collect();
        rows::write::<Self>(conn, ctx, work, rows, meant, written)
    }
}

impl Room for Cases {
    type Record = Case;
    type New = NewCase;
    type Patch = CasePatch;
    const CATALOGUE: &'static Catalogue = &CATALOGUE;

    fn there(conn: &mut Conn, ctx: &Ctx, id: Uuid) -> Result<Option<Case>> {
        Ok(store::many(conn, ctx, &[CaseId(id)])?.pop())
    }
    fn create(conn: &mut Conn, ctx: &Ctx, id: Option<Uuid>, new: NewCase) -> Result<Uuid> {
        deeds::create(conn, ctx, &NewCase { id: id.map(CaseId), ..new }).map(|made| made.id.0)
    }
    fn update(conn: &mut Conn, ctx: &Ctx, id: Uuid, patch: &CasePatch) -> Result<()> {
        deeds::update(conn, ctx, CaseId(id), None, patch).map(drop)
    }
    /// By which it came in is said once.
    fn of_a_new_one(fields: &mut Map<String, Value>) {
        fields.remove("channel");
    }
}

fn remove(conn: &mut Conn, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    many::delete(conn, ctx, &CATALOGUE, ids)?;
    Ok(ids.to_vec())
}
