//! What a stage demands, it demands of whoever comes there, whichever way they come; and where a stage does not lead,
//! nothing goes.
use crate::platform::{import, rows};
use crate::support::{Client, Town, Value, json, make};
use std::collections::BTreeMap;

/// A pipeline whose third stage demands three things, one of them the tenant's own, and whose first leads to the second and
/// the lost one alone.
fn demanding(owner: &Client) -> (Value, BTreeMap<String, String>) {
    let field = json!({"key": "budget_holder", "type": "text"});
    owner.post("/v1/metadata/objects/opportunity/fields", field).created();
    let stages = json!([
        {"key": "begun", "name": "Begun", "kind": "open", "transitions": ["talked", "lost"]},
        {"key": "talked", "name": "Talked", "kind": "open"},
        {"key": "offered", "name": "Offered", "kind": "open", "probability": 70,
         "required_fields": ["amount", "competitors", "custom.budget_holder"]},
        {"key": "won", "name": "Won", "kind": "won", "required_fields": ["account_id"]},
        {"key": "lost", "name": "Lost", "kind": "lost"}]);
    let pipeline = make::pipeline(owner, json!({"name": "Demanding", "is_default": true, "stages": stages}));
    let stages = make::stages(owner, Some(&pipeline));
    (pipeline, stages)
}

const MISSING: [&str; 3] = ["/amount", "/competitors", "/custom/budget_holder"];

