//! What changes changes who is in a segment, and nothing else does.
use super::{dynamic, follow, matching, members, path, set, told};
use crate::support::{Town, Value, encoded, json, make};
use std::collections::BTreeSet;

#[test]
fn those_for_whom_the_filter_holds_are_in_it() {
    let town = Town::idle();
    let owner = town.owner();
    let [a, b, c] =
        ["customer", "lead", "customer"].map(|stage| make::contact(&owner, json!({"lifecycle_stage": stage})));
    let segment = dynamic(&owner, "contact", "lifecycle_stage == \"customer\"");
    assert_eq!((&segment["status"], &segment["refresh"]), (&json!("building"), &json!("never")));
    assert_eq!(members(&owner, &segment).len(), 0);
    follow(&town);
    let ready = owner.get(&path(&segment)).ok();
    assert_eq!((&ready["status"], &ready["version"]), (&json!("ready"), &json!(2)));
    assert!(ready["built_at"].is_string() && ready["built_ms"].is_number(), "{ready}");
    assert_eq!(members(&owner, &segment), set(&[&a, &c]));
    assert!(told(&owner).is_empty(), "who was there from the beginning has not come");
    // one comes, one goes, one changes and stays
    owner.patch(&format!("/v1/contacts/{}", make::id(&b, "id")), json!({"lifecycle_stage": "customer"})).ok();
    owner.patch(&format!("/v1/contacts/{}", make::id(&a, "id")), json!({"lifecycle_stage": "churned"})).ok();
    owner.patch(&format!("/v1/contacts/{}", make::id(&c, "id")), json!({"job_title": "Buyer"})).ok();
    let fresh = make::contact(&owner, json!({"lifecycle_stage": "customer"}));
    follow(&town);
    assert_eq!(members(&owner, &segment), set(&[&b, &c, &fresh]));
    let left = owner.get(&format!("{}/former-members", path(&segment)));
    assert_eq!(left.each("record_id"), [make::id(&a, "id")]);
    assert!(left.json()["data"][0]["left_at"].is_string());
    let told: BTreeSet<_> = told(&owner).into_iter().collect();
    let entered = |record: &Value| ("segment_member.entered".to_owned(), make::id(record, "id"));
    assert_eq!(told, [entered(&b), entered(&fresh), ("segment_member.left".to_owned(), make::id(&a, "id"))].into());
    let state = owner.get(&format!("{}/state", path(&segment))).ok();
    assert_eq!((&state["count"], &state["progress"], &state["refreshes_at"]), (&json!(3), &Value::Null, &Value::Null));
    // by it, other lists are filtered, and records say where they are
    let by = format!("segments.exists(s, s.id == \"{}\")", make::id(&segment, "id"));
    assert_eq!(matching(&owner, "contact", &by), set(&[&b, &c, &fresh]));
    assert_eq!(matching(&owner, "contact", &format!("!({by})")), set(&[&a]));
    let shown = owner.get(&format!("/v1/contacts/{}?include=segments", make::id(&b, "id"))).ok();
    assert_eq!(shown["segments"][0]["id"], segment["id"]);
}

#[test]
fn what_is_archived_purged_or_erased_leaves() {
    let town = Town::idle();
    let owner = town.owner();
    let [a, b, c] = [(); 3].map(|()| make::contact(&owner, json!({"do_not_contact": true})));
    let segment = dynamic(&owner, "contact", "do_not_contact");
    let by_hand = super::fixed(&owner, "contact");
    let ids = json!({"op": "add", "ids": [a["id"], b["id"], c["id"]]});
    owner.post(&format!("{}/members", path(&by_hand)), ids).ok();
    follow(&town);
    assert_eq!(members(&owner, &segment), set(&[&a, &b, &c]));
    let at = |one: &Value| format!("/v1/contacts/{}", make::id(one, "id"));
    owner.delete(&at(&a)).is(204);
    owner.delete(&format!("{}?purge=true", at(&b))).is(204);
    // as an erasure writes it down
    town.database.run(&format!(
        "INSERT INTO erasures (tenant_id, resource, record_id, erased_at, files) \
         SELECT tenant_id, 'contact', id, now(), '{{}}' FROM contacts WHERE id = '{}'",
        make::id(&c, "id")
    ));
    owner.patch(&at(&c), json!({"job_title": "Nobody"})).ok();
    follow(&town);
    let inside = "SELECT count(*) FROM segment_members WHERE left_at IS NULL";
    assert_eq!(town.database.count(inside), 0);
    owner.act(&format!("{}/restore", at(&a))).ok();
    follow(&town);
    assert_eq!(members(&owner, &segment), set(&[&a]));
    assert_eq!(members(&owner, &by_hand), set(&[]), "by hand, nobody comes back by themselves");
}

