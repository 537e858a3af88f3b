//! A privacy request goes its way step by step, in time, and each step is kept.
use super::{begin, begun, when};
use crate::support::{Person, Town, Value, json, make};

#[test]
fn a_request_goes_its_way_and_no_other() {
    let town = Town::start();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({}));
    let new = json!({"kind": "rectification", "subject_kind": "contact", "subject_id": contact["id"],
        "requester_name": "Ada", "words": "My name is written with one d", "channel": "letter"});
    let request = owner.post("/v1/privacy-requests", new).created();
    let id = make::id(&request, "id");
    let path = |verb: &str| format!("/v1/privacy-requests/{id}/{verb}");
    assert_eq!(request["status"], "received");
    for early in ["start", "complete", "lift"] {
        let code = if early == "lift" { "privacy_no_restriction" } else { "privacy_wrong_status" };
        owner.act(&path(early)).refused(409, code);
    }
    owner.get(&path("file")).refused(404, "privacy_no_file");
    begin(&owner, &id);
    owner.post(&path("verify"), json!({"how": "again"})).refused(409, "privacy_wrong_status");
    owner.patch(&format!("/v1/contacts/{}", make::id(&contact, "id")), json!({"display_name": "Ada"})).ok();
    let done = owner.act(&path("complete")).ok();
    assert_eq!(done["status"], "completed");
    let names: Vec<&Value> = done["outcome"]["changes"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["contact.updated"]);
    owner.patch(&format!("/v1/privacy-requests/{id}"), json!({"words": "x"})).refused(409, "privacy_wrong_status");
    owner.post(&path("reject"), json!({"reason": "x"})).refused(409, "privacy_wrong_status");
    let steps = owner.get(&path("history")).ok();
    let steps: Vec<&str> = steps.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    let wanted = ["completed", "started", "verified", "created"].map(|step| format!("privacy_request.{step}"));
    assert_eq!(steps, wanted);
    let trail = town.database.count(&format!("SELECT count(*) FROM audit_log WHERE object_id = '{id}'"));
    assert_eq!(trail, 4);
}

#[test]
fn a_request_may_be_rejected_with_a_reason() {
    let town = Town::start();
    let owner = town.owner();
    let id = begun(&owner, "restriction", "contact", &make::id(&make::contact(&owner, json!({})), "id"));
    let path = format!("/v1/privacy-requests/{id}/reject");
    assert_eq!(owner.post(&path, json!({"reason": " "})).refused(422, "invalid")["errors"][0]["pointer"], "/reason");
    let rejected = owner.post(&path, json!({"reason": "asked every week"})).ok();
    assert_eq!((&rejected["status"], &rejected["reason"]), (&json!("rejected"), &json!("asked every week")));
    assert!(!rejected["closed_at"].is_null());
    owner.act(&format!("/v1/privacy-requests/{id}/complete")).refused(409, "privacy_wrong_status");
}

#[test]
fn each_law_has_its_time_and_what_is_due_comes_first() {
    let town = Town::configured(|config| config.privacy_law = "pipl");
    let owner = town.owner();
    let subject = make::contact(&owner, json!({}))["id"].clone();
    let ask = |more: Value| {
        let new = json!({"kind": "access", "subject_kind": "contact", "subject_id": subject, "channel": "wechat"});
        owner.post("/v1/privacy-requests", make::with(new, more)).created()
    };
    let (pipl, gdpr, own) = (ask(json!({})), ask(json!({"law": "gdpr"})), ask(json!({"due_on": "2030-01-01"})));
    let days = |request: &Value| {
        let due: chrono::NaiveDate = request["due_on"].as_str().unwrap().parse().unwrap();
        (due - chrono::Utc::now().date_naive()).num_days()
    };
    assert_eq!((&pipl["law"], &gdpr["law"]), (&json!("pipl"), &json!("gdpr")));
    assert!((19..=22).contains(&days(&pipl)), "{pipl}");
    assert_eq!(days(&gdpr), 30);
    let due = owner.get("/v1/privacy-requests?sort=due_on&count=exact").ok();
    let ids: Vec<&Value> = due["data"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
    assert_eq!(ids, [&pipl["id"], &gdpr["id"], &own["id"]]);
    let open = owner.get("/v1/privacy-requests?filter=law%20%3D%3D%20%22gdpr%22&fields=id,law").ok();
    assert_eq!(open["data"], json!([{"id": gdpr["id"], "law": "gdpr"}]));
    let path = format!("/v1/privacy-requests/{}", make::id(&gdpr, "id"));
    let more = owner.if_match(1).patch(&path, json!({"due_on": "2031-01-01", "evidence": "told them why"})).ok();
    assert_eq!((&more["due_on"], &more["version"]), (&json!("2031-01-01"), &json!(2)));
    owner.if_match(1).patch(&path, json!({"due_on": "2032-01-01"})).refused(412, "stale");
}

#[test]
fn only_the_privacy_office_deals_with_requests() {
    let town = Town::start();
    let owner = town.owner();
    let contact = make::id(&make::contact(&owner, json!({"email": "ada@example.com"})), "id");
    let id = begun(&owner, "access", "contact", &contact);
    when(&owner, &id, |request| !request["file_sha256"].is_null());
    for person in [Person::Manager, Person::Rep, Person::ReadOnly, Person::Nobody] {
        for path in ["", "/file", "/history"] {
            town.client(person).get(&format!("/v1/privacy-requests/{id}{path}")).refused(403, "forbidden");
        }
        town.client(person).get("/v1/legal-holds").refused(403, "forbidden");
    }
    assert!(
        town.client(Person::Admin).get(&format!("/v1/privacy-requests/{id}/file")).text().contains("ada@example.com")
    );
    town.client(Person::Foreigner).get(&format!("/v1/privacy-requests/{id}/file")).refused(404, "not_found");
    // who may deal with requests and may not take data out does not get the file
    let clerk = make::holder(&town, &[("privacy_request", "read", "all"), ("privacy_request", "update", "all")]);
    clerk.get(&format!("/v1/privacy-requests/{id}")).ok();
    clerk.get(&format!("/v1/privacy-requests/{id}/file")).refused(403, "forbidden");
    let steps = owner.get(&format!("/v1/privacy-requests/{id}/history")).ok();
    assert_eq!(steps[0]["name"], "privacy_request.downloaded");
    assert_eq!(steps[0]["actor_id"], json!(town.user(Person::Admin)));
    let theirs = json!({"kind": "access", "subject_kind": "contact", "subject_id": contact, "channel": "email"});
    town.client(Person::Foreigner).post("/v1/privacy-requests", theirs).refused(422, "unknown_reference");
}

#[test]
fn a_file_that_has_expired_is_there_no_more() {
    let town = Town::start();
    let owner = town.owner();
    let contact = make::id(&make::contact(&owner, json!({})), "id");
    let id = begun(&owner, "access", "contact", &contact);
    when(&owner, &id, |request| !request["file_sha256"].is_null());
    let file = town.data_dir.path().join("files/privacy").join(&id);
    assert!(file.is_file());
    town.database.run("UPDATE privacy_requests SET file_expires_at = now() - interval '1 minute'");
    owner.get(&format!("/v1/privacy-requests/{id}/file")).refused(404, "privacy_no_file");
    // a worker that starts sees to it
    let mut worker = town.program(&["worker"]).stdout(std::process::Stdio::null()).spawn().unwrap();
    let since = std::time::Instant::now();
    while file.is_file() && since.elapsed().as_secs() < 30 {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    worker.kill().unwrap();
    worker.wait().unwrap();
    assert!(!file.is_file());
}
