//! When somebody is reminded of a task: so many minutes before it is due, or at a moment.
//!
//! Each moment is a row, which a trigger keeps in step with the task. Whoever fires one takes its row and writes the event
//! that tells of it in one transaction, so that it is told once, whatever dies; people are told by the event.
mod store;

pub use store::fire_due;

use crate::link::kept;
use chrono::{DateTime, Utc};
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Jsonb;
use kernel::rule;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use validator::ValidationError;

const MOST: usize = 10;
/// A year.
const EARLIEST: i32 = 366 * 24 * 60;

/// When somebody is reminded: one of the two.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TaskReminder)]
pub struct Reminder {
    /// before it is due; of a whole day, before that begins
    #[schema(minimum = 0, maximum = 527040, example = 15)]
    pub minutes_before: Option<i32>,
    pub remind_at: Option<DateTime<Utc>>,
}

kept!(Reminders(Reminder), "When somebody is reminded of a task.");

impl Reminders {
    /// Whether one of them goes by when the task is due.
    pub(super) fn needs_due(&self) -> bool {
        self.0.iter().any(|one| one.minutes_before.is_some())
    }

    /// What is left of them for the next of a series: a moment comes but once.
    pub(super) fn of_next(&self) -> Self {
        Self(self.0.iter().filter(|one| one.minutes_before.is_some()).cloned().collect())
    }
}

pub(super) fn are_reminders(all: &Reminders) -> Result<(), ValidationError> {
    if all.0.len() > MOST {
        return Err(rule!("too_many", "at most {most} of them", most = MOST));
    }
    for one in &all.0 {
        if one.minutes_before.is_some() == one.remind_at.is_some() {
            return Err(rule!("one_of", "each is minutes_before or remind_at, one of them"));
        }
        one.remind_at.iter().try_for_each(super::series::is_moment)?;
        if one.minutes_before.is_some_and(|minutes| !(0..=EARLIEST).contains(&minutes)) {
            return Err(rule!("range", "minutes_before is from 0 to {most}", most = EARLIEST));
        }
    }
    Ok(())
}
