//! The keys of a provider (RFC 7517): those that sign tokens in a way that is taken here, and no others.
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// Fewer bits are no signature.
const RSA_BYTES: usize = 256;
const MOST: usize = 100;

/// A public key.
#[derive(Clone)]
pub struct Key {
    kid: Option<String>,
    pub algorithm: Algorithm,
    pub verify: DecodingKey,
}

#[derive(Clone)]
pub struct Keys(Vec<Key>);

/// As it is published. A symmetric key is none: whoever knows it could sign.
#[derive(Deserialize)]
struct Published {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    crv: Option<String>,
    #[serde(default)]
    n: String,
    #[serde(default)]
    e: String,
    #[serde(default)]
    x: String,
    #[serde(default)]
    y: String,
}

impl Keys {
    /// By its name; a token that names none is of the only key there is of its algorithm.
    pub fn find(&self, kid: Option<&str>, algorithm: Algorithm) -> Option<Key> {
        let mut fitting = self.0.iter().filter(|key| key.algorithm == algorithm);
        match kid {
            Some(kid) => fitting.find(|key| key.kid.as_deref() == Some(kid)).cloned(),
            None => fitting.next().filter(|_| fitting.next().is_none()).cloned(),
        }
    }
}

impl<'de> Deserialize<'de> for Keys {
    /// A key that cannot be read spoils none of the others.
    fn deserialize<D: Deserializer<'de>>(de: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Set {
            keys: Vec<Value>,
        }
        let published = Set::deserialize(de)?.keys.into_iter().take(MOST);
        Ok(Self(published.filter_map(|key| serde_json::from_value::<Published>(key).ok()?.key()).collect()))
    }
}

impl Published {
    fn key(self) -> Option<Key> {
        let (algorithm, verify) = match (self.kty.as_str(), self.crv.as_deref()) {
            ("RSA", _) if URL_SAFE_NO_PAD.decode(&self.n).is_ok_and(|n| n.len() >= RSA_BYTES) => {
                (Algorithm::RS256, DecodingKey::from_rsa_components(&self.n, &self.e))
            }
            ("EC", Some("P-256")) => (Algorithm::ES256, DecodingKey::from_ec_components(&self.x, &self.y)),
            ("OKP", Some("Ed25519")) => (Algorithm::EdDSA, DecodingKey::from_ed_components(&self.x)),
            _ => return None,
        };
        let signs = self.usage.is_none_or(|usage| usage == "sig");
        let is_its = self.alg.is_none_or(|alg| super::claims::named(&alg) == Some(algorithm));
        let verify = verify.ok().filter(|_| signs && is_its)?;
        Some(Key { kid: self.kid, algorithm, verify })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn keys(all: Value) -> usize {
        serde_json::from_value::<Keys>(json!({"keys": all})).map_or(0, |keys| keys.0.len())
    }

    #[test]
    fn only_keys_that_sign_as_is_taken_here_are_keys() {
        let x = URL_SAFE_NO_PAD.encode([7; 32]);
        let (short, long) = (URL_SAFE_NO_PAD.encode([200; 128]), URL_SAFE_NO_PAD.encode([200; 256]));
        assert_eq!(keys(json!([{"kty": "OKP", "crv": "Ed25519", "x": x}])), 1);
        assert_eq!(
            keys(
                json!([{"kty": "RSA", "n": long, "e": "AQAB"}, {"kty": "RSA", "alg": "RS256", "use": "sig", "n": long, "e": "AQAB"}])
            ),
            2
        );
        for none in [
            json!({"kty": "oct", "k": x}),
            json!({"kty": "RSA", "n": short, "e": "AQAB"}),
            json!({"kty": "RSA", "use": "enc", "n": long, "e": "AQAB"}),
            json!({"kty": "RSA", "alg": "PS256", "n": long, "e": "AQAB"}),
            json!({"kty": "RSA", "alg": "HS256", "n": long, "e": "AQAB"}),
            json!({"kty": "EC", "crv": "P-384", "x": x, "y": x}),
            json!({"kty": "OKP", "crv": "X25519", "x": x}),
            json!({"crv": "Ed25519", "x": x}),
            json!("x"),
        ] {
            assert_eq!(keys(json!([none, {"kty": "OKP", "crv": "Ed25519", "x": x}])), 1, "{none}");
        }
    }
}
