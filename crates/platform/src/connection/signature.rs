//! Whether a delivery is from who it says: each kind of sender signs the bytes that it sends, with the secret that both
//! sides know.
//!
//! | kind | signed | header |
//! |---|---|---|
//! | shopify | the body | `X-Shopify-Hmac-Sha256`: HMAC-SHA256 in base64 |
//! | woocommerce | the body | `X-WC-Webhook-Signature`: the same |
//! | generic, email | `{webhook-id}.{webhook-timestamp}.{body}` | `webhook-signature`: `v1,` and the same, one or several |
use super::{EMAIL, SharedSecret};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, Duration, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How old or early a signed time may be.
const TOLERANCE: Duration = Duration::minutes(5);
const LONGEST: usize = 200;

/// What the headers of a delivery say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// what its sender calls the delivery
    pub sender_key: String,
    pub topic: String,
    pub sent_at: Option<DateTime<Utc>>,
    /// what stands before the body in what is signed
    prefix: String,
    signatures: Vec<Vec<u8>>,
}

/// What the headers say to a connection of this kind; nothing where they do not say enough.
pub fn said(kind: &str, header: &dyn Fn(&str) -> Option<String>, now: DateTime<Utc>) -> Option<Said> {
    let short = |name: &str| header(name).filter(|text| !text.is_empty() && text.len() <= LONGEST);
    let coded = |text: &str| BASE64_STANDARD.decode(text.trim()).ok();
    match kind {
        "shopify" => {
            let signature = short("x-shopify-hmac-sha256")?;
            let sent_at = short("x-shopify-triggered-at").and_then(|at| at.parse().ok());
            let signatures = vec![coded(&signature)?];
            let (sender_key, topic) = (short("x-shopify-webhook-id").unwrap_or(signature), short("x-shopify-topic")?);
            Some(Said { sender_key, topic, sent_at, prefix: String::new(), signatures })
        }
        "woocommerce" => {
            let signatures = vec![coded(&short("x-wc-webhook-signature")?)?];
            let (sender_key, topic) = (short("x-wc-webhook-delivery-id")?, short("x-wc-webhook-topic")?);
            Some(Said { sender_key, topic, sent_at: None, prefix: String::new(), signatures })
        }
        _ => {
            let (sender_key, time) = (short("webhook-id")?, short("webhook-timestamp")?);
            let sent_at = DateTime::from_timestamp(time.parse().ok()?, 0)?;
            let list = header("webhook-signature").filter(|list| list.len() <= 2000)?;
            let signatures = list.split(' ').filter_map(|one| coded(one.strip_prefix("v1,")?)).collect();
            let prefix = format!("{sender_key}.{time}.");
            let topic = if kind == EMAIL { "message" } else { "upsert" };
            let said = Said { sender_key, topic: topic.into(), sent_at: Some(sent_at), prefix, signatures };
            ((now - sent_at).abs() <= TOLERANCE).then_some(said)
        }
    }
}

impl Said {
    /// Whether one of the signatures is of this body, by one of the secrets. All are tried, each in constant time.
    pub fn is_by(&self, kind: &str, secrets: &[SharedSecret], body: &[u8]) -> bool {
        let mut good = false;
        for secret in secrets {
            let key =
                if ["generic", EMAIL].contains(&kind) { secret.key() } else { secret.reveal().as_bytes().to_vec() };
            for signature in &self.signatures {
                let mut mac =
                    Hmac::<Sha256>::new_from_slice(&key).unwrap_or_else(|_| unreachable!("HMAC takes any key"));
                mac.update(self.prefix.as_bytes());
                mac.update(body);
                good |= mac.verify_slice(signature).is_ok();
            }
        }
        good
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's reference libraries.
    #[test]
    fn the_example_of_standard_webhooks_is_verified() {
        let secret = SharedSecret::of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into());
        let header = |name: &str| {
            let value = match name {
                "webhook-id" => "msg_p5jXN8AQM9LWM0D4loKWxJek",
                "webhook-timestamp" => "1614265330",
                "webhook-signature" => "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                _ => return None,
            };
            Some(value.to_owned())
        };
        let at = |seconds: i64| DateTime::from_timestamp(1_614_265_330 + seconds, 0).unwrap();
        let said = said("generic", &header, at(0)).unwrap();
        let body = b"{\"test\": 2432232314}";
        assert!(said.is_by("generic", std::slice::from_ref(&secret), body));
        assert!(!said.is_by("generic", std::slice::from_ref(&secret), b"{\"test\": 2432232315}"));
        assert!(!said.is_by("generic", &[SharedSecret::fresh()], body) && !said.is_by("generic", &[], body));
        assert_eq!(super::said("generic", &header, at(301)), None);
        assert_eq!(super::said("generic", &header, at(-301)), None);
        assert_eq!(super::said("shopify", &header, at(0)), None);
    }
}
