//! One chunk of an import: its rows written, counted and listed, all in one transaction.
use super::links;
use super::run::{Read, Running};
use super::store::{self, Bad, Counts};
use super::{Import, Importer, Outcome, Row, Work, Written};
use crate::{Conn, job};
use diesel::Connection;
use diesel::result::Error as Sql;
use kernel::{Ctx, Error, Fault, Kind, Result, text};

/// What the chunk came to: the import as it is now, and whether it was asked to end.
pub(super) fn write(conn: &mut Conn, ctx: &Ctx, on: &Running, read: &Read) -> Result<(Import, bool)> {
    // by itself, for the tables are locked against their upkeep as long as its transaction lasts
    if has_doubled(on.import.rows_read) {
        store::look_again(conn)?;
    }
    conn.transaction(|conn| {
        let mut kept = None;
        let done = conn.transaction(|conn| {
            let written = rows(conn, ctx, on.importer, on.work, &read.rows)?;
            let fine = !on.import.is_dry_run;
            kept = Some(written);
            if fine { Ok(()) } else { Err(Error::from(Sql::RollbackTransaction)) }
        });
        let Some(Written { outcomes, created, waiting, .. }) = kept else {
            return Err(done.err().unwrap_or_else(|| Error::internal("no outcome")));
        };
        store::add_links(conn, ctx, on.import.id, &links::of(read, &outcomes, waiting))?;
        let (counts, bad) = count(read, outcomes);
        store::add_errors(conn, ctx, on.import.id, &bad)?;
        if !on.import.is_dry_run {
            store::add_records(conn, ctx, on.import.id, &created)?;
        }
        let import = store::advance(conn, ctx, on.import.id, read.next, counts)?;
        let asked = job::keep(conn, on.held, Some(&super::run::progress(&import, on.extent)))?;
        Ok((import, asked))
    })
}

/// After 1, 2, 4, 8… chunks.
fn has_doubled(rows_read: i64) -> bool {
    usize::try_from(rows_read).is_ok_and(|rows| (rows / super::run::CHUNK).is_power_of_two())
}

/// All rows at once; where that fails for a reason that lies in a row, each by itself.
fn rows(conn: &mut Conn, ctx: &Ctx, importer: &dyn Importer, work: &Work, rows: &[Row]) -> Result<Written> {
    match conn.transaction(|conn| importer.write(conn, ctx, work, rows)) {
        Err(error) if lies_in_a_row(&error) => each(conn, ctx, importer, work, rows),
        done => done,
    }
}

fn each(conn: &mut Conn, ctx: &Ctx, importer: &dyn Importer, work: &Work, rows: &[Row]) -> Result<Written> {
    let mut all = Written::of(rows.len());
    for (place, row) in rows.iter().enumerate() {
        match conn.transaction(|conn| importer.write(conn, ctx, work, std::slice::from_ref(row))) {
            Ok(one) => {
                all.created.extend(one.created);
                all.waiting.extend(one.waiting.into_iter().map(|(_, waiting)| (place, waiting)));
                if let Some(Some(outcome)) = one.outcomes.into_iter().next() {
                    all.put(place, outcome);
                }
            }
            Err(error) if lies_in_a_row(&error) => all.put(place, Outcome::Failed(told(error))),
            Err(error) => return Err(error),
        }
    }
    Ok(all)
}

/// A lost connection or a full disk is no fault of a row.
pub(super) fn lies_in_a_row(error: &Error) -> bool {
    match error.kind() {
        Kind::Busy | Kind::Full | Kind::TooMany => false,
        Kind::Internal => {
            let cause = error.source.as_ref().and_then(|source| source.downcast_ref::<Sql>());
            matches!(cause, Some(Sql::DatabaseError(..)))
        }
        _ => true,
    }
}

pub(super) fn told(error: Error) -> Vec<Fault> {
    if error.faults.is_empty() {
        let message = error.detail.unwrap_or_else(|| error.code.into());
        return vec![Fault::new("", error.code.name, message)];
    }
    error.faults
}

/// What became of every row that was read, and the list of those that failed.
fn count(read: &Read, outcomes: Vec<Option<Outcome>>) -> (Counts, Vec<Bad>) {
    let (mut counts, mut bad) = (Counts::default(), Vec::new());
    for (outcome, (number, cells)) in outcomes.into_iter().zip(&read.cells) {
        match outcome {
            Some(Outcome::Created) => counts.created += 1,
            Some(Outcome::Updated) => counts.updated += 1,
            Some(Outcome::Unchanged) => counts.unchanged += 1,
            Some(Outcome::Failed(faults)) => bad.push(Bad { number: *number, faults, cells: super::run::json(cells) }),
            None => {
                let fault = Fault::new("", "not_written", text!("nothing became of the row"));
                bad.push(Bad { number: *number, faults: vec![fault], cells: super::run::json(cells) });
            }
        }
    }
    bad.extend(read.bad.iter().map(|(number, faults, cells)| Bad {
        number: *number,
        faults: faults.clone(),
        cells: cells.clone(),
    }));
    counts.failed = i64::try_from(bad.len()).unwrap_or_default();
    (counts, bad)
}
