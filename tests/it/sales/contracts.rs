//! A contract: what it comes of, how it goes its way, and what stays of what was signed.
use crate::support::{Client, Person, Town, Value, encoded, json, make};

pub fn path(contract: &Value) -> String {
    format!("/v1/contracts/{}", make::id(contract, "id"))
}

pub fn act(client: &Client, record: &Value, verb: &str) -> crate::support::Answer {
    client.act(&format!("{}/{verb}", path(record)))
}

/// What the upkeep does, now.
pub fn watch(town: &Town) -> usize {
    sales::contract::watch(&mut town.database.conn()).unwrap()
}

fn day(days: i64) -> String {
    (kernel::clock::now().date_naive() + chrono::Duration::days(days)).to_string()
}

#[test]
fn a_contract_comes_of_a_quote_once() {
    let town = Town::idle();
    let owner = town.owner();
    let account = make::account(&owner, json!({}));
    let quote = make::quote(&owner, json!({"account_id": account["id"], "terms": "款到发货"}));
    let place = format!("/v1/quotes/{}", make::id(&quote, "id"));
    owner.act(&format!("{place}/contract")).refused(409, "quote_transition_refused");
    owner.act(&format!("{place}/submit")).ok();
    let quote = owner.act(&format!("{place}/accept")).ok();
    let made: Vec<(u16, Value)> = std::thread::scope(|scope| {
        let ask = || {
            let answer = town.owner().act(&format!("{place}/contract"));
            (answer.status, answer.is_one_of(&[200, 201]).clone())
        };
        let all: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(made.iter().filter(|(status, _)| *status == 201).count(), 1);
    assert!(made.iter().all(|(_, contract)| contract["id"] == made[0].1["id"]));
    let contract = &made[0].1;
    assert_eq!((&contract["value"], &contract["quote_id"]), (&quote["total"], &quote["id"]));
    assert_eq!((&contract["account_id"], &contract["status"]), (&account["id"], &json!("draft")));
    assert_eq!((&contract["description"], &contract["unpaid"]), (&json!("款到发货"), &quote["total"]));
    let year = chrono::Datelike::year(&kernel::clock::now());
    assert_eq!(contract["number"], format!("C-{year}-00001"));
    let related = owner.get(&format!("/v1/accounts?filter={}", encoded("contracts.exists(c, c.status == \"draft\")")));
    assert_eq!(related.ids(), [make::id(&account, "id")]);
    owner.delete(&format!("{place}?purge=true")).refused(409, "in_use");
    // whoever does not see the contract is not told of it
    let rep = town.client(Person::Rep);
    rep.act(&format!("{place}/contract")).refused(404, "not_found");
}

fn in_status(town: &Town, status: &str) -> Value {
    let owner = town.owner();
    let first = if status == "signed" { day(30) } else { day(-30) };
    let contract = make::contract(&owner, json!({"start_on": first, "end_on": day(60)}));
    match status {
        "draft" => {}
        "signed" | "active" => drop(act(&owner, &contract, "sign").ok()),
        _ => {
            act(&owner, &contract, "sign").ok();
            let id = make::id(&contract, "id");
            town.database.run(&format!("UPDATE contracts SET status = '{status}' WHERE id = '{id}'"));
        }
    }
    let now = owner.get(&path(&contract)).ok();
    assert_eq!(now["status"], status);
    now
}

#[test]
fn a_contract_goes_by_its_deeds_alone() {
    let town = Town::idle();
    let owner = town.owner();
    let leads = |from: &str, verb: &str| match verb {
        "sign" => (from == "draft").then_some("active"),
        "terminate" => ["signed", "active"].contains(&from).then_some("terminated"),
        "renew" => ["active", "expired"].contains(&from).then_some("draft"),
        _ => None,
    };
    for from in ["draft", "signed", "active", "expired", "terminated", "renewed"] {
        for verb in ["sign", "terminate", "renew"] {
            let contract = in_status(&town, from);
            let answer = act(&owner, &contract, verb);
            match leads(from, verb) {
                Some(to) => assert_eq!(answer.is_one_of(&[200, 201])["status"], to, "{from} {verb}"),
                None => {
                    let refused = answer.refused(409, "contract_transition_refused");
                    assert_eq!(refused["detail"], format!("it is {from}"), "{from} {verb}");
                }
            }
        }
        let contract = in_status(&town, from);
        let place = path(&contract);
        owner.patch(&place, json!({"status": "active"})).refused(422, "invalid");
        owner.patch(&place, json!({"title": "Other", "owner_id": town.user(Person::Rep)})).ok();
        // what says the same changes nothing of it
        owner.patch(&place, json!({"value": contract["value"], "number": contract["number"]})).ok();
        for change in [
            json!({"value": {"amount": "1.00", "currency": "USD"}}),
            json!({"start_on": day(-31)}),
            json!({"number": format!("other {from}")}),
            json!({"signed_at": null}),
        ] {
            let answer = owner.patch(&place, change.clone());
            let is_said = change.get("signed_at").is_some() && contract["signed_at"].is_null();
            if from == "draft" || is_said { drop(answer.ok()) } else { drop(answer.refused(409, "contract_fixed")) }
        }
        let longer = owner.patch(&place, json!({"end_on": day(90)}));
        let has_ended = ["expired", "terminated", "renewed"].contains(&from);
        if has_ended { drop(longer.refused(409, "contract_fixed")) } else { drop(longer.ok()) }
    }
    let batch =
        json!({"items": [{"op": "update", "id": in_status(&town, "active")["id"], "data": {"start_on": day(1)}}]});
    let done = owner.post("/v1/contracts/batch", batch).is(207);
    assert_eq!(done["results"][0]["problem"]["code"], "contract_fixed", "{done}");
}

#[test]
fn the_day_begins_and_ends_contracts() {
    let town = Town::idle();
    let owner = town.owner();
    let soon = make::contract(&owner, json!({"start_on": day(3), "end_on": day(20)}));
    assert_eq!(act(&owner, &soon, "sign").ok()["status"], "signed");
    let signed =
        make::contract(&owner, json!({"signed_at": "2020-01-02T00:00:00Z", "start_on": day(-20), "end_on": day(-2)}));
    let signed = act(&owner, &signed, "sign").ok();
    assert_eq!((&signed["signed_at"], &signed["status"]), (&json!("2020-01-02T00:00:00Z"), &json!("active")));
    let by_itself =
        json!({"start_on": day(-20), "end_on": day(-2), "renewal": "automatic", "description": "as before"});
    let old = make::contract(&owner, by_itself);
    act(&owner, &old, "sign").ok();
    let long_ago =
        make::contract(&owner, json!({"start_on": "2001-01-01", "end_on": "2001-12-31", "renewal": "automatic"}));
    act(&owner, &long_ago, "sign").ok();
    let open = make::contract(&owner, json!({}));
    act(&owner, &open, "sign").ok();
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..4).map(|_| scope.spawn(|| watch(&town))).collect();
        // three are over, and two of those that hold are about to be: the next of the old one, and what begins soon
        assert_eq!(all.into_iter().map(|one| one.join().unwrap()).sum::<usize>(), 5);
    });
    let status = |contract: &Value| owner.get(&path(contract)).ok()["status"].clone();
    assert_eq!(
        (status(&signed), status(&long_ago), status(&old)),
        (json!("expired"), json!("expired"), json!("renewed"))
    );
    assert_eq!((status(&soon), status(&open)), (json!("signed"), json!("active")));
    let next =
        owner.get(&format!("/v1/contracts?filter={}", encoded(&format!("renews_id == \"{}\"", make::id(&old, "id")))));
    let next = next.ok()["data"][0].clone();
    assert_eq!(
        (&next["status"], &next["start_on"], &next["end_on"]),
        (&json!("active"), &json!(day(-1)), &json!(day(17)))
    );
    assert_eq!((&next["value"], &next["description"]), (&old["value"], &json!("as before")));
    let id = make::id(&soon, "id");
    town.database.run(&format!("UPDATE contracts SET start_on = '2020-01-01' WHERE id = '{id}'"));
    assert_eq!(watch(&town), 1);
    assert_eq!((status(&soon), watch(&town)), (json!("active"), 0));
    let told = |name: &str| town.database.count(&format!("SELECT count(*) FROM event_log WHERE name = '{name}'"));
    assert_eq!((told("contract.expired"), told("contract.signed")), (2, 5));
}

