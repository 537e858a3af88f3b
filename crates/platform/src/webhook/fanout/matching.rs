//! Which events an endpoint wants, of those that its user is told.
use super::store::{self, Subscriber};
use crate::event::{self, Event, Row};
use crate::webhook::endpoint::wants;
use crate::{Conn, filter};
use kernel::catalogue::Catalogues;
use kernel::event::is_change;
use kernel::{Ctx, Result, WebhookEndpointId};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What becomes of the events for one endpoint.
pub enum Chosen {
    Events {
        endpoint: WebhookEndpointId,
        events: Vec<Event>,
    },
    /// its condition can be read no more: a field has gone, or is hidden from its user
    Unreadable {
        endpoint: WebhookEndpointId,
    },
}

/// For endpoints that share their eyes.
pub fn matching(
    conn: &mut Conn,
    ctx: &Ctx,
    catalogues: &'static Catalogues,
    all: &[&Subscriber],
    rows: &[Row],
) -> Result<Vec<Chosen>> {
    if all.is_empty() || !rows.iter().any(|row| all.iter().any(|one| may_want(one, row))) {
        return Ok(Vec::new());
    }
    let told = event::tell(conn, ctx, catalogues, rows)?;
    let mut chosen = Vec::new();
    for one in all {
        let wanted: Vec<&Event> = told.iter().filter(|event| is_wanted(one, event)).collect();
        if !wanted.is_empty() {
            chosen.push(of_one(conn, ctx, catalogues, one, &wanted)?);
        }
    }
    Ok(chosen)
}

/// Before it is told: access may be lost by whatever has changed.
fn may_want(one: &Subscriber, row: &Row) -> bool {
    let begun = one.begins_after.is_some_and(|seq| seq < row.seq);
    begun && (wants(&one.events, &row.name) || row.noun == "share" || is_change(&row.name))
}

fn is_wanted(one: &Subscriber, event: &Event) -> bool {
    let changes = one.changed_fields.is_empty()
        || !event.r#type.ends_with(".updated")
        || event.changed.iter().any(|field| one.changed_fields.contains(field));
    one.begins_after.is_some_and(|seq| seq < event.seq) && wants(&one.events, &event.r#type) && changes
}

/// Of those that remain, the condition is asked; of what is gone for good, or out of sight, nothing can be.
fn of_one(
    conn: &mut Conn,
    ctx: &Ctx,
    catalogues: &'static Catalogues,
    one: &Subscriber,
    wanted: &[&Event],
) -> Result<Chosen> {
    let endpoint = one.id;
    let all = || wanted.iter().map(|event| (*event).clone());
    let Some(text) = &one.filter else { return Ok(Chosen::Events { endpoint, events: all().collect() }) };
    let noun = wanted.first().and_then(|event| catalogues.get(event.r#type.split('.').next().unwrap_or_default()));
    let parts = noun.and_then(|noun| Some((noun, filter::parts(text, noun, catalogues, ctx).ok()?)));
    let Some((noun, parts)) = parts else { return Ok(Chosen::Unreadable { endpoint }) };
    let can_be_asked = |event: &Event| event.data.is_some() && !event.r#type.ends_with(".purged");
    let asked: BTreeSet<Uuid> =
        wanted.iter().filter(|event| can_be_asked(event)).map(|event| event.record_id).collect();
    let holds = store::holding(conn, ctx, noun.table, parts, &asked)?;
    let fits = |event: &Event| !can_be_asked(event) || holds.contains(&event.record_id);
    Ok(Chosen::Events { endpoint, events: all().filter(fits).collect() })
}
