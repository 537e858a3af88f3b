//! Lines are parts of their order: each change is a change of the order, and its sums follow at once.
use super::orders::kept;
use crate::support::{Person, Town, json, make};

#[test]
fn each_change_of_a_line_changes_its_order() {
    let town = Town::start();
    let owner = town.owner();
    let order = make::order(&owner, json!({}));
    let path = format!("/v1/orders/{}", make::id(&order, "id"));
    let now = || {
        let order = owner.get(&path).ok();
        (make::id(&order["total"], "amount"), order["line_count"].as_i64().unwrap(), order["version"].as_i64().unwrap())
    };
    assert_eq!(now(), ("25.00".into(), 1, 1));
    let line =
        owner.post(&format!("{path}/lines"), json!({"name": "B", "quantity": "1", "unit_price": "5.00"})).created();
    assert_eq!((&line["position"], now()), (&json!(2), ("30.00".into(), 2, 2)));
    let of_line = format!("/v1/order-lines/{}", make::id(&line, "id"));
    let changed = owner.patch(&of_line, json!({"quantity": "3", "discount_rate": "0.5"})).ok();
    assert_eq!((&changed["total"]["amount"], now()), (&json!("7.50"), ("32.50".into(), 2, 3)));
    assert_eq!(owner.get(&of_line).ok(), changed);
    owner.patch(&of_line, json!({"total": "1"})).refused(422, "invalid");
    owner.patch(&of_line, json!({"quantity": "0"})).refused(422, "invalid");
    owner.delete(&of_line).is(204);
    assert_eq!(now(), ("25.00".into(), 1, 4));
    owner.get(&of_line).refused(404, "not_found");
    let lines = json!({"lines": [{"name": "C", "quantity": "1", "unit_price": "1"}, {"name": "D", "quantity": "2", "unit_price": "1"}]});
    assert_eq!(owner.put(&format!("{path}/lines"), &lines).ok().as_array().map(Vec::len), Some(2));
    assert_eq!(now(), ("3.00".into(), 2, 5));
    owner.if_match(4).put(&format!("{path}/lines"), &lines).refused(412, "stale");
    kept(&town);
    let events = town.database.count("SELECT count(*) FROM event_log WHERE name = 'order.updated'");
    assert_eq!(events, 4);
}

#[test]
fn a_key_tells_a_line_from_the_others() {
    let town = Town::start();
    let owner = town.owner();
    let order =
        make::order(&owner, json!({"lines": [{"line_key": "a", "name": "A", "quantity": "1", "unit_price": "1"}]}));
    let path = format!("/v1/orders/{}/lines", make::id(&order, "id"));
    let line = |key: &str| json!({"line_key": key, "name": "A", "quantity": "1", "unit_price": "1"});
    owner.post(&path, line("a")).refused(409, "order_line_key_taken");
    owner.post(&path, line("b")).created();
    owner.put(&path, json!({"lines": [line("x"), line("x")]})).refused(422, "invalid");
    assert_eq!(owner.get(&path).ok().as_array().map(Vec::len), Some(2));
}

/// Ten who add a line at once all find their place.
#[test]
fn lines_added_at_once_are_all_counted() {
    let town = Town::start();
    let order = make::order(&town.owner(), json!({"lines": []}));
    let path = format!("/v1/orders/{}", make::id(&order, "id"));
    std::thread::scope(|scope| {
        for _ in 0..10 {
            scope.spawn(|| {
                let line = json!({"name": "A", "quantity": "1", "unit_price": "1.10"});
                town.owner().post(&format!("{path}/lines"), line).created();
            });
        }
    });
    let order = town.owner().get(&path).ok();
    assert_eq!(
        (&order["total"]["amount"], &order["line_count"], &order["version"]),
        (&json!("11.00"), &json!(10), &json!(11))
    );
    kept(&town);
}

#[test]
fn lines_are_seen_and_changed_as_their_order_is() {
    let town = Town::start();
    let owner = town.owner();
    let order = make::order(&owner, json!({"owner_id": town.user(Person::Mate), "team_id": town.team("north")}));
    let path = format!("/v1/orders/{}/lines", make::id(&order, "id"));
    let line = format!("/v1/order-lines/{}", make::id(&owner.get(&path).ok()[0], "id"));
    let more = json!({"name": "A", "quantity": "1", "unit_price": "1"});
    let rep = town.client(Person::Rep);
    rep.get(&path).ok();
    rep.get(&line).ok();
    for refused in [
        rep.post(&path, &more),
        rep.patch(&line, json!({"quantity": "9"})),
        rep.delete(&line),
        rep.put(&path, json!({"lines": []})),
    ] {
        refused.refused(403, "forbidden");
    }
    let stranger = town.client(Person::Stranger);
    for refused in [
        stranger.get(&path),
        stranger.get(&line),
        stranger.post(&path, &more),
        stranger.patch(&line, json!({"quantity": "9"})),
        stranger.delete(&line),
    ] {
        refused.refused(404, "not_found");
    }
    town.client(Person::Mate).patch(&line, json!({"quantity": "9"})).ok();
}
