//! A lead becomes a customer, with all that it had to do with; and does not after all.
use super::place;
use crate::support::{Person, Town, Value, json, make};

#[test]
fn a_lead_becomes_an_account_a_contact_and_an_opportunity() {
    let town = Town::start();
    let owner = town.owner();
    let lead = owner.post(
        "/v1/leads",
        json!({"given_name": "伟", "family_name": "王", "company_name": "晨光商贸", "email": "wang@example.cn",
        "phone": "+8613800138000", "source": "web", "owner_id": town.user(Person::Rep)}),
    );
    let lead = lead.created();
    let (path, id) = (place(&lead), make::id(&lead, "id"));
    let links = json!([{"resource": "lead", "record_id": id}]);
    let call = make::activity(&owner, json!({"links": links, "direction": "outbound"}));
    let task = make::task(&owner, json!({"links": links}));
    let tag = make::tag(&owner, json!({"name": "VIP"}));
    owner.post(&format!("/v1/tags/{}/assign", make::id(&tag, "id")), json!({"resource": "lead", "ids": [id]})).ok();
    let deal = json!({"fields": {"name": "茶叶年度采购", "amount": {"amount": "12000.00", "currency": "USD"}}});
    let done = owner.post(&format!("{path}/convert"), json!({"opportunity": deal})).ok();
    assert_eq!(done["created"], json!(["account", "contact", "opportunity"]));
    assert_eq!((&done["lead"]["status"], done["lead"]["converted_at"].is_string()), (&json!("converted"), true));
    let of = |noun: &str, member: &str| owner.get(&format!("/v1/{noun}/{}?include=tags", make::id(&done, member))).ok();
    let contact = of("contacts", "contact_id");
    assert_eq!((&contact["display_name"], &contact["email"]), (&json!("王伟"), &json!("wang@example.cn")));
    assert_eq!((&contact["account_id"], &contact["owner_id"]), (&done["account_id"], &json!(town.user(Person::Rep))));
    assert_eq!(contact["tags"][0]["name"], "VIP");
    assert_eq!(of("accounts", "account_id")["name"], "晨光商贸");
    let deal = owner.get(&format!("/v1/opportunities/{}", make::id(&done, "opportunity_id"))).ok();
    assert_eq!((&deal["name"], &deal["account_id"]), (&json!("茶叶年度采购"), &done["account_id"]));
    let parts = owner.get(&format!("/v1/opportunities/{}/contacts", make::id(&deal, "id"))).ok();
    assert_eq!((&parts[0]["contact_id"], &parts[0]["is_primary"]), (&done["contact_id"], &json!(true)));
    for (noun, member) in [("contact", "contact_id"), ("account", "account_id"), ("opportunity", "opportunity_id")] {
        let line =
            owner.get(&format!("/v1/timeline?subject={noun}:{}&types=activity,task", make::id(&done, member))).ok();
        let ids: Vec<&Value> = line["data"].as_array().unwrap().iter().map(|entry| &entry["id"]).collect();
        assert!(ids.contains(&&call["id"]) && ids.contains(&&task["id"]), "{noun}: {line}");
    }
    let whole = owner.get(&format!("{path}?include=account,contact,opportunity")).ok();
    assert_eq!(whole["opportunity"]["id"], deal["id"]);
    assert_eq!(
        owner
            .get(&format!("/v1/contacts?filter={}", crate::support::encoded("leads.exists(l, l.source == \"web\")")))
            .ids()
            .len(),
        1
    );
    let again = owner.post(&format!("{path}/convert"), json!({})).refused(409, "lead_converted");
    let told: Vec<&Value> = again["existing"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
    assert_eq!(told, [&done["account_id"], &done["contact_id"], &done["opportunity_id"]]);
    owner.patch(&path, json!({"rating": "hot"})).refused(409, "lead_converted");
}

#[test]
fn whoever_is_there_is_used_where_one_says_so() {
    let town = Town::start();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({"email": "ada@example.com"}));
    let account = make::account(&owner, json!({"name": "Engines", "website": "https://engines.example"}));
    let lead =
        make::lead(&owner, json!({"display_name": "Ada", "company_name": "Engines", "email": "ada@example.com"}));
    let path = format!("{}/convert", place(&lead));
    let refused = owner.post(&path, json!({"account": null}));
    assert_eq!(refused.status, 409);
    assert_eq!(refused.json()["existing"][0]["id"], contact["id"]);
    assert_eq!(owner.get("/v1/accounts?name=Engines").ids().len(), 1, "nothing is left of what was refused");
    let unknown = json!({"account": {"id": crate::support::nobodys_id()}});
    assert_eq!(owner.post(&path, unknown).pointers(), ["/account/id"]);
    assert_eq!(
        owner.post(&path, json!({"contact": {"fields": {"nonsense": 1}}, "account": null})).pointers(),
        ["/contact/fields/nonsense"]
    );
    let keyed = owner.with("idempotency-key", "convert-once");
    let into = json!({"account": {"id": account["id"]}, "on_duplicate": "use"});
    let done = keyed.post(&path, &into).ok();
    assert_eq!((&done["account_id"], &done["contact_id"]), (&account["id"], &contact["id"]));
    assert_eq!((&done["created"], &done["opportunity_id"]), (&json!([]), &json!(null)));
    assert_eq!(keyed.post(&path, &into).ok(), done, "the same key has the same answer");
}

