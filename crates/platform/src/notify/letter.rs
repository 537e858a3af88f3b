//! Letters, and messages to devices, that tell of several things at once. What is due to somebody is taken together with
//! the job that writes to them, so that it is told once, however many look; the letter goes by the job's id, so that one
//! that is sent a second time is known for the same. What it tells is asked when it is written, in the eyes of its reader.
use super::deeds::told;
use super::store::{self, Awaiting};
use crate::{Conn, job};
use chrono::{DateTime, Utc};
use diesel::Connection;
use kernel::catalogue::Catalogues;
use kernel::{Ctx, Error, NotificationId, Result};
use serde::{Deserialize, Serialize};

/// The job that writes one.
pub const KIND: &str = "notification_letter";
/// The job that shows it on devices.
pub const PUSH: &str = "notification_push";
const AT_ONCE: i64 = 200;

/// By which way somebody is told of several things at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Letter,
    Push,
}

impl Way {
    const fn kind(self) -> &'static str {
        match self {
            Self::Letter => KIND,
            Self::Push => PUSH,
        }
    }
}

/// What a letter is of.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Parcel {
    pub ids: Vec<NotificationId>,
    /// how many more there were
    pub more: usize,
}

/// So many are looked up for a letter, which tells fewer one by one.
const MOST: usize = 200;

/// One thing that a letter tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub kind: String,
    pub resource: String,
    pub record: uuid::Uuid,
    /// `contact.updated`
    pub event: String,
}

/// Puts a job down for each letter that is due, or message to devices; how many there were.
pub fn put_down(conn: &mut Conn, way: Way, now: DateTime<Utc>) -> Result<usize> {
    let mut letters = 0;
    for one in store::awaiting(conn, way, now, AT_ONCE)? {
        letters += conn.transaction(|conn| to(conn, way, one, now))?;
    }
    Ok(letters)
}

fn to(conn: &mut Conn, way: Way, one: Awaiting, now: DateTime<Utc>) -> Result<usize> {
    let mut ids = store::take(conn, way, one, now)?;
    if ids.is_empty() {
        return Ok(0);
    }
    let more = ids.len().saturating_sub(MOST);
    ids.truncate(MOST);
    let parcel = serde_json::to_value(Parcel { ids, more }).map_err(Error::internal)?;
    job::enqueue(conn, &Ctx::powerless(one.tenant, one.user, now), way.kind(), &parcel)?;
    crate::crash::point("notify_letter_put_down");
    Ok(1)
}

/// What there is to tell still: what its reader has not read, and sees.
pub fn lines(conn: &mut Conn, ctx: &Ctx, all: &'static Catalogues, parcel: &Parcel) -> Result<Vec<Line>> {
    let kept = store::unread_of(conn, ctx, &parcel.ids)?;
    let told = told(conn, ctx, all, &kept)?;
    let line = |one: &super::Kept| {
        let event = told.get(&one.event_id).filter(|event| event.data.is_some())?;
        let (kind, resource) = (one.kind.clone(), one.resource.clone());
        Some(Line { kind, resource, record: one.record_id, event: event.r#type.clone() })
    };
    let mut lines: Vec<Line> = kept.iter().filter_map(line).collect();
    lines.dedup();
    Ok(lines)
}
