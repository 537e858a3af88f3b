//! Rows that become tasks, with the contact and the account that they have to do with. A file brings no series.
use super::{CATALOGUE, COMPLETED, NewTask, OPEN, PRIORITIES, STATUSES, Task, TaskPatch, store};
use crate::activity::import::{joined, linked, linking};
use crate::schema::tasks;
use diesel::prelude::*;
use kernel::{Action, Create, Ctx, Fault, Import, Result, Update, text};
use platform::Conn;
use platform::deed::Mode;
use platform::import::many::{self, Columns};
use platform::import::records::{self, Change, Draft, Room, faults_of};
use platform::import::{Holds, Importer, Outcome, Plan, Remover, Row, Target, Work, Written};
use serde_json::{Map, Value, json};
use uuid::Uuid;

pub struct Tasks;

const TARGETS: &[Target] = &[
    Target::id("id"),
    Target::text("external_id"),
    Target::id("account_id").part("task", "links"),
    Target::text("account.external_id").part("task", "links"),
    Target::text("account.tax_number").part("task", "links"),
    Target::text("account.name").part("task", "links"),
    Target::id("contact_id").part("task", "links"),
    Target::text("contact.external_id").part("task", "links"),
    Target::new("contact.email", Holds::Email).part("task", "links"),
    Target::text("subject"),
    Target::text("description"),
    Target::new("status", Holds::Choice(STATUSES)),
    Target::new("priority", Holds::Choice(PRIORITIES)),
    Target::new("due_at", Holds::Instant),
    Target::new("due_on", Holds::Date),
    Target::text("time_zone"),
];

pub const REMOVER: Remover = Remover { noun: CATALOGUE.noun, remove };

impl Importer for Tasks {
    fn resource(&self) -> &'static str {
        "tasks"
    }
    fn noun(&self) -> &'static str {
        "task"
    }
    fn targets(&self) -> &'static [Target] {
        TARGETS
    }
    fn makes(&self) -> &'static [&'static str] {
        &[]
    }
    fn check(&self, plan: &Plan) -> Vec<Fault> {
        match ["subject", "id", "external_id"].iter().any(|target| plan.at(target).is_some()) {
            true => Vec::new(),
            false => {
                let missing = text!("subject, or external_id, says what is to be done");
                vec![Fault::new("/mapping/columns", "required", missing)]
            }
        }
    }
    fn may(&self, ctx: &Ctx, mode: Mode, _: &dyn Fn(&str) -> bool) -> Result<()> {
        ctx.must::<Import<Task>>()?;
        if mode != Mode::UpdateOnly {
            ctx.must::<Create<Task>>()?;
        }
        if mode != Mode::CreateOnly { ctx.must::<Update<Task>>() } else { Ok(()) }
    }
    fn write(&self, conn: &mut Conn, ctx: &Ctx, work: &Work, rows: &[Row]) -> Result<Written> {
        let (mut written, mut drafts) = (Written::of(rows.len()), Vec::new());
        let linked = linked(conn, ctx, work, rows, &mut written)?;
        for (place, (row, links)) in rows.iter().zip(linked).enumerate() {
            match links.and_then(|links| Ok((links, Draft::of(&CATALOGUE, work, place, row)?))) {
                Ok((links, mut draft)) => {
                    linking(&mut draft, links);
                    drafts.push(draft);
                }
                Err(faults) => written.put(place, Outcome::Failed(faults)),
            }
        }
        records::write::<Tasks>(conn, ctx, work, drafts, &mut written)?;
        Ok(written)
    }
}

impl Room for Tasks {
    type Record = Task;
    const CATALOGUE: &'static kernel::catalogue::Catalogue = &CATALOGUE;
    const UNIQUE: &'static [&'static str] = &[];

    fn with(_: &mut Conn, _: &Ctx, _: Option<&str>, _: &[String]) -> Result<Vec<Task>> {
        Ok(Vec::new())
    }

    fn lock(conn: &mut Conn, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Task>> {
        let living = store::scope(ctx, Action::Update).filter(tasks::deleted_at.is_null());
        let found = living.filter(tasks::id.eq_any(ids)).order(tasks::id).for_update();
        Ok(found.select(Task::as_select()).load(conn)?)
    }

    fn check_new(fields: &Map<String, Value>) -> Vec<Fault> {
        faults_of::<NewTask>(fields)
    }

    fn check_change(before: &Columns, fields: &Map<String, Value>) -> Vec<Fault> {
        let mut faults = faults_of::<TaskPatch>(fields);
        let there = |name: &str| fields.get(name).or_else(|| before.get(name)).is_some_and(|value| !value.is_null());
        if there("due_at") && there("due_on") {
            faults.push(Fault::new("due_on", "one_of", text!("at a moment or all of a day, one of them")));
        }
        let status = |columns: &Map<String, Value>| columns.get("status").and_then(Value::as_str) == Some(COMPLETED);
        if there("recurrence") && status(fields) && !status(before) {
            faults.push(Fault::new("status", "recurs", text!("what recurs is completed one by one")));
        }
        faults
    }

    fn complete(ctx: &Ctx, columns: &mut Columns, _: &Map<String, Value>, before: Option<&Columns>) {
        columns.entry("assignee_id").or_insert_with(|| json!(ctx.actor.user));
        columns.entry("status").or_insert_with(|| json!(OPEN));
        columns.entry("priority").or_insert_with(|| json!("normal"));
        columns.entry("reminders").or_insert_with(|| json!([]));
        let is_done = columns.get("status").and_then(Value::as_str) == Some(COMPLETED);
        let known = columns.get("completed_at").filter(|at| !at.is_null()).cloned();
        let completed_at = if is_done { known.unwrap_or_else(|| json!(ctx.now)) } else { Value::Null };
        columns.insert("completed_at".to_owned(), completed_at);
        joined(columns, before);
    }

    fn words(columns: &Columns, _: &Map<String, Value>) -> Vec<String> {
        super::deeds::words(columns.get("subject").and_then(Value::as_str).unwrap_or_default())
    }

    fn beside(_: &mut Conn, _: &Ctx, _: &mut [Change]) -> Result<()> {
        Ok(())
    }
}

fn remove(conn: &mut Conn, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    many::delete(conn, ctx, &CATALOGUE, ids)?;
    Ok(ids.to_vec())
}
