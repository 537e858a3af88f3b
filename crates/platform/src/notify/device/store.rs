//! The queries of devices: `scope` is their owner's way in; the rest is for whoever sends.
use super::{Device, NewDevice, PLACE};
use crate::notify::schema::devices;
use crate::vault::{Fingerprint, Plain, Sealed};
use crate::{Conn, Vault};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;

use kernel::{Ctx, Cut, DeviceId, Page, Result, TenantId, UserId};

/// The actor's own.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let (tenant, user): (TenantId, UserId) = (ctx.tenant, ctx.actor.user);
    devices::table.filter(devices::tenant_id.eq(tenant)).filter(devices::user_id.eq(user))
}

/// All of the actor's, those that were seen last first.
pub fn list(conn: &mut Conn, ctx: &Ctx) -> Result<Page<Device>> {
    let all = scope(ctx).order((devices::last_seen_at.desc(), devices::id.desc())).select(Device::as_select());
    Ok(Page { data: all.load(conn)?, page: Cut::default() })
}

/// The device with one of these fingerprints, whose it may be.
pub(super) fn known(conn: &mut Conn, ctx: &Ctx, prints: Vec<Fingerprint>) -> QueryResult<Option<DeviceId>> {
    let one = devices::table.filter(devices::tenant_id.eq(ctx.tenant)).filter(devices::fingerprint.eq_any(prints));
    one.select(devices::id).first(conn).optional()
}

pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    id: DeviceId,
    new: &NewDevice,
    sealed: Sealed,
    print: Fingerprint,
) -> QueryResult<Device> {
    let row = (
        (devices::tenant_id.eq(ctx.tenant), devices::id.eq(id), devices::user_id.eq(ctx.actor.user)),
        (devices::platform.eq(&new.platform), devices::sealed.eq(sealed), devices::fingerprint.eq(print)),
        (devices::app_version.eq(&new.app_version), devices::locale.eq(&new.locale)),
        (devices::last_seen_at.eq(ctx.now), devices::created_at.eq(ctx.now)),
    );
    diesel::insert_into(devices::table).values(row).returning(Device::as_returning()).get_result(conn)
}

pub(super) fn seen(conn: &mut Conn, ctx: &Ctx, id: DeviceId, new: &NewDevice) -> QueryResult<Device> {
    let now = (
        devices::user_id.eq(ctx.actor.user),
        devices::app_version.eq(&new.app_version),
        devices::locale.eq(&new.locale),
        devices::last_seen_at.eq(ctx.now),
    );
    diesel::update(devices::table.find((ctx.tenant, id))).set(now).returning(Device::as_returning()).get_result(conn)
}

/// Of the actor's, all but so many go.
pub(super) fn keep_newest(conn: &mut Conn, ctx: &Ctx, most: i64) -> QueryResult<usize> {
    let order = (devices::last_seen_at.desc(), devices::id.desc());
    let old: Vec<DeviceId> = scope(ctx).order(order).offset(most).select(devices::id).load(conn)?;
    gone(conn, ctx.tenant, &old)
}

pub(super) fn remove(conn: &mut Conn, ctx: &Ctx, id: DeviceId) -> QueryResult<usize> {
    diesel::delete(scope(ctx).filter(devices::id.eq(id))).execute(conn)
}

/// A device, and by what it is reached.
#[derive(Debug)]
pub struct Reached {
    pub id: DeviceId,
    pub locale: Option<String>,
    pub token: Plain,
}

/// In a transaction: where somebody is reached. The rows are held, so that no key goes meanwhile.
pub fn reached(conn: &mut Conn, vault: &Vault, tenant: TenantId, user: UserId) -> Result<Vec<Reached>> {
    let all: Vec<(DeviceId, Option<String>, Sealed)> = devices::table
        .filter(devices::tenant_id.eq(tenant))
        .filter(devices::user_id.eq(user))
        .order(devices::id)
        .for_share()
        .select((devices::id, devices::locale, devices::sealed))
        .load(conn)?;
    let opened =
        |(id, locale, sealed)| Ok(Reached { id, locale, token: vault.open(conn, tenant, &PLACE, id, &sealed)? });
    all.into_iter().map(opened).collect()
}

/// They are not there any more.
pub fn gone(conn: &mut Conn, tenant: TenantId, ids: &[DeviceId]) -> QueryResult<usize> {
    let them = devices::table.filter(devices::tenant_id.eq(tenant)).filter(devices::id.eq_any(ids));
    diesel::delete(them).execute(conn)
}
