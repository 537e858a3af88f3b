//! Codes that nobody can guess: of 16 signs that are not taken for each other, which are 80 bits.

/// Without I, O, 0 and 1. There are 32 of them, so that five bits are one.
const SIGNS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const LENGTH: usize = 16;

/// A new one, behind a prefix that may be empty.
pub fn draw(prefix: &str) -> String {
    let bytes = platform::random::bytes::<LENGTH>();
    let sign = |byte: &u8| SIGNS.get(usize::from(byte & 31)).copied().unwrap_or(b'2');
    let drawn = bytes.iter().map(sign).map(char::from);
    prefix.chars().chain(drawn).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_of_signs_that_are_told_apart_and_each_comes_once() {
        let all: BTreeSet<String> = (0..1000).map(|_| draw("VIP-")).collect();
        assert_eq!(all.len(), 1000);
        for code in &all {
            let drawn = code.strip_prefix("VIP-").unwrap();
            assert!(drawn.len() == 16 && drawn.bytes().all(|sign| SIGNS.contains(&sign)), "{code}");
        }
        let seen: BTreeSet<u8> = all.iter().flat_map(|code| code.bytes().skip(4)).collect();
        assert_eq!(seen.len(), 32, "each sign comes up");
    }
}
