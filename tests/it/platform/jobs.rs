//! Work in the background: seen by whose it is, ended on demand.
use super::imports::{ended, upload};
use crate::support::{Person, Town, json, make};

#[test]
fn the_work_of_an_import_can_be_seen() {
    let town = Town::start();
    let owner = town.owner();
    let mapping = json!({"resource": "contacts", "columns": {"Name": "display_name"}});
    let import = upload(&owner, "people.csv", b"Name\nAda\n", &mapping, &[]).is(202);
    let done = ended(&owner, &make::id(&import, "id"));
    let job = owner.get(&format!("/v1/jobs/{}", make::id(&done, "job_id"))).ok();
    assert_eq!(job["status"], "succeeded");
    assert_eq!(owner.get("/v1/jobs").ids(), [make::id(&job, "id")]);
    assert_eq!(owner.get("/v1/imports?sort=-created_at&filter=rows_created%3D%3D1").ids(), [make::id(&import, "id")]);
    let path = format!("/v1/jobs/{}", make::id(&job, "id"));
    town.client(Person::Foreigner).get(&path).refused(404, "not_found");
    owner.act(&format!("{path}/cancel")).is_one_of(&[200, 409]);
}

#[test]
fn an_import_can_be_cancelled_on_the_way() {
    let town = Town::start();
    let owner = town.owner();
    let rows: String = (0..60_000).map(|n| format!("P{n}\n")).collect();
    let mapping = json!({"resource": "contacts", "columns": {"Name": "display_name"}});
    let id = make::id(&upload(&owner, "people.csv", format!("Name\n{rows}").as_bytes(), &mapping, &[]).is(202), "id");
    while owner.get(&format!("/v1/imports/{id}")).ok()["rows_read"].as_i64() == Some(0) {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    owner.act(&format!("/v1/imports/{id}/cancel")).ok();
    let done = ended(&owner, &id);
    assert_eq!(done["status"], "cancelled", "{done}");
    let written = town.database.count("SELECT count(*) FROM contacts");
    assert!(written > 0 && written < 60_000 && done["rows_created"] == written, "{written}: {done}");
}
