//! A case: how it is made, who sees it, and the way that it goes.
use crate::support::{Person, Town, Value, encoded, json, make};
use std::collections::BTreeSet;

pub fn path(case: &Value) -> String {
    format!("/v1/cases/{}", make::id(case, "id"))
}

#[test]
fn a_case_counts_on_and_is_that_of_its_contacts_account() {
    let town = Town::idle();
    let owner = town.owner();
    let account = make::account(&owner, json!({}));
    let contact = make::contact(&owner, json!({"account_id": account["id"]}));
    let case = make::case(&owner, json!({"contact_id": contact["id"]}));
    assert_eq!((&case["number"], &case["status"], &case["priority"]), (&json!("1"), &json!("new"), &json!("normal")));
    assert_eq!((&case["account_id"], &case["channel"]), (&account["id"], &json!("api")));
    // one that was given by hand is passed over
    make::case(&owner, json!({"number": "2"}));
    assert_eq!(make::case(&owner, json!({}))["number"], "3");
    let taken = owner.post("/v1/cases", json!({"subject": "x", "number": "2"})).refused(409, "case_number_taken");
    assert!(taken["existing"][0]["id"].is_string());
    let related = owner.get(&format!("/v1/accounts?filter={}", encoded("cases.exists(c, c.status == \"new\")")));
    assert_eq!(related.ids(), [make::id(&account, "id")]);
    let overview = owner.get(&format!("/v1/contacts/{}/360", make::id(&contact, "id"))).ok();
    assert_eq!((&overview["cases"]["open_count"], &overview["cases"]["open"][0]["id"]), (&json!(1), &case["id"]));
    let timeline = owner.get(&format!("/v1/timeline?subject=account:{}&types=case", make::id(&account, "id"))).ok();
    assert_eq!((&timeline["data"][0]["step"], &timeline["data"][0]["id"]), (&json!("created"), &case["id"]));
}

#[test]
fn many_who_open_cases_at_once_have_a_number_each() {
    let town = Town::idle();
    let numbers: Vec<String> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    let client = town.owner();
                    (0..5).map(|_| make::case(&client, json!({}))["number"].as_str().unwrap().to_owned()).collect()
                })
            })
            .collect();
        all.into_iter().flat_map(|one| -> Vec<String> { one.join().unwrap() }).collect()
    });
    assert_eq!(BTreeSet::from_iter(&numbers).len(), 40, "{numbers:?}");
}

#[test]
fn all_that_is_wrong_with_a_case_is_told_at_once() {
    let town = Town::idle();
    let owner = town.owner();
    let wrong = json!({"subject": " ", "case_type": "wish", "priority": "soon", "severity": "bad", "channel": "owl",
        "number": "[7]", "required_skills": [""]});
    let told = owner.post("/v1/cases", wrong).refused(422, "invalid");
    let places: BTreeSet<&str> =
        told["errors"].as_array().unwrap().iter().map(|one| one["pointer"].as_str().unwrap()).collect();
    for place in ["/subject", "/case_type", "/priority", "/severity", "/channel", "/number", "/required_skills"] {
        assert!(places.contains(place), "{place}: {told}");
    }
    let nobody = crate::support::nobodys_id();
    for field in ["order_id", "product_id", "account_id", "contact_id", "category_id", "queue_id", "parent_id"] {
        let told = owner.post("/v1/cases", json!({"subject": "x", field: nobody})).refused(422, "unknown_reference");
        assert_eq!(told["errors"][0]["pointer"], format!("/{field}"), "{told}");
    }
}

#[test]
fn a_case_goes_the_ways_that_there_are_and_no_other() {
    let town = Town::idle();
    let owner = town.owner();
    let case = make::case(&owner, json!({}));
    let place = path(&case);
    let go = |to: &str| owner.post(&format!("{place}/transition"), json!({"status": to}));
    assert_eq!(go("pending").ok()["status"], "pending");
    go("new").refused(409, "case_transition_refused");
    assert_eq!(go("on_hold").ok()["status"], "on_hold");
    let how = json!({"resolution": "Sent anew.", "root_cause": "Wet box"});
    let solved = owner.post(&format!("{place}/resolve"), how).ok();
    assert_eq!((&solved["status"], &solved["resolution"]), (&json!("resolved"), &json!("Sent anew.")));
    assert!(solved["resolved_at"].is_string() && solved["closed_at"].is_null(), "{solved}");
    go("pending").refused(409, "case_transition_refused");
    let open = owner.act(&format!("{place}/reopen")).ok();
    assert_eq!(
        (&open["status"], &open["reopened_count"], &open["resolved_at"]),
        (&json!("open"), &json!(1), &Value::Null)
    );
    assert_eq!(owner.act(&format!("{place}/reopen")).ok()["version"], open["version"]);
    let over = owner.post(&format!("{place}/close"), json!({})).ok();
    assert!(over["closed_at"].is_string() && over["resolved_at"].is_string(), "{over}");
    // a patch goes the same ways
    owner.patch(&place, json!({"status": "pending"})).refused(409, "case_transition_refused");
    assert_eq!(owner.patch(&place, json!({"status": "open"})).ok()["reopened_count"], 2);
    owner.if_match(1).post(&format!("{place}/close"), json!({})).refused(412, "stale");
    for name in ["case.resolved", "case.closed", "case.reopened"] {
        let told =
            format!("SELECT count(*) FROM event_log WHERE name = '{name}' AND object_id = '{}'", make::id(&case, "id"));
        assert!(town.database.count(&told) >= 1, "{name}");
    }
}

