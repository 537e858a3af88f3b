//! How long something took, of several: on average, at the middle, and nine times of ten.
use chrono::TimeDelta;
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

/// How long something took.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
#[schema(as = ServiceLevelSpread)]
pub struct Spread {
    /// the mean, in minutes
    #[schema(value_type = Option<String>, format = "decimal", example = "42.50")]
    pub average: Option<String>,
    /// of an even number of them the mean of the two in the middle, in minutes
    #[schema(value_type = Option<String>, format = "decimal", example = "30.00")]
    pub median: Option<String>,
    /// the shortest that nine of ten are not longer than, in minutes
    #[schema(value_type = Option<String>, format = "decimal", example = "95.00")]
    pub p90: Option<String>,
}

/// How long something took, by the wall clock and in business time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
#[schema(as = ServiceLevelSpreads)]
pub struct Spreads {
    #[schema(minimum = 0)]
    pub count: i64,
    pub wall_clock: Spread,
    /// null, where the tenant has no default calendar
    pub business: Option<Spread>,
}

impl Spread {
    /// Of times in any order.
    pub fn of(mut times: Vec<TimeDelta>) -> Self {
        times.sort_unstable();
        let count = times.len();
        let at = |place: usize| times.get(place).copied();
        let sum: TimeDelta = times.iter().sum();
        let average = i32::try_from(count).ok().filter(|count| *count > 0).map(|count| sum / count);
        let middle = [count.checked_sub(1).map(|last| last / 2), Some(count / 2)];
        let median = match middle.map(|place| place.and_then(at)) {
            [Some(one), Some(other)] => Some((one + other) / 2),
            _ => None,
        };
        // the nearest rank: of ten the ninth
        let p90 = (count * 9).div_ceil(10).checked_sub(1).and_then(at);
        Self { average: average.map(minutes), median: median.map(minutes), p90: p90.map(minutes) }
    }
}

/// To the hundredth.
fn minutes(time: TimeDelta) -> String {
    let minutes = Decimal::from(time.num_milliseconds()) / Decimal::from(60_000);
    format!("{:.2}", minutes.round_dp(2))
}

#[cfg(test)]
mod tests {
    use super::Spread;
    use chrono::TimeDelta;

    fn told(minutes: &[i64]) -> [Option<String>; 3] {
        let told = Spread::of(minutes.iter().map(|minutes| TimeDelta::minutes(*minutes)).collect());
        [told.average, told.median, told.p90]
    }

    #[test]
    fn times_are_spread() {
        let some = |texts: [&str; 3]| texts.map(|text| Some(text.to_owned()));
        assert_eq!(told(&[]), [None, None, None]);
        assert_eq!(told(&[7]), some(["7.00", "7.00", "7.00"]));
        assert_eq!(told(&[4, 1]), some(["2.50", "2.50", "4.00"]));
        assert_eq!(told(&[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]), some(["5.50", "5.50", "9.00"]));
        assert_eq!(told(&[1, 2, 100]), some(["34.33", "2.00", "100.00"]));
    }
}
