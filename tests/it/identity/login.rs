//! Coming in, staying in, and leaving.
use super::{out_soon, refresh, tokens, with};
use crate::support::people::PASSWORD;
use crate::support::{Person, Town, json, make};

#[test]
fn a_login_gives_what_lets_in() {
    let town = Town::start();
    let login = json!({"email": " Owner@Town.Example ", "password": PASSWORD, "device": "Test"});
    let answer = town.anonymous().post("/v1/auth/login", login);
    let tokens = answer.ok();
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(600)));
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(make::id(&tokens, "refresh_token").starts_with("gxr_"));
    let me = with(&town, &tokens).get("/v1/me").ok();
    assert_eq!((&me["user"]["email"], &me["tenant"]["name"]), (&json!("owner@town.example"), &json!("Town")));
    assert_eq!((&me["session"]["device"], &me["roles"][0]["builtin"]), (&json!("Test"), &json!("owner")));
    assert!(
        me["permissions"]
            .as_array()
            .unwrap()
            .contains(&json!({"object": "contact", "action": "purge", "reach": "all"}))
    );
}

#[test]
fn who_is_not_known_is_told_nothing() {
    let town = Town::start();
    let told = |email: &str, password: &str| {
        let answer = town.anonymous().post("/v1/auth/login", json!({"email": email, "password": password}));
        let mut problem = answer.refused(401, "invalid_credentials");
        problem["request_id"] = json!(null);
        problem
    };
    let unknown = told("nobody@nowhere.example", PASSWORD);
    assert_eq!(told("owner@town.example", "a wrong password"), unknown);
    assert_eq!(told("owner@town.example", &PASSWORD.to_uppercase()), unknown);
    for body in [
        json!({"email": "owner@town.example"}),
        json!({"password": "x"}),
        json!({}),
        json!({"email": 1, "password": 2}),
    ] {
        town.anonymous().post("/v1/auth/login", body).refused(422, "invalid");
    }
}

/// Whether there is such a user cannot be told by the clock.
#[test]
fn an_unknown_user_takes_as_long_as_a_known_one() {
    let town = Town::start();
    let took = |email: &str| {
        let since = std::time::Instant::now();
        town.anonymous().post("/v1/auth/login", json!({"email": email, "password": "a wrong password"})).is(401);
        since.elapsed().as_secs_f64()
    };
    // by turns, for a machine that is busy is so for both; no more of anybody, for five are free
    let everybody = [Person::Rep, Person::Mate, Person::Stranger, Person::Manager].map(Person::email);
    let pairs = everybody.iter().flat_map(|known| [(); 4].map(|()| (took(known), took(&format!("no-{known}")))));
    let (known, unknown) = pairs.fold((f64::MAX, f64::MAX), |least, pair| (least.0.min(pair.0), least.1.min(pair.1)));
    let ratio = known / unknown;
    assert!((0.5..2.0).contains(&ratio), "{known:.4} s for a known user, {unknown:.4} s for an unknown one");
}

#[test]
fn who_fails_too_often_has_to_wait() {
    let town = Town::start();
    let attempt = |password: &str| {
        town.anonymous().post("/v1/auth/login", json!({"email": "rep@town.example", "password": password}))
    };
    for _ in 0..5 {
        attempt("a wrong password").refused(401, "invalid_credentials");
    }
    for password in ["a wrong password", PASSWORD] {
        let refused = attempt(password);
        refused.refused(429, "too_many_logins");
        let wait: u64 = refused.header("retry-after").parse().unwrap();
        assert!((1..=60).contains(&wait), "{wait}");
    }
    tokens(&town, Person::Mate);
}

#[test]
fn a_refresh_token_is_good_once() {
    let town = Town::start();
    let first = tokens(&town, Person::Rep);
    let second = refresh(&town, &make::id(&first, "refresh_token")).ok();
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    let client = with(&town, &second);
    client.get("/v1/me").ok();
    std::thread::sleep(std::time::Duration::from_millis(20));
    refresh(&town, &make::id(&first, "refresh_token")).refused(401, "unauthenticated");
    // whoever shows it again may have stolen it: the whole family ends
    refresh(&town, &make::id(&second, "refresh_token")).refused(401, "unauthenticated");
    out_soon(&client, "/v1/me", 401);
    out_soon(&with(&town, &first), "/v1/me", 401);
    for junk in ["", "gxr_", "gxr_x", "x", &"y".repeat(200), &make::id(&first, "access_token")] {
        let answer = refresh(&town, junk);
        assert!([401, 422].contains(&answer.status), "{junk}: {}", answer.text());
    }
}

