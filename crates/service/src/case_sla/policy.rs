//! Which policy is that of a case, and by whose hours it goes.
use super::terms::Terms;
use crate::business_calendar::{self, BusinessCalendar};
use crate::calendar::Calendar;
use crate::case;
use crate::sla_policy::{self, SlaPolicy};
use chrono::{DateTime, Utc};
use kernel::{BusinessCalendarId, CaseId, Ctx, Result};
use platform::Conn;
use platform::filter::rule;
use std::collections::BTreeMap;

/// The policy of a case, with the calendar that it goes by.
pub struct Chosen {
    policy: SlaPolicy,
    calendar: Option<BusinessCalendarId>,
}

/// The first that holds of it, by position; none, where none does.
pub fn choose(conn: &mut Conn, ctx: &Ctx, id: CaseId, open: &mut Calendars) -> Result<Option<Chosen>> {
    let policies = sla_policy::active(conn, ctx)?;
    let asked: Vec<_> = policies.iter().filter_map(|one| Some((one.id.0, one.filter.as_deref()?))).collect();
    let holding = rule::holding(conn, ctx, &case::CATALOGUE, id.0, &asked)?;
    let holds = |one: &SlaPolicy| one.filter.is_none() || holding.contains(&one.id.0);
    let Some(policy) = policies.iter().find(|one| holds(one)).cloned() else { return Ok(None) };
    let calendar = open.of_policy(conn, ctx, policy.calendar_id)?;
    Ok(Some(Chosen { policy, calendar }))
}

impl Chosen {
    /// What it promises of a metric to cases of a priority.
    pub fn terms(&self, metric: &str, priority: &str) -> Option<Terms> {
        let target = self.policy.targets.of(metric, priority)?;
        Some(Terms::of_target(&self.policy, self.calendar, target))
    }

    /// Whether it was there when a clock began: what was waited for before, it has promised nobody.
    pub fn was_there(&self, started_at: DateTime<Utc>) -> bool {
        self.policy.created_at <= started_at
    }
}

/// Calendars that were asked for once.
#[derive(Default)]
pub struct Calendars(BTreeMap<BusinessCalendarId, Calendar>);

impl Calendars {
    /// The calendar that a policy names, while it is in use; else the default.
    fn of_policy(
        &mut self,
        conn: &mut Conn,
        ctx: &Ctx,
        named: Option<BusinessCalendarId>,
    ) -> Result<Option<BusinessCalendarId>> {
        let named = match named {
            Some(id) => business_calendar::many(conn, ctx, &[id])?.pop(),
            None => None,
        };
        let found = match named {
            Some(one) => Some(one),
            None => business_calendar::default(conn, ctx)?,
        };
        let Some(found) = found else { return Ok(None) };
        self.keep(&found)?;
        Ok(Some(found.id))
    }

    /// A calendar by its id, archived or not: what has ended goes by what it went by.
    pub fn get(&mut self, conn: &mut Conn, ctx: &Ctx, id: Option<BusinessCalendarId>) -> Result<Option<&Calendar>> {
        let Some(id) = id else { return Ok(None) };
        if !self.0.contains_key(&id) {
            let found = business_calendar::find_any(conn, ctx, id)?;
            self.keep(&found)?;
        }
        Ok(self.0.get(&id))
    }

    fn keep(&mut self, found: &BusinessCalendar) -> Result<()> {
        self.0.insert(found.id, found.opened()?);
        Ok(())
    }
}
