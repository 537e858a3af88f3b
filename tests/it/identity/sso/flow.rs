//! There and back: the state, the code, and what is kept of them.
use super::super::{refresh, with};
use super::{finish, login, prove, rep, start};
use crate::support::idp::{Idp, SECRET, person};
use crate::support::{Person, Town, Value, json, make};

#[test]
fn who_comes_back_from_a_provider_is_in() {
    let (town, idp) = (Town::start(), Idp::start());
    prove(&town, Person::Rep);
    let provider = idp.provider(&town.owner(), json!({}));
    let begun = start(&town, &provider);
    assert_eq!(begun.header("cache-control"), "no-store");
    let begun = begun.ok();
    let url = make::id(&begun, "authorization_url");
    for part in
        ["response_type=code", "code_challenge_method=S256", "nonce=", "scope=openid+email+profile", "sso-callback"]
    {
        assert!(url.contains(part), "{part}: {url}");
    }
    // what finishes it is in no address
    assert!(!url.contains(&make::id(&begun, "state")), "{url}");
    let mut back = idp.come_back(&begun, &rep());
    back["device"] = json!("Test");
    let answer = finish(&town, &back);
    assert_eq!(answer.header("cache-control"), "no-store");
    let tokens = answer.ok();
    let me = with(&town, &tokens).get("/v1/me").ok();
    assert_eq!((&me["user"]["id"], &me["session"]["device"]), (&json!(town.user(Person::Rep)), &json!("Test")));
    refresh(&town, &make::id(&tokens, "refresh_token")).ok();
    // by the subject from then on, whatever the address is by now
    let moved = json!({"sub": "rep-1", "email": "elsewhere@nowhere.example", "email_verified": false});
    let again = with(&town, &login(&town, &idp, &provider, &moved).ok());
    assert_eq!(again.get("/v1/me").ok()["user"]["id"], json!(town.user(Person::Rep)));
    let mine = again.get("/v1/me/identities").ok();
    assert_eq!((&mine["data"][0]["subject"], &mine["data"][1]), (&json!("rep-1"), &Value::Null));
    assert!(mine["data"][0]["last_used_at"].is_string(), "{mine}");
    assert_eq!(idp.asked("/.well-known/openid-configuration"), 1, "it is remembered");
    assert_eq!(idp.asked("/jwks"), 1);
}

