//! What may be done with an endpoint.
use super::rules::fits;
use super::store;
use super::{
    DISABLED, FreshWebhookEndpoint, NewWebhookEndpoint, SecretRotation, WebhookEndpoint, WebhookEndpointPatch,
};
use crate::deed::untouched;
use crate::outbound::Outbound;
use crate::webhook::delivery::{self, WebhookDelivery};
use crate::webhook::{self, fanout, secret};
use crate::{Conn, Vault, audit};
use chrono::Duration;
use diesel::Connection;
use kernel::catalogue::Catalogues;
use kernel::{Ctx, Error, Result, WebhookEndpointId, error, text};

/// No tenant has more of them in use.
const MOST: i64 = 50;

pub fn create(
    conn: &mut Conn,
    ctx: &Ctx,
    catalogues: &'static Catalogues,
    (outbound, vault): (&Outbound, &Vault),
    new: &NewWebhookEndpoint,
) -> Result<FreshWebhookEndpoint> {
    may_be_told(outbound, &new.url)?;
    fits(catalogues, &new.events, new.filter.as_deref(), &new.changed_fields)?;
    conn.transaction(|conn| {
        if store::count(conn, ctx)? >= MOST {
            return Err(webhook::TOO_MANY.into());
        }
        fanout::begin(conn, ctx.tenant)?;
        let endpoint = store::insert(conn, ctx, new, reads(ctx, catalogues))?;
        let secret = secret::add(conn, ctx, vault, endpoint.id)?;
        Ok(FreshWebhookEndpoint { secret, endpoint })
    })
}

/// With a `base`, only if the endpoint is still at that version.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    catalogues: &'static Catalogues,
    outbound: &Outbound,
    id: WebhookEndpointId,
    base: Option<i32>,
    patch: &WebhookEndpointPatch,
) -> Result<WebhookEndpoint> {
    conn.transaction(|conn| {
        let before = store::find(conn, ctx, id)?;
        if let Some(url) = &patch.url {
            may_be_told(outbound, url)?;
        }
        let events = patch.events.as_ref().unwrap_or(&before.events);
        let filter = patch.filter.as_ref().unwrap_or(&before.filter);
        fits(catalogues, events, filter.as_deref(), patch.changed_fields.as_ref().unwrap_or(&before.changed_fields))?;
        let eyes = patch.says_what_is_sent().then(|| reads(ctx, catalogues));
        match store::update(conn, ctx, id, base, patch, eyes)? {
            Some(after) => {
                store::set_words(conn, ctx, &after)?;
                Ok(after)
            }
            None => Err(untouched(conn, ctx, store::find, id, base)),
        }
    })
}

pub fn archive(conn: &mut Conn, ctx: &Ctx, id: WebhookEndpointId, base: Option<i32>) -> Result<WebhookEndpoint> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(endpoint) => Ok(endpoint),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// One that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: WebhookEndpointId) -> Result<WebhookEndpoint> {
    conn.transaction(|conn| {
        let found = store::find_any(conn, ctx, id)?;
        if found.deleted_at.is_none() {
            return Ok(found);
        }
        if store::count(conn, ctx)? >= MOST {
            return Err(webhook::TOO_MANY.into());
        }
        fanout::begin(conn, ctx.tenant)?;
        store::set_archived(conn, ctx, id, None, false)?.ok_or_else(|| error::FORBIDDEN.into())
    })
}

/// It begins with what happens from now on; what waited goes out too. One that is enabled is answered as it is.
pub fn enable(conn: &mut Conn, ctx: &Ctx, id: WebhookEndpointId) -> Result<WebhookEndpoint> {
    conn.transaction(|conn| {
        let found = store::find(conn, ctx, id)?;
        if found.status != DISABLED {
            return Ok(found);
        }
        fanout::begin(conn, ctx.tenant)?;
        store::set_status(conn, ctx, id, None)?.ok_or_else(|| error::FORBIDDEN.into())
    })
}

/// Nothing is sent any more; what is on its way waits. One that is disabled is answered as it is.
pub fn disable(conn: &mut Conn, ctx: &Ctx, id: WebhookEndpointId) -> Result<WebhookEndpoint> {
    let found = store::find(conn, ctx, id)?;
    if found.status == DISABLED {
        return Ok(found);
    }
    store::set_status(conn, ctx, id, Some("asked"))?.ok_or_else(|| error::FORBIDDEN.into())
}

/// A new secret; the one before signs as well for a while, those that are older no more.
pub fn rotate(
    conn: &mut Conn,
    ctx: &Ctx,
    vault: &Vault,
    id: WebhookEndpointId,
    how: &SecretRotation,
) -> Result<FreshWebhookEndpoint> {
    conn.transaction(|conn| {
        let endpoint = store::touch(conn, ctx, id)?.ok_or_else(|| untouched(conn, ctx, store::find, id, None))?;
        secret::retire(conn, ctx, id, ctx.now + Duration::seconds(how.overlap_seconds))?;
        let secret = secret::add(conn, ctx, vault, id)?;
        Ok(FreshWebhookEndpoint { secret, endpoint })
    })
}

/// Sends an event that nothing has made, to see whether it arrives.
pub fn test(conn: &mut Conn, ctx: &Ctx, id: WebhookEndpointId) -> Result<WebhookDelivery> {
    conn.transaction(|conn| {
        let endpoint = store::find(conn, ctx, id)?;
        if endpoint.status == DISABLED {
            return Err(webhook::DISABLED.into());
        }
        audit::note(conn, ctx, "webhook_endpoint.tested", "webhook_endpoint", id, None)?;
        Ok(delivery::test(conn, ctx, id)?)
    })
}

fn may_be_told(outbound: &Outbound, url: &str) -> Result<()> {
    outbound.check(url).map_err(|failure| {
        let message = text!("is no address with https that this server may speak to; the operator may allow others");
        Error::invalid("/url", "address", message).source(failure)
    })
}

/// What can be read through the key by which somebody does it; nothing is said where it is by no key.
fn reads(ctx: &Ctx, catalogues: &'static Catalogues) -> Option<Vec<String>> {
    ctx.actor.key?;
    let read = |noun: &str| ctx.grants.reach(noun, kernel::Action::Read) > kernel::Reach::None;
    Some(catalogues.all().map(|one| one.noun).filter(|noun| read(noun)).map(str::to_owned).collect())
}
