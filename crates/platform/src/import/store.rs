//! The queries of an import. `scope` is the only way in for callers; what works on an import holds its job's fence.
use super::deeds::NewImport;
use super::{Import, Waiting};
use crate::schema::{import_errors, import_links, import_records, imports};
use crate::search::{Words, array_to_tsvector};
use crate::{Batch, Conn, Listing, Record, Visible, visible};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Timestamptz, Uuid as SqlUuid};
use kernel::event::Verb;
use kernel::{Action, Ctx, EventId, Fault, ImportId, JobId, Page, Result, TenantId};
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The imports of the tenant on which the actor may do `action`: those of whom it may see the work.
#[auto_type]
pub(super) fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let visible: Visible<imports::table> = visible::rows(ctx, action);
    imports::table.filter(imports::tenant_id.eq(tenant)).filter(visible)
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: ImportId) -> Result<Import> {
    Ok(scope(ctx, Action::Read).filter(imports::id.eq(id)).select(Import::as_select()).first(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<imports::table>) -> Result<Page<Import>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Import::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(imports::id),
        |import| &import.file_name,
    )
}

/// Has the server look at tables that have grown to twice what it knows of, and so plan anew what reads them: plans that
/// were made while they were next to empty walk all rows of the tenant.
pub(super) fn look_again(conn: &mut Conn) -> QueryResult<usize> {
    diesel::sql_query("SELECT analyze_grown()").execute(conn)
}

/// A row that failed.
#[derive(Clone, Debug)]
pub struct Failure {
    pub row_number: i64,
    /// `[{pointer, code, message}]`, pointers being names of columns
    pub faults: Value,
    /// the cells as they were read, in the order of the header
    pub cells: Value,
}

/// The failed rows after a row, in their order.
pub fn errors(conn: &mut Conn, ctx: &Ctx, id: ImportId, after: i64, limit: i64) -> Result<Vec<Failure>> {
    find(conn, ctx, id)?;
    let rows: Vec<(i64, Value, Value)> = import_errors::table
        .filter(import_errors::tenant_id.eq(ctx.tenant))
        .filter(import_errors::import_id.eq(id))
        .filter(import_errors::row_number.gt(after))
        .order(import_errors::row_number)
        .limit(limit)
        .select((import_errors::row_number, import_errors::faults, import_errors::cells))
        .load(conn)?;
    Ok(rows.into_iter().map(|(row_number, faults, cells)| Failure { row_number, faults, cells }).collect())
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewImport, job: JobId) -> QueryResult<Import> {
    let row = (
        (imports::tenant_id.eq(ctx.tenant), imports::id.eq(new.id), imports::resource.eq(&new.resource)),
        (imports::file_name.eq(&new.file_name), imports::file_key.eq(&new.file_key)),
        (imports::file_size.eq(new.file_size), imports::file_sha256.eq(&new.file_sha256)),
        (imports::mapping.eq(&new.mapping), imports::mode.eq(&new.mode), imports::duplicates.eq(&new.duplicates)),
        (imports::is_dry_run.eq(new.is_dry_run), imports::header.eq(&new.header), imports::job_id.eq(job)),
        (imports::created_at.eq(ctx.now), imports::updated_at.eq(ctx.now), imports::created_by.eq(ctx.actor.user)),
        imports::team_id.eq(ctx.grants.teams().first().copied()),
        imports::search.eq(array_to_tsvector(Words::new().whole(&new.file_name).text(&new.resource).lexemes())),
    );
    diesel::insert_into(imports::table)
        .values(row)
        .returning(Import::as_returning())
        .recorded::<Import>(ctx, Verb::Created)
        .get_result(conn)
}

/// Another status, and what goes with it.
pub(super) fn set_status(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ImportId,
    status: &str,
    error: Option<&str>,
    job: Option<JobId>,
) -> QueryResult<Import> {
    let ended = !matches!(status, "queued" | "running" | "reverting");
    let moved = (imports::version.eq(imports::version + 1), imports::updated_at.eq(ctx.now));
    let target = imports::table.find((ctx.tenant, id));
    diesel::update(target)
        .set((
            moved,
            imports::status.eq(status),
            imports::error.eq(error),
            imports::finished_at.eq(ended.then_some(ctx.now)),
            job.map(|job| imports::job_id.eq(job)),
        ))
        .returning(Import::as_returning())
        .recorded::<Import>(ctx, Verb::Updated)
        .get_result(conn)
}

