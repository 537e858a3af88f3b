//! Somebody who is an account: a contact, and the account that is theirs.
mod alone;
mod coming;
mod files;
mod known;
mod life;
mod mirror;
mod seen;

use crate::support::{Client, Person, Town, Value, encoded, json, make};

/// Living accounts that are somebody's and say other than that.
pub const OTHERWISE: &str =
    "SELECT count(*) FROM accounts a JOIN contacts c ON (c.tenant_id, c.id) = (a.tenant_id, a.person_id)
    WHERE a.deleted_at IS NULL AND (a.name, a.email, a.phone, a.phone_text, a.owner_id, a.team_id, a.lifecycle_stage)
    IS DISTINCT FROM (c.display_name, c.email, c.phone, c.phone_text, c.owner_id, c.team_id, c.lifecycle_stage)";

fn at(account: &Value) -> String {
    format!("/v1/accounts/{}", make::id(account, "id"))
}

/// Where the contact is whose account it is.
fn whose(account: &Value) -> String {
    format!("/v1/contacts/{}", make::id(account, "person_id"))
}

fn of(person: Value) -> Value {
    json!({"person": person})
}

#[track_caller]
fn is_one(town: &Town) {
    assert_eq!(town.database.count(OTHERWISE), 0, "an account says other than the contact whose it is");
}

#[test]
fn somebody_new_is_a_contact_and_an_account() {
    let town = Town::start();
    let owner = town.owner();
    let home = json!({"kind": "home", "country": "cn", "city": "上海市", "is_primary": true});
    let person = json!({"given_name": "伟", "family_name": "王", "email": "Wei@Example.CN", "phone": "+86 138 0013 8000",
        "lifecycle_stage": "customer", "team_id": town.team("north"), "addresses": [home]});
    let billing = json!({"kind": "billing", "country": "CN", "city": "北京市"});
    let new = json!({"person": person, "rating": "hot", "description": "VIP", "addresses": [billing]});
    let account = owner.post("/v1/accounts", new).created();
    let contact = owner.get(&whose(&account)).ok();
    assert_eq!((&account["is_person"], &account["person_id"]), (&json!(true), &contact["id"]));
    let same = ["email", "phone", "phone_text", "owner_id", "team_id", "lifecycle_stage"];
    let said = |one: &Value, name: &str| {
        same.iter().all(|field| one[*field] == contact[*field]) && one[name] == contact["display_name"]
    };
    assert!(said(&account, "name"), "{account} {contact}");
    assert_eq!((&account["name"], &account["email"]), (&json!("王伟"), &json!("wei@example.cn")));
    assert_eq!((&account["phone"], &account["phone_text"]), (&json!("+8613800138000"), &json!("+86 138 0013 8000")));
    assert_eq!((&account["rating"], &account["description"]), (&json!("hot"), &json!("VIP")));
    assert_eq!((&contact["description"], &contact["account_id"]), (&Value::Null, &Value::Null));
    let cities = |path: String| owner.get(&format!("{path}/addresses")).ok()[0]["city"].clone();
    assert_eq!((cities(at(&account)), cities(whose(&account))), (json!("北京市"), json!("上海市")));
    let shown = owner.get(&format!("{}?include=person", at(&account))).ok();
    assert_eq!(shown["person"]["id"], contact["id"]);
    make::account(&owner, json!({"name": "Acme"}));
    let list = |query: &str| owner.get(&format!("/v1/accounts?{query}")).each("name");
    assert_eq!(list(&format!("filter={}", encoded("is_person"))), ["王伟"]);
    assert_eq!(list(&format!("filter={}", encoded("person.email == \"wei@example.cn\""))), ["王伟"]);
    assert_eq!(list("sort=-is_person"), ["王伟", "Acme"]);
    assert_eq!(list(&format!("q={}", encoded("王伟"))), ["王伟"]);
    is_one(&town);
}

