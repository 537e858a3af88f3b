//! A request with an `Idempotency-Key` is carried out once, whatever happens on the way.
mod crowds;
pub mod deaths;
mod refusals;
mod secrets;

use crate::support::{Answer, Client, Person, Town, json, make};

/// A key that nothing else in this run has.
pub fn keyed(client: &Client) -> Client {
    client.with("idempotency-key", crate::support::nobodys_id())
}

/// The second answer is the first, and says so.
#[track_caller]
pub fn is_replay(first: &Answer, second: &Answer) {
    assert_eq!(first.header("idempotency-replayed"), "", "{}", first.request);
    assert_eq!(second.header("idempotency-replayed"), "true", "{} answered {}", second.request, second.text());
    assert_eq!((first.status, first.text()), (second.status, second.text()), "{}", first.request);
    for header in ["etag", "location", "content-type", "content-language"] {
        assert_eq!(first.header(header), second.header(header), "{header} of {}", first.request);
    }
}

#[test]
fn a_request_that_is_sent_again_gets_the_same_answer_and_changes_nothing() {
    let town = Town::start();
    let owner = keyed(&town.owner());
    let new = json!({"display_name": "Ada", "email": "ada@example.com"});
    let first = owner.post("/v1/contacts", &new);
    let id = make::id(&first.created(), "id");
    // the address is taken by now: whoever comes again does not get to know that as a fault
    is_replay(&first, &owner.post("/v1/contacts", &new));
    assert_eq!(town.database.count("SELECT count(*) FROM contacts"), 1);
    assert_eq!(town.database.count("SELECT count(*) FROM event_log WHERE name = 'contact.created'"), 1);
    let path = format!("/v1/contacts/{id}");
    let patch = keyed(&town.owner()).if_match(1);
    let changed = patch.patch(&path, json!({"job_title": "Countess"}));
    assert_eq!(changed.ok()["version"], 2);
    is_replay(&changed, &patch.patch(&path, json!({"job_title": "Countess"})));
    let delete = keyed(&town.owner());
    let deleted = delete.delete(&path);
    deleted.is(204);
    is_replay(&deleted, &delete.delete(&path));
    town.owner().get(&path).refused(404, "not_found");
}

#[test]
fn several_writes_of_one_request_are_one() {
    let town = Town::start();
    let owner = keyed(&town.owner());
    let item = |name: &str| json!({"op": "create", "ref": name, "data": {"name": name, "tax_number": "DE123456789"}});
    let batch = json!({"items": [item("One"), item("Two"), item("Three")]});
    let first = owner.post("/v1/accounts/batch", &batch);
    first.is(207);
    is_replay(&first, &owner.post("/v1/accounts/batch", &batch));
    assert_eq!(town.database.count("SELECT count(*) FROM accounts"), 1);
    let upsert = keyed(&town.owner());
    let made = upsert.put("/v1/accounts/by/ext:erp/7", json!({"name": "Seven"}));
    made.created();
    is_replay(&made, &upsert.put("/v1/accounts/by/ext:erp/7", json!({"name": "Seven"})));
}

/// A form is the same by its parts, wherever it is parted.
#[test]
fn a_file_that_is_sent_again_is_one_import() {
    let town = Town::idle();
    let owner = keyed(&town.owner());
    let send = |edge: &str, file: &str| {
        let part =
            |head: &str, text: &str| format!("--{edge}\r\nContent-Disposition: form-data; {head}\r\n\r\n{text}\r\n");
        let mapping = json!({"resource": "contacts", "columns": {"Name": "display_name"}}).to_string();
        let body = part("name=\"mapping\"", &mapping) + &part("name=\"file\"; filename=\"a.csv\"", file);
        let body = body + &format!("--{edge}--\r\n");
        owner.raw("POST", "/v1/imports", Some((&format!("multipart/form-data; boundary={edge}"), body.into_bytes())))
    };
    let first = send("one", "Name\nAda\n");
    first.is(202);
    is_replay(&first, &send("two", "Name\nAda\n"));
    send("one", "Name\nBob\n").refused(422, "idempotency_key_reused");
    assert_eq!(town.database.count("SELECT count(*) FROM imports"), 1);
    assert_eq!(town.database.count("SELECT count(*) FROM jobs"), 1);
    let files = std::fs::read_dir(town.data_dir.path().join("files/imports")).unwrap().count();
    assert_eq!(files, 1, "the second file is gone again");
}

#[test]
fn a_key_is_its_senders_own() {
    let town = Town::start();
    let owner = town.owner();
    let made = owner.post("/v1/api-keys", json!({"name": "x", "scopes": ["*"]})).created();
    let program = town.anonymous().bearing(make::id(&made, "key"));
    let all = [owner, town.client(Person::Rep), town.client(Person::Foreigner), program];
    for (n, client) in all.iter().enumerate() {
        let new = json!({"name": format!("Account of {n}")});
        let client = client.with("idempotency-key", "the-same");
        let first = client.post("/v1/accounts", &new);
        first.created();
        is_replay(&first, &client.post("/v1/accounts", &new));
    }
    assert_eq!(town.database.count("SELECT count(*) FROM accounts"), 4);
}

/// What a request brings about beside the database waits until it is kept.
#[test]
fn rights_that_are_given_hold_at_once() {
    let town = Town::start();
    let (owner, nobody) = (town.owner(), town.client(Person::Nobody));
    nobody.get("/v1/contacts").refused(403, "forbidden");
    let path = format!("/v1/users/{}/roles/{}", town.user(Person::Nobody), town.role("read_only"));
    keyed(&owner).put(&path, json!({})).ok();
    nobody.get("/v1/contacts").ok();
    keyed(&owner).delete(&path).ok();
    nobody.get("/v1/contacts").refused(403, "forbidden");
}

#[test]
fn only_who_sends_a_key_pays_for_it() {
    let town = Town::watched();
    let owner = town.owner();
    make::product(&owner, json!({}));
    let create = |client: &Client| town.statements(|| drop(make::product(client, json!({}))));
    let plain = create(&owner);
    let with_key = create(&keyed(&owner));
    assert!(plain.iter().all(|said| !said.contains("idempotency_keys")), "{plain:#?}");
    // begin, lock, look, keep, commit; and a savepoint where there was a transaction
    assert_eq!(with_key.len(), plain.len() + 5, "{plain:#?} {with_key:#?}");
}
