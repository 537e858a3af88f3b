//! Touchpoints, and what they have brought.
use crate::support::{Client, Person, Town, Value, json, make};

fn touch(client: &Client, contact: &Value, campaign: &str, at: &str) -> Value {
    make::touchpoint(client, json!({"contact_id": contact, "campaign": campaign, "happened_at": at}))
}

fn order(client: &Client, extra: Value) -> Value {
    let line = json!({"name": "Tea", "quantity": "1", "unit_price": "100.00"});
    make::order(client, make::with(json!({"placed_at": "2026-03-15T12:00:00Z", "lines": [line]}), extra))
}

fn asked(client: &Client, query: &str) -> Value {
    client.get(&format!("/v1/attribution?from=2026-03-01&until=2026-03-31&time_zone=UTC&{query}")).ok()
}

/// What each campaign has, in the order of their names.
fn revenue(report: &Value) -> Vec<(String, String)> {
    let groups = report["groups"].as_array().unwrap().iter();
    let with = groups.filter(|group| group["order_count"] != 0);
    with.map(|group| (make::id(group, "name"), make::id(&group["revenue"][0], "amount"))).collect()
}

#[test]
fn what_other_systems_send_twice_is_there_once() {
    let town = Town::idle();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({}))["id"].clone();
    let new = json!({"contact_id": contact, "kind": "click", "source_system": "ads", "external_id": "1",
        "cost": {"amount": "1.20", "currency": "USD"}});
    let made = owner.post("/v1/touchpoints", &new).created();
    assert_eq!(owner.post("/v1/touchpoints", &new).is(200)["id"], made["id"]);
    let items = json!({"items": [{"op": "create", "data": new}, {"op": "create", "data": {"contact_id": contact, "kind": "x"}}]});
    let done = owner.post("/v1/touchpoints/batch", items).is(207);
    assert_eq!((&done["results"][0]["status"], &done["results"][1]["status"]), (&json!(200), &json!(422)));
    let half = json!({"contact_id": contact, "kind": "click", "external_id": "1"});
    owner.post("/v1/touchpoints", half).refused(422, "invalid");
    assert_eq!(owner.get("/v1/touchpoints").ids().len(), 1);
    assert_eq!(owner.get("/v1/contacts?filter=touchpoints.exists(t,%20t.kind%20%3D%3D%20%22click%22)").ids().len(), 1);
}

#[test]
fn each_model_parts_an_order_to_the_last_cent() {
    let town = Town::idle();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({}))["id"].clone();
    for (campaign, day) in [("a", "01"), ("b", "08"), ("c", "15")] {
        touch(&owner, &contact, campaign, &format!("2026-03-{day}T12:00:00Z"));
    }
    touch(&owner, &contact, "later", "2026-03-16T12:00:00Z");
    touch(&owner, &contact, "before", "2025-03-16T12:00:00Z");
    order(&owner, json!({"contact_id": contact}));
    let of = |model: &str| revenue(&asked(&owner, &format!("model={model}")));
    let told =
        |all: &[(&str, &str)]| all.iter().map(|(one, sum)| (one.to_string(), sum.to_string())).collect::<Vec<_>>();
    assert_eq!(of("first"), told(&[("a", "100.00")]));
    assert_eq!(of("last"), told(&[("c", "100.00")]));
    let linear = of("linear");
    let mut sums: Vec<&str> = linear.iter().map(|(_, sum)| sum.as_str()).collect();
    sums.sort_unstable();
    assert_eq!(sums, ["33.33", "33.33", "33.34"]);
    assert_eq!(of("position"), told(&[("a", "40.00"), ("b", "20.00"), ("c", "40.00")]));
    assert_eq!(of("decay"), told(&[("a", "14.29"), ("b", "28.57"), ("c", "57.14")]));
    assert_eq!(revenue(&asked(&owner, "model=linear&lookback_days=7")).len(), 2);
}

#[test]
fn what_nothing_came_before_and_what_was_cancelled_is_told_apart() {
    let town = Town::idle();
    let owner = town.owner();
    let account = make::account(&owner, json!({}))["id"].clone();
    let contact = make::contact(&owner, json!({"account_id": account}))["id"].clone();
    make::touchpoint(
        &owner,
        json!({"contact_id": contact, "campaign": "a", "happened_at": "2026-03-10T00:00:00Z",
        "cost": {"amount": "20.00", "currency": "USD"}}),
    );
    order(&owner, json!({"account_id": account}));
    order(&owner, json!({}));
    order(&owner, json!({"contact_id": contact, "status": "cancelled"}));
    order(&owner, json!({"contact_id": contact, "placed_at": "2026-04-01T00:00:00Z"}));
    let told = asked(&owner, "");
    assert_eq!((&told["total"]["order_count"], &told["unattributed"]["order_count"]), (&json!(2), &json!(1)));
    let group = &told["groups"][0];
    assert_eq!((&group["name"], &group["revenue"][0]["amount"]), (&json!("a"), &json!("100.00")));
    assert_eq!((&group["cost"][0]["amount"], &group["returns"][0]["value"]), (&json!("20.00"), &json!("4")));
    let wrong = owner.get("/v1/attribution?from=x&until=2026-03-31&time_zone=Nowhere");
    wrong.refused(400, "unknown_parameter");
    assert_eq!(wrong.pointers(), ["?from", "?time_zone"]);
}

#[test]
fn somebody_is_told_of_what_they_see_and_a_merge_takes_touchpoints_along() {
    let town = Town::idle();
    let owner = town.owner();
    let rep = town.client(Person::Rep);
    let mine = make::contact(&rep, json!({}))["id"].clone();
    touch(&rep, &mine, "mine", "2026-03-10T00:00:00Z");
    order(&rep, json!({"contact_id": mine}));
    let theirs = make::contact(&owner, json!({}))["id"].clone();
    touch(&owner, &theirs, "theirs", "2026-03-09T00:00:00Z");
    order(&owner, json!({"contact_id": theirs}));
    assert_eq!(revenue(&asked(&rep, "")).len(), 1);
    assert_eq!(asked(&rep, "")["total"]["order_count"], 1);
    assert_eq!(revenue(&asked(&owner, "")).len(), 2);
    rep.get(&format!("/v1/touchpoints?contact_id={}", theirs.as_str().unwrap())).ok();
    assert_eq!(rep.get("/v1/touchpoints").ids().len(), 1);
    let not_mine = json!({"contact_id": theirs, "kind": "click"});
    assert_eq!(rep.post("/v1/touchpoints", not_mine).refused(422, "unknown_reference")["code"], "unknown_reference");
    owner.post(&format!("/v1/contacts/{}/merge", mine.as_str().unwrap()), json!({"sources": [theirs]})).ok();
    assert_eq!(asked(&owner, "model=first")["groups"][1]["order_count"], 2, "the first of both is theirs");
    assert_eq!(town.client(Person::Foreigner).get("/v1/touchpoints").ids().len(), 0);
}
