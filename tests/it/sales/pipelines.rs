//! A pipeline has a stage of each kind, always; a tenant has one pipeline that is the default, always.
use crate::support::{Person, Town, Value, json, make};

#[test]
fn a_tenant_begins_with_a_pipeline() {
    let town = Town::start();
    for person in [Person::Owner, Person::Foreigner] {
        let page = town.client(person).get("/v1/pipelines?include=stages&count=exact").ok();
        assert_eq!(page["page"]["count"], 1);
        let pipeline = &page["data"][0];
        assert_eq!((&pipeline["is_default"], &pipeline["labels"]["zh-Hant"]), (&json!(true), &json!("銷售")));
        let stages = pipeline["stages"].as_array().unwrap();
        let told: Vec<_> = stages.iter().map(|one| (one["key"].as_str().unwrap(), &one["probability"])).collect();
        assert_eq!(
            told,
            [
                ("prospecting", &json!(10)),
                ("qualification", &json!(20)),
                ("needs_analysis", &json!(40)),
                ("proposal", &json!(60)),
                ("negotiation", &json!(80)),
                ("closed_won", &json!(100)),
                ("closed_lost", &json!(0))
            ]
        );
        assert_eq!(stages[3]["labels"]["zh-Hans"], "方案报价");
    }
    assert_eq!(town.owner().get("/v1/pipelines?q=sale").each("name"), ["Sales"]);
    assert_eq!(town.owner().get("/v1/stages?kind=won").each("key"), ["closed_won"]);
}

#[test]
fn a_pipeline_is_sound_or_refused_with_all_that_is_wrong() {
    let town = Town::start();
    let owner = town.owner();
    let stages = json!([
        {"key": "a", "name": "A", "kind": "open", "transitions": ["b", "nowhere"]},
        {"key": "a", "name": "A", "kind": "won", "probability": 90},
        {"key": "b", "name": "B", "kind": "open", "required_fields": ["amount", "custom.none", "version", "shoe_size"]}]);
    let answer = owner.post("/v1/pipelines", json!({"name": "Bad", "stages": stages}));
    answer.refused(422, "invalid");
    let mut pointers = answer.pointers();
    pointers.sort();
    assert_eq!(
        pointers,
        [
            "/stages",
            "/stages/0/transitions/1",
            "/stages/1/key",
            "/stages/1/probability",
            "/stages/2/required_fields/1",
            "/stages/2/required_fields/2",
            "/stages/2/required_fields/3"
        ]
    );
    let bad = json!([{"key": "Bad Key", "name": " ", "kind": "maybe", "probability": 101, "rotting_days": 0}]);
    let answer = owner.post("/v1/pipelines", json!({"name": "", "stages": bad}));
    answer.refused(422, "invalid");
    for place in ["/name", "/stages/0/key", "/stages/0/name", "/stages/0/kind", "/stages/0/probability"] {
        assert!(answer.pointers().contains(&place.to_owned()), "{place}: {:?}", answer.pointers());
    }
    assert_eq!(town.database.count("SELECT count(*) FROM pipelines WHERE name = 'Bad'"), 0);
}

