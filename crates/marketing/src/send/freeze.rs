//! An audience is frozen when its send begins: a delivery for each who was chosen, chunk by chunk, so that a crash goes on
//! where it was and nobody is chosen twice. Whoever comes to agree later is not in it.
use super::Sending;
use super::audience::{self, Terms, Verdict};
use super::body::{Audience, AudienceCount};
use super::hours::Hours;
use super::store::{self, Moved};
use crate::delivery;
use crate::suppression::Digests;
use diesel::Connection;
use kernel::{Ctx, Result, SendId};
use platform::{Conn, crash};

impl Sending {
    pub(super) fn terms(&self) -> Terms<'_> {
        Terms {
            channel: &self.channel,
            purpose: &self.purpose,
            is_transactional: self.is_transactional,
            segments: &self.segment_ids,
            excluded: &self.exclude_segment_ids,
            cap: self.cap_count.zip(self.cap_days),
        }
    }

    pub(super) fn hours(&self, home: &str) -> Hours {
        Hours::new(home, self.is_local_time, self.quiet_from.as_deref(), self.quiet_until.as_deref())
    }
}

/// One chunk; whether there is more to do. In the name of whoever started it.
pub fn freeze(conn: &mut Conn, ctx: &Ctx, id: SendId, digests: &Digests) -> Result<bool> {
    conn.transaction(|conn| {
        let send = store::lock(conn, ctx.tenant, id)?;
        let mut audience = match send.status.as_str() {
            "scheduled" => AudienceCount::default(),
            "freezing" => send.audience.clone().unwrap_or_default().0,
            _ => return Ok(false),
        };
        let after = store::frozen_up_to(conn, ctx.tenant, id)?;
        let part = audience::some(conn, ctx, &send.terms(), digests, after)?;
        let hours = send.hours(&store::zone(conn, ctx.tenant)?);
        let start = send.scheduled_at.unwrap_or(ctx.now);
        part.people.iter().for_each(|(_, verdict)| audience.add(*verdict));
        let chosen = part.people.iter().filter(|(_, verdict)| *verdict == Verdict::Chosen);
        let due = chosen.map(|(one, _)| {
            let zone = one.time_zone.as_deref();
            (one, hours.awake(hours.due(start, zone).max(ctx.now), zone))
        });
        delivery::put(conn, ctx, &send, &due.collect::<Vec<_>>())?;
        crash::point("audience_chunk_frozen");
        store::set_frozen_up_to(conn, ctx.tenant, id, part.next.or(after))?;
        let status = if part.next.is_some() { "freezing" } else { "sending" };
        let started_at = send.started_at.is_none().then_some(ctx.now);
        let moved = Moved { status, started_at, audience: Some(Audience(audience)), ..Moved::default() };
        store::set(conn, ctx.tenant, id, &moved, ctx.now)?;
        Ok(part.next.is_some())
    })
}
