//! What may be done with a quota.
use super::{NewQuota, PERIOD_TAKEN, Quota, QuotaPatch, store};
use diesel::result::{DatabaseErrorKind::UniqueViolation, Error as Sql};
use kernel::{Ctx, Error, QuotaId, Result};
use platform::Conn;
use platform::deed::{may_own, untouched};

pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewQuota) -> Result<Quota> {
    may_own::<Quota>(ctx, new.owner_id)?;
    store::insert(conn, ctx, new).map_err(named)
}

/// With a `base`, only if the quota is still at that version; without, on whatever is there now.
pub fn update(conn: &mut Conn, ctx: &Ctx, id: QuotaId, base: Option<i32>, patch: &QuotaPatch) -> Result<Quota> {
    may_own::<Quota>(ctx, patch.owner_id)?;
    match store::update(conn, ctx, id, base, patch).map_err(named)? {
        Some(quota) => Ok(quota),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// Gone for good.
pub fn remove(conn: &mut Conn, ctx: &Ctx, id: QuotaId, base: Option<i32>) -> Result<Quota> {
    match store::delete(conn, ctx, id, base)? {
        Some(quota) => Ok(quota),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// The constraints of the table, by the codes of the room.
fn named(error: Sql) -> Error {
    match &error {
        Sql::DatabaseError(UniqueViolation, info)
            if info.constraint_name().is_some_and(|name| name.ends_with("_period_key")) =>
        {
            Error::from(PERIOD_TAKEN).source(error)
        }
        _ => error.into(),
    }
}
