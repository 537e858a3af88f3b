//! What may be done with a quota.
use super::{Key, NewQuota, PERIOD_TAKEN, Quota, QuotaPatch, TEAM, USER, store};
use diesel::result::{DatabaseErrorKind::UniqueViolation, Error as Sql};
use kernel::existing::conflict;
use kernel::{Ctx, Error, Existing, QuotaId, Result, error, text};
use platform::Conn;
use platform::deed::{self, Called, Upsert, Upserted, attempt, may_own, untouched};

pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewQuota) -> Result<Quota> {
    may_own::<Quota>(ctx, new.owner_id)?;
    let of_team = new.team_id.filter(|_| new.kind.as_deref() == Some(TEAM));
    let key = match of_team {
        Some(team) => Key::Team(team, new.period.clone()),
        None => Key::Owner(new.owner_id.unwrap_or(ctx.actor.user), new.period.clone()),
    };
    attempt(conn, |conn| store::insert(conn, ctx, new)).map_err(|error| named(conn, ctx, error, &key))
}

/// With a `base`, only if the quota is still at that version; without, on whatever is there now.
pub fn update(conn: &mut Conn, ctx: &Ctx, id: QuotaId, base: Option<i32>, patch: &QuotaPatch) -> Result<Quota> {
    may_own::<Quota>(ctx, patch.owner_id)?;
    match attempt(conn, |conn| store::update(conn, ctx, id, base, patch)) {
        Ok(Some(quota)) => Ok(quota),
        Ok(None) => Err(untouched(conn, ctx, store::find, id, base)),
        Err(error) => {
            let before = store::find(conn, ctx, id)?;
            let key = Key::of(&Quota { owner_id: patch.owner_id.unwrap_or(before.owner_id), ..before });
            Err(named(conn, ctx, error, &key))
        }
    }
}

/// The quota with this key is changed, or made where there is none.
pub fn upsert(conn: &mut Conn, ctx: &Ctx, key: &Key, ask: &Upsert<NewQuota, QuotaPatch>) -> Result<Upserted<Quota>> {
    deed::upsert(
        conn,
        ctx,
        key,
        ask,
        (store::find_by, store::find_any),
        |conn, new| create(conn, ctx, &meant(key, new)?),
        |conn, found, patch| update(conn, ctx, found.id, ask.base, patch),
    )
}

/// What is asked for by its team is a team's.
fn meant(key: &Key, new: &NewQuota) -> Result<NewQuota> {
    let kind = if matches!(key, Key::Team(..)) { TEAM } else { USER };
    match new.kind.as_deref() {
        Some(said) if said != kind => {
            Err(Error::invalid("/kind", "key_mismatch", text!("a quota of this key is of the kind {kind}", kind)))
        }
        _ => Ok(NewQuota { kind: Some(kind.to_owned()), ..new.clone() }),
    }
}

impl Key {
    fn of(quota: &Quota) -> Self {
        match quota.team_id.filter(|_| quota.kind == TEAM) {
            Some(team) => Self::Team(team, quota.period.clone()),
            None => Self::Owner(quota.owner_id, quota.period.clone()),
        }
    }
}

impl Called for Key {
    fn called(&self) -> Option<(&str, &str)> {
        None
    }
}

/// Nobody is to reach it any more.
pub fn archive(conn: &mut Conn, ctx: &Ctx, id: QuotaId, base: Option<i32>) -> Result<Quota> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(quota) => Ok(quota),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// A quota that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: QuotaId) -> Result<Quota> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    let done = attempt(conn, |conn| store::set_archived(conn, ctx, id, None, false));
    done.map_err(|error| named(conn, ctx, error, &Key::of(&found)))?.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: QuotaId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

/// The constraints of the table, by the codes of the room.
fn named(conn: &mut Conn, ctx: &Ctx, error: Sql, key: &Key) -> Error {
    match &error {
        Sql::DatabaseError(UniqueViolation, info)
            if info.constraint_name().is_some_and(|name| name.ends_with("_period_key")) =>
        {
            let found = store::find_by(conn, ctx, key).unwrap_or_default();
            let existing: Vec<Existing> = found.iter().map(|one| Existing::new(one.id, "period", 100)).collect();
            conflict(PERIOD_TAKEN, &existing).source(error)
        }
        _ => error.into(),
    }
}
