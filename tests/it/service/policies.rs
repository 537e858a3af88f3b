//! SLA policies: sound or refused, asked in their order.
use crate::support::{Person, Town, json, make, nobodys_id};

#[test]
fn a_policy_is_sound_or_refused_with_all_that_is_wrong() {
    let town = Town::idle();
    let owner = town.owner();
    let targets = json!([
        {"metric": "speed", "minutes": 0, "priority": "huge", "hours": "night", "warn_at_percent": 100},
        {"metric": "resolution", "minutes": 60}]);
    let new = json!({"name": "", "position": -1, "pausing_statuses": ["closed"], "targets": targets});
    let answer = owner.post("/v1/sla-policies", new);
    answer.refused(422, "invalid");
    let wanted = [
        "/name",
        "/position",
        "/pausing_statuses",
        "/targets/0/metric",
        "/targets/0/minutes",
        "/targets/0/priority",
        "/targets/0/hours",
        "/targets/0/warn_at_percent",
    ];
    for place in wanted {
        assert!(answer.pointers().contains(&place.to_owned()), "{place}: {:?}", answer.pointers());
    }
    let target = json!({"metric": "resolution", "minutes": 60});
    let low = make::with(target.clone(), json!({"priority": "low"}));
    let twice = json!({"name": "Twice", "targets": [target, low, target]});
    let answer = owner.post("/v1/sla-policies", twice);
    answer.refused(422, "invalid");
    assert_eq!(answer.pointers(), ["/targets/2"]);
    let answer = owner.post("/v1/sla-policies", json!({"name": "X", "filter": "shoe_size > 3"}));
    answer.refused(422, "invalid");
    assert_eq!(answer.pointers(), ["/filter"]);
    let answer = owner.post("/v1/sla-policies", json!({"name": "X", "calendar_id": nobodys_id()}));
    answer.refused(422, "unknown_reference");
    assert_eq!(answer.pointers(), ["/calendar_id"]);
}

#[test]
fn a_policy_lives_as_every_record_does() {
    let town = Town::idle();
    let owner = town.owner();
    let new = json!({"name": "Complaints", "targets": [{"metric": "first_response", "minutes": 30}]});
    let policy = owner.put("/v1/sla-policies/by/name/Complaints", new.clone()).created();
    assert_eq!(
        (&policy["pausing_statuses"], &policy["targets"][0]["hours"]),
        (&json!(["pending"]), &json!("business"))
    );
    let again = owner.put("/v1/sla-policies/by/name/Complaints", json!({"position": 5, "name": "Complaints"})).ok();
    assert_eq!((&again["id"], &again["position"]), (&policy["id"], &json!(5)));
    let place = format!("/v1/sla-policies/{}", make::id(&policy, "id"));
    owner.if_match(1).patch(&place, json!({"position": 6})).refused(412, "stale");
    owner.delete(&place).is(204);
    assert_eq!(owner.get("/v1/sla-policies?deleted=only").ids(), [make::id(&policy, "id")]);
    owner.act(&format!("{place}/restore")).ok();
    assert_eq!(owner.get("/v1/sla-policies?q=compl").ids(), [make::id(&policy, "id")]);
    town.client(Person::Rep).patch(&place, json!({"position": 1})).refused(403, "forbidden");
    town.client(Person::Foreigner).get(&place).refused(404, "not_found");
}
