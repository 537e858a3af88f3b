//! Dates and instants. Without a format only what can be read in one way is taken: year first, or RFC 3339. Clock times
//! without an offset are those of the stated time zone.

use chrono::{
    DateTime, Datelike, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc,
    format::{Item, StrftimeItems},
};
use chrono_tz::Tz;
use kernel::text;

use super::{Parsed, ValueFault, plain, short};

const COMPACT: &str = "%Y%m%d";
const DATES: [&str; 5] = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", COMPACT, "%Y年%m月%d日"];
const CLOCKS: [&str; 3] = ["%H:%M:%S%.f", "%H:%M", "%H%M%S"];

/// How a column writes its dates and times.
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    format: Option<String>,
    zone: Tz,
}

impl Default for Calendar {
    fn default() -> Self {
        Self { format: None, zone: Tz::UTC }
    }
}

impl Calendar {
    /// `format` as in `%d/%m/%Y %H:%M`; `zone` as in `Asia/Shanghai`, else UTC.
    pub fn new(format: Option<&str>, zone: Option<&str>) -> Parsed<Self> {
        if let Some(format) = format
            && StrftimeItems::new(format).any(|item| item == Item::Error)
        {
            return Err(ValueFault::new("time_format", text!("`{text}` is not a date format.", text = short(format))));
        }
        let zone = zone.unwrap_or("UTC");
        let unknown =
            |_| ValueFault::new("time_zone", text!("`{text}` is not the name of a time zone.", text = short(zone)));
        Ok(Self { format: format.map(str::to_owned), zone: zone.parse().map_err(unknown)? })
    }

    /// A date. A time of day behind it is let pass only at midnight: else the column holds instants.
    pub fn date(&self, text: &str) -> Parsed<NaiveDate> {
        let (day, clock) = self.local(text, "date")?;
        match clock {
            Some(clock) if clock != NaiveTime::MIN => {
                Err(ValueFault::new("date", text!("`{text}` has a time of day, a date has none.", text = short(text))))
            }
            _ => Ok(day),
        }
    }

    /// An instant; a date alone is its first moment in the time zone.
    pub fn instant(&self, text: &str) -> Parsed<DateTime<Utc>> {
        let narrowed = plain(text);
        let stated = match &self.format {
            Some(format) => DateTime::parse_from_str(&narrowed, format).ok(),
            None => offset(&narrowed),
        };
        if let Some(instant) = stated.filter(|instant| (1..=9999).contains(&instant.year())) {
            return Ok(instant.to_utc());
        }
        let (day, clock) = self.local(text, "instant")?;
        match self.zone.from_local_datetime(&day.and_time(clock.unwrap_or(NaiveTime::MIN))) {
            LocalResult::Single(instant) | LocalResult::Ambiguous(instant, _) => Ok(instant.to_utc()),
            LocalResult::None if clock.is_none() => self.first_moment(day),
            LocalResult::None => Err(ValueFault::new(
                "skipped_time",
                text!(
                    "The clocks of {zone} skipped `{text}` when they were set forward.",
                    zone = self.zone,
                    text = short(text)
                ),
            )),
        }
    }

    /// Where the clocks are set forward at midnight, the day begins later.
    fn first_moment(&self, day: NaiveDate) -> Parsed<DateTime<Utc>> {
        let hours = (0..24).filter_map(|hour| day.and_hms_opt(hour, 0, 0));
        let first = hours.filter_map(|hour| self.zone.from_local_datetime(&hour).earliest()).next();
        first
            .map(|instant| instant.to_utc())
            .ok_or_else(|| ValueFault::new("skipped_time", text!("The day was skipped.")))
    }

    fn local(&self, text: &str, code: &'static str) -> Parsed<(NaiveDate, Option<NaiveTime>)> {
        let narrowed = plain(text);
        let read = match &self.format {
            Some(format) => NaiveDateTime::parse_from_str(&narrowed, format)
                .map(|moment| (moment.date(), Some(moment.time())))
                .or_else(|_| NaiveDate::parse_from_str(&narrowed, format).map(|day| (day, None)))
                .ok(),
            None => unambiguous(&narrowed),
        };
        let read = read.filter(|(day, _)| (1..=9999).contains(&day.year()));
        read.ok_or_else(|| self.fault(&narrowed, code))
    }

    fn fault(&self, text: &str, code: &'static str) -> ValueFault {
        let numbers = text.split(['/', '-', '.', ' ']).take(3).filter(|part| part.len() <= 4);
        let numbers = numbers.filter(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())).count();
        let text = short(text);
        match &self.format {
            Some(format) => ValueFault::new(code, text!("`{text}` is not written as `{format}`.", text, format)),
            None if numbers == 3 && !text.bytes().take(4).all(|byte| byte.is_ascii_digit()) => ValueFault::new(
                "ambiguous_date",
                text!("`{text}` can be read in more than one way: state the format, such as `%d/%m/%Y`.", text),
            ),
            None => ValueFault::new(code, text!("`{text}` is not a date.", text)),
        }
    }
}

/// RFC 3339, also with a blank for the `T` or an offset without its colon.
fn offset(text: &str) -> Option<DateTime<chrono::FixedOffset>> {
    let forms = ["%Y-%m-%dT%H:%M:%S%.f%z", "%Y-%m-%d %H:%M:%S%.f%z", "%Y-%m-%d %H:%M:%S%.f %z"];
    let relaxed = || forms.iter().find_map(|form| DateTime::parse_from_str(text, form).ok());
    DateTime::parse_from_rfc3339(text).ok().or_else(relaxed)
}

fn unambiguous(text: &str) -> Option<(NaiveDate, Option<NaiveTime>)> {
    let (day, clock) = text.split_once(['T', ' ']).unwrap_or((text, ""));
    let four = day.bytes().take(4).filter(u8::is_ascii_digit).count() == 4;
    let compact = four && day.len() == 8 && day.bytes().all(|byte| byte.is_ascii_digit());
    let read = |form: &&str| NaiveDate::parse_from_str(day, form).ok().filter(|_| compact || **form != *COMPACT);
    let day = DATES.iter().find_map(read).filter(|_| four)?;
    let clock = clock.trim();
    if clock.is_empty() {
        return Some((day, None));
    }
    let clock = clock.strip_suffix('Z').unwrap_or(clock);
    CLOCKS.iter().find_map(|form| NaiveTime::parse_from_str(clock, form).ok()).map(|clock| (day, Some(clock)))
}
