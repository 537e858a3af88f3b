//! Codes by the clock (RFC 6238): six digits of an HMAC-SHA-1 over the number of 30-second steps since 1970, as every
//! authenticator reckons them.
use crate::random;
use chrono::{DateTime, Utc};
use kernel::{Error, Result};
use totp_rs::{Builder, Secret, Totp};

/// As long as the hash, as RFC 4226 advises.
const SECRET: usize = 20;

/// A fresh secret.
pub fn fresh() -> [u8; SECRET] {
    random::bytes()
}

/// The step of which `code` is the code: this one, the one before or the next, if it is later than `last`.
pub fn step(secret: &[u8], code: &str, now: DateTime<Utc>, last: i64) -> Option<i64> {
    let now = u64::try_from(now.timestamp()).ok()?;
    let step = reckoner(secret).build_noncompliant().check(code, now)?;
    i64::try_from(step).ok().filter(|step| *step > last)
}

/// The secret as it is typed into an authenticator: base 32 (RFC 4648).
pub fn written(secret: &[u8]) -> String {
    Secret::from(secret).to_base32()
}

/// What a picture for a camera says.
pub fn uri(secret: &[u8], issuer: &str, email: &str) -> Result<String> {
    let totp: Totp = reckoner(secret).with_issuer(Some(issuer)).with_account_name(email).build_noncompliant();
    totp.to_url().map_err(Error::internal)
}

fn reckoner(secret: &[u8]) -> Builder {
    Builder::new().with_secret(secret).with_digits(6).with_step_duration(30).with_skew(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEED: &[u8] = b"12345678901234567890";

    /// The code of a step.
    fn at(step: i64) -> String {
        let seconds = u64::try_from(step * 30).unwrap_or_default();
        reckoner(SEED).build_noncompliant().generate(seconds).to_string()
    }

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
            assert_eq!(step(SEED, code, moment(seconds), 0), Some(seconds / 30));
        }
    }

    #[test]
    fn a_code_is_good_one_step_early_or_late_and_never_again() {
        let (now, this) = (moment(1_234_567_890), 1_234_567_890 / 30);
        for (at_step, good) in [(this - 2, false), (this - 1, true), (this, true), (this + 1, true), (this + 2, false)]
        {
            assert_eq!(step(SEED, &at(at_step), now, 0).is_some(), good, "{}", at_step - this);
        }
        assert_eq!(step(SEED, &at(this), now, this), None);
        assert_eq!(step(SEED, &at(this - 1), now, this), None);
        for wrong in ["", "00592", "0059244", "00592٤", "+05924"] {
            assert_eq!(step(SEED, wrong, now, 0), None, "{wrong}");
        }
    }

    #[test]
    fn a_secret_is_written_in_base_32() {
        assert_eq!(written(SEED), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(written(b"foob"), "MZXW6YQ");
        let uri = uri(SEED, "Guanxi", "李@b.cn").unwrap_or_default();
        assert!(uri.starts_with("otpauth://totp/Guanxi:%E6%9D%8E%40b.cn?secret=GEZD"), "{uri}");
    }
}
