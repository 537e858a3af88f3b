//! Numbers written by a pattern: `#` is a digit, `N` a digit from 2 to 8, `@` a letter of British postcodes, anything
//! else stands for itself. Different numbers below `space` give different texts.

/// How many texts the pattern has.
pub fn space(pattern: &str) -> u64 {
    pattern.chars().map(radix).fold(1, u64::saturating_mul)
}

/// The text of a number.
pub fn fill(pattern: &str, number: u64) -> String {
    let mut left = number;
    let mut text = String::with_capacity(pattern.len());
    for mark in pattern.chars() {
        let digit = u8::try_from(left % radix(mark)).unwrap_or_default();
        left /= radix(mark);
        text.push(match mark {
            '#' => char::from(b'0' + digit),
            'N' => char::from(b'2' + digit),
            '@' => LETTERS.get(usize::from(digit)).copied().map_or('A', char::from),
            other => other,
        });
    }
    text
}

const LETTERS: &[u8; 20] = b"ABDEFGHJLNPQRSTUWXYZ";

fn radix(mark: char) -> u64 {
    match mark {
        '#' => 10,
        'N' => 7,
        '@' => 20,
        _ => 1,
    }
}
