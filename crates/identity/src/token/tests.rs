//! What is tried against tokens: no signature, another algorithm, another key, claims missing or bent.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]
use super::*;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use serde_json::{Value, json};

fn keys(seeds: &[u8]) -> Keys {
    let ring = seeds.iter().map(|seed| Key::new(Uuid::from_u128(u128::from(*seed)), &[*seed; 32]).unwrap()).collect();
    Keys { ring: RwLock::new(Arc::new(ring)), read_at: AtomicI64::new(0) }
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn issue(keys: &Keys) -> String {
    keys.issue(TenantId::new(), UserId::new(), SessionId::new(), now()).unwrap()
}

fn opens(keys: &Keys, token: &str) -> bool {
    opens_at(keys, token, 0)
}

fn opens_at(keys: &Keys, token: &str, later: i64) -> bool {
    let now = now() + chrono::Duration::seconds(later);
    kid(token).and_then(|kid| keys.verify(kid, token, now)).is_ok()
}

fn part(value: &Value) -> String {
    BASE64.encode(serde_json::to_vec(value).unwrap())
}

fn claims() -> Value {
    let id = Uuid::nil();
    let iat = now().timestamp();
    json!({"sub": id, "tid": id, "sid": id, "iat": iat, "exp": iat + 600, "iss": "guanxi", "aud": "guanxi"})
}

/// Properly signed, whatever it says.
fn signed(header: &Value, claims: &Value) -> String {
    use ed25519_dalek::Signer;
    let body = format!("{}.{}", part(header), part(claims));
    let signature = SigningKey::from_bytes(&[1; 32]).sign(body.as_bytes());
    format!("{body}.{}", BASE64.encode(signature.to_bytes()))
}

fn header() -> Value {
    json!({"alg": "EdDSA", "typ": "JWT", "kid": Uuid::from_u128(1)})
}

#[test]
fn the_newest_signs_and_all_verify() {
    let (old, new) = (keys(&[1]), keys(&[2, 1]));
    assert!(opens(&new, &issue(&old)) && opens(&new, &issue(&new)));
    assert!(!opens(&old, &issue(&new)));
    assert!(opens(&old, &signed(&header(), &claims())));
}

#[test]
fn it_is_good_for_ten_minutes() {
    let keys = keys(&[1]);
    let token = issue(&keys);
    assert!(opens_at(&keys, &token, 629) && !opens_at(&keys, &token, 630));
    assert!(opens_at(&keys, &token, -30) && !opens_at(&keys, &token, -31));
}

#[test]
fn no_signature_and_no_other_algorithm() {
    let keys = keys(&[1]);
    let public = SigningKey::from_bytes(&[1; 32]).verifying_key();
    for alg in ["none", "None", "HS256", "HS512", "RS256", "ES256", "PS256", "EdDSA "] {
        let mut other = header();
        other["alg"] = json!(alg);
        let body = format!("{}.{}", part(&other), part(&claims()));
        assert!(!opens(&keys, &format!("{body}.")), "{alg}");
        assert!(!opens(&keys, &signed(&other, &claims())), "{alg}");
    }
    let swapped = Header { kid: Some(Uuid::from_u128(1).to_string()), ..Header::new(Algorithm::HS256) };
    let secret = EncodingKey::from_secret(public.as_bytes());
    assert!(!opens(&keys, &jsonwebtoken::encode(&swapped, &claims(), &secret).unwrap()));
}

#[test]
fn a_header_leads_nowhere() {
    let keys = keys(&[1]);
    for kid in [json!("../../dev/null"), json!("' OR 1=1"), json!(Uuid::from_u128(9)), json!(7), Value::Null] {
        let mut bent = header();
        bent["kid"] = kid;
        assert!(!opens(&keys, &signed(&bent, &claims())));
    }
    let theirs = SigningKey::from_bytes(&[9; 32]);
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": BASE64.encode(theirs.verifying_key().as_bytes())});
    let bent = json!({"alg": "EdDSA", "kid": Uuid::from_u128(1), "jwk": jwk, "jku": "https://evil.example/keys"});
    let token = signed(&bent, &claims());
    let (body, _) = token.rsplit_once('.').unwrap();
    let signature = ed25519_dalek::Signer::sign(&theirs, body.as_bytes());
    assert!(!opens(&keys, &format!("{body}.{}", BASE64.encode(signature.to_bytes()))));
}

#[test]
fn every_claim_is_asked_for() {
    let keys = keys(&[1]);
    for name in ["sub", "tid", "sid", "iat", "exp", "iss", "aud"] {
        let mut bent = claims();
        bent.as_object_mut().unwrap().remove(name);
        assert!(!opens(&keys, &signed(&header(), &bent)), "without {name}");
        bent[name] = json!("somebody else");
        assert!(!opens(&keys, &signed(&header(), &bent)), "another {name}");
    }
    for exp in [json!("1800000600"), json!(-1), json!(1e30), json!(null), json!([1_800_000_600])] {
        let mut bent = claims();
        bent["exp"] = exp;
        assert!(!opens(&keys, &signed(&header(), &bent)));
    }
}

#[test]
fn junk_is_refused() {
    let keys = keys(&[1]);
    let token = issue(&keys);
    let flipped = format!("{}{}", &token[..token.len() - 6], "AAAAAA");
    for junk in ["", ".", "..", "ey", "ey..", "ey.ey.ey", &flipped, &token[1..], &"ey".repeat(500_000)] {
        assert!(!opens(&keys, junk));
    }
}