/// An import whose job will not be tried again has failed.
pub fn give_up(conn: &mut Conn, ctx: &Ctx, id: ImportId, error: &str) -> Result<()> {
    set_status(conn, ctx, id, "failed", Some(error), None)?;
    Ok(())
}

/// What a chunk came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub created: i64,
    pub updated: i64,
    pub unchanged: i64,
    pub failed: i64,
}

impl Counts {
    pub fn all(&self) -> i64 {
        self.created + self.updated + self.unchanged + self.failed
    }
}

/// Counts a chunk and moves the checkpoint behind it.
pub(super) fn advance(conn: &mut Conn, ctx: &Ctx, id: ImportId, to: i64, counts: Counts) -> QueryResult<Import> {
    diesel::update(imports::table.find((ctx.tenant, id)))
        .set((
            imports::checkpoint.eq(to),
            imports::rows_read.eq(imports::rows_read + counts.all()),
            imports::rows_created.eq(imports::rows_created + counts.created),
            imports::rows_updated.eq(imports::rows_updated + counts.updated),
            imports::rows_unchanged.eq(imports::rows_unchanged + counts.unchanged),
            imports::rows_failed.eq(imports::rows_failed + counts.failed),
            imports::updated_at.eq(ctx.now),
        ))
        .returning(Import::as_returning())
        .get_result(conn)
}

/// A row that failed, on its way to the list of errors.
pub(super) struct Bad {
    pub number: i64,
    pub faults: Vec<Fault>,
    pub cells: Value,
}

pub(super) fn add_errors(conn: &mut Conn, ctx: &Ctx, id: ImportId, bad: &[Bad]) -> QueryResult<usize> {
    let row = |bad: &Bad| {
        (
            import_errors::tenant_id.eq(ctx.tenant),
            import_errors::import_id.eq(id),
            import_errors::row_number.eq(bad.number),
            import_errors::faults.eq(serde_json::to_value(&bad.faults).unwrap_or_default()),
            import_errors::cells.eq(bad.cells.clone()),
        )
    };
    let rows: Vec<_> = bad.iter().map(row).collect();
    if rows.is_empty() { Ok(0) } else { diesel::insert_into(import_errors::table).values(rows).execute(conn) }
}

/// A row whose record waits for another, as it is kept until the file has ended.
pub(super) struct Link {
    pub number: i64,
    pub waiting: Waiting,
    /// what became of the row by itself
    pub outcome: String,
    pub cells: Value,
}

pub(super) fn add_links(conn: &mut Conn, ctx: &Ctx, id: ImportId, links: &[Link]) -> QueryResult<usize> {
    let row = |link: &Link| {
        (
            import_links::tenant_id.eq(ctx.tenant),
            import_links::import_id.eq(id),
            import_links::row_number.eq(link.number),
            import_links::linking_id.eq(link.waiting.record),
            import_links::outcome.eq(link.outcome.clone()),
            import_links::named_by.eq(link.waiting.named.0.clone()),
            import_links::name.eq(link.waiting.named.1.clone()),
            import_links::cells.eq(link.cells.clone()),
        )
    };
    let rows: Vec<_> = links.iter().map(row).collect();
    if rows.is_empty() { Ok(0) } else { diesel::insert_into(import_links::table).values(rows).execute(conn) }
}

/// The first rows that wait.
pub(super) fn links(conn: &mut Conn, ctx: &Ctx, id: ImportId, limit: i64) -> QueryResult<Vec<Link>> {
    let rows: Vec<(i64, Uuid, String, String, String, Value)> = import_links::table
        .filter(import_links::tenant_id.eq(ctx.tenant))
        .filter(import_links::import_id.eq(id))
        .order(import_links::row_number)
        .limit(limit)
        .select((
            import_links::row_number,
            import_links::linking_id,
            import_links::outcome,
            import_links::named_by,
            import_links::name,
            import_links::cells,
        ))
        .load(conn)?;
    let link = |(number, record, outcome, by, name, cells)| {
        let waiting = Waiting { record, named: (by, name) };
        Link { number, waiting, outcome, cells }
    };
    Ok(rows.into_iter().map(link).collect())
}

/// Takes away the rows up to a number: they wait no longer.
pub(super) fn remove_links(conn: &mut Conn, ctx: &Ctx, id: ImportId, last: i64) -> QueryResult<usize> {
    let done = import_links::table
        .filter(import_links::tenant_id.eq(ctx.tenant))
        .filter(import_links::import_id.eq(id))
        .filter(import_links::row_number.le(last));
    diesel::delete(done).execute(conn)
}

