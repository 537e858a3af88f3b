//! A lead through its life: made, found, changed, given up, taken up again, archived, gone.
use super::place;
use crate::platform::imports::{import, rows};
use crate::support::{Person, Town, encoded, json, make, seal};

#[test]
fn a_lead_goes_through_its_life() {
    let town = Town::start();
    let owner = town.owner();
    let utm = json!({"source": "wechat", "campaign": "autumn", "landing_page": "https://example.com/tea"});
    let body = json!({"given_name": "伟", "family_name": "王", "company_name": "晨光商贸", "email": "Wang.Wei@example.cn",
        "phone": "+86 138-0013-8000", "source": "web", "rating": "warm", "utm": utm});
    let answer = owner.post("/v1/leads", body);
    let made = answer.created();
    let path = answer.header("location").to_owned();
    assert_eq!(path, place(&made));
    assert_eq!((&made["display_name"], &made["status"]), (&json!("王伟"), &json!("new")));
    assert_eq!((&made["email"], &made["phone"]), (&json!("wang.wei@example.cn"), &json!("+8613800138000")));
    assert_eq!((&made["utm"], &made["score"], &made["version"]), (&utm, &json!(0), &json!(1)));
    assert_eq!(owner.get(&path).ok(), made);
    for words in ["王伟", "晨光", "wang.wei@example.cn", "13800138000"] {
        assert_eq!(owner.get(&format!("/v1/leads?q={}", encoded(words))).ids(), [make::id(&made, "id")], "{words}");
    }
    let renamed = owner.patch(&path, json!({"given_name": "小明", "status": "working"})).ok();
    assert_eq!((&renamed["display_name"], &renamed["status"]), (&json!("王小明"), &json!("working")));
    assert_eq!(owner.get(&format!("/v1/leads?q={}", encoded("小明"))).ids().len(), 1);
    owner.if_match(1).patch(&path, json!({"rating": "hot"})).refused(412, "stale");
    let filtered =
        owner.get("/v1/leads?filter=status%20%3D%3D%20%22working%22%20%26%26%20rating%20%3D%3D%20%22warm%22");
    assert_eq!(filtered.ids().len(), 1);
    owner.delete(&path).is(204);
    owner.get(&path).refused(404, "not_found");
    assert_eq!(owner.act(&format!("{path}/restore")).ok()["status"], "working");
    owner.delete(&format!("{path}?purge=true")).is(204);
    assert_eq!(town.database.count("SELECT count(*) FROM leads"), 0);
    assert_eq!(owner.post("/v1/leads", json!({})).pointers(), [""]);
}

#[test]
fn what_is_given_up_has_a_reason_whichever_way_it_is_given_up() {
    let town = Town::start();
    let owner = town.owner();
    let lead = make::lead(&owner, json!({"email": "ada@example.com"}));
    let path = place(&lead);
    assert_eq!(owner.patch(&path, json!({"status": "unqualified"})).pointers(), ["/disqualify_reason"]);
    assert_eq!(owner.patch(&path, json!({"disqualify_reason": "none"})).pointers(), ["/disqualify_reason"]);
    assert_eq!(owner.patch(&path, json!({"status": "converted"})).pointers(), ["/status"]);
    let item = json!({"op": "update", "id": lead["id"], "data": {"status": "unqualified"}});
    let batch = owner.post("/v1/leads/batch", json!({"items": [item]})).is(207);
    assert_eq!(batch["results"][0]["status"], 422, "{batch}");
    owner.put("/v1/leads/by/email/ada@example.com", json!({"status": "unqualified"})).refused(422, "invalid");
    let mapping = json!({"resource": "leads", "columns": {"Mail": "email", "Status": "status"}});
    let brought =
        import(&owner, "leads.csv", b"Mail,Status\nada@example.com,unqualified\n", &mapping, &[("mode", "upsert")]);
    assert_eq!(brought["rows_failed"], 1, "{brought}");
    let lost = owner.post(&format!("{path}/disqualify"), json!({"disqualify_reason": "no budget"})).ok();
    assert_eq!((&lost["status"], &lost["disqualify_reason"]), (&json!("unqualified"), &json!("no budget")));
    let open = owner.act(&format!("{path}/reopen")).ok();
    assert_eq!((&open["status"], &open["disqualify_reason"]), (&json!("new"), &json!(null)));
    assert_eq!(owner.act(&format!("{path}/reopen")).ok()["version"], open["version"], "once is enough");
    let set = json!({"key": "disqualify_reasons", "options": [{"key": "price"}]});
    owner.post("/v1/metadata/option-sets", set).created();
    let why = |reason: &str| owner.post(&format!("{path}/disqualify"), json!({"disqualify_reason": reason}));
    assert_eq!(why("weather").pointers(), ["/disqualify_reason"]);
    why("price").ok();
    seal(&town);
    let told = owner.walk("/v1/events?types=lead.*");
    let told: Vec<&str> = told.iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert_eq!(told, ["created", "disqualified", "reopened", "disqualified"].map(|verb| format!("lead.{verb}")));
}

