//! What is shown beside the password: codes by the clock, each good once, and recovery codes for who has lost theirs.
use super::with;
use crate::support::people::PASSWORD;
use crate::support::{Answer, Client, Person, Town, Value, json, make};
use chrono::Utc;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

const STEP: i64 = 30;

/// The bytes of a secret, which is written in base 32.
pub fn bytes(secret: &str) -> Vec<u8> {
    let digits =
        secret.bytes().map(|one| b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".iter().position(|at| *at == one).unwrap());
    let bits: Vec<u8> =
        digits.flat_map(|five| (0..5).rev().map(move |at| u8::try_from(five >> at & 1).unwrap())).collect();
    bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |sum, bit| sum << 1 | bit)).collect()
}

/// The code of a step, reckoned as an authenticator would.
pub fn code(secret: &str, step: i64) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(&bytes(secret)).unwrap();
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[19] & 15);
    let number = u32::from_be_bytes(hash[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

/// The step of now, with some seconds of it left.
pub fn this_step() -> i64 {
    while Utc::now().timestamp() % STEP >= STEP - 6 {
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    Utc::now().timestamp() / STEP
}

pub fn login(town: &Town, person: Person) -> Answer {
    town.anonymous().post("/v1/auth/login", json!({"email": person.email(), "password": PASSWORD, "device": "Test"}))
}

pub fn challenge(town: &Town, person: Person) -> Value {
    login(town, person).refused(401, "second_factor_required")["challenge"].clone()
}

pub fn show(town: &Town, challenge: &Value, code: &str) -> Answer {
    town.anonymous().post("/v1/auth/login/second-factor", json!({"challenge": challenge, "code": code}))
}

pub fn recover(town: &Town, challenge: &Value, code: &Value) -> Answer {
    town.anonymous().post("/v1/auth/login/second-factor", json!({"challenge": challenge, "recovery_code": code}))
}

/// The path of a fresh factor and its secret.
fn begun(client: &Client) -> (String, String) {
    let made = client.post("/v1/me/factors", json!({"kind": "totp", "name": "telephone"})).created();
    assert!(make::id(&made, "uri").contains(&format!("secret={}", make::id(&made, "secret"))));
    (format!("/v1/me/factors/{}", make::id(&made, "id")), make::id(&made, "secret"))
}

/// A factor that works, by a code of the step before this one: its path, secret and recovery codes.
pub fn confirmed(client: &Client) -> (String, String, Vec<Value>) {
    let (path, secret) = begun(client);
    let answer = client.post(&format!("{path}/confirm"), json!({"code": code(&secret, this_step() - 1)}));
    assert_eq!(answer.header("cache-control"), "no-store");
    (path, secret, answer.ok()["recovery_codes"].as_array().cloned().unwrap())
}

#[test]
fn who_has_a_factor_comes_in_with_it_only() {
    let town = Town::start();
    let rep = town.client(Person::Rep);
    let (path, secret) = begun(&rep);
    login(&town, Person::Rep).ok();
    for wrong in ["000000", "", "1234567", &code(&secret, this_step() - 5)] {
        rep.post(&format!("{path}/confirm"), json!({"code": wrong})).refused(422, "invalid");
    }
    login(&town, Person::Rep).ok();
    let (path, secret, codes) = confirmed(&rep);
    assert_eq!(codes.len(), 10);
    let refused = login(&town, Person::Rep);
    refused.refused(401, "second_factor_required");
    assert!(!refused.text().contains("token"), "{}", refused.text());
    let challenge = refused.json()["challenge"].clone();
    show(&town, &challenge, "000000").refused(401, "second_factor_refused");
    let tokens = show(&town, &challenge, &code(&secret, this_step())).ok();
    let me = with(&town, &tokens).get("/v1/me").ok();
    assert_eq!((&me["user"]["id"], &me["session"]["device"]), (&json!(town.user(Person::Rep)), &json!("Test")));
    let listed = rep.get("/v1/me/factors");
    assert_eq!(listed.ok()["data"].as_array().map(Vec::len), Some(1));
    assert!(!listed.text().contains(&secret) && listed.ok()["data"][0]["last_used_at"].is_string());
    rep.post("/v1/me/factors", json!({"kind": "totp", "name": "x"})).refused(409, "factor_exists");
    rep.delete(&path).is(204);
    login(&town, Person::Rep).ok();
}

#[test]
fn a_code_is_good_once() {
    let town = Town::start();
    let (path, secret, _) = confirmed(&town.client(Person::Rep));
    // the one that confirmed it is used up as well
    let spent = code(&secret, this_step() - 1);
    show(&town, &challenge(&town, Person::Rep), &spent).refused(401, "second_factor_refused");
    let (first, second) = (challenge(&town, Person::Rep), challenge(&town, Person::Rep));
    let now = code(&secret, this_step());
    show(&town, &first, &now).ok();
    show(&town, &second, &now).refused(401, "second_factor_refused");
    show(&town, &first, &code(&secret, this_step() + 1)).refused(401, "second_factor_refused");
    town.client(Person::Rep).post(&format!("{path}/confirm"), json!({"code": now})).refused(409, "factor_exists");
}

#[test]
fn of_many_who_show_one_code_at_once_one_comes_in() {
    let town = Town::start();
    let (_, secret, codes) = confirmed(&town.client(Person::Rep));
    let challenges: Vec<Value> = (0..4).map(|_| challenge(&town, Person::Rep)).collect();
    let came = |show: &(dyn Fn(&Value) -> Answer + Sync)| {
        std::thread::scope(|scope| {
            let all: Vec<_> = challenges.iter().map(|one| scope.spawn(move || show(one).status)).collect();
            all.into_iter().map(|one| one.join().unwrap()).filter(|status| *status == 200).count()
        })
    };
    let now = code(&secret, this_step());
    assert_eq!(came(&|one| show(&town, one, &now)), 1);
    assert_eq!(came(&|one| recover(&town, one, &codes[0])), 1);
}

#[test]
fn a_recovery_code_is_good_once_and_kept_as_a_hash() {
    let town = Town::start();
    let (_, secret, codes) = confirmed(&town.client(Person::Rep));
    recover(&town, &challenge(&town, Person::Rep), &codes[0]).ok();
    recover(&town, &challenge(&town, Person::Rep), &codes[0]).refused(401, "second_factor_refused");
    recover(&town, &challenge(&town, Person::Rep), &codes[1]).ok();
    let both = json!({"challenge": "x", "code": "000000", "recovery_code": codes[2]});
    town.anonymous().post("/v1/auth/login/second-factor", both).refused(422, "invalid");
    let bare = codes[3].as_str().unwrap().replace('-', "");
    for table in ["factors", "recovery_codes", "login_challenges", "event_log", "audit_log"] {
        for told in [codes[3].as_str().unwrap(), &bare, &secret] {
            let found = town.database.count(&format!("SELECT count(*) FROM {table} t WHERE t::text LIKE '%{told}%'"));
            assert_eq!(found, 0, "{table} holds {told}");
        }
    }
    let (left, hashed) =
        ("SELECT count(*) FROM recovery_codes", "SELECT count(*) FROM recovery_codes WHERE length(hash) = 32");
    assert_eq!((town.database.count(left), town.database.count(hashed)), (8, 8));
}

#[test]
fn codes_cannot_be_guessed() {
    let town = Town::start();
    let (_, secret, codes) = confirmed(&town.client(Person::Rep));
    for _ in 0..5 {
        show(&town, &challenge(&town, Person::Rep), "000000").refused(401, "second_factor_refused");
    }
    let waiting = challenge(&town, Person::Rep);
    for answer in [show(&town, &waiting, &code(&secret, this_step())), recover(&town, &waiting, &codes[0])] {
        answer.refused(429, "too_many_logins");
        assert!((1..=30).contains(&answer.header("retry-after").parse::<i32>().unwrap()));
    }
    town.database.run("UPDATE factor_secrets SET last_failed_at = last_failed_at - interval '31 seconds'");
    show(&town, &waiting, &code(&secret, this_step())).ok();
}

#[test]
fn a_challenge_ends_with_its_time_and_with_its_user() {
    let town = Town::start();
    let (_, secret, codes) = confirmed(&town.client(Person::Rep));
    let late = challenge(&town, Person::Rep);
    town.database.run("UPDATE login_challenges SET expires_at = now() - interval '1 second'");
    show(&town, &late, &code(&secret, this_step())).refused(401, "second_factor_refused");
    let of_gone = challenge(&town, Person::Rep);
    town.owner().patch(&format!("/v1/users/{}", town.user(Person::Rep)), json!({"is_active": false})).ok();
    recover(&town, &of_gone, &codes[0]).refused(401, "second_factor_refused");
    for nonsense in ["", "x", "gxc_", "gxr_0", of_gone.as_str().unwrap().strip_suffix(char::is_alphanumeric).unwrap()] {
        show(&town, &json!(nonsense), "000000").refused(401, "second_factor_refused");
    }
}

#[test]
fn factors_are_reset_by_those_who_hold_the_users_rights() {
    let town = Town::start();
    let (_, _, _) = confirmed(&town.client(Person::Rep));
    let (_, _, _) = confirmed(&town.owner());
    let of = |person| format!("/v1/users/{}/factors", town.user(person));
    town.client(Person::Mate).delete(&of(Person::Rep)).refused(403, "forbidden");
    town.client(Person::Foreigner).delete(&of(Person::Rep)).refused(404, "not_found");
    town.client(Person::Admin).delete(&of(Person::Owner)).refused(403, "beyond_own_rights");
    town.client(Person::Admin).delete(&of(Person::Rep)).is(204);
    login(&town, Person::Rep).ok();
    challenge(&town, Person::Owner);
    let left = town.database.count("SELECT count(*) FROM recovery_codes");
    assert_eq!(left, 10, "those of the owner");
}

/// It would come by more than it holds.
#[test]
fn a_key_has_no_second_factor() {
    let town = Town::start();
    let rep = town.client(Person::Rep);
    let (path, secret) = begun(&rep);
    let key = rep.post("/v1/api-keys", json!({"name": "x", "scopes": ["*"]})).created();
    let program = town.anonymous().bearing(make::id(&key, "key"));
    program.post("/v1/me/factors", json!({"kind": "totp", "name": "x"})).refused(403, "forbidden");
    program.post(&format!("{path}/confirm"), json!({"code": code(&secret, this_step())})).refused(403, "forbidden");
    program.delete(&path).refused(403, "forbidden");
    town.client(Person::Mate).delete(&path).refused(404, "not_found");
    rep.post("/v1/me/factors", json!({"kind": "smoke", "name": "x"})).refused(422, "invalid");
}

#[test]
fn where_a_factor_is_required_nothing_is_permitted_without() {
    let town = Town::start();
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    let key = rep.post("/v1/api-keys", json!({"name": "x", "scopes": ["contacts:read"]})).created();
    rep.get("/v1/contacts").ok();
    let (_, _, codes) = confirmed(&owner);
    owner.patch("/v1/tenant", json!({"require_second_factor": true})).ok();
    owner.get("/v1/contacts").ok();
    rep.get("/v1/contacts").refused(403, "forbidden");
    let me = rep.get("/v1/me").ok();
    assert_eq!((&me["lacks_second_factor"], &me["permissions"]), (&json!(true), &json!([])));
    town.anonymous().bearing(make::id(&key, "key")).get("/v1/contacts").ok();
    // a login anew makes no difference
    with(&town, &login(&town, Person::Rep).ok()).get("/v1/contacts").refused(403, "forbidden");
    let (path, _, _) = confirmed(&rep);
    rep.get("/v1/contacts").ok();
    assert_eq!(rep.get("/v1/me").ok()["lacks_second_factor"], false);
    rep.delete(&path).is(204);
    rep.get("/v1/contacts").refused(403, "forbidden");
    let neighbours = town.client(Person::Foreigner);
    neighbours.get("/v1/contacts").ok();
    let tokens = recover(&town, &challenge(&town, Person::Owner), &codes[0]).ok();
    with(&town, &tokens).patch("/v1/tenant", json!({"require_second_factor": false})).ok();
    rep.get("/v1/contacts").ok();
}
