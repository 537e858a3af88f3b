//! The queries of suppressions. `scope` is the only way in.
use super::{Suppression, SuppressionPatch};
use crate::schema::suppressions;
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{ContactId, Ctx, Page, Result, SuppressionId, TenantId};
use platform::{Conn, Listing, Record};

/// The suppressions of the tenant: they belong to nobody, so the permission at the door is enough.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    suppressions::table.filter(suppressions::tenant_id.eq(tenant))
}

pub(super) fn find(conn: &mut Conn, ctx: &Ctx, id: SuppressionId) -> Result<Suppression> {
    Ok(scope(ctx).filter(suppressions::id.eq(id)).select(Suppression::as_select()).first(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<suppressions::table>) -> Result<Page<Suppression>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Suppression::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(ask.matching()).select(suppressions::id),
        |_| "",
    )
}

/// Why an address is to be left alone.
pub(crate) struct Cause<'a> {
    pub channel: &'a str,
    pub address: &'a str,
    pub digest: &'a [u8],
    pub contact: Option<ContactId>,
    pub reason: &'a str,
    pub purpose: Option<&'a str>,
    pub note: Option<&'a str>,
}

/// Nothing comes back where it is suppressed so already.
pub(crate) fn put(conn: &mut Conn, ctx: &Ctx, cause: &Cause) -> QueryResult<Option<Suppression>> {
    let row = (
        suppressions::tenant_id.eq(ctx.tenant),
        suppressions::id.eq(SuppressionId::new()),
        suppressions::channel.eq(cause.channel),
        suppressions::address.eq(cause.address),
        suppressions::address_hash.eq(cause.digest),
        suppressions::contact_id.eq(cause.contact),
        suppressions::reason.eq(cause.reason),
        suppressions::purpose.eq(cause.purpose),
        suppressions::note.eq(cause.note),
        suppressions::created_at.eq(ctx.now),
        suppressions::updated_at.eq(ctx.now),
        suppressions::created_by.eq(ctx.actor.user),
        suppressions::updated_by.eq(ctx.actor.user),
    );
    diesel::insert_into(suppressions::table)
        .values(row)
        .on_conflict_do_nothing()
        .returning(Suppression::as_returning())
        .recorded::<Suppression>(ctx, Verb::Created)
        .get_result(conn)
        .optional()
}

/// Those of an address.
pub(super) fn of(conn: &mut Conn, ctx: &Ctx, channel: &str, digest: &[u8]) -> QueryResult<Vec<Suppression>> {
    scope(ctx)
        .filter(suppressions::channel.eq(channel))
        .filter(suppressions::address_hash.eq(digest))
        .select(Suppression::as_select())
        .load(conn)
}

/// Which of these digests are suppressed, for which purpose, and why.
pub(crate) fn among(
    conn: &mut Conn,
    tenant: TenantId,
    channel: &str,
    digests: &[Vec<u8>],
) -> QueryResult<Vec<(Vec<u8>, Option<String>, String)>> {
    suppressions::table
        .filter(suppressions::tenant_id.eq(tenant))
        .filter(suppressions::channel.eq(channel))
        .filter(suppressions::address_hash.eq_any(digests))
        .select((suppressions::address_hash, suppressions::purpose, suppressions::reason))
        .load(conn)
}

/// Nothing comes back where it is not there, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: SuppressionId,
    base: Option<i32>,
    patch: &SuppressionPatch,
) -> QueryResult<Option<Suppression>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx).filter(suppressions::id.eq(id)).filter(suppressions::version.between(oldest, newest));
    let moved = (
        suppressions::version.eq(suppressions::version + 1),
        suppressions::updated_at.eq(ctx.now),
        suppressions::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set((patch, moved))
        .returning(Suppression::as_returning())
        .recorded::<Suppression>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(
    conn: &mut Conn,
    ctx: &Ctx,
    id: SuppressionId,
    base: Option<i32>,
) -> QueryResult<Option<Suppression>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx).filter(suppressions::id.eq(id)).filter(suppressions::version.between(oldest, newest));
    diesel::delete(target)
        .returning(Suppression::as_returning())
        .recorded::<Suppression>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// What somebody had unsubscribed from, and wants again; what a server or the law says stays.
pub(crate) fn lift(conn: &mut Conn, ctx: &Ctx, channel: &str, digest: &[u8], purpose: &str) -> QueryResult<usize> {
    let own = scope(ctx)
        .filter(suppressions::channel.eq(channel))
        .filter(suppressions::address_hash.eq(digest))
        .filter(suppressions::purpose.eq(purpose))
        .filter(suppressions::reason.eq("unsubscribed"));
    let gone: Option<Suppression> = diesel::delete(own)
        .returning(Suppression::as_returning())
        .recorded::<Suppression>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()?;
    Ok(usize::from(gone.is_some()))
}
