//! Erasing somebody: in one transaction every column that tells of them becomes what its tag says, in all tables and in
//! the history, and the ledger has a line. Done twice, it finds nothing to do.
//!
//! Files cannot be undone: the ledger's row names them in the same transaction, and they go when it is kept
//! ([`super::ledger::settle`]), by whoever gets there first.
use super::archive::archive;
use super::circle::{Circle, Subject};
use super::plan::{Column, HISTORY, Laid, Plan};
use super::statement::{Bind, Statement};
use super::{Erasure, PSEUDONYM, anew, files, hold, ledger, twin};
use crate::{Conn, audit};
use chrono::{DateTime, Utc};
use diesel::Connection;
use kernel::{Actor, Ctx, Error, Origin, RequestId, Result, UserId};
use serde_json::{Map, Value};
use std::cmp::Reverse;
use std::path::Path;
use std::sync::Arc;
use uuid::Uuid;

/// In whose name, and when.
#[derive(Clone, Copy, Debug)]
pub struct Deed {
    pub actor: UserId,
    pub request: RequestId,
    pub now: DateTime<Utc>,
    /// the privacy request, or the policy, for which it is done
    pub cause: Uuid,
    /// what was erased once is erased whatever holds it now
    pub again: bool,
}

impl Deed {
    /// The same for the trail.
    fn ctx(self, subject: Subject) -> Ctx {
        let Self { actor, request, now, .. } = self;
        let (actor, grants) = (Actor { user: actor, key: None }, Arc::default());
        Ctx { tenant: subject.tenant, actor, grants, request, origin: Origin::default(), now }
    }
}

/// How many rows changed, by table.
pub type Done = Map<String, Value>;

/// Looks without a lock first, for files are slow to read; then erases, and looks once more for what came meanwhile.
pub fn erase(conn: &mut Conn, plan: &Plan, folder: &Path, subject: Subject, deed: Deed) -> Result<Done> {
    erase_with(conn, plan, folder, subject, deed, &[])
}

/// The same, where it is known already which imports held them.
pub(super) fn erase_with(
    conn: &mut Conn,
    plan: &Plan,
    folder: &Path,
    subject: Subject,
    deed: Deed,
    imports: &[Uuid],
) -> Result<Done> {
    let subject = twin::whole(conn, subject)?;
    let before = Circle::find(conn, plan, subject, &[])?;
    let mut held = files::holding(conn, folder, &before, true)?;
    held.extend_from_slice(imports);
    let mut done = Done::new();
    for _ in 0..2 {
        let out = files::taken_out(conn, folder, &before, true)?;
        let more = conn.transaction(|conn| {
            let (is_there, both) = twin::locked(conn, subject)?;
            if is_there && !deed.again {
                hold::refuse(conn, subject)?;
            }
            let mut circle = Circle::find(conn, plan, subject, &before.words)?;
            circle.add("imports", held.iter().copied());
            circle.add("exports", out.iter().copied());
            let more = all(conn, plan, &circle, &both, deed)?;
            for one in both {
                ledger::write(conn, one, &files::of(&circle), deed.now)?;
            }
            crate::crash::point("erasure_before_commit");
            Ok::<_, Error>(more)
        })?;
        for (table, rows) in more {
            let known = done.get(&table).and_then(Value::as_u64).unwrap_or_default();
            done.insert(table, (known + rows).into());
        }
    }
    crate::crash::point("erasure_after_commit");
    Ok(done)
}

/// Erases whatever a circle holds. In a transaction.
fn all(conn: &mut Conn, plan: &Plan, circle: &Circle, both: &[Subject], deed: Deed) -> Result<Vec<(String, u64)>> {
    let root = circle.subject.table;
    let mut done = Vec::new();
    let mut tables: Vec<&Laid> = plan.tables.iter().filter(|table| table.name != HISTORY).collect();
    tables.sort_by_key(|table| Reverse(plan.depth(table.name, root)));
    let past = history(conn, plan, circle, deed)?;
    for table in tables {
        let rows =
            if table.goes() { remove(conn, plan, circle, table)? } else { empty(conn, plan, circle, table, deed)? };
        if rows > 0 {
            done.push((table.name.to_owned(), rows));
        }
    }
    for one in both {
        archive(conn, plan, *one, deed, done.iter().any(|(name, _)| name == one.table))?;
    }
    done.extend(past);
    Ok(done)
}

/// What happened to them, as far as it tells of them: in the data of every event of their records what is personal goes,
/// and what else tells of them in the trail. The one place that changes either.
pub fn history(conn: &mut Conn, plan: &Plan, circle: &Circle, deed: Deed) -> Result<Vec<(String, u64)>> {
    let ctx = deed.ctx(circle.subject);
    let mut done = 0;
    for (name, ids) in circle.tables() {
        let Some(table) = plan.table(name) else { continue };
        let names = |wanted: fn(&Column) -> bool| -> Vec<String> {
            table.columns.iter().filter(|column| wanted(column)).map(|column| column.name.to_owned()).collect()
        };
        let kept = names(|column| column.tag.erasure == Erasure::Keep);
        let named = names(|column| column.tag.erasure == Erasure::Pseudonym);
        let ids: Vec<Uuid> = ids.iter().copied().collect();
        let rows = audit::erase_data(conn, &ctx, deed.cause, &ids, &kept, &named)?;
        done += u64::try_from(rows).unwrap_or_default();
    }
    let trail = plan.table(HISTORY).map(|table| trail(conn, plan, circle, table, &ctx, deed.cause)).transpose()?;
    let done = done + trail.unwrap_or_default();
    Ok((done > 0).then(|| (HISTORY.to_owned(), done)).into_iter().collect())
}

