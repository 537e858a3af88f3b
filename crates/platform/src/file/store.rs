//! The queries of a file. `scope` holds the tenant alone: who sees a file is asked of its record, by the deeds.
use super::schema::{file_removals, files};
use super::{Examined, FAILED, File, FilePatch, NewFile, Object, PENDING, READY};
use crate::import::many;
use crate::search::{Words, array_to_tsvector};
use crate::{Conn, Listing, Record, deed};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Bool, Uuid as SqlUuid};
use kernel::event::Verb;
use kernel::{Ctx, FileId, Page, Result, TenantId};
use uuid::Uuid;

#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    files::table.filter(files::tenant_id.eq(tenant))
}

type Condition = Box<dyn BoxableExpression<files::table, Pg, SqlType = Bool>>;

/// Those of a record, or else what is the actor's alone.
fn of(ctx: &Ctx, record: Option<(&'static str, Uuid)>) -> Condition {
    match record {
        Some((resource, id)) => Box::new(files::record_id.eq(id).and(files::resource.eq(resource)).assume_not_null()),
        None => Box::new(files::record_id.is_null().and(files::created_by.eq(ctx.actor.user))),
    }
}

pub(super) fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    listing: &Listing<files::table>,
    record: Option<(&'static str, Uuid)>,
) -> Result<Page<File>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(of(ctx, record)).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((File::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(of(ctx, record)).filter(ask.matching()).select(files::id),
        |file| &file.name,
    )
}

/// The file and its object, whoever may see it; archived ones too.
pub(super) fn find(conn: &mut Conn, ctx: &Ctx, id: FileId) -> QueryResult<(File, Object)> {
    let one = scope(ctx).filter(files::id.eq(id)).select((File::as_select(), files::object_id, files::etag));
    one.first(conn).map(|(file, id, etag)| (file, Object { id, etag }))
}

/// The same, which nobody else changes until the transaction ends.
pub(super) fn lock(conn: &mut Conn, ctx: &Ctx, id: FileId) -> QueryResult<File> {
    scope(ctx).filter(files::id.eq(id)).for_update().select(File::as_select()).first(conn)
}

#[derive(QueryableByName)]
struct Taken {
    #[diesel(sql_type = BigInt)]
    bytes: i64,
}

/// How much the files of the tenant take, announced ones as they were announced. Until the transaction ends, no other of
/// its files is announced.
pub(super) fn taken(conn: &mut Conn, tenant: TenantId) -> Result<i64> {
    deed::in_turn(conn, &format!("{tenant} files"))?;
    let text = "SELECT coalesce(sum(size), 0)::bigint AS bytes FROM files WHERE tenant_id = $1 AND status <> 'failed'";
    let taken: Taken = diesel::sql_query(text).bind::<SqlUuid, _>(tenant).get_result(conn)?;
    Ok(taken.bytes)
}

pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    new: &NewFile,
    object: Uuid,
    upload_until: DateTime<Utc>,
) -> QueryResult<File> {
    let kind = new.content_type.as_deref().unwrap_or("application/octet-stream");
    let given = (
        (files::tenant_id.eq(ctx.tenant), files::id.eq(new.id.unwrap_or_else(FileId::new))),
        (files::content_type.eq(kind), files::object_id.eq(object), files::upload_until.eq(upload_until)),
        (files::created_at.eq(ctx.now), files::updated_at.eq(ctx.now)),
        (files::created_by.eq(ctx.actor.user), files::updated_by.eq(ctx.actor.user)),
        files::search.eq(array_to_tsvector(Words::new().text(&new.name).lexemes())),
    );
    diesel::insert_into(files::table)
        .values((given, new))
        .returning(File::as_returning())
        .recorded::<File>(ctx, Verb::Created)
        .get_result(conn)
}

/// Its content stands, and is what is said here, or is not what had been announced. Nothing comes back where it was
/// completed before.
pub(super) fn complete(
    conn: &mut Conn,
    ctx: &Ctx,
    id: FileId,
    outcome: std::result::Result<(&str, &Examined), &str>,
) -> QueryResult<Option<File>> {
    let target = scope(ctx).filter(files::id.eq(id)).filter(files::status.eq(PENDING));
    let moved =
        (files::version.eq(files::version + 1), files::updated_at.eq(ctx.now), files::updated_by.eq(ctx.actor.user));
    let (content_type, found) = outcome.map_or((None, None), |(kind, found)| (Some(kind), Some(found)));
    let what = (
        files::status.eq(if outcome.is_ok() { READY } else { FAILED }),
        files::failure.eq(outcome.err()),
        // what is not known stays as it was announced
        content_type.map(|kind| files::content_type.eq(kind)),
        found.map(|found| (files::sha256.eq(&found.sha256), files::etag.eq(&found.etag))),
    );
    diesel::update(target)
        .set((moved, what))
        .returning(File::as_returning())
        .recorded::<File>(ctx, Verb::Completed)
        .get_result(conn)
        .optional()
}

