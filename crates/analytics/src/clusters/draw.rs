//! Drawn numbers that stay the same for good: SplitMix64 (Steele, Lea & Flood, "Fast splittable pseudorandom number
//! generators", 2014). Enough for drawing places to begin at, and good for no secret.
use crate::number;

/// 2^64 over the golden ratio, the step of the generator.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// A stream of numbers.
pub(super) struct Draw(u64);

impl Draw {
    /// The stream of this number of a seed.
    pub fn new(seed: u64, stream: u32) -> Self {
        Self(mix(seed.wrapping_add(GOLDEN)) ^ mix(u64::from(stream)))
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mix(self.0)
    }

    /// A number from 0 up to and without 1.
    pub fn unit(&mut self) -> f64 {
        number::unit(self.next())
    }

    /// A number below `limit`; 0 where that is 0.
    pub fn below(&mut self, limit: usize) -> usize {
        number::below(self.next(), limit)
    }

    /// So many different numbers below `all`, ascending; all of them where they are no more.
    pub fn some(&mut self, count: usize, all: usize) -> Vec<usize> {
        let mut numbers: Vec<usize> = (0..all).collect();
        for at in 0..count.min(all) {
            numbers.swap(at, at + self.below(all - at));
        }
        numbers.truncate(count);
        numbers.sort_unstable();
        numbers
    }
}

fn mix(state: u64) -> u64 {
    let state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    state ^ (state >> 31)
}

#[cfg(test)]
#[test]
fn the_numbers_are_those_of_the_reference() {
    // the first three of the reference implementation for a state of 1234567 (Vigna's splitmix64.c, as Rosetta Code
    // has them)
    let mut draw = Draw(1_234_567);
    let drawn = [draw.next(), draw.next(), draw.next()];
    assert_eq!(drawn, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
}
