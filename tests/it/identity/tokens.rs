//! Access tokens that somebody has tampered with let nobody in.
use crate::support::{Person, Town, Value, json, make};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

struct Token {
    head: Value,
    claims: Value,
    signature: String,
}

impl Token {
    fn read(text: &str) -> Self {
        let parts: Vec<&str> = text.split('.').collect();
        let json = |part: &str| serde_json::from_slice(&BASE64.decode(part).unwrap()).unwrap();
        Self { head: json(parts[0]), claims: json(parts[1]), signature: parts[2].to_owned() }
    }

    fn signed(head: &Value, claims: &Value, signature: &str) -> String {
        let part = |value: &Value| BASE64.encode(value.to_string());
        format!("{}.{}.{signature}", part(head), part(claims))
    }
}

fn hmac(head: &Value, claims: &Value, key: &[u8]) -> String {
    let text = Token::signed(head, claims, "");
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text.trim_end_matches('.').as_bytes());
    Token::signed(head, claims, &BASE64.encode(mac.finalize().into_bytes()))
}

fn set(value: &Value, member: &str, to: Value) -> Value {
    let mut value = value.clone();
    value[member] = to;
    value
}

#[test]
fn a_forged_token_lets_nobody_in() {
    let town = Town::start();
    let text = make::id(&super::tokens(&town, Person::Rep), "access_token");
    let Token { head, claims, signature } = Token::read(&text);
    assert_eq!(head["alg"], "EdDSA");
    for member in ["sub", "tid", "sid", "iat", "exp", "iss", "aud"] {
        assert!(!claims[member].is_null(), "{member} is missing of {claims}");
    }
    assert!(head["kid"].is_string());
    let kid = make::id(&head, "kid");
    let public: String = town.seed_of_tokens(&kid).iter().map(|byte| format!("{byte:02x}")).collect();
    let owner = json!(town.user(Person::Owner));
    let later = json!(claims["exp"].as_i64().unwrap() + 1_000_000);
    let none = set(&head, "alg", json!("none"));
    let hs = set(&head, "alg", json!("HS256"));
    let mut forged = vec![
        ("another user", Token::signed(&head, &set(&claims, "sub", owner), &signature)),
        ("a longer life", Token::signed(&head, &set(&claims, "exp", later.clone()), &signature)),
        ("a life in words", Token::signed(&head, &set(&claims, "exp", json!(later.to_string())), &signature)),
        ("no life at all", Token::signed(&head, &set(&claims, "exp", Value::Null), &signature)),
        ("another key", Token::signed(&set(&head, "kid", json!(crate::support::nobodys_id())), &claims, &signature)),
        ("a key from a path", Token::signed(&set(&head, "kid", json!("../../dev/null")), &claims, &signature)),
        (
            "a key of its own",
            Token::signed(&set(&head, "jwk", json!({"kty": "OKP", "crv": "Ed25519", "x": "AAAA"})), &claims, "AAAA"),
        ),
        ("no signature", Token::signed(&head, &claims, "")),
        ("half a signature", Token::signed(&head, &claims, &signature[..40])),
        ("none", Token::signed(&none, &claims, "")),
        ("NONE", Token::signed(&set(&head, "alg", json!("NoNe")), &claims, "")),
        ("none with a signature", Token::signed(&none, &claims, &signature)),
        ("two parts", text.rsplit_once('.').unwrap().0.to_owned()),
        ("four parts", format!("{text}.{signature}")),
        ("a space", format!("{} {}", &text[..20], &text[20..])),
    ];
    for key in [kid.as_bytes(), b"", b"secret", public.as_bytes(), signature.as_bytes()] {
        forged.push(("HMAC", hmac(&hs, &claims, key)));
    }
    for (what, token) in forged {
        town.anonymous().bearing(token.clone()).get("/v1/me").refused(401, "unauthenticated");
        assert_ne!(token, text, "{what}");
    }
    town.anonymous().bearing(text).get("/v1/me").ok();
}

/// The neighbours' server has other keys.
#[test]
fn a_token_of_another_server_lets_nobody_in() {
    let town = Town::start();
    town.database.run("UPDATE server_secrets SET kid = gen_random_uuid() WHERE name = 'token'");
    let elsewhere = Town::start();
    let text = make::id(&super::tokens(&elsewhere, Person::Rep), "access_token");
    elsewhere.database.run("DELETE FROM server_secrets WHERE name = 'token'");
    let restarted = Town::on(elsewhere.leave());
    restarted.anonymous().bearing(text).get("/v1/me").refused(401, "unauthenticated");
}
