use super::oracle::Oracle;
use super::{calendar, places};
use crate::calendar::HORIZON;
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

const DAY: i64 = 86_400_000;

fn later(from: DateTime<Utc>, millis: i64) -> DateTime<Utc> {
    from + TimeDelta::milliseconds(millis)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn it_says_what_a_clock_on_the_wall_says(
        (terms, moment) in places::terms(1),
        from in -5 * DAY..5 * DAY, span in -DAY..6 * DAY, some in 0..40 * 3_600_000_i64,
    ) {
        let oracle = Oracle::new(&terms, later(moment, -8 * DAY), later(moment, 12 * DAY), TimeDelta::minutes(1));
        let calendar = calendar(terms);
        let from = later(moment, from);
        let to = later(from, span);
        prop_assert_eq!(calendar.business_time_between(from, to), oracle.between(from, to));
        prop_assert_eq!(calendar.is_open(from), oracle.is_open(from));
        let some = TimeDelta::milliseconds(some);
        if let Some(there) = oracle.add(from, some) {
            prop_assert_eq!(calendar.add_business_time(from, some), Some(there));
        }
        if let Some(opening) = oracle.next_opening(from) {
            prop_assert_eq!(calendar.next_opening(from), Some(opening));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Over two turns of the year: what is summed up beforehand is what passes.
    #[test]
    fn years_are_the_sum_of_their_moments(
        (terms, moment) in places::terms(15), from in -5 * DAY..5 * DAY, span in 300 * DAY..500 * DAY,
    ) {
        let window = later(moment, -8 * DAY)..later(moment, 510 * DAY);
        let oracle = Oracle::new(&terms, window.start, window.end, TimeDelta::minutes(15));
        let calendar = calendar(terms);
        let from = later(moment, from);
        let to = later(from, span);
        let open = calendar.business_time_between(from, to);
        prop_assert_eq!(open, oracle.between(from, to));
        prop_assert_eq!(calendar.add_business_time(from, open), oracle.add(from, open));
    }
}

proptest! {
    #[test]
    fn what_is_added_is_what_lies_between(
        (terms, moment) in places::terms(1), from in -400 * DAY..400 * DAY, some in 1..2_000 * 3_600_000_i64,
    ) {
        let (calendar, from, some) = (calendar(terms), later(moment, from), TimeDelta::milliseconds(some));
        match calendar.add_business_time(from, some) {
            Some(there) => {
                prop_assert_eq!(calendar.business_time_between(from, there), some);
                // no moment earlier would do
                let sooner = there - TimeDelta::nanoseconds(1);
                prop_assert!(calendar.business_time_between(from, sooner) < some);
            }
            None => prop_assert!(calendar.business_time_between(from, from + HORIZON) < some),
        }
    }

    #[test]
    fn parts_of_a_span_are_the_whole(
        (terms, moment) in places::terms(1), mut cuts in prop::collection::vec(-900 * DAY..900 * DAY, 3),
    ) {
        cuts.sort_unstable();
        let calendar = calendar(terms);
        let cuts: Vec<DateTime<Utc>> = cuts.into_iter().map(|cut| later(moment, cut)).collect();
        let open = |from: usize, to: usize| calendar.business_time_between(cuts[from], cuts[to]);
        prop_assert_eq!(open(0, 1) + open(1, 2), open(0, 2));
        prop_assert!(open(0, 2) <= cuts[2] - cuts[0]);
        prop_assert_eq!(calendar.business_time_between(cuts[2], cuts[0]), TimeDelta::zero());
    }

    #[test]
    fn an_opening_is_open_and_nothing_before_it(
        (terms, moment) in places::terms(1), from in -400 * DAY..400 * DAY,
    ) {
        let (calendar, from) = (calendar(terms), later(moment, from));
        match calendar.next_opening(from) {
            Some(opening) => {
                prop_assert!(calendar.is_open(opening));
                prop_assert_eq!(calendar.business_time_between(from, opening), TimeDelta::zero());
                prop_assert_eq!(opening == from, calendar.is_open(from));
            }
            None => prop_assert_eq!(calendar.business_time_between(from, from + HORIZON), TimeDelta::zero()),
        }
    }

    #[test]
    fn a_calendar_comes_back_from_json((terms, moment) in places::terms(1), some in 0..DAY) {
        let one = calendar(terms);
        let other: crate::calendar::Calendar = serde_json::from_value(serde_json::to_value(&one).unwrap()).unwrap();
        prop_assert_eq!(&one, &other);
        let some = TimeDelta::milliseconds(some);
        prop_assert_eq!(one.add_business_time(moment, some), other.add_business_time(moment, some));
    }
}
