//! What may be done with a delivery: it comes in, is shown word for word, is done again.
use super::store::{self, Kept, Raw};
use super::{InboundDelivery, JOB, RevealedDelivery};
use crate::connection::signature::{self, Said};
use crate::connection::{self, Connection, EMAIL};
use crate::{Conn, Vault, audit, job};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, Utc};
use diesel::Connection as _;
use kernel::{
    Action, Actor, ConnectionId, Ctx, InboundDeliveryId, Noun, Origin, Reach, RequestId, Result, TenantId, error,
};
use serde_json::json;
use std::sync::Arc;

/// What came to the open door.
pub struct Arrival<'a> {
    pub connection: ConnectionId,
    pub header: &'a dyn Fn(&str) -> Option<String>,
    pub body: &'a [u8],
    /// whether it is said to be a mail; and what a mail says
    pub is_mail: bool,
    pub plain: &'a dyn Fn(&[u8]) -> Option<String>,
    /// whether the connection may send as much
    pub admit: &'a dyn Fn() -> Result<()>,
    pub origin: Origin,
    pub request: RequestId,
    pub now: DateTime<Utc>,
}

/// That it was taken.
#[derive(Clone, Copy, Debug)]
pub struct Receipt {
    pub id: InboundDeliveryId,
    /// whether it was here before
    pub is_repeat: bool,
}

/// Keeps what is signed, with the job that works on it. A wrong signature, a connection that is shut and one that is not
/// there are told alike, and leave nothing.
pub fn receive(conn: &mut Conn, vault: &Vault, arrival: &Arrival) -> Result<Receipt> {
    conn.transaction(|conn| {
        let (tenant, connection, said) = verified(conn, vault, arrival)?.ok_or(error::UNAUTHENTICATED)?;
        (arrival.admit)()?;
        let ctx = Ctx {
            tenant,
            actor: Actor { user: connection.user_id, key: None },
            grants: Arc::default(),
            request: arrival.request,
            origin: arrival.origin,
            now: arrival.now,
        };
        if arrival.is_mail != (connection.kind == EMAIL) {
            return Err(error::UNSUPPORTED_MEDIA_TYPE.into());
        }
        let (body, plain) = as_text(arrival);
        let kept = Kept { body: &body, plain: plain.as_deref(), size: arrival.body.len() };
        if let Some(id) = store::insert(conn, &ctx, connection.id, &said, &kept)? {
            job::enqueue(conn, &ctx, JOB, &json!({"delivery": id}))?;
            return Ok(Receipt { id, is_repeat: false });
        }
        let id = store::called(conn, &ctx, connection.id, &said.sender_key)?;
        Ok(Receipt { id, is_repeat: true })
    })
}

/// A mail may be any bytes, so what it says is kept beside them. PostgreSQL's text cannot hold U+0000, and JSON says it
/// otherwise.
fn as_text(arrival: &Arrival) -> (String, Option<String>) {
    if arrival.is_mail {
        let plain = (arrival.plain)(arrival.body).map(|plain| plain.replace('\0', ""));
        return (BASE64_STANDARD.encode(arrival.body), plain);
    }
    (String::from_utf8_lossy(arrival.body).replace('\0', ""), None)
}

fn verified(conn: &mut Conn, vault: &Vault, arrival: &Arrival) -> Result<Option<(TenantId, Connection, Said)>> {
    let Some((tenant, connection)) = connection::store::open(conn, arrival.connection)? else { return Ok(None) };
    let Some(said) = signature::said(&connection.kind, arrival.header, arrival.now) else { return Ok(None) };
    let secrets = connection::store::secrets(conn, vault, tenant, connection.id, arrival.now)?;
    Ok(said.is_by(&connection.kind, &secrets, arrival.body).then_some((tenant, connection, said)))
}

/// Works on it once more. One that waits is answered as it is.
pub fn replay(conn: &mut Conn, ctx: &Ctx, id: InboundDeliveryId) -> Result<InboundDelivery> {
    conn.transaction(|conn| {
        let found = store::find(conn, ctx, id)?;
        if ctx.reach::<InboundDelivery>(Action::Update) == Reach::None {
            return Err(error::FORBIDDEN.into());
        }
        audit::note(conn, ctx, "inbound_delivery.replayed", InboundDelivery::NAME, id, None)?;
        if found.status == "queued" {
            return Ok(found);
        }
        let again = store::requeue(conn, ctx, id)?;
        job::enqueue(conn, ctx, JOB, &json!({"delivery": id}))?;
        Ok(again)
    })
}

/// What was sent, word for word; a mail in base64. Whoever asks leaves a row in the trail.
pub fn reveal(conn: &mut Conn, ctx: &Ctx, id: InboundDeliveryId) -> Result<RevealedDelivery> {
    conn.transaction(|conn| {
        store::find(conn, ctx, id)?;
        let Raw { body, .. } = store::lock(conn, ctx.tenant, id)?.ok_or(error::NOT_FOUND)?;
        audit::note(conn, ctx, "inbound_delivery.revealed", InboundDelivery::NAME, id, None)?;
        Ok(RevealedDelivery { body })
    })
}