/// The rules of the rooms hold: what a stage demands is demanded here too.
#[test]
fn a_conversion_is_no_way_round_a_stage() {
    let town = Town::start();
    let owner = town.owner();
    let stages = make::stages(&owner, None);
    let demand = json!({"required_fields": ["expected_close_on"]});
    owner.patch(&format!("/v1/stages/{}", stages["prospecting"]), demand).ok();
    let path = format!("{}/convert", place(&make::lead(&owner, json!({"company_name": "Tea"}))));
    let ask = |fields: Value| owner.post(&path, json!({"opportunity": {"fields": fields}}));
    assert_eq!(ask(json!({})).pointers(), ["/opportunity/fields/expected_close_on"]);
    assert_eq!(
        town.database.count("SELECT count(*) FROM accounts") + town.database.count("SELECT count(*) FROM contacts"),
        0
    );
    ask(json!({"expected_close_on": "2026-12-31"})).ok();
    let rep = town.client(Person::ReadOnly);
    rep.post(&path, json!({})).refused(403, "forbidden");
}

#[test]
fn what_nobody_has_worked_with_is_taken_back() {
    let town = Town::start();
    let owner = town.owner();
    let lead = make::lead(&owner, json!({"company_name": "Tea", "email": "ada@example.com", "status": "working"}));
    let (path, id) = (place(&lead), make::id(&lead, "id"));
    let call = make::activity(&owner, json!({"links": [{"resource": "lead", "record_id": id}]}));
    owner.act(&format!("{path}/unconvert")).refused(409, "lead_not_converted");
    let convert = || owner.post(&format!("{path}/convert"), json!({"opportunity": {}})).ok();
    let done = convert();
    let back = owner.act(&format!("{path}/unconvert")).ok();
    assert_eq!(
        (&back["status"], &back["contact_id"], &back["converted_at"]),
        (&json!("working"), &json!(null), &json!(null))
    );
    for (noun, member) in [("contacts", "contact_id"), ("accounts", "account_id"), ("opportunities", "opportunity_id")]
    {
        owner.get(&format!("/v1/{noun}/{}", make::id(&done, member))).refused(404, "not_found");
    }
    let links = owner.get(&format!("/v1/activities/{}", make::id(&call, "id"))).ok()["links"].clone();
    assert_eq!(links, json!([{"resource": "lead", "record_id": id}]));
    let again = convert();
    assert_ne!(again["contact_id"], done["contact_id"]);
    let order = make::order(&owner, json!({"account_id": again["account_id"]}));
    owner.patch(&format!("/v1/contacts/{}", make::id(&again, "contact_id")), json!({"department": "x"})).ok();
    make::activity(&owner, json!({"links": [{"resource": "opportunity", "record_id": again["opportunity_id"]}]}));
    let stands = owner.act(&format!("{path}/unconvert")).refused(409, "lead_conversion_stands");
    let why: Vec<&str> =
        stands["existing"].as_array().unwrap().iter().map(|one| one["match_rule"].as_str().unwrap()).collect();
    // the order has made the account a customer
    assert_eq!(why, ["account_changed", "contact_changed", "order", "activity"], "{stands}");
    assert!(stands["existing"].as_array().unwrap().iter().any(|one| one["id"] == order["id"]));
    assert_eq!(owner.get(&path).ok()["status"], "converted", "all of it or nothing");
}
