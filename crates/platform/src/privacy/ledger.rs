//! What was erased, by its id and nothing else: in the database, and in a file beside it. A backup that is restored knows
//! nothing of what was erased since; the file does, and it is erased again before anybody is served.
use super::circle::Subject;
use super::erase::{self, Deed};
use super::plan::Plan;
use super::statement::{Bind, Statement};
use super::{Registry, files};
use crate::Conn;
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types as sql;
use kernel::{Error, RequestId, Result, TenantId, UserId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// A line of the file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Line {
    tenant_id: Uuid,
    resource: String,
    record_id: Uuid,
    erased_at: DateTime<Utc>,
    /// that went with it: without them nothing tells which imports held somebody
    files: Vec<String>,
}

#[derive(QueryableByName)]
struct Entry {
    #[diesel(sql_type = sql::Uuid)]
    tenant_id: Uuid,
    #[diesel(sql_type = sql::Text)]
    resource: String,
    #[diesel(sql_type = sql::Uuid)]
    record_id: Uuid,
    #[diesel(sql_type = sql::Timestamptz)]
    erased_at: DateTime<Utc>,
    #[diesel(sql_type = sql::Array<sql::Text>)]
    files: Vec<String>,
    #[diesel(sql_type = sql::Bool)]
    is_settled: bool,
}

/// Where the file stands.
pub fn place(data_dir: &Path) -> PathBuf {
    data_dir.join("privacy").join("erasures.ndjson")
}

/// In the transaction of an erasure.
pub(super) fn write(conn: &mut Conn, subject: Subject, files: &[String], now: DateTime<Utc>) -> Result<()> {
    let mut statement =
        Statement::new("INSERT INTO erasures (tenant_id, resource, record_id, erased_at, files) VALUES (");
    statement.id(subject.tenant).sql(", ").text(subject.table).sql(", ").id(subject.id).sql(", ");
    statement
        .bind(Bind::At(now))
        .sql(", ")
        .texts(files)
        .sql(") ON CONFLICT (tenant_id, resource, record_id) DO UPDATE SET ");
    statement.sql("settled_at = NULL, files = ARRAY(SELECT DISTINCT unnest(erasures.files || excluded.files))");
    statement.execute(conn)?;
    Ok(())
}

/// Takes away the files of what was erased, and tells the ledger's file of all that the database knows. Whatever stopped
/// an erasure, this goes on with it.
pub fn settle(conn: &mut Conn, data_dir: &Path, now: DateTime<Utc>) -> Result<()> {
    let known: BTreeSet<Key> = lines(data_dir)?.iter().map(Line::key).collect();
    let all = Statement::new(
        "SELECT tenant_id, resource, record_id, erased_at, files, settled_at IS NOT NULL AS is_settled FROM erasures",
    );
    for entry in all.load::<Entry>(conn)? {
        let Entry { tenant_id, resource, record_id, erased_at, mut files, is_settled } = entry;
        for name in files.iter().filter(|_| !is_settled) {
            gone(&files::path(data_dir, name))?;
        }
        files.sort_unstable();
        let line = Line { tenant_id, resource, record_id, erased_at, files };
        if !known.contains(&line.key()) {
            append(data_dir, &line)?;
        }
        if !is_settled {
            crate::crash::point("erasure_before_settled");
            let mut done = Statement::new("UPDATE erasures SET settled_at = ");
            done.bind(Bind::At(now))
                .sql(" WHERE tenant_id = ")
                .id(tenant_id)
                .sql(" AND resource = ")
                .text(line.resource);
            done.sql(" AND record_id = ").id(record_id);
            done.execute(conn)?;
        }
    }
    Ok(())
}

/// Erases again what the file knows and the database does not, or all that the file knows; how many there were.
pub fn replay(conn: &mut Conn, registry: &Registry, data_dir: &Path, all: bool, now: DateTime<Utc>) -> Result<usize> {
    let lines = lines(data_dir)?;
    if lines.is_empty() {
        return Ok(0);
    }
    let mut erased: BTreeMap<(Uuid, &str, Uuid), BTreeSet<Uuid>> = BTreeMap::new();
    for line in &lines {
        let imports = erased.entry((line.tenant_id, &line.resource, line.record_id)).or_default();
        imports.extend(line.imports());
    }
    let (plan, mut done) = (Plan::read(conn, registry)?, 0);
    for ((tenant, resource, id), imports) in erased {
        let Some(table) = plan.table(resource).map(|table| table.name) else { continue };
        let subject = Subject { tenant: TenantId(tenant), table, id };
        if !is_tenant(conn, subject.tenant)? || (!all && is_known(conn, subject)?) {
            continue;
        }
        // nobody asks for it: the house does it by itself
        let (actor, request) = (UserId(Uuid::nil()), RequestId::new());
        let deed = Deed { actor, request, now, cause: request.0, again: true };
        let imports: Vec<Uuid> = imports.into_iter().collect();
        erase::erase_with(conn, &plan, data_dir, subject, deed, &imports)?;
        done += 1;
    }
    settle(conn, data_dir, now)?;
    Ok(done)
}

/// All that the file knows. A last line that was cut off says nothing.
pub fn lines(data_dir: &Path) -> Result<Vec<Line>> {
    let text = match std::fs::read_to_string(place(data_dir)) {
        Ok(text) => text,
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(Error::internal(e)),
    };
    let lines: BTreeSet<Line> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    Ok(lines.into_iter().collect())
}

/// On the disk when this returns. Begins with a new line, so that one that was cut off spoils nothing.
fn append(data_dir: &Path, line: &Line) -> Result<()> {
    let place = place(data_dir);
    if let Some(folder) = place.parent() {
        crate::private::folder(folder).map_err(Error::internal)?;
    }
    let text = format!("\n{}\n", serde_json::to_string(line).map_err(Error::internal)?);
    let mut file = crate::private::file().create(true).append(true).open(place).map_err(Error::internal)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(Error::internal)
}

fn gone(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(e) if e.kind() != ErrorKind::NotFound => Err(Error::internal(e)),
        _ => Ok(()),
    }
}

/// What a line says, whenever it was done.
type Key = (Uuid, String, Uuid, Vec<String>);

impl Line {
    fn key(&self) -> Key {
        (self.tenant_id, self.resource.clone(), self.record_id, self.files.clone())
    }

    /// The imports whose files went.
    fn imports(&self) -> impl Iterator<Item = Uuid> {
        self.files.iter().filter_map(|name| name.strip_prefix("imports/")?.parse().ok())
    }
}

fn is_tenant(conn: &mut Conn, tenant: TenantId) -> Result<bool> {
    let mut statement = Statement::new("SELECT tenant_id AS id FROM tenants WHERE tenant_id = ");
    statement.id(tenant);
    Ok(!statement.load_ids(conn)?.is_empty())
}

fn is_known(conn: &mut Conn, subject: Subject) -> Result<bool> {
    let mut statement = Statement::new("SELECT record_id AS id FROM erasures WHERE tenant_id = ");
    statement.id(subject.tenant).sql(" AND resource = ").text(subject.table).sql(" AND record_id = ").id(subject.id);
    Ok(!statement.load_ids(conn)?.is_empty())
}
