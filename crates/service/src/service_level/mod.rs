//! How well cases are served in a period: what of the promises was kept, how long answers and solutions took, by the wall
//! clock and in business time, what was opened again, and what lies open at the end.
//!
//! All of it is reckoned from what stands at the cases that the caller sees: their statuses, what was said about them, and
//! their promises. Each thing counts on the day on which it happened; a promise on the day on which it was kept or broken.
mod figures;
mod spread;
mod store;

pub use spread::{Spread, Spreads};

use crate::{business_calendar, people};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use figures::{Base, Figures};
use kernel::{Ctx, Error, Fault, Noun, Result, TeamId, UserId, error, text};
use platform::Conn;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The longest period.
const MOST_DAYS: i64 = 366;

/// What figures are told by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LevelGroupBy {
    /// all together alone
    #[default]
    Nothing,
    Day,
    Priority,
    CaseType,
    Channel,
    Owner,
    Team,
}

impl LevelGroupBy {
    /// The field of a case that it goes by.
    const fn field(self) -> Option<&'static str> {
        match self {
            Self::Nothing | Self::Day => None,
            Self::Priority => Some("priority"),
            Self::CaseType => Some("case_type"),
            Self::Channel => Some("channel"),
            Self::Owner => Some("owner_id"),
            Self::Team => Some("team_id"),
        }
    }
}

/// How well cases were served in a period.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServiceLevels {
    /// its first day
    pub first_on: NaiveDate,
    /// its last day
    pub last_on: NaiveDate,
    #[schema(example = "Asia/Shanghai")]
    pub time_zone: String,
    pub group_by: LevelGroupBy,
    pub groups: Vec<ServiceLevelGroup>,
    pub total: ServiceLevelGroup,
}

/// How well the cases of one group were served.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ServiceLevelGroup {
    /// by owner: whose
    pub owner_id: Option<UserId>,
    /// by team: which; null for what belongs to none
    pub team_id: Option<TeamId>,
    /// by day: which
    pub day_on: Option<NaiveDate>,
    /// by priority, type or channel: which
    #[schema(example = "urgent")]
    pub value: Option<String>,
    #[schema(minimum = 0)]
    pub opened_count: i64,
    /// how often a case was solved
    #[schema(minimum = 0)]
    pub resolved_count: i64,
    /// how often one that was solved was opened again
    #[schema(minimum = 0)]
    pub reopened_count: i64,
    /// how many were open at the end
    #[schema(minimum = 0)]
    pub backlog_count: i64,
    /// from when a case came until it was answered first
    pub first_response: Spreads,
    /// from a question until its answer, of those after the first answer
    pub next_response: Spreads,
    /// from when a case came until it was solved, for those that are
    pub resolution: Spreads,
    pub promises: Promises,
}

/// What became of promises.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
#[schema(as = ServiceLevelPromises)]
pub struct Promises {
    #[schema(minimum = 0)]
    pub kept_count: i64,
    #[schema(minimum = 0)]
    pub broken_count: i64,
    /// how many of a hundred were kept; null where there were none
    #[schema(value_type = Option<String>, format = "decimal", example = "97.50")]
    pub kept_percent: Option<String>,
}

/// A period in days of a place, the last one with it.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    pub first: NaiveDate,
    pub last: NaiveDate,
    pub zone: Tz,
}

impl Span {
    /// Refused where it ends before it begins, or is too long.
    pub fn new(first: NaiveDate, last: NaiveDate, zone: Tz) -> Result<Self> {
        match (last - first).num_days() {
            days if (0..MOST_DAYS).contains(&days) => Ok(Self { first, last, zone }),
            _ => {
                let message = text!("a period ends after it begins, and has {most} days at most", most = MOST_DAYS);
                let fault = Fault::new("?until", "period", message);
                Err(Error::from(error::UNKNOWN_PARAMETER).fault(fault))
            }
        }
    }

    pub(crate) fn begins(&self) -> DateTime<Utc> {
        people::begin_of(self.zone, self.first)
    }

    pub(crate) fn ends(&self) -> DateTime<Utc> {
        people::begin_of(self.zone, self.last.succ_opt().unwrap_or(self.last))
    }

    pub(crate) fn day_of(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    fn days(self) -> impl Iterator<Item = NaiveDate> {
        self.first.iter_days().take_while(move |day| *day <= self.last)
    }
}

/// The zone by its name; that of the tenant, where none is named.
pub fn zone(conn: &mut Conn, ctx: &Ctx, named: Option<&str>) -> Result<Tz> {
    let name = match named {
        Some(name) => name.to_owned(),
        None => people::time_zone(conn, ctx)?,
    };
    name.parse().map_err(|_| {
        let message = text!("is no time zone, such as Asia/Shanghai");
        let fault = Fault::new("?time_zone", "time_zone", message);
        Error::from(error::UNKNOWN_PARAMETER).fault(fault)
    })
}

/// Of the cases that the caller sees. Business time is that of the default calendar.
pub fn of(conn: &mut Conn, ctx: &Ctx, span: Span, group_by: LevelGroupBy) -> Result<ServiceLevels> {
    if group_by.field().is_some_and(|field| ctx.grants.hides(crate::case::Case::NAME, field)) {
        let fault = Fault::new("?group_by", "hidden", text!("the field that it goes by is hidden from the caller"));
        return Err(Error::from(error::UNKNOWN_PARAMETER).fault(fault));
    }
    let calendar = business_calendar::default(conn, ctx)?.map(|one| one.opened()).transpose()?;
    let base = store::base(conn, ctx, span)?;
    let mut groups: BTreeMap<Group, Figures> = BTreeMap::new();
    if group_by == LevelGroupBy::Day {
        groups.extend(span.days().map(|day| (Group::Day(day), Figures::default())));
    }
    let mut total = Figures::default();
    base.each(span, &mut |one, at, what| {
        total.add(what, calendar.as_ref());
        if let Some(group) = Group::of(group_by, one, span.day_of(at)) {
            groups.entry(group).or_default().add(what, calendar.as_ref());
        }
    });
    if group_by == LevelGroupBy::Day {
        // what is open at the end of each day, and not of the last alone
        for (group, figures) in &mut groups {
            let Group::Day(day) = group else { continue };
            let end = people::begin_of(span.zone, day.succ_opt().unwrap_or(*day));
            figures.backlog_count = base.open_at(end);
        }
    }
    let groups = groups.into_iter().map(|(group, figures)| figures.told(Some(&group))).collect();
    Ok(ServiceLevels {
        first_on: span.first,
        last_on: span.last,
        time_zone: span.zone.name().to_owned(),
        group_by,
        groups,
        total: total.told(None),
    })
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Day(NaiveDate),
    Value(String),
    Owner(UserId),
    Team(Option<TeamId>),
}

impl Group {
    fn of(group_by: LevelGroupBy, one: &Base, day: NaiveDate) -> Option<Self> {
        Some(match group_by {
            LevelGroupBy::Nothing => return None,
            LevelGroupBy::Day => Self::Day(day),
            LevelGroupBy::Priority => Self::Value(one.priority.clone()),
            LevelGroupBy::CaseType => Self::Value(one.case_type.clone()),
            LevelGroupBy::Channel => Self::Value(one.channel.clone()),
            LevelGroupBy::Owner => Self::Owner(one.owner_id),
            LevelGroupBy::Team => Self::Team(one.team_id),
        })
    }
}

/// The last moment of a period: what is open then is its backlog.
fn last_moment(span: Span) -> DateTime<Utc> {
    span.ends() - TimeDelta::microseconds(1)
}