#[test]
fn a_contract_that_is_about_to_end_is_told_once_for_each_last_day() {
    let town = Town::idle();
    let owner = town.owner();
    owner.patch("/v1/tenant", json!({"time_zone": "UTC"})).ok();
    let told = || town.database.count("SELECT count(*) FROM event_log WHERE name = 'contract.expiring'");
    let ends = |days: i64| make::contract(&owner, json!({"start_on": day(-9), "end_on": day(days)}));
    let (near, now, far, _draft) = (ends(30), ends(0), ends(31), ends(5));
    for one in [&near, &now, &far] {
        act(&owner, one, "sign").ok();
    }
    assert_eq!((watch(&town), told()), (2, 2));
    crate::support::seal(&town);
    let events = owner.get("/v1/events?after=0&limit=200&types=contract.expiring").ok();
    let mut told_of: Vec<&str> =
        events["data"].as_array().unwrap().iter().map(|one| one["record_id"].as_str().unwrap()).collect();
    let (near_id, now_id) = (make::id(&near, "id"), make::id(&now, "id"));
    let mut wanted = [near_id.as_str(), now_id.as_str()];
    told_of.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(told_of, wanted);
    // other words change nothing of it; another last day is told anew, once that is near
    owner.patch(&path(&near), json!({"title": "y", "renewal": "manual"})).ok();
    assert_eq!((watch(&town), told()), (0, 2));
    owner.patch(&path(&near), json!({"end_on": day(90)})).ok();
    assert_eq!((watch(&town), told()), (0, 2));
    owner.patch(&path(&near), json!({"end_on": day(29)})).ok();
    assert_eq!((watch(&town), watch(&town), told()), (1, 0, 3));
    // what has not begun, and goes on by itself, is told too; what was terminated is not
    let by_itself = json!({"start_on": day(3), "end_on": day(9), "renewal": "automatic"});
    assert_eq!(act(&owner, &make::contract(&owner, by_itself), "sign").ok()["status"], "signed");
    act(&owner, &far, "terminate").ok();
    town.database.run(&format!("UPDATE contracts SET end_on = end_on - 9 WHERE id = '{}'", make::id(&far, "id")));
    assert_eq!((watch(&town), told()), (1, 4));
}

