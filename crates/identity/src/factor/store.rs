//! The queries of a factor. `scope` is a user's way to their own; the rest is for whoever proves who they are, and for
//! those who may act on the user.
use super::{Factor, NewFactor};
use crate::digest::Digest;
use crate::schema::{factor_secrets, factors, login_challenges, recovery_codes, users};
use crate::user::PERSON;
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{ChallengeId, Ctx, Cut, FactorId, Page, Result, TenantId, UserId};
use platform::vault::Sealed;
use platform::{Conn, Record};

/// The actor's own.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    let user: UserId = ctx.actor.user;
    factors::table.filter(factors::tenant_id.eq(tenant)).filter(factors::user_id.eq(user))
}

/// The actor's factors.
pub fn list(conn: &mut Conn, ctx: &Ctx) -> Result<Page<Factor>> {
    let data = scope(ctx).order(factors::id.desc()).limit(10).select(Factor::as_select()).load(conn)?;
    Ok(Page { data, page: Cut::default() })
}

/// Whether the user has a factor that works.
pub(crate) fn has(conn: &mut Conn, tenant: TenantId, user: UserId) -> QueryResult<bool> {
    Ok(confirmed(conn, tenant, user)?.is_some())
}

/// The factor that a user is asked for.
pub(super) fn confirmed(conn: &mut Conn, tenant: TenantId, user: UserId) -> QueryResult<Option<FactorId>> {
    factors::table
        .filter(factors::tenant_id.eq(tenant))
        .filter(factors::user_id.eq(user))
        .filter(factors::confirmed_at.is_not_null())
        .select(factors::id)
        .first(conn)
        .optional()
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, id: FactorId, new: &NewFactor, secret: Sealed) -> QueryResult<Factor> {
    let row = (
        factors::tenant_id.eq(ctx.tenant),
        factors::id.eq(id),
        factors::user_id.eq(ctx.actor.user),
        factors::kind.eq(&new.kind),
        factors::name.eq(&new.name),
        factors::created_at.eq(ctx.now),
        factors::updated_at.eq(ctx.now),
    );
    let factor = diesel::insert_into(factors::table)
        .values(row)
        .returning(Factor::as_returning())
        .recorded::<Factor>(ctx, Verb::Created)
        .get_result(conn)?;
    let secret =
        (factor_secrets::tenant_id.eq(ctx.tenant), factor_secrets::factor_id.eq(id), factor_secrets::sealed.eq(secret));
    diesel::insert_into(factor_secrets::table).values(secret).execute(conn)?;
    Ok(factor)
}

/// Those of the actor that were begun and not confirmed.
pub(super) fn drop_begun(conn: &mut Conn, ctx: &Ctx) -> QueryResult<()> {
    let begun: Vec<FactorId> = scope(ctx).filter(factors::confirmed_at.is_null()).select(factors::id).load(conn)?;
    begun.into_iter().try_for_each(|id| remove(conn, ctx, ctx.actor.user, id).map(drop))
}

/// `false` where the user has none of this id.
pub(super) fn remove(conn: &mut Conn, ctx: &Ctx, user: UserId, id: FactorId) -> QueryResult<bool> {
    let target = factors::table.find((ctx.tenant, id)).filter(factors::user_id.eq(user));
    let gone: Option<Factor> = diesel::delete(target)
        .returning(Factor::as_returning())
        .recorded::<Factor>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()?;
    Ok(gone.is_some())
}

pub(super) fn of_user(conn: &mut Conn, tenant: TenantId, user: UserId) -> QueryResult<Vec<FactorId>> {
    let all = factors::table.filter(factors::tenant_id.eq(tenant)).filter(factors::user_id.eq(user));
    all.select(factors::id).load(conn)
}

/// What a code is held against.
#[derive(Debug, Queryable)]
pub(super) struct Held {
    pub id: FactorId,
    pub confirmed_at: Option<DateTime<Utc>>,
    /// where it was kept before it was sealed
    pub bare: Option<Vec<u8>>,
    pub sealed: Option<Sealed>,
    pub last_step: i64,
    pub failures: i32,
    pub last_failed_at: Option<DateTime<Utc>>,
}

/// Locked until the transaction ends: of two who show the same code one comes first.
pub(super) fn lock(conn: &mut Conn, tenant: TenantId, user: UserId, id: FactorId) -> QueryResult<Option<Held>> {
    factors::table
        .inner_join(
            factor_secrets::table
                .on(factor_secrets::factor_id.eq(factors::id).and(factor_secrets::tenant_id.eq(tenant))),
        )
        .filter(factors::tenant_id.eq(tenant))
        .filter(factors::id.eq(id))
        .filter(factors::user_id.eq(user))
        .for_update()
        .select((
            factors::id,
            factors::confirmed_at,
            factor_secrets::secret,
            factor_secrets::sealed,
            factor_secrets::last_step,
            factor_secrets::failures,
            factor_secrets::last_failed_at,
        ))
        .first(conn)
        .optional()
}

