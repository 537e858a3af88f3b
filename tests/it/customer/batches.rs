//! Many writes in one request: the bad ones never sink the good, unless all must agree.
use crate::support::{Town, Value, json, make};

/// A thousand contacts, seven of them bad.
fn thousand() -> (Vec<Value>, Vec<usize>) {
    let bad = vec![0, 100, 333, 500, 501, 998, 999];
    let item = |n: usize| {
        let email = if bad.contains(&n) { "nobody".to_owned() } else { format!("p{n}@example.com") };
        json!({"op": "create", "ref": format!("row-{n}"), "data": {"display_name": format!("P{n}"), "email": email}})
    };
    ((0..1000).map(item).collect(), bad)
}

#[test]
fn seven_bad_rows_do_not_sink_the_others() {
    let town = Town::start();
    let (items, bad) = thousand();
    let done = town.owner().post("/v1/contacts/batch", json!({"items": items})).is(207);
    let results = done["results"].as_array().unwrap();
    assert_eq!(results.len(), 1000);
    for (n, result) in results.iter().enumerate() {
        assert_eq!(result["ref"], format!("row-{n}"));
        if bad.contains(&n) {
            assert_eq!((&result["status"], &result["problem"]["code"]), (&json!(422), &json!("invalid")));
            assert_eq!(result["problem"]["errors"][0]["pointer"], "/email");
        } else {
            assert_eq!((&result["status"], &result["data"]["display_name"]), (&json!(201), &json!(format!("P{n}"))));
        }
    }
    assert_eq!(town.database.count("SELECT count(*) FROM contacts"), 993);
    assert_eq!(town.database.count("SELECT count(*) FROM event_log WHERE name = 'contact.created'"), 993);
}

#[test]
fn an_atomic_batch_is_all_or_nothing() {
    let town = Town::start();
    let owner = town.owner();
    let (items, bad) = thousand();
    let events = town.database.count("SELECT count(*) FROM event_log");
    let done = owner.post("/v1/contacts/batch", json!({"atomic": true, "items": items})).is(207);
    for (n, result) in done["results"].as_array().unwrap().iter().enumerate() {
        assert_eq!(result["status"], if bad.contains(&n) { 422 } else { 424 }, "{n}");
        assert!(result["data"].is_null());
    }
    assert_eq!(town.database.count("SELECT count(*) FROM contacts"), 0);
    assert_eq!(town.database.count("SELECT count(*) FROM event_log"), events);
    let good: Vec<&Value> = items.iter().filter(|item| item["data"]["email"] != "nobody").collect();
    owner.post("/v1/contacts/batch", json!({"atomic": true, "items": good})).ok();
    assert_eq!(town.database.count("SELECT count(*) FROM contacts"), 993);
}

#[test]
fn a_batch_creates_changes_and_deletes() {
    let town = Town::start();
    let owner = town.owner();
    let (a, b, c) =
        (make::account(&owner, json!({})), make::account(&owner, json!({})), make::account(&owner, json!({})));
    let done = owner.post(
        "/v1/accounts/batch",
        json!({"items": [
            {"op": "update", "id": a["id"], "if_match": 1, "data": {"industry": "retail"}},
            {"op": "update", "id": b["id"], "if_match": 9, "data": {"industry": "retail"}},
            {"op": "delete", "id": c["id"]},
            {"op": "delete", "id": crate::support::nobodys_id()},
            {"op": "update", "data": {}},
            {"op": "create", "data": {"name": "New", "nope": 1}},
            {"op": "create", "data": {"name": "New"}},
        ]}),
    );
    let statuses: Vec<i64> =
        done.is(207)["results"].as_array().unwrap().iter().map(|one| one["status"].as_i64().unwrap()).collect();
    assert_eq!(statuses, [200, 412, 204, 404, 422, 422, 201]);
}

#[test]
fn a_batch_has_bounds() {
    let town = Town::start();
    let owner = town.owner();
    let item = json!({"op": "create", "data": {"name": "x"}});
    for count in [0, 1001] {
        let answer = owner.post("/v1/accounts/batch", json!({"items": vec![item.clone(); count]}));
        answer.refused(422, "invalid");
        assert_eq!(answer.pointers(), ["/items"]);
    }
    for items in [json!([{"op": "explode"}]), json!([{"op": "create", "why": 1}]), json!("x"), json!(null)] {
        owner.post("/v1/accounts/batch", json!({"items": items})).is(422);
    }
    let large = "x".repeat(9 << 20);
    owner
        .post("/v1/accounts/batch", json!({"items": [{"op": "create", "data": {"name": large}}]}))
        .refused(413, "too_large");
}

/// The second of two equal ones in the same batch is a conflict, and only that one.
#[test]
fn a_conflict_in_a_batch_is_the_items_own() {
    let town = Town::start();
    let item = |name: &str| json!({"op": "create", "data": {"display_name": name, "email": "same@example.com"}});
    let done = town.owner().post(
        "/v1/contacts/batch",
        json!({"items": [item("A"), item("B"), {"op": "create", "data": {"display_name": "C"}}]}),
    );
    let statuses: Vec<Value> =
        done.is(207)["results"].as_array().unwrap().iter().map(|one| one["status"].clone()).collect();
    assert_eq!(statuses, [201, 409, 201]);
}
