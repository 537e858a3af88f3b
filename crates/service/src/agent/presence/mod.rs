//! Whether somebody is there: they say so themselves, again and again. Who has said nothing for two minutes is offline,
//! and a worker writes it down. What somebody has not answered who has gone, goes to somebody else ([`crate::routing`]).
mod store;

use super::{Agent, NOT_AN_AGENT, OFFLINE, ONLINE, STATUSES, store as agents};
use crate::routing;
use chrono::{DateTime, Duration, Utc};
use customer::choices::one_of;
use diesel::Connection;
use kernel::{AgentId, Ctx, Error, Result, Tidy, UserId, error};
use platform::{Conn, crash, sweep};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// Whoever is silent for so long is offline.
const SILENCE: Duration = Duration::seconds(120);

/// Whether the caller is there.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"status": "online"}))]
pub struct NewPresence {
    /// `online`, `away`, `busy` or `offline`
    #[validate(custom(function = "is_status"))]
    #[schema(example = "online")]
    pub status: String,
}

/// Whether somebody is there, and until when that is believed.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "agent_id": "0192f0c1-9999-7000-8000-00000000000b", "user_id": "0192f0c1-0000-7000-8000-000000000001",
    "status": "online", "status_changed_at": "2026-11-27T08:00:00Z", "last_seen_at": "2026-11-27T09:00:00Z",
    "silent_at": "2026-11-27T09:02:00Z"
}))]
pub struct Presence {
    pub agent_id: AgentId,
    pub user_id: UserId,
    #[schema(example = "online")]
    pub status: String,
    pub status_changed_at: DateTime<Utc>,
    /// when they said so last
    pub last_seen_at: Option<DateTime<Utc>>,
    /// when they are offline, unless they say something before
    pub silent_at: Option<DateTime<Utc>>,
}

impl Tidy for NewPresence {}

/// Whoever answers no cases has no presence: as much as a right that they lack.
fn nobody() -> Error {
    Error::from(error::FORBIDDEN).detail(NOT_AN_AGENT.into())
}

/// Of the caller.
pub fn mine(conn: &mut Conn, ctx: &Ctx) -> Result<Presence> {
    let agent = agents::of_user(conn, ctx, ctx.actor.user)?.ok_or_else(nobody)?;
    let seen = agents::last_seen(conn, ctx, &[agent.id])?.get(&agent.id).copied();
    Ok(told(&agent, seen))
}

/// What the caller says. Said again it is a beat, and no change of the record. Who comes is given what waits for them, and
/// what somebody leaves unanswered is given to others.
pub fn tell(conn: &mut Conn, ctx: &Ctx, new: &NewPresence) -> Result<Presence> {
    conn.transaction(|conn| {
        let before = agents::held(conn, ctx, ctx.actor.user)?.ok_or_else(nobody)?;
        agents::seen(conn, ctx, before.id)?;
        if before.status == new.status {
            return Ok(told(&before, Some(ctx.now)));
        }
        let after = agents::set_status(conn, ctx, before.id, &new.status)?;
        match after.status.as_str() {
            ONLINE => routing::come(conn, ctx)?,
            OFFLINE => routing::gone(conn, ctx, after.user_id)?,
            _ => {}
        }
        Ok(told(&after, Some(ctx.now)))
    })
}

/// Writes down who has fallen silent, over all tenants; how many there were.
pub fn watch(conn: &mut Conn) -> Result<usize> {
    sweep::pass(conn, &store::SILENT, |conn, one: &store::Silent| {
        let ctx = Ctx::powerless(one.tenant_id, one.user_id, one.now);
        agents::set_status(conn, &ctx, one.id, OFFLINE)?;
        routing::gone(conn, &ctx, one.user_id)?;
        crash::point("agent_silent");
        Ok(())
    })
}

fn told(agent: &Agent, seen: Option<DateTime<Utc>>) -> Presence {
    let silent_at = seen.filter(|_| agent.status != OFFLINE).and_then(|at| at.checked_add_signed(SILENCE));
    Presence {
        agent_id: agent.id,
        user_id: agent.user_id,
        status: agent.status.clone(),
        status_changed_at: agent.status_changed_at,
        last_seen_at: seen,
        silent_at,
    }
}

fn is_status(text: &str) -> std::result::Result<(), ValidationError> {
    one_of(text, STATUSES)
}
