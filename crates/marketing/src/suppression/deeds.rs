//! What may be done with a suppression.
use super::store::{self, Cause};
use super::{NewSuppression, Suppression, SuppressionPatch, TAKEN};
use kernel::existing::conflict;
use kernel::page::{Mark, Seal};
use kernel::{Ctx, Error, Existing, Result, SuppressionId, TenantId, error, phone, text, tidy};
use platform::Conn;
use platform::deed::untouched;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Makes digests of addresses by the secret of the server.
#[derive(Clone, Debug)]
pub struct Digests(Seal);

impl Digests {
    #[must_use]
    pub fn new(seal: &Seal) -> Self {
        Self(seal.clone())
    }

    /// Of an address in its one form: the same for a tenant whenever it is made, and another for each tenant.
    #[must_use]
    pub fn of(&self, tenant: TenantId, channel: &str, address: &str) -> Vec<u8> {
        let mark = Mark { keys: vec![Some(address.to_owned())], id: Uuid::nil() };
        Sha256::digest(self.0.close(&format!("suppression {tenant} {channel}"), &mark).as_bytes()).to_vec()
    }
}

/// The one form of an address: small letters, or E.164.
fn normal(channel: &str, address: &str) -> Result<String> {
    let mut address = address.to_owned();
    if channel == "email" {
        tidy::email(&mut address);
        return match address.split_once('@') {
            Some((name, host)) if !name.is_empty() && host.contains('.') => Ok(address),
            _ => Err(Error::invalid("/address", "email", text!("is no e-mail address"))),
        };
    }
    phone::e164(&address, None).ok_or_else(|| Error::invalid("/address", "phone", text!("is no number in E.164")))
}

/// Refused where the address is suppressed so already.
pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewSuppression, digests: &Digests) -> Result<Suppression> {
    let address = normal(&new.channel, &new.address)?;
    let digest = digests.of(ctx.tenant, &new.channel, &address);
    let cause = Cause {
        channel: &new.channel,
        address: &address,
        digest: &digest,
        contact: None,
        reason: &new.reason,
        purpose: new.purpose.as_deref(),
        note: new.note.as_deref(),
    };
    if let Some(made) = store::put(conn, ctx, &cause)? {
        return Ok(made);
    }
    let found = store::of(conn, ctx, &new.channel, &digest)?;
    let same = found.iter().filter(|one| one.purpose == new.purpose);
    let existing: Vec<Existing> = same.map(|one| Existing::new(one.id, "address", 100)).collect();
    Err(conflict(TAKEN, &existing))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: SuppressionId) -> Result<Suppression> {
    store::find(conn, ctx, id)
}

/// With a `base`, only if it is still at that version.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: SuppressionId,
    base: Option<i32>,
    patch: &SuppressionPatch,
) -> Result<Suppression> {
    match store::update(conn, ctx, id, base, patch)? {
        Some(one) => Ok(one),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// The address may be written to again. What somebody said of their consent stays as they said it.
pub fn remove(conn: &mut Conn, ctx: &Ctx, id: SuppressionId, base: Option<i32>) -> Result<()> {
    match store::delete(conn, ctx, id, base)? {
        Some(_) => Ok(()),
        None if base.is_some() => Err(untouched(conn, ctx, store::find, id, base)),
        None => Err(error::NOT_FOUND.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_known_again_by_the_server_alone() {
        let (ours, theirs) = (Digests::new(&Seal::new(b"one")), Digests::new(&Seal::new(b"two")));
        let tenant = TenantId::new();
        let digest = ours.of(tenant, "email", "a@example.com");
        assert_eq!(digest, ours.of(tenant, "email", "a@example.com"));
        assert_ne!(digest, theirs.of(tenant, "email", "a@example.com"));
        assert_ne!(digest, ours.of(TenantId::new(), "email", "a@example.com"));
        assert_ne!(digest, ours.of(tenant, "sms", "a@example.com"));
    }

    #[test]
    fn an_address_has_one_form() {
        assert_eq!(normal("email", "A@Example.COM").unwrap(), "a@example.com");
        assert!(normal("email", "nobody").is_err() && normal("sms", "123").is_err());
    }
}
