use super::simulation::Watch;
use crate::calendar::tests::oracle::Oracle;
use crate::calendar::tests::{calendar, places};
use crate::promise::{Entry, Event, Hours, Metric, Standing, Target, Warning, standing};
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

const DAY: i64 = 1440;

/// Whole minutes of time and of warning, so that a watch of minutes can be exact.
fn target() -> impl Strategy<Value = Target> {
    let warning = prop_oneof![
        Just(None),
        (1_u8..20).prop_map(|part| Some(Warning::Percent(part * 5))),
        (1_u32..20).prop_map(|minutes| Some(Warning::MinutesBefore(minutes))),
    ];
    (1_u32..90, warning, any::<bool>(), any::<bool>()).prop_map(|(part, warning, wall, is_pausable)| Target {
        metric: Metric::Resolution,
        minutes: part * 20,
        hours: if wall { Hours::WallClock } else { Hours::Business },
        warning,
        is_pausable,
    })
}

/// They begin with a start; many fall on the same minutes, and on the one at which it is due where nothing stops it.
fn happenings(minutes: u32) -> impl Strategy<Value = Vec<(i64, Event)>> {
    let events = [Event::Started, Event::Paused, Event::Resumed, Event::Met, Event::Cancelled];
    let weights = [2, 5, 5, 3, 1];
    let event = prop::strategy::Union::new_weighted(weights.into_iter().zip(events.map(Just)).collect());
    let minute = prop_oneof![
        3 => 0..4 * DAY,
        3 => (0_i64..4 * 72).prop_map(|part| part * 20),
        3 => (0_i64..40).prop_map(|part| part * 20),
        2 => Just(i64::from(minutes)),
    ];
    prop::collection::vec((minute, event), 0..9).prop_map(|mut all| {
        all.push((0, Event::Started));
        all
    })
}

fn promised() -> impl Strategy<Value = (Target, Vec<(i64, Event)>)> {
    target().prop_flat_map(|target| (Just(target), happenings(target.minutes)))
}

fn entries(start: DateTime<Utc>, all: &[(i64, Event)]) -> Vec<Entry> {
    all.iter().map(|(minute, event)| Entry::new(start + TimeDelta::minutes(*minute), *event)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn it_stands_as_whoever_watched_it_says(
        (terms, moment) in places::terms(1), (target, all) in promised(), start in -3 * DAY..DAY,
        now in 0..6 * DAY,
    ) {
        let day = Oracle::new(
            &terms, moment - TimeDelta::days(4), moment + TimeDelta::days(11), TimeDelta::minutes(1),
        );
        let start = moment + TimeDelta::minutes(start);
        let (calendar, entries, now) = (calendar(terms), entries(start, &all), start + TimeDelta::minutes(now));
        let watch = Watch::until(now, &target, &entries, &day);
        let found = standing(&target, &calendar, &entries, now);
        prop_assert_eq!(found.as_ref().map(|one| one.status), watch.status());
        let Some(found) = found else { return Ok(()) };
        prop_assert_eq!(found.elapsed_ms, watch.elapsed * 60_000);
        prop_assert_eq!(found.paused_ms, watch.paused * 60_000);
        prop_assert_eq!((found.warned_at, found.breached_at), (watch.warned_at, watch.breached_at));
        let due = watch.breached_at.or_else(|| watch.reaches(target.allowed(), now, &target, &day));
        if due.is_some() {
            prop_assert_eq!(found.due_at, due);
        }
        let warning = target.until_warning();
        let warns = watch.warned_at.or_else(|| watch.reaches(warning?, now, &target, &day));
        if warns.is_some() {
            prop_assert_eq!(found.warning_at, warns);
        }
    }
}

proptest! {
    /// To the moment, and not to the minute: nothing changes before it says so, and then it does.
    #[test]
    fn it_changes_when_it_says(
        (terms, moment) in places::terms(1), (target, all) in promised(), millis in 0..400_000_000_i64,
    ) {
        let (calendar, entries) = (calendar(terms), entries(moment + TimeDelta::nanoseconds(7), &all));
        let now = entries.iter().map(|entry| entry.at).max().unwrap() + TimeDelta::milliseconds(millis);
        let at = |now| standing(&target, &calendar, &entries, now).unwrap();
        let here = at(now);
        if let Some(then) = here.changes_at() {
            prop_assert!(then > now);
            prop_assert_eq!(at(then - TimeDelta::nanoseconds(1)).status, here.status);
            prop_assert_ne!(at(then).status, here.status);
            prop_assert_eq!(at(then - TimeDelta::nanoseconds(1)).due_at, here.due_at);
        }
    }

    #[test]
    fn what_has_happened_is_not_undone_by_time(
        (terms, moment) in places::terms(1), (target, all) in promised(), some in 0..DAY, more in 0..DAY,
    ) {
        let (calendar, entries) = (calendar(terms), entries(moment, &all));
        let now = moment + TimeDelta::minutes(some);
        let later = now + TimeDelta::minutes(more);
        let at = |now| standing(&target, &calendar, &entries, now).unwrap();
        let (first, then) = (at(now), at(later));
        if first.started_at == then.started_at {
            prop_assert!(first.breached_at.is_none() || first.breached_at == then.breached_at);
            prop_assert!(first.warned_at.is_none() || first.warned_at == then.warned_at);
            prop_assert!(first.elapsed_ms <= then.elapsed_ms && first.paused_ms <= then.paused_ms);
        }
        let again: Standing = serde_json::from_value(serde_json::to_value(&then).unwrap()).unwrap();
        prop_assert_eq!(again, then);
    }
}
