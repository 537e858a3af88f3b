//! The fan-out: a tenant's events, gone through once in their order, and a delivery for each endpoint that wants one.
//!
//! Deliveries and how far it has come are one transaction, and who goes through a tenant's events holds its cursor: so
//! whatever dies, nothing is missed, and any number of workers do it once. An endpoint gets what its user is told of the
//! events, as their feed would tell it; a condition is asked of the record as it is when the event is gone through.
mod matching;
mod store;

pub(super) use matching::{Chosen, matching};
pub(super) use store::{Subscriber, put_down, put_down_again, subscriber};
pub use store::{begin, due, tenants};

use super::endpoint;
use crate::{Conn, event, job};
use diesel::Connection;
use kernel::catalogue::Catalogues;
use kernel::{Action, Ctx, Result, TenantId, UserId, WebhookEndpointId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Events that are gone through together.
const CHUNK: i64 = 500;

/// The job that tells people that an endpoint was disabled.
pub const NOTICE: &str = "webhook_notice";

/// In whose eyes events are seen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Eyes {
    pub tenant: TenantId,
    pub user: UserId,
    /// the nouns that their key could read when it set the endpoint up; null: by no key
    pub nouns: Option<Vec<String>>,
}

/// Who they are, with what they may do now; nothing for those who are let in no more.
pub type Seers = BTreeMap<Eyes, Option<Ctx>>;

impl Eyes {
    /// What their user may do, as far as these eyes see.
    #[must_use]
    pub fn narrowed(&self, mut ctx: Ctx) -> Ctx {
        if let Some(nouns) = &self.nouns {
            let keep: BTreeSet<(String, Action)> = nouns.iter().map(|noun| (noun.clone(), Action::Read)).collect();
            Arc::make_mut(&mut ctx.grants).narrow(&keep);
        }
        ctx
    }

    /// Somebody who may do nothing, in whose name the house writes down what it has done.
    pub(super) fn house(&self, now: chrono::DateTime<chrono::Utc>) -> Ctx {
        Ctx::powerless(self.tenant, self.user, now)
    }
}

/// What came of a look at a tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spread {
    pub deliveries: usize,
    /// whether it is to be looked at again at once
    pub more: bool,
}

/// In whose eyes the events of a tenant have to be seen.
pub fn eyes(conn: &mut Conn, tenant: TenantId) -> Result<BTreeSet<Eyes>> {
    Ok(store::subscribers(conn, tenant)?.into_iter().map(|one| one.eyes).collect())
}

/// Goes through the next events of a tenant. Nothing is done where another worker does it, or where an endpoint has come
/// to be since that wants eyes which are not among the seers.
pub fn spread(conn: &mut Conn, catalogues: &'static Catalogues, tenant: TenantId, seers: &Seers) -> Result<Spread> {
    conn.transaction(|conn| {
        let nothing = Spread { deliveries: 0, more: false };
        let Some(position) = store::hold(conn, tenant)? else { return Ok(nothing) };
        // before the endpoints are read: of one that comes to be in between, no event is passed over
        let head = event::heads(conn, &[tenant])?.remove(&tenant).unwrap_or_default();
        let mut subscribers = store::subscribers(conn, tenant)?;
        if subscribers.is_empty() {
            store::moved(conn, tenant, position.max(head))?;
            return Ok(nothing);
        }
        if subscribers.iter().any(|one| !seers.contains_key(&one.eyes)) {
            return Ok(Spread { more: true, ..nothing });
        }
        let window = event::rows(conn, tenant, position, CHUNK, None)?;
        begins(conn, tenant, &mut subscribers, &window.rows)?;
        let mut deliveries = 0;
        for (eyes, seer) in seers {
            let Some(ctx) = seer else { continue };
            let theirs: Vec<&Subscriber> = subscribers.iter().filter(|one| one.eyes == *eyes).collect();
            for chosen in matching(conn, ctx, catalogues, &theirs, &window.rows)? {
                deliveries += chosen_for(conn, ctx, eyes, &chosen)?;
            }
        }
        store::moved(conn, tenant, window.position)?;
        crate::crash::point("webhook.spread");
        Ok(Spread { deliveries, more: window.has_more })
    })
}

/// An endpoint begins with what comes after the event that has enabled it.
fn begins(conn: &mut Conn, tenant: TenantId, all: &mut [Subscriber], rows: &[event::Row]) -> Result<()> {
    let opens = ["created", "enabled", "restored"].map(|verb| format!("webhook_endpoint.{verb}"));
    for one in all.iter_mut().filter(|one| one.begins_after.is_none()) {
        let opening = rows.iter().rev().find(|row| row.record == one.id.0 && opens.contains(&row.name));
        one.begins_after = opening.map(|row| row.seq);
        if let Some(seq) = one.begins_after {
            store::begins_after(conn, tenant, one.id, seq)?;
        }
    }
    Ok(())
}

fn chosen_for(conn: &mut Conn, ctx: &Ctx, eyes: &Eyes, chosen: &Chosen) -> Result<usize> {
    match chosen {
        Chosen::Events { endpoint, events } => Ok(put_down(conn, ctx.tenant, *endpoint, events, ctx.now)?),
        Chosen::Unreadable { endpoint } => give_up(conn, &eyes.house(ctx.now), *endpoint, "filter").map(|()| 0),
    }
}

/// Nothing is sent there any more: its people are told.
pub(super) fn give_up(conn: &mut Conn, ctx: &Ctx, id: WebhookEndpointId, reason: &str) -> Result<()> {
    if endpoint::give_up(conn, ctx, id, reason)? {
        job::enqueue(conn, ctx, NOTICE, &serde_json::json!({"endpoint": id, "reason": reason}))?;
    }
    Ok(())
}
