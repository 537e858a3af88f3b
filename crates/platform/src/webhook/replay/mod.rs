//! A replay sends a range of events once more: what was sent before by the same `webhook-id`, what was not, because the
//! endpoint was disabled or did not want it yet, for the first time. It is a job, which goes through the range in chunks.
mod store;

use super::endpoint::{self, WebhookEndpoint};
use super::fanout::{self, Chosen, Eyes};
use crate::job::{self, Held, Job};
use crate::{Conn, audit, event};
use chrono::{DateTime, Utc};
use diesel::Connection;
use kernel::catalogue::Catalogues;
use kernel::{Ctx, Error, Noun, Result, Tidy, WebhookEndpointId, rule};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// The job that does it.
pub const KIND: &str = "webhook_replay";

const CHUNK: i64 = 500;

/// Which events are sent once more: those from a moment on, or those after a place in their order.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "has_one_beginning"))]
#[schema(example = json!({"after": "2026-11-26T08:00:00Z", "before": "2026-11-26T16:00:00Z"}))]
pub struct WebhookReplay {
    /// from this moment on
    pub after: Option<DateTime<Utc>>,
    /// and before this one; now, where it is absent
    pub before: Option<DateTime<Utc>>,
    /// or after the event with this `seq`
    #[validate(range(min = 0))]
    #[schema(minimum = 0)]
    pub after_seq: Option<i64>,
    /// and before the one with this
    #[validate(range(min = 0))]
    #[schema(minimum = 0)]
    pub before_seq: Option<i64>,
}

impl Tidy for WebhookReplay {}

fn has_one_beginning(replay: &WebhookReplay) -> std::result::Result<(), ValidationError> {
    let by_time = replay.after.is_some() && replay.after_seq.is_none() && replay.before_seq.is_none();
    let by_seq = replay.after_seq.is_some() && replay.after.is_none() && replay.before.is_none();
    match by_time || by_seq {
        true => Ok(()),
        false => {
            let mut rule = rule!("one_of", "either `after` with `before`, or `after_seq` with `before_seq`");
            rule.add_param("member".into(), &"after");
            Err(rule)
        }
    }
}

/// What the job knows.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Range {
    endpoint: WebhookEndpointId,
    after: Option<DateTime<Utc>>,
    before: Option<DateTime<Utc>>,
    after_seq: Option<i64>,
    before_seq: Option<i64>,
}

/// Puts the job down. Whoever asks may send what an endpoint's user sees, to where it is sent anyway.
pub fn begin(conn: &mut Conn, ctx: &Ctx, id: WebhookEndpointId, replay: &WebhookReplay) -> Result<Job> {
    conn.transaction(|conn| {
        let found = endpoint::find(conn, ctx, id)?;
        if found.status == endpoint::DISABLED {
            return Err(super::DISABLED.into());
        }
        let WebhookReplay { after, before, after_seq, before_seq } = replay.clone();
        // what happens while it goes on is sent anyway
        let before = before.or(after.map(|_| ctx.now));
        let range = Range { endpoint: id, after, before, after_seq, before_seq };
        let job = job::enqueue(conn, ctx, KIND, &serde_json::to_value(range).map_err(Error::internal)?)?;
        audit::note(conn, ctx, "webhook_endpoint.replayed", WebhookEndpoint::NAME, id, json!({"job_id": job}))?;
        Ok(store::job(conn, ctx.tenant, job)?)
    })
}

/// In whose eyes the range of a job is seen; nothing where nothing is sent there any more.
pub fn eyes(conn: &mut Conn, held: &Held) -> Result<Option<Eyes>> {
    let range = range(held)?;
    Ok(fanout::subscriber(conn, held.tenant_id, range.endpoint)?.map(|one| one.eyes))
}

/// Goes through the range. Whoever takes the job over begins anew: what is pending by then stays as it is.
pub fn run(
    conn: &mut Conn,
    ctx: &Ctx,
    catalogues: &'static Catalogues,
    held: &Held,
    stops: &dyn Fn() -> bool,
) -> Result<()> {
    let range = range(held)?;
    let bounds = match (range.after, range.before) {
        (Some(after), Some(before)) => store::places(conn, ctx.tenant, after, before)?,
        _ => (range.after_seq.unwrap_or_default(), range.before_seq.unwrap_or(i64::MAX)),
    };
    let (mut position, mut replayed) = (bounds.0, 0);
    loop {
        let (next, more, ends) = conn.transaction(|conn| -> Result<(i64, bool, bool)> {
            let window = event::rows(conn, ctx.tenant, position, CHUNK, None)?;
            replayed += chunk(conn, ctx, catalogues, &range, bounds.1, &window.rows)?;
            let ends = job::keep(conn, held, Some(&json!({"replayed": replayed, "seq": window.position})))?;
            Ok((window.position, window.has_more && window.position < bounds.1, ends))
        })?;
        position = next;
        crate::crash::point("webhook.replayed");
        match (more, ends) {
            (false, _) => return job::end(conn, held, "succeeded", None),
            (true, true) => return job::end(conn, held, "cancelled", None),
            (true, false) if stops() => return job::release(conn, held),
            (true, false) => {}
        }
    }
}

fn chunk(
    conn: &mut Conn,
    ctx: &Ctx,
    catalogues: &'static Catalogues,
    range: &Range,
    before: i64,
    rows: &[event::Row],
) -> Result<usize> {
    let Some(mut one) = fanout::subscriber(conn, ctx.tenant, range.endpoint)? else { return Ok(0) };
    one.begins_after = Some(-1);
    let is_in = |row: &&event::Row| {
        let late = range.after.is_none_or(|after| row.occurred_at >= after);
        row.seq < before && late && range.before.is_none_or(|before| row.occurred_at < before)
    };
    let rows: Vec<event::Row> = rows.iter().filter(is_in).cloned().collect();
    let mut put = 0;
    for chosen in fanout::matching(conn, ctx, catalogues, &[&one], &rows)? {
        if let Chosen::Events { endpoint, events } = chosen {
            put += fanout::put_down_again(conn, ctx.tenant, endpoint, &events, ctx.now)?;
        }
    }
    Ok(put)
}

fn range(held: &Held) -> Result<Range> {
    serde_json::from_value(held.payload.clone()).map_err(Error::internal)
}
