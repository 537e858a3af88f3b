//! When something goes out to somebody: by their own clock, and not in their quiet hours.
use chrono::{DateTime, Duration, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use kernel::rule;
use validator::ValidationError;

/// A clock that is put forward leaves out two hours at most.
const LEFT_OUT: i64 = 8;

/// `21:00`
pub fn is_hour(text: &str) -> Result<(), ValidationError> {
    match text.len() == 5 && hour(text).is_some() {
        true => Ok(()),
        false => Err(rule!("hour", "is no hour and minute, such as 21:00")),
    }
}

fn hour(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text, "%H:%M").ok()
}

/// The hours of a send, where the tenant is.
#[derive(Clone, Debug)]
pub struct Hours {
    home: Tz,
    is_local: bool,
    quiet: Option<(NaiveTime, NaiveTime)>,
}

impl Hours {
    pub fn new(home: &str, is_local: bool, from: Option<&str>, until: Option<&str>) -> Self {
        let quiet = from.and_then(hour).zip(until.and_then(hour)).filter(|(from, until)| from != until);
        Self { home: home.parse().unwrap_or(Tz::UTC), is_local, quiet }
    }

    /// The zone of somebody, or that of the tenant.
    fn zone(&self, theirs: Option<&str>) -> Tz {
        theirs.and_then(|zone| zone.parse().ok()).unwrap_or(self.home)
    }

    /// When what begins at `start` is due for somebody.
    pub fn due(&self, start: DateTime<Utc>, theirs: Option<&str>) -> DateTime<Utc> {
        let zone = self.zone(theirs);
        let start = if self.is_local {
            let shown = start.with_timezone(&self.home).naive_local();
            moment(zone, shown).unwrap_or(start)
        } else {
            start
        };
        self.awake(start, theirs)
    }

    /// The same moment, or the end of the quiet hours that it lies in.
    pub fn awake(&self, at: DateTime<Utc>, theirs: Option<&str>) -> DateTime<Utc> {
        let Some((from, until)) = self.quiet else { return at };
        let zone = self.zone(theirs);
        let shown = at.with_timezone(&zone).naive_local();
        let time = shown.time();
        let is_quiet = if from < until { from <= time && time < until } else { from <= time || time < until };
        if !is_quiet {
            return at;
        }
        let day = if time < until { shown.date() } else { shown.date().succ_opt().unwrap_or(shown.date()) };
        moment(zone, day.and_time(until)).unwrap_or(at)
    }
}

/// When a clock shows this; of two times the first, and where it leaves this out, when it goes on.
fn moment(zone: Tz, shown: chrono::NaiveDateTime) -> Option<DateTime<Utc>> {
    let tried = (0..=LEFT_OUT).filter_map(|count| shown.checked_add_signed(Duration::minutes(15 * count)));
    let mut told = tried.filter_map(|local| zone.from_local_datetime(&local).earliest());
    told.next().map(|at| at.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_at_nine_is_at_nine_wherever_somebody_is() {
        let hours = Hours::new("Asia/Shanghai", true, None, None);
        let nine = at("2027-03-01T01:00:00Z");
        assert_eq!(hours.due(nine, None), nine);
        assert_eq!(hours.due(nine, Some("Europe/Berlin")), at("2027-03-01T08:00:00Z"));
        assert_eq!(hours.due(nine, Some("Nowhere/Else")), nine);
        assert_eq!(Hours::new("Asia/Shanghai", false, None, None).due(nine, Some("Europe/Berlin")), nine);
    }

    #[test]
    fn nothing_goes_out_in_quiet_hours() {
        let hours = Hours::new("UTC", false, Some("21:00"), Some("08:00"));
        for (asked, told) in [
            ("2027-03-01T20:59:00Z", "2027-03-01T20:59:00Z"),
            ("2027-03-01T21:00:00Z", "2027-03-02T08:00:00Z"),
            ("2027-03-02T03:00:00Z", "2027-03-02T08:00:00Z"),
            ("2027-03-02T08:00:00Z", "2027-03-02T08:00:00Z"),
        ] {
            assert_eq!(hours.awake(at(asked), None), at(told), "{asked}");
        }
        let noon = Hours::new("UTC", false, Some("12:00"), Some("13:00"));
        assert_eq!(noon.awake(at("2027-03-01T12:30:00Z"), None), at("2027-03-01T13:00:00Z"));
        // two in the morning is left out that day
        let spring = Hours::new("Europe/Berlin", false, Some("22:00"), Some("02:30"));
        assert_eq!(spring.awake(at("2027-03-28T00:30:00Z"), None), at("2027-03-28T01:00:00Z"));
    }
}
