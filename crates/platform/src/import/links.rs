//! What rows of a file lead to that may come later in it. The records are written without; when the file has ended,
//! each is led to the other, which is there by then, or its row has failed: the record stays, and the list of errors
//! says why.
use super::chunk;
use super::run::{Go, Means, Progress, Read, Running, end, json, patiently, read};
use super::store::{self, Bad, Counts, Link};
use super::{Import, Outcome, Waiting};
use crate::table::{Format, Table};
use crate::{Conn, job};
use diesel::Connection;
use diesel::result::Error as Sql;
use kernel::{Ctx, Error, Result};
use std::collections::BTreeMap;
use std::ops::ControlFlow::{Break, Continue};
use std::path::Path;

/// Rows in one transaction.
const CHUNK: i64 = 500;

/// The rows of a chunk that wait.
pub(super) fn of(read: &Read, outcomes: &[Option<Outcome>], waiting: Vec<(usize, Waiting)>) -> Vec<Link> {
    let link = |(place, waiting): (usize, Waiting)| {
        let (number, cells) = read.cells.get(place)?;
        let outcome = word(outcomes.get(place)?.as_ref()?)?.to_owned();
        Some(Link { number: *number, waiting, outcome, cells: json(cells) })
    };
    waiting.into_iter().filter_map(link).collect()
}

/// What became of a row that was not refused.
fn word(outcome: &Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Created => Some("created"),
        Outcome::Updated => Some("updated"),
        Outcome::Unchanged => Some("unchanged"),
        Outcome::Failed(_) => None,
    }
}

/// Leads records to what came later in the file, and ends.
pub(super) fn all(
    conn: &mut Conn,
    ctx: &Ctx,
    means: Means,
    mut import: Import,
    path: &Path,
    watch: &mut dyn FnMut(Progress) -> Go,
) -> Result<Import> {
    if import.is_dry_run {
        look_through(conn, ctx, &means.on(&import), path)?;
    }
    loop {
        let now = Ctx { now: kernel::clock::now(), ..ctx.clone() };
        let Some(done) = patiently(|| settle(conn, &now, &means.on(&import)))? else {
            return end(conn, &now, means.held, &import, verdict(&import));
        };
        match means.told(conn, &now, done, watch)? {
            Continue(after) => import = after,
            Break(ended) => return Ok(ended),
        }
    }
}

/// What became of an import whose rows are all done.
fn verdict(import: &Import) -> &'static str {
    match (import.rows_failed, import.rows_read) {
        (0, _) => "succeeded",
        (failed, read) if failed == read => "failed",
        _ => "partially_succeeded",
    }
}

/// Nothing of a dry run was kept: what one of its rows is called would be there.
fn look_through(conn: &mut Conn, ctx: &Ctx, on: &Running, path: &Path) -> Result<()> {
    if store::links(conn, ctx, on.import.id, 1)?.is_empty() {
        return Ok(());
    }
    let plan = &on.work.plan;
    let mut table = Table::open(path, Format::Auto, &plan.mapping.options())?;
    while let Some(some) = read(&mut table, plan)? {
        let mut called: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
        for (by, name) in some.rows.iter().flat_map(|row| on.importer.names(plan, row)) {
            called.entry(by).or_default().push(name);
        }
        for (by, names) in called {
            store::remove_links_to(conn, ctx, on.import.id, by, &names)?;
        }
    }
    Ok(())
}

/// The next rows that wait; nothing where none does. Whether the import was asked to end.
fn settle(conn: &mut Conn, ctx: &Ctx, on: &Running) -> Result<Option<(Import, bool)>> {
    conn.transaction(|conn| {
        let links = store::links(conn, ctx, on.import.id, CHUNK)?;
        let Some(last) = links.last().map(|link| link.number) else { return Ok(None) };
        let mut kept = None;
        let done = conn.transaction(|conn| {
            kept = Some(linked(conn, ctx, on, links)?);
            // what has come in the meantime is not to be led to by a dry run
            if on.import.is_dry_run { Err(Error::from(Sql::RollbackTransaction)) } else { Ok(()) }
        });
        let Some((counts, bad)) = kept else {
            return Err(done.err().unwrap_or_else(|| Error::internal("no outcome")));
        };
        store::add_errors(conn, ctx, on.import.id, &bad)?;
        store::remove_links(conn, ctx, on.import.id, last)?;
        let import = store::advance(conn, ctx, on.import.id, on.import.checkpoint, counts)?;
        let asked = job::keep(conn, on.held, Some(&super::run::progress(&import, on.extent)))?;
        Ok::<_, Error>(Some((import, asked)))
    })
}

/// What that changes of what became of the rows, and those that have failed with it.
fn linked(conn: &mut Conn, ctx: &Ctx, on: &Running, links: Vec<Link>) -> Result<(Counts, Vec<Bad>)> {
    let (mut counts, mut bad) = (Counts::default(), Vec::new());
    for (link, faults) in links.iter().zip(each(conn, ctx, on, &links)?) {
        let outcome = match link.outcome.as_str() {
            "created" => &mut counts.created,
            "updated" => &mut counts.updated,
            _ => &mut counts.unchanged,
        };
        match (faults.is_empty(), link.outcome.as_str()) {
            (false, _) => {
                *outcome -= 1;
                counts.failed += 1;
                bad.push(Bad { number: link.number, faults, cells: link.cells.clone() });
            }
            (true, "unchanged") => {
                *outcome -= 1;
                counts.updated += 1;
            }
            (true, _) => {}
        }
    }
    Ok((counts, bad))
}

/// All of them at once; where that fails for a reason that lies in a row, each by itself.
fn each(conn: &mut Conn, ctx: &Ctx, on: &Running, links: &[Link]) -> Result<Vec<Vec<kernel::Fault>>> {
    let all: Vec<Waiting> = links.iter().map(|link| link.waiting.clone()).collect();
    match conn.transaction(|conn| on.importer.link(conn, ctx, on.work, &all)) {
        Err(error) if chunk::lies_in_a_row(&error) => {}
        done => return done,
    }
    let mut faults = Vec::with_capacity(all.len());
    for one in &all {
        let done = conn.transaction(|conn| on.importer.link(conn, ctx, on.work, std::slice::from_ref(one)));
        faults.push(match done {
            Ok(one) => one.into_iter().flatten().collect(),
            Err(error) if chunk::lies_in_a_row(&error) => chunk::told(error),
            Err(error) => return Err(error),
        });
    }
    Ok(faults)
}
