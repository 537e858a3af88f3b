//! The queries of a segment. `scope` is the readers' way in; the rest is for what a tenant's segments are to each other.
use super::says::Says;
use super::{BUILDING, DYNAMIC, NEVER, NewSegment, READY, Segment, SegmentPatch};
use crate::deed::ByName;
use crate::schema::{segment_builds, segments};
use crate::search::{Words, array_to_tsvector};
use crate::visible::{self, Visible};
use crate::{Batch, Conn, Listing, Record as _};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::sql_types::{Array, Uuid as SqlUuid};
use kernel::event::Verb;
use kernel::{Action, Ctx, Page, Result, SegmentId, SegmentMemberId, TenantId, UserId};
use uuid::Uuid;

/// The segments of the tenant on which the actor may do `action`, archived ones too.
#[auto_type]
fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let visible: Visible<segments::table> = visible::rows(ctx, action);
    segments::table.filter(segments::tenant_id.eq(tenant)).filter(visible)
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: SegmentId) -> Result<Segment> {
    let living = scope(ctx, Action::Read).filter(segments::deleted_at.is_null());
    Ok(living.filter(segments::id.eq(id)).select(Segment::as_select()).first(conn)?)
}

/// Whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: SegmentId) -> QueryResult<Segment> {
    scope(ctx, Action::Read).filter(segments::id.eq(id)).select(Segment::as_select()).first(conn)
}

/// The living segments among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[SegmentId]) -> Result<Vec<Segment>> {
    let living = scope(ctx, Action::Read).filter(segments::deleted_at.is_null());
    Ok(living.filter(segments::id.eq_any(ids)).select(Segment::as_select()).load(conn)?)
}

/// The living segments with this name that the actor sees; several may share one, and few are enough to know.
pub(super) fn find_by(conn: &mut Conn, ctx: &Ctx, name: &ByName) -> Result<Vec<Segment>> {
    let living = scope(ctx, Action::Read).filter(segments::deleted_at.is_null());
    Ok(living.filter(segments::name.eq(&name.0)).limit(10).select(Segment::as_select()).load(conn)?)
}

/// One that the actor may change, locked.
pub(super) fn lock(conn: &mut Conn, ctx: &Ctx, id: SegmentId) -> QueryResult<Option<Segment>> {
    let living = scope(ctx, Action::Update).filter(segments::deleted_at.is_null());
    living.filter(segments::id.eq(id)).select(Segment::as_select()).for_update().first(conn).optional()
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<segments::table>) -> Result<Page<Segment>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Segment::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(segments::id),
        |segment| &segment.name,
    )
}

