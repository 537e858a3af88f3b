//! What an item of a batch may be, and what is said of one that is none.
use crate::support::{Answer, Town, Value, json, make, nobodys_id};

fn statuses(results: &Value) -> Vec<i64> {
    results["results"].as_array().unwrap().iter().map(|one| one["status"].as_i64().unwrap()).collect()
}

/// Where the faults of an item are, in order.
fn places(result: &Value) -> Vec<String> {
    let errors = result["problem"]["errors"].as_array().unwrap_or_else(|| panic!("{result}"));
    let mut places: Vec<String> = errors.iter().map(|one| one["pointer"].as_str().unwrap().to_owned()).collect();
    places.sort();
    places
}

#[test]
fn an_item_that_cannot_be_read_sinks_no_other() {
    let town = Town::start();
    let owner = town.owner();
    let name = |name: &str| json!({"name": name});
    let bad = [
        (json!({"op": "explode", "id": "x", "if_match": "y", "data": 1, "why": 1}), "/data /id /if_match /op /why"),
        (json!({"op": "delete", "id": nobodys_id(), "data": []}), "/data"),
        (json!({"op": "delete", "id": nobodys_id(), "data": null}), "/data"),
        (json!({"op": "create", "ref": 5, "data": name("x")}), "/ref"),
        (json!({"op": "create", "if_match": 1.5, "data": name("x")}), "/if_match"),
        (json!({"data": name("x")}), "/op"),
        (json!({"op": "create"}), "/data"),
        (json!({"op": "update", "id": nobodys_id()}), "/data"),
        (json!("nonsense"), ""),
        (json!([]), ""),
    ];
    let good = json!({"op": "create", "ref": "good", "data": name("Acme")});
    let other = json!({"op": "create", "ref": "other", "data": name("Example")});
    let items: Vec<&Value> = [&good].into_iter().chain(bad.iter().map(|(item, _)| item)).chain([&other]).collect();
    let done = owner.post("/v1/accounts/batch", json!({"items": items})).is(207);
    let results = done["results"].as_array().unwrap();
    assert_eq!((&results[0]["status"], &results[0]["ref"]), (&json!(201), &json!("good")));
    assert_eq!((&results[11]["status"], &results[11]["ref"]), (&json!(201), &json!("other")));
    for ((item, pointers), result) in bad.iter().zip(&results[1..]) {
        assert_eq!((&result["status"], &result["problem"]["code"]), (&json!(422), &json!("invalid")), "{item}");
        assert_eq!(places(result).join(" "), *pointers, "{item}");
    }
    assert_eq!(town.database.count("SELECT count(*) FROM accounts"), 2);
}

#[test]
fn what_no_text_holds_is_a_fault_of_its_item() {
    let town = Town::start();
    let bad = json!({"op": "create", "ref": "bad", "data": {"name": "a\u{0}b"}});
    let good = json!({"op": "create", "data": {"name": "Acme"}});
    let done = town.owner().post("/v1/accounts/batch", json!({"items": [bad, good]})).is(207);
    assert_eq!(statuses(&done), [400, 201]);
    assert_eq!(
        (&done["results"][0]["ref"], &done["results"][0]["problem"]["code"]),
        (&json!("bad"), &json!("malformed"))
    );
}

#[test]
fn an_atomic_batch_with_an_item_that_cannot_be_read_does_nothing() {
    let town = Town::start();
    let items = json!([{"op": "create", "data": {"name": "Acme"}}, {"op": "explode", "ref": "bad"}]);
    let done = town.owner().post("/v1/accounts/batch", json!({"atomic": true, "items": items})).is(207);
    assert_eq!((statuses(&done), &done["results"][1]["ref"]), (vec![424, 422], &json!("bad")));
    assert_eq!(town.database.count("SELECT count(*) FROM accounts"), 0);
}

#[test]
fn a_batch_of_nothing_that_can_be_read_is_none() {
    let town = Town::start();
    let owner = town.owner();
    let items = json!([{"op": "explode"}, {"op": "create", "data": 1}, 5]);
    let answer = owner.post("/v1/accounts/batch", json!({"items": items}));
    answer.refused(422, "invalid");
    assert_eq!(answer.pointers(), ["/items/0/op", "/items/1/data", "/items/2"]);
    for body in [json!({"items": [{"op": "create", "data": {"name": "x"}}], "why": 1}), json!({"items": {}})] {
        owner.post("/v1/accounts/batch", &body).refused(422, "invalid");
    }
}

/// As the whole answer does where one is changed alone.
#[test]
fn an_item_that_comes_late_is_told_what_has_changed() {
    let town = Town::start();
    let owner = town.owner();
    let id = make::id(&make::contact(&owner, json!({"display_name": "Ada", "job_title": "CTO"})), "id");
    owner.patch(&format!("/v1/contacts/{id}"), json!({"job_title": "CEO"})).ok();
    let data = json!({"job_title": "CFO", "department": "IT"});
    let items = json!([{"op": "update", "id": id, "if_match": 1, "data": data}, {"op": "delete", "id": id, "if_match": 1},
        {"op": "update", "id": id, "if_match": 2, "data": {}}]);
    let done = owner.post("/v1/contacts/batch", json!({"items": items})).is(207);
    assert_eq!(statuses(&done), [412, 412, 200]);
    let alone = owner.if_match(1).patch(&format!("/v1/contacts/{id}"), &data).refused(412, "stale");
    let told = &done["results"][0]["problem"]["conflicts"];
    assert_eq!(told["job_title"], json!({"base": "CTO", "current": "CEO", "yours": "CFO"}));
    assert_eq!(*told, alone["conflicts"]);
    assert_eq!(done["results"][1]["problem"]["conflicts"], json!({}));
}

