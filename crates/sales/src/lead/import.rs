//! Rows that become leads, one by one, by the same deeds as everything else: they are rated and given out as they come.
//! Owners, teams and pools are named as people call them. A row that names nothing else means the lead with its address.
use super::standing::SENT;
use super::{CATALOGUE, Key, Lead, LeadPatch, NewLead, deeds, store};
use crate::opportunity::named::Named;
use crate::rows::{self, Room};
use customer::choices::{RATINGS, SOURCES};
use kernel::catalogue::Catalogue;
use kernel::{Create, Ctx, Fault, Import, LeadId, Result, Update, text};
use platform::Conn;
use platform::deed::{Duplicates, Mode};
use platform::import::records::Draft;
use platform::import::{Holds, Importer, Plan, Remover, Row, Target, Work, Written, many};
use serde_json::{Map, Value};
use uuid::Uuid;

pub struct Leads;

const TARGETS: &[Target] = &[
    Target::id("id"),
    Target::text("external_id"),
    Target::text("given_name"),
    Target::text("family_name"),
    Target::text("display_name"),
    Target::text("company_name"),
    Target::text("job_title"),
    Target::new("email", Holds::Email),
    Target::new("phone", Holds::Phone),
    Target::text("industry"),
    Target::new("country", Holds::Country),
    Target::text("region"),
    Target::text("city"),
    Target::text("phone_text"),
    Target::text("owner.email").part("user", "email"),
    Target::text("team.name"),
    Target::text("pool.name"),
    Target::new("status", Holds::Choice(SENT)),
    Target::new("source", Holds::Choice(SOURCES)),
    Target::new("rating", Holds::Choice(RATINGS)),
    Target::text("description"),
    Target::text("disqualify_reason"),
];

pub const REMOVER: Remover = Remover { noun: CATALOGUE.noun, remove };

impl Importer for Leads {
    fn resource(&self) -> &'static str {
        "leads"
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
        let named =
            ["id", "external_id", "display_name", "given_name", "family_name", "company_name", "email", "phone"];
        match named.iter().any(|target| plan.at(target).is_some()) {
            true => Vec::new(),
            false => {
                vec![Fault::new(
                    "/mapping/columns",
                    "required",
                    text!("a name, an address or external_id says who it is"),
                )]
            }
        }
    }
    fn may(&self, ctx: &Ctx, mode: Mode, _: &dyn Fn(&str) -> bool) -> Result<()> {
        ctx.must::<Import<Lead>>()?;
        if mode != Mode::UpdateOnly {
            ctx.must::<Create<Lead>>()?;
        }
        if mode != Mode::CreateOnly { ctx.must::<Update<Lead>>() } else { Ok(()) }
    }
    fn write(&self, conn: &mut Conn, ctx: &Ctx, work: &Work, rows: &[Row]) -> Result<Written> {
        let named = Named::find(conn, ctx, &work.plan, rows)?;
        let meant = rows.iter().map(|row| named.fields(&work.plan, row));
        rows::write::<Self>(conn, ctx, work, rows, meant, Written::of(rows.len()))
    }
}

impl Room for Leads {
    type Record = Lead;
    type New = NewLead;
    type Patch = LeadPatch;
    const CATALOGUE: &'static Catalogue = &CATALOGUE;

    fn there(conn: &mut Conn, ctx: &Ctx, id: Uuid) -> Result<Option<Lead>> {
        Ok(store::many(conn, ctx, &[LeadId(id)])?.pop())
    }
    fn create(conn: &mut Conn, ctx: &Ctx, id: Option<Uuid>, new: NewLead) -> Result<Uuid> {
        let new = NewLead { id: id.map(LeadId), ..new };
        deeds::create(conn, ctx, &new, Duplicates::Allow).map(|made| made.id.0)
    }
    fn update(conn: &mut Conn, ctx: &Ctx, id: Uuid, patch: &LeadPatch) -> Result<()> {
        deeds::update(conn, ctx, LeadId(id), None, patch).map(drop)
    }
    /// The lead with the address, where one alone has it.
    fn alike(conn: &mut Conn, ctx: &Ctx, work: &Work, draft: &Draft) -> Result<Option<Lead>> {
        let email = draft.fields.get("email").and_then(Value::as_str).filter(|_| work.mode != Mode::CreateOnly);
        let Some(email) = email else { return Ok(None) };
        let mut found = store::find_by(conn, ctx, &Key::Email(email.to_owned()))?;
        let one = found.pop();
        Ok(if found.is_empty() { one } else { None })
    }
    /// A file puts new leads into pools, and takes none from there.
    fn of_a_new_one(fields: &mut Map<String, Value>) {
        fields.remove("pool_id");
    }
    /// The column of a field is called as people call what it means.
    fn target<'a>(_: &Work, field: &'a str) -> &'a str {
        match field {
            "owner_id" => "owner.email",
            "team_id" => "team.name",
            "pool_id" => "pool.name",
            other => other,
        }
    }
}

fn remove(conn: &mut Conn, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    many::delete(conn, ctx, &CATALOGUE, ids)?;
    Ok(ids.to_vec())
}
