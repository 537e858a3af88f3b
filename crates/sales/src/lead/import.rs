//! Rows that become leads, one by one, by the same deeds as everything else: they are rated and given out as they come.
//! Owners and teams are named as people call them. A row that names nothing else means the lead with its address.
use super::standing::SENT;
use super::{CATALOGUE, Key, Lead, LeadPatch, NewLead, deeds, store};
use crate::opportunity::named::Named;
use crate::rows;
use customer::choices::{RATINGS, SOURCES};
use diesel::Connection;
use kernel::{Create, Ctx, Fault, Import, Kind, LeadId, Result, Update, error, text};
use platform::custom::Of;
use platform::deed::{Duplicates, Mode};
use platform::import::records::Draft;
use platform::import::{Holds, Importer, Outcome, Plan, Remover, Row, Target, Work, Written, many};
use platform::{Conn, external};
use serde_json::{Map, Value};
use std::collections::HashMap;
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
    Target::text("owner.email").part("user", "email"),
    Target::text("team.name"),
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
        let mut written = Written::of(rows.len());
        let named = Named::find(conn, ctx, &work.plan, rows)?;
        let mut known = rows::called::<Lead>(conn, ctx, work, rows)?;
        for (place, row) in rows.iter().enumerate() {
            let draft = Draft::of(&CATALOGUE, work, place, row).and_then(|mut draft| {
                draft.fields.extend(named.fields(&work.plan, row)?);
                Ok(draft)
            });
            let outcome = match draft {
                Ok(draft) => put(conn, ctx, work, draft, &mut known, &mut written.created)?,
                Err(faults) => Outcome::Failed(faults),
            };
            written.put(place, outcome);
        }
        Ok(written)
    }
}

/// Writes one row in a savepoint: what is wrong with it is told, and stops no other.
fn put(
    conn: &mut Conn,
    ctx: &Ctx,
    work: &Work,
    draft: Draft,
    known: &mut HashMap<String, Uuid>,
    created: &mut Vec<(&'static str, Uuid)>,
) -> Result<Outcome> {
    let meant = draft.external_id.as_ref().and_then(|name| known.get(name).copied());
    let before = before(conn, ctx, work, &draft, meant)?;
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
        (Some(before), _) => conn.transaction(|conn| change(conn, ctx, work, &before, &draft)),
        (None, _) => conn.transaction(|conn| make(conn, ctx, work, &draft)),
    };
    match done {
        Ok((outcome, id)) => {
            if outcome == Outcome::Created {
                created.push((CATALOGUE.noun, id.0));
            }
            known.extend(draft.external_id.map(|name| (name, id.0)));
            Ok(outcome)
        }
        Err(error) if matches!(error.kind(), Kind::Invalid | Kind::Conflict | Kind::Forbidden | Kind::NotFound) => {
            Ok(Outcome::Failed(rows::placed(work, error, target)))
        }
        Err(error) => Err(error),
    }
}

/// The record that a row means: by what another system calls it, its id, or its address where one lead alone has it.
fn before(conn: &mut Conn, ctx: &Ctx, work: &Work, draft: &Draft, meant: Option<Uuid>) -> Result<Option<Lead>> {
    if let Some(id) = meant.or(draft.id) {
        return Ok(store::many(conn, ctx, &[LeadId(id)])?.pop());
    }
    let email = draft.fields.get("email").and_then(Value::as_str).filter(|_| work.mode != Mode::CreateOnly);
    let Some(email) = email else { return Ok(None) };
    let mut found = store::find_by(conn, ctx, &Key::Email(email.to_owned()))?;
    let one = found.pop();
    Ok(if found.is_empty() { one } else { None })
}

type Done = (Outcome, LeadId);

fn make(conn: &mut Conn, ctx: &Ctx, work: &Work, draft: &Draft) -> Result<Done> {
    let mut new: NewLead = rows::body::<Lead, _>(ctx, draft.fields.clone(), Of::New)?;
    new.id = draft.id.map(LeadId);
    let made = deeds::create(conn, ctx, &new, Duplicates::Allow)?;
    called(conn, ctx, work, draft, made.id)?;
    Ok((Outcome::Created, made.id))
}

fn change(conn: &mut Conn, ctx: &Ctx, work: &Work, before: &Lead, draft: &Draft) -> Result<Done> {
    called(conn, ctx, work, draft, before.id)?;
    if rows::says_nothing_new(before, &draft.fields)? {
        return Ok((Outcome::Unchanged, before.id));
    }
    let fields: Map<String, Value> = draft.fields.clone();
    let patch: LeadPatch = rows::body::<Lead, _>(ctx, fields, Of::Patch)?;
    deeds::update(conn, ctx, before.id, None, &patch).map(|after| (Outcome::Updated, after.id))
}

fn called(conn: &mut Conn, ctx: &Ctx, work: &Work, draft: &Draft, id: LeadId) -> Result<()> {
    let Some(name) = &draft.external_id else { return Ok(()) };
    match external::put::<Lead>(conn, ctx, id.0, work.plan.source_system(), name)? {
        true => Ok(()),
        false => Err(external::EXTERNAL_ID_TAKEN.into()),
    }
}

/// The column of a field is called as people call what it means.
fn target(field: &str) -> String {
    match field {
        "owner_id" => "owner.email",
        "team_id" => "team.name",
        other => other,
    }
    .to_owned()
}

fn remove(conn: &mut Conn, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    many::delete(conn, ctx, &CATALOGUE, ids)?;
    Ok(ids.to_vec())
}
