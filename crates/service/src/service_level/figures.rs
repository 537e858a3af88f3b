//! What has happened to cases, thing by thing, and what that comes to. Pure.
use super::spread::{Spread, Spreads};
use super::{Group, Promises, ServiceLevelGroup, Span, last_moment};
use crate::calendar::Calendar;
use crate::case_sla::facts::Facts;
use crate::promise::Event;
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{TeamId, UserId};
use rust_decimal::Decimal;

/// What is known of a case.
pub struct Base {
    pub owner_id: UserId,
    pub team_id: Option<TeamId>,
    pub priority: String,
    pub case_type: String,
    pub channel: String,
    pub first_response_at: Option<DateTime<Utc>>,
    pub resolved_at: Option<DateTime<Utc>>,
    pub facts: Facts,
    /// when each promise was kept, or broken
    pub promises: Vec<(DateTime<Utc>, bool)>,
}

/// The cases of a period.
pub struct Bases(pub Vec<Base>);

/// Something that counts.
#[derive(Clone, Copy)]
pub enum What {
    Opened,
    Resolved,
    Reopened,
    Open,
    FirstResponse(DateTime<Utc>, DateTime<Utc>),
    NextResponse(DateTime<Utc>, DateTime<Utc>),
    Resolution(DateTime<Utc>, DateTime<Utc>),
    Kept,
    Broken,
}

impl Base {
    fn all(&self) -> Vec<(DateTime<Utc>, What)> {
        let opened = self.facts.opened_at;
        let mut all = vec![(opened, What::Opened)];
        let mut was_settled = false;
        for (at, status) in &self.facts.statuses {
            let is_settled = is_settled(status);
            match (was_settled, is_settled) {
                (false, true) => all.push((*at, What::Resolved)),
                (true, false) => all.push((*at, What::Reopened)),
                _ => {}
            }
            was_settled = is_settled;
        }
        all.extend(self.first_response_at.map(|at| (at, What::FirstResponse(opened, at))));
        all.extend(self.resolved_at.map(|at| (at, What::Resolution(opened, at))));
        for round in self.facts.next_responses(&[]) {
            let Some(begun) = round.first() else { continue };
            let met = round.iter().find(|entry| entry.event == Event::Met);
            all.extend(met.map(|met| (met.at, What::NextResponse(begun.at, met.at))));
        }
        let promise = |(at, is_kept): &(DateTime<Utc>, bool)| (*at, if *is_kept { What::Kept } else { What::Broken });
        all.extend(self.promises.iter().map(promise));
        all
    }

    /// Whether it is open just before a moment.
    fn is_open_at(&self, end: DateTime<Utc>) -> bool {
        let last = self.facts.statuses.iter().rfind(|(at, _)| *at < end);
        self.facts.opened_at < end && last.is_none_or(|(_, status)| !is_settled(status))
    }
}

impl Bases {
    /// All that counts in a period, each with its case and its moment.
    pub fn each(&self, span: Span, take: &mut dyn FnMut(&Base, DateTime<Utc>, What)) {
        let (begins, ends) = (span.begins(), span.ends());
        for one in &self.0 {
            let here = one.all().into_iter().filter(|(at, _)| begins <= *at && *at < ends);
            here.for_each(|(at, what)| take(one, at, what));
            if one.is_open_at(ends) {
                take(one, last_moment(span), What::Open);
            }
        }
    }

    pub fn open_at(&self, end: DateTime<Utc>) -> i64 {
        i64::try_from(self.0.iter().filter(|one| one.is_open_at(end)).count()).unwrap_or(i64::MAX)
    }
}

fn is_settled(status: &str) -> bool {
    matches!(status, "resolved" | "closed")
}

/// Times, by the wall clock and in business time.
#[derive(Default)]
struct Times {
    wall_clock: Vec<TimeDelta>,
    business: Option<Vec<TimeDelta>>,
}

impl Times {
    fn add(&mut self, from: DateTime<Utc>, to: DateTime<Utc>, calendar: Option<&Calendar>) {
        self.wall_clock.push((to - from).max(TimeDelta::zero()));
        let business = calendar.map(|calendar| calendar.business_time_between(from, to));
        if let Some(time) = business {
            self.business.get_or_insert_default().push(time);
        }
    }

    fn told(self) -> Spreads {
        Spreads {
            count: i64::try_from(self.wall_clock.len()).unwrap_or(i64::MAX),
            wall_clock: Spread::of(self.wall_clock),
            business: self.business.map(Spread::of),
        }
    }
}

/// What something comes to.
#[derive(Default)]
pub struct Figures {
    opened_count: i64,
    resolved_count: i64,
    reopened_count: i64,
    pub backlog_count: i64,
    kept_count: i64,
    broken_count: i64,
    first_response: Times,
    next_response: Times,
    resolution: Times,
}

impl Figures {
    pub fn add(&mut self, what: What, calendar: Option<&Calendar>) {
        match what {
            What::Opened => self.opened_count += 1,
            What::Resolved => self.resolved_count += 1,
            What::Reopened => self.reopened_count += 1,
            What::Open => self.backlog_count += 1,
            What::Kept => self.kept_count += 1,
            What::Broken => self.broken_count += 1,
            What::FirstResponse(from, to) => self.first_response.add(from, to, calendar),
            What::NextResponse(from, to) => self.next_response.add(from, to, calendar),
            What::Resolution(from, to) => self.resolution.add(from, to, calendar),
        }
    }

    pub fn told(self, group: Option<&Group>) -> ServiceLevelGroup {
        let all = self.kept_count + self.broken_count;
        let percent = (all > 0).then(|| Decimal::from(self.kept_count * 100) / Decimal::from(all));
        ServiceLevelGroup {
            owner_id: group.and_then(|group| if let Group::Owner(id) = group { Some(*id) } else { None }),
            team_id: group.and_then(|group| if let Group::Team(id) = group { *id } else { None }),
            day_on: group.and_then(|group| if let Group::Day(day) = group { Some(*day) } else { None }),
            value: group.and_then(|group| if let Group::Value(value) = group { Some(value.clone()) } else { None }),
            opened_count: self.opened_count,
            resolved_count: self.resolved_count,
            reopened_count: self.reopened_count,
            backlog_count: self.backlog_count,
            first_response: self.first_response.told(),
            next_response: self.next_response.told(),
            resolution: self.resolution.told(),
            promises: Promises {
                kept_count: self.kept_count,
                broken_count: self.broken_count,
                kept_percent: percent.map(|percent| format!("{:.2}", percent.round_dp(2))),
            },
        }
    }
}
