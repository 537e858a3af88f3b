//! Parts a sum by the method of the largest remainder (Hamilton's): each gets its exact part rounded down to whole units,
//! and what is left goes, a unit each, to those whose remainders are largest.

/// One that gets a part.
#[derive(Clone, Debug)]
pub struct Share<'a> {
    /// how much of the sum is its, beside the weights of the others; nothing or more
    pub weight: i128,
    /// the most that it can take; nothing where it has no weight
    pub most: i128,
    /// decides between like remainders, so that the order of shares does not
    pub key: &'a str,
}

/// The parts of `sum`, in units of which none is split, as the shares stand: together they are the sum, and none is more
/// than its most. `None` where the shares cannot take the sum, or numbers grow too large.
pub fn parted(sum: i128, shares: &[Share]) -> Option<Vec<i128>> {
    let weights = shares.iter().try_fold(0_i128, |all, share| all.checked_add(share.weight))?;
    let room = |share: &Share| if share.weight > 0 { share.most } else { 0 };
    let all_room = shares.iter().try_fold(0_i128, |all, share| all.checked_add(room(share)))?;
    if sum < 0 || sum > all_room {
        return None;
    }
    if sum == 0 {
        return Some(vec![0; shares.len()]);
    }
    let mut parts = Vec::with_capacity(shares.len());
    let mut ranked = Vec::with_capacity(shares.len());
    for (at, share) in shares.iter().enumerate() {
        let exact = sum.checked_mul(share.weight)?;
        parts.push((exact / weights).min(room(share)));
        ranked.push((std::cmp::Reverse(exact % weights), std::cmp::Reverse(share.weight), share.key, at));
    }
    ranked.sort_unstable();
    let mut left = sum - parts.iter().sum::<i128>();
    // once through, but where some had no room for all that was theirs
    while left > 0 {
        for (.., at) in &ranked {
            let Some((part, share)) = parts.get_mut(*at).zip(shares.get(*at)) else { continue };
            if left > 0 && *part < room(share) {
                *part += 1;
                left -= 1;
            }
        }
    }
    Some(parts)
}
