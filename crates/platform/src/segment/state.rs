//! How a segment stands: how many are in it, as the caller sees them, and how far a look at everybody has come. It changes
//! with whoever comes and goes, so it is no part of the record and of its versions.
use super::{member, says, store};
use crate::Conn;
use chrono::{DateTime, Utc};
use kernel::catalogue::Catalogues;
use kernel::{Ctx, Result, SegmentId};
use serde::Serialize;
use utoipa::ToSchema;

/// How a segment stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "segment_id": "0192f0c1-9999-7000-8000-00000000000d", "status": "ready", "count": 1204, "progress": null,
    "refreshed_at": "2026-11-26T08:00:01Z", "refreshes_at": null
}))]
pub struct SegmentState {
    pub segment_id: SegmentId,
    /// `building`, `ready` or `failed`
    pub status: String,
    /// how many members there are that the caller sees
    pub count: i64,
    /// of a look at all records that is under way, how much is done, from 0 to 1
    pub progress: Option<f64>,
    /// when all records were asked last
    pub refreshed_at: Option<DateTime<Utc>>,
    /// when they are asked next, where time alone changes who is in it
    pub refreshes_at: Option<DateTime<Utc>>,
}

pub fn state(conn: &mut Conn, ctx: &Ctx, all: &'static Catalogues, id: SegmentId) -> Result<SegmentState> {
    let segment = store::find(conn, ctx, id)?;
    let noun = says::noun(all, &segment.resource)?;
    let (build, refreshed_at, refreshes_at) = store::looks(conn, ctx, id)?;
    Ok(SegmentState {
        segment_id: id,
        count: member::count(conn, ctx, all, noun, id)?,
        progress: build.map(|(looked, total)| share(looked, total)),
        status: segment.status,
        refreshed_at,
        refreshes_at,
    })
}

/// In hundredths.
fn share(looked: i64, total: i64) -> f64 {
    let hundredths = looked.saturating_mul(100).checked_div(total).unwrap_or_default().clamp(0, 100);
    f64::from(i32::try_from(hundredths).unwrap_or_default()) / 100.0
}