/// Details of what was noted of their records, and from where they came themselves: what the trail alone may empty.
fn trail(conn: &mut Conn, plan: &Plan, circle: &Circle, table: &Laid, ctx: &Ctx, cause: Uuid) -> Result<u64> {
    let mut ids = Vec::new();
    let mut noted = Statement::new("SELECT id FROM ");
    noted.name(table.name);
    if circle.place(plan, table, &mut noted) {
        noted.sql(" AND details IS NOT NULL");
        ids = noted.load_ids(conn)?;
    }
    if circle.subject.table == "users" {
        let mut came = Statement::new("SELECT id FROM ");
        came.name(table.name).sql(" WHERE tenant_id = ").id(circle.subject.tenant);
        came.sql(" AND actor_id = ").id(circle.subject.id).sql(" AND (address IS NOT NULL OR details IS NOT NULL)");
        ids.extend(came.load_ids(conn)?);
    }
    let rows = if ids.is_empty() { 0 } else { audit::erase_details(conn, ctx, cause, &ids)? };
    Ok(u64::try_from(rows).unwrap_or_default())
}

fn remove(conn: &mut Conn, plan: &Plan, circle: &Circle, table: &Laid) -> Result<u64> {
    let mut statement = Statement::new("DELETE FROM ");
    statement.name(table.name);
    match circle.place(plan, table, &mut statement) {
        true => Ok(u64::try_from(statement.execute(conn)?).unwrap_or_default()),
        false => Ok(0),
    }
}

fn empty(conn: &mut Conn, plan: &Plan, circle: &Circle, table: &Laid, deed: Deed) -> Result<u64> {
    let rows = clear(conn, plan, circle, table, Some(deed))?;
    anew::reindex(conn, plan, circle, table)?;
    Ok(rows)
}

/// Sets every column that tells of them to what its tag says, where it is not so already.
fn clear(conn: &mut Conn, plan: &Plan, circle: &Circle, table: &Laid, deed: Option<Deed>) -> Result<u64> {
    let root = circle.subject.table;
    let goes = |column: &&Column| {
        column.tells_of(root) && [Erasure::Null, Erasure::Empty, Erasure::Pseudonym].contains(&column.tag.erasure)
    };
    let columns: Vec<&Column> = table.columns.iter().filter(goes).collect();
    if columns.is_empty() {
        return Ok(0);
    }
    let mut statement = Statement::new("UPDATE ");
    statement.name(table.name).sql(" SET ");
    for (at, column) in columns.iter().enumerate() {
        statement.sql(if at > 0 { ", " } else { "" }).name(column.name).sql(" = ");
        left(table, column, &mut statement)?;
    }
    if let Some(deed) = deed.filter(|_| table.has("version") && table.has("updated_at")) {
        statement.sql(", version = version + 1, updated_at = ").bind(Bind::At(deed.now));
    }
    if table.name == "jobs" {
        // what it was to do is gone: whoever has it in hand finds that out
        statement.sql(", finished_at = CASE WHEN status IN ('queued', 'running') THEN now() ELSE finished_at END");
        statement.sql(", status = CASE WHEN status IN ('queued', 'running') THEN 'cancelled' ELSE status END");
    }
    if table.name == "exports" {
        statement.sql(", status = CASE WHEN status = 'succeeded' THEN 'expired' ELSE status END");
    }
    if !circle.place(plan, table, &mut statement) {
        return Ok(0);
    }
    statement.sql(" AND (");
    for (at, column) in columns.iter().enumerate() {
        statement.sql(if at > 0 { " OR " } else { "" }).name(column.name).sql(" IS DISTINCT FROM ");
        left(table, column, &mut statement)?;
    }
    statement.sql(")");
    Ok(u64::try_from(statement.execute(conn)?).unwrap_or_default())
}

/// What is left of a column.
fn left(table: &Laid, column: &Column, statement: &mut Statement) -> Result<()> {
    match (column.tag.erasure, column.kind.as_str()) {
        (Erasure::Null, _) => statement.sql("NULL"),
        (Erasure::Pseudonym, _) if table.has_id() => statement.text(PSEUDONYM).sql("::text || id::text"),
        (Erasure::Pseudonym, _) => statement.text(PSEUDONYM).sql("::text"),
        // what is said to tell of nobody stays
        (_, "jsonb") if column.name == kernel::custom::CUSTOM => {
            statement.sql("custom_kept(tenant_id, ").text(table.noun()).sql(", custom)")
        }
        (_, "jsonb") => {
            let list = "CASE jsonb_typeof(";
            statement.sql(list).name(column.name).sql(") WHEN 'array' THEN '[]'::jsonb ELSE '{}'::jsonb END")
        }
        (_, kind) if kind.ends_with("[]") => statement.sql("'{}'"),
        (_, "text" | "bytea") => statement.sql("''"),
        (_, kind) => return Err(Error::internal(format!("{}.{}: what is an empty {kind}?", table.name, column.name))),
    };
    Ok(())
}
