//! Who comes in by a provider, and who is linked to whom.
use super::{SsoIdentity, store};
use crate::permission::Objects;
use crate::role;
use crate::sso::oidc::Vouched;
use crate::sso::provider::SsoProvider;
use crate::sso::{EMAIL_NOT_ALLOWED, EMAIL_UNVERIFIED, IDENTITY_TAKEN, USER_UNKNOWN, USER_UNVERIFIED};
use crate::user::{self, NewUser};
use kernel::{Ctx, Error, Result, SsoIdentityId, TenantId, UserId, error, text, tidy};
use platform::Conn;
use validator::ValidateEmail;

/// The user whom a provider vouches for; `acting` is somebody of the tenant. In a transaction: whoever is refused leaves
/// nothing behind.
pub(crate) fn admit(
    conn: &mut Conn,
    tenant: TenantId,
    provider: &SsoProvider,
    vouched: &Vouched,
    acting: &dyn Fn(UserId) -> Ctx,
) -> Result<UserId> {
    if let Some((id, user, is_active)) = store::of_subject(conn, tenant, provider.id, &vouched.subject)? {
        if !is_active {
            return Err(USER_UNKNOWN.into());
        }
        store::used(conn, &acting(user), id)?;
        return Ok(user);
    }
    let email = trusted(provider, vouched)?;
    let user = match store::with_email(conn, tenant, &email)? {
        Some((_, false, _)) => return Err(USER_UNKNOWN.into()),
        Some((_, true, false)) => return Err(USER_UNVERIFIED.into()),
        Some((user, true, true)) => user,
        None if provider.is_welcoming => welcome(conn, acting, provider, vouched, &email)?,
        None => return Err(USER_UNKNOWN.into()),
    };
    let ctx = acting(user);
    let linked = store::insert(conn, &ctx, provider.id, vouched)?.ok_or(IDENTITY_TAKEN)?;
    store::used(conn, &ctx, linked.id)?;
    Ok(user)
}

/// The actor, who has shown that they are somebody at the provider, is so from now on. Again, it is no news.
pub(crate) fn link(conn: &mut Conn, ctx: &Ctx, provider: &SsoProvider, vouched: &Vouched) -> Result<SsoIdentity> {
    if let Some(linked) = store::insert(conn, ctx, provider.id, vouched)? {
        return Ok(linked);
    }
    let mut own = store::list(conn, ctx)?.data.into_iter();
    own.rfind(|one| one.provider_id == provider.id && one.subject == vouched.subject)
        .ok_or_else(|| IDENTITY_TAKEN.into())
}

/// The actor is that no longer.
pub fn unlink(conn: &mut Conn, ctx: &Ctx, id: SsoIdentityId) -> Result<()> {
    in_person(ctx)?;
    gone(store::remove(conn, ctx, ctx.actor.user, id)?)
}

/// A user is that no longer: by those who hold all that the user holds.
pub fn unlink_of(conn: &mut Conn, ctx: &Ctx, objects: Objects, user: UserId, id: SsoIdentityId) -> Result<()> {
    user::governed(conn, ctx, objects, user, false)?;
    gone(store::remove(conn, ctx, user, id)?)
}

/// A key would come by a way in that outlasts it.
pub(crate) fn in_person(ctx: &Ctx) -> Result<()> {
    match ctx.actor.key {
        None => Ok(()),
        Some(_) => Err(Error::from(error::FORBIDDEN).detail(text!("an API key is nobody at an identity provider"))),
    }
}

fn gone(was_there: bool) -> Result<()> {
    if was_there { Ok(()) } else { Err(error::NOT_FOUND.into()) }
}

/// The address, where the provider says that it was verified and is believed about its domain.
fn trusted(provider: &SsoProvider, vouched: &Vouched) -> Result<String> {
    let mut email = vouched.email.clone().filter(|_| vouched.is_email_verified).ok_or(EMAIL_UNVERIFIED)?;
    tidy::email(&mut email);
    let domain = email.rsplit_once('@').map(|(_, domain)| domain).unwrap_or_default();
    let is_allowed = provider.domains.iter().any(|allowed| allowed == domain);
    let is_good = email.len() <= 254 && email.validate_email();
    if is_allowed && is_good { Ok(email) } else { Err(EMAIL_NOT_ALLOWED.into()) }
}

/// Somebody new makes themselves, with the role that the provider's settings say.
fn welcome(
    conn: &mut Conn,
    acting: &dyn Fn(UserId) -> Ctx,
    provider: &SsoProvider,
    vouched: &Vouched,
    email: &str,
) -> Result<UserId> {
    let id = UserId::new();
    let ctx = acting(id);
    let name = vouched.name.as_deref().unwrap_or_default();
    let name: String = name.chars().filter(|one| !one.is_control()).take(200).collect();
    let local = email.split('@').next().unwrap_or(email);
    let new = NewUser {
        id: Some(id),
        email: email.to_owned(),
        display_name: if name.trim().is_empty() { local.to_owned() } else { name.trim().to_owned() },
        locale: None,
        time_zone: None,
        kind: user::PERSON.to_owned(),
        password: None,
        role_ids: Vec::new(),
        team_ids: Vec::new(),
    };
    user::arrived(conn, &ctx, &new)?;
    if let Some(role) = provider.role_id {
        role::appoint(conn, &ctx, id, role)?;
    }
    user::verified(conn, &ctx)?;
    Ok(id)
}
