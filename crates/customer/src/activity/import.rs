//! Rows that become activities, with the contact and the account that they are about.
use super::{Activity, ActivityPatch, CATALOGUE, DIRECTIONS, KINDS, NewActivity, store};
use crate::link::{Links, RecordLink};
use crate::schema::activities;
use crate::{account, contact};
use diesel::prelude::*;
use kernel::{Action, Create, Ctx, Fault, Import, Result, Update, text};
use platform::Conn;
use platform::deed::Mode;
use platform::import::many::{self, Columns};
use platform::import::records::{self, Change, Draft, Room, faults_of};
use platform::import::{Holds, Importer, Outcome, Plan, Remover, Row, Target, Work, Written};
use serde_json::{Map, Value, json};
use uuid::Uuid;

pub struct Activities;

const TARGETS: &[Target] = &[
    Target::id("id"),
    Target::text("external_id"),
    Target::id("account_id").part("activity", "links"),
    Target::text("account.external_id").part("activity", "links"),
    Target::text("account.tax_number").part("activity", "links"),
    Target::text("account.name").part("activity", "links"),
    Target::id("contact_id").part("activity", "links"),
    Target::text("contact.external_id").part("activity", "links"),
    Target::new("contact.email", Holds::Email).part("activity", "links"),
    Target::new("kind", Holds::Choice(KINDS)),
    Target::new("direction", Holds::Choice(DIRECTIONS)),
    Target::text("subject"),
    Target::text("body"),
    Target::new("started_at", Holds::Instant),
    Target::new("ended_at", Holds::Instant),
    Target::text("outcome"),
];

pub const REMOVER: Remover = Remover { noun: CATALOGUE.noun, remove };

impl Importer for Activities {
    fn resource(&self) -> &'static str {
        "activities"
    }
    fn noun(&self) -> &'static str {
        "activity"
    }
    fn targets(&self) -> &'static [Target] {
        TARGETS
    }
    fn makes(&self) -> &'static [&'static str] {
        &[]
    }
    fn check(&self, plan: &Plan) -> Vec<Fault> {
        match ["kind", "id", "external_id"].iter().any(|target| plan.at(target).is_some()) {
            true => Vec::new(),
            false => {
                let missing = text!("kind, or external_id, says what was done");
                vec![Fault::new("/mapping/columns", "required", missing)]
            }
        }
    }
    fn may(&self, ctx: &Ctx, mode: Mode, _: &dyn Fn(&str) -> bool) -> Result<()> {
        ctx.must::<Import<Activity>>()?;
        if mode != Mode::UpdateOnly {
            ctx.must::<Create<Activity>>()?;
        }
        if mode != Mode::CreateOnly { ctx.must::<Update<Activity>>() } else { Ok(()) }
    }
    fn write(&self, conn: &mut Conn, ctx: &Ctx, work: &Work, rows: &[Row]) -> Result<Written> {
        let (mut written, mut drafts) = (Written::of(rows.len()), Vec::new());
        let linked = linked(conn, ctx, work, rows, &mut written)?;
        for (place, (row, links)) in rows.iter().zip(linked).enumerate() {
            match draft(work, place, row, links) {
                Ok(draft) => drafts.push(draft),
                Err(faults) => written.put(place, Outcome::Failed(faults)),
            }
        }
        records::write::<Activities>(conn, ctx, work, drafts, &mut written)?;
        Ok(written)
    }
}

type Linked = std::result::Result<Links, Vec<Fault>>;