#[test]
fn a_state_is_good_once_for_a_while_and_for_its_own() {
    let (town, idp, other) = (Town::start(), Idp::start(), Idp::start());
    prove(&town, Person::Rep);
    let (owner, foreigner) = (town.owner(), town.client(Person::Foreigner));
    let provider = idp.provider(&owner, json!({}));
    let back = idp.come_back(&start(&town, &provider).ok(), &rep());
    finish(&town, &back).ok();
    finish(&town, &back).refused(422, "sso_state_invalid");
    // used up by a failure as well
    let mut wrong = idp.come_back(&start(&town, &provider).ok(), &rep());
    let code = std::mem::replace(&mut wrong["code"], json!("nonsense"));
    finish(&town, &wrong).refused(401, "sso_refused");
    wrong["code"] = code;
    finish(&town, &wrong).refused(422, "sso_state_invalid");
    let late = idp.come_back(&start(&town, &provider).ok(), &rep());
    town.database.run("UPDATE sso_logins SET expires_at = now() - interval '1 second'");
    finish(&town, &late).refused(422, "sso_state_invalid");
    // a code of another provider, of another tenant, and of another login
    for (of, to) in [(&other, other.provider(&owner, json!({}))), (&idp, idp.provider(&foreigner, json!({})))] {
        let code = of.log_in(&start(&town, &to).ok(), &rep());
        let begun = start(&town, &provider).ok();
        finish(&town, &json!({"code": code, "state": begun["state"]})).refused(401, "sso_refused");
    }
    let code = idp.log_in(&start(&town, &provider).ok(), &rep());
    let begun = start(&town, &provider).ok();
    // the verifier is that of another
    finish(&town, &json!({"code": code, "state": begun["state"]})).refused(401, "sso_refused");
    // what the address says is not what finishes it
    let begun = start(&town, &provider).ok();
    let url = make::id(&begun, "authorization_url");
    let told = url.split("&state=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let code = idp.log_in(&begun, &rep());
    for state in [told.as_str(), "", "x", "gxs_", &make::id(&begun, "state")[..80]] {
        finish(&town, &json!({"code": code, "state": state})).refused(422, "sso_state_invalid");
    }
    let hashes = "SELECT count(*) FROM sso_logins WHERE length(hash) = 32";
    assert_eq!(town.database.count(hashes), town.database.count("SELECT count(*) FROM sso_logins"));
}

#[test]
fn of_many_who_come_back_at_once_one_comes_in() {
    let (town, idp) = (Town::start(), Idp::start());
    let provider = idp.provider(&town.owner(), json!({"is_welcoming": true}));
    let back = idp.come_back(&start(&town, &provider).ok(), &person("new", "new@town.example"));
    let there = &town;
    let come = |backs: &[Value]| -> Vec<u16> {
        std::thread::scope(|scope| {
            let all: Vec<_> = backs.iter().map(|back| scope.spawn(move || finish(there, back).status)).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        })
    };
    let same = come(&vec![back; 4]);
    assert_eq!(same.iter().filter(|status| **status == 200).count(), 1, "{same:?}");
    // several of the same person for the first time make one user
    let newer = person("newer", "newer@town.example");
    let backs: Vec<Value> = (0..4).map(|_| idp.come_back(&start(&town, &provider).ok(), &newer)).collect();
    assert_eq!(come(&backs), [200; 4]);
    assert_eq!(town.database.count("SELECT count(*) FROM users WHERE email = 'newer@town.example'"), 1);
    assert_eq!(town.database.count("SELECT count(*) FROM sso_identities WHERE subject = 'newer'"), 1);
}

/// RFC 9207.
#[test]
fn an_answer_of_another_provider_is_refused() {
    let (town, idp) = (Town::start(), Idp::start());
    prove(&town, Person::Rep);
    idp.world().metadata = json!({"authorization_response_iss_parameter_supported": true});
    let provider = idp.provider(&town.owner(), json!({}));
    let come = |iss: Value| {
        let back = idp.come_back(&start(&town, &provider).ok(), &rep());
        finish(&town, &make::with(back, json!({"iss": iss})))
    };
    come(json!("https://attacker.example.net")).refused(401, "sso_refused");
    come(Value::Null).refused(401, "sso_refused");
    assert_eq!(idp.asked("/token"), 0);
    come(json!(idp.issuer())).ok();
}

/// Neither the secret nor what a login is finished with stands anywhere but where it has to.
#[test]
fn secrets_are_told_to_nobody() {
    let (town, idp) = (Town::start(), Idp::start());
    prove(&town, Person::Rep);
    let owner = town.owner();
    let made = owner.post(
        "/v1/sso-providers",
        json!({"name": "x", "issuer": idp.issuer(), "client_id": "guanxi",
        "client_secret": SECRET, "domains": ["town.example"]}),
    );
    let provider = made.created();
    let path = format!("/v1/sso-providers/{}", make::id(&provider, "id"));
    let begun = start(&town, &provider).ok();
    let back = idp.come_back(&begun, &rep());
    let pending = town.database.column("SELECT nonce || ' ' || verifier FROM sso_logins");
    finish(&town, &back).ok();
    let patched = owner.patch(&path, json!({"client_secret": format!("{SECRET}2")}));
    patched.ok();
    owner.patch(&path, json!({"client_secret": ["x"]})).refused(422, "invalid");
    owner.patch(&path, json!({"client_secret": ""})).refused(422, "invalid");
    for answer in [made, patched, owner.get(&path), owner.get("/v1/sso-providers")] {
        assert!(!answer.text().contains("canary"), "{}", answer.text());
    }
    let told: Vec<&str> = pending[0].split(' ').chain([SECRET, back["state"].as_str().unwrap()]).collect();
    for table in [
        "sso_providers",
        "sso_identities",
        "sso_logins",
        "event_log",
        "audit_log",
        "jobs",
        "idempotency_keys",
        "sessions",
    ] {
        for word in &told {
            let found = town.database.count(&format!("SELECT count(*) FROM {table} t WHERE t::text LIKE '%{word}%'"));
            assert_eq!(found, 0, "{table} holds {word}");
        }
    }
    login(&town, &idp, &provider, &rep()).refused(503, "sso_unavailable");
    owner.patch(&path, json!({"client_secret": SECRET})).ok();
    login(&town, &idp, &provider, &rep()).ok();
    idp.world().metadata = json!({"token_endpoint_auth_methods_supported": ["client_secret_post"]});
    let by_form = Town::start();
    prove(&by_form, Person::Rep);
    login(&by_form, &idp, &idp.provider(&by_form.owner(), json!({})), &rep()).ok();
}
