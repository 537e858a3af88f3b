//! Who may say who vouches for people, and what a page for logging in is told.
use super::super::with;
use super::{finish, login, prove, rep, start};
use crate::support::idp::{Idp, SECRET};
use crate::support::{Person, Town, Value, fresh, json, make, nobodys_id};

fn new(idp: &Idp) -> Value {
    json!({"name": "x", "issuer": idp.issuer(), "client_id": "guanxi", "domains": ["town.example"]})
}

/// Whoever sets up a provider could have themselves vouched for as the owner.
#[test]
fn nobody_sets_up_a_provider_to_come_by_more_than_they_hold() {
    let (town, idp) = (Town::start(), Idp::start());
    let rights: Vec<(&str, &str, &str)> = ["create", "read", "update", "delete"]
        .into_iter()
        .flat_map(|action| [("sso_provider", action, "all"), ("role", action, "all"), ("user", action, "all")])
        .chain([("role", "assign", "all"), ("contact", "read", "all")])
        .collect();
    let (owner, holder, admin) = (town.owner(), make::holder(&town, &rights), town.client(Person::Admin));
    let key = owner.post("/v1/api-keys", json!({"name": "x", "scopes": ["sso-providers:*", "roles:*"]})).created();
    let program = town.anonymous().bearing(make::id(&key, "key"));
    let provider = idp.provider(&owner, json!({}));
    let path = format!("/v1/sso-providers/{}", make::id(&provider, "id"));
    for client in [&holder, &admin, &program] {
        for extra in [json!({}), json!({"role_id": town.role("owner"), "is_welcoming": true})] {
            client.post("/v1/sso-providers", make::with(new(&idp), extra)).refused(403, "beyond_own_rights");
        }
        for patch in [
            json!({"client_id": "mine"}),
            json!({"client_secret": "mine"}),
            json!({"client_secret": null}),
            json!({"domains": ["town.example", "other.example"]}),
            json!({"redirect_uris": ["https://attacker.example.net/"]}),
            json!({"second_factor_claims": ["pwd"]}),
            json!({"is_welcoming": true}),
            json!({"role_id": town.role("owner")}),
            json!({"role_id": null}),
            json!({"scopes": ["openid"]}),
            json!({"name": "x"}),
            json!({"is_active": true}),
            json!({"is_active": false, "role_id": town.role("owner")}),
        ] {
            client.patch(&path, &patch).refused(403, "beyond_own_rights");
        }
    }
    assert_eq!(owner.get(&path).ok(), provider);
    // to shut one is to give nobody anything
    holder.patch(&path, json!({"is_active": false})).ok();
    holder.patch(&path, json!({"is_active": true})).refused(403, "beyond_own_rights");
    owner.patch(&path, json!({"is_active": true, "role_id": town.role("owner"), "is_welcoming": true})).ok();
    for person in [Person::Manager, Person::Rep, Person::ReadOnly, Person::Nobody] {
        let client = town.client(person);
        client.get(&path).refused(403, "forbidden");
        client.get("/v1/sso-providers").refused(403, "forbidden");
        client.delete(&path).refused(403, "forbidden");
    }
    let unknown = make::with(new(&idp), json!({"role_id": nobodys_id()}));
    owner.post("/v1/sso-providers", unknown).refused(422, "unknown_reference");
    let role = make::role(&owner, &[("contact", "read", "own")]);
    owner.patch(&path, json!({"role_id": role["id"]})).ok();
    owner.delete(&format!("/v1/roles/{}?purge=true", make::id(&role, "id"))).refused(409, "in_use");
    let foreigner = town.client(Person::Foreigner);
    foreigner.get(&path).refused(404, "not_found");
    foreigner.patch(&path, json!({"is_active": false})).refused(404, "not_found");
    foreigner.post(&format!("{path}/link"), json!({})).refused(404, "not_found");
    admin.delete(&path).is(204);
}