/// Takes away the rows that wait for what is called so.
pub(super) fn remove_links_to(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ImportId,
    by: &str,
    names: &[String],
) -> QueryResult<usize> {
    let found = import_links::table
        .filter(import_links::tenant_id.eq(ctx.tenant))
        .filter(import_links::import_id.eq(id))
        .filter(import_links::named_by.eq(by))
        .filter(import_links::name.eq_any(names));
    diesel::delete(found).execute(conn)
}

/// Writes down what a chunk made: one row a noun.
pub(super) fn add_records(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ImportId,
    made: &[(&'static str, Uuid)],
) -> QueryResult<usize> {
    let mut nouns: BTreeMap<&str, Vec<Uuid>> = BTreeMap::new();
    for (noun, record) in made {
        nouns.entry(noun).or_default().push(*record);
    }
    let row = |(noun, records)| {
        (
            import_records::tenant_id.eq(ctx.tenant),
            import_records::import_id.eq(id),
            import_records::resource.eq(noun),
            import_records::id.eq(EventId::new()),
            import_records::record_ids.eq(records),
        )
    };
    let rows: Vec<_> = nouns.into_iter().map(row).collect();
    if rows.is_empty() { Ok(0) } else { diesel::insert_into(import_records::table).values(rows).execute(conn) }
}

/// Records of a noun that one chunk made and that are still there.
pub(super) struct Made {
    pub id: Uuid,
    pub records: Vec<Uuid>,
}

/// What the next chunk made of a noun.
pub(super) fn made(conn: &mut Conn, ctx: &Ctx, id: ImportId, noun: &str, after: Uuid) -> QueryResult<Option<Made>> {
    let next: Option<(Uuid, Vec<Uuid>)> = import_records::table
        .filter(import_records::tenant_id.eq(ctx.tenant))
        .filter(import_records::import_id.eq(id))
        .filter(import_records::resource.eq(noun))
        .filter(import_records::id.gt(after))
        .order(import_records::id)
        .select((import_records::id, import_records::record_ids))
        .first(conn)
        .optional()?;
    Ok(next.map(|(id, records)| Made { id, records }))
}

/// Keeps of a chunk what is still there.
pub(super) fn keep(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ImportId,
    noun: &str,
    chunk: Uuid,
    left: &[Uuid],
) -> QueryResult<usize> {
    let target = import_records::table.find((ctx.tenant, id, noun, chunk));
    match left {
        [] => diesel::delete(target).execute(conn),
        left => diesel::update(target).set(import_records::record_ids.eq(left)).execute(conn),
    }
}

/// Writes down how many records a revert had to leave.
pub(super) fn count_kept(conn: &mut Conn, ctx: &Ctx, id: ImportId) -> QueryResult<usize> {
    diesel::sql_query(
        "UPDATE imports SET records_kept = (SELECT coalesce(sum(cardinality(record_ids)), 0) FROM import_records \
         WHERE tenant_id = $1 AND import_id = $2) WHERE tenant_id = $1 AND id = $2",
    )
    .bind::<SqlUuid, _>(ctx.tenant)
    .bind::<SqlUuid, _>(id)
    .execute(conn)
}

/// Tells that an import has ended.
pub(super) fn tell_completed(conn: &mut Conn, ctx: &Ctx, id: ImportId) -> QueryResult<usize> {
    diesel::sql_query(
        "INSERT INTO audit_log (tenant_id, id, action, noun, object_id, version, data, actor_id, request_id, \
         occurred_at) SELECT tenant_id, $3, 'import.completed', 'import', id, version, to_jsonb(i) - 'tenant_id' - 'file_key', $4, $5, $6 \
         FROM imports AS i WHERE tenant_id = $1 AND id = $2",
    )
    .bind::<SqlUuid, _>(ctx.tenant)
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(EventId::new())
    .bind::<SqlUuid, _>(ctx.actor.user)
    .bind::<SqlUuid, _>(ctx.request)
    .bind::<Timestamptz, _>(ctx.now)
    .execute(conn)
}

impl Batch for Import {
    fn find(conn: &mut Conn, ctx: &Ctx, id: ImportId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[ImportId]) -> Result<Vec<Self>> {
        Ok(imports::table
            .filter(imports::tenant_id.eq(tenant))
            .filter(imports::id.eq_any(ids))
            .select(Import::as_select())
            .load(conn)?)
    }
}
