//! How the worth of an order is weighed among the touchpoints before it, the oldest first. Weights are whole numbers, so
//! that whoever reckons it again comes to the same.
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How an order is parted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Model {
    /// all of it is the first one's
    First,
    /// all of it is the last one's
    Last,
    /// all have the same
    #[default]
    Linear,
    /// 40 % the first, 40 % the last, and the others the rest; of two, each the half
    Position,
    /// half as much for every seven days before the order, by whole days
    Decay,
}

/// `2^(-days / 7)`, in units of 10^-18, of 0 to 6 days.
const FADED: [i128; 7] = [
    1_000_000_000_000_000_000,
    905_723_664_263_906_672,
    820_335_356_007_637_931,
    742_997_144_568_474_212,
    672_950_096_316_178_066,
    609_506_827_102_237_720,
    552_044_756_836_906_169,
];

impl Model {
    /// The weights of touchpoints that happened so many whole days before, the oldest first.
    pub(super) fn weights(self, ages: &[i64]) -> Vec<i128> {
        let last = ages.len().saturating_sub(1);
        let inner = i128::try_from(ages.len().saturating_sub(2)).unwrap_or_default();
        let weight = |(at, age): (usize, &i64)| match self {
            Self::First => i128::from(at == 0),
            Self::Last => i128::from(at == last),
            Self::Linear => 1,
            Self::Position if inner == 0 => 1,
            Self::Position if at == 0 || at == last => 2 * inner,
            Self::Position => 1,
            Self::Decay => faded(*age),
        };
        ages.iter().enumerate().map(weight).collect()
    }
}

/// Never nothing within the longest look back, which is 365 days.
fn faded(days: i64) -> i128 {
    let days = usize::try_from(days).unwrap_or_default();
    let halved = u32::try_from(days / 7).unwrap_or(u32::MAX);
    FADED.get(days % 7).and_then(|weight| weight.checked_shr(halved)).unwrap_or_default().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_model_weighs_as_it_says() {
        let ages = [21, 14, 7, 0];
        assert_eq!(Model::First.weights(&ages), [1, 0, 0, 0]);
        assert_eq!(Model::Last.weights(&ages), [0, 0, 0, 1]);
        assert_eq!(Model::Linear.weights(&ages), [1, 1, 1, 1]);
        assert_eq!(Model::Position.weights(&ages), [4, 1, 1, 4]);
        let faded = Model::Decay.weights(&ages);
        assert_eq!(faded, [125, 250, 500, 1000].map(|one| one * 1_000_000_000_000_000));
        for few in [&ages[..1], &ages[..2]] {
            assert!(Model::Position.weights(few).iter().all(|one| *one == 1));
        }
        assert_eq!(Model::Decay.weights(&[364]), [FADED[0] >> 52]);
    }
}
