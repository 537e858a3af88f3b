//! What may be done with a provider.
use super::{NewSsoProvider, SsoProvider, SsoProviderPatch, store};
use crate::builtin::{self, Builtin};
use crate::permission::{Objects, covered};
use crate::role;
use diesel::Connection;
use kernel::{Ctx, Error, Fault, Grants, Kind, Result, RoleId, SsoProviderId, error, text};
use platform::deed::{self, untouched};
use platform::outbound::Outbound;
use platform::{Conn, Vault};

pub fn create(
    conn: &mut Conn,
    ctx: &Ctx,
    objects: Objects,
    (outbound, vault): (&Outbound, &Vault),
    new: &NewSsoProvider,
) -> Result<SsoProvider> {
    as_owner(ctx, objects)?;
    let sound = outbound.check(&new.issuer).is_ok() && !new.issuer.contains(['?', '#']);
    if !sound {
        let message = text!("is no address with https that this server may speak to; the operator may allow others");
        return Err(Error::invalid("/issuer", "address", message));
    }
    conn.transaction(|conn| {
        gives(conn, ctx, objects, new.role_id)?;
        if i64::try_from(store::list(conn, ctx)?.data.len()).unwrap_or(i64::MAX) >= store::MOST {
            return Err(Error::invalid("", "too_many", text!("the tenant has as many providers as one may have")));
        }
        let made = store::insert(conn, ctx, new)?;
        store::keep_secret(conn, ctx, vault, made.id, new.client_secret.as_ref())?;
        Ok(made)
    })
}

/// With a `base`, only if the provider is still at that version.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    (objects, vault): (Objects, &Vault),
    id: SsoProviderId,
    base: Option<i32>,
    patch: &SsoProviderPatch,
) -> Result<SsoProvider> {
    conn.transaction(|conn| {
        store::find(conn, ctx, id)?;
        if !patch.only_shuts() {
            as_owner(ctx, objects)?;
        }
        gives(conn, ctx, objects, patch.role_id.flatten())?;
        let Some(after) = store::update(conn, ctx, id, base, patch)? else {
            return Err(untouched(conn, ctx, store::find, id, base));
        };
        if let Some(secret) = &patch.client_secret {
            store::keep_secret(conn, ctx, vault, id, secret.as_ref())?;
        }
        Ok(after)
    })
}

/// Gone for good, with its secret and with who everybody was there.
pub fn delete(conn: &mut Conn, ctx: &Ctx, id: SsoProviderId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find, store::delete)
}

/// Whoever says who vouches for people can have themselves vouched for as anybody, and a tenant always has an owner.
fn as_owner(ctx: &Ctx, objects: Objects) -> Result<()> {
    let mut all = Grants::default();
    builtin::grants(Builtin::Owner.key(), objects).for_each(|(object, action, reach)| all.allow(object, action, reach));
    covered(&ctx.grants, &all, objects)
}

/// The role that new people get is one that the actor could give.
fn gives(conn: &mut Conn, ctx: &Ctx, objects: Objects, role: Option<RoleId>) -> Result<()> {
    let Some(role) = role else { return Ok(()) };
    role::assignable(conn, ctx, objects, role).map(drop).map_err(|error| match error.kind() {
        Kind::NotFound => {
            let fault = Fault::new("/role_id", "unknown_reference", text!("there is no such role"));
            Error::from(error::UNKNOWN_REFERENCE).fault(fault)
        }
        _ => error,
    })
}
