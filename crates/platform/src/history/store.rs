//! The versions of a record, for those who see it; archived ones too.
use super::SLACK;
use super::cover;
use super::fields::{self, Change};
use crate::schema::event_log;
use crate::{Conn, filter, moment};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use kernel::catalogue::{Catalogue, Catalogues};
use kernel::page::Mark;
use kernel::{ApiKeyId, Ctx, EventId, Result, UserId, error};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// A version of a record: who made it, when, and what it changed.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6", "action": "contact.updated", "version": 4,
    "actor_id": "0192f0c1-0000-7000-8000-000000000001", "api_key_id": null, "request_id": "0192f0c1-0000-7000-8000-0000000000f1",
    "occurred_at": "2026-11-25T08:00:00Z", "changed": {"job_title": {"before": "Buyer", "after": "Head of purchasing"}}
}))]
pub struct Version {
    pub id: EventId,
    pub action: String,
    pub version: i32,
    pub actor_id: UserId,
    /// the API key through which
    pub api_key_id: Option<ApiKeyId>,
    pub request_id: Uuid,
    pub occurred_at: DateTime<Utc>,
    /// the fields that are others than before, as far as the caller may see them
    pub changed: BTreeMap<String, Change>,
}

#[derive(Queryable)]
struct Event {
    id: EventId,
    action: String,
    version: i32,
    actor_id: UserId,
    request_id: Uuid,
    occurred_at: DateTime<Utc>,
    data: Value,
    api_key_id: Option<ApiKeyId>,
}

/// The newest versions of a record, or those before a mark; and whether there are more.
pub fn of(
    conn: &mut Conn,
    ctx: &Ctx,
    catalogues: &'static Catalogues,
    noun: &'static Catalogue,
    record: Uuid,
    after: Option<&Mark>,
    limit: usize,
) -> Result<(Vec<Version>, bool)> {
    if !filter::sees(ctx, catalogues, noun, record).get_result::<bool>(conn)? {
        return Err(error::NOT_FOUND.into());
    }
    // one more tells whether there is more, and what the last was before
    let mut events = events(conn, ctx, record, after, i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1))?;
    let more = events.len() > limit;
    if !cover::over(conn, ctx, noun, &[record])?.is_empty() {
        events.iter_mut().for_each(|event| cover::draw(noun.noun, &mut event.data));
    }
    let mut before = if more { events.pop() } else { None };
    let mut versions = Vec::with_capacity(events.len());
    for event in events.into_iter().rev() {
        let was = match &before {
            Some(before) => before.data.clone(),
            None if event.action.ends_with(".created") => Value::Null,
            None => json!({}), // what it was before is not known
        };
        let changed = fields::changed(ctx, noun.noun, Some(noun), &was, &event.data);
        versions.push(event.version(changed));
        before = Some(event);
    }
    versions.reverse();
    Ok((versions, more))
}

/// What the change of an audit row was, for readers who see all records of the noun.
pub fn changed(
    conn: &mut Conn,
    ctx: &Ctx,
    catalogues: &'static Catalogues,
    name: &str,
    record: Uuid,
    id: EventId,
) -> Result<BTreeMap<String, Change>> {
    let since = event_log::id.ge(moment::since(record, SLACK));
    let here = event_log::table.filter(event_log::tenant_id.eq(ctx.tenant)).filter(event_log::object_id.eq(record));
    let version = here.filter(event_log::id.eq(id)).select(event_log::version).first::<i32>(conn).optional()?;
    let Some(version) = version else { return Ok(BTreeMap::new()) };
    let upto = here.filter(event_log::version.le(version)).filter(event_log::id.le(id)).filter(since);
    let mut last: Vec<(String, Value)> = upto
        .order((event_log::version.desc(), event_log::id.desc()))
        .limit(2)
        .select((event_log::name, event_log::data))
        .load(conn)?;
    if cover::is_over(conn, ctx, name, record)? {
        last.iter_mut().for_each(|(_, data)| cover::draw(name, data));
    }
    let before = if last.len() == 2 { last.pop().map(|(_, data)| data) } else { None };
    let Some((action, after)) = last.pop() else { return Ok(BTreeMap::new()) };
    let before = before.unwrap_or_else(|| if action.ends_with(".created") { Value::Null } else { json!({}) });
    Ok(fields::changed(ctx, name, catalogues.get(name), &before, &after))
}

fn events(conn: &mut Conn, ctx: &Ctx, record: Uuid, after: Option<&Mark>, limit: i64) -> QueryResult<Vec<Event>> {
    let version = after.and_then(|mark| mark.keys.first()?.as_ref()?.parse::<i32>().ok()).unwrap_or(i32::MAX);
    let id = after.map_or(Uuid::max(), |mark| mark.id);
    event_log::table
        .filter(event_log::tenant_id.eq(ctx.tenant))
        .filter(event_log::object_id.eq(record))
        .filter(event_log::id.ge(moment::since(record, SLACK)))
        .filter(event_log::version.lt(version).or(event_log::version.eq(version).and(event_log::id.lt(id))))
        .order((event_log::version.desc(), event_log::id.desc()))
        .limit(limit)
        .select((
            event_log::id,
            event_log::name,
            event_log::version,
            event_log::actor_id,
            event_log::request_id,
            event_log::occurred_at,
            event_log::data,
            event_log::api_key_id,
        ))
        .load(conn)
}

impl Event {
    fn version(&self, changed: BTreeMap<String, Change>) -> Version {
        Version {
            id: self.id,
            action: self.action.clone(),
            version: self.version,
            actor_id: self.actor_id,
            api_key_id: self.api_key_id,
            request_id: self.request_id,
            occurred_at: self.occurred_at,
            changed,
        }
    }
}