/// `says`: of a dynamic one.
pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewSegment, says: Option<&Says>) -> QueryResult<Segment> {
    let given = (
        segments::tenant_id.eq(ctx.tenant),
        segments::id.eq(new.id.unwrap_or_else(SegmentId::new)),
        segments::owner_id.eq(new.owner_id.unwrap_or(ctx.actor.user)),
        segments::exclude_ids.eq(&new.exclude_ids),
        segments::status.eq(if says.is_some() { BUILDING } else { READY }),
        (segments::created_at.eq(ctx.now), segments::updated_at.eq(ctx.now)),
        (segments::created_by.eq(ctx.actor.user), segments::updated_by.eq(ctx.actor.user)),
        segments::search.eq(array_to_tsvector(words(&new.name))),
    );
    let none = || (segments::refresh.eq(NEVER), segments::needs.eq(Vec::new()), segments::uses.eq(Vec::new()));
    let made = says.map_or_else(none, |says| {
        let needs: Vec<String> = says.needs.iter().cloned().collect();
        let uses: Vec<Uuid> = says.uses.iter().copied().collect();
        (segments::refresh.eq(says.refresh), segments::needs.eq(needs), segments::uses.eq(uses))
    });
    diesel::insert_into(segments::table)
        .values((given, new, made))
        .returning(Segment::as_returning())
        .recorded::<Segment>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where it may not be changed, or is no longer at version `base`. With `says`, all are asked anew.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    (id, base): (SegmentId, Option<i32>),
    patch: &SegmentPatch,
    says: Option<&Says>,
) -> QueryResult<Option<Segment>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx, Action::Update)
        .filter(segments::deleted_at.is_null())
        .filter(segments::id.eq(id))
        .filter(segments::version.between(oldest, newest));
    let search = patch.name.as_deref().map(|name| segments::search.eq(array_to_tsvector(words(name))));
    let said = says.map(|says| {
        let needs: Vec<String> = says.needs.iter().cloned().collect();
        let uses: Vec<Uuid> = says.uses.iter().copied().collect();
        (
            (segments::refresh.eq(says.refresh), segments::needs.eq(needs), segments::uses.eq(uses)),
            (segments::status.eq(BUILDING), segments::status_reason.eq(None::<String>)),
            segments::refresh_at.eq(None::<DateTime<Utc>>),
        )
    });
    diesel::update(target)
        .set((patch, search, said, moved(ctx)))
        .returning(Segment::as_returning())
        .recorded::<Segment>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living one, or restores an archived one; of a dynamic one all are asked anew then.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    (id, base): (SegmentId, Option<i32>),
    archived: bool,
    status: Option<&str>,
) -> QueryResult<Option<Segment>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx, Action::Delete)
        .filter(segments::deleted_at.is_null().eq(archived))
        .filter(segments::id.eq(id))
        .filter(segments::version.between(oldest, newest));
    diesel::update(target)
        .set((segments::deleted_at.eq(at), status.map(|status| segments::status.eq(status)), moved(ctx)))
        .returning(Segment::as_returning())
        .recorded::<Segment>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: SegmentId) -> QueryResult<Option<Segment>> {
    diesel::delete(scope(ctx, Action::Purge).filter(segments::id.eq(id)))
        .returning(Segment::as_returning())
        .recorded::<Segment>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// What a segment is made of, whoever sees it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = segments, check_for_backend(diesel::pg::Pg))]
pub(super) struct Made {
    pub id: Uuid,
    pub resource: String,
    pub filter: Option<String>,
    pub exclude_ids: Vec<Uuid>,
    pub needs: Vec<String>,
    pub uses: Vec<Uuid>,
}

/// Of all dynamic segments of the tenant, archived ones too.
pub(super) fn made(conn: &mut Conn, tenant: TenantId) -> QueryResult<Vec<Made>> {
    let dynamic = segments::table.filter(segments::tenant_id.eq(tenant)).filter(segments::kind.eq(DYNAMIC));
    dynamic.order(segments::id).select(Made::as_select()).load(conn)
}

/// What has to be seen follows what the segments that it is made of say; nothing else of it changes.
pub(super) fn set_needs(conn: &mut Conn, tenant: TenantId, id: Uuid, needs: &[String]) -> QueryResult<usize> {
    diesel::update(segments::table.find((tenant, id))).set(segments::needs.eq(needs)).execute(conn)
}

/// From now on the events of the tenant are gone through: nothing that is not in the order yet is passed over.
pub(super) fn begin(conn: &mut Conn, tenant: TenantId) -> QueryResult<()> {
    let text = "INSERT INTO segment_cursors (tenant_id, position) \
                SELECT $1, coalesce(max(seq), 0) FROM audit_chain WHERE tenant_id = $1 ON CONFLICT DO NOTHING";
    diesel::sql_query(text).bind::<SqlUuid, _>(tenant).execute(conn)?;
    Ok(())
}

/// All records are to be asked, from the first: whatever look is under way begins anew.
pub(super) fn ask_anew(conn: &mut Conn, tenant: TenantId, id: Uuid) -> QueryResult<usize> {
    let run = segment_builds::run_id.eq(SegmentMemberId::new());
    diesel::insert_into(segment_builds::table)
        .values((segment_builds::tenant_id.eq(tenant), segment_builds::segment_id.eq(id), run))
        .on_conflict((segment_builds::tenant_id, segment_builds::segment_id))
        .do_update()
        .set((
            run,
            segment_builds::after_id.eq(None::<Uuid>),
            (segment_builds::looked.eq(0), segment_builds::is_stale.eq(false)),
            segment_builds::begun_at.eq(None::<DateTime<Utc>>),
        ))
        .execute(conn)
}

/// All records are to be asked once more; a look that is under way comes to its end first.
pub(super) fn ask_again(conn: &mut Conn, tenant: TenantId, ids: &[Uuid]) -> QueryResult<usize> {
    let text = "INSERT INTO segment_builds (tenant_id, segment_id, run_id) SELECT $1, i.id, i.run \
                FROM unnest($2, $3) AS i (id, run) ON CONFLICT (tenant_id, segment_id) DO UPDATE SET is_stale = true";
    let runs: Vec<SegmentMemberId> = ids.iter().map(|_| SegmentMemberId::new()).collect();
    let query = diesel::sql_query(text).bind::<SqlUuid, _>(tenant);
    query.bind::<Array<SqlUuid>, _>(ids).bind::<Array<SqlUuid>, _>(runs).execute(conn)
}

/// The living dynamic segments that are made of one of these.
pub(super) fn made_of(conn: &mut Conn, tenant: TenantId, ids: &[Uuid]) -> QueryResult<Vec<Uuid>> {
    let living = segments::table.filter(segments::tenant_id.eq(tenant)).filter(segments::deleted_at.is_null());
    living.filter(segments::uses.overlaps_with(ids)).order(segments::id).select(segments::id).load(conn)
}

/// The same, whether it is living or not.
pub(super) fn is_used(conn: &mut Conn, tenant: TenantId, id: Uuid) -> QueryResult<bool> {
    let all = segments::table.filter(segments::tenant_id.eq(tenant)).filter(segments::uses.contains(vec![id]));
    diesel::select(diesel::dsl::exists(all)).get_result(conn)
}

/// How far a look at everybody has come, of how many; and when the last was, and the next is due.
pub(super) type Looks = (Option<(i64, i64)>, Option<DateTime<Utc>>, Option<DateTime<Utc>>);

pub(super) fn looks(conn: &mut Conn, ctx: &Ctx, id: SegmentId) -> QueryResult<Looks> {
    let build = segment_builds::table.find((ctx.tenant, id)).select((segment_builds::looked, segment_builds::total));
    let build = build.first(conn).optional()?;
    let one = segments::table.find((ctx.tenant, id)).select((segments::refreshed_at, segments::refresh_at));
    let (last, next) = one.first(conn)?;
    Ok((build, last, next))
}

#[auto_type]
fn moved(ctx: &Ctx) -> _ {
    let now: DateTime<Utc> = ctx.now;
    let user: UserId = ctx.actor.user;
    (segments::version.eq(segments::version + 1_i32), segments::updated_at.eq(now), segments::updated_by.eq(user))
}

fn words(name: &str) -> Vec<String> {
    Words::new().name(name).lexemes()
}

impl Batch for Segment {
    fn find(conn: &mut Conn, ctx: &Ctx, id: SegmentId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[SegmentId]) -> Result<Vec<Self>> {
        let living = segments::table.filter(segments::tenant_id.eq(tenant)).filter(segments::deleted_at.is_null());
        Ok(living.filter(segments::id.eq_any(ids)).select(Segment::as_select()).load(conn)?)
    }
}
