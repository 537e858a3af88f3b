//! Drawn numbers that are the same everywhere: xoshiro256++ seeded by splitmix64, and a keyed shuffle of a range.
//! Each record has a stream of its own, named by what it is and its index, so records are independent of each other.

use chrono::{DateTime, Utc};
use uuid::{Builder, Uuid};

/// What a stream of numbers is drawn for.
#[derive(Clone, Copy)]
pub enum Stream {
    Account = 1,
    Contact = 2,
    Product = 3,
    Order = 4,
    Phone = 5,
    Crowd = 6,
    Name = 7,
    Mail = 8,
    Number = 9,
}

impl Stream {
    fn key(self, seed: u64) -> u64 {
        #[allow(clippy::as_conversions, reason = "the discriminant of a fieldless enum")]
        let tag = self as u64;
        mix(seed ^ mix(tag.wrapping_mul(GOLDEN)))
    }
}

pub struct Rng([u64; 4]);

impl Rng {
    pub fn new(seed: u64, stream: Stream, index: u32) -> Self {
        let start = stream.key(seed) ^ mix(u64::from(index).wrapping_add(GOLDEN));
        Self([1, 2, 3, 4].map(|step: u64| mix(start.wrapping_add(step.wrapping_mul(GOLDEN)))))
    }

    pub fn next(&mut self) -> u64 {
        let [a, b, c, d] = &mut self.0;
        let drawn = a.wrapping_add(*d).rotate_left(23).wrapping_add(*a);
        let shifted = *b << 17;
        *c ^= *a;
        *d ^= *b;
        *b ^= *c;
        *a ^= *d;
        *c ^= shifted;
        *d = d.rotate_left(45);
        drawn
    }

    /// A number below `limit`; 0 where the limit is 0.
    pub fn below(&mut self, limit: u32) -> u32 {
        let scaled = (self.next() >> 32).wrapping_mul(u64::from(limit)) >> 32;
        u32::try_from(scaled).unwrap_or_default()
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high.saturating_sub(low).saturating_add(1))
    }

    pub fn percent(&mut self, chance: u32) -> bool {
        self.below(100) < chance
    }

    /// One of the items, each as likely; the empty value from an empty list.
    pub fn pick<T: Copy + Default>(&mut self, items: &[T]) -> T {
        let length = u32::try_from(items.len()).unwrap_or(u32::MAX);
        let at = usize::try_from(self.below(length)).unwrap_or_default();
        items.get(at).copied().unwrap_or_default()
    }

    /// One of the items, as likely as its weight.
    pub fn weigh<T: Copy + Default>(&mut self, items: &[(u32, T)]) -> T {
        let mut left = self.below(items.iter().map(|(weight, _)| weight).sum());
        for (weight, item) in items {
            if left < *weight {
                return *item;
            }
            left -= weight;
        }
        T::default()
    }

    /// An id of the UUIDv7 shape for something made at `at`.
    pub fn id(&mut self, at: DateTime<Utc>) -> Uuid {
        let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
        let [_, _, _, _, _, _, head @ ..] = self.next().to_be_bytes();
        let tail = self.next().to_be_bytes();
        let mut drawn = [0u8; 10];
        for (slot, byte) in drawn.iter_mut().zip(head.into_iter().chain(tail)) {
            *slot = byte;
        }
        Builder::from_unix_timestamp_millis(millis, &drawn).into_uuid()
    }
}

/// The id of a part of a record, numbered within it: as old as the record, and the same whenever it is asked for.
pub fn part(whole: Uuid, number: u32) -> Uuid {
    let (head, tail) = whole.as_u64_pair();
    let drawn = mix(tail ^ mix(u64::from(number).wrapping_add(GOLDEN)));
    let [_, _, _, _, _, _, middle @ ..] = mix(drawn).to_be_bytes();
    let mut bytes = [0u8; 10];
    for (slot, byte) in bytes.iter_mut().zip(middle.into_iter().chain(drawn.to_be_bytes())) {
        *slot = byte;
    }
    Builder::from_unix_timestamp_millis(head >> 16, &bytes).into_uuid()
}

/// When the record with this id was made, to the millisecond.
pub fn made_at(id: Uuid) -> DateTime<Utc> {
    let (head, _) = id.as_u64_pair();
    i64::try_from(head >> 16).ok().and_then(DateTime::from_timestamp_millis).unwrap_or_default()
}

/// The place of `index` in a shuffle of `0..space` that depends on the seed: no two indexes below `space` share one.
pub fn shuffle(seed: u64, stream: Stream, index: u64, space: u64) -> u64 {
    if space < 2 {
        return 0;
    }
    let half = (64 - (space - 1).leading_zeros()).div_ceil(2);
    let mask = (1u64 << half) - 1;
    let key = stream.key(seed);
    let mut at = index % space;
    loop {
        let (mut left, mut right) = (at >> half, at & mask);
        for round in 1..=4u64 {
            (left, right) = (right, left ^ (mix(right ^ key.wrapping_add(round.wrapping_mul(GOLDEN))) & mask));
        }
        at = left << half | right;
        // walking the cycle until it is back inside keeps the shuffle one-to-one on a range that is no power of two
        if at < space {
            return at;
        }
    }
}

/// A seed for one of several worlds that share a number.
pub fn reseed(seed: u64, world: u64) -> u64 {
    mix(seed ^ mix(world.wrapping_add(GOLDEN)))
}

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}
