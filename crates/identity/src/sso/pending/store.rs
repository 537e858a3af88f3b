//! The queries of logins that are under way. Each says itself whose it is; nobody is logged in who could be asked.
use super::Kept;
use crate::digest::Digest;
use crate::schema::sso_logins;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{SsoLoginId, SsoProviderId, TenantId, UserId};
use platform::Conn;

pub(crate) fn insert(conn: &mut Conn, kept: &Kept, hash: &Digest) -> QueryResult<usize> {
    let row = (
        sso_logins::tenant_id.eq(kept.tenant),
        sso_logins::id.eq(kept.id),
        sso_logins::provider_id.eq(kept.provider),
        sso_logins::user_id.eq(kept.user),
        sso_logins::hash.eq(hash.as_slice()),
        sso_logins::nonce.eq(&kept.nonce),
        sso_logins::verifier.eq(&kept.verifier),
        sso_logins::redirect_uri.eq(&kept.redirect_uri),
        sso_logins::expires_at.eq(kept.expires_at),
    );
    diesel::insert_into(sso_logins::table).values(row).execute(conn)
}

type Row = (SsoProviderId, String, String, String, DateTime<Utc>);

/// One statement: of any number of racers one gets it. `user` is who it has to be begun by, nobody for a login.
pub(crate) fn take(
    conn: &mut Conn,
    (tenant, id, hash): (TenantId, SsoLoginId, Digest),
    user: Option<UserId>,
    now: DateTime<Utc>,
) -> QueryResult<Option<Kept>> {
    let one = sso_logins::table
        .find((tenant, id))
        .filter(sso_logins::hash.eq(hash.to_vec()))
        .filter(sso_logins::user_id.is_not_distinct_from(user))
        .filter(sso_logins::expires_at.gt(now));
    let row: Option<Row> = diesel::delete(one)
        .returning((
            sso_logins::provider_id,
            sso_logins::nonce,
            sso_logins::verifier,
            sso_logins::redirect_uri,
            sso_logins::expires_at,
        ))
        .get_result(conn)
        .optional()?;
    let kept = |(provider, nonce, verifier, redirect_uri, expires_at)| Kept {
        tenant,
        id,
        provider,
        user,
        nonce,
        verifier,
        redirect_uri,
        expires_at,
    };
    Ok(row.map(kept))
}

/// Clears away what has expired, of all tenants.
pub fn clear(conn: &mut Conn, now: DateTime<Utc>) -> QueryResult<usize> {
    diesel::delete(sso_logins::table.filter(sso_logins::expires_at.le(now))).execute(conn)
}
