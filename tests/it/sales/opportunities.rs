//! An opportunity through its life: made, found, changed, carried on, won or lost, archived, gone.
use crate::platform::imports::{import, rows};
use crate::support::{Person, Town, Value, encoded, json, make, seal};

fn place(record: &Value) -> String {
    format!("/v1/opportunities/{}", make::id(record, "id"))
}

#[test]
fn an_opportunity_goes_through_its_life() {
    let town = Town::start();
    let owner = town.owner();
    let (account, stages) = (make::account(&owner, json!({"name": "晨光商贸"})), make::stages(&owner, None));
    let body = json!({"name": "茶叶年度采购", "account_id": account["id"], "expected_close_on": "2026-12-15",
        "amount": {"amount": "12000.00", "currency": "USD"}, "opportunity_type": "new_business", "source": "referral",
        "next_step": "寄样品", "competitors": ["八马", "天福"]});
    let answer = owner.post("/v1/opportunities", body);
    let made = answer.created();
    let path = answer.header("location").to_owned();
    assert_eq!(path, place(&made));
    assert_eq!((&made["stage_id"], &made["probability"]), (&json!(stages["prospecting"]), &json!(10)));
    assert_eq!(made["expected_value"], json!({"amount": "1200.00", "currency": "USD"}));
    assert_eq!((&made["forecast_category"], &made["exchange_rate"]), (&json!("pipeline"), &json!("1")));
    assert_eq!(owner.get(&path).ok(), made);
    let whole = owner.get(&format!("{path}?include=account,stage,pipeline,stage_history,owner")).ok();
    assert_eq!((&whole["stage"]["key"], &whole["account"]["name"]), (&json!("prospecting"), &json!("晨光商贸")));
    assert_eq!(whole["stage_history"][0]["to_stage"], "prospecting");
    for words in ["茶叶", "采购", "样品"] {
        assert_eq!(owner.get(&format!("/v1/opportunities?q={}", encoded(words))).ids(), [make::id(&made, "id")]);
    }
    let raised = owner.patch(&path, json!({"probability": 35, "next_step": null, "forecast_category": "commit"})).ok();
    assert_eq!((&raised["expected_value"]["amount"], &raised["version"]), (&json!("4200.00"), &json!(2)));
    owner.if_match(1).patch(&path, json!({"name": "x"})).refused(412, "stale");
    let on = owner.post(&format!("{path}/transition"), json!({"stage_id": stages["proposal"]})).ok();
    assert_eq!(
        (&on["probability"], &on["forecast_category"]),
        (&json!(60), &json!("best_case")),
        "a stage brings its own"
    );
    owner.delete(&path).is(204);
    owner.get(&path).refused(404, "not_found");
    assert_eq!(owner.act(&format!("{path}/restore")).ok()["stage_id"], json!(stages["proposal"]));
    owner.delete(&format!("{path}?purge=true")).is(204);
    assert_eq!(town.database.count("SELECT count(*) FROM opportunity_stage_history"), 0);
}

#[test]
fn won_lost_and_open_again() {
    let town = Town::start();
    let owner = town.owner();
    let stages = make::stages(&owner, None);
    let path = place(&make::opportunity(&owner, json!({})));
    let to = |stage: &str, more: Value| {
        owner.post(&format!("{path}/transition"), make::with(json!({"stage_id": stages[stage]}), more))
    };
    to("negotiation", json!({})).ok();
    let won = to("closed_won", json!({})).ok();
    assert_eq!((&won["probability"], &won["forecast_category"]), (&json!(100), &json!("closed")));
    assert!(won["closed_at"].is_string());
    owner.patch(&path, json!({"probability": 50})).refused(422, "invalid");
    let open = to("qualification", json!({})).ok();
    assert_eq!((&open["closed_at"], &open["probability"]), (&json!(null), &json!(20)));
    owner.patch(&path, json!({"closed_at": "2026-01-01T00:00:00Z"})).refused(422, "invalid");
    assert_eq!(to("closed_lost", json!({})).pointers(), ["/lost_reason"]);
    let lost = to("closed_lost", json!({"lost_reason": "price", "closed_at": "2026-02-03T04:05:06Z"})).ok();
    assert_eq!((&lost["lost_reason"], &lost["closed_at"]), (&json!("price"), &json!("2026-02-03T04:05:06Z")));
    owner.patch(&path, json!({"lost_reason": null})).refused(422, "invalid");
    let again = to("prospecting", json!({})).ok();
    assert_eq!((&again["lost_reason"], &again["closed_at"]), (&json!(null), &json!(null)), "what is open was not lost");
    seal(&town);
    let told = owner.walk("/v1/events?types=opportunity.*");
    let told: Vec<&str> = told.iter().map(|event| event["type"].as_str().unwrap()).collect();
    let steps = ["created", "stage_changed", "won", "reopened", "lost", "reopened"];
    assert_eq!(told, steps.map(|step| format!("opportunity.{step}")));
    let been = owner.get(&format!("{path}/stage-history")).ok();
    let been: Vec<_> = been.as_array().unwrap().iter().map(|one| (&one["from_stage"], &one["to_stage"])).collect();
    let keys = ["prospecting", "negotiation", "closed_won", "qualification", "closed_lost", "prospecting"]
        .map(|key| json!(key));
    let nothing = Value::Null;
    let before: Vec<&Value> = std::iter::once(&nothing).chain(&keys).collect();
    assert_eq!(been, before.into_iter().zip(&keys).collect::<Vec<_>>());
    assert_eq!(owner.get("/v1/opportunity-stage-history?kind=won").each("to_stage"), ["closed_won"]);
}