#[test]
fn a_contact_that_is_there_becomes_an_account_once() {
    let town = Town::start();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({"email": "ada@example.com"}));
    let account = owner.post("/v1/accounts", json!({"person_id": contact["id"]})).created();
    assert_eq!((&account["name"], &account["email"]), (&contact["display_name"], &json!("ada@example.com")));
    let again = owner.post("/v1/accounts?duplicates=allow", json!({"person_id": contact["id"]}));
    assert_eq!(again.refused(409, "account_person_taken")["existing"][0]["id"], account["id"]);
    // an archived one is theirs all the same
    town.database.run("UPDATE accounts SET deleted_at = now()");
    let again = owner.post("/v1/accounts", json!({"person_id": contact["id"]}));
    assert_eq!(again.refused(409, "account_person_taken")["existing"][0]["id"], account["id"]);
    for unknown in [make::contact(&town.client(Person::Foreigner), json!({}))["id"].clone(), account["id"].clone()] {
        let refused = owner.post("/v1/accounts", json!({"person_id": unknown}));
        refused.refused(422, "unknown_reference");
        assert_eq!(refused.pointers(), ["/person_id"]);
    }
}

#[test]
fn fifty_who_make_a_contact_an_account_make_one() {
    let town = Town::start();
    let contact = make::contact(&town.owner(), json!({}));
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let one = |_| {
            let (client, id) = (town.owner(), contact["id"].clone());
            scope.spawn(move || client.post("/v1/accounts", json!({"person_id": id})).status)
        };
        let threads: Vec<_> = (0..50).map(one).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 409).count(), 49, "{statuses:?}");
    assert_eq!(town.database.count("SELECT count(*) FROM accounts"), 1);
}