/// Nothing comes back where it is no longer at version `base`. Whether it may be changed was asked before.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: FileId,
    base: Option<i32>,
    patch: &FilePatch,
) -> QueryResult<Option<File>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx)
        .filter(files::deleted_at.is_null())
        .filter(files::id.eq(id))
        .filter(files::version.between(oldest, newest));
    let moved =
        (files::version.eq(files::version + 1), files::updated_at.eq(ctx.now), files::updated_by.eq(ctx.actor.user));
    let words = patch.name.as_ref().map(|name| Words::new().text(name).lexemes());
    let search = words.map(|words| files::search.eq(array_to_tsvector(words)));
    diesel::update(target)
        .set((patch, moved, search))
        .returning(File::as_returning())
        .recorded::<File>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archived, or in use again.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: FileId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<File>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx)
        .filter(files::id.eq(id))
        .filter(files::version.between(oldest, newest))
        .filter(files::deleted_at.is_null().eq(archived));
    let moved = (
        files::deleted_at.eq(archived.then_some(ctx.now)),
        files::version.eq(files::version + 1),
        files::updated_at.eq(ctx.now),
        files::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(File::as_returning())
        .recorded::<File>(ctx, if archived { Verb::Deleted } else { Verb::Restored })
        .get_result(conn)
        .optional()
}

/// Gone for good; what it held is put down to be removed, by the table itself.
pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: FileId) -> QueryResult<File> {
    diesel::delete(scope(ctx).filter(files::id.eq(id)))
        .returning(File::as_returning())
        .recorded::<File>(ctx, Verb::Purged)
        .get_result(conn)
}

/// The same of all that is attached to records that are gone for good.
pub(super) fn delete_of(conn: &mut Conn, ctx: &Ctx, records: &[Uuid]) -> QueryResult<usize> {
    let gone = scope(ctx).filter(files::record_id.eq_any(records).assume_not_null()).select(files::id);
    let gone: Vec<Uuid> = gone.load(conn)?;
    Ok(many::delete(conn, ctx, &super::CATALOGUE, &gone)?.len())
}

/// Of all tenants: what was announced and did not come, or failed, goes a day later.
pub fn lapse(conn: &mut Conn, before: DateTime<Utc>) -> QueryResult<usize> {
    let old = files::table.filter(files::status.ne(READY)).filter(files::upload_until.lt(before));
    diesel::delete(old).execute(conn)
}

/// An object that is to go.
#[derive(Clone, Copy, Debug, Queryable)]
pub struct Removal {
    pub tenant: TenantId,
    pub object: Uuid,
}

/// Some that are to go after one, of all tenants or of one, by their key.
pub fn removals(conn: &mut Conn, of: Option<TenantId>, after: Option<Removal>, most: i64) -> QueryResult<Vec<Removal>> {
    let now = diesel::dsl::now;
    let is_to_go = file_removals::kept_until.is_null().or(file_removals::kept_until.le(now));
    let all = file_removals::table.filter(is_to_go.assume_not_null());
    let mut all = all.select((file_removals::tenant_id, file_removals::object_id)).into_boxed();
    if let Some(tenant) = of {
        all = all.filter(file_removals::tenant_id.eq(tenant));
    }
    if let Some(Removal { tenant, object }) = after {
        let same = file_removals::tenant_id.eq(tenant).and(file_removals::object_id.gt(object));
        all = all.filter(file_removals::tenant_id.gt(tenant).or(same));
    }
    all.order((file_removals::tenant_id, file_removals::object_id)).limit(most).load(conn)
}

/// An object that is about to be put, by a request that names it in what it commits: it goes after `until`, unless that
/// takes it off again. Else what a request left that died would be known to nobody.
pub fn put_off(conn: &mut Conn, one: Removal, until: DateTime<Utc>) -> QueryResult<usize> {
    let row = (
        (file_removals::tenant_id.eq(one.tenant), file_removals::object_id.eq(one.object)),
        (file_removals::due_at.eq(until), file_removals::kept_until.eq(until)),
    );
    diesel::insert_into(file_removals::table).values(row).execute(conn)
}

/// It is a file's, and stays.
pub(super) fn keep(conn: &mut Conn, one: Removal) -> QueryResult<usize> {
    diesel::delete(file_removals::table.find((one.tenant, one.object))).execute(conn)
}

/// One that has gone; it is looked at again where something may still be put there.
pub fn removed(conn: &mut Conn, one: Removal, now: DateTime<Utc>) -> QueryResult<usize> {
    let row = file_removals::table.find((one.tenant, one.object)).filter(file_removals::due_at.le(now));
    diesel::delete(row).execute(conn)
}
