//! A share as a ratio of whole numbers, so that a threshold means what it says: a thousandth of 9,000 baskets is 9.
use crate::{Error, Result};
use std::str::FromStr;

/// A part of a whole, from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    part: u64,
    of: u64,
}

impl Share {
    /// `part` of `of`, as 1 of 1000.
    ///
    /// # Errors
    /// [`Error::Setting`] where the whole is nothing, or less than the part.
    pub const fn new(part: u64, of: u64) -> Result<Self> {
        if of == 0 || part > of {
            return Err(Error::Setting { name: "share", why: "has to lie within 0 and 1" });
        }
        Ok(Self { part, of })
    }

    /// The least count that is as much of `whole`.
    pub(super) fn least(self, whole: u32) -> u32 {
        let least = (u128::from(self.part) * u128::from(whole)).div_ceil(u128::from(self.of));
        // no more than `whole`, for the part is no more than its own
        u32::try_from(least).unwrap_or(whole)
    }

    /// Whether `count` is as much of `whole`.
    pub(super) fn reached(self, count: u32, whole: u32) -> bool {
        u128::from(count) * u128::from(self.of) >= u128::from(self.part) * u128::from(whole)
    }
}

/// From a decimal number with a point, as `0.001`: as it is written, with 18 decimals at most.
impl FromStr for Share {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let wrong = Error::Setting { name: "share", why: "has to be a decimal number within 0 and 1" };
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(decimals) || decimals.len() > 18 {
            return Err(wrong);
        }
        let of = u32::try_from(decimals.len()).ok().and_then(|places| 10_u64.checked_pow(places));
        let part = format!("{whole}{decimals}").parse().ok();
        of.zip(part).map_or(Err(wrong), |(of, part)| Self::new(part, of))
    }
}