/// Two requests of one device at once: one of them gets the tokens, and the session goes on.
#[test]
fn of_two_who_refresh_at_once_one_wins() {
    let town = Town::start();
    for _ in 0..5 {
        let token = make::id(&tokens(&town, Person::Rep), "refresh_token");
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let all: Vec<_> = (0..8).map(|_| scope.spawn(|| refresh(&town, &token).status)).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    }
}

#[test]
fn who_logs_out_is_out() {
    let town = Town::start();
    let (mine, other) = (tokens(&town, Person::Rep), tokens(&town, Person::Rep));
    let client = with(&town, &mine);
    client.get("/v1/me").ok();
    client.act("/v1/auth/logout").is(204);
    out_soon(&client, "/v1/me", 401);
    refresh(&town, &make::id(&mine, "refresh_token")).refused(401, "unauthenticated");
    with(&town, &other).get("/v1/me").ok();
}

#[test]
fn devices_are_seen_and_sent_away() {
    let town = Town::start();
    let (phone, laptop) = (tokens(&town, Person::Rep), tokens(&town, Person::Rep));
    let client = with(&town, &laptop);
    let mine = client.get("/v1/me").ok()["session"]["id"].clone();
    let all = client.get("/v1/sessions").ids();
    assert!(all.len() >= 3);
    let phone_session = make::id(&with(&town, &phone).get("/v1/me").ok()["session"], "id");
    client.delete(&format!("/v1/sessions/{phone_session}")).is(204);
    out_soon(&with(&town, &phone), "/v1/me", 401);
    client.get("/v1/me").ok();
    let of_other = make::id(&town.client(Person::Mate).get("/v1/me").ok()["session"], "id");
    client.delete(&format!("/v1/sessions/{of_other}")).refused(404, "not_found");
    assert!(client.get("/v1/sessions").ids().contains(&mine.as_str().unwrap().to_owned()));
}

#[test]
fn a_new_password_ends_all_other_sessions() {
    let town = Town::start();
    let (old, here) = (tokens(&town, Person::Rep), tokens(&town, Person::Rep));
    let client = with(&town, &here);
    let change = |current: &str, new: &str| {
        client.post("/v1/me/password", json!({"current_password": current, "new_password": new}))
    };
    change("a wrong password", "another good password").is(422);
    for weak in ["short", "password123", "rep@town.example", "aaaaaaaaaaaa", &"x".repeat(300)] {
        change(PASSWORD, weak).refused(422, "invalid");
    }
    change(PASSWORD, "another good password").is(204);
    out_soon(&with(&town, &old), "/v1/me", 401);
    client.get("/v1/me").ok();
    let login = |password: &str| {
        town.anonymous().post("/v1/auth/login", json!({"email": "rep@town.example", "password": password}))
    };
    login(PASSWORD).refused(401, "invalid_credentials");
    login("another good password").ok();
}

/// What breaches have made known, and what says no more than who it is, is refused wherever a password is set.
#[test]
fn a_password_that_everybody_tries_is_refused_everywhere() {
    let town = Town::start();
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    for (password, code) in [
        ("Password123", "breached_password"),
        ("brittany13", "breached_password"),
        ("rep@town.example", "password_is_email"),
        ("rep.town.example.2026", "password_is_email"),
        ("Representative 1", "password_is_name"),
        ("too short", "too_short"),
    ] {
        let name = "Representative";
        let new = json!({"email": "rep@town.example", "display_name": name, "password": password});
        let change = json!({"current_password": PASSWORD, "new_password": password});
        rep.patch("/v1/me", json!({"display_name": name})).ok();
        let path = format!("/v1/users/{}", town.user(Person::Rep));
        for refused in [
            owner.post("/v1/users", new),
            owner.patch(&path, json!({"password": password})),
            rep.post("/v1/me/password", change),
        ] {
            refused.refused(422, "invalid");
            assert_eq!(refused.json()["errors"][0]["code"], code, "{}: {}", refused.request, refused.text());
        }
    }
}
