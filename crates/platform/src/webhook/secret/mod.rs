//! The secrets of an endpoint, by which the receiver knows who sends: sealed in the vault, told once. While one takes the
//! place of another both sign.
mod store;

pub use store::{current, retire};

use crate::vault::{Place, Plain};
use crate::{Conn, Vault, random};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use kernel::{Ctx, Result, WebhookEndpointId};
use sha2::Sha256;

/// Where they stand.
pub const PLACE: Place = Place::new("webhook_secrets", "sealed", "id");

const PREFIX: &str = "whsec_";

/// A new secret for an endpoint, as the specification writes it.
pub fn add(conn: &mut Conn, ctx: &Ctx, vault: &Vault, endpoint: WebhookEndpointId) -> Result<String> {
    let key = random::bytes::<32>();
    store::insert(conn, ctx, vault, endpoint, &key)?;
    Ok(format!("{PREFIX}{}", STANDARD.encode(key)))
}

/// `webhook-signature`: one signature a secret.
pub fn signatures(keys: &[Plain], id: &str, timestamp: i64, body: &[u8]) -> String {
    let all: Vec<String> = keys.iter().map(|key| signature(key.expose(), id, timestamp, body)).collect();
    all.join(" ")
}

fn signature(key: &[u8], id: &str, timestamp: i64, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes any key"));
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification.
    #[test]
    fn a_signature_is_that_of_the_specification() {
        let key = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signed = signature(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