#[test]
fn the_next_contract_goes_on_from_the_last_day() {
    let town = Town::idle();
    let owner = town.owner();
    let new =
        json!({"start_on": "2026-01-01", "end_on": "2099-12-31", "value": {"amount": "10.000", "currency": "KWD"}});
    let old = make::contract(&owner, new);
    act(&owner, &old, "sign").ok();
    let made: Vec<u16> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..6).map(|_| scope.spawn(|| act(&town.owner(), &old, "renew").status)).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(
        (made.iter().filter(|status| **status == 201).count(), made.iter().filter(|status| **status == 409).count()),
        (1, 5)
    );
    let next =
        owner.get(&format!("/v1/contracts?renews_id={}&include=renews", make::id(&old, "id"))).ok()["data"][0].clone();
    assert_eq!((&next["start_on"], &next["renews"]["status"]), (&json!("2100-01-01"), &json!("renewed")));
    assert_eq!(next["value"], json!({"amount": "10.000", "currency": "KWD"}));
}

#[test]
fn what_a_contract_says_goes_together() {
    let town = Town::idle();
    let owner = town.owner();
    let new = |extra: Value| make::with(json!({"title": "x", "value": {"amount": "1.00", "currency": "USD"}}), extra);
    let faults = |extra: Value| owner.post("/v1/contracts", new(extra)).refused(422, "invalid")["errors"][0].clone();
    assert_eq!(faults(json!({"start_on": "2027-01-02", "end_on": "2027-01-01"}))["pointer"], "/end_on");
    assert_eq!(faults(json!({"value": {"amount": "-1.00", "currency": "USD"}}))["pointer"], "/value");
    assert_eq!(faults(json!({"value": {"amount": "1.5", "currency": "JPY"}}))["pointer"], "/value/amount");
    assert_eq!(faults(json!({"renewal": "sometimes"}))["code"], "choice");
    let one = make::contract(&owner, json!({"number": "A-1", "start_on": "2027-01-02", "end_on": "2027-02-01"}));
    let taken = owner.post("/v1/contracts", new(json!({"number": "A-1"}))).refused(409, "contract_number_taken");
    assert_eq!(taken["existing"][0]["id"], one["id"]);
    let before = owner.patch(&path(&one), json!({"end_on": "2027-01-01"})).refused(422, "invalid");
    assert_eq!(before["errors"][0]["pointer"], "/end_on");
    owner.if_match(7).patch(&path(&one), json!({"title": "y"})).refused(412, "stale");
    assert_eq!(owner.if_match(1).patch(&path(&one), json!({"title": "y"})).ok()["version"], 2);
    let put = owner.put("/v1/contracts/by/number/A-1", new(json!({"title": "z"}))).ok();
    assert_eq!((&put["id"], &put["title"]), (&one["id"], &json!("z")));
    assert_eq!(owner.put("/v1/contracts/by/ext:erp/9", new(json!({}))).status, 201);
    assert_eq!(owner.get("/v1/contracts?q=A-1").ids(), [make::id(&one, "id")]);
    owner.delete(&path(&one)).is(204);
    make::contract(&owner, json!({"number": "A-1"}));
    owner.act(&format!("{}/restore", path(&one))).refused(409, "contract_number_taken");
}

