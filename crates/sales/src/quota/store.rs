//! The queries of a quota. `scope` is the only way in.
use super::{Key, NewQuota, Quota, QuotaPatch, TEAM, USER};
use crate::schema::quotas;
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Action, Ctx, Page, QuotaId, Result, TenantId};
use platform::search::{Words, array_to_tsvector};
use platform::{Batch, Conn, Listing, Record, Visible, visible};

/// The quotas of the tenant on which the actor may do `action`, archived ones too.
#[auto_type]
fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let visible: Visible<quotas::table> = visible::rows(ctx, action);
    quotas::table.filter(quotas::tenant_id.eq(tenant)).filter(visible)
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: QuotaId) -> Result<Quota> {
    let living = scope(ctx, Action::Read).filter(quotas::deleted_at.is_null());
    Ok(living.filter(quotas::id.eq(id)).select(Quota::as_select()).first(conn)?)
}

/// The quota whether living or archived, as far as the caller may see it.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: QuotaId) -> QueryResult<Quota> {
    scope(ctx, Action::Read).filter(quotas::id.eq(id)).select(Quota::as_select()).first(conn)
}

/// The living quota with this key.
pub(super) fn find_by(conn: &mut Conn, ctx: &Ctx, key: &Key) -> Result<Vec<Quota>> {
    let living = scope(ctx, Action::Read).filter(quotas::deleted_at.is_null()).select(Quota::as_select());
    Ok(match key {
        Key::Owner(owner, period) => living
            .filter(quotas::kind.eq(USER))
            .filter(quotas::owner_id.eq(owner))
            .filter(quotas::period.eq(period))
            .load(conn)?,
        Key::Team(team, period) => living
            .filter(quotas::kind.eq(TEAM))
            .filter(quotas::team_id.eq(team))
            .filter(quotas::period.eq(period))
            .load(conn)?,
    })
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<quotas::table>) -> Result<Page<Quota>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Quota::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(quotas::id),
        |one| &one.period,
    )
}

/// Those of a period in this currency that are to be reached.
pub(crate) fn of_period(conn: &mut Conn, ctx: &Ctx, period: &str, currency: &str) -> QueryResult<Vec<Quota>> {
    scope(ctx, Action::Read)
        .filter(quotas::deleted_at.is_null())
        .filter(quotas::period.eq(period))
        .filter(quotas::currency.eq(currency))
        .select(Quota::as_select())
        .load(conn)
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewQuota) -> QueryResult<Quota> {
    let given = (
        quotas::tenant_id.eq(ctx.tenant),
        quotas::id.eq(new.id.unwrap_or_else(QuotaId::new)),
        quotas::owner_id.eq(new.owner_id.unwrap_or(ctx.actor.user)),
        quotas::kind.eq(new.kind.as_deref().unwrap_or(USER)),
        quotas::amount.eq(new.amount.amount),
        quotas::currency.eq(&new.amount.currency),
        quotas::created_at.eq(ctx.now),
        quotas::updated_at.eq(ctx.now),
        quotas::created_by.eq(ctx.actor.user),
        quotas::updated_by.eq(ctx.actor.user),
        quotas::search.eq(array_to_tsvector(Words::new().whole(&new.period).lexemes())),
    );
    diesel::insert_into(quotas::table)
        .values((given, new))
        .returning(Quota::as_returning())
        .recorded::<Quota>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where the quota may not be changed, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: QuotaId,
    base: Option<i32>,
    patch: &QuotaPatch,
) -> QueryResult<Option<Quota>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx, Action::Update)
        .filter(quotas::deleted_at.is_null())
        .filter(quotas::id.eq(id))
        .filter(quotas::version.between(oldest, newest));
    let moved = (
        quotas::version.eq(quotas::version + 1),
        quotas::updated_at.eq(ctx.now),
        quotas::updated_by.eq(ctx.actor.user),
        patch.amount.as_ref().map(|money| quotas::amount.eq(money.amount)),
        patch.amount.as_ref().map(|money| quotas::currency.eq(&money.currency)),
    );
    diesel::update(target)
        .set((patch, moved))
        .returning(Quota::as_returning())
        .recorded::<Quota>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living quota, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: QuotaId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<Quota>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx, Action::Delete)
        .filter(quotas::deleted_at.is_null().eq(archived))
        .filter(quotas::id.eq(id))
        .filter(quotas::version.between(oldest, newest));
    let moved = (
        quotas::deleted_at.eq(at),
        quotas::version.eq(quotas::version + 1),
        quotas::updated_at.eq(ctx.now),
        quotas::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(Quota::as_returning())
        .recorded::<Quota>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: QuotaId) -> QueryResult<Option<Quota>> {
    diesel::delete(scope(ctx, Action::Purge).filter(quotas::id.eq(id)))
        .returning(Quota::as_returning())
        .recorded::<Quota>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

impl Batch for Quota {
    fn find(conn: &mut Conn, ctx: &Ctx, id: QuotaId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[QuotaId]) -> Result<Vec<Self>> {
        Ok(quotas::table
            .filter(quotas::tenant_id.eq(tenant))
            .filter(quotas::deleted_at.is_null())
            .filter(quotas::id.eq_any(ids))
            .select(Quota::as_select())
            .load(conn)?)
    }
}
