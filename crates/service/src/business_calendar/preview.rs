//! What a calendar makes of moments: asked, and nothing is kept.
use super::store;
use crate::promise::MOST_MINUTES;
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{BusinessCalendarId, Ctx, Result, Tidy};
use platform::Conn;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// What is asked of a calendar.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"from": "2026-11-27T09:30:00Z", "minutes": 480, "until": "2026-11-30T02:00:00Z"}))]
pub struct BusinessCalendarPreview {
    /// now, unless said otherwise
    pub from: Option<DateTime<Utc>>,
    /// business minutes that are added to it
    #[validate(range(min = 0, max = 5256000))]
    #[schema(minimum = 0, maximum = 5_256_000)]
    pub minutes: Option<u32>,
    /// up to when business time is counted
    pub until: Option<DateTime<Utc>>,
}

/// What a calendar makes of moments.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "from": "2026-11-27T09:30:00Z", "is_open": true, "opens_at": "2026-11-27T09:30:00Z",
    "due_at": "2026-11-30T09:00:00Z", "business_minutes": 60
}))]
pub struct BusinessTime {
    pub from: DateTime<Utc>,
    /// whether work is done then
    pub is_open: bool,
    /// the first moment from then on at which it is; null where there is none for years
    pub opens_at: Option<DateTime<Utc>>,
    /// when so many business minutes are over; null where none were asked for, or it takes longer than calendars know
    pub due_at: Option<DateTime<Utc>>,
    /// how many whole ones there are until `until`; null where that was not asked for
    #[schema(example = 60)]
    pub business_minutes: Option<i64>,
}

/// Adds business minutes to a moment, and counts those between two.
pub fn preview(
    conn: &mut Conn,
    ctx: &Ctx,
    id: BusinessCalendarId,
    ask: &BusinessCalendarPreview,
) -> Result<BusinessTime> {
    let calendar = store::find(conn, ctx, id)?.opened()?;
    let from = ask.from.unwrap_or(ctx.now);
    let added = ask.minutes.map(|minutes| TimeDelta::minutes(i64::from(minutes.min(MOST_MINUTES))));
    Ok(BusinessTime {
        from,
        is_open: calendar.is_open(from),
        opens_at: calendar.next_opening(from),
        due_at: added.and_then(|time| calendar.add_business_time(from, time)),
        business_minutes: ask.until.map(|until| calendar.business_time_between(from, until).num_minutes()),
    })
}

impl Tidy for BusinessCalendarPreview {}