#[test]
fn a_provider_that_is_shut_ends_nothing_but_further_logins() {
    let (town, idp) = (Town::start(), Idp::start());
    prove(&town, Person::Rep);
    let owner = town.owner();
    let provider = idp.provider(&owner, json!({}));
    let path = format!("/v1/sso-providers/{}", make::id(&provider, "id"));
    let tokens = login(&town, &idp, &provider, &rep()).ok();
    let under_way = idp.come_back(&start(&town, &provider).ok(), &rep());
    let inside = with(&town, &tokens);
    owner.patch(&path, json!({"is_active": false})).ok();
    finish(&town, &under_way).refused(422, "sso_state_invalid");
    start(&town, &provider).refused(404, "not_found");
    inside.get("/v1/me").ok();
    super::super::refresh(&town, &make::id(&tokens, "refresh_token")).ok();
    owner.patch(&path, json!({"is_active": true})).ok();
    login(&town, &idp, &provider, &rep()).ok();
    owner.delete(&path).is(204);
    owner.get(&path).refused(404, "not_found");
    start(&town, &provider).refused(404, "not_found");
    for table in ["sso_providers", "sso_provider_secrets", "sso_identities", "sso_logins"] {
        assert_eq!(town.database.count(&format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }
    inside.get("/v1/me").ok();
    // it is ended like any other
    inside.act("/v1/auth/logout").is(204);
    super::super::out_soon(&inside, "/v1/me", 401);
}

#[test]
fn browsers_are_sent_back_to_where_the_tenant_says_and_nowhere_else() {
    let (town, idp) = (Town::start(), Idp::start());
    prove(&town, Person::Rep);
    let own = "https://crm.town.example/callback";
    let provider = idp.provider(&town.owner(), json!({"redirect_uris": [own, "http://localhost:5173/cb?x=1"]}));
    let path = format!("/v1/auth/sso/{}/start", make::id(&provider, "id"));
    let ask = |address: &str| town.anonymous().post(&path, json!({"redirect_uri": address}));
    for good in [own, "http://localhost:5173/cb?x=1", "https://app.town.example/sso-callback"] {
        ask(good).ok();
    }
    for bad in [
        "https://attacker.example.net/",
        "https://crm.town.example/callback/",
        "https://crm.town.example/callback?x",
        "https://crm.town.example/callback#x",
        "https://crm.town.example/callback/../x",
        "https://CRM.town.example/callback",
        "https://crm.town.example:443/callback",
        "http://crm.town.example/callback",
        "https://app.town.example/",
        "",
        "x",
        "https://crm.town.example/callback@attacker.example.net",
        "javascript:alert(1)",
    ] {
        assert_eq!(ask(bad).refused(422, "invalid")["errors"][0]["pointer"], "/redirect_uri", "{bad}");
    }
    let begun = ask(own).ok();
    finish(&town, &idp.come_back(&begun, &rep())).ok();
    assert_eq!(idp.asked("/.well-known/openid-configuration"), 1, "whoever is refused has nobody asked");
}

#[test]
fn settings_that_cannot_be_meant_are_refused() {
    let (town, idp) = (Town::start(), Idp::start());
    let owner = town.owner();
    for (member, values) in [
        (
            "issuer",
            vec![
                "",
                "x",
                "http://10.0.0.1",
                "https://169.254.169.254",
                "https://[::1]:1",
                "https://user@login.example.com",
                "ftp://login.example.com",
                "https://login.example.com/?x",
                "https://login.example.com/#x",
                "https://sso.invalid",
            ],
        ),
        ("name", vec!["", " "]),
        ("client_id", vec!["", " "]),
    ] {
        for value in values {
            let answer = owner.post("/v1/sso-providers", make::with(new(&idp), json!({member: value})));
            assert_eq!(answer.refused(422, "invalid")["errors"][0]["pointer"], format!("/{member}"), "{value}");
        }
    }
    for (member, values) in [
        (
            "domains",
            vec![
                json!([]),
                json!(["x"]),
                json!(["*"]),
                json!(["*.town.example"]),
                json!(["@town.example"]),
                json!([""]),
            ],
        ),
        (
            "redirect_uris",
            vec![
                json!(["http://crm.town.example/"]),
                json!(["x"]),
                json!(["https://a.example/#x"]),
                json!(["https://*.example/"]),
            ],
        ),
        ("scopes", vec![json!([]), json!(["email"]), json!(["openid", "a b"]), json!(["openid", ""])]),
        ("second_factor_claims", vec![json!(["a b"]), json!([""])]),
        ("client_secret", vec![json!(""), json!("x".repeat(501))]),
    ] {
        for value in values {
            let answer = owner.post("/v1/sso-providers", make::with(new(&idp), json!({member: value})));
            assert_eq!(answer.refused(422, "invalid")["errors"][0]["pointer"], format!("/{member}"), "{value}");
        }
    }
    owner.patch(&format!("/v1/sso-providers/{}", nobodys_id()), json!({"issuer": "x"})).refused(422, "invalid");
    // a house that allows no nets speaks by TLS alone
    let strict = Town::configured(|config| config.outbound = platform::outbound::Settings::default());
    for issuer in [idp.issuer().as_str(), "http://login.example.com", "https://login.example.com:22"] {
        strict
            .owner()
            .post("/v1/sso-providers", make::with(new(&idp), json!({"issuer": issuer})))
            .refused(422, "invalid");
    }
    let public = make::with(new(&idp), json!({"issuer": "https://login.town.example.com"}));
    strict.owner().post("/v1/sso-providers", public).created();
}

#[test]
fn a_page_for_logging_in_learns_its_buttons_and_nobodys_address() {
    let (town, idp) = (Town::start(), Idp::start());
    let (owner, anybody) = (town.owner(), town.anonymous());
    let provider = idp.provider(&owner, json!({"domains": ["town.example", "town.example.net"]}));
    let shut = idp.provider(&owner, json!({"is_active": false}));
    let theirs = idp.provider(&town.client(Person::Foreigner), json!({"domains": ["door.example"]}));
    let tenant = owner.get("/v1/tenant").ok()["id"].clone();
    let of = |query: &str| anybody.get(&format!("/v1/auth/sso/providers{query}"));
    let known = of(&format!("?email={}", Person::Rep.email()));
    assert_eq!(known.ids(), [make::id(&provider, "id")]);
    assert_eq!(known.ok(), of("?email=nobody.at.all@Town.Example").ok());
    assert_eq!(known.ok(), of(&format!("?tenant={}", tenant.as_str().unwrap())).ok());
    assert!(!known.text().contains("issuer") && !known.text().contains(&make::id(&shut, "id")), "{}", known.text());
    assert_eq!(of("?email=x@door.example").ids(), [make::id(&theirs, "id")]);
    for nobody in ["?email=x@elsewhere.example", &format!("?tenant={}", nobodys_id()), ""] {
        assert_eq!(of(nobody).ids(), Vec::<String>::new(), "{nobody}");
    }
    for bad in [
        "?email=x",
        "?email=x@",
        "?email=",
        "?tenant=x",
        "?email=a@b.example&tenant=",
        &format!("?email=a@b.example&tenant={}", nobodys_id()),
    ] {
        of(bad).refused(400, "unknown_parameter");
    }
}

#[test]
fn a_provider_is_changed_on_a_known_version_and_recorded() {
    let (town, idp) = (Town::start(), Idp::start());
    let owner = town.owner();
    let provider = idp.provider(&owner, json!({}));
    let path = format!("/v1/sso-providers/{}", make::id(&provider, "id"));
    owner.if_match(1).patch(&path, json!({"name": "Other", "client_secret": SECRET})).ok();
    owner.if_match(1).patch(&path, json!({"name": fresh("x")})).refused(412, "stale");
    let names = town.database.column("SELECT name FROM event_log WHERE name LIKE 'sso_provider.%' ORDER BY id");
    assert_eq!(names, ["sso_provider.created", "sso_provider.updated"]);
    let rows = town.database.count("SELECT count(*) FROM audit_log WHERE object_id = (SELECT id FROM sso_providers)");
    assert_eq!(rows, 2);
    // what has expired goes
    start(&town, &provider).ok();
    let mut conn = town.database.conn();
    identity::Identity::clear_away(&mut conn, kernel::clock::now()).unwrap();
    assert_eq!(town.database.count("SELECT count(*) FROM sso_logins"), 1);
    identity::Identity::clear_away(&mut conn, kernel::clock::now() + chrono::Duration::minutes(11)).unwrap();
    assert_eq!(town.database.count("SELECT count(*) FROM sso_logins"), 0);
}
