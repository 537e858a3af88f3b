//! A file is there for exactly those who see its record, and changed by those who may change it.
use super::{announced, file, link, path, put};
use crate::support::{Person, Town, json, make};

#[test]
fn whoever_sees_the_record_sees_its_files() {
    let town = Town::start();
    let rep = town.client(Person::Rep);
    let contact = make::contact(&rep, json!({"team_id": town.team("north")}));
    let attached = json!({"resource": "contact", "record_id": contact["id"]});
    let made = file(&town, &rep, "offer.txt", b"words", attached.clone());
    let list = format!("/v1/files?resource=contact&record_id={}", make::id(&contact, "id"));
    for (person, sees, changes) in [
        (Person::Owner, true, true),
        (Person::Manager, true, true),
        (Person::Mate, true, false),
        (Person::ReadOnly, true, false),
        (Person::Stranger, false, false),
        (Person::Foreigner, false, false),
    ] {
        let client = town.client(person);
        let status = if sees { 200 } else { 404 };
        for place in [path(&made), format!("{}/download", path(&made)), list.clone()] {
            assert_eq!(client.get(&place).status, status, "{person:?} {place}");
        }
        let patched = client.patch(&path(&made), json!({"name": "offer.txt"}));
        let wanted = if changes {
            200
        } else if sees {
            403
        } else {
            404
        };
        assert_eq!(patched.status, wanted, "{person:?}: {}", patched.text());
        let new = make::with(json!({"name": "x", "size": 1}), attached.clone());
        let status = client.post("/v1/files", new).status;
        assert_eq!(
            status,
            if changes {
                201
            } else if sees {
                403
            } else {
                404
            },
            "{person:?}"
        );
    }
    town.client(Person::Nobody).get(&path(&made)).refused(403, "forbidden");
}

#[test]
fn a_share_and_its_end_are_the_files_too() {
    let town = Town::start();
    let (rep, stranger) = (town.client(Person::Rep), town.client(Person::Stranger));
    let contact = make::contact(&rep, json!({}));
    let made = file(&town, &rep, "offer.txt", b"words", json!({"resource": "contact", "record_id": contact["id"]}));
    let share = json!({"resource": "contact", "record_id": contact["id"], "user_id": town.user(Person::Stranger)});
    let share = make::id(&rep.post("/v1/shares", share).created(), "id");
    let url = link(&stranger, &made);
    town.anonymous().get(&url).ok();
    stranger.patch(&path(&made), json!({"name": "x"})).refused(403, "forbidden");
    rep.patch(&format!("/v1/shares/{share}"), json!({"access": "update"})).ok();
    stranger.patch(&path(&made), json!({"name": "x"})).ok();
    rep.delete(&format!("/v1/shares/{share}")).is(204);
    stranger.get(&path(&made)).refused(404, "not_found");
    // a link that was given before is good for those alone who may still follow it
    town.anonymous().get(&url).refused(404, "not_found");
}

#[test]
fn what_is_attached_to_nothing_is_its_makers_alone() {
    let town = Town::start();
    let rep = town.client(Person::Rep);
    let made = file(&town, &rep, "mine.txt", b"words", json!({}));
    assert_eq!(rep.get("/v1/files").ids(), [make::id(&made, "id")]);
    for person in [Person::Owner, Person::Manager, Person::Mate, Person::Foreigner] {
        let client = town.client(person);
        client.get(&path(&made)).refused(404, "not_found");
        client.get(&format!("{}/download", path(&made))).refused(404, "not_found");
        client.delete(&path(&made)).refused(404, "not_found");
        assert_eq!(client.get("/v1/files?deleted=include").ids(), Vec::<String>::new());
    }
}

/// Products belong to nobody: whoever may read them sees what is attached.
#[test]
fn a_product_has_files_too() {
    let town = Town::start();
    let owner = town.owner();
    let product = make::product(&owner, json!({}));
    let made = file(&town, &owner, "tea.txt", b"words", json!({"resource": "product", "record_id": product["id"]}));
    let rep = town.client(Person::Rep);
    rep.get(&path(&made)).ok();
    rep.patch(&path(&made), json!({"name": "x"})).refused(403, "forbidden");
    owner.delete(&format!("/v1/products/{}", make::id(&product, "id"))).is(204);
    rep.get(&path(&made)).refused(404, "not_found");
}

/// A key that may less than its user gives no link to what it does not see.
#[test]
fn a_key_goes_no_further_than_its_scopes() {
    let town = Town::start();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({}));
    let made = file(&town, &owner, "x.txt", b"words", json!({"resource": "contact", "record_id": contact["id"]}));
    let key = |scopes: crate::support::Value| {
        let key = owner.post("/v1/api-keys", json!({"name": "k", "scopes": scopes})).created();
        town.anonymous().bearing(make::id(&key, "key"))
    };
    key(json!(["files:read"])).get(&path(&made)).refused(404, "not_found");
    key(json!(["contacts:read"])).get(&path(&made)).refused(403, "forbidden");
    key(json!(["files:read", "contacts:read"])).get(&format!("{}/download", path(&made))).ok();
    let pending = announced(&owner, "y", 1, json!({}));
    put(&town, &pending, b"y").is(204);
}
