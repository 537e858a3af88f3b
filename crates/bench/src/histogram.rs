//! Latencies in logarithmic buckets: 32 to each power of two, so a quantile is right to 3 %.
//! Recording is a shift and an addition; the memory is fixed.

use std::time::Duration;

const STEPS_BITS: u32 = 5;
const STEPS: u64 = 1 << STEPS_BITS;
const BUCKETS: usize = 64 * 32;

/// Counts of durations, in nanoseconds.
pub struct Histogram {
    counts: Vec<u64>,
    total: u64,
}

impl Histogram {
    /// An empty histogram.
    pub fn new() -> Self {
        Self { counts: vec![0; BUCKETS], total: 0 }
    }

    /// Counts one duration.
    pub fn record(&mut self, duration: Duration) {
        let nanos = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        if let Some(count) = self.counts.get_mut(bucket(nanos)) {
            *count += 1;
            self.total += 1;
        }
    }

    /// The upper edge of the bucket in which the given share (in thousandths) of all durations is reached.
    pub fn quantile(&self, thousandths: u64) -> Duration {
        let rank = (self.total * thousandths).div_ceil(1000).max(1);
        let mut seen = 0;
        for (at, count) in self.counts.iter().enumerate() {
            seen += count;
            if seen >= rank {
                return Duration::from_nanos(edge(at));
            }
        }
        Duration::ZERO
    }

    /// How many durations were counted.
    pub fn total(&self) -> u64 {
        self.total
    }
}

fn bucket(nanos: u64) -> usize {
    if nanos < STEPS {
        return usize::try_from(nanos).unwrap_or(0);
    }
    let shift = nanos.ilog2() - STEPS_BITS;
    let at = u64::from(shift + 1) * STEPS + (nanos >> shift) - STEPS;
    usize::try_from(at).unwrap_or(BUCKETS)
}

fn edge(bucket: usize) -> u64 {
    let at = u64::try_from(bucket).unwrap_or(u64::MAX);
    if at < STEPS {
        return at;
    }
    let shift = at / STEPS - 1;
    let low = u128::from(at % STEPS + STEPS + 1) << shift;
    u64::try_from(low - 1).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::as_conversions)]
    use super::*;

    #[test]
    fn every_value_lies_within_three_per_cent_of_its_edge() {
        let mut value = 1u64;
        while value < u64::MAX / 3 {
            for nanos in [value, value + value / 3, value + value / 2] {
                let upper = edge(bucket(nanos));
                assert!(upper >= nanos, "{nanos} {upper}");
                assert!((upper - nanos) as f64 <= nanos as f64 * 0.033, "{nanos} {upper}");
            }
            value = value * 2 + 1;
        }
    }

    #[test]
    fn buckets_follow_each_other() {
        for at in 0..1500 {
            assert_eq!(bucket(edge(at)), at);
            assert_eq!(bucket(edge(at) + 1), at + 1);
        }
    }

    #[test]
    fn quantiles_of_a_ramp() {
        let mut ramp = Histogram::new();
        assert_eq!(ramp.quantile(500), Duration::ZERO);
        for micros in 1..=1000 {
            ramp.record(Duration::from_micros(micros));
        }
        assert_eq!(ramp.total(), 1000);
        let near = |value: Duration, micros: f64| (value.as_secs_f64() * 1e6 / micros - 1.0).abs() < 0.035;
        assert!(near(ramp.quantile(500), 500.0));
        assert!(near(ramp.quantile(990), 990.0));
        assert!(near(ramp.quantile(1000), 1000.0));
    }

    #[test]
    fn extremes_are_counted() {
        let mut wide = Histogram::new();
        wide.record(Duration::ZERO);
        wide.record(Duration::MAX);
        assert_eq!(wide.total(), 2);
        assert_eq!(wide.quantile(1), Duration::ZERO);
        assert_eq!(wide.quantile(1000), Duration::from_nanos(u64::MAX));
    }
}