pub(super) fn confirm(conn: &mut Conn, ctx: &Ctx, id: FactorId) -> QueryResult<Factor> {
    diesel::update(scope(ctx).filter(factors::id.eq(id)))
        .set((
            factors::confirmed_at.eq(ctx.now),
            factors::updated_at.eq(ctx.now),
            factors::version.eq(factors::version + 1),
        ))
        .returning(Factor::as_returning())
        .recorded::<Factor>(ctx, Verb::Updated)
        .get_result(conn)
}

pub(super) fn used(conn: &mut Conn, ctx: &Ctx, id: FactorId) -> QueryResult<Factor> {
    diesel::update(scope(ctx).filter(factors::id.eq(id)))
        .set((
            factors::last_used_at.eq(ctx.now),
            factors::updated_at.eq(ctx.now),
            factors::version.eq(factors::version + 1),
        ))
        .returning(Factor::as_returning())
        .recorded::<Factor>(ctx, Verb::Updated)
        .get_result(conn)
}

/// No code of this step or an earlier one is good again; the failures before it are forgiven.
pub(super) fn passed(conn: &mut Conn, tenant: TenantId, id: FactorId, step: i64) -> QueryResult<usize> {
    diesel::update(factor_secrets::table.find((tenant, id)))
        .set((factor_secrets::last_step.eq(step), factor_secrets::failures.eq(0)))
        .execute(conn)
}

pub(super) fn failed(conn: &mut Conn, tenant: TenantId, id: FactorId, now: DateTime<Utc>) -> QueryResult<usize> {
    diesel::update(factor_secrets::table.find((tenant, id)))
        .set((factor_secrets::failures.eq(factor_secrets::failures + 1), factor_secrets::last_failed_at.eq(now)))
        .execute(conn)
}

pub(super) fn keep_codes(conn: &mut Conn, tenant: TenantId, id: FactorId, hashes: &[Digest]) -> QueryResult<usize> {
    let row = |hash: &Digest| {
        (recovery_codes::tenant_id.eq(tenant), recovery_codes::factor_id.eq(id), recovery_codes::hash.eq(hash.to_vec()))
    };
    diesel::insert_into(recovery_codes::table).values(hashes.iter().map(row).collect::<Vec<_>>()).execute(conn)
}

/// `false` where there is no such code, or it was used.
pub(super) fn spend(conn: &mut Conn, tenant: TenantId, id: FactorId, hash: &Digest) -> QueryResult<bool> {
    Ok(diesel::delete(recovery_codes::table.find((tenant, id, hash.to_vec()))).execute(conn)? == 1)
}

/// Keeps a challenge; those of the user that are over go.
pub(super) fn challenge(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ChallengeId,
    hash: &Digest,
    device: Option<&str>,
    until: DateTime<Utc>,
) -> QueryResult<usize> {
    let over = login_challenges::table
        .filter(login_challenges::tenant_id.eq(ctx.tenant))
        .filter(login_challenges::user_id.eq(ctx.actor.user))
        .filter(login_challenges::expires_at.lt(ctx.now));
    diesel::delete(over).execute(conn)?;
    let row = (
        login_challenges::tenant_id.eq(ctx.tenant),
        login_challenges::id.eq(id),
        login_challenges::user_id.eq(ctx.actor.user),
        login_challenges::hash.eq(hash.as_slice()),
        login_challenges::device.eq(device),
        login_challenges::expires_at.eq(until),
    );
    diesel::insert_into(login_challenges::table).values(row).execute(conn)
}

/// Who has shown a password, and on which device.
#[derive(Debug, Queryable)]
pub(super) struct Challenged {
    pub user: UserId,
    pub hash: Vec<u8>,
    pub device: Option<String>,
}

/// A challenge that is not over, of an active person, locked until the transaction ends.
pub(super) fn challenged(
    conn: &mut Conn,
    tenant: TenantId,
    id: ChallengeId,
    now: DateTime<Utc>,
) -> QueryResult<Option<Challenged>> {
    login_challenges::table
        .inner_join(users::table.on(users::id.eq(login_challenges::user_id).and(users::tenant_id.eq(tenant))))
        .filter(login_challenges::tenant_id.eq(tenant))
        .filter(login_challenges::id.eq(id))
        .filter(login_challenges::expires_at.gt(now))
        .filter(users::kind.eq(PERSON))
        .filter(users::is_active)
        .filter(users::deleted_at.is_null())
        .select((login_challenges::user_id, login_challenges::hash, login_challenges::device))
        .first(conn)
        .optional()
}

/// `false` where it has been met already: of two who meet it at once one comes in.
pub(super) fn met(conn: &mut Conn, tenant: TenantId, id: ChallengeId) -> QueryResult<bool> {
    Ok(diesel::delete(login_challenges::table.find((tenant, id))).execute(conn)? == 1)
}
