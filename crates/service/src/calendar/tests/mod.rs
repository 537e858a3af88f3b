mod examples;
mod faults;
pub(crate) mod oracle;
pub(crate) mod places;
mod properties;

use super::{Calendar, Holiday, Shift, Terms, Week};
use chrono::{DateTime, Utc};

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

/// Monday to Friday, each with the same shifts, in hours.
pub(crate) fn working_week(zone: &str, hours: &[(u16, u16)]) -> Terms {
    let day: Vec<Shift> = hours.iter().map(|(start, end)| Shift::new(start * 60, end * 60)).collect();
    let (monday, tuesday, wednesday) = (day.clone(), day.clone(), day.clone());
    let weekly = Week { monday, tuesday, wednesday, thursday: day.clone(), friday: day, ..Week::default() };
    Terms { time_zone: zone.to_owned(), weekly, holidays: Vec::new() }
}

pub(crate) fn every_day(zone: &str, shifts: &[Shift]) -> Terms {
    let mut terms = working_week(zone, &[]);
    let Week { monday, tuesday, wednesday, thursday, friday, saturday, sunday } = &mut terms.weekly;
    for day in [monday, tuesday, wednesday, thursday, friday, saturday, sunday] {
        *day = shifts.to_vec();
    }
    terms
}

pub(crate) fn holiday(on: &str, hours: &[(u16, u16)]) -> Holiday {
    let shifts = hours.iter().map(|(start, end)| Shift::new(start * 60, end * 60)).collect();
    Holiday { on: on.parse().unwrap(), name: String::new(), shifts }
}

pub(crate) fn calendar(terms: Terms) -> Calendar {
    Calendar::new(terms).unwrap()
}
