//! What a calendar is made of, as callers say it, and what that means to [`crate::calendar`].
use super::BusinessCalendar;
use crate::calendar::{Calendar, Holiday, MOST_HOLIDAYS, MOST_SHIFTS, Shift, Terms, Week};
use crate::{Fault, Faults};
use chrono::NaiveDate;
use kernel::{Error, Result, Text, error, rule, text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// A stretch of work of a day, by the clock of its place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"start": "09:00", "end": "12:00"}))]
pub struct CalendarShift {
    /// `00:00` to `23:59`
    #[validate(custom(function = "is_time"))]
    #[schema(example = "09:00", pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]
    pub start: String,
    /// after `start`, up to `24:00`
    #[validate(custom(function = "is_time"))]
    #[schema(example = "12:00", pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]
    pub end: String,
}

/// The shifts of each day of the week, in any order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({"monday": [{"start": "09:00", "end": "12:00"}, {"start": "13:30", "end": "18:00"}]}))]
pub struct CalendarWeek {
    #[validate(nested, length(max = 24))]
    #[schema(required = false, max_items = 24)]
    pub monday: Vec<CalendarShift>,
    #[validate(nested, length(max = 24))]
    #[schema(required = false, max_items = 24)]
    pub tuesday: Vec<CalendarShift>,
    #[validate(nested, length(max = 24))]
    #[schema(required = false, max_items = 24)]
    pub wednesday: Vec<CalendarShift>,
    #[validate(nested, length(max = 24))]
    #[schema(required = false, max_items = 24)]
    pub thursday: Vec<CalendarShift>,
    #[validate(nested, length(max = 24))]
    #[schema(required = false, max_items = 24)]
    pub friday: Vec<CalendarShift>,
    #[validate(nested, length(max = 24))]
    #[schema(required = false, max_items = 24)]
    pub saturday: Vec<CalendarShift>,
    #[validate(nested, length(max = 24))]
    #[schema(required = false, max_items = 24)]
    pub sunday: Vec<CalendarShift>,
}

/// A date that is not as its day of the week says: closed, or open in these shifts alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"on": "2026-10-01", "name": "国庆节"}))]
pub struct CalendarHoliday {
    pub on: NaiveDate,
    #[serde(default)]
    #[validate(length(max = 200))]
    #[schema(required = false, max_length = 200)]
    pub name: String,
    #[serde(default)]
    #[validate(nested, length(max = 24))]
    #[schema(required = false, max_items = 24)]
    pub shifts: Vec<CalendarShift>,
}

platform::jsonb!(Weekly(CalendarWeek), "The shifts of a week, as a column keeps them.");
platform::jsonb!(Holidays(Vec<CalendarHoliday>), "Dates that are not as their day says, as a column keeps them.");

/// Refused with all that is wrong, each where it stands.
pub(super) fn sound(time_zone: &str, weekly: &CalendarWeek, holidays: &[CalendarHoliday]) -> Result<Calendar> {
    read(time_zone, weekly, holidays).map_err(|faults| {
        let told = |fault: &Fault| kernel::Fault::new(fault.pointer.clone(), fault.code, words(fault.code));
        Error::from(error::INVALID).faults(faults.0.iter().map(told).collect::<Vec<_>>())
    })
}

impl BusinessCalendar {
    /// What it means. What is kept was sound when it was written.
    pub(crate) fn opened(&self) -> Result<Calendar> {
        read(&self.time_zone, &self.weekly.0, &self.holidays.0).map_err(Error::internal)
    }
}

fn read(time_zone: &str, weekly: &CalendarWeek, holidays: &[CalendarHoliday]) -> std::result::Result<Calendar, Faults> {
    let week = Week {
        monday: shifts(&weekly.monday),
        tuesday: shifts(&weekly.tuesday),
        wednesday: shifts(&weekly.wednesday),
        thursday: shifts(&weekly.thursday),
        friday: shifts(&weekly.friday),
        saturday: shifts(&weekly.saturday),
        sunday: shifts(&weekly.sunday),
    };
    let holiday = |one: &CalendarHoliday| Holiday { on: one.on, name: one.name.clone(), shifts: shifts(&one.shifts) };
    let holidays = holidays.iter().map(holiday).collect();
    Calendar::new(Terms { time_zone: time_zone.to_owned(), weekly: week, holidays })
}

fn shifts(told: &[CalendarShift]) -> Vec<Shift> {
    let minute = |text: &str| minute(text).unwrap_or(u16::MAX);
    told.iter().map(|one| Shift::new(minute(&one.start), minute(&one.end))).collect()
}

/// Which minute of the day `09:30` is.
fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let digits = |part: &str| part.len() == 2 && part.bytes().all(|one| one.is_ascii_digit());
    let (hour, minute) = (Some(hour).filter(|one| digits(one))?, Some(minute).filter(|one| digits(one))?);
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let is_there = hour < 24 && minute < 60 || hour == 24 && minute == 0;
    is_there.then_some(hour * 60 + minute)
}

fn is_time(text: &str) -> std::result::Result<(), ValidationError> {
    match minute(text) {
        Some(_) => Ok(()),
        None => Err(rule!("time", "is no time of a day, such as 09:30")),
    }
}

/// What the codes of calendars mean.
fn words(code: &str) -> Text {
    match code {
        "time_zone" => text!("is no time zone, such as Asia/Shanghai"),
        "order" => text!("a shift ends after it starts"),
        "overlap" => text!("begins before another shift of the day has ended"),
        "duplicate" => text!("the date is there twice"),
        "too_many" => text!(
            "at most {shifts} shifts a day and {holidays} holidays",
            shifts = MOST_SHIFTS,
            holidays = MOST_HOLIDAYS
        ),
        _ => text!("calendars know the years 1970 to 2099, and days have minutes from 00:00 to 24:00"),
    }
}

#[cfg(test)]
mod tests {
    use super::{CalendarHoliday, CalendarShift, CalendarWeek, minute, sound};

    #[test]
    fn a_time_is_two_digits_twice() {
        let told = ["00:00", "09:30", "24:00", "24:01", "9:30", "09:60", "+9:30", "09:30:00", "０9:30"];
        assert_eq!(told.map(minute), [Some(0), Some(570), Some(1440), None, None, None, None, None, None]);
    }

    #[test]
    fn all_that_is_wrong_is_told_where_it_stands() {
        let shift = |start: &str, end: &str| CalendarShift { start: start.into(), end: end.into() };
        let weekly = CalendarWeek {
            monday: vec![shift("09:00", "12:00"), shift("11:00", "13:00")],
            friday: vec![shift("18:00", "09:00")],
            ..CalendarWeek::default()
        };
        let holiday = |on: &str| CalendarHoliday { on: on.parse().unwrap(), name: String::new(), shifts: Vec::new() };
        let told = sound("Mars/Base", &weekly, &[holiday("2026-10-01"), holiday("2026-10-01"), holiday("2400-01-01")]);
        let faults = told.unwrap_err().faults;
        let told: Vec<_> = faults.iter().map(|one| (one.pointer.as_str(), one.code.as_str())).collect();
        assert_eq!(
            told,
            [
                ("/time_zone", "time_zone"),
                ("/weekly/monday/1", "overlap"),
                ("/weekly/friday/0/end", "order"),
                ("/holidays/1/on", "duplicate"),
                ("/holidays/2/on", "range"),
            ]
        );
    }
}
