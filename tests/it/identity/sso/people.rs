//! Who somebody becomes: the first time by an address that both sides have proved, from then on by their subject.
use super::super::{out_soon, tokens, with};
use super::{counts, finish, login, prove, rep, start};
use crate::support::idp::{Idp, person};
use crate::support::{Client, Person, Town, Value, json, make};

fn linked(idp: &Idp, provider: &Value, client: &Client, claims: &Value) -> crate::support::Answer {
    let begun = client.post(&format!("/v1/sso-providers/{}/link", make::id(provider, "id")), json!({})).ok();
    client.post("/v1/me/identities", idp.come_back(&begun, claims))
}

fn in_session(town: &Town, person: Person) -> Client {
    with(town, &tokens(town, person))
}

#[test]
fn who_is_not_proved_on_both_sides_does_not_come_in_by_an_address() {
    let (town, idp) = (Town::start(), Idp::start());
    let provider = idp.provider(&town.owner(), json!({"is_welcoming": true, "role_id": town.role("read_only")}));
    let before = counts(&town);
    // an account that somebody has made here with the address of a stranger
    login(&town, &idp, &provider, &rep()).refused(403, "sso_user_unverified");
    prove(&town, Person::Rep);
    for verified in [json!(false), json!(null), json!("true"), json!(1)] {
        let claims = make::with(rep(), json!({"email_verified": verified}));
        login(&town, &idp, &provider, &claims).refused(403, "sso_email_unverified");
    }
    login(&town, &idp, &provider, &json!({"sub": "rep-1"})).refused(403, "sso_email_unverified");
    for email in [
        "rep@elsewhere.example",
        "rep@sub.town.example",
        "rep@town.example.net",
        "rep@xtown.example",
        "rep@town.example@x",
        "town.example",
        "@town.example",
        "a b@town.example",
        "rep@town.example\u{0}",
    ] {
        let claims = person("rep-1", email);
        let answer = login(&town, &idp, &provider, &claims);
        assert_eq!(answer.status, 403, "{email}: {}", answer.text());
    }
    assert_eq!(before, counts(&town));
    login(&town, &idp, &provider, &make::with(rep(), json!({"email": "REP@Town.Example"}))).ok();
    assert_eq!(counts(&town), [before[0], before[1] + 1, before[2] + 1]);
}

/// An address that the provider has given to somebody else does not make them who had it.
#[test]
fn an_address_that_has_changed_hands_opens_nothing() {
    let (town, idp) = (Town::start(), Idp::start());
    prove(&town, Person::Rep);
    prove(&town, Person::Mate);
    let provider = idp.provider(&town.owner(), json!({}));
    login(&town, &idp, &provider, &rep()).ok();
    let successor = make::with(rep(), json!({"sub": "rep-2"}));
    login(&town, &idp, &provider, &successor).refused(409, "sso_identity_taken");
    // who has the subject is who they are, even with the address of another
    let moved = make::with(rep(), json!({"email": Person::Mate.email()}));
    let me = with(&town, &login(&town, &idp, &provider, &moved).ok()).get("/v1/me").ok();
    assert_eq!(me["user"]["id"], json!(town.user(Person::Rep)));
}

#[test]
fn who_is_not_known_is_made_where_the_provider_may() {
    let (town, idp) = (Town::start(), Idp::start());
    let owner = town.owner();
    let closed = idp.provider(&owner, json!({}));
    let new = person("new", "New.One@town.example");
    let before = counts(&town);
    login(&town, &idp, &closed, &new).refused(403, "sso_user_unknown");
    assert_eq!(before, counts(&town));
    let open = idp.provider(&owner, json!({"is_welcoming": true, "role_id": town.role("read_only")}));
    let client = with(&town, &login(&town, &idp, &open, &new).ok());
    let me = client.get("/v1/me").ok();
    assert_eq!(
        (&me["user"]["email"], &me["user"]["display_name"]),
        (&json!("new.one@town.example"), &json!("Some One"))
    );
    assert!(me["user"]["email_verified_at"].is_string() && me["roles"][0]["builtin"] == "read_only", "{me}");
    client.get("/v1/contacts").ok();
    client.post("/v1/contacts", json!({"display_name": "x"})).refused(403, "forbidden");
    // has no password that could be guessed
    let guess = json!({"email": "new.one@town.example", "password": ""});
    town.anonymous().post("/v1/auth/login", guess).refused(401, "invalid_credentials");
    let without = idp.provider(&owner, json!({"is_welcoming": true}));
    let nobody = with(&town, &login(&town, &idp, &without, &person("no", "no@town.example")).ok());
    nobody.get("/v1/contacts").refused(403, "forbidden");
    let strange =
        json!({"sub": "strange", "email": "strange@town.example", "email_verified": true, "name": "a\u{0}\n\u{7}"});
    let me = with(&town, &login(&town, &idp, &without, &strange).ok()).get("/v1/me").ok();
    assert_eq!(me["user"]["display_name"], "a");
}

