//! An import at work: one thread reads and understands the rows ahead, this one writes them.
use super::chunk;
use super::{Duplicates, Import, Importer, Mapping, Plan, Row, Work, mode, store};
use crate::Conn;
use crate::deed::Mode;
use crate::job::{self, Held, JobProgress};
use crate::table::{Cell, Format, RowFault, Table};
use diesel::Connection;
use kernel::{Ctx, Error, Fault, Kind, Result};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::Duration;

/// Rows of a chunk: few enough for a transaction to be short, many enough for its statements to be worth it.
const CHUNK: usize = 1000;
/// Chunks that are read ahead.
const AHEAD: usize = 2;
/// How often a chunk is tried that met a lock or a deadlock.
const TRIES: u32 = 4;

/// How far an import is, for whoever watches it.
#[derive(Clone, Copy, Debug)]
pub struct Progress<'a> {
    pub import: &'a Import,
    /// what the checkpoint runs up to, where the file tells
    pub extent: Option<u64>,
}

/// What whoever watches an import says to a chunk that is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Go {
    On,
    /// somebody else goes on, or we do later
    Pause,
    /// it is over, unless somebody resumes it
    Cancel,
}

/// An import and what is needed to go on with it.
pub(super) struct Running<'a> {
    pub import: &'a Import,
    pub importer: &'a dyn Importer,
    pub work: &'a Work,
    pub held: &'a Held,
    pub extent: Option<u64>,
}

/// A chunk as it was read.
pub(super) struct Read {
    pub rows: Vec<Row>,
    /// number and cells of those rows
    pub cells: Vec<(i64, Vec<Cell>)>,
    /// rows that cannot even be understood
    pub bad: Vec<(i64, Vec<Fault>, Value)>,
    /// where the next chunk begins
    pub next: i64,
}

/// Goes on with an import until its file or patience ends. `watch` is told of every chunk.
/// An error leaves the import as it is: it can be gone on with.
pub fn run(
    conn: &mut Conn,
    ctx: &Ctx,
    held: &Held,
    import: Import,
    importer: &dyn Importer,
    path: &Path,
    watch: &mut dyn FnMut(Progress) -> Go,
) -> Result<Import> {
    let mapping = Mapping::read(&import.mapping)?;
    let mut table = Table::open(path, Format::Auto, &mapping.options())?;
    let plan = Plan::new(importer, mapping, table.header(), &ctx.grants)?;
    let mode = mode(&import.mode).unwrap_or(Mode::Upsert);
    importer.may(ctx, mode, &|noun| plan.makes(noun))?;
    let duplicates = Duplicates::named(&import.duplicates).unwrap_or(Duplicates::Reject);
    let extent = table.extent();
    if import.checkpoint > 0 {
        table.resume(unsigned(import.checkpoint), unsigned(import.rows_read) + 1)?;
    }
    let work = Work { plan: Arc::new(plan), mode, duplicates };
    let mut import = begin(conn, ctx, held, import)?;
    std::thread::scope(|scope| {
        let (give, take) = sync_channel(AHEAD);
        let plan = &*work.plan;
        scope.spawn(move || read_ahead(table, plan, &give));
        for read in &take {
            let read = read?;
            let now = Ctx { now: kernel::clock::now(), ..ctx.clone() };
            let on = Running { import: &import, importer, work: &work, held, extent };
            let (after, asked) = patiently(|| chunk::write(conn, &now, &on, &read))?;
            import = after;
            match watch(Progress { import: &import, extent }) {
                Go::On if !asked => {}
                Go::Pause if !asked => return job::release(conn, held).map(|()| import),
                _ => return end(conn, &now, held, &import, "cancelled"),
            }
        }
        end(conn, &Ctx { now: kernel::clock::now(), ..ctx.clone() }, held, &import, verdict(&import))
    })
}

