//! From counts to reals and back, in one place, with what is lost on the way.

/// A count as a real number; exact below 2^53, which no count of rows in memory reaches.
#[allow(clippy::as_conversions, reason = "there is no lossless way, and below 2^53 nothing is lost")]
#[inline]
pub const fn real(count: usize) -> f64 {
    count as f64
}

/// A whole number as the nearest real one.
#[allow(clippy::as_conversions, reason = "a ratio of sums is told to the fifteen digits of a real number")]
#[inline]
pub const fn nearest(whole: i128) -> f64 {
    whole as f64
}

/// An index of 32 bits as one of the machine.
#[allow(clippy::as_conversions, reason = "the machines this runs on have 32 bits or more")]
#[inline]
pub const fn wide(index: u32) -> usize {
    index as usize
}

/// The reals that are drawn have 53 bits: a whole number below 2^53 over 2^53.
#[allow(clippy::as_conversions, reason = "53 bits fit a real number exactly")]
#[inline]
pub const fn unit(bits: u64) -> f64 {
    (bits >> 11) as f64 / 9_007_199_254_740_992.0
}

/// How many of `limit` a drawn number falls on: the high half of their product.
#[allow(clippy::as_conversions, reason = "the high half of a product of 64 bits has 64, and is below `limit`")]
#[inline]
pub const fn below(bits: u64, limit: usize) -> usize {
    ((bits as u128 * limit as u128) >> 64) as usize
}