#[test]
fn who_is_suspended_or_archived_stays_out() {
    let (town, idp) = (Town::start(), Idp::start());
    prove(&town, Person::Rep);
    prove(&town, Person::Mate);
    let owner = town.owner();
    let provider = idp.provider(&owner, json!({"is_welcoming": true}));
    let path = |person| format!("/v1/users/{}", town.user(person));
    let inside = with(&town, &login(&town, &idp, &provider, &rep()).ok());
    owner.patch(&path(Person::Rep), json!({"is_active": false})).ok();
    out_soon(&inside, "/v1/me", 401);
    let before = counts(&town);
    login(&town, &idp, &provider, &rep()).refused(403, "sso_user_unknown");
    owner.delete(&path(Person::Rep)).is(204);
    login(&town, &idp, &provider, &rep()).refused(403, "sso_user_unknown");
    // and is not made anew, whatever they are called there
    login(&town, &idp, &provider, &make::with(rep(), json!({"sub": "rep-2"}))).refused(403, "sso_user_unknown");
    // nor who has never come in by it
    owner.patch(&path(Person::Mate), json!({"is_active": false})).ok();
    login(&town, &idp, &provider, &person("mate", &Person::Mate.email())).refused(403, "sso_user_unknown");
    // a program logs in nowhere
    let program = json!({"email": "program@town.example", "display_name": "x", "kind": "service"});
    owner.post("/v1/users", program).created();
    login(&town, &idp, &provider, &person("program", "program@town.example")).refused(403, "sso_user_unknown");
    let after = counts(&town);
    assert_eq!((before[0] + 1, before[1], before[2]), (after[0], after[1], after[2]));
}

#[test]
fn who_is_logged_in_links_and_unlinks_themselves() {
    let (town, idp) = (Town::start(), Idp::start());
    let (owner, client) = (town.owner(), in_session(&town, Person::Rep));
    let provider = idp.provider(&owner, json!({}));
    // of another domain, and not verified: they have shown that they are both
    let claims = json!({"sub": "rep-1", "email": "private@elsewhere.example"});
    let made = linked(&idp, &provider, &client, &claims).ok();
    assert_eq!(linked(&idp, &provider, &client, &claims).ok()["id"], made["id"], "again is no news");
    login(&town, &idp, &provider, &claims).ok();
    let mate = in_session(&town, Person::Mate);
    linked(&idp, &provider, &mate, &claims).refused(409, "sso_identity_taken");
    let second = json!({"sub": "rep-2"});
    linked(&idp, &provider, &client, &second).refused(409, "sso_identity_taken");
    // what was begun by one, or to log in, is finished by no other and for nothing else
    let begin =
        |client: &Client| client.post(&format!("/v1/sso-providers/{}/link", make::id(&provider, "id")), json!({})).ok();
    let back = idp.come_back(&begin(&client), &second);
    mate.post("/v1/me/identities", &back).refused(422, "sso_state_invalid");
    finish(&town, &back).refused(422, "sso_state_invalid");
    let to_log_in = idp.come_back(&start(&town, &provider).ok(), &second);
    mate.post("/v1/me/identities", to_log_in).refused(422, "sso_state_invalid");
    // who they are there is seen by themselves, and by those who look after logins
    let path = format!("/v1/users/{}/identities", town.user(Person::Rep));
    assert_eq!(owner.get(&path).ids(), client.get("/v1/me/identities").ids());
    mate.get(&path).refused(403, "forbidden");
    town.client(Person::Foreigner).get(&path).refused(404, "not_found");
    let own = format!("/v1/me/identities/{}", make::id(&made, "id"));
    mate.delete(&own).refused(404, "not_found");
    client.delete(&own).is(204);
    client.delete(&own).refused(404, "not_found");
    login(&town, &idp, &provider, &claims).refused(403, "sso_email_unverified");
    // by others only where they hold all that the user holds
    let made = linked(&idp, &provider, &client, &claims).ok();
    let one = format!("{path}/{}", make::id(&made, "id"));
    mate.delete(&one).refused(403, "forbidden");
    town.client(Person::Admin).delete(&one).is(204);
    let of_owner = linked(&idp, &provider, &owner, &json!({"sub": "owner"})).ok();
    let one = format!("/v1/users/{}/identities/{}", town.user(Person::Owner), make::id(&of_owner, "id"));
    town.client(Person::Admin).delete(&one).refused(403, "beyond_own_rights");
}

