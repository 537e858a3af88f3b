//! What a record was: its events, one a version; and what changed from one to the next.
pub(crate) mod cover;
pub(crate) mod fields;
mod store;

pub use fields::Change;
pub use store::{Version, changed, of};

use crate::schema::event_log;
use crate::{Conn, moment};
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use kernel::{Ctx, Result, UserId};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// What happens to a record gets its id after the record has, give or take the clocks of several servers: of the months of
/// the trail, those before it was made are not asked.
pub(crate) const SLACK: Duration = Duration::days(1);

/// The columns of a record as they stood at a version, where an event tells.
pub fn at(conn: &mut Conn, ctx: &Ctx, noun: &str, record: Uuid, version: i32) -> Result<Option<Value>> {
    let mut kept: Option<Value> = event_log::table
        .filter(event_log::tenant_id.eq(ctx.tenant))
        .filter(event_log::object_id.eq(record))
        .filter(event_log::id.ge(moment::since(record, SLACK)))
        .filter(event_log::version.eq(version))
        .select(event_log::data)
        .first(conn)
        .optional()?;
    if let Some(kept) = &mut kept
        && cover::is_over(conn, ctx, noun, record)?
    {
        cover::draw(noun, kept);
    }
    Ok(kept)
}

/// Something that happened to a record.
#[derive(Clone, Debug, Queryable, Serialize, utoipa::ToSchema)]
pub struct Happening {
    /// the name of the event
    #[schema(example = "contact.updated")]
    pub name: String,
    pub occurred_at: DateTime<Utc>,
    pub actor_id: UserId,
    /// the version of the record that came of it
    pub version: i32,
}

/// The newest of what happened to a record.
pub fn latest(conn: &mut Conn, ctx: &Ctx, record: Uuid, limit: i64) -> Result<Vec<Happening>> {
    Ok(event_log::table
        .filter(event_log::tenant_id.eq(ctx.tenant))
        .filter(event_log::object_id.eq(record))
        .filter(event_log::id.ge(moment::since(record, SLACK)))
        .order((event_log::version.desc(), event_log::id.desc()))
        .limit(limit)
        .select((event_log::name, event_log::occurred_at, event_log::actor_id, event_log::version))
        .load(conn)?)
}
