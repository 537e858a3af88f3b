//! Files: announced, put, completed, fetched; by whom; what comes of lies, of links that are none, of full disks and of
//! servers that die; in a folder and in a bucket.
mod bucket;
mod hostile;
mod leaving;
mod links;
mod seeing;
mod trouble;
pub mod whole;

use crate::support::{Answer, Client, Town, Value, json, make};
use sha2::{Digest, Sha256};

pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Announces a file of so many bytes.
#[track_caller]
pub fn announced(client: &Client, name: &str, size: usize, extra: Value) -> Value {
    client.post("/v1/files", make::with(json!({"name": name, "size": size}), extra)).created()
}

/// Puts bytes where a link says, without a token.
pub fn put(town: &Town, announced: &Value, bytes: &[u8]) -> Answer {
    let url = announced["upload"]["url"].as_str().unwrap();
    town.anonymous().raw("PUT", url, Some(("application/octet-stream", bytes.to_vec())))
}

pub fn path(file: &Value) -> String {
    format!("/v1/files/{}", make::id(file, "id"))
}

/// A file that is ready.
#[track_caller]
pub fn file(town: &Town, client: &Client, name: &str, bytes: &[u8], extra: Value) -> Value {
    let made = announced(client, name, bytes.len(), extra);
    put(town, &made, bytes).is(204);
    client.act(&format!("{}/complete", path(&made))).ok()
}

/// A link to what it holds.
#[track_caller]
pub fn link(client: &Client, file: &Value) -> String {
    let answer = client.get(&format!("{}/download", path(file)));
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.ok()["url"].as_str().unwrap().to_owned()
}

/// All that stands in the folder of a town.
pub fn objects(town: &Town) -> Vec<std::path::PathBuf> {
    let folder = town.data_dir.path().join("files/objects");
    let tenants = std::fs::read_dir(folder).unwrap().flatten();
    tenants.flat_map(|tenant| std::fs::read_dir(tenant.path()).unwrap().flatten().map(|one| one.path())).collect()
}

#[test]
fn a_file_is_announced_put_completed_and_fetched() {
    let town = Town::start();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({}));
    let bytes = b"%PDF-1.7 an offer".repeat(5000);
    let attached = json!({"resource": "contact", "record_id": contact["id"], "sha256": sha256(&bytes)});
    let made = announced(&owner, "报价 (1).pdf", bytes.len(), attached);
    assert_eq!((&made["status"], &made["upload"]["method"]), (&json!("pending"), &json!("PUT")));
    owner.get(&format!("{}/download", path(&made))).refused(409, "file_not_ready");
    owner.act(&format!("{}/complete", path(&made))).refused(409, "file_not_uploaded");
    put(&town, &made, &bytes).is(204);
    put(&town, &made, &bytes).is(204);
    let ready = owner.act(&format!("{}/complete", path(&made))).ok();
    let told = (&ready["status"], &ready["content_type"], &ready["sha256"], &ready["failure"]);
    assert_eq!(told, (&json!("ready"), &json!("application/pdf"), &json!(sha256(&bytes)), &Value::Null));
    put(&town, &made, &bytes).refused(409, "file_not_pending");
    owner.act(&format!("{}/complete", path(&made))).refused(409, "file_not_pending");
    let url = link(&owner, &ready);
    let all = town.anonymous().get(&url);
    assert_eq!((all.status, &all.body), (200, &bytes));
    for (name, value) in [
        ("content-type", "application/octet-stream"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox"),
        ("cache-control", "private, no-store"),
        (
            "content-disposition",
            "attachment; filename=\"__ (1).pdf\"; filename*=UTF-8''%E6%8A%A5%E4%BB%B7%20%281%29.pdf",
        ),
    ] {
        assert_eq!(all.header(name), value, "{name}");
    }
    let part = town.anonymous().with("range", "bytes=5-9").get(&url);
    assert_eq!((part.status, part.body.as_slice()), (206, &bytes[5..10]));
    assert_eq!(part.header("content-range"), format!("bytes 5-9/{}", bytes.len()));
    town.anonymous().with("range", "bytes=99999999-").get(&url).refused(416, "range_not_satisfiable");
    let known = town.anonymous().with("if-none-match", all.header("etag").to_owned()).get(&url);
    assert_eq!((known.status, known.body.len()), (304, 0));
    let noted = owner.get("/v1/audit-logs?filter=action%20%3D%3D%20%22file.downloaded%22").ok();
    assert_eq!(noted["data"][0]["object_id"], ready["id"]);
    let listed = format!("/v1/files?resource=contact&record_id={}&fields=id,name", make::id(&contact, "id"));
    assert_eq!(owner.get(&listed).ids(), [make::id(&ready, "id")]);
    assert_eq!(owner.get("/v1/files").ids(), Vec::<String>::new(), "it is attached");
}