#[test]
fn whoever_is_there_already_is_named() {
    let town = Town::start();
    let owner = town.owner();
    let first = make::lead(&owner, json!({"display_name": "Ada", "email": "ada@example.com", "phone": "+12025550100"}));
    let contact = make::contact(&owner, json!({"email": "ada@example.com"}));
    let again = json!({"display_name": "Ada L.", "email": "ADA@example.com"});
    let refused = owner.post("/v1/leads", &again).refused(409, "duplicate");
    let ids: Vec<_> = refused["existing"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect();
    assert_eq!(ids, [first["id"].clone(), contact["id"].clone()]);
    let found = owner.post("/v1/leads/duplicates", &again).ok();
    assert_eq!(found[1]["match_rule"], "contact_email");
    owner.post("/v1/leads?duplicates=allow", &again).created();
    // a customer may well come again, and a reception has one number
    make::contact(&owner, json!({"email": "grace@example.com"}));
    owner.post("/v1/leads", json!({"display_name": "Grace", "email": "grace@example.com"})).created();
    owner.post("/v1/leads", json!({"display_name": "Other", "phone": "+12025550100"})).created();
    owner.post("/v1/leads", json!({"display_name": "ada", "phone": "+12025550100"})).refused(409, "duplicate");
    owner.put("/v1/leads/by/email/ada@example.com", json!({"rating": "hot"})).refused(409, "ambiguous");
    let new = owner.put("/v1/leads/by/ext:crm/7", json!({"display_name": "Seven"})).created();
    assert_eq!(owner.put("/v1/leads/by/ext:crm/7", json!({"rating": "hot"})).ok()["id"], new["id"]);
}

#[test]
fn files_bring_leads_and_lists_take_them_out() {
    let town = Town::start();
    let owner = town.owner();
    let rep = town.client(Person::Rep).clone();
    let text = "Id,Name,Firm,Mail,Phone,Owner,Rating\n\
        1,Ada,Engines,ada@example.com,+1 202 555 0100,rep@town.example,hot\n\
        2,Grace,Navy,grace@example.com,,nobody@nowhere.example,cold\n\
        3,,Tea,,,,lukewarm\n\
        4,,Tea,,,,cold\n";
    let mapping = json!({"resource": "leads", "source_system": "list", "columns": {"Id": "external_id",
        "Name": "display_name", "Firm": "company_name", "Mail": "email", "Phone": "phone", "Owner": "owner.email",
        "Rating": "rating"}});
    let done = import(&owner, "leads.csv", text.as_bytes(), &mapping, &[("mode", "upsert")]);
    assert_eq!(rows(&done), [4, 2, 0, 0, 2], "{done}");
    let ada = owner.get("/v1/leads?email=ada@example.com").ok()["data"][0].clone();
    assert_eq!((&ada["owner_id"], &ada["status"]), (&json!(town.user(Person::Rep)), &json!("assigned")));
    assert_eq!(rep.get(&place(&ada)).ok()["phone"], "+12025550100");
    let again = import(&owner, "leads.csv", text.as_bytes(), &mapping, &[("mode", "upsert")]);
    assert_eq!(again["rows_created"], 0, "{again}");
    let fixed = "Mail,Rating\nada@example.com,warm\n";
    let mapping = json!({"resource": "leads", "columns": {"Mail": "email", "Rating": "rating"}});
    import(&owner, "fixed.csv", fixed.as_bytes(), &mapping, &[("mode", "update_only")]);
    assert_eq!(owner.get(&place(&ada)).ok()["rating"], "warm");
}

/// A lead is seen by those who see their team's, and belongs to one tenant.
#[test]
fn leads_are_seen_as_records_are() {
    let town = Town::start();
    let rep = town.client(Person::Rep);
    let lead = make::lead(&rep, json!({"team_id": town.team("north")}));
    let path = place(&lead);
    town.client(Person::Mate).get(&path).ok();
    for person in [Person::Stranger, Person::Foreigner] {
        town.client(person).get(&path).refused(404, "not_found");
        town.client(person).patch(&path, json!({"rating": "hot"})).refused(404, "not_found");
    }
    town.client(Person::Mate).patch(&path, json!({"rating": "hot"})).refused(403, "forbidden");
    town.client(Person::Nobody).get("/v1/leads").refused(403, "forbidden");
    rep.patch(&path, json!({"owner_id": town.user(Person::Mate)})).refused(403, "forbidden");
    let given = town.client(Person::Manager).patch(&path, json!({"owner_id": town.user(Person::Mate)})).ok();
    assert_eq!((&given["status"], given["assigned_at"].is_string()), (&json!("assigned"), true));
    rep.post("/v1/lead-score-rules", json!({"name": "x", "filter": "score > 1", "points": 1}))
        .refused(403, "forbidden");
    rep.get("/v1/assignment-rules").ok();
}
