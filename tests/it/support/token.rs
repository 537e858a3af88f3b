//! Access tokens as the server signs them, for tests that forge some, and for runs that last longer than one is good.
use super::{Database, MASTER_KEY, Value, json, master_keys};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use ed25519_dalek::{Signer, SigningKey};
use platform::secrets::Purpose;
use std::time::{SystemTime, UNIX_EPOCH};

/// What stands in a part of a token: 0 is its head, 1 its claims.
pub fn part(token: &str, at: usize) -> Value {
    serde_json::from_slice(&BASE64.decode(token.split('.').nth(at).unwrap()).unwrap()).unwrap()
}

/// A token of this head and these claims.
pub fn sign(key: &SigningKey, head: &Value, claims: &Value) -> String {
    let body = format!("{}.{}", BASE64.encode(head.to_string()), BASE64.encode(claims.to_string()));
    format!("{body}.{}", BASE64.encode(key.sign(body.as_bytes()).to_bytes()))
}

/// What the server of this database signs with.
pub fn seed(database: &Database, kid: &str) -> Vec<u8> {
    let conn = &mut database.conn();
    let vault = platform::Vault::ready(conn, &master_keys(MASTER_KEY)).unwrap();
    let all = platform::secrets::all(conn, &vault, Purpose::Token, Vec::new).unwrap();
    all.into_iter().find(|(id, _)| id.to_string() == kid).unwrap().1
}

/// The same token of the same session, good from now on for as long as it was.
pub fn renewed(seed: &[u8], token: &str) -> String {
    let (head, mut claims) = (part(token, 0), part(token, 1));
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let lasts = claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap();
    claims["iat"] = json!(now);
    claims["exp"] = json!(now + lasts);
    sign(&SigningKey::from_bytes(seed.try_into().unwrap()), &head, &claims)
}