#[test]
fn an_empty_file_is_one_too() {
    let town = Town::start();
    let made = file(&town, &town.owner(), "nothing.txt", b"", json!({"content_type": "text/plain"}));
    assert_eq!((&made["status"], &made["content_type"]), (&json!("ready"), &json!("text/plain")));
    let fetched = town.anonymous().get(&link(&town.owner(), &made));
    assert_eq!((fetched.status, fetched.body.len()), (200, 0));
}

#[test]
fn a_file_is_renamed_archived_restored_and_purged() {
    let town = Town::start();
    let owner = town.owner();
    let made = file(&town, &owner, "a.txt", b"words", json!({}));
    let renamed = owner.if_match(made["version"].as_i64().unwrap()).patch(&path(&made), json!({"name": "wonder.txt"}));
    assert_eq!(renamed.ok()["name"], "wonder.txt");
    owner.if_match(1).patch(&path(&made), json!({"name": "b.txt"})).refused(412, "stale");
    assert_eq!(owner.get("/v1/files?q=wonder").ids(), [make::id(&made, "id")]);
    let url = link(&owner, &made);
    owner.delete(&path(&made)).is(204);
    owner.get(&path(&made)).refused(404, "not_found");
    town.anonymous().get(&url).refused(404, "not_found");
    assert_eq!(owner.get("/v1/files?deleted=only").ids(), [make::id(&made, "id")]);
    owner.act(&format!("{}/restore", path(&made))).ok();
    town.anonymous().get(&url).ok();
    assert_eq!(objects(&town).len(), 1);
    owner.delete(&format!("{}?purge=true", path(&made))).is(204);
    crate::platform::until("the content is gone", || objects(&town).is_empty());
    town.anonymous().get(&url).refused(404, "not_found");
    assert_eq!(town.database.count("SELECT count(*) FROM files"), 0);
}

#[test]
fn what_is_announced_keeps_the_rules() {
    let town = Town::configured(|config| {
        config.files.largest = 1000;
        config.files.quota = 2500;
    });
    let owner = town.owner();
    let all_wrong = json!({"name": "..", "size": -1, "sha256": "x", "content_type": "pdf"});
    let refused = owner.post("/v1/files", all_wrong);
    refused.refused(422, "invalid");
    let mut pointers = refused.pointers();
    pointers.sort();
    assert_eq!(pointers, ["/content_type", "/name", "/sha256", "/size"]);
    let half = owner.post("/v1/files", json!({"name": "x", "size": 1, "resource": "contact"}));
    assert_eq!((half.status, half.pointers()), (422, vec!["/record_id".to_owned()]));
    let of = |resource: &str, id: &str| json!({"name": "x", "size": 1, "resource": resource, "record_id": id});
    for resource in ["share", "file", "nonsense", "contact_point", "user"] {
        let answer = owner.post("/v1/files", of(resource, &crate::support::nobodys_id()));
        assert_eq!((answer.status, answer.pointers()), (422, vec!["/resource".to_owned()]), "{resource}");
    }
    owner.post("/v1/files", of("contact", &crate::support::nobodys_id())).refused(404, "not_found");
    let large = owner.post("/v1/files", json!({"name": "x", "size": 1001}));
    assert_eq!((large.status, large.pointers()), (422, vec!["/size".to_owned()]));
    let one = announced(&owner, "x", 1000, json!({}));
    announced(&owner, "x", 1000, json!({}));
    owner.post("/v1/files", json!({"name": "x", "size": 1000})).refused(409, "file_quota_exceeded");
    announced(&owner, "x", 500, json!({}));
    owner.delete(&format!("{}?purge=true", path(&one))).is(204);
    announced(&owner, "x", 1000, json!({}));
    // what one tenant has is nothing to another
    announced(&town.client(crate::support::Person::Foreigner), "x", 1000, json!({}));
}

/// Fifty who announce at once do not take more than there is.
#[test]
fn the_quota_holds_for_many_at_once() {
    let town = Town::configured(|config| config.files.quota = 1000);
    let owner = town.owner();
    std::thread::scope(|scope| {
        for _ in 0..30 {
            scope.spawn(|| owner.post("/v1/files", json!({"name": "x", "size": 100})).is_one_of(&[201, 409]));
        }
    });
    assert_eq!(town.database.count("SELECT sum(size)::bigint FROM files"), 1000);
}
