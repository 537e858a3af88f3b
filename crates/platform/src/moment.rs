//! What ids tell of the time: they are UUIDv7, which begin with a moment in milliseconds.
use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

/// The smallest id of a moment.
#[must_use]
pub fn first_of(at: DateTime<Utc>) -> Uuid {
    Uuid::from_u128(u128::try_from(at.timestamp_millis()).unwrap_or_default() << 80)
}

/// When something got its id; nothing where it tells no time.
#[must_use]
pub fn of(id: Uuid) -> Option<DateTime<Utc>> {
    let millis = i64::try_from(id.as_u128() >> 80).ok().filter(|_| id.get_version_num() == 7)?;
    DateTime::from_timestamp_millis(millis)
}

/// What has got its id later than `slack` before this one has no smaller one. Any may have, where it tells no time.
#[must_use]
pub fn since(id: Uuid, slack: Duration) -> Uuid {
    of(id).and_then(|at| at.checked_sub_signed(slack)).map_or(Uuid::nil(), first_of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_tell_their_time() {
        let id = Uuid::parse_str("0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6").unwrap();
        let at = of(id).unwrap();
        assert_eq!(at.timestamp_millis(), 0x0192_f0c1_7a3b);
        assert!(first_of(at) < id && since(id, Duration::zero()) == first_of(at));
        assert!(since(id, Duration::days(1)) < first_of(at - Duration::hours(23)));
        let random = Uuid::parse_str("0192f0c1-7a3b-4c4d-8e5f-a1b2c3d4e5f6").unwrap();
        assert_eq!((of(random), since(random, Duration::zero())), (None, Uuid::nil()));
    }
}
