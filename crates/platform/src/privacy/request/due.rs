//! By when the laws want an answer.
use chrono::{Datelike, Days, NaiveDate, Weekday};

/// GDPR gives a month, reckoned as 30 days; PIPL's rules fifteen working days, of which holidays are not known here: they
/// only make it sooner than it must be.
pub fn due(law: &str, received: NaiveDate) -> NaiveDate {
    match law {
        "pipl" => received.iter_days().skip(1).filter(is_working).nth(14).unwrap_or(received),
        _ => received.checked_add_days(Days::new(30)).unwrap_or(received),
    }
}

fn is_working(day: &NaiveDate) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

#[cfg(test)]
mod tests {
    use super::due;
    use chrono::NaiveDate;

    #[test]
    fn each_law_has_its_time() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(due("gdpr", day("2026-11-25")), day("2026-12-25"));
        // a Wednesday: three weeks of five days each
        assert_eq!(due("pipl", day("2026-11-25")), day("2026-12-16"));
        // a Saturday: the first working day is Monday
        assert_eq!(due("pipl", day("2026-11-28")), day("2026-12-18"));
    }
}
