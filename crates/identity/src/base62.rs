//! Bytes as digits and letters, in a fixed number of them: what can be marked by a double click and needs no quoting.
//! One text stands for one value, and one value has one text.

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE: u32 = 62;

/// The bytes as one big number of `length` digits; what does not fit is cut off at the front.
pub fn encode(bytes: &[u8], length: usize) -> String {
    let mut number = bytes.to_vec();
    let mut text = vec![b'0'; length];
    for place in text.iter_mut().rev() {
        let mut rest = 0_u32;
        for byte in &mut number {
            let value = rest << 8 | u32::from(*byte);
            rest = value % BASE;
            *byte = u8::try_from(value / BASE).unwrap_or_default(); // below 256, for `rest` is below 62
        }
        *place = usize::try_from(rest).ok().and_then(|digit| DIGITS.get(digit)).copied().unwrap_or(b'0');
    }
    text.into_iter().map(char::from).collect()
}

/// The `N` bytes of a text; `None` where it holds anything but digits and letters, or a number too large.
pub fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut number = [0_u8; N];
    for character in text.bytes() {
        let mut carry = value(character)?;
        for byte in number.iter_mut().rev() {
            let sum = u32::from(*byte) * BASE + carry;
            *byte = u8::try_from(sum & 0xff).ok()?;
            carry = sum >> 8;
        }
        if carry > 0 {
            return None;
        }
    }
    Some(number)
}

fn value(character: u8) -> Option<u32> {
    let (start, first) = match character {
        b'0'..=b'9' => (b'0', 0),
        b'A'..=b'Z' => (b'A', 10),
        b'a'..=b'z' => (b'a', 36),
        _ => return None,
    };
    Some(u32::from(character - start) + first)
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn what_is_written_is_read() {
        for bytes in [[0; 8], [255; 8], [0, 0, 0, 1, 2, 3, 4, 5], *b"GuanXi!!"] {
            let text = encode(&bytes, 11);
            assert_eq!((text.len(), decode(&text)), (11, Some(bytes)));
        }
        assert_eq!(encode(&61_u32.to_be_bytes(), 6), "00000z");
        assert_eq!(encode(&62_u32.to_be_bytes(), 6), "000010");
    }

    #[test]
    fn what_is_too_large_or_no_digit_is_refused() {
        assert_eq!(decode::<1>("48"), None); // 256
        assert_eq!(decode::<1>("47"), Some([255]));
        for bad in ["a-b", "ä", " 1", "+1", "1_"] {
            assert_eq!(decode::<8>(bad), None, "{bad}");
        }
    }
}
