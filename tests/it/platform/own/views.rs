//! Saved views: made by those who like them, seen by those they are for, and never more than what is seen anyway.
use super::field;
use crate::support::{Person, Town, json, make};

#[test]
fn a_list_takes_a_view() {
    let town = Town::idle();
    // a view may leave members out
    let owner = town.owner().sparse();
    for (name, city) in [("b", "Bonn"), ("a", "Bonn"), ("c", "Ulm")] {
        make::account(&owner, json!({"name": name, "city": city, "industry": name}));
    }
    let view = json!({"object": "account", "name": "In Bonn", "filter": "city == \"Bonn\"", "sort": "name", "fields": "id,name"});
    let view = owner.post("/v1/views", view).created();
    let id = make::id(&view, "id");
    let page = owner.get(&format!("/v1/accounts?view_id={id}"));
    assert_eq!(page.each("name"), ["a", "b"]);
    assert_eq!(page.ok()["data"][0].as_object().unwrap().len(), 2);
    assert_eq!(owner.get(&format!("/v1/accounts?view_id={id}&sort=-name&fields=name,city")).each("name"), ["b", "a"]);
    assert_eq!(owner.get(&format!("/v1/accounts?view_id={id}&filter=industry%20%3D%3D%20%22a%22")).each("name"), ["a"]);
    let paged = owner.walk(&format!("/v1/accounts?view_id={id}&limit=1"));
    assert_eq!(paged.len(), 2);
    let first = owner.get(&format!("/v1/accounts?view_id={id}&limit=1")).ok();
    let cursor = first["page"]["next_cursor"].as_str().unwrap();
    owner.get(&format!("/v1/accounts?cursor={cursor}&limit=1")).refused(400, "cursor_mismatch");
    for path in [
        format!("/v1/contacts?view_id={id}"),
        "/v1/accounts?view_id=nonsense".into(),
        format!("/v1/accounts?view_id={}", crate::support::nobodys_id()),
    ] {
        owner.get(&path).refused(400, "unknown_parameter");
    }
}

#[test]
fn a_view_says_what_can_be_asked() {
    let town = Town::idle();
    let owner = town.owner().sparse();
    let post = |object: &str, member: &str, text: &str| {
        owner.post("/v1/views", json!({"object": object, "name": "x", member: text}))
    };
    for (object, member, text, pointer) in [
        ("ghost", "sort", "name", "/object"),
        ("account", "filter", "nonsense ==", "/filter"),
        ("account", "filter", "ghost == 1", "/filter"),
        ("account", "sort", "ghost", "/sort"),
        ("account", "sort", "a,b,c,d,e", "/sort"),
        ("account", "fields", "name,ghost", "/fields"),
    ] {
        let answer = post(object, member, text);
        answer.refused(422, "invalid");
        assert_eq!(answer.pointers()[0], pointer, "{text}");
    }
    // what it names may go: then it says so
    let region = field(&owner, "account", "area", "text", json!({}));
    let view = json!({"object": "account", "name": "x", "filter": "custom.area == \"n\"", "sort": "custom.area", "fields": "id,custom.area"});
    let view = owner.post("/v1/views", view).created();
    let list = format!("/v1/accounts?view_id={}", make::id(&view, "id"));
    owner.get(&list).ok();
    owner.delete(&format!("/v1/metadata/objects/account/fields/{}", make::id(&region, "id"))).is(204);
    owner.get(&list).refused(422, "view_broken");
    owner
        .patch(&format!("/v1/views/{}", make::id(&view, "id")), json!({"filter": null, "sort": null, "fields": null}))
        .ok();
    owner.get(&list).ok();
}

#[test]
fn a_view_is_seen_by_those_it_is_for() {
    let town = Town::idle();
    let (owner, rep, other) = (town.owner(), town.client(Person::Rep), town.client(Person::Foreigner));
    let make_one = |client: &crate::support::Client, extra: crate::support::Value| {
        let view = make::with(json!({"object": "contact", "name": "v"}), extra);
        make::id(&client.post("/v1/views", view).created(), "id")
    };
    let (private, public) = (make_one(&owner, json!({})), make_one(&owner, json!({"is_public": true})));
    let path = |id: &str| format!("/v1/views/{id}");
    rep.get(&path(&private)).refused(404, "not_found");
    rep.get(&path(&public)).ok();
    rep.get(&format!("/v1/contacts?view_id={public}")).ok();
    rep.get(&format!("/v1/contacts?view_id={private}")).refused(400, "unknown_parameter");
    rep.patch(&path(&public), json!({"name": "mine"})).refused(403, "forbidden");
    other.get(&path(&public)).refused(404, "not_found");
    let share = json!({"resource": "view", "record_id": private, "user_id": town.user(Person::Rep), "access": "read"});
    owner.post("/v1/shares", share).created();
    rep.get(&path(&private)).ok();
    // one default an owner
    let (one, two) = (make_one(&rep, json!({"is_default": true})), make_one(&rep, json!({"is_default": true})));
    let default = |id: &str| rep.get(&path(id)).ok()["is_default"].clone();
    assert_eq!((default(&one), default(&two)), (json!(false), json!(true)));
}
