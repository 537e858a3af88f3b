//! What may be done with links.
use super::{Invitation, LETTER, LINK_INVALID, PASSWORD_RESET, Purpose, store};
use crate::digest::Digest;
use crate::{secret_text, user};
use chrono::{DateTime, Duration, Utc};
use kernel::{Actor, Ctx, Error, Grants, Origin, RequestId, Result, TenantId, UserId};
use platform::job::{self, Held, Priority};
use platform::mail::Mail;
use platform::{Conn, audit};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

const PREFIX: &str = "gxl_";
/// Nobody gets letters faster than this, however often somebody asks for them.
const PAUSE: Duration = Duration::minutes(1);

/// A letter to be written: all that its job says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Post {
    pub user: UserId,
    pub purpose: Purpose,
}

/// A link, and what its letter is written with.
#[derive(Clone, Debug)]
pub struct Issued {
    pub token: String,
    pub holder: Holder,
    pub expires_at: DateTime<Utc>,
}

/// Whom a link is of.
#[derive(Clone, Debug)]
pub struct Holder {
    pub tenant: TenantId,
    pub user: UserId,
    pub email: String,
    pub name: String,
    pub tenant_name: String,
    pub locale: String,
}

/// Puts a letter down, in the transaction that makes it necessary.
pub fn post(conn: &mut Conn, ctx: &Ctx, user: UserId, purpose: Purpose) -> Result<()> {
    let payload = serde_json::to_value(Post { user, purpose }).map_err(Error::internal)?;
    job::enqueue_as(conn, ctx, Priority::Urgent, LETTER, &payload).map(drop)
}

/// By a letter where there is mail, else by a link that is told once. Whether the actor may is asked before.
pub fn invite(conn: &mut Conn, ctx: &Ctx, user: &user::User, mail: &Mail) -> Result<Invitation> {
    let email = user.email.clone();
    if mail.is_configured() {
        post(conn, ctx, user.id, Purpose::Invitation)?;
        return Ok(Invitation { email, link: None, expires_at: ctx.now + Purpose::Invitation.lifetime() });
    }
    let issued = issue(conn, ctx.tenant, user.id, Purpose::Invitation, false, ctx.now)?.ok_or(LINK_INVALID)?;
    let link = Some(mail.link(Purpose::Invitation.page(), &issued.token));
    Ok(Invitation { email, link, expires_at: issued.expires_at })
}

/// A fresh link of an active user; `is_mailed` where it goes to their mailbox and to nobody else.
pub fn issue(
    conn: &mut Conn,
    tenant: TenantId,
    user: UserId,
    purpose: Purpose,
    is_mailed: bool,
    now: DateTime<Utc>,
) -> Result<Option<Issued>> {
    let Some(holder) = store::holder(conn, tenant, user)? else { return Ok(None) };
    let (token, hash) = secret_text::fresh(PREFIX, tenant, user.0);
    let expires_at = now + purpose.lifetime();
    store::insert(conn, &holder, purpose, &hash, is_mailed, (now, expires_at))?;
    Ok(Some(Issued { token, holder, expires_at }))
}

/// Somebody has forgotten their password. What is done is the same whether there is such a user: a job is put down that
/// belongs to no tenant, and whoever does it finds out.
pub fn ask(conn: &mut Conn, email: &str, request: RequestId, now: DateTime<Utc>) -> Result<()> {
    let ctx = nobody(request, now);
    let payload = serde_json::json!({"email": email});
    job::enqueue_as(conn, &ctx, Priority::Urgent, PASSWORD_RESET, &payload).map(drop)
}

/// Puts a letter down for each active user with the address, and takes the job away.
pub fn spread(conn: &mut Conn, held: &Held, now: DateTime<Utc>) -> Result<()> {
    let email = held.payload.get("email").and_then(serde_json::Value::as_str).unwrap_or_default();
    for (tenant, user) in store::with_email(conn, email)? {
        if !store::is_issued_since(conn, tenant, user, Purpose::PasswordReset, now - PAUSE)? {
            let ctx = Ctx { tenant, actor: Actor { user, key: None }, ..nobody(RequestId::new(), now) };
            audit::note(conn, &ctx, "user.password_reset_requested", "user", user, None)?;
            post(conn, &ctx, user, Purpose::PasswordReset)?;
        }
    }
    job::discard(conn, held)
}

/// Whose link it is, while it is good.
pub(crate) fn holder(conn: &mut Conn, token: &str, purpose: Purpose, now: DateTime<Utc>) -> Result<Holder> {
    let (tenant, user, hash) = read(token)?;
    let holder = if store::is_good(conn, tenant, user, purpose, &hash, now)? {
        store::holder(conn, tenant, user)?
    } else {
        None
    };
    holder.ok_or_else(|| LINK_INVALID.into())
}

/// Uses it up: of any number of racers one comes through. With it end all others of its user for the same purpose.
/// Whose it was, and whether it proves the address.
pub(crate) fn consume(conn: &mut Conn, token: &str, purpose: Purpose, now: DateTime<Utc>) -> Result<(Holder, bool)> {
    let (tenant, user, hash) = read(token)?;
    let (email, is_mailed) = store::take(conn, tenant, user, purpose, &hash, now)?.ok_or(LINK_INVALID)?;
    let holder = store::holder(conn, tenant, user)?.filter(|holder| holder.email == email).ok_or(LINK_INVALID)?;
    store::remove(conn, holder.tenant, holder.user, purpose)?;
    Ok((holder, is_mailed))
}

fn read(token: &str) -> Result<(TenantId, UserId, Digest)> {
    let (tenant, user, hash) = secret_text::read(PREFIX, token).ok_or(LINK_INVALID)?;
    Ok((tenant, user.into(), hash))
}

fn nobody(request: RequestId, now: DateTime<Utc>) -> Ctx {
    let nil = uuid::Uuid::nil();
    let actor = Actor { user: nil.into(), key: None };
    let (grants, origin) = (Arc::new(Grants::default()), Origin::default());
    Ctx { tenant: nil.into(), actor, grants, request, origin, now }
}
