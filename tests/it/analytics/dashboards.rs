//! Dashboards: all widgets in one answer, each with a fault of its own if it has one.
use crate::support::{Person, Town, json, make};

#[test]
fn a_widget_that_fails_leaves_the_others() {
    let town = Town::idle();
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    make::account(&owner, json!({}));
    make::account(&rep, json!({}));
    let place = json!({"x": 0, "y": 0, "width": 3, "height": 2});
    let count = |resource: &str| json!({"resource": resource, "measures": [{"op": "count"}]});
    let report = make::report(&owner, json!({"is_public": false}));
    let widgets = json!([
        {"title": "All", "query": count("account"), "place": place},
        {"title": "Report", "report_id": report["id"], "place": place},
        {"title": "Forms", "query": count("form"), "place": place},
        {"title": "Again", "query": count("account"), "place": place}
    ]);
    let board = make::dashboard(&owner, json!({"widgets": widgets, "is_public": true}));
    let path = format!("/v1/dashboards/{}/data", make::id(&board, "id"));
    let seen = owner.get(&path).ok();
    assert!(seen["widgets"].as_array().unwrap().iter().all(|widget| widget["problem"].is_null()), "{seen}");
    let seen = rep.get(&path).ok();
    let codes: Vec<_> = seen["widgets"].as_array().unwrap().iter().map(|one| one["problem"]["code"].clone()).collect();
    assert_eq!(codes, [json!(null), json!("not_found"), json!("forbidden"), json!(null)]);
    assert_eq!(seen["widgets"][3]["shows"]["figures"]["rows"], json!([{"count": 1}]));
    town.client(Person::Foreigner).get(&path).refused(404, "not_found");
}

#[test]
fn widgets_are_looked_through() {
    let town = Town::idle();
    let owner = town.owner();
    let place = json!({"x": 0, "y": 0, "width": 3, "height": 2});
    let refused = owner.post("/v1/dashboards", json!({"name": "x", "widgets": [
        {"title": "a", "report_id": crate::support::nobodys_id(), "place": place},
        {"title": "b", "query": {"resource": "account", "measures": [{"op": "max", "field": "ghost"}]}, "place": place}
    ]}));
    refused.refused(422, "invalid");
    assert_eq!(refused.pointers(), ["/widgets/0/report_id", "/widgets/1/query/measures/0/field"]);
    let both = json!([{"title": "a", "place": place}]);
    owner.post("/v1/dashboards", json!({"name": "x", "widgets": both})).refused(422, "invalid");
}
