//! Providers that are slow, gone, mad, or not who they say.
use super::{finish, prove, rep, start};
use crate::support::idp::{Idp, Mischief};
use crate::support::{Person, Town, json};
use api::limit::Quotas;
use std::time::{Duration, Instant};

/// A provider that is slow, gone or mad is no fault of anybody else's.
#[test]
fn a_provider_in_trouble_costs_a_few_seconds_and_nobody_else_anything() {
    let town = Town::start();
    prove(&town, Person::Rep);
    let elsewhere = Idp::start();
    let troubles: [(&str, Mischief); 9] = [
        ("/.well-known", Mischief::Slow),
        ("/.well-known", Mischief::Huge),
        ("/.well-known", Mischief::Elsewhere(format!("{}/.well-known/openid-configuration", elsewhere.issuer()))),
        ("/.well-known", Mischief::Answer(500, "")),
        ("/.well-known", Mischief::Answer(200, "{\"issuer\": 1}")),
        ("/token", Mischief::Slow),
        ("/token", Mischief::Huge),
        ("/token", Mischief::Elsewhere(format!("{}/token", elsewhere.issuer()))),
        ("/jwks", Mischief::Answer(200, "no keys")),
    ];
    for (path, trouble) in troubles {
        let idp = Idp::start();
        let provider = idp.provider(&town.owner(), json!({}));
        let since = Instant::now();
        idp.world().mischief.insert(path, trouble.clone());
        let answer = match path {
            "/.well-known" => start(&town, &provider),
            _ => finish(&town, &idp.come_back(&start(&town, &provider).ok(), &rep())),
        };
        answer.refused(503, "sso_unavailable");
        assert!(!answer.header("retry-after").is_empty());
        assert!(!answer.text().contains("127.0.0.1"), "{}", answer.text());
        assert!(since.elapsed() < Duration::from_secs(9), "{path} {trouble:?}: {:?}", since.elapsed());
    }
    assert_eq!(elsewhere.asked("/token") + elsewhere.asked("/.well-known/openid-configuration"), 0);
}

#[test]
fn who_waits_for_a_slow_provider_keeps_nobody_from_their_password() {
    let (town, idp) = (Town::start(), Idp::start());
    let provider = idp.provider(&town.owner(), json!({}));
    let other = idp.provider(&town.owner(), json!({}));
    idp.world().mischief.insert("/.well-known", Mischief::Slow);
    std::thread::scope(|scope| {
        let since = Instant::now();
        let waiting: Vec<_> = (0..20)
            .map(|at| {
                let (town, provider) = (&town, if at % 2 == 0 { &provider } else { &other });
                scope.spawn(move || start(town, provider).refused(503, "sso_unavailable"))
            })
            .collect();
        std::thread::sleep(Duration::from_millis(300));
        let begun = Instant::now();
        for _ in 0..3 {
            super::super::tokens(&town, Person::Rep);
            town.owner().get("/v1/contacts").ok();
        }
        assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
        waiting.into_iter().for_each(|one| drop(one.join().unwrap()));
        assert!(since.elapsed() < Duration::from_secs(9), "{:?}", since.elapsed());
    });
}

#[test]
fn a_provider_that_is_not_who_it_says_is_not_believed() {
    let town = Town::start();
    for metadata in [
        json!({"issuer": "https://login.example.com"}),
        json!({"issuer": null}),
        json!({"token_endpoint": null}),
        json!({"authorization_endpoint": "javascript:alert(1)"}),
        json!({"authorization_endpoint": "nonsense"}),
    ] {
        let idp = Idp::start();
        idp.world().metadata = metadata.clone();
        let answer = start(&town, &idp.provider(&town.owner(), json!({})));
        assert_eq!(answer.json()["code"], "sso_unavailable", "{metadata}: {}", answer.text());
    }
    // it leads to where the server does not speak to
    for place in ["http://10.0.0.1/token", "http://169.254.169.254/token", "https://[::1]/token", "file:///etc/passwd"]
    {
        let idp = Idp::start();
        idp.world().metadata = json!({"token_endpoint": place});
        let provider = idp.provider(&town.owner(), json!({}));
        finish(&town, &idp.come_back(&start(&town, &provider).ok(), &rep())).refused(503, "sso_unavailable");
    }
}

/// Each of them makes this server ask another one, so it is told so sooner than for what is answered at once.
#[test]
fn who_begins_logins_without_end_is_told_to_come_back() {
    let quotas = Quotas { public: 60, ..Quotas::default() };
    let (town, idp) = (Town::configured(|config| config.limits = quotas), Idp::start());
    let provider = idp.provider(&town.owner(), json!({}));
    let came: Vec<u16> = (0..8).map(|_| start(&town, &provider).status).collect();
    let good = came.iter().filter(|status| **status == 200).count();
    assert!((4..=6).contains(&good) && came.last() == Some(&429), "{came:?}");
    town.owner().get("/v1/me").ok();
}
