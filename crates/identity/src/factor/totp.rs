//! Codes by the clock (RFC 6238): six digits of an HMAC-SHA-1 over the number of 30-second steps since 1970, as every
//! authenticator reckons them.
use crate::random;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use std::fmt::Write;
use subtle::ConstantTimeEq;

/// As long as the hash, as RFC 4226 advises.
const SECRET: usize = 20;
const STEP: i64 = 30;
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A fresh secret.
pub fn fresh() -> [u8; SECRET] {
    random::bytes()
}

/// The step of which `code` is the code: this one, the one before or the next, if it is later than `last`.
pub fn step(secret: &[u8], code: &str, now: DateTime<Utc>, last: i64) -> Option<i64> {
    let this = now.timestamp() / STEP;
    let fits = |step: &i64| bool::from(at(secret, *step).as_bytes().ct_eq(code.as_bytes()));
    (this - 1..=this + 1).filter(|step| *step > last).find(fits)
}

/// The six digits of a step.
fn at(secret: &[u8], step: i64) -> String {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret) else { return String::new() };
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let offset = usize::from(hash.last().copied().unwrap_or_default() & 0xf);
    let four = hash.get(offset..offset + 4).and_then(|four| four.try_into().ok()).unwrap_or_default();
    format!("{:06}", (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000)
}

/// The secret as it is typed into an authenticator: base 32 (RFC 4648).
pub fn written(secret: &[u8]) -> String {
    let letter = |five: &[u8]| {
        let at = five.iter().fold(0_usize, |sum, bit| sum << 1 | usize::from(*bit)) << (5 - five.len());
        ALPHABET.get(at).copied().map_or('=', char::from)
    };
    let bits: Vec<u8> = secret.iter().flat_map(|byte| (0..8).rev().map(move |at| byte >> at & 1)).collect();
    bits.chunks(5).map(letter).collect()
}

/// What a picture for a camera says.
pub fn uri(secret: &[u8], issuer: &str, email: &str) -> String {
    let (issuer, email) = (escaped(issuer), escaped(email));
    let secret = written(secret);
    format!("otpauth://totp/{issuer}:{email}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period={STEP}")
}

fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |mut all, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => all.push(char::from(byte)),
            _ => {
                let _ = write!(all, "%{byte:02X}"); // a String takes everything
            }
        }
        all
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEED: &[u8] = b"12345678901234567890";

    fn moment(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap_or_default()
    }

    /// The last six digits of the table in appendix B of RFC 6238.
    #[test]
    fn codes_are_those_of_the_standard() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(at(SEED, seconds / STEP), code);
            assert_eq!(step(SEED, code, moment(seconds), 0), Some(seconds / STEP));
        }
    }

    #[test]
    fn a_code_is_good_one_step_early_or_late_and_never_again() {
        let (now, this) = (moment(1_234_567_890), 1_234_567_890 / STEP);
        for (at_step, good) in [(this - 2, false), (this - 1, true), (this, true), (this + 1, true), (this + 2, false)]
        {
            assert_eq!(step(SEED, &at(SEED, at_step), now, 0).is_some(), good, "{}", at_step - this);
        }
        assert_eq!(step(SEED, &at(SEED, this), now, this), None);
        assert_eq!(step(SEED, &at(SEED, this - 1), now, this), None);
        for wrong in ["", "00592", "0059244", "00592٤", "+05924"] {
            assert_eq!(step(SEED, wrong, now, 0), None, "{wrong}");
        }
    }

    #[test]
    fn a_secret_is_written_in_base_32() {
        assert_eq!(written(SEED), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(written(b"foob"), "MZXW6YQ");
        assert!(uri(SEED, "Guanxi", "李@b.cn").starts_with("otpauth://totp/Guanxi:%E6%9D%8E%40b.cn?secret=GEZD"));
    }
}
