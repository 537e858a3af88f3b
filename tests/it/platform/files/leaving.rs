//! With a record that is gone for good, and with whoever is erased, go their files.
use super::{file, objects, path};
use crate::support::{Town, json, make};

#[test]
fn a_record_that_is_purged_takes_its_files_along() {
    let town = Town::start();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({}));
    let (id, attached) = (make::id(&contact, "id"), json!({"resource": "contact", "record_id": contact["id"]}));
    let gone = file(&town, &owner, "gone.txt", b"words", attached);
    let kept = file(&town, &owner, "kept.txt", b"words", json!({}));
    owner.delete(&format!("/v1/contacts/{id}?purge=true")).is(204);
    owner.get(&path(&gone)).refused(404, "not_found");
    owner.get(&path(&kept)).ok();
    assert_eq!(town.database.count("SELECT count(*) FROM files"), 1);
    let told = owner.get(&format!("/v1/audit-logs?object_id={}", make::id(&gone, "id"))).each("action");
    assert!(told.contains(&"file.purged".to_owned()), "{told:?}");
}

#[test]
fn whoever_is_erased_takes_their_files_along() {
    let town = Town::start();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({"email": "ada@kestrel.example"}));
    let attached = json!({"resource": "contact", "record_id": contact["id"]});
    file(&town, &owner, "kestrel passport.txt", b"kestrel", attached.clone());
    super::announced(&owner, "kestrel pending.txt", 5, attached);
    // somebody else's, whose name speaks of them
    file(&town, &owner, "from ada@kestrel.example.txt", b"kestrel", json!({}));
    let kept = file(&town, &owner, "swallow.txt", b"swallow", json!({}));
    let document = crate::privacy::told(&owner, "access", "contact", &make::id(&contact, "id")).to_string();
    assert!(document.contains("kestrel passport.txt") && !document.contains("swallow"), "{document}");
    crate::privacy::erased(&owner, "contact", &make::id(&contact, "id"));
    assert_eq!(owner.get("/v1/files").ids(), [make::id(&kept, "id")]);
    assert_eq!(objects(&town).len(), 1, "{:?}", objects(&town));
    for table in ["files", "event_log", "audit_log", "idempotency_keys"] {
        let left = format!("SELECT count(*) FROM {table} AS t WHERE t::text LIKE '%kestrel%'");
        assert_eq!(town.database.count(&left), 0, "{table}");
    }
}