#[test]
fn segments_are_made_of_segments() {
    let town = Town::idle();
    let owner = town.owner();
    let [a, b, c] = [(); 3].map(|()| make::contact(&owner, json!({"do_not_contact": true})));
    let held = super::fixed(&owner, "contact");
    let add = |op: &str, one: &Value| {
        owner.post(&format!("{}/members", path(&held)), json!({"op": op, "ids": [one["id"]]})).ok();
    };
    add("add", &a);
    let rest = make::segment(&owner, json!({"filter": "do_not_contact", "exclude_ids": [held["id"]]}));
    let both = dynamic(&owner, "contact", &format!("segments.exists(s, s.id in [\"{}\"])", make::id(&rest, "id")));
    let account = make::account(&owner, json!({}));
    owner.patch(&format!("/v1/contacts/{}", make::id(&b, "id")), json!({"account_id": account["id"]})).ok();
    let within = format!("contacts.exists(c, c.segments.exists(s, s.id == \"{}\"))", make::id(&rest, "id"));
    let above = dynamic(&owner, "account", &within);
    follow(&town);
    for segment in [&rest, &both] {
        assert_eq!(members(&owner, segment), set(&[&b, &c]));
    }
    assert_eq!(members(&owner, &above), set(&[&account]));
    add("add", &b);
    add("remove", &a);
    follow(&town);
    for segment in [&rest, &both] {
        assert_eq!(members(&owner, segment), set(&[&a, &c]));
    }
    assert_eq!(members(&owner, &above), set(&[]));
    // what is archived excludes nobody, and holds nobody
    owner.delete(&path(&held)).is(204);
    follow(&town);
    assert_eq!(members(&owner, &rest), set(&[&a, &b, &c]));
    owner.delete(&path(&rest)).is(204);
    follow(&town);
    assert_eq!(members(&owner, &both), set(&[]));
    owner.act(&format!("{}/restore", path(&rest))).ok();
    follow(&town);
    assert_eq!(members(&owner, &both), set(&[&a, &b, &c]));
    owner.delete(&format!("{}?purge=true", path(&rest))).refused(409, "segment_in_use");
    owner.delete(&format!("{}?purge=true", path(&both))).is(204);
    owner.delete(&format!("{}?purge=true", path(&above))).is(204);
    owner.delete(&format!("{}?purge=true", path(&rest))).is(204);
}

#[test]
fn where_time_alone_changes_the_answer_it_is_asked_every_hour() {
    let town = Town::idle();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({}));
    let segment = dynamic(&owner, "contact", "created_at > now() - duration(\"1h\")");
    assert_eq!(segment["refresh"], "hourly");
    follow(&town);
    assert_eq!(members(&owner, &segment), set(&[&contact]));
    let state = owner.get(&format!("{}/state", path(&segment))).ok();
    assert!(make::id(&state, "refreshes_at") > make::id(&state, "refreshed_at"), "{state}");
    town.database.run("UPDATE contacts SET created_at = now() - interval '2 hours'");
    follow(&town);
    assert_eq!(members(&owner, &segment), set(&[&contact]), "it is not time yet");
    town.database.run("UPDATE segments SET refresh_at = now() - interval '1 second'");
    follow(&town);
    assert_eq!(members(&owner, &segment), set(&[]));
    assert_eq!(told(&owner), [("segment_member.left".to_owned(), make::id(&contact, "id"))]);
    assert_eq!(owner.get(&path(&segment)).ok()["version"], 2, "no version comes of it");
    // or when somebody asks
    town.database.run("UPDATE contacts SET created_at = now()");
    owner.act(&format!("{}/refresh", path(&segment))).ok();
    follow(&town);
    assert_eq!(members(&owner, &segment), set(&[&contact]));
}

#[test]
fn what_is_said_anew_is_asked_anew_and_told_by_difference() {
    let town = Town::idle();
    let owner = town.owner();
    let [a, b] = [true, false].map(|one| make::contact(&owner, json!({"do_not_contact": one, "job_title": "Buyer"})));
    let segment = dynamic(&owner, "contact", "do_not_contact");
    follow(&town);
    let changed = owner.patch(&path(&segment), json!({"filter": "job_title == \"Buyer\""})).ok();
    assert_eq!(changed["status"], "building");
    follow(&town);
    assert_eq!(members(&owner, &segment), set(&[&a, &b]));
    assert_eq!(told(&owner), [("segment_member.entered".to_owned(), make::id(&b, "id"))]);
    let names = encoded("segment.built,segment.created,segment.updated");
    let events = owner.get(&format!("/v1/events?after=0&types={names}"));
    assert_eq!(events.each("type"), ["segment.created", "segment.built", "segment.updated", "segment.built"]);
    assert_eq!(events.json()["data"][2]["previous"]["filter"], "do_not_contact");
    let hook = json!({"url": "http://127.0.0.1:9/hook", "events": ["segment_member.*", "segment.built"]});
    owner.post("/v1/webhook-endpoints", hook).created();
}
