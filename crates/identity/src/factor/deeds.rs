//! What may be done with a factor, and how it is shown at a login.
use super::{ConfirmedFactor, EXISTS, Factor, FreshFactor, NewFactor, SECRET, SecondFactor, store, totp};
use crate::patience::Patience;
use crate::permission::Objects;
use crate::{base62, digest, random, secret_text, user};
use chrono::{DateTime, Duration, Utc};
use diesel::Connection;
use diesel::result::{DatabaseErrorKind::UniqueViolation, Error as Sql};
use kernel::{ChallengeId, Ctx, Error, FactorId, Result, TenantId, UserId, error, text};
use platform::{Conn, Vault, audit};
use store::Held;

const ISSUER: &str = "Guanxi";
const CHALLENGE: &str = "gxc_";
/// From the password to the code.
const PATIENCE: Duration = Duration::minutes(5);
const RECOVERY_CODES: usize = 10;
const OF_CODES: Patience = Patience { free: 5, doublings: 5 };

/// A factor of the actor's own, which is asked for when it is confirmed. One that was begun before is dropped.
pub fn add(conn: &mut Conn, ctx: &Ctx, vault: &Vault, new: &NewFactor) -> Result<FreshFactor> {
    in_person(ctx)?;
    conn.transaction(|conn| {
        if store::confirmed(conn, ctx.tenant, ctx.actor.user)?.is_some() {
            return Err(EXISTS.into());
        }
        store::drop_begun(conn, ctx)?;
        let (id, secret) = (FactorId::new(), totp::fresh());
        let sealed = vault.seal(conn, ctx.tenant, &SECRET, id, &secret)?;
        let factor = store::insert(conn, ctx, id, new, sealed)?;
        let email = user::myself(conn, ctx)?.email;
        let uri = totp::uri(&secret, ISSUER, &email)?;
        Ok(FreshFactor { secret: totp::written(&secret), uri, factor })
    })
}

/// From now on it is asked for at each login. The code that shows that it works is used up by that.
pub fn confirm(conn: &mut Conn, ctx: &Ctx, vault: &Vault, id: FactorId, code: &str) -> Result<ConfirmedFactor> {
    in_person(ctx)?;
    conn.transaction(|conn| {
        let held = store::lock(conn, ctx.tenant, ctx.actor.user, id)?.ok_or(error::NOT_FOUND)?;
        if held.confirmed_at.is_some() {
            return Err(EXISTS.into());
        }
        let step = step(conn, vault, ctx.tenant, &held, code, ctx.now)?;
        let step = step.ok_or_else(|| Error::invalid("/code", "wrong", text!("is not the code of this moment")))?;
        store::passed(conn, ctx.tenant, id, step)?;
        let factor: Factor = store::confirm(conn, ctx, id).map_err(named)?;
        let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| base62::encode(&random::bytes::<10>(), 14)).collect();
        let hashes: Vec<_> = codes.iter().map(digest::of).collect();
        store::keep_codes(conn, ctx.tenant, id, &hashes)?;
        let parted =
            |code: String| format!("{}-{}", code.get(..7).unwrap_or_default(), code.get(7..).unwrap_or_default());
        Ok(ConfirmedFactor { recovery_codes: codes.into_iter().map(parted).collect(), factor })
    })
}

/// Takes away one of the actor's own, and its recovery codes.
pub fn remove(conn: &mut Conn, ctx: &Ctx, id: FactorId) -> Result<()> {
    in_person(ctx)?;
    if store::remove(conn, ctx, ctx.actor.user, id)? { Ok(()) } else { Err(error::NOT_FOUND.into()) }
}

/// Takes away all factors of a user who has lost them: by those who hold all that the user holds.
pub fn reset(conn: &mut Conn, ctx: &Ctx, objects: Objects, id: UserId) -> Result<()> {
    conn.transaction(|conn| {
        user::governed(conn, ctx, objects, id, false)?;
        for factor in store::of_user(conn, ctx.tenant, id)? {
            store::remove(conn, ctx, id, factor)?;
        }
        Ok(())
    })
}

