//! What is old enough goes, as the policy says; who is held by law stays, and what others refer to.
use crate::support::{Client, Town, Value, json, make};
use std::time::{Duration, Instant};

fn policy(client: &Client, more: Value) -> String {
    let new = json!({"name": crate::support::fresh("Policy "), "resource": "contact", "date_field": "created_at",
        "age_days": 365, "action": "anonymise"});
    make::id(&client.post("/v1/retention-policies", make::with(new, more)).created(), "id")
}

#[track_caller]
fn ended(client: &Client, id: &str) -> Value {
    let since = Instant::now();
    loop {
        let now = client.get(&format!("/v1/retention-policies/{id}")).ok();
        if !now["last_done"].is_null() {
            return now;
        }
        assert!(since.elapsed() < Duration::from_secs(60), "it goes no further: {now}");
        std::thread::sleep(Duration::from_millis(30));
    }
}

fn aged(town: &Town, id: &str) {
    town.database.run(&format!("UPDATE contacts SET created_at = now() - interval '2 years' WHERE id = '{id}'"));
}

#[test]
fn what_is_old_enough_is_made_anonymous_unless_it_is_held() {
    let town = Town::start();
    let owner = town.owner();
    let contact = |name: &str, more: Value| {
        make::id(&make::contact(&owner, make::with(json!({"display_name": name}), more)), "id")
    };
    let (old, held, young) =
        (contact("Canary old", json!({})), contact("Sparrow held", json!({})), contact("Robin young", json!({})));
    let customer = contact("Finch customer", json!({"lifecycle_stage": "customer"}));
    [&old, &held, &customer].into_iter().for_each(|id| aged(&town, id));
    owner.post("/v1/legal-holds", json!({"subject_kind": "contact", "subject_id": held, "reason": "x"})).created();
    let id = policy(&owner, json!({"filter": "lifecycle_stage == \"lead\" && !orders.exists(o, o.line_count > 5)"}));
    let reached = owner.act(&format!("/v1/retention-policies/{id}/preview")).ok();
    assert_eq!(reached, json!({"reached": 1, "held": 1}));
    owner.act(&format!("/v1/retention-policies/{id}/run")).is(202);
    let done = ended(&owner, &id);
    assert_eq!((&done["last_done"], &done["last_kept"]), (&json!(1), &json!(0)), "{done}");
    let name = |id: &str| town.database.text(&format!("SELECT display_name FROM contacts WHERE id = '{id}'"));
    assert_eq!(name(&old), format!("erased-{old}"));
    assert_eq!([name(&held), name(&young), name(&customer)], ["Sparrow held", "Robin young", "Finch customer"]);
    assert_eq!(town.database.count("SELECT count(*) FROM event_log AS e WHERE e::text LIKE '%Canary%'"), 0);
    let line = std::fs::read_to_string(town.data_dir.path().join("privacy/erasures.ndjson")).unwrap();
    assert!(line.contains(&old));
    assert_eq!(owner.act(&format!("/v1/retention-policies/{id}/preview")).ok(), json!({"reached": 0, "held": 1}));
}

#[test]
fn old_records_are_archived_or_purged_with_their_trail() {
    let town = Town::start();
    let owner = town.owner();
    let ids: Vec<String> =
        (0..3).map(|_| make::id(&make::contact(&owner, json!({"display_name": "Canary"})), "id")).collect();
    ids.iter().for_each(|id| aged(&town, id));
    make::order(&owner, json!({"contact_id": ids[0]}));
    let archive = policy(&owner, json!({"action": "archive"}));
    owner.act(&format!("/v1/retention-policies/{archive}/run")).is(202);
    assert_eq!(ended(&owner, &archive)["last_done"], 3);
    assert_eq!(owner.get("/v1/contacts?count=exact").ok()["page"]["count"], 0);
    assert_eq!(town.database.count("SELECT count(*) FROM event_log WHERE name = 'contact.deleted'"), 3);
    assert_eq!(town.database.count("SELECT count(*) FROM audit_log WHERE action = 'contact.deleted'"), 3);
    let purge = policy(&owner, json!({"action": "purge"}));
    owner.act(&format!("/v1/retention-policies/{purge}/run")).is(202);
    let done = ended(&owner, &purge);
    assert_eq!((&done["last_done"], &done["last_kept"]), (&json!(2), &json!(1)), "{done}");
    // the order holds its contact fast, which is anonymous by now
    assert_eq!(town.database.column("SELECT display_name FROM contacts"), [format!("erased-{}", ids[0])]);
    assert_eq!(town.database.count("SELECT count(*) FROM event_log AS e WHERE e::text LIKE '%Canary%'"), 0);
}

/// A worker that starts carries out what is due, once a day.
#[test]
fn policies_are_carried_out_by_themselves() {
    let town = Town::idle();
    let owner = town.owner();
    aged(&town, &make::id(&make::contact(&owner, json!({})), "id"));
    let (id, idle) = (policy(&owner, json!({"is_active": true})), policy(&owner, json!({})));
    let mut worker = town.program(&["worker"]).stdout(std::process::Stdio::null()).spawn().unwrap();
    let done = ended(&owner, &id);
    worker.kill().unwrap();
    worker.wait().unwrap();
    assert_eq!(done["last_done"], 1);
    assert_eq!(owner.get(&format!("/v1/retention-policies/{idle}")).ok()["last_run_at"], json!(null));
    assert_eq!(town.database.count("SELECT count(*) FROM jobs WHERE kind = 'retention'"), 1);
}

#[test]
fn a_policy_that_fits_nothing_is_refused() {
    let town = Town::start();
    let owner = town.owner();
    let new = |more: Value| {
        let new =
            json!({"name": "x", "resource": "contact", "date_field": "created_at", "age_days": 1, "action": "archive"});
        owner.post("/v1/retention-policies", make::with(new, more))
    };
    for resource in ["user", "role", "privacy_request", "nonsense"] {
        assert_eq!(new(json!({"resource": resource})).refused(422, "invalid")["errors"][0]["pointer"], "/resource");
    }
    let refused = new(json!({"date_field": "email", "filter": "nope == 1"}));
    refused.refused(422, "invalid");
    assert_eq!(refused.pointers(), ["/date_field", "/filter"]);
    assert_eq!(
        new(json!({"age_days": 0, "action": "burn"})).refused(422, "invalid")["errors"].as_array().unwrap().len(),
        2
    );
    let made = new(json!({})).created();
    new(json!({})).refused(409, "retention_policy_name_taken");
    let path = format!("/v1/retention-policies/{}", make::id(&made, "id"));
    owner.patch(&path, json!({"filter": "nope"})).refused(422, "invalid");
    assert_eq!(owner.patch(&path, json!({"filter": "do_not_contact"})).ok()["filter"], "do_not_contact");
    owner.delete(&path).is(204);
    owner.get(&path).refused(404, "not_found");
    owner.act(&format!("{path}/restore")).ok();
}
