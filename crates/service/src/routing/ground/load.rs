//! What those who answer have in hand now, and whether they have room.
use super::in_hand;
use crate::agent::{self, Agent};
use chrono::{DateTime, Utc};
use kernel::{AgentId, Ctx, Result, UserId};
use platform::Conn;
use serde::Serialize;
use utoipa::ToSchema;

const MOST: i64 = 1000;

/// What somebody has in hand now.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "agent_id": "0192f0c1-9999-7000-8000-00000000000b", "user_id": "0192f0c1-0000-7000-8000-000000000001",
    "status": "online", "last_seen_at": "2026-11-27T09:00:00Z", "is_free": true, "open_cases": 3, "capacity": 8,
    "channels": [{"channel": "chat", "open_cases": 1, "capacity": 3}]
}))]
pub struct AgentLoad {
    pub agent_id: AgentId,
    pub user_id: UserId,
    #[schema(example = "online")]
    pub status: String,
    /// when they were heard of last
    pub last_seen_at: Option<DateTime<Utc>>,
    /// whether they would be given one more
    pub is_free: bool,
    /// cases that are neither resolved nor closed
    #[schema(example = 3)]
    pub open_cases: i64,
    pub capacity: Option<i32>,
    /// those by which they have cases, or that have a capacity of their own
    pub channels: Vec<ChannelLoad>,
}

/// What somebody has in hand of a channel.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ChannelLoad {
    #[schema(example = "chat")]
    pub channel: String,
    #[schema(example = 1)]
    pub open_cases: i64,
    pub capacity: Option<i32>,
}

/// Of the first thousand agents, or of one: two questions, however many cases there are.
pub fn loads(conn: &mut Conn, ctx: &Ctx, only: Option<AgentId>) -> Result<Vec<AgentLoad>> {
    let agents = match only {
        Some(id) => vec![agent::find(conn, ctx, id)?],
        None => agent::store::all(conn, ctx, MOST)?,
    };
    let (ids, users): (Vec<_>, Vec<_>) = agents.iter().map(|one| (one.id, one.user_id)).unzip();
    let mut has = in_hand(conn, ctx, &users)?;
    let seen = agent::store::last_seen(conn, ctx, &ids)?;
    let one = |agent: Agent| {
        let by = has.remove(&agent.user_id).unwrap_or_default();
        told(&agent, &by, seen.get(&agent.id).copied())
    };
    Ok(agents.into_iter().map(one).collect())
}

fn told(agent: &Agent, by: &super::super::choose::InHand, last_seen_at: Option<DateTime<Utc>>) -> AgentLoad {
    let own = &agent.channel_capacities.0;
    let of = |channel: &str| own.iter().find(|one| one.channel == channel).map(|one| one.capacity);
    let line =
        |channel: &str, open_cases: i64| ChannelLoad { channel: channel.to_owned(), open_cases, capacity: of(channel) };
    let empty = own.iter().filter(|one| !by.contains_key(&one.channel)).map(|one| line(&one.channel, 0));
    let mut channels: Vec<ChannelLoad> = by.iter().map(|(channel, count)| line(channel, *count)).chain(empty).collect();
    channels.sort_by(|one, other| one.channel.cmp(&other.channel));
    let open_cases = by.values().sum();
    let has_room = agent.capacity.is_none_or(|most| open_cases < i64::from(most));
    AgentLoad {
        agent_id: agent.id,
        user_id: agent.user_id,
        status: agent.status.clone(),
        last_seen_at,
        is_free: has_room && agent.is_active && agent.status == agent::ONLINE,
        open_cases,
        capacity: agent.capacity,
        channels,
    }
}