/// What became of an import whose rows are all done.
fn verdict(import: &Import) -> &'static str {
    match (import.rows_failed, import.rows_read) {
        (0, _) => "succeeded",
        (failed, read) if failed == read => "failed",
        _ => "partially_succeeded",
    }
}

fn begin(conn: &mut Conn, ctx: &Ctx, held: &Held, import: Import) -> Result<Import> {
    conn.transaction(|conn| {
        job::keep(conn, held, None)?;
        if import.status == "running" {
            return Ok(import);
        }
        Ok(store::set_status(conn, ctx, import.id, "running", None, None)?)
    })
}

fn end(conn: &mut Conn, ctx: &Ctx, held: &Held, import: &Import, status: &str) -> Result<Import> {
    conn.transaction(|conn| {
        job::end(conn, held, status, None)?;
        let import = store::set_status(conn, ctx, import.id, status, None, None)?;
        store::tell_completed(conn, ctx, import.id)?;
        Ok(import)
    })
}

/// Once more where others were in the way.
fn patiently<T>(mut work: impl FnMut() -> Result<T>) -> Result<T> {
    let mut tries = 1;
    loop {
        match work() {
            Err(error) if error.kind() == Kind::Busy && error.code != job::LOST && tries < TRIES => {
                tries += 1;
                std::thread::sleep(Duration::from_millis(200));
            }
            done => return done,
        }
    }
}

type Message = Result<Read>;

/// Ends when the rows do, or when nobody takes them any more.
fn read_ahead(mut table: Table, plan: &Plan, give: &SyncSender<Message>) {
    loop {
        let read = read(&mut table, plan);
        let last = matches!(&read, Ok(None) | Err(_));
        let Some(message) = read.transpose() else { return };
        if give.send(message).is_err() || last {
            return;
        }
    }
}

/// The next chunk; nothing where there are no more rows.
fn read(table: &mut Table, plan: &Plan) -> Result<Option<Read>> {
    let mut read = Read { rows: Vec::with_capacity(CHUNK), cells: Vec::with_capacity(CHUNK), bad: Vec::new(), next: 0 };
    for row in table.by_ref().take(CHUNK) {
        let row = row?;
        let number = signed(row.number);
        match row.cells {
            Err(fault) => read.bad.push((number, vec![told(&fault)], json!([fault.raw]))),
            Ok(cells) => match plan.read(row.number, &cells) {
                Err(faults) => read.bad.push((number, faults, json(&cells))),
                Ok(row) => {
                    read.rows.push(row);
                    read.cells.push((number, cells));
                }
            },
        }
    }
    read.next = signed(Table::position(table).0);
    Ok((!read.rows.is_empty() || !read.bad.is_empty()).then_some(read))
}

fn told(fault: &RowFault) -> Fault {
    Fault::new(fault.column.clone().unwrap_or_default(), fault.code, fault.message.clone())
}

/// Cells as the list of errors keeps them.
pub(super) fn json(cells: &[Cell]) -> Value {
    cells.iter().map(|cell| cell.text().map_or(Value::Null, Value::from)).collect()
}

/// What is shown of the job: of a text its bytes, of a workbook, which does not tell its extent, the rows.
pub(super) fn progress(import: &Import, extent: Option<u64>) -> Value {
    let progress = match extent.map(signed) {
        Some(extent) => JobProgress { done: import.checkpoint.min(extent), total: Some(extent), unit: "bytes" },
        None => JobProgress { done: import.rows_read, total: None, unit: "rows" },
    };
    progress.json()
}

fn signed(figure: u64) -> i64 {
    i64::try_from(figure).unwrap_or(i64::MAX)
}
fn unsigned(figure: i64) -> u64 {
    u64::try_from(figure).unwrap_or_default()
}

/// Errors that trying again does not mend.
pub fn is_final(error: &Error) -> bool {
    !matches!(error.kind(), Kind::Busy | Kind::Full | Kind::Internal)
}
