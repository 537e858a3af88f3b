//! What the provider answers.
use super::super::{Value, json, make};
use super::{Grant, Mischief, SECRET, World};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::Utc;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;
use std::time::Duration;

type Form = BTreeMap<String, String>;

struct Asked {
    path: String,
    query: Form,
    authorization: String,
    body: Form,
}

pub fn answer(mut stream: TcpStream, world: &Mutex<World>) {
    let Some(asked) = read(&stream) else { return };
    let mischief = {
        let mut world = world.lock().unwrap();
        *world.asked.entry(asked.path.clone()).or_default() += 1;
        world.mischief.iter().find(|(path, _)| asked.path.starts_with(**path)).map(|(_, what)| what.clone())
    };
    match mischief {
        Some(Mischief::Slow) => std::thread::sleep(Duration::from_secs(30)),
        Some(Mischief::Huge) => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{\"x\": \"");
            while stream.write_all(&[b'x'; 4096]).is_ok() {}
        }
        Some(Mischief::Elsewhere(place)) => say(&mut stream, 307, &format!("location: {place}\r\n"), ""),
        Some(Mischief::Answer(status, body)) => say(&mut stream, status, "", body),
        None => {
            let (status, head, body) = tell(&asked, &mut world.lock().unwrap());
            say(&mut stream, status, &head, &body);
        }
    }
}

fn say(stream: &mut TcpStream, status: u16, head: &str, body: &str) {
    let length = body.len();
    let _ = write!(
        stream,
        "HTTP/1.1 {status} x\r\ncontent-type: application/json\r\nconnection: close\r\n{head}\
         content-length: {length}\r\n\r\n{body}"
    );
}

fn read(stream: &TcpStream) -> Option<Asked> {
    let mut lines = BufReader::new(stream);
    let mut line = String::new();
    lines.read_line(&mut line).ok()?;
    let target = line.split(' ').nth(1)?.to_owned();
    let (mut authorization, mut length) = (String::new(), 0);
    loop {
        line.clear();
        lines.read_line(&mut line).ok()?;
        match line.trim().split_once(": ") {
            None => break,
            Some((name, value)) if name.eq_ignore_ascii_case("authorization") => authorization = value.to_owned(),
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.parse().ok()?,
            Some(_) => {}
        }
    }
    let mut body = vec![0; length];
    lines.read_exact(&mut body).ok()?;
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    Some(Asked {
        path: path.to_owned(),
        query: form(query),
        authorization,
        body: form(&String::from_utf8_lossy(&body)),
    })
}

fn form(text: &str) -> Form {
    let pair = |pair: &str| pair.split_once('=').map(|(name, value)| (plain(name), plain(value)));
    text.split('&').filter_map(pair).collect()
}

fn plain(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let [first, tail @ ..] = rest {
        (rest, bytes) = match (first, tail) {
            (b'%', [high, low, tail @ ..]) => {
                let hex = String::from_utf8(vec![*high, *low]).unwrap();
                bytes.push(u8::from_str_radix(&hex, 16).unwrap());
                (tail, bytes)
            }
            _ => {
                bytes.push(if *first == b'+' { b' ' } else { *first });
                (tail, bytes)
            }
        };
    }
    String::from_utf8(bytes).unwrap()
}

fn tell(asked: &Asked, world: &mut World) -> (u16, String, String) {
    let fine = |body: Value| (200, String::new(), body.to_string());
    match asked.path.as_str() {
        "/.well-known/openid-configuration" => fine(discovery(world)),
        "/jwks" => fine(json!({"keys": world.published.iter().map(|one| one.jwk()).collect::<Vec<_>>()})),
        "/authorize" => authorize(&asked.query, world),
        "/token" => match token(asked, world) {
            Ok(body) => fine(body),
            Err(code) => (400, String::new(), json!({"error": code}).to_string()),
        },
        "/userinfo" if asked.authorization == "Bearer access" => fine(world.user_info.clone()),
        _ => (404, String::new(), "{}".into()),
    }
}

fn discovery(world: &World) -> Value {
    let issuer = &world.issuer;
    let at = |path: &str| format!("{issuer}/{path}");
    let own = json!({"issuer": issuer, "authorization_endpoint": at("authorize"), "token_endpoint": at("token"),
        "jwks_uri": at("jwks"),
        "response_types_supported": ["code"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256", "EdDSA", "HS256", "none"]});
    let told = if world.user_info == json!({}) { json!({}) } else { json!({"userinfo_endpoint": at("userinfo")}) };
    make::with(make::with(own, told), world.metadata.clone())
}

/// Whoever `as` says has logged in here, and is sent back.
fn authorize(query: &Form, world: &mut World) -> (u16, String, String) {
    let is = |name: &str, value: &str| query.get(name).is_some_and(|given| given == value);
    let openid = query.get("scope").is_some_and(|scopes| scopes.split(' ').any(|scope| scope == "openid"));
    let names = ["client_id", "redirect_uri", "state", "nonce", "code_challenge", "as"];
    let complete = names.iter().all(|name| query.get(*name).is_some_and(|value| !value.is_empty()));
    if !complete || !openid || !is("response_type", "code") || !is("code_challenge_method", "S256") {
        return (400, String::new(), "{}".into());
    }
    let code = super::super::fresh("code");
    let claims = serde_json::from_str(&query["as"]).unwrap();
    let grant = Grant {
        client_id: query["client_id"].clone(),
        redirect_uri: query["redirect_uri"].clone(),
        challenge: query["code_challenge"].clone(),
        claims: make::with(json!({"nonce": query["nonce"]}), claims),
    };
    let place = format!("{}?code={code}&state={}", query["redirect_uri"], query["state"]);
    world.codes.insert(code, grant);
    (302, format!("location: {place}\r\n"), String::new())
}

fn token(asked: &Asked, world: &mut World) -> Result<Value, &'static str> {
    let body = |name: &str| asked.body.get(name).cloned().unwrap_or_default();
    let given = asked.authorization.strip_prefix("Basic ").map_or_else(
        || (body("client_id"), body("client_secret")),
        |basic| {
            let pair = String::from_utf8(STANDARD.decode(basic).unwrap()).unwrap();
            let (id, secret) = pair.split_once(':').unwrap();
            (plain(id), plain(secret))
        },
    );
    if given.1 != SECRET {
        return Err("invalid_client");
    }
    let grant = world.codes.remove(&body("code")).ok_or("invalid_grant")?;
    let verified = URL_SAFE_NO_PAD.encode(Sha256::digest(body("code_verifier"))) == grant.challenge;
    let same = grant.client_id == given.0 && grant.redirect_uri == body("redirect_uri");
    if !verified || !same || body("grant_type") != "authorization_code" {
        return Err("invalid_grant");
    }
    let now = Utc::now().timestamp();
    let own = json!({"iss": world.issuer, "aud": grant.client_id, "iat": now, "exp": now + 300});
    let claims = make::with(make::with(own, grant.claims), world.claims.clone());
    let id_token = match &world.forge {
        Some(forge) => forge(&claims),
        None => world.signer.token(&world.header, &claims),
    };
    Ok(json!({"access_token": "access", "token_type": "Bearer", "expires_in": 300, "id_token": id_token}))
}
