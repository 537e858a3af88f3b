//! Who is somebody already: accounts of people are compared as people, and with those alone.
use super::{at, of, whose};
use crate::customer::scans::{open, scan};
use crate::support::{Town, Value, json, make};
use std::collections::BTreeSet;

#[test]
fn who_is_there_already_is_told() {
    let town = Town::start();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({"display_name": "王伟", "email": "wei@example.cn"}));
    let new = of(json!({"display_name": "王小伟", "email": "WEI@example.cn"}));
    for query in ["", "?duplicates=allow"] {
        let refused = owner.post(&format!("/v1/accounts{query}"), &new).refused(409, "contact_email_taken");
        assert_eq!(refused["existing"][0]["id"], contact["id"], "the contact, whose account it may be");
    }
    assert_eq!(owner.post("/v1/accounts/duplicates", &new).ok(), json!([]), "who is no account is none of them");
    let account = owner.post("/v1/accounts", json!({"person_id": contact["id"]})).created();
    let found = owner.post("/v1/accounts/duplicates", &new).ok();
    assert_eq!(found, json!([{"id": account["id"], "match_rule": "email", "score": 100}]));
    let same = json!({"display_name": "Ada", "phone": "+4930123456"});
    let first = owner.post("/v1/accounts", of(same.clone())).created();
    let refused = owner.post("/v1/accounts", of(same.clone())).refused(409, "duplicate");
    assert_eq!(refused["existing"][0]["id"], first["person_id"]);
    let second = owner.post("/v1/accounts?duplicates=allow", of(same)).created();
    assert_ne!(second["person_id"], first["person_id"]);
    // an organisation is nobody, whatever it is called
    owner.post("/v1/accounts", json!({"name": "Ada"})).created();
    assert_eq!(owner.post("/v1/accounts/duplicates", json!({"name": "王伟"})).ok(), json!([]));
}

#[test]
fn those_that_are_probably_one_are_people_or_organisations() {
    let town = Town::start();
    let owner = town.owner();
    let phone = "+8613800138000";
    let [one, two] = [1, 2].map(|_| make::person(&owner, json!({"display_name": "王伟", "phone": phone})));
    make::account(&owner, json!({"name": "王伟", "phone": phone, "email": "shared@x.example"}));
    let three = make::person(&owner, json!({"display_name": "李娜", "email": "shared@x.example"}));
    // reached there too, as their contact says
    let points = json!([{"kind": "email", "value": "shared@x.example"}]);
    let four = make::person(&owner, json!({"display_name": "Katharina", "contact_points": points}));
    scan(&owner, "account");
    let pair = |a: &Value, b: &Value, member: &str| BTreeSet::from([make::id(a, member), make::id(b, member)]);
    let found = |owner| -> Vec<BTreeSet<String>> {
        let pairs = open(owner);
        pairs.iter().map(|one| BTreeSet::from([make::id(one, "record_id"), make::id(one, "other_id")])).collect()
    };
    let mut all = found(&owner);
    all.sort();
    let mut wanted = vec![pair(&one, &two, "id"), pair(&three, &four, "id")];
    wanted.sort();
    assert_eq!(all, wanted);
    scan(&owner, "contact");
    assert_eq!(found(&owner).len(), 4, "and so are their contacts");
    // what becomes one here has become one there
    owner.post(&format!("{}/merge", at(&one)), json!({"sources": [two["id"]]})).ok();
    assert_eq!(owner.get(&whose(&two)).is(301)["merged_into"], one["person_id"]);
    assert_eq!(found(&owner).len(), 2);
}