#[test]
fn one_pipeline_is_the_default() {
    let town = Town::start();
    let owner = town.owner();
    let first = make::id(&owner.get("/v1/pipelines").ok()["data"][0], "id");
    let second = make::id(&make::pipeline(&owner, json!({"name": "Partners"})), "id");
    let path = |id: &str| format!("/v1/pipelines/{id}");
    owner.patch(&path(&first), json!({"is_default": false})).refused(409, "pipeline_default_stays");
    owner.delete(&path(&first)).refused(409, "pipeline_default_stays");
    owner.delete(&format!("{}?purge=true", path(&first))).refused(409, "pipeline_default_stays");
    owner.patch(&path(&second), json!({"name": "Sales"})).refused(409, "pipeline_name_taken");
    let all: Vec<u16> = std::thread::scope(|scope| {
        let turn = |id: String| {
            let client = town.owner();
            scope.spawn(move || client.patch(&format!("/v1/pipelines/{id}"), json!({"is_default": true})).status)
        };
        let all: Vec<_> = (0..10).map(|at| turn(if at % 2 == 0 { first.clone() } else { second.clone() })).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(all.iter().all(|status| *status == 200), "{all:?}");
    assert_eq!(owner.get("/v1/pipelines?is_default=true").ids().len(), 1);
    owner.patch(&path(&second), json!({"is_default": true})).ok();
    owner.if_match(1).patch(&path(&second), json!({"name": "x"})).refused(412, "stale");
    let deal = make::opportunity(&owner, json!({}));
    assert_eq!(deal["pipeline_id"], second.as_str());
    owner.delete(&path(&first)).is(204);
    owner.get(&path(&first)).refused(404, "not_found");
    owner.post("/v1/opportunities", json!({"name": "x", "pipeline_id": first})).refused(422, "unknown_reference");
    owner.act(&format!("{}/restore", path(&first))).ok();
    assert_eq!(
        owner.post("/v1/opportunities", json!({"name": "x", "pipeline_id": first})).created()["probability"],
        10
    );
}

#[test]
fn stages_come_change_and_go() {
    let town = Town::start();
    let owner = town.owner();
    let pipeline = make::pipeline(&owner, json!({}));
    let (path, stages) =
        (format!("/v1/pipelines/{}", make::id(&pipeline, "id")), make::stages(&owner, Some(&pipeline)));
    let new = json!({"key": "trial", "name": "Trial", "kind": "open", "probability": 60, "position": 2, "transitions": ["talked"]});
    let trial = owner.if_match(1).post(&format!("{path}/stages"), &new).created();
    assert_eq!((&trial["forecast_category"], &trial["version"]), (&json!("pipeline"), &json!(1)));
    let taken = owner.post(&format!("{path}/stages"), &new).refused(409, "stage_key_taken");
    assert_eq!(taken["existing"][0]["id"], trial["id"]);
    owner
        .if_match(1)
        .post(&format!("{path}/stages"), json!({"key": "x", "name": "X", "kind": "open"}))
        .refused(412, "stale");
    let place = |key: &str| format!("/v1/stages/{}", stages[key]);
    let trial = format!("/v1/stages/{}", make::id(&trial, "id"));
    assert_eq!(owner.patch(&trial, json!({"name": "Pilot", "rotting_days": 14})).ok()["version"], 2);
    owner.patch(&place("won"), json!({"probability": 99})).refused(422, "invalid");
    owner.patch(&trial, json!({"key": "pilot"})).refused(422, "invalid");
    owner.delete(&place("won")).refused(409, "stage_kinds_missing");
    let deal = make::opportunity(&owner, json!({"stage_id": stages["talked"]}));
    owner.delete(&place("talked")).refused(409, "in_use");
    let elsewhere = make::stages(&owner, None)["proposal"].clone();
    owner.delete(&format!("{}?move_to={elsewhere}", place("talked"))).refused(422, "unknown_reference");
    owner.delete(&format!("{}?move_to={}", place("talked"), stages["begun"])).is(204);
    let after = owner.get(&format!("/v1/opportunities/{}", make::id(&deal, "id"))).ok();
    assert_eq!((&after["stage_id"], &after["probability"]), (&json!(stages["begun"]), &json!(20)));
    assert_eq!(owner.get(&trial).ok()["transitions"], json!([]), "nothing leads to what is gone");
    let versions = owner.get(&format!("{path}/history")).ok();
    assert!(versions["data"].as_array().unwrap().len() >= 4, "{versions}");
}

#[test]
fn who_sells_sees_pipelines_and_does_not_change_them() {
    let town = Town::start();
    let pipeline = make::pipeline(&town.owner(), json!({}));
    let id = make::id(&pipeline, "id");
    for person in [Person::Manager, Person::Rep, Person::ReadOnly] {
        let client = town.client(person);
        assert_eq!(client.get(&format!("/v1/pipelines/{id}/stages")).ok().as_array().map(Vec::len), Some(4));
        client.patch(&format!("/v1/pipelines/{id}"), json!({"name": "x"})).refused(403, "forbidden");
        client.post("/v1/pipelines", json!({"name": "x"})).refused(403, "forbidden");
    }
    town.client(Person::Foreigner).get(&format!("/v1/pipelines/{id}")).refused(404, "not_found");
    let usual: Value = town.client(Person::Admin).post("/v1/pipelines", json!({"name": "Usual"})).created();
    assert_eq!(make::stages(&town.owner(), Some(&usual)).len(), 7);
}