#[test]
fn a_reason_is_one_of_those_that_are_listed() {
    let town = Town::start();
    let owner = town.owner();
    let stages = make::stages(&owner, None);
    let path = place(&make::opportunity(&owner, json!({})));
    let set = json!({"key": "lost_reasons", "options": [{"key": "price"}, {"key": "timing"}]});
    let set = owner.post("/v1/metadata/option-sets", set).created();
    let lose = |reason: &str| {
        owner.post(&format!("{path}/transition"), json!({"stage_id": stages["closed_lost"], "lost_reason": reason}))
    };
    assert_eq!(lose("weather").pointers(), ["/lost_reason"]);
    let left = json!({"options": [{"key": "timing"}]});
    owner.patch(&format!("/v1/metadata/option-sets/{}", make::id(&set, "id")), left).ok();
    lose("price").refused(422, "invalid");
    assert_eq!(lose("timing").ok()["lost_reason"], "timing");
}

#[test]
fn contacts_take_part() {
    let town = Town::start();
    let owner = town.owner();
    let path = place(&make::opportunity(&owner, json!({})));
    let (one, other) = (make::contact(&owner, json!({})), make::contact(&owner, json!({})));
    let add = |contact: &Value, role: &str, first: bool| {
        let body = json!({"contact_id": contact["id"], "role": role, "is_primary": first});
        owner.post(&format!("{path}/contacts"), body)
    };
    let first = add(&one, "champion", true).created();
    add(&other, "decision_maker", true).created();
    add(&one, "blocker", false).created();
    add(&one, "dancer", false).refused(422, "invalid");
    let all = owner.get(&format!("{path}/contacts")).ok();
    assert_eq!((all.as_array().map(Vec::len), &all[0]["contact_id"]), (Some(2), &other["id"]));
    assert_eq!((&all[1]["role"], &all[1]["is_primary"]), (&json!("blocker"), &json!(false)));
    let place = format!("/v1/opportunity-contacts/{}", make::id(&first, "id"));
    assert_eq!(owner.patch(&place, json!({"is_primary": true, "role": null})).ok()["is_primary"], true);
    assert_eq!(town.database.count("SELECT count(*) FROM opportunity_contacts WHERE is_primary"), 1);
    let filter =
        encoded("opportunity_contacts.exists(p, p.role == \"decision_maker\" && p.opportunity.probability < 50)");
    assert_eq!(owner.get(&format!("/v1/contacts?filter={filter}")).ids(), [make::id(&other, "id")]);
    owner.delete(&place).is(204);
    assert!(owner.get(&path).ok()["version"].as_i64().unwrap() > 4, "its parts are a change of it");
    let strange = make::contact(&town.client(Person::Foreigner), json!({}));
    add(&strange, "user", false).refused(422, "unknown_reference");
}

#[test]
fn accounts_are_found_by_what_may_be_sold_to_them() {
    let town = Town::start();
    let owner = town.owner();
    let stages = make::stages(&owner, None);
    let won = make::account(&owner, json!({}));
    for (account, stage, amount) in
        [(&won, "closed_won", "20000"), (&make::account(&owner, json!({})), "proposal", "20000")]
    {
        let amount = json!({"amount": amount, "currency": "USD"});
        make::opportunity(&owner, json!({"account_id": account["id"], "stage_id": stages[stage], "amount": amount}));
    }
    let filter = encoded("opportunities.exists(o, o.stage.kind == \"won\" && o.base_amount.amount > 10000)");
    assert_eq!(owner.get(&format!("/v1/accounts?filter={filter}")).ids(), [make::id(&won, "id")]);
    let list = owner.get(&format!("/v1/opportunities?filter={}", encoded("stage.kind == \"open\" && account != null")));
    assert_eq!(list.ids().len(), 1);
    assert_eq!(owner.get("/v1/opportunities?sort=-amount,name&competitors=x").ids().len(), 0);
}

