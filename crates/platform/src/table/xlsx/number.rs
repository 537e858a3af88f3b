//! Numbers of a workbook as text. A number keeps the digits that are stored, without exponent and without the noise
//! beyond the fifteen digits that a spreadsheet shows; a number whose style is a date or a time becomes ISO text.

use chrono::{Days, NaiveDate, TimeDelta};

use super::super::values::number::plain;

/// What a number means, by the number format of its cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Number,
    Date,
    Duration,
}

impl Style {
    /// By the number of a built-in format; some of the East Asian ones are dates.
    pub fn of_number(id: &str) -> Self {
        match id.parse() {
            Ok(14..=22 | 27..=36 | 45 | 47 | 50..=58) => Self::Date,
            Ok(46) => Self::Duration,
            _ => Self::Number,
        }
    }

    /// By a format of the workbook's own, such as `yyyy"年"m"月"d"日"`.
    pub fn of_code(code: &str) -> Self {
        let mut characters = code.chars();
        while let Some(character) = characters.next() {
            match character.to_ascii_lowercase() {
                '"' => drop(characters.by_ref().find(|&closing| closing == '"')),
                '\\' | '_' | '*' => drop(characters.next()),
                '[' => {
                    let inner: String = characters.by_ref().take_while(|&closing| closing != ']').collect();
                    let unit = inner.to_ascii_lowercase();
                    if !unit.is_empty() && ["h", "m", "s"].iter().any(|letter| unit.replace(letter, "").is_empty()) {
                        return Self::Duration;
                    }
                }
                ';' => break,
                'y' | 'm' | 'd' | 'h' | 's' => return Self::Date,
                _ => {}
            }
        }
        Self::Number
    }
}

/// The stored number as text; `None` when it is no number.
pub(super) fn text(stored: &str, style: Style, since_1904: bool) -> Option<String> {
    let stored = stored.trim();
    let number: f64 = stored.parse().ok().filter(|number: &f64| number.is_finite())?;
    match style {
        Style::Date => date(number, since_1904),
        Style::Duration => duration(number),
        Style::Number => Some(digits(stored, number)),
    }
}

fn digits(stored: &str, number: f64) -> String {
    let whole = stored.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let significant = stored.bytes().filter(u8::is_ascii_digit).count();
    if whole || (significant <= 15 && !stored.contains(['e', 'E'])) {
        return plain(stored).into_owned();
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    rounded.to_string()
}

fn date(number: f64, since_1904: bool) -> Option<String> {
    let milliseconds = milliseconds(number)?;
    let (days, time) = (milliseconds.div_euclid(86_400_000), milliseconds.rem_euclid(86_400_000));
    let moment = NaiveDate::from_ymd_opt(1899, 12, 30)?.and_hms_opt(0, 0, 0)? + TimeDelta::milliseconds(time);
    let clock = moment.format(if time % 1000 == 0 { "%H:%M:%S" } else { "%H:%M:%S%.3f" });
    if days == 0 && time > 0 && !since_1904 {
        return Some(clock.to_string());
    }
    // the epoch counts a 29 February 1900 that never was
    let shift = if since_1904 { 1462 } else { i64::from(days < 60) };
    let day = moment.date().checked_add_days(Days::new(u64::try_from(days + shift).ok()?))?;
    if day > NaiveDate::from_ymd_opt(9999, 12, 31)? {
        return None;
    }
    Some(if time == 0 { day.to_string() } else { format!("{day}T{clock}") })
}

fn duration(number: f64) -> Option<String> {
    let milliseconds = milliseconds(number)?;
    let seconds = (milliseconds.abs() + 500) / 1000;
    let sign = if milliseconds < 0 { "-" } else { "" };
    Some(format!("{sign}{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60))
}

/// Days as whole milliseconds, within the range of dates.
fn milliseconds(days: f64) -> Option<i64> {
    if days.abs() > 3_000_000.0 {
        return None;
    }
    format!("{:.0}", days * 86_400_000.0).parse().ok()
}