#[test]
fn a_case_is_never_a_part_of_itself() {
    let town = Town::idle();
    let owner = town.owner();
    let one = make::case(&owner, json!({}));
    let two = make::case(&owner, json!({"parent_id": one["id"]}));
    let three = make::case(&owner, json!({"parent_id": two["id"]}));
    for below in [&one, &two, &three] {
        owner.patch(&path(&one), json!({"parent_id": below["id"]})).refused(422, "case_own_parent");
    }
    owner.post(&format!("{}/close", path(&one)), json!({})).ok();
    assert_eq!(owner.get(&path(&three)).ok()["status"], "new");
    owner.post(&format!("{}/close", path(&one)), json!({"with_children": true})).ok();
    for part in [&two, &three] {
        assert_eq!(owner.get(&path(part)).ok()["status"], "closed");
    }
}

#[test]
fn a_case_is_seen_as_its_owner_and_team_say() {
    let town = Town::idle();
    let owner = town.owner();
    let (rep, stranger) = (town.client(Person::Rep), town.user(Person::Stranger));
    let theirs: Vec<Value> = (0..7).map(|_| make::case(&owner, json!({"owner_id": stranger}))).collect();
    let own: Vec<String> = (0..3).map(|_| make::id(&make::case(&rep, json!({})), "id")).collect();
    let seen: BTreeSet<String> = rep.get("/v1/cases").ids().into_iter().collect();
    assert_eq!(seen, BTreeSet::from_iter(own.clone()));
    assert_eq!(rep.get("/v1/cases?count=exact").ok()["page"]["count"], 3);
    let place = path(&theirs[0]);
    rep.get(&place).refused(404, "not_found");
    rep.get(&format!("{place}/messages")).refused(404, "not_found");
    rep.post(&format!("{place}/messages"), json!({"body": "x"})).refused(404, "not_found");
    rep.post(&format!("{place}/resolve"), json!({})).refused(404, "not_found");
    rep.post("/v1/cases", json!({"subject": "x", "parent_id": theirs[0]["id"]})).refused(422, "unknown_reference");
    rep.post("/v1/cases", json!({"subject": "x", "owner_id": stranger})).refused(403, "forbidden");
    town.client(Person::ReadOnly).post("/v1/cases", json!({"subject": "x"})).refused(403, "forbidden");
    town.client(Person::Foreigner).get(&place).refused(404, "not_found");
    // another tenant counts for itself
    assert_eq!(make::case(&town.client(Person::Foreigner), json!({}))["number"], "1");
}

#[test]
fn a_case_is_written_by_its_number_and_found_by_its_words() {
    let town = Town::idle();
    let owner = town.owner();
    let put = |body: Value| owner.put("/v1/cases/by/number/A-7", body);
    let made = put(json!({"subject": "茶叶受潮"})).created();
    assert_eq!(put(json!({"subject": "茶叶受潮了", "priority": "urgent"})).ok()["id"], made["id"]);
    for words in ["受潮", "A-7"] {
        assert_eq!(owner.get(&format!("/v1/cases?q={}", encoded(words))).ids(), [make::id(&made, "id")], "{words}");
    }
    let batch = json!({"items": [{"op": "create", "data": {"subject": "One"}}, {"op": "create", "data": {}},
        {"op": "update", "id": made["id"], "data": {"status": "resolved"}}]});
    let results = owner.post("/v1/cases/batch", batch).is(207).clone();
    let codes: Vec<u64> =
        results["results"].as_array().unwrap().iter().map(|one| one["status"].as_u64().unwrap()).collect();
    assert_eq!(codes, [201, 422, 200], "{results}");
}
