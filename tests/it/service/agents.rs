//! Who answers, what they know, and whether they are there.
use super::routing::{online, silent};
use crate::support::{Person, Town, json, make, nobodys_id};

#[test]
fn a_skill_has_a_name_of_its_own() {
    let town = Town::idle();
    let owner = town.owner();
    let tea = make::skill(&owner, json!({"name": "Tea"}));
    let path = format!("/v1/skills/{}", make::id(&tea, "id"));
    let told = owner.post("/v1/skills", json!({"name": " Tea "})).refused(409, "skill_name_taken");
    assert_eq!(told["existing"][0]["id"], tea["id"]);
    let other = make::skill(&owner, json!({"name": "Coffee"}));
    let place = format!("/v1/skills/{}", make::id(&other, "id"));
    owner.patch(&place, json!({"name": "Tea"})).refused(409, "skill_name_taken");
    owner.if_match(9).patch(&path, json!({"description": "green"})).refused(412, "stale");
    owner.delete(&path).is(204);
    owner.patch(&place, json!({"name": "Tea"})).ok();
    owner.act(&format!("{path}/restore")).refused(409, "skill_name_taken");
    let put = owner.put("/v1/skills/by/name/Milk", json!({"description": "warm"})).created();
    assert_eq!(owner.put("/v1/skills/by/name/Milk", json!({"description": "cold"})).ok()["id"], put["id"]);
    assert_eq!(owner.get("/v1/skills?q=mil").ids(), [make::id(&put, "id")]);
    let rep = town.client(Person::Rep);
    rep.get(&place).ok();
    rep.post("/v1/skills", json!({"name": "Mine"})).refused(403, "forbidden");
    town.client(Person::Foreigner).get(&place).refused(404, "not_found");
}

#[test]
fn an_agent_is_a_person_once_with_skills_that_are_there() {
    let town = Town::idle();
    let owner = town.owner();
    let rep = town.user(Person::Rep);
    let skill = make::skill(&owner, json!({}));
    let skills = json!([{"skill_id": skill["id"], "level": 3}]);
    let agent = make::agent(&owner, json!({"user_id": rep, "capacity": 2, "skills": skills}));
    assert_eq!((&agent["status"], &agent["skills"]), (&json!("offline"), &skills));
    let told = owner.post("/v1/agents", json!({"user_id": rep})).refused(409, "agent_user_taken");
    assert_eq!(told["existing"][0]["id"], agent["id"]);
    let queue = owner.post("/v1/queues", json!({"display_name": "Help"})).created();
    for nobody in [json!(nobodys_id()), queue["id"].clone()] {
        assert_eq!(owner.post("/v1/agents", json!({"user_id": nobody})).pointers(), ["/user_id"]);
    }
    let path = format!("/v1/agents/{}", make::id(&agent, "id"));
    let unknown = json!({"skills": [{"skill_id": skill["id"]}, {"skill_id": nobodys_id()}]});
    assert_eq!(owner.patch(&path, unknown).pointers(), ["/skills/1/skill_id"]);
    let wrong = json!({"capacity": 0, "skills": [{"skill_id": skill["id"], "level": 6}],
        "channel_capacities": [{"channel": "owl", "capacity": 1}]});
    let mut places = owner.patch(&path, wrong).pointers();
    places.sort();
    assert_eq!(places, ["/capacity", "/channel_capacities", "/skills"]);
    assert_eq!(owner.patch(&path, json!({"capacity": null})).ok()["capacity"], json!(null));
    owner.delete(&path).is(204);
    owner.get(&path).refused(404, "not_found");
    make::agent(&owner, json!({"user_id": rep}));
}

#[test]
fn whoever_says_so_is_there_until_they_are_silent() {
    let town = Town::idle();
    let owner = town.owner();
    let rep = town.client(Person::Rep);
    rep.post("/v1/me/presence", json!({"status": "online"})).refused(403, "forbidden");
    rep.get("/v1/me/presence").refused(403, "forbidden");
    let agent = make::agent(&owner, json!({"user_id": town.user(Person::Rep)}));
    let path = format!("/v1/agents/{}", make::id(&agent, "id"));
    assert_eq!(rep.get("/v1/me/presence").ok()["last_seen_at"], json!(null));
    let said = online(&rep);
    assert_eq!((&said["agent_id"], said["silent_at"].is_string()), (&agent["id"], true));
    let rows = |town: &Town| town.database.count("SELECT count(*) FROM audit_log WHERE noun = 'agent'");
    let before = rows(&town);
    (0..5).for_each(|_| drop(online(&rep)));
    assert_eq!(rows(&town), before, "a beat is no change");
    assert_eq!(owner.get(&path).ok()["version"], 2);
    assert_eq!(rep.post("/v1/me/presence", json!({"status": "gone"})).pointers(), ["/status"]);
    assert_eq!(::service::agent::presence::watch(&mut town.database.conn()).unwrap(), 0);
    silent(&town, Person::Rep);
    assert_eq!(::service::agent::presence::watch(&mut town.database.conn()).unwrap(), 1);
    assert_eq!(owner.get(&path).ok()["status"], "offline");
    assert_eq!(::service::agent::presence::watch(&mut town.database.conn()).unwrap(), 0);
}