#[test]
fn an_opportunity_is_seen_and_changed_by_whose_it_is() {
    let town = Town::start();
    let (rep, mate, stranger) = (town.client(Person::Rep), town.client(Person::Mate), town.client(Person::Stranger));
    let path = place(&make::opportunity(&rep, json!({"team_id": town.team("north")})));
    assert_eq!(mate.get(&path).ok()["owner_id"], town.user(Person::Rep));
    mate.patch(&path, json!({"name": "mine"})).refused(403, "forbidden");
    for refused in [
        stranger.get(&path),
        stranger.get(&format!("{path}/lines")),
        stranger.get(&format!("{path}/contacts")),
        stranger.get(&format!("{path}/stage-history")),
        stranger.get(&format!("{path}/history")),
        stranger.post(&format!("{path}/transition"), json!({"stage_id": make::stages(&rep, None)["proposal"]})),
    ] {
        refused.refused(404, "not_found");
    }
    for list in ["opportunities", "opportunity-lines", "opportunity-contacts", "opportunity-stage-history"] {
        assert_eq!(stranger.get(&format!("/v1/{list}")).ok()["data"], json!([]), "{list}");
    }
    rep.post("/v1/opportunities", json!({"name": "x", "owner_id": town.user(Person::Mate)})).refused(403, "forbidden");
    let manager = town.client(Person::Manager);
    assert_eq!(manager.patch(&path, json!({"owner_id": town.user(Person::Mate)})).ok()["version"], 2);
    mate.put(&format!("{path}/followers/me"), json!({})).is_one_of(&[204, 404, 405]);
}

#[test]
fn an_opportunity_is_put_by_its_name_elsewhere() {
    let town = Town::start();
    let body = |amount: &str| json!({"name": "Deal", "amount": {"amount": amount, "currency": "USD"}});
    let ids: Vec<Value> = std::thread::scope(|scope| {
        let put =
            |_| scope.spawn(|| town.owner().put("/v1/opportunities/by/ext:crm/7", body("5.00")).json()["id"].clone());
        let all: Vec<_> = (0..10).map(put).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(ids.iter().all(|id| *id == ids[0] && id.is_string()), "{ids:?}");
    let changed = town.owner().put("/v1/opportunities/by/ext:crm/7", body("6.00")).ok();
    assert_eq!(changed["amount"]["amount"], "6.00");
    town.owner().put("/v1/opportunities/by/name/Deal", body("1.00")).refused(422, "invalid");
    let likely = town.owner().post("/v1/opportunities/duplicates", body("1.00")).ok();
    assert_eq!((&likely[0]["id"], &likely[0]["match_rule"]), (&changed["id"], &json!("name_and_account_id")));
    make::opportunity(&town.owner(), json!({"name": "Deal"}));
}

/// A file that names the pipeline alone says where a new one begins.
#[test]
fn a_file_that_comes_again_moves_nothing_back() {
    let town = Town::start();
    let owner = town.owner();
    let pipeline = make::pipeline(&owner, json!({"name": "Renewals"}));
    let stages = make::stages(&owner, Some(&pipeline));
    let mapping = json!({"resource": "opportunities", "source_system": "erp",
        "columns": {"No": "external_id", "Name": "name", "Pipeline": "pipeline.name"}});
    let bring = |name: &str| {
        let file = format!("No,Name,Pipeline\n1,{name},Renewals\n");
        rows(&import(&owner, "deals.csv", file.as_bytes(), &mapping, &[]))
    };
    assert_eq!(bring("Deal"), [1, 1, 0, 0, 0]);
    let deal = owner.get("/v1/opportunities").ok()["data"][0].clone();
    assert_eq!(deal["stage_id"], stages["begun"].as_str());
    let path = format!("/v1/opportunities/{}", make::id(&deal, "id"));
    owner.patch(&path, json!({"stage_id": stages["talked"]})).ok();
    assert_eq!(bring("Deal"), [1, 0, 0, 1, 0]);
    assert_eq!(bring("Renamed"), [1, 0, 1, 0, 0]);
    assert_eq!(owner.get(&path).ok()["stage_id"], stages["talked"].as_str());
}
