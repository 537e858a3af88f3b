//! An export at work: one transaction that only looks, from the first row to the last.
use super::query::{self, Query};
use super::{Column, Export, Exporter, Grounds, column, store};
use crate::import::Go;
use crate::job::{self, Held};
use crate::listing::Taken;
use crate::table::write::Writer;
use crate::{Conn, crash, external, private};
use chrono::TimeDelta;
use diesel::Connection;
use kernel::{Ctx, Error, Result};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::Read;
use std::path::Path;
use uuid::Uuid;

/// How long a file stands.
const KEPT: TimeDelta = TimeDelta::days(7);

/// How far an export is, for whoever watches it.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    pub rows: i64,
    pub all: Option<i64>,
}

/// An export and what is needed to write it.
pub struct Asked<'a> {
    pub export: &'a Export,
    pub exporter: &'a dyn Exporter,
    pub grounds: &'a Grounds,
}

/// A file that was written.
#[derive(Clone, Debug)]
pub struct Written {
    pub rows: i64,
    pub size: i64,
    pub sha256: String,
}

/// Says that it is being worked on.
pub fn begin(conn: &mut Conn, ctx: &Ctx, held: &Held, export: &Export) -> Result<Export> {
    conn.transaction(|conn| {
        job::keep(conn, held, None)?;
        Ok(store::set_status(conn, ctx, export.id, "running", None)?)
    })
}

/// Writes the file. What `watch` answers to a page decides whether it goes on; nothing comes of one that does not.
pub fn run(
    conn: &mut Conn,
    ctx: &Ctx,
    asked: &Asked,
    path: &Path,
    watch: &mut dyn FnMut(Progress) -> Go,
) -> Result<(Option<Written>, Go)> {
    let (export, noun) = (asked.export, asked.exporter.catalogue());
    query::may(ctx, asked.grounds, noun)?;
    let query: Query = serde_json::from_value(export.query.clone()).map_err(Error::internal)?;
    let fields = query.seen(ctx, noun);
    let with_names = query.source_system.is_some() && !ctx.grants.hides("external_ref", column::EXTERNAL_ID);
    let columns = Column::of(noun, &fields, with_names);
    let header: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let new = private::file().write(true).create(true).truncate(true).open(path);
    let file = new.map_err(crate::table::write::failed)?;
    let mut page = Sheet {
        writer: Writer::begin(&export.format, file, &header, query.has_mark)?,
        is_table: export.format != "ndjson",
        source: query.source_system.as_deref().filter(|_| with_names),
        fields: &fields,
        columns: &columns,
        noun: noun.noun,
    };
    let (mut done, mut go) = (Progress { rows: 0, all: None }, Go::On);
    let mut snapshot = conn.build_transaction().repeatable_read().read_only();
    snapshot.run(|conn| {
        asked.exporter.walk(conn, ctx, asked.grounds, &query.params(), &mut |conn, taken| {
            let Taken { rows, all } = taken;
            let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
            page.write(conn, ctx, rows)?;
            done = Progress { rows: done.rows + count, all: all.or(done.all) };
            crash::point("export_page_written");
            go = watch(done);
            Ok(go == Go::On)
        })
    })?;
    if go != Go::On {
        return Ok((None, go));
    }
    page.writer.finish()?;
    let (size, sha256) = sum(path).map_err(Error::internal)?;
    Ok((Some(Written { rows: done.rows, size, sha256 }), go))
}

/// Ends it with what was written, or without. `keep` puts the file in its place: nobody else who had the job does so
/// meanwhile, for the job is locked.
pub fn end(
    conn: &mut Conn,
    ctx: &Ctx,
    held: &Held,
    export: &Export,
    written: Option<&Written>,
    keep: impl FnOnce() -> std::io::Result<()>,
) -> Result<Export> {
    conn.transaction(|conn| {
        job::end(conn, held, if written.is_some() { "succeeded" } else { "cancelled" }, None)?;
        let Some(written) = written else {
            return Ok(store::set_status(conn, ctx, export.id, "cancelled", None)?);
        };
        let export = store::finish(conn, ctx, export.id, written, ctx.now + KEPT)?;
        keep().map_err(crate::table::write::failed)?;
        crash::point("export_before_commit");
        Ok(export)
    })
}

/// What is being written, and what of each record.
struct Sheet<'a> {
    writer: Writer,
    is_table: bool,
    /// the system whose names of the records are told
    source: Option<&'a str>,
    fields: &'a [String],
    columns: &'a [Column],
    noun: &'a str,
}

impl Sheet<'_> {
    fn write(&mut self, conn: &mut Conn, ctx: &Ctx, mut rows: Vec<Value>) -> Result<()> {
        self.name(conn, ctx, &mut rows)?;
        let wanted: BTreeSet<&str> = self.fields.iter().map(String::as_str).collect();
        for record in &mut rows {
            ctx.grants.trim(self.noun, record);
            if self.is_table {
                self.writer.cells(self.columns.iter().map(|column| column.cell(record)))?;
                continue;
            }
            if let Some(members) = record.as_object_mut() {
                members.retain(|name, _| wanted.contains(name.as_str()) || name == column::EXTERNAL_ID);
            }
            self.writer.record(record)?;
        }
        Ok(())
    }

    /// What the other system calls the records: of several names the first.
    fn name(&self, conn: &mut Conn, ctx: &Ctx, rows: &mut [Value]) -> Result<()> {
        let Some(source) = self.source else { return Ok(()) };
        let ids: Vec<Uuid> = rows.iter().filter_map(|row| row.get("id")?.as_str()?.parse().ok()).collect();
        let mut names: HashMap<String, String> = HashMap::new();
        for one in external::of_all(conn, ctx, &ids)?.into_iter().filter(|one| one.source_system == source) {
            names.entry(one.record_id.to_string()).or_insert(one.external_id);
        }
        for row in rows.iter_mut().filter_map(Value::as_object_mut) {
            let name = row.get("id").and_then(Value::as_str).and_then(|id| names.remove(id));
            row.insert(column::EXTERNAL_ID.to_owned(), name.into());
        }
        Ok(())
    }
}

/// Size and SHA-256 of a file.
fn sum(path: &Path) -> std::io::Result<(i64, String)> {
    let (mut file, mut hash, mut size) = (File::open(path)?, Sha256::new(), 0_i64);
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        size = size.saturating_add(i64::try_from(read).unwrap_or(i64::MAX));
        hash.update(buffer.get(..read).unwrap_or_default());
    }
    Ok((size, hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()))
}