#[test]
fn probable_duplicates_are_let_in_where_that_is_asked_for() {
    let town = Town::start();
    let owner = town.owner();
    let nouns = [
        ("accounts", json!({"name": "Acme"})),
        ("contacts", json!({"display_name": "Ada", "phone": "+8613800138000"})),
        ("leads", json!({"display_name": "Ada", "email": "ada@example.com"})),
    ];
    for (noun, data) in nouns {
        let batch = json!({"items": [{"op": "create", "data": data}]});
        let send = |query: &str| owner.post(&format!("/v1/{noun}/batch{query}"), &batch);
        send("").ok();
        for query in ["", "?duplicates=reject"] {
            let refused = send(query).is(207);
            assert_eq!(statuses(&refused), [409], "{noun}: {refused}");
            assert!(refused["results"][0]["problem"]["existing"].is_array(), "{noun}: {refused}");
        }
        assert_eq!(statuses(&send("?duplicates=allow").ok()), [201], "{noun}");
        send("?duplicates=maybe").refused(400, "unknown_parameter");
    }
    let tag = json!({"items": [{"op": "create", "data": {"name": "x"}}]});
    owner.post("/v1/tags/batch?duplicates=allow", tag).refused(400, "unknown_parameter");
    assert_eq!(town.database.count("SELECT count(*) FROM tags"), 0);
}

fn batched(town: &Town, noun: &str, items: Value) -> Answer {
    town.owner().post(&format!("/v1/{noun}/batch"), json!({"items": items}))
}

#[test]
fn an_item_is_put_by_its_key() {
    let town = Town::start();
    let put = |key: &str, data: Value| json!({"op": "upsert", "ref": key, "key": key, "data": data});
    let items = json!([
        put("email/Ada@Example.com", json!({"display_name": "Ada"})),
        put("email/ada@example.com", json!({"job_title": "CTO"})),
        put("ext:shop/a/42", json!({"display_name": "Bob"})),
    ]);
    let done = batched(&town, "contacts", items).ok();
    assert_eq!(statuses(&done), [201, 200, 201]);
    let results = &done["results"];
    assert_eq!(
        (&results[1]["data"]["id"], &results[1]["data"]["job_title"]),
        (&results[0]["data"]["id"], &json!("CTO"))
    );
    // the same as the path means
    let alone = town.owner().put("/v1/contacts/by/ext:shop/a%2F42", json!({"job_title": "CFO"})).ok();
    assert_eq!(alone["id"], results[2]["data"]["id"]);
    let late = json!({"op": "upsert", "key": "ext:shop/a/42", "if_match": 1, "data": {"job_title": "CEO"}});
    let late = batched(&town, "contacts", json!([late])).is(207);
    assert_eq!(late["results"][0]["status"], 412);
    assert_eq!(late["results"][0]["problem"]["conflicts"]["job_title"]["current"], "CFO");
    assert_eq!(town.database.count("SELECT count(*) FROM contacts"), 2);
}

#[test]
fn a_key_that_names_nothing_is_a_fault_of_its_item() {
    let town = Town::start();
    let data = json!({"display_name": "Ada"});
    let good = json!({"op": "create", "data": data});
    let bad = [
        (json!({"op": "upsert", "data": data}), "/key"),
        (json!({"op": "upsert", "key": "email", "data": data}), "/key"),
        (json!({"op": "upsert", "key": "/x", "data": data}), "/key"),
        (json!({"op": "upsert", "key": "email/ ", "data": data}), "/key"),
        (json!({"op": "upsert", "key": "job_title/x", "data": data}), "/key"),
        (json!({"op": "upsert", "key": "email/nobody", "data": data}), "/email"),
        (json!({"op": "upsert", "key": "ext:shop/1"}), "/data"),
        (json!({"op": "upsert", "key": "ext:shop/1", "id": nobodys_id(), "data": data}), "/id"),
        (json!({"op": "create", "key": "ext:shop/1", "data": data}), "/key"),
    ];
    let items: Vec<&Value> = bad.iter().map(|(item, _)| item).chain([&good]).collect();
    let done = batched(&town, "contacts", json!(items)).is(207);
    for ((item, pointer), result) in bad.iter().zip(done["results"].as_array().unwrap()) {
        assert_eq!((&result["status"], places(result)), (&json!(422), vec![(*pointer).to_owned()]), "{item}: {result}");
    }
    assert_eq!(town.database.count("SELECT count(*) FROM contacts"), 1);
}

/// What has no door to be put by a key has none in a batch.
#[test]
fn what_is_not_put_by_a_key_takes_no_upsert() {
    let town = Town::start();
    let document = town.owner().get("/openapi.json").ok();
    let paths = document["paths"].as_object().unwrap();
    let mut walked = (0, 0);
    for place in paths.keys().filter_map(|path| path.strip_suffix("/batch")) {
        let items = json!([{"op": "upsert", "key": "ext:shop/1", "data": {"no_such_member": 1}}]);
        let done = batched(&town, place.trim_start_matches("/v1/"), items).is(207);
        let by_key = paths.contains_key(&format!("{place}/by/{{key}}/{{value}}"));
        let pointer = if by_key { "/no_such_member" } else { "/op" };
        assert!(places(&done["results"][0]).contains(&pointer.to_owned()), "{place}: {done}");
        walked = if by_key { (walked.0 + 1, walked.1) } else { (walked.0, walked.1 + 1) };
    }
    assert!(walked.0 > 15 && walked.1 > 0, "{walked:?}");
}
