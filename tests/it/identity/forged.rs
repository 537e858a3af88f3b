//! Tokens that are signed properly and are none of the server's all the same; and headers that lead somewhere.
use super::{out_soon, tokens, with};
use crate::support::{Person, Town, Value, json, make, nobodys_id, token};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use ed25519_dalek::SigningKey;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

/// The key that the server signs with, and what it says in a token of this person.
struct Forge {
    key: SigningKey,
    head: Value,
    claims: Value,
}

impl Forge {
    fn of(town: &Town, person: Person) -> Self {
        let text = make::id(&tokens(town, person), "access_token");
        let (head, claims) = (token::part(&text, 0), token::part(&text, 1));
        let kid = make::id(&head, "kid");
        let seed = town.seed_of_tokens(&kid);
        Self { key: SigningKey::from_bytes(seed.as_slice().try_into().unwrap()), head, claims }
    }

    fn token(&self, claims: &Value) -> String {
        token::sign(&self.key, &self.head, claims)
    }

    /// With one claim otherwise; `null` takes it out.
    fn bent(&self, name: &str, to: Value) -> String {
        let mut claims = self.claims.clone();
        match to {
            Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
            to => claims[name] = to,
        }
        self.token(&claims)
    }
}

#[test]
fn a_signature_alone_opens_nothing() {
    let town = Town::start();
    let forge = Forge::of(&town, Person::Rep);
    town.anonymous().bearing(forge.token(&forge.claims)).get("/v1/me").ok();
    let theirs = Forge::of(&town, Person::Foreigner);
    let now = forge.claims["iat"].as_i64().unwrap();
    let bent = [
        ("exp", Value::Null),
        ("exp", json!((now + 600).to_string())),
        ("exp", json!(now - 3600)),
        ("exp", json!([now + 600])),
        ("iat", json!(now + 3600)),
        ("iat", Value::Null),
        ("iss", json!("elsewhere")),
        ("iss", Value::Null),
        ("aud", json!("elsewhere")),
        ("aud", Value::Null),
        ("tid", theirs.claims["tid"].clone()),
        ("tid", Value::Null),
        ("sub", json!(town.user(Person::Owner))),
        ("sub", theirs.claims["sub"].clone()),
        ("sid", theirs.claims["sid"].clone()),
        ("sid", json!(nobodys_id())),
        ("sid", Value::Null),
    ];
    for (name, to) in bent {
        let told = format!("{name}: {to}");
        let answer = town.anonymous().bearing(forge.bent(name, to)).get("/v1/me");
        assert_eq!(answer.status, 401, "{told}: {}", answer.text());
    }
}

#[test]
fn a_token_dies_with_its_session() {
    let town = Town::start();
    let login = tokens(&town, Person::Rep);
    let client = with(&town, &login);
    client.get("/v1/me").ok();
    client.act("/v1/auth/logout").is(204);
    out_soon(&client, "/v1/me", 401);
}

/// Whatever a header names, nobody goes there, and no key but the server's own is taken.
#[test]
fn no_header_leads_anywhere() {
    let town = Town::start();
    let forge = Forge::of(&town, Person::Owner);
    let canary = TcpListener::bind("127.0.0.1:0").unwrap();
    canary.set_nonblocking(true).unwrap();
    let there = format!("http://{}/keys.json", canary.local_addr().unwrap());
    let own = SigningKey::from_bytes(&[7; 32]);
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": BASE64.encode(own.verifying_key().as_bytes())});
    for (name, to) in [
        ("jku", json!(there)),
        ("x5u", json!(there)),
        ("x5c", json!(["MIIB"])),
        ("jwk", jwk),
        ("kid", json!(there)),
        ("kid", json!("../../../../dev/null")),
        ("kid", json!("/dev/null")),
        ("kid", json!("x' OR 'a' = 'a")),
        ("kid", json!(nobodys_id())),
        ("crit", json!(["exp"])),
        ("alg", json!("HS256")),
        ("alg", json!("none")),
    ] {
        let mut head = forge.head.clone();
        head[name] = to.clone();
        let token = token::sign(&own, &head, &forge.claims);
        let answer = town.anonymous().bearing(token).get("/v1/me");
        assert_eq!(answer.status, 401, "{name}: {to}: {}", answer.text());
    }
    assert!(canary.accept().is_err(), "somebody went where the header leads");
}

#[test]
fn a_header_of_a_mebibyte_is_refused_at_once() {
    let town = Town::start();
    let mut stream = TcpStream::connect(town.addr()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let request = format!("GET /v1/me HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ey{}\r\n\r\n", "a".repeat(1 << 20));
    // the server may hang up before it has read all
    let _ = stream.write_all(request.as_bytes());
    let (mut answer, mut first) = (Vec::new(), [0; 64]);
    while let Ok(read @ 1..) = stream.read(&mut first) {
        answer.extend_from_slice(&first[..read]);
    }
    let line = String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned();
    assert!(line.is_empty() || line.contains(" 431 ") || line.contains(" 401 "), "{line}");
    town.owner().get("/v1/me").ok();
}
