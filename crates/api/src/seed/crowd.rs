//! Who belongs to which account, by arithmetic: a hundred contacts and twenty accounts make a block, in which the big
//! accounts have eighteen people, the small one or none, and six people have no account. The end of the world, smaller
//! than a block, is shared out evenly.

use std::ops::Range;

use super::random::{Rng, Stream};

const BLOCK: u32 = 100;
const FIRMS: u32 = 20;
const SIZES: [u32; 20] = [18, 14, 10, 8, 7, 6, 5, 4, 4, 3, 3, 2, 2, 2, 2, 1, 1, 1, 1, 0];

/// How many accounts so many contacts have.
pub fn accounts(contacts: u32) -> u32 {
    (contacts / BLOCK) * FIRMS + (contacts % BLOCK).div_ceil(5)
}

/// The contacts of an account.
pub fn members(seed: u64, contacts: u32, account: u32) -> Range<u32> {
    let (block, slot) = (account / FIRMS, account % FIRMS);
    let start = block * BLOCK;
    let rest = contacts.saturating_sub(start);
    if rest < BLOCK {
        let firms = rest.div_ceil(5).max(1);
        return start + rest * slot / firms..start + rest * (slot + 1) / firms;
    }
    let turn = Rng::new(seed, Stream::Crowd, block).below(FIRMS);
    let size =
        |slot: u32| usize::try_from((slot * 7 + turn) % FIRMS).ok().and_then(|at| SIZES.get(at)).copied().unwrap_or(0);
    let first = start + (0..slot).map(size).sum::<u32>();
    first..first + size(slot)
}

/// The contacts without an account that follow those of this account: none but after the last of a block.
pub fn loners(contacts: u32, account: u32) -> Range<u32> {
    let end = (account / FIRMS).saturating_add(1).saturating_mul(BLOCK);
    let last = account % FIRMS == FIRMS - 1 && end <= contacts;
    let attached: u32 = SIZES.iter().sum();
    if last { end - (BLOCK - attached)..end } else { end..end }
}
