//! What a provider says, and whether it is the provider who says it.
use super::{counts, login, prove, rep};
use crate::support::idp::{Idp, Signer, unsigned};
use crate::support::{Person, Town, Value, json, make};
use std::time::{Duration, Instant};

#[test]
fn a_token_that_is_not_for_this_login_is_refused() {
    let (town, idp) = (Town::start(), Idp::start());
    prove(&town, Person::Rep);
    let provider = idp.provider(&town.owner(), json!({}));
    login(&town, &idp, &provider, &rep()).ok();
    let (now, before) = (chrono::Utc::now().timestamp(), counts(&town));
    for claims in [
        json!({"nonce": "another"}),
        json!({"nonce": null}),
        json!({"iss": "http://127.0.0.1:1"}),
        json!({"iss": format!("{}/", idp.issuer())}),
        json!({"iss": null}),
        json!({"aud": "another"}),
        json!({"aud": []}),
        json!({"aud": ["another"]}),
        json!({"aud": null}),
        json!({"aud": ["guanxi", "another"]}),
        json!({"aud": ["guanxi", "another"], "azp": "another"}),
        json!({"azp": "another"}),
        json!({"exp": now - 61}),
        json!({"exp": null}),
        json!({"exp": (now + 300).to_string()}),
        json!({"iat": now + 120}),
        json!({"iat": now - 3600}),
        json!({"iat": null}),
        json!({"nbf": now + 120}),
        json!({"sub": ""}),
        json!({"sub": "x".repeat(256)}),
        json!({"sub": 7}),
        json!({"sub": null}),
    ] {
        idp.world().claims = claims.clone();
        let answer = login(&town, &idp, &provider, &rep());
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (401, &json!("sso_refused")),
            "{claims}: {}",
            answer.text()
        );
    }
    assert_eq!(before, counts(&town));
    for claims in
        [json!({"aud": ["guanxi"]}), json!({"aud": ["guanxi", "another"], "azp": "guanxi"}), json!({"iat": now - 5})]
    {
        idp.world().claims = claims;
        login(&town, &idp, &provider, &rep()).ok();
    }
}

#[test]
fn a_token_that_the_provider_did_not_sign_is_refused() {
    let (town, idp) = (Town::start(), Idp::start());
    prove(&town, Person::Rep);
    let provider = idp.provider(&town.owner(), json!({}));
    let (first, stranger) = (Signer::ed("first", 1), Signer::ed("first", 9));
    type Forge = Box<dyn Fn(&Value) -> String + Send>;
    let rsa = Signer::rsa("rsa");
    idp.world().published = vec![first.clone(), rsa.clone()];
    let mut forgeries: Vec<Forge> = vec![
        Box::new(move |claims| stranger.token(&json!({}), claims)),
        Box::new(|claims| Signer::ed("unknown", 9).token(&json!({}), claims)),
        Box::new(|claims| Signer::ed("first", 9).token(&json!({"jwk": Signer::ed("first", 9).jwk()}), claims)),
        Box::new(|claims| Signer::ed("first", 1).token(&json!({"alg": "RS256"}), claims)),
        Box::new(|claims| Signer::ed("rsa", 1).token(&json!({}), claims)),
        Box::new(|claims| Signer::rsa("first").token(&json!({}), claims)),
        // several keys, and none is named
        Box::new(|claims| Signer::ec("x").token(&json!({"kid": null}), claims)),
        Box::new(|_| "nonsense".into()),
        Box::new(|_| String::new()),
        Box::new(|claims| format!("{}x", Signer::ed("first", 1).token(&json!({}), claims))),
        Box::new(|claims| {
            Signer::ed("first", 1).token(&json!({}), &make::with(claims.clone(), json!({"x": "y".repeat(20_000)})))
        }),
    ];
    for at in 0..4 {
        forgeries.push(Box::new(move |claims| unsigned(claims)[at].clone()));
    }
    for signer in [first, rsa] {
        for at in 0..3 {
            let signer = signer.clone();
            forgeries.push(Box::new(move |claims| signer.confused(claims)[at].clone()));
        }
    }
    let before = counts(&town);
    for (at, forge) in forgeries.into_iter().enumerate() {
        idp.world().forge = Some(forge);
        let answer = login(&town, &idp, &provider, &rep());
        assert_eq!((answer.status, &answer.json()["code"]), (401, &json!("sso_refused")), "{at}: {}", answer.text());
    }
    assert_eq!(before, counts(&town));
    idp.world().forge = None;
    login(&town, &idp, &provider, &rep()).ok();
    // an algorithm that the provider does not publish
    let (narrow, signer) = (Idp::start(), Signer::ec("ec"));
    narrow.world().metadata = json!({"id_token_signing_alg_values_supported": ["RS256"]});
    narrow.world().published = vec![signer.clone()];
    narrow.world().signer = signer;
    let provider = narrow.provider(&town.owner(), json!({}));
    login(&town, &narrow, &provider, &rep()).refused(401, "sso_refused");
}

#[test]
fn keys_of_each_sort_are_known_and_new_ones_are_learnt() {
    let (town, idp) = (Town::start(), Idp::start());
    prove(&town, Person::Rep);
    let provider = idp.provider(&town.owner(), json!({}));
    login(&town, &idp, &provider, &rep()).ok();
    for (at, signer) in [Signer::rsa("second"), Signer::ec("third"), Signer::ed("fourth", 4)].into_iter().enumerate() {
        std::thread::sleep(Duration::from_millis(3100)); // keys are asked for no more often
        idp.world().published = vec![signer.clone()];
        idp.world().signer = signer;
        login(&town, &idp, &provider, &rep()).ok();
        assert_eq!(idp.asked("/jwks"), at + 2);
    }
    // unknown keys do not make it be asked each time
    let asked = idp.asked("/jwks");
    idp.world().signer = Signer::ed("unknown", 9);
    let since = Instant::now();
    (0..5).for_each(|_| drop(login(&town, &idp, &provider, &rep()).refused(401, "sso_refused")));
    let most = usize::try_from(since.elapsed().as_secs()).unwrap() / 2 + 1;
    assert!(idp.asked("/jwks") - asked <= most, "{}", idp.asked("/jwks") - asked);
    // the only key needs no name
    idp.world().signer = Signer::ed("fourth", 4);
    idp.world().header = json!({"kid": null});
    login(&town, &idp, &provider, &rep()).ok();
}

#[test]
fn what_the_token_leaves_out_is_asked_for() {
    let (town, idp) = (Town::start(), Idp::start());
    prove(&town, Person::Rep);
    let provider = idp.provider(&town.owner(), json!({}));
    idp.world().user_info = make::with(rep(), json!({"sub": "somebody else"}));
    let thin = json!({"sub": "rep-1"});
    login(&town, &idp, &provider, &thin).refused(401, "sso_refused");
    idp.world().user_info = rep();
    login(&town, &idp, &provider, &thin).ok();
}