#[test]
fn what_does_not_fit_somebody_is_told_all_at_once() {
    let town = Town::start();
    let owner = town.owner();
    let parent = make::account(&owner, json!({}));
    let beside = json!({"name": "x", "email": "x@example.com", "phone": "+4930123456", "lifecycle_stage": "lead",
        "owner_id": town.user(Person::Owner), "legal_name": "x", "industry": "x", "website": "https://x.example",
        "tax_number": "x", "employee_count": 1, "annual_revenue": {"amount": "1.00", "currency": "EUR"},
        "parent_id": parent["id"]});
    let refused = owner.post("/v1/accounts", make::with(of(json!({"display_name": "Ada"})), beside.clone()));
    let mut named: Vec<(String, String)> = refused.refused(422, "invalid")["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| (make::id(error, "pointer"), make::id(error, "code")))
        .collect();
    named.sort();
    let mut wanted: Vec<(String, String)> = beside
        .as_object()
        .unwrap()
        .keys()
        .map(|name| {
            let theirs = ["name", "email", "phone", "lifecycle_stage", "owner_id"].contains(&name.as_str());
            (format!("/{name}"), if theirs { "person" } else { "organisation" }.to_owned())
        })
        .collect();
    wanted.sort();
    assert_eq!(named, wanted);
    let wrong = json!({"person": {"email": "nobody", "addresses": [{"kind": "castle", "country": "CN"}]},
        "addresses": [{"kind": "home", "country": "XX", "city": "x"}], "rating": "lukewarm"});
    let mut pointers = owner.post("/v1/accounts", wrong).pointers();
    pointers.sort();
    let wanted =
        ["/addresses/0/country", "/person/addresses/0", "/person/addresses/0/kind", "/person/email", "/rating"];
    assert_eq!(pointers, wanted);
    assert_eq!(owner.post("/v1/accounts", json!({})).pointers(), ["/name"]);
    let both = json!({"person": {"display_name": "x"}, "person_id": parent["id"]});
    assert_eq!(owner.post("/v1/accounts", both).pointers(), ["/person_id"]);
    assert_eq!(town.database.count("SELECT count(*) FROM contacts"), 0, "nothing of it was kept");
}

#[test]
fn nobody_stands_above_or_below_somebody() {
    let town = Town::start();
    let owner = town.owner();
    let (person, account) = (make::person(&owner, json!({})), make::account(&owner, json!({})));
    for refused in [
        owner.post("/v1/accounts", json!({"name": "x", "parent_id": person["id"]})),
        owner.patch(&at(&account), json!({"parent_id": person["id"]})),
    ] {
        assert_eq!(refused.refused(422, "invalid")["errors"][0]["code"], "person");
        assert_eq!(refused.pointers(), ["/parent_id"]);
    }
    let below = owner.patch(&at(&person), json!({"parent_id": account["id"], "industry": "tea", "website": null}));
    let mut pointers = below.pointers();
    pointers.sort();
    assert_eq!(pointers, ["/industry", "/parent_id"], "what is nothing may be said");
    owner.patch(&at(&person), json!({"parent_id": null, "rating": "hot"})).ok();
}

#[test]
fn a_batch_and_an_upsert_make_somebody_too() {
    let town = Town::start();
    let owner = town.owner();
    let items = json!([{"op": "create", "data": of(json!({"display_name": "Ada", "email": "ada@example.com"}))},
        {"op": "create", "data": of(json!({"email": "no address"}))},
        {"op": "create", "data": {"name": "Acme"}}]);
    let done = owner.post("/v1/accounts/batch", json!({"items": items})).is(207);
    let statuses: Vec<&Value> = done["results"].as_array().unwrap().iter().map(|one| &one["status"]).collect();
    assert_eq!(statuses, [201, 422, 201]);
    assert_eq!(done["results"][1]["problem"]["errors"][0]["pointer"], "/person/email");
    let by = |body: Value| owner.put("/v1/accounts/by/ext:shop/7", body);
    let made = by(of(json!({"display_name": "Eve", "email": "eve@example.com"}))).created();
    assert_eq!((&made["is_person"], &made["name"]), (&json!(true), &json!("Eve")));
    let changed = by(json!({"rating": "hot", "email": "eva@example.com"})).ok();
    assert_eq!((&changed["id"], &changed["email"]), (&made["id"], &json!("eva@example.com")));
    assert_eq!(owner.get(&whose(&made)).ok()["email"], "eva@example.com");
    is_one(&town);
}

fn rights<'a>(contact: &[&'a str], account: &[&'a str]) -> Vec<(&'a str, &'a str, &'a str)> {
    let of = |noun: &'static str, verbs: &[&'a str]| verbs.iter().map(|verb| (noun, *verb, "all")).collect::<Vec<_>>();
    [of("contact", contact), of("account", account)].concat()
}

/// Somebody who may do this with contacts, and that with accounts.
fn somebody(town: &Town, contact: &[&str], account: &[&str]) -> Client {
    make::holder(town, &rights(contact, account))
}

#[test]
fn whoever_makes_somebody_may_make_contacts() {
    let town = Town::start();
    let account = ["read", "create", "update"];
    let ada = json!({"display_name": "Ada"});
    let contact = make::contact(&town.owner(), json!({}));
    let blind = somebody(&town, &[], &account);
    blind.post("/v1/accounts", of(ada.clone())).refused(403, "forbidden");
    blind.post("/v1/accounts", json!({"person_id": contact["id"]})).refused(422, "unknown_reference");
    let reader = somebody(&town, &["read"], &account);
    reader.post("/v1/accounts", of(ada.clone())).refused(403, "forbidden");
    reader.post("/v1/accounts", json!({"person_id": contact["id"]})).refused(403, "forbidden");
    assert_eq!(town.database.count("SELECT count(*) FROM accounts"), 0);
    let clerk = somebody(&town, &["read", "create", "update"], &account);
    clerk.post("/v1/accounts", of(ada)).created();
    // whose it is follows from whose the contact is
    let account = clerk.post("/v1/accounts", json!({"person_id": contact["id"]})).created();
    assert_eq!(account["owner_id"], contact["owner_id"]);
}