/// It would come by a way in that outlasts it.
#[test]
fn a_key_is_nobody_at_a_provider() {
    let (town, idp) = (Town::start(), Idp::start());
    let owner = town.owner();
    let provider = idp.provider(&owner, json!({}));
    let made = linked(&idp, &provider, &owner, &json!({"sub": "owner"})).ok();
    let key = owner.post("/v1/api-keys", json!({"name": "x", "scopes": ["*"]})).created();
    let program = town.anonymous().bearing(make::id(&key, "key"));
    program.post(&format!("/v1/sso-providers/{}/link", make::id(&provider, "id")), json!({})).refused(403, "forbidden");
    program.post("/v1/me/identities", json!({"code": "x", "state": "x"})).refused(403, "forbidden");
    program.delete(&format!("/v1/me/identities/{}", make::id(&made, "id"))).refused(403, "forbidden");
}

/// A second factor of this house is asked for, unless the provider is believed about its own.
#[test]
fn a_second_factor_is_asked_for_unless_the_provider_vouches_for_one() {
    let (town, idp) = (Town::start(), Idp::start());
    prove(&town, Person::Rep);
    prove(&town, Person::Mate);
    let owner = town.owner();
    let plain = idp.provider(&owner, json!({}));
    let trusted = idp.provider(&owner, json!({"second_factor_claims": ["mfa", "urn:two"]}));
    town.database.run(&format!(
        "INSERT INTO factors (tenant_id, id, user_id, kind, name, confirmed_at, created_at, updated_at)
         SELECT tenant_id, gen_random_uuid(), id, 'totp', 'x', now(), now(), now() FROM users WHERE id IN ('{}', '{}')",
        town.user(Person::Rep),
        town.user(Person::Owner)
    ));
    let strong = make::with(rep(), json!({"amr": ["pwd", "mfa"]}));
    let refused = login(&town, &idp, &plain, &strong);
    assert!(refused.refused(401, "second_factor_required")["challenge"].is_string());
    assert!(!refused.text().contains("access_token"));
    for weak in [json!({"amr": ["pwd"]}), json!({"amr": "mfa"}), json!({"acr": "urn:one"}), json!({})] {
        let answer = login(&town, &idp, &trusted, &make::with(rep(), weak));
        answer.refused(401, "second_factor_required");
    }
    login(&town, &idp, &trusted, &strong).ok();
    login(&town, &idp, &trusted, &make::with(rep(), json!({"acr": "urn:two"}))).ok();
    // where the tenant requires one, somebody without has no rights unless it was vouched for
    owner.patch("/v1/tenant", json!({"require_second_factor": true})).ok();
    let mate = person("mate", &Person::Mate.email());
    let weak = with(&town, &login(&town, &idp, &trusted, &mate).ok());
    weak.get("/v1/contacts").refused(403, "forbidden");
    assert_eq!(weak.get("/v1/me").ok()["lacks_second_factor"], true);
    let tokens = login(&town, &idp, &trusted, &make::with(mate, json!({"amr": ["mfa"]}))).ok();
    let vouched = with(&town, &tokens);
    vouched.get("/v1/contacts").ok();
    let me = vouched.get("/v1/me").ok();
    assert_eq!((&me["lacks_second_factor"], &me["session"]["is_vouched"]), (&json!(false), &json!(true)));
    let next = super::super::refresh(&town, &make::id(&tokens, "refresh_token")).ok();
    with(&town, &next).get("/v1/contacts").ok();
}