#[test]
fn contracts_have_what_every_record_has() {
    let town = Town::idle();
    let owner = town.owner();
    let contract = make::contract(&owner, json!({"installments": [{"due_on": "2099-01-01", "amount": "1000"}]}));
    let link = json!([{"resource": "contract", "record_id": contract["id"]}]);
    make::activity(&owner, json!({"subject": "Talk of terms", "links": link}));
    make::task(&owner, json!({"links": link}));
    let tag = make::id(&make::tag(&owner, json!({})), "id");
    owner.post(&format!("/v1/tags/{tag}/assign"), json!({"resource": "contract", "ids": [contract["id"]]})).ok();
    let whole = owner.get(&format!("{}?include=tags,installments,account", path(&contract))).ok();
    assert_eq!(whole["installments"].as_array().unwrap().len(), 1);
    assert_eq!(whole["tags"].as_array().unwrap().len(), 1);
    let story = owner.get(&format!("/v1/timeline?subject=contract:{}", make::id(&contract, "id"))).text();
    assert!(story.contains("Talk of terms"), "{story}");
    owner.act(&format!("{}/sign", path(&contract))).ok();
    assert_eq!(owner.get(&format!("{}/history", path(&contract))).ok()["data"].as_array().unwrap().len(), 3);
    let rep = town.client(Person::Rep);
    let own = make::contract(&rep, json!({}));
    assert_eq!(rep.get(&path(&own)).ok()["owner_id"], json!(town.user(Person::Rep)));
    rep.get(&path(&contract)).refused(404, "not_found");
    rep.get(&format!("{}/installments", path(&contract))).refused(404, "not_found");
    act(&rep, &contract, "terminate").refused(404, "not_found");
    town.client(Person::Foreigner).get(&path(&contract)).refused(404, "not_found");
    let share = json!({"resource": "contract", "record_id": contract["id"], "user_id": town.user(Person::Rep)});
    owner.post("/v1/shares", share).created();
    rep.get(&path(&contract)).ok();
    act(&rep, &contract, "terminate").refused(403, "forbidden");
}

#[test]
fn files_bring_drafts_and_take_them_back() {
    let town = Town::start();
    let owner = town.owner();
    let mapping = json!({"resource": "contracts", "source_system": "erp", "columns": {"Id": "external_id",
        "No": "number", "Title": "title", "Customer": "account.name", "Sum": "value", "Money": "value.currency",
        "From": "start_on", "Until": "end_on", "Renewal": "renewal"}});
    make::account(&owner, json!({"name": "Tea House"}));
    let text = "Id,No,Title,Customer,Sum,Money,From,Until,Renewal\n1,E-1,Tea,Tea House,5000,JPY,2030-01-01,2030-12-31,manual\n\
        2,E-2,Tea,Tea House,1.5,JPY,2030-01-01,2030-12-31,\n3,E-3,Tea,Tea House,1,JPY,2030-01-02,2030-01-01,none\n";
    let made =
        crate::platform::upload(&owner, "contracts.csv", text.as_bytes(), &mapping, &[("mode", "upsert")]).is(202);
    let done = crate::platform::ended(&owner, &make::id(&made, "id"));
    assert_eq!((&done["rows_created"], &done["rows_failed"]), (&json!(1), &json!(2)), "{done}");
    let one = owner.get("/v1/contracts?number=E-1&include=account").ok()["data"][0].clone();
    assert_eq!((&one["account"]["name"], &one["value"]["amount"]), (&json!("Tea House"), &json!("5000")));
    let paid = json!({"contract_id": one["id"], "amount": {"amount": "1", "currency": "JPY"}});
    let payment = make::payment(&owner, paid);
    let revert = format!("/v1/imports/{}/revert", make::id(&made, "id"));
    owner.act(&revert).ok();
    let kept = crate::platform::ended(&owner, &make::id(&made, "id"));
    assert_eq!((&kept["status"], &kept["records_kept"]), (&json!("reverted"), &json!(1)), "{kept}");
    owner.get(&path(&one)).ok();
    owner.delete(&format!("/v1/payments/{}?purge=true", make::id(&payment, "id"))).is(204);
}
