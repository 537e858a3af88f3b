//! The queries of failed logins. They name no tenant, for a login names none; a key tells neither address nor user.
use super::Failures;
use crate::digest::Digest;
use crate::schema::{login_failures, sessions, users};
use chrono::{DateTime, Utc};
use diesel::dsl::case_when;
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::upsert::excluded;
use platform::Conn;

/// What is known of each key.
pub fn of<const N: usize>(conn: &mut Conn, keys: [&Digest; N], now: DateTime<Utc>) -> QueryResult<[Failures; N]> {
    let found: Vec<(Vec<u8>, i32, DateTime<Utc>)> = login_failures::table
        .filter(login_failures::key_hash.eq_any(keys.map(|key| key.to_vec())))
        .filter(login_failures::forgotten_at.gt(now))
        .select((login_failures::key_hash, login_failures::failures, login_failures::last_failed_at))
        .load(conn)?;
    let one = |key: &Digest| {
        let (_, count, last) = found.iter().find(|(hash, ..)| hash == key)?;
        Some(Failures { count: *count, last: last.timestamp() })
    };
    Ok(keys.map(|key| one(key).unwrap_or_default()))
}

/// One more for each key, to be remembered until then.
pub fn count(conn: &mut Conn, keys: &[(Digest, DateTime<Utc>)], now: DateTime<Utc>) -> QueryResult<usize> {
    let row = |(key, until): &(Digest, DateTime<Utc>)| {
        (
            login_failures::key_hash.eq(key.to_vec()),
            login_failures::failures.eq(1),
            login_failures::last_failed_at.eq(now),
            login_failures::forgotten_at.eq(*until),
        )
    };
    let more = case_when(login_failures::forgotten_at.gt(now), login_failures::failures + 1).otherwise(1);
    diesel::insert_into(login_failures::table)
        .values(keys.iter().map(row).collect::<Vec<_>>())
        .on_conflict(login_failures::key_hash)
        .do_update()
        .set((
            login_failures::failures.eq(more),
            login_failures::last_failed_at.eq(excluded(login_failures::last_failed_at)),
            login_failures::forgotten_at.eq(excluded(login_failures::forgotten_at)),
        ))
        .execute(conn)
}

pub fn forget(conn: &mut Conn, key: &Digest) -> QueryResult<usize> {
    diesel::delete(login_failures::table.find(key.as_slice())).execute(conn)
}

/// Clears away what is forgotten.
pub fn clear(conn: &mut Conn, now: DateTime<Utc>) -> QueryResult<usize> {
    diesel::delete(login_failures::table.filter(login_failures::forgotten_at.le(now))).execute(conn)
}

/// Whether a user of this e-mail, in whatever tenant, has a living session at this address.
pub fn is_familiar(conn: &mut Conn, email: &str, address: &str, now: DateTime<Utc>) -> QueryResult<bool> {
    let theirs = users::table
        .inner_join(sessions::table.on(sessions::tenant_id.eq(users::tenant_id).and(sessions::user_id.eq(users::id))))
        .filter(users::email.eq(email))
        .filter(users::deleted_at.is_null())
        .filter(sessions::address.eq(address))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::expires_at.gt(now));
    diesel::select(diesel::dsl::exists(theirs)).get_result(conn)
}
