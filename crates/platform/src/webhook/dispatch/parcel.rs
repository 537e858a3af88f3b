//! What is sent: the event as its endpoint's user is told it now, signed.
use super::super::delivery::TEST;
use super::super::fanout::Seers;
use super::super::secret;
use super::Held;
use crate::event::{self, Event};
use crate::vault::Plain;
use crate::{Conn, Vault};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use diesel::Connection;
use kernel::catalogue::Catalogues;
use kernel::{Error, Result, TenantId, WebhookEndpointId};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::collections::btree_map::{BTreeMap, Entry};
use uuid::Uuid;

/// A delivery that is ready to be sent, or that is not to be.
#[derive(Clone, Debug)]
pub enum Packed {
    Ready(Held, Parcel),
    /// its user is let in no more, but may be again
    Silent(Held),
    /// its user does not see the event
    Unseen(Held),
}

/// What goes out.
#[derive(Clone, Debug)]
pub struct Parcel {
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
    /// what must not come back
    pub secrets: Vec<String>,
}

/// Puts together what is sent of all that are held, in one transaction: no secret's key goes meanwhile.
pub fn pack(
    conn: &mut Conn,
    catalogues: &'static Catalogues,
    vault: &Vault,
    all: Vec<Held>,
    seers: &Seers,
    now: DateTime<Utc>,
) -> Result<Vec<Packed>> {
    conn.transaction(|conn| {
        let told = told(conn, catalogues, &all, seers)?;
        let mut keys: BTreeMap<(TenantId, WebhookEndpointId), Vec<Plain>> = BTreeMap::new();
        let mut packed = Vec::with_capacity(all.len());
        for held in all {
            let Some(Some(ctx)) = seers.get(&held.eyes) else {
                packed.push(Packed::Silent(held));
                continue;
            };
            let body = match told.get(&held.id.0) {
                Some(body) => body.clone(),
                None if held.event_name == TEST => test(&held, ctx.actor.user.0, now),
                None => {
                    packed.push(Packed::Unseen(held));
                    continue;
                }
            };
            let place = (held.eyes.tenant, held.endpoint);
            if let Entry::Vacant(missing) = keys.entry(place) {
                missing.insert(secret::current(conn, vault, place.0, place.1, now)?);
            }
            let keys = keys.get(&place).map(Vec::as_slice).unwrap_or_default();
            let parcel = parcel(&held, serde_json::to_vec(&body).map_err(Error::internal)?, keys, now);
            packed.push(Packed::Ready(held, parcel));
        }
        Ok(packed)
    })
}

fn parcel(held: &Held, body: Vec<u8>, keys: &[Plain], now: DateTime<Utc>) -> Parcel {
    let (id, timestamp) = (held.id.to_string(), now.timestamp());
    let signature = secret::signatures(keys, &id, timestamp, &body);
    let mut secrets: Vec<String> = keys.iter().map(|key| STANDARD.encode(key.expose())).collect();
    secrets.extend(signature.split_whitespace().map(|one| one.trim_start_matches("v1,").to_owned()));
    let headers = vec![
        ("content-type", "application/json".to_owned()),
        ("webhook-id", id),
        ("webhook-timestamp", timestamp.to_string()),
        ("webhook-signature", signature),
    ];
    Parcel { headers, body, secrets }
}

/// The events by the deliveries that they are of, each as its user is told it.
fn told(conn: &mut Conn, catalogues: &'static Catalogues, all: &[Held], seers: &Seers) -> Result<HashMap<Uuid, Value>> {
    let mut told = HashMap::new();
    for (eyes, seer) in seers {
        let Some(ctx) = seer else { continue };
        let theirs: Vec<&Held> = all.iter().filter(|held| held.eyes == *eyes).collect();
        let places: Vec<i64> = theirs.iter().filter_map(|held| held.seq).collect();
        if places.is_empty() {
            continue;
        }
        let rows = event::rows_at(conn, ctx.tenant, &places)?;
        let events = event::tell(conn, ctx, catalogues, &rows)?;
        let by_id: HashMap<Uuid, &Event> = events.iter().map(|event| (event.id.0, event)).collect();
        for held in theirs {
            if let Some(event) = by_id.get(&held.event.0) {
                told.insert(held.id.0, serde_json::to_value(event).map_err(Error::internal)?);
            }
        }
    }
    Ok(told)
}

/// In the shape of all others, of the endpoint itself.
fn test(held: &Held, user: Uuid, now: DateTime<Utc>) -> Value {
    json!({
        "id": held.event, "type": TEST, "seq": 0, "occurred_at": now, "resource": "webhook_endpoint",
        "record_id": held.endpoint, "version": 1, "actor": {"id": user, "api_key_id": null},
        "request_id": held.event, "causation_id": held.event,
        "data": {"id": held.endpoint, "url": held.url}, "changed": [], "previous": {},
    })
}
