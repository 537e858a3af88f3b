//! What is done on a known version: every operation that says so reads If-Match, what is stale changes nothing, and a
//! tenant may require that there is one.
use super::ids::make_one;
use super::picture::Picture;
use super::{call, filled, is_open, of_nobody, walk};
use crate::support::{Client, Operation, Person, Town, json, make};

/// A version that no record of a test comes to.
const NONE: i32 = 999;

fn takes_if_match(one: &Operation) -> bool {
    one.parameters("header").iter().any(|one| one["name"] == "If-Match")
}

/// It may make the record, which has no version yet.
fn is_upsert(one: &Operation) -> bool {
    one.id.starts_with("upsert_")
}

fn writing(client: &Client) -> Vec<Operation> {
    walk(client).into_iter().filter(|one| one.writes() && !is_open(one)).collect()
}

fn with_a_purge(one: &Operation, path: &str) -> Option<String> {
    let purges = one.parameters("query").iter().any(|one| one["name"] == "purge");
    purges.then(|| format!("{path}{}purge=true", if path.contains('?') { '&' } else { '?' }))
}

#[test]
fn a_door_reads_the_version_where_the_document_says_so() {
    let town = Town::idle();
    let owner = town.owner().with("if-match", "nonsense");
    let mut told = 0;
    for one in writing(&town.owner()).iter().filter(|one| one.id != "logout") {
        let answer = call(&owner, one, &of_nobody(one));
        let read = answer.status == 400 && answer.text().contains("If-Match takes");
        assert_eq!(read, takes_if_match(one), "{}: {} {}", one.name(), answer.status, answer.text());
        told += usize::from(read);
    }
    assert!(told > 100, "{told}");
}

/// With a purge and without, of what is there and of what is archived.
#[test]
fn a_stale_deletion_changes_nothing() {
    let town = Town::idle();
    let owner = town.owner();
    let stale = owner.if_match(NONE);
    let (mut walked, mut purged) = (0, 0);
    for one in writing(&owner).iter().filter(|one| one.method == "DELETE" && takes_if_match(one)) {
        let path = filled(one, |segment, _| make_one(&owner, segment, &one.name()).id);
        let purge = with_a_purge(one, &path);
        let refused = |path: &str| {
            let before = Picture::of(&town);
            let problem = stale.delete(path).refused(412, "stale");
            assert!(problem["conflicts"].is_object(), "{}: {problem}", one.name());
            assert_eq!(before.differs(&Picture::of(&town)), Vec::<&str>::new(), "{}", one.name());
        };
        refused(&path);
        purge.iter().for_each(|purge| refused(purge));
        let gone = owner.delete(&path);
        assert!(gone.status < 300, "{}: {} {}", one.name(), gone.status, gone.text());
        walked += 1;
        if let Some(purge) = &purge {
            refused(purge);
            owner.delete(purge).is(204);
            purged += 1;
        }
    }
    assert!(walked > 40 && purged > 20, "{walked}, {purged}");
}

#[test]
fn a_tenant_may_require_the_version_of_what_is_changed() {
    let town = Town::idle();
    let owner = town.owner();
    assert_eq!(owner.get("/v1/tenant").ok()["requires_if_match"], false);
    owner.patch("/v1/tenant", json!({"requires_if_match": true})).ok();
    assert_eq!(owner.get("/v1/tenant").ok()["requires_if_match"], true);
    let mut walked = 0;
    for one in &writing(&owner) {
        let is_required = takes_if_match(one) && !is_upsert(one);
        assert_eq!(one.spec["responses"]["428"].is_object(), is_required, "{}", one.name());
        if is_required {
            call(&owner, one, &of_nobody(one)).refused(428, "precondition_required");
            walked += 1;
        }
    }
    assert!(walked > 90, "{walked}");
}

#[test]
fn whoever_says_a_version_is_let_by() {
    let town = Town::idle();
    let owner = town.owner();
    let key = json!({"name": "shop", "scopes": ["contacts:read", "contacts:update"]});
    let key = town.anonymous().bearing(make::id(&owner.post("/v1/api-keys", key).created(), "key"));
    let contact = make::contact(&owner, json!({}));
    let path = format!("/v1/contacts/{}", make::id(&contact, "id"));
    let change = || json!({"job_title": crate::support::fresh("Job ")});
    key.patch(&path, change()).ok();
    owner.patch("/v1/tenant", json!({"requires_if_match": true})).ok();
    for client in [&owner, &key] {
        client.patch(&path, change()).refused(428, "precondition_required");
    }
    owner.delete(&path).refused(428, "precondition_required");
    key.if_match(2).patch(&path, change()).ok();
    key.if_match(2).patch(&path, change()).refused(412, "stale");
    owner.with("if-match", "*").patch(&path, change()).ok();
    let id = make::id(&contact, "id");
    let late = json!({"items": [{"op": "update", "id": id, "data": change()},
        {"op": "update", "id": id, "if_match": 4, "data": change()}]});
    let results = owner.post("/v1/contacts/batch", late).json()["results"].clone();
    assert_eq!((&results[0]["status"], &results[1]["status"]), (&json!(428), &json!(200)), "{results:#}");
    assert_eq!(results[0]["problem"]["errors"][0]["pointer"], "/if_match");
    // what may make a record asks for nothing
    owner.put("/v1/contacts/by/ext:shop/1", json!({"display_name": "Ada"})).created();
    owner.put("/v1/contacts/by/ext:shop/1", change()).ok();
    // nor does another tenant
    let foreigner = town.client(Person::Foreigner);
    let theirs = make::contact(&foreigner, json!({}));
    foreigner.patch(&format!("/v1/contacts/{}", make::id(&theirs, "id")), change()).ok();
    owner.patch("/v1/tenant", json!({"requires_if_match": false})).refused(428, "precondition_required");
    owner.if_match(2).patch("/v1/tenant", json!({"requires_if_match": false})).ok();
    owner.patch(&path, change()).ok();
}
