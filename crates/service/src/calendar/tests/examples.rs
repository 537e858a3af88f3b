use super::{at, calendar, every_day, holiday, working_week};
use crate::calendar::Shift;
use chrono::TimeDelta;

fn hours(count: i64) -> TimeDelta {
    TimeDelta::hours(count)
}

#[test]
fn two_business_hours_from_friday_afternoon_end_on_monday() {
    let office = calendar(working_week("Europe/Berlin", &[(9, 17)]));
    // Friday 16:00 in Berlin
    let due = office.add_business_time(at("2026-11-27T16:00:00+01:00"), hours(2));
    assert_eq!(due, Some(at("2026-11-30T10:00:00+01:00")));
}

#[test]
fn what_ends_with_a_shift_ends_there_and_not_with_the_next_opening() {
    let office = calendar(working_week("Europe/Berlin", &[(9, 17)]));
    let due = office.add_business_time(at("2026-11-27T15:00:00+01:00"), hours(2));
    assert_eq!(due, Some(at("2026-11-27T17:00:00+01:00")));
    assert!(!office.is_open(at("2026-11-27T17:00:00+01:00")));
    assert_eq!(office.next_opening(at("2026-11-27T17:00:00+01:00")), Some(at("2026-11-30T09:00:00+01:00")));
    assert_eq!(office.next_opening(at("2026-11-30T09:30:00+01:00")), Some(at("2026-11-30T09:30:00+01:00")));
}

#[test]
fn the_break_of_a_split_shift_does_not_count() {
    let office = calendar(working_week("Asia/Shanghai", &[(9, 12), (14, 18)]));
    let asked = at("2026-11-26T11:00:00+08:00");
    assert_eq!(office.add_business_time(asked, hours(2)), Some(at("2026-11-26T15:00:00+08:00")));
    assert!(!office.is_open(at("2026-11-26T13:00:00+08:00")));
    assert_eq!(office.business_time_between(asked, at("2026-11-27T09:30:00+08:00")), TimeDelta::minutes(330));
}

#[test]
fn a_holiday_is_passed_over_and_a_make_up_day_is_worked() {
    let mut terms = working_week("Asia/Shanghai", &[(9, 18)]);
    let closed = ["2026-10-01", "2026-10-02", "2026-10-05", "2026-10-06", "2026-10-07"];
    terms.holidays = closed.iter().map(|on| holiday(on, &[])).collect();
    // a Saturday
    terms.holidays.push(holiday("2026-10-10", &[(9, 18)]));
    let office = calendar(terms);
    let asked = at("2026-09-30T17:00:00+08:00");
    assert_eq!(office.add_business_time(asked, hours(2)), Some(at("2026-10-08T10:00:00+08:00")));
    assert!(office.is_open(at("2026-10-10T10:00:00+08:00")));
    assert!(!office.is_open(at("2026-10-17T10:00:00+08:00")));
}

#[test]
fn a_shift_over_the_missing_hour_is_shorter_and_over_the_doubled_hour_longer() {
    let night = calendar(every_day("America/New_York", &[Shift::new(0, 6 * 60)]));
    let day = |from, to| night.business_time_between(at(from), at(to));
    assert_eq!(day("2026-03-08T00:00:00-05:00", "2026-03-09T00:00:00-04:00"), hours(5));
    assert_eq!(day("2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00"), hours(7));
    assert_eq!(day("2026-11-02T00:00:00-05:00", "2026-11-03T00:00:00-05:00"), hours(6));
}

#[test]
fn a_start_that_the_clock_leaves_out_is_when_it_goes_on() {
    let odd = calendar(every_day("America/New_York", &[Shift::new(150, 240)]));
    assert_eq!(odd.next_opening(at("2026-03-08T00:00:00-05:00")), Some(at("2026-03-08T03:00:00-04:00")));
    let whole = odd.business_time_between(at("2026-03-08T00:00:00-05:00"), at("2026-03-09T00:00:00-04:00"));
    assert_eq!(whole, hours(1));
}

#[test]
fn of_two_like_times_a_start_is_the_earlier_and_an_end_the_later() {
    let odd = calendar(every_day("America/New_York", &[Shift::new(90, 105)]));
    let night = at("2026-11-01T00:00:00-04:00");
    assert_eq!(odd.next_opening(night), Some(at("2026-11-01T01:30:00-04:00")));
    assert_eq!(odd.business_time_between(night, night + hours(20)), TimeDelta::minutes(75));
    assert!(odd.is_open(at("2026-11-01T01:00:00-05:00")));
}