fn problem(result: &Value) -> Vec<String> {
    let faults = result["problem"]["errors"].as_array().unwrap_or_else(|| panic!("{result}"));
    faults.iter().map(|fault| fault["pointer"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn there_is_no_way_round_what_a_stage_demands() {
    let town = Town::start();
    let owner = town.owner();
    let (_, stages) = demanding(&owner);
    let bare = json!({"name": "Bare", "stage_id": stages["offered"]});
    let talked = make::opportunity(&owner, json!({"amount": null, "stage_id": stages["talked"]}));
    let (id, path) = (make::id(&talked, "id"), format!("/v1/opportunities/{}", make::id(&talked, "id")));
    let on = json!({"stage_id": stages["offered"]});
    // straight into the stage
    let answer = owner.post("/v1/opportunities", &bare);
    answer.refused(422, "invalid");
    assert_eq!(answer.pointers(), MISSING);
    // by a transition, a patch, a drag
    assert_eq!(owner.post(&format!("{path}/transition"), &on).pointers(), MISSING);
    assert_eq!(owner.patch(&path, &on).pointers(), MISSING);
    assert_eq!(owner.post(&format!("{path}/move"), &on).pointers(), MISSING);
    // by a batch, both ways
    let items = json!([{"op": "create", "data": bare}, {"op": "update", "id": id, "data": on}]);
    let done = owner.post("/v1/opportunities/batch", json!({"items": items})).is(207);
    for result in done["results"].as_array().unwrap() {
        assert_eq!((&result["status"], problem(result)), (&json!(422), MISSING.map(str::to_owned).to_vec()));
    }
    // by its name elsewhere, new and known
    assert_eq!(owner.put("/v1/opportunities/by/ext:crm/1", &bare).pointers(), MISSING);
    let name = json!({"resource": "opportunity", "record_id": id, "source_system": "crm", "external_id": "2"});
    owner.post("/v1/external-refs", name).created();
    assert_eq!(owner.put("/v1/opportunities/by/ext:crm/2", &bare).pointers(), MISSING);
    // by a file, new and known
    let mapping = json!({"resource": "opportunities", "source_system": "crm",
        "columns": {"No": "external_id", "Name": "name", "Stage": "stage.name"}});
    let done =
        import(&owner, "deals.csv", b"No,Name,Stage\n2,Known,Offered\n3,New,Offered\n4,Fine,Talked\n", &mapping, &[]);
    assert_eq!(rows(&done), [3, 1, 0, 0, 2], "{done}");
    let told = owner.get(&format!("/v1/imports/{}/errors", make::id(&done, "id"))).text();
    assert_eq!(told.matches("custom.budget_holder").count(), 2, "{told}");
    // by a stage that goes
    owner.delete(&format!("/v1/stages/{}?move_to={}", stages["talked"], stages["offered"])).refused(422, "invalid");
    let inside = format!("SELECT count(*) FROM opportunities WHERE stage_id = '{}'", stages["offered"]);
    assert_eq!(town.database.count(&inside), 0);
    assert_eq!(owner.get(&path).ok()["version"], 1, "what is refused changes nothing");
    // with all that it takes
    let all = json!({"stage_id": stages["offered"], "amount": {"amount": "5.00", "currency": "USD"},
        "competitors": ["x"], "custom": {"budget_holder": "Ada"}});
    let there = owner.post(&format!("{path}/transition"), &all).ok();
    assert_eq!((&there["version"], &there["probability"]), (&json!(2), &json!(70)));
    // and nothing of it is taken away
    for away in [json!({"amount": null}), json!({"competitors": []}), json!({"custom": {"budget_holder": null}})] {
        owner.patch(&path, away).refused(422, "invalid");
    }
    owner.patch(&path, json!({"name": "Still there"})).ok();
}

#[test]
fn a_stage_leads_where_it_leads() {
    let town = Town::start();
    let owner = town.owner();
    let (_, stages) = demanding(&owner);
    let begun = make::opportunity(&owner, json!({}));
    let (id, path) = (make::id(&begun, "id"), format!("/v1/opportunities/{}", make::id(&begun, "id")));
    let won = json!({"stage_id": stages["won"]});
    let code = "opportunity_transition_refused";
    owner.post(&format!("{path}/transition"), &won).refused(409, code);
    owner.patch(&path, &won).refused(409, code);
    owner.post(&format!("{path}/move"), &won).refused(409, code);
    let items = json!({"items": [{"op": "update", "id": id, "data": won}]});
    let done = owner.post("/v1/opportunities/batch", &items).is(207);
    assert_eq!(done["results"][0]["problem"]["code"], code);
    owner.post(&format!("{path}/transition"), json!({"name": "x"})).refused(422, "invalid");
    owner.post(&format!("{path}/transition"), json!({"stage_id": stages["talked"]})).ok();
    let none = owner.post(&format!("{path}/transition"), &won);
    assert_eq!(none.pointers(), ["/account_id"]);
    let account = make::account(&owner, json!({}));
    owner.post(&format!("{path}/transition"), make::with(won, json!({"account_id": account["id"]}))).ok();
}

/// Who was there before a stage demanded more goes on; who comes later has it.
#[test]
fn what_is_demanded_later_is_asked_of_those_who_come_later() {
    let town = Town::start();
    let owner = town.owner();
    let stages = make::stages(&owner, None);
    let path = format!("/v1/opportunities/{}", make::id(&make::opportunity(&owner, json!({})), "id"));
    let demand = json!({"required_fields": ["account_id", "next_step"]});
    owner.patch(&format!("/v1/stages/{}", stages["prospecting"]), demand).ok();
    owner.patch(&path, json!({"name": "Goes on"})).ok();
    assert_eq!(owner.post("/v1/opportunities", json!({"name": "x"})).pointers(), ["/account_id", "/next_step"]);
    owner.patch(&path, json!({"next_step": "call"})).ok();
    assert_eq!(owner.patch(&path, json!({"next_step": null})).pointers(), ["/next_step"]);
}

/// A field that is held back from somebody is not named to them.
#[test]
fn what_is_hidden_is_not_named() {
    let town = Town::start();
    let owner = town.owner();
    let (_, stages) = demanding(&owner);
    let everything = owner.get("/v1/me/permissions").ok()["permissions"].clone();
    let hidden = json!([{"object": "opportunity", "field": "amount", "access": "hidden"}]);
    let role =
        owner.post("/v1/roles", json!({"name": "No money", "permissions": everything, "fields": hidden})).created();
    let password = crate::support::people::PASSWORD;
    let user = make::user(&owner, json!({"password": password, "role_ids": [role["id"]]}));
    let tokens = town.anonymous().post("/v1/auth/login", json!({"email": user["email"], "password": password})).ok();
    let holder = town.anonymous().bearing(make::id(&tokens, "access_token")).sparse();
    let answer = holder.post("/v1/opportunities", json!({"name": "x", "stage_id": stages["offered"]}));
    answer.refused(422, "invalid");
    assert_eq!(answer.pointers(), ["/stage_id", "/competitors", "/custom/budget_holder"]);
    assert!(!answer.text().contains("amount"), "{}", answer.text());
}

/// Fifty want it elsewhere at once: each step is taken from where it was, one after the other, and written down.
#[test]
fn fifty_transitions_at_once_are_a_chain() {
    let town = Town::start();
    let owner = town.owner();
    let stages = make::stages(&owner, None);
    let path = format!("/v1/opportunities/{}", make::id(&make::opportunity(&owner, json!({})), "id"));
    let open = ["prospecting", "qualification", "needs_analysis", "proposal", "negotiation", "closed_won"];
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let go = |at: usize| {
            let (client, body) = (town.owner(), json!({"stage_id": stages[open[at % open.len()]]}));
            let path = format!("{path}/transition");
            scope.spawn(move || client.post(&path, body).status)
        };
        let all: Vec<_> = (0..50).map(go).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
    let been = owner.get(&format!("{path}/stage-history")).ok();
    let been = been.as_array().unwrap();
    for pair in been.windows(2) {
        assert_eq!(pair[0]["to_stage"], pair[1]["from_stage"], "{been:?}");
    }
    let now = owner.get(&format!("{path}?include=stage")).ok();
    assert_eq!(now["stage"]["key"], been.last().unwrap()["to_stage"]);
    assert_eq!(now["closed_at"].is_string(), now["stage"]["kind"] == "won");
    // at one version, one of them wins
    let version = now["version"].as_i64().unwrap();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let go = |at: usize| {
            let (client, body) =
                (town.owner().if_match(version), json!({"probability": 100, "next_step": format!("{at}")}));
            let path = path.clone();
            scope.spawn(move || client.patch(&path, body).status)
        };
        let all: Vec<_> = (0..20).map(go).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [200, 412].contains(status)), "{statuses:?}");
}
