//! The queries of links. A link says itself whose it is; nobody is logged in who could be asked.
use super::Purpose;
use super::deeds::Holder;
use crate::digest::Digest;
use crate::schema::{links, tenants, users};
use crate::user::PERSON;
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{TenantId, UserId};
use platform::Conn;

/// Links of one person in several tenants are more letters than a request is worth.
const MOST: i64 = 5;

/// An active user.
pub fn holder(conn: &mut Conn, tenant: TenantId, user: UserId) -> QueryResult<Option<Holder>> {
    let row: Option<(String, String, Option<String>, String, String)> = users::table
        .inner_join(tenants::table.on(tenants::tenant_id.eq(users::tenant_id)))
        .filter(users::tenant_id.eq(tenant))
        .filter(users::id.eq(user))
        .filter(users::deleted_at.is_null())
        .filter(users::is_active)
        .filter(users::kind.eq(PERSON))
        .select((users::email, users::display_name, users::locale, tenants::locale, tenants::name))
        .first(conn)
        .optional()?;
    Ok(row.map(|(email, name, own, locale, tenant_name)| Holder {
        tenant,
        user,
        email,
        name,
        tenant_name,
        locale: own.unwrap_or(locale),
    }))
}

/// The active users with this address, in whatever tenant.
pub fn with_email(conn: &mut Conn, email: &str) -> QueryResult<Vec<(TenantId, UserId)>> {
    users::table
        .filter(users::email.eq(email))
        .filter(users::deleted_at.is_null())
        .filter(users::is_active)
        .filter(users::kind.eq(PERSON))
        .order(users::id)
        .limit(MOST)
        .select((users::tenant_id, users::id))
        .load(conn)
}

pub fn insert(
    conn: &mut Conn,
    holder: &Holder,
    purpose: Purpose,
    hash: &Digest,
    is_mailed: bool,
    (created_at, expires_at): (DateTime<Utc>, DateTime<Utc>),
) -> QueryResult<usize> {
    let row = (
        links::tenant_id.eq(holder.tenant),
        links::user_id.eq(holder.user),
        links::purpose.eq(purpose.name()),
        links::hash.eq(hash.as_slice()),
        links::email.eq(&holder.email),
        links::is_mailed.eq(is_mailed),
        links::created_at.eq(created_at),
        links::expires_at.eq(expires_at),
    );
    diesel::insert_into(links::table).values(row).execute(conn)
}

pub fn is_issued_since(
    conn: &mut Conn,
    tenant: TenantId,
    user: UserId,
    purpose: Purpose,
    since: DateTime<Utc>,
) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(of(tenant, user, purpose).filter(links::created_at.gt(since)))).get_result(conn)
}

pub fn is_good(
    conn: &mut Conn,
    tenant: TenantId,
    user: UserId,
    purpose: Purpose,
    hash: &Digest,
    now: DateTime<Utc>,
) -> QueryResult<bool> {
    let one = links::table.find((tenant, user, purpose.name(), hash.as_slice())).filter(links::expires_at.gt(now));
    diesel::select(diesel::dsl::exists(one)).get_result(conn)
}

/// One statement: nobody else gets it. The address that it was for, and whether it went there by mail.
pub fn take(
    conn: &mut Conn,
    tenant: TenantId,
    user: UserId,
    purpose: Purpose,
    hash: &Digest,
    now: DateTime<Utc>,
) -> QueryResult<Option<(String, bool)>> {
    let one = links::table.find((tenant, user, purpose.name(), hash.as_slice()));
    diesel::delete(one.filter(links::expires_at.gt(now)))
        .returning((links::email, links::is_mailed))
        .get_result(conn)
        .optional()
}

pub fn remove(conn: &mut Conn, tenant: TenantId, user: UserId, purpose: Purpose) -> QueryResult<usize> {
    diesel::delete(of(tenant, user, purpose)).execute(conn)
}

/// The links that somebody has for a purpose.
#[auto_type]
fn of(tenant: TenantId, user: UserId, purpose: Purpose) -> _ {
    let purpose: &'static str = purpose.name();
    links::table.filter(links::tenant_id.eq(tenant)).filter(links::user_id.eq(user)).filter(links::purpose.eq(purpose))
}

/// Clears away what has expired, of all tenants.
pub fn clear(conn: &mut Conn, now: DateTime<Utc>) -> QueryResult<usize> {
    diesel::delete(links::table.filter(links::expires_at.le(now))).execute(conn)
}
