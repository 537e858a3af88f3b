//! Tokens, signed in every way that is meant, and in some that are not.
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use serde_json::{Value, json};
use std::sync::Arc;

/// A key with its name.
#[derive(Clone)]
pub struct Signer {
    pub kid: String,
    pub algorithm: Algorithm,
    key: Arc<EncodingKey>,
    public: Value,
}

impl Signer {
    pub fn ed(kid: &str, seed: u8) -> Self {
        let pair = SigningKey::from_bytes(&[seed; 32]);
        let x = URL_SAFE_NO_PAD.encode(pair.verifying_key().as_bytes());
        let public = json!({"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "x": x});
        let key = EncodingKey::from_ed_der(pair.to_pkcs8_der().unwrap().as_bytes());
        Self { kid: kid.into(), algorithm: Algorithm::EdDSA, key: Arc::new(key), public }
    }

    pub fn rsa(kid: &str) -> Self {
        Self::of(kid, Algorithm::RS256, EncodingKey::from_rsa_pem(include_bytes!("keys/rsa.pem")).unwrap())
    }

    pub fn ec(kid: &str) -> Self {
        Self::of(kid, Algorithm::ES256, EncodingKey::from_ec_pem(include_bytes!("keys/ec.pem")).unwrap())
    }

    fn of(kid: &str, algorithm: Algorithm, key: EncodingKey) -> Self {
        let public = serde_json::to_value(Jwk::from_encoding_key(&key, algorithm).unwrap()).unwrap();
        Self { kid: kid.into(), algorithm, key: Arc::new(key), public }
    }

    /// As it is published.
    pub fn jwk(&self) -> Value {
        super::super::make::with(self.public.clone(), json!({"kid": self.kid, "use": "sig"}))
    }

    /// `header` goes over what stands there by itself.
    pub fn token(&self, header: &Value, claims: &Value) -> String {
        let own = json!({"alg": format!("{:?}", self.algorithm), "typ": "JWT", "kid": self.kid});
        let message = message(&super::super::make::with(own, header.clone()), claims);
        let signature = crypto::sign(message.as_bytes(), &self.key, self.algorithm).unwrap();
        format!("{message}.{signature}")
    }

    /// By the public key as if it were a secret, as published and as its bytes.
    pub fn confused(&self, claims: &Value) -> Vec<String> {
        let jwk = self.jwk();
        let bytes = jwk["n"].as_str().or(jwk["x"].as_str()).unwrap();
        let secrets = [jwk.to_string().into_bytes(), bytes.into(), URL_SAFE_NO_PAD.decode(bytes).unwrap()];
        let message = message(&json!({"alg": "HS256", "typ": "JWT", "kid": self.kid}), claims);
        let sign = |secret: Vec<u8>| {
            let key = EncodingKey::from_secret(&secret);
            format!("{message}.{}", crypto::sign(message.as_bytes(), &key, Algorithm::HS256).unwrap())
        };
        secrets.map(sign).into()
    }
}

/// Signed by nobody.
pub fn unsigned(claims: &Value) -> Vec<String> {
    let names = ["none", "None", "NONE", "nOnE"];
    names.iter().map(|name| format!("{}.", message(&json!({"alg": name, "typ": "JWT"}), claims))).collect()
}

fn message(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", part(header), part(claims))
}