/// The contact and the account of each row, as links.
pub(crate) fn linked(
    conn: &mut Conn,
    ctx: &Ctx,
    work: &Work,
    rows: &[Row],
    written: &mut Written,
) -> Result<Vec<Linked>> {
    let all: Vec<&Row> = rows.iter().collect();
    let accounts = account::import::Named::of(&work.plan, "").find(conn, ctx, work, &all, written)?;
    let contacts = contact::import::Named::of(&work.plan, "").find(conn, ctx, work, &all)?;
    let link = |resource: &str, id: Uuid| RecordLink { resource: resource.to_owned(), record_id: id };
    let both = accounts.into_iter().zip(contacts).map(|(account, contact)| {
        let account = account.id(account::import::column(&work.plan, ""));
        match (account, contact) {
            (Ok(account), Ok(contact)) => {
                let contact = contact.map(|id| link("contact", id.0));
                Ok(Links(contact.into_iter().chain(account.map(|id| link("account", id.0))).collect()))
            }
            (account, contact) => Err([account.err(), contact.err()].into_iter().flatten().collect()),
        }
    });
    Ok(both.collect())
}

/// What a row says, with its links in place of the columns that name them.
fn draft(work: &Work, place: usize, row: &Row, links: Linked) -> std::result::Result<Draft, Vec<Fault>> {
    let (mut draft, links) = (Draft::of(&CATALOGUE, work, place, row)?, links?);
    linking(&mut draft, links);
    Ok(draft)
}

pub(crate) fn linking(draft: &mut Draft, links: Links) {
    ["account_id", "contact_id"].iter().for_each(|name| drop(draft.fields.remove(*name)));
    if !links.0.is_empty() {
        draft.fields.insert("links".to_owned(), json!(links));
    }
}

/// Links of a row are added to those that are there.
pub(crate) fn joined(columns: &mut Columns, before: Option<&Columns>) {
    let list = |columns: &Columns| columns.get("links").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut all = before.map(list).unwrap_or_default();
    for one in list(columns) {
        if !all.contains(&one) {
            all.push(one);
        }
    }
    columns.insert("links".to_owned(), Value::Array(all));
}

impl Room for Activities {
    type Record = Activity;
    const CATALOGUE: &'static kernel::catalogue::Catalogue = &CATALOGUE;
    const UNIQUE: &'static [&'static str] = &[];

    fn with(_: &mut Conn, _: &Ctx, _: Option<&str>, _: &[String]) -> Result<Vec<Activity>> {
        Ok(Vec::new())
    }

    fn lock(conn: &mut Conn, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Activity>> {
        let living = store::scope(ctx, Action::Update).filter(activities::deleted_at.is_null());
        let found = living.filter(activities::id.eq_any(ids)).order(activities::id).for_update();
        Ok(found.select(Activity::as_select()).load(conn)?)
    }

    fn check_new(fields: &Map<String, Value>) -> Vec<Fault> {
        faults_of::<NewActivity>(fields)
    }

    fn check_change(before: &Columns, fields: &Map<String, Value>) -> Vec<Fault> {
        let mut faults = faults_of::<ActivityPatch>(fields);
        let moment = |name: &str| -> Option<chrono::DateTime<chrono::Utc>> {
            fields.get(name).or_else(|| before.get(name))?.as_str()?.parse().ok()
        };
        if moment("started_at").zip(moment("ended_at")).is_some_and(|(start, end)| end < start) {
            faults.push(Fault::new("ended_at", "order", text!("ends before it starts")));
        }
        faults
    }

    fn complete(ctx: &Ctx, columns: &mut Columns, _: &Map<String, Value>, before: Option<&Columns>) {
        columns.entry("started_at").or_insert_with(|| json!(ctx.now));
        columns.entry("participants").or_insert_with(|| json!([]));
        joined(columns, before);
    }

    fn words(columns: &Columns, _: &Map<String, Value>) -> Vec<String> {
        let text = |name: &str| columns.get(name).and_then(Value::as_str);
        super::deeds::words(text("subject"), text("body"))
    }

    fn beside(_: &mut Conn, _: &Ctx, _: &mut [Change]) -> Result<()> {
        Ok(())
    }
}

fn remove(conn: &mut Conn, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    many::delete(conn, ctx, &CATALOGUE, ids)?;
    Ok(ids.to_vec())
}
