//! An import at work: one thread reads and understands the rows ahead, this one writes them.
use super::{Duplicates, Import, Importer, Mapping, Plan, Row, Work, mode, store};
use super::{chunk, links};
use crate::Conn;
use crate::deed::Mode;
use crate::job::{self, Held, JobProgress};
use crate::table::{Cell, Format, RowFault, Table};
use diesel::Connection;
use kernel::{Ctx, Error, Fault, Kind, Result};
use serde_json::{Value, json};
use std::ops::ControlFlow::{self, Break, Continue};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::Duration;

/// Rows of a chunk: few enough for a transaction to be short, many enough for its statements to be worth it.
pub(super) const CHUNK: usize = 1000;
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
    let import = begin(conn, ctx, held, import)?;
    let means = Means { importer, work: &work, held, extent };
    match rows(conn, ctx, means, import, table, watch)? {
        Break(import) => Ok(import),
        Continue(import) => links::all(conn, ctx, means, import, path, watch),
    }
}

/// What an import is worked on with.
#[derive(Clone, Copy)]
pub(super) struct Means<'a> {
    importer: &'a dyn Importer,
    work: &'a Work,
    pub held: &'a Held,
    extent: Option<u64>,
}

impl<'a> Means<'a> {
    pub fn on(self, import: &'a Import) -> Running<'a> {
        Running { import, importer: self.importer, work: self.work, held: self.held, extent: self.extent }
    }

    /// What whoever watches says to what is done.
    pub fn told(
        self,
        conn: &mut Conn,
        ctx: &Ctx,
        (import, asked): (Import, bool),
        watch: &mut dyn FnMut(Progress) -> Go,
    ) -> Result<ControlFlow<Import, Import>> {
        match watch(Progress { import: &import, extent: self.extent }) {
            Go::On if !asked => Ok(Continue(import)),
            Go::Pause if !asked => job::release(conn, self.held).map(|()| Break(import)),
            _ => end(conn, ctx, self.held, &import, "cancelled").map(Break),
        }
    }
}

/// Writes all rows; it goes on where none are left.
fn rows(
    conn: &mut Conn,
    ctx: &Ctx,
    means: Means,
    mut import: Import,
    table: Table,
    watch: &mut dyn FnMut(Progress) -> Go,
) -> Result<ControlFlow<Import, Import>> {
    std::thread::scope(|scope| {
        let (give, take) = sync_channel(AHEAD);
        let plan = &*means.work.plan;
        scope.spawn(move || read_ahead(table, plan, &give));
        for read in &take {
            let read = read?;
            let now = Ctx { now: kernel::clock::now(), ..ctx.clone() };
            let done = patiently(|| chunk::write(conn, &now, &means.on(&import), &read))?;
            match means.told(conn, &now, done, watch)? {
                Continue(after) => import = after,
                ended => return Ok(ended),
            }
        }
        Ok(Continue(import))
    })
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

pub(super) fn end(conn: &mut Conn, ctx: &Ctx, held: &Held, import: &Import, status: &str) -> Result<Import> {
    conn.transaction(|conn| {
        job::end(conn, held, status, None)?;
        let import = store::set_status(conn, ctx, import.id, status, None, None)?;
        store::tell_completed(conn, ctx, import.id)?;
        Ok(import)
    })
}

/// Once more where others were in the way.
pub(super) fn patiently<T>(mut work: impl FnMut() -> Result<T>) -> Result<T> {
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
pub(super) fn read(table: &mut Table, plan: &Plan) -> Result<Option<Read>> {
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
