//! The queries of an SLA policy. `scope` is the only way in.
use super::schema::sla_policies;
use super::{NewSlaPolicy, SlaPolicy, SlaPolicyPatch, Statuses, Targets};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Ctx, Page, Result, SlaPolicyId, TenantId};
use platform::deed::ByName;
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record};

/// The policies of the tenant, archived ones too: they belong to nobody, so the permission at the door is enough.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    sla_policies::table.filter(sla_policies::tenant_id.eq(tenant))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: SlaPolicyId) -> Result<SlaPolicy> {
    let living = scope(ctx).filter(sla_policies::deleted_at.is_null());
    Ok(living.filter(sla_policies::id.eq(id)).select(SlaPolicy::as_select()).first(conn)?)
}

/// The policy whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: SlaPolicyId) -> QueryResult<SlaPolicy> {
    scope(ctx).filter(sla_policies::id.eq(id)).select(SlaPolicy::as_select()).first(conn)
}

/// The living policies with this name; several may share one, and few are enough to know.
pub(super) fn find_by(conn: &mut Conn, ctx: &Ctx, name: &ByName) -> Result<Vec<SlaPolicy>> {
    let living = scope(ctx).filter(sla_policies::deleted_at.is_null());
    Ok(living.filter(sla_policies::name.eq(&name.0)).limit(10).select(SlaPolicy::as_select()).load(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<sla_policies::table>) -> Result<Page<SlaPolicy>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((SlaPolicy::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(ask.matching()).select(sla_policies::id),
        |policy| &policy.name,
    )
}

/// Those that are asked, in their order.
pub(crate) fn active(conn: &mut Conn, ctx: &Ctx) -> QueryResult<Vec<SlaPolicy>> {
    scope(ctx)
        .filter(sla_policies::deleted_at.is_null())
        .filter(sla_policies::is_active)
        .order((sla_policies::position, sla_policies::id))
        .select(SlaPolicy::as_select())
        .load(conn)
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewSlaPolicy, words: Vec<String>) -> QueryResult<SlaPolicy> {
    let given = (
        sla_policies::tenant_id.eq(ctx.tenant),
        sla_policies::id.eq(new.id.unwrap_or_else(SlaPolicyId::new)),
        sla_policies::created_at.eq(ctx.now),
        sla_policies::updated_at.eq(ctx.now),
        sla_policies::created_by.eq(ctx.actor.user),
        sla_policies::updated_by.eq(ctx.actor.user),
        sla_policies::targets.eq(Targets(new.targets.clone())),
        sla_policies::pausing_statuses.eq(Statuses(new.pausing_statuses.clone())),
        sla_policies::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(sla_policies::table)
        .values((given, new))
        .returning(SlaPolicy::as_returning())
        .recorded::<SlaPolicy>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where the policy is not there, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: SlaPolicyId,
    base: Option<i32>,
    patch: &SlaPolicyPatch,
    words: Option<Vec<String>>,
) -> QueryResult<Option<SlaPolicy>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx)
        .filter(sla_policies::deleted_at.is_null())
        .filter(sla_policies::id.eq(id))
        .filter(sla_policies::version.between(oldest, newest));
    let moved = (
        sla_policies::version.eq(sla_policies::version + 1),
        sla_policies::updated_at.eq(ctx.now),
        sla_policies::updated_by.eq(ctx.actor.user),
        patch.targets.clone().map(|targets| sla_policies::targets.eq(Targets(targets))),
        patch.pausing_statuses.clone().map(|statuses| sla_policies::pausing_statuses.eq(Statuses(statuses))),
        words.map(|words| sla_policies::search.eq(array_to_tsvector(words))),
    );
    diesel::update(target)
        .set((patch, moved))
        .returning(SlaPolicy::as_returning())
        .recorded::<SlaPolicy>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living policy, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: SlaPolicyId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<SlaPolicy>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx)
        .filter(sla_policies::deleted_at.is_null().eq(archived))
        .filter(sla_policies::id.eq(id))
        .filter(sla_policies::version.between(oldest, newest));
    let moved = (
        sla_policies::deleted_at.eq(at),
        sla_policies::version.eq(sla_policies::version + 1),
        sla_policies::updated_at.eq(ctx.now),
        sla_policies::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(SlaPolicy::as_returning())
        .recorded::<SlaPolicy>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: SlaPolicyId) -> QueryResult<Option<SlaPolicy>> {
    diesel::delete(scope(ctx).filter(sla_policies::id.eq(id)))
        .returning(SlaPolicy::as_returning())
        .recorded::<SlaPolicy>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// The living ones among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[SlaPolicyId]) -> Result<Vec<SlaPolicy>> {
    let living = scope(ctx).filter(sla_policies::deleted_at.is_null());
    Ok(living.filter(sla_policies::id.eq_any(ids)).select(SlaPolicy::as_select()).load(conn)?)
}

impl Batch for SlaPolicy {
    fn find(conn: &mut Conn, ctx: &Ctx, id: SlaPolicyId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[SlaPolicyId]) -> Result<Vec<Self>> {
        Ok(sla_policies::table
            .filter(sla_policies::tenant_id.eq(tenant))
            .filter(sla_policies::deleted_at.is_null())
            .filter(sla_policies::id.eq_any(ids))
            .select(SlaPolicy::as_select())
            .load(conn)?)
    }
}