/// What has to be met with a code, where the actor has a factor; they have just shown their password.
pub(crate) fn challenge(conn: &mut Conn, ctx: &Ctx, device: Option<&str>) -> Result<Option<String>> {
    if store::confirmed(conn, ctx.tenant, ctx.actor.user)?.is_none() {
        return Ok(None);
    }
    let id = ChallengeId::new();
    let (text, hash) = secret_text::fresh(CHALLENGE, ctx.tenant, id.0);
    store::challenge(conn, ctx, id, &hash, device, ctx.now + PATIENCE)?;
    Ok(Some(text))
}

/// What came of a code.
pub(crate) enum Passed {
    /// who it is, and what their device is called
    In(TenantId, UserId, Option<String>),
    /// seconds until the next may be tried
    Later(i64),
    Refused,
}

/// Holds a code against the factor of whoever was challenged; `acting` is them. In a transaction, which is kept even
/// where the code is refused: failures count.
pub(crate) fn pass(
    conn: &mut Conn,
    vault: &Vault,
    ask: &SecondFactor,
    now: DateTime<Utc>,
    acting: impl FnOnce(TenantId, UserId) -> Ctx,
) -> Result<Passed> {
    let Some((tenant, id, hash)) = secret_text::read(CHALLENGE, &ask.challenge) else { return Ok(Passed::Refused) };
    let id = ChallengeId::from(id);
    let met = store::challenged(conn, tenant, id, now)?.filter(|met| digest::same(&met.hash, &hash));
    let Some(store::Challenged { user, device, .. }) = met else { return Ok(Passed::Refused) };
    let factor = store::confirmed(conn, tenant, user)?;
    let held = factor.map(|factor| store::lock(conn, tenant, user, factor)).transpose()?.flatten();
    let Some(held) = held else { return Ok(Passed::Refused) };
    match wait(&held, now) {
        0 => {}
        seconds => return Ok(Passed::Later(seconds)),
    }
    let ctx = acting(tenant, user);
    if !is_good(conn, vault, tenant, &held, ask, now)? || !store::met(conn, tenant, id)? {
        store::failed(conn, tenant, held.id, now)?;
        audit::note(conn, &ctx, "second_factor.failed", "factor", held.id, None)?;
        return Ok(Passed::Refused);
    }
    store::used(conn, &ctx, held.id)?;
    Ok(Passed::In(tenant, user, device))
}

fn is_good(
    conn: &mut Conn,
    vault: &Vault,
    tenant: TenantId,
    held: &Held,
    ask: &SecondFactor,
    now: DateTime<Utc>,
) -> Result<bool> {
    let step = match (&ask.code, &ask.recovery_code) {
        (Some(code), _) => step(conn, vault, tenant, held, code, now)?,
        (None, Some(code)) => store::spend(conn, tenant, held.id, &digest::of(code))?.then_some(held.last_step),
        (None, None) => None,
    };
    match step {
        Some(step) => Ok(store::passed(conn, tenant, held.id, step)? == 1),
        None => Ok(false),
    }
}

/// The step of which it is the code, by the secret of a factor that is locked.
fn step(
    conn: &mut Conn,
    vault: &Vault,
    tenant: TenantId,
    held: &Held,
    code: &str,
    now: DateTime<Utc>,
) -> Result<Option<i64>> {
    let step = |secret: &[u8]| totp::step(secret, code, now, held.last_step);
    match (&held.sealed, &held.bare) {
        (Some(sealed), _) => Ok(step(vault.open(conn, tenant, &SECRET, held.id, sealed)?.expose())),
        (None, Some(bare)) => Ok(step(bare)),
        (None, None) => Ok(None),
    }
}

/// Seconds until the next code may be tried.
fn wait(held: &Held, now: DateTime<Utc>) -> i64 {
    held.last_failed_at.map_or(0, |last| OF_CODES.wait(held.failures, last.timestamp(), now))
}

/// A key would come by more than it holds.
fn in_person(ctx: &Ctx) -> Result<()> {
    match ctx.actor.key {
        None => Ok(()),
        Some(_) => Err(Error::from(error::FORBIDDEN).detail(text!("an API key has no second factor"))),
    }
}

/// The constraints of the table, by the codes of the room.
fn named(error: Sql) -> Error {
    match &error {
        Sql::DatabaseError(UniqueViolation, info) if info.constraint_name() == Some("factors_confirmed_key") => {
            Error::from(EXISTS).source(error)
        }
        _ => error.into(),
    }
}
