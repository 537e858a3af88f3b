//! What an answer of a receiver means, and what is kept of it.
use super::super::delivery::WebhookAttempt;
use crate::outbound::{Failure, Reply};
use chrono::{DateTime, Utc};
use std::time::Duration;

/// The longest that a receiver may have itself waited for.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);
/// What is kept of an answer, in letters.
const BEGINNING: usize = 200;
/// Letters that could be a part of what signed the request.
const TELLING: usize = 12;

/// What becomes of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Taken,
    /// nobody is there any more: nothing is sent to the endpoint
    Gone,
    /// tried again, not before a while has passed that the receiver has named
    Failed {
        not_before: Option<Duration>,
    },
    /// the endpoint's user does not see the event any more
    Unseen,
}

/// Of what came back, or did not. `secrets` are texts that must not be kept.
pub fn judge(
    came: &Result<Reply, Failure>,
    at: DateTime<Utc>,
    duration: Duration,
    secrets: &[String],
) -> (Outcome, WebhookAttempt) {
    let duration_ms = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
    let attempt = WebhookAttempt { at, duration_ms, status: None, error: None, answer: None };
    match came {
        Ok(reply) => {
            let outcome = match reply.status {
                200..=299 => Outcome::Taken,
                410 => Outcome::Gone,
                429 | 503 => {
                    Outcome::Failed { not_before: reply.retry_after.as_deref().and_then(|text| wait(text, at)) }
                }
                _ => Outcome::Failed { not_before: None },
            };
            let error = (outcome != Outcome::Taken).then(|| "status".to_owned());
            (
                outcome,
                WebhookAttempt {
                    status: Some(reply.status),
                    error,
                    answer: beginning(&reply.body, secrets),
                    ..attempt
                },
            )
        }
        Err(failure) => {
            let error = match failure {
                Failure::Slow => "timed_out",
                Failure::Unreachable(_) => "unreachable",
                Failure::Refused(_) => "refused",
                Failure::TooLarge | Failure::Broken(_) => "broken",
            };
            (Outcome::Failed { not_before: None }, WebhookAttempt { error: Some(error.to_owned()), ..attempt })
        }
    }
}

/// `Retry-After`: seconds, or a date.
fn wait(text: &str, now: DateTime<Utc>) -> Option<Duration> {
    let until = || DateTime::parse_from_rfc2822(text.trim()).ok();
    let wait = match text.trim().parse::<u32>() {
        Ok(seconds) => Duration::from_secs(seconds.into()),
        Err(_) => until()?.with_timezone(&Utc).signed_duration_since(now).to_std().ok()?,
    };
    Some(wait.min(LONGEST_WAIT))
}

/// How it begins, if it is text; nothing of an answer that tells what signed the request.
fn beginning(body: &[u8], secrets: &[String]) -> Option<String> {
    let text = String::from_utf8_lossy(body.get(..4 * BEGINNING).unwrap_or(body)).into_owned();
    let plain: String = text.chars().filter(|one| !one.is_control() && *one != '\u{fffd}').take(BEGINNING).collect();
    let tells = |secret: &String| {
        let letters: Vec<char> = secret.chars().collect();
        letters.windows(TELLING).any(|part| plain.contains(&part.iter().collect::<String>()))
    };
    match (plain.is_empty(), secrets.iter().any(tells)) {
        (true, _) => None,
        (false, true) => Some("***".to_owned()),
        (false, false) => Some(plain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(status: u16, retry_after: Option<&str>) -> Outcome {
        let reply = Reply { status, body: b"ok".to_vec(), retry_after: retry_after.map(str::to_owned) };
        judge(&Ok(reply), DateTime::UNIX_EPOCH, Duration::ZERO, &[]).0
    }

    #[test]
    fn an_answer_means_what_the_specification_says() {
        let after = |seconds| Outcome::Failed { not_before: Some(Duration::from_secs(seconds)) };
        let failed = Outcome::Failed { not_before: None };
        for (status, wait, outcome) in [
            (200, None, Outcome::Taken),
            (204, None, Outcome::Taken),
            (301, None, failed),
            (307, None, failed),
            (400, Some("7"), failed),
            (410, None, Outcome::Gone),
            (429, Some("7"), after(7)),
            (503, Some("Thu, 01 Jan 1970 00:00:30 GMT"), after(30)),
            (503, Some("999999999"), after(3600)),
            (503, Some("soon"), failed),
        ] {
            assert_eq!(judged(status, wait), outcome, "{status} {wait:?}");
        }
    }

    #[test]
    fn no_secret_is_kept_of_an_answer() {
        let secrets = ["bm90IGEgc2VjcmV0IGJ1dCBsb25n".to_owned()];
        assert_eq!(beginning(b"thank\0 you\n", &secrets).as_deref(), Some("thank you"));
        assert_eq!(beginning(b"you said bm90IGEgc2VjcmV0", &secrets).as_deref(), Some("***"));
        assert_eq!(beginning(b"", &secrets), None);
        assert_eq!(beginning("界".repeat(9000).as_bytes(), &secrets).map(|text| text.chars().count()), Some(BEGINNING));
    }
}