#[test]
fn shifts_that_overlap_in_a_doubled_hour_count_once() {
    let two = calendar(every_day("America/New_York", &[Shift::new(60, 90), Shift::new(90, 120)]));
    let one = calendar(every_day("America/New_York", &[Shift::new(60, 120)]));
    for office in [&two, &one] {
        let night = at("2026-11-01T00:00:00-04:00");
        assert_eq!(office.business_time_between(night, night + hours(12)), hours(2));
    }
}

#[test]
fn half_an_hour_of_summer_time_is_half_an_hour() {
    let night = calendar(every_day("Australia/Lord_Howe", &[Shift::new(0, 240)]));
    let day = |from, to| night.business_time_between(at(from), at(to));
    assert_eq!(day("2026-10-04T00:00:00+10:30", "2026-10-05T00:00:00+11:00"), TimeDelta::minutes(210));
    assert_eq!(day("2026-04-05T00:00:00+11:00", "2026-04-06T00:00:00+10:30"), TimeDelta::minutes(270));
}

#[test]
fn a_day_that_a_place_left_out_has_no_time() {
    let office = calendar(every_day("Pacific/Apia", &[Shift::new(540, 1020)]));
    // Thursday 29th, 16:00, still east of the date line; Friday was left out
    let asked = at("2011-12-29T16:00:00-10:00");
    assert_eq!(office.add_business_time(asked, hours(2)), Some(at("2011-12-31T10:00:00+14:00")));
    let all = calendar(every_day("Pacific/Apia", &[Shift::new(0, 1440)]));
    let (from, to) = (at("2011-12-29T00:00:00-10:00"), at("2012-01-01T00:00:00+14:00"));
    assert_eq!(all.business_time_between(from, to), hours(48));
}

#[test]
fn a_quarter_of_an_hour_in_the_offset_is_no_rounding() {
    let office = calendar(working_week("Asia/Kathmandu", &[(10, 17)]));
    assert_eq!(office.next_opening(at("2026-11-26T00:00:00Z")), Some(at("2026-11-26T04:15:00Z")));
}

#[test]
fn what_never_opens_has_no_end() {
    let shut = calendar(working_week("UTC", &[]));
    let now = at("2026-11-26T00:00:00Z");
    assert_eq!(shut.next_opening(now), None);
    assert_eq!(shut.add_business_time(now, TimeDelta::nanoseconds(1)), None);
    assert_eq!(shut.add_business_time(now, TimeDelta::zero()), Some(now));
    assert_eq!(shut.business_time_between(now, now + TimeDelta::days(4_000)), TimeDelta::zero());
    assert!(!shut.is_open(now));
}

#[test]
fn ten_years_are_looked_through_and_no_further() {
    let mut terms = working_week("UTC", &[]);
    terms.holidays = vec![holiday("2036-11-25", &[(0, 24)])];
    let once = calendar(terms);
    // 3,653 days before: three leap days lie between
    let edge = at("2026-11-25T00:00:00Z");
    assert_eq!(once.next_opening(edge), Some(at("2036-11-25T00:00:00Z")));
    assert_eq!(once.next_opening(edge - TimeDelta::seconds(1)), None);
    assert_eq!(once.add_business_time(edge, hours(1)), None);
    assert_eq!(once.add_business_time(edge + hours(1), hours(1)), Some(at("2036-11-25T01:00:00Z")));
}

#[test]
fn outside_of_the_years_it_knows_nothing_is_open() {
    let all = calendar(every_day("UTC", &[Shift::new(0, 1440)]));
    let far = [chrono::DateTime::<chrono::Utc>::MIN_UTC, chrono::DateTime::<chrono::Utc>::MAX_UTC];
    for at in far {
        assert!(!all.is_open(at));
        assert_eq!(all.next_opening(at), None);
        assert_eq!(all.add_business_time(at, hours(1)), None);
    }
    // 130 years, of which 32 are leap years
    assert_eq!(all.business_time_between(far[0], far[1]), TimeDelta::days(130 * 365 + 32));
}
