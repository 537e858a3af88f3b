//! Who sees an address and what of it, and where it goes when its owner becomes one with another or is erased.
use super::{at, parents, path, place};
use crate::customer::without;
use crate::privacy::{erased, told};
use crate::support::{Person, Town, Value, encoded, json, make};

#[test]
fn an_address_does_not_tell_what_is_hidden_of_it() {
    let town = Town::start();
    let owner = town.owner();
    for (name, parent) in parents(&owner) {
        let noun = format!("{}_address", name.trim_end_matches('s'));
        let one =
            make::address(&owner, name, &parent, json!({"raw_text": "南京东路100号, 上海", "phone": "+49 30 123456"}));
        let client =
            without(&town, &[(&noun, "street", "hidden"), (&noun, "phone", "hidden"), (&noun, "city", "read")]);
        for read in [
            path(name, &one),
            place(name, &parent),
            format!("{}?include=addresses", at(name, &parent)),
            format!("{}/360", at(name, &parent)),
            format!("/v1/{}-addresses", name.trim_end_matches('s')),
        ] {
            let answer = client.get(&read);
            answer.ok();
            assert!(!answer.text().contains("南京东路") && !answer.text().contains("+49"), "{}", answer.text());
            assert!(answer.text().contains("黄浦区"), "{}", answer.text());
        }
        let filter = encoded("addresses.exists(a, a.street == \"南京东路100号\")");
        client.get(&format!("/v1/{name}?filter={filter}")).refused(400, "filter_unknown_field");
        for body in [json!({"street": "x"}), json!({"raw_text": "x"}), json!({"city": "x"}), json!({"phone": null})] {
            client.patch(&path(name, &one), body).refused(422, "invalid");
        }
        client.patch(&path(name, &one), json!({"detail": "6楼"})).ok();
        let now = owner.get(&path(name, &one)).ok();
        assert_eq!((&now["street"], &now["detail"]), (&one["street"], &json!("6楼")));
    }
}

#[test]
fn who_does_not_see_the_owner_sees_no_address_of_it() {
    let town = Town::start();
    let owner = town.owner();
    for (name, parent) in parents(&owner) {
        let one = make::address(&owner, name, &parent, json!({}));
        let list = format!("/v1/{}-addresses", name.trim_end_matches('s'));
        for person in [Person::Rep, Person::Foreigner] {
            let client = town.client(person);
            client.get(&path(name, &one)).refused(404, "not_found");
            client.get(&place(name, &parent)).refused(404, "not_found");
            client.patch(&path(name, &one), json!({"label": "x"})).refused(404, "not_found");
            client.delete(&path(name, &one)).refused(404, "not_found");
            let new = json!({"kind": "home", "country": "CN", "city": "x"});
            client.post(&place(name, &parent), new).refused(404, "not_found");
            assert_eq!(client.get(&list).ids(), Vec::<String>::new(), "{person:?}");
        }
        let reader = town.client(Person::ReadOnly);
        assert_eq!(reader.get(&path(name, &one)).ok(), one);
        reader.patch(&path(name, &one), json!({"label": "x"})).refused(403, "forbidden");
        reader.delete(&path(name, &one)).refused(403, "forbidden");
        owner.delete(&at(name, &parent)).is(204);
        owner.get(&path(name, &one)).refused(404, "not_found");
        owner.act(&format!("{}/restore", at(name, &parent))).ok();
        assert_eq!(owner.get(&path(name, &one)).ok(), one, "what is archived comes back with its parts");
    }
}

#[test]
fn addresses_follow_what_becomes_one_and_go_back() {
    let town = Town::idle();
    let owner = town.owner();
    for ((name, winner), (_, loser)) in parents(&owner).into_iter().zip(parents(&owner)) {
        let add = |parent: &Value, label: &str| {
            make::address(&owner, name, parent, json!({"label": label, "is_primary": true}))
        };
        let (ours, theirs) = (add(&winner, "ours"), add(&loser, "theirs"));
        let merged = owner.post(&format!("{}/merge", at(name, &winner)), json!({"sources": [loser["id"]]})).ok();
        let all = owner.get(&place(name, &winner)).ok();
        assert_eq!((&all[0]["id"], &all[0]["is_primary"]), (&ours["id"], &json!(true)));
        assert_eq!((&all[1]["id"], &all[1]["is_primary"]), (&theirs["id"], &json!(false)), "the winner's is primary");
        owner.act(&format!("/v1/merges/{}/undo", make::id(&merged, "merge_id"))).ok();
        assert_eq!(owner.get(&place(name, &winner)).ok(), json!([ours]));
        let back = owner.get(&place(name, &loser)).ok();
        assert_eq!((&back[0]["id"], &back[0]["is_primary"]), (&theirs["id"], &json!(true)));
        assert_eq!(back.as_array().map(Vec::len), Some(1));
    }
}

#[test]
fn an_address_is_told_to_whom_it_is_about_and_goes_with_them() {
    let town = Town::start();
    let owner = town.owner();
    for (name, parent) in parents(&owner) {
        let (kind, id) = (name.trim_end_matches('s'), make::id(&parent, "id"));
        make::address(&owner, name, &parent, json!({"recipient": "zqcanary", "raw_text": "zqcanary street"}));
        let document = told(&owner, "access", kind, &id).to_string();
        assert!(document.contains("zqcanary street") && document.contains("南京东路100号"), "{document}");
        erased(&owner, kind, &id);
        assert_eq!(town.database.count(&format!("SELECT count(*) FROM {kind}_addresses")), 0);
    }
}
