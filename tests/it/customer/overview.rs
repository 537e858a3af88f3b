//! The 360 view: one request, a fixed number of queries, trimmed to what the caller may see.
use super::forms::published;
use super::segments::{dynamic, fixed, follow, set};
use crate::support::{Client, Person, Town, Value, json, make};
use std::collections::BTreeSet;

#[test]
fn an_account_is_told_in_one_answer() {
    let town = Town::start();
    let owner = town.owner();
    let account = make::account(&owner, json!({}));
    let contact = make::contact(&owner, json!({"account_id": account["id"]}));
    let order = |placed: &str, price: &str, status: &str| {
        let lines = json!([{"name": "Tea", "quantity": "2", "unit_price": price}]);
        make::order(
            &owner,
            json!({"account_id": account["id"], "contact_id": contact["id"], "placed_at": placed, "status": status,
            "lines": lines}),
        )
    };
    order("2024-01-01T00:00:00Z", "10.00", "completed");
    order("2024-06-01T00:00:00Z", "5.05", "pending");
    order("2025-01-01T00:00:00Z", "1000.00", "cancelled");
    let path = format!("/v1/accounts/{}/360", make::id(&account, "id"));
    let got = owner.get(&path).ok();
    assert_eq!(got["account"]["id"], account["id"]);
    assert_eq!(got["contacts"][0]["id"], contact["id"]);
    let orders = &got["orders"];
    assert_eq!((&orders["order_count"], &orders["open_count"]), (&json!(2), &json!(1)));
    assert_eq!(orders["totals"], json!([{"amount": "30.10", "currency": "USD"}]));
    assert_eq!(orders["average"], json!([{"amount": "15.05", "currency": "USD"}]));
    assert_eq!(
        (&orders["first_order_at"], &orders["last_order_at"]),
        (&json!("2024-01-01T00:00:00Z"), &json!("2024-06-01T00:00:00Z"))
    );
    assert_eq!(
        (orders["recent"].as_array().map(Vec::len), orders["open"].as_array().map(Vec::len)),
        (Some(3), Some(1))
    );
    assert!(!got["latest_changes"].as_array().unwrap().is_empty());
    assert_eq!((&got["latest_activity"], &got["open_items"]), (&json!([]), &json!([])));
    let links = json!([{"resource": "account", "record_id": account["id"]}]);
    let call = make::activity(&owner, json!({"links": links, "started_at": "2025-02-01T00:00:00Z"}));
    let task = make::task(&owner, json!({"links": links, "due_at": "2030-01-01T00:00:00Z"}));
    make::task(&owner, json!({"links": links, "status": "completed"}));
    let got = owner.get(&path).ok();
    assert_eq!(
        (&got["latest_activity"][0]["id"], &got["last_activity_at"]),
        (&call["id"], &json!("2025-02-01T00:00:00Z"))
    );
    assert_eq!((&got["open_items"][0]["id"], got["open_items"].as_array().map(Vec::len)), (&task["id"], Some(1)));
    let person = owner.get(&format!("/v1/contacts/{}/360", make::id(&contact, "id"))).ok();
    assert_eq!(person["account"]["id"], account["id"]);
    assert_eq!(person["orders"]["totals"], orders["totals"]);
    assert_eq!(person["memberships"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_customer_is_told_with_the_leads_that_they_came_of() {
    let town = Town::start();
    let owner = town.owner();
    let rep = json!({"owner_id": town.user(Person::Rep)});
    let (account, contact) = (make::account(&owner, rep.clone()), make::contact(&owner, rep));
    let came = |extra: Value| {
        let lead = make::lead(&owner, extra);
        let into = json!({"account": {"id": account["id"]}, "contact": {"id": contact["id"]}});
        owner.post(&format!("/v1/leads/{}/convert", make::id(&lead, "id")), into).ok();
        make::id(&lead, "id")
    };
    let (first, second) = (came(json!({"owner_id": town.user(Person::Rep)})), came(json!({})));
    make::lead(&owner, json!({}));
    owner.delete(&format!("/v1/leads/{}", came(json!({})))).is(204);
    for (noun, record) in [("accounts", &account), ("contacts", &contact)] {
        let path = format!("/v1/{noun}/{}/360", make::id(record, "id"));
        let told = |client: &Client| {
            let leads = client.get(&path).ok()["leads"].clone();
            let ids: Vec<String> = leads["latest"].as_array().unwrap().iter().map(|one| make::id(one, "id")).collect();
            (leads["lead_count"].as_i64(), ids)
        };
        assert_eq!(told(&owner), (Some(2), vec![second.clone(), first.clone()]), "{noun}");
        // and only those that the caller sees
        assert_eq!(told(&town.client(Person::Rep)), (Some(1), vec![first.clone()]), "{noun}");
    }
}

#[test]
fn the_view_is_trimmed_to_what_the_caller_may_see() {
    let town = Town::start();
    let owner = town.owner();
    let account = make::account(&owner, json!({"owner_id": town.user(Person::Rep)}));
    make::contact(&owner, json!({"account_id": account["id"]}));
    make::order(&owner, json!({"account_id": account["id"]}));
    make::activity(&owner, json!({"links": [{"resource": "account", "record_id": account["id"]}]}));
    let path = format!("/v1/accounts/{}/360", make::id(&account, "id"));
    let got = town.client(Person::Rep).get(&path).ok();
    assert_eq!((&got["contacts"], &got["latest_activity"]), (&json!([]), &json!([])));
    assert_eq!((&got["orders"]["order_count"], &got["orders"]["recent"]), (&json!(0), &json!([])));
    town.client(Person::Stranger).get(&path).refused(404, "not_found");
    town.client(Person::Foreigner).get(&path).refused(404, "not_found");
}

/// However much there is to tell, it takes the same number of statements.
#[test]
fn the_view_takes_a_fixed_number_of_statements() {
    let town = Town::watched();
    let owner = town.owner();
    let account = make::account(&owner, json!({}));
    let person = make::contact(&owner, json!({"account_id": account["id"]}));
    let of = |noun: &str, record: &Value| format!("/v1/{noun}s/{}/360", make::id(record, "id"));
    let [path, of_person] = [of("account", &account), of("contact", &person)];
    let statements = |path: &str| town.statements(|| drop(owner.get(path).ok()));
    owner.get(&path).ok();
    owner.get(&of_person).ok();
    let (empty, few) = (statements(&path), statements(&of_person));
    for _ in 0..3 {
        let contact = make::contact(&owner, json!({"account_id": account["id"]}));
        let lead = make::lead(&owner, json!({}));
        let into = json!({"account": {"id": account["id"]}, "contact": {"id": contact["id"]}});
        owner.post(&format!("/v1/leads/{}/convert", make::id(&lead, "id")), into).ok();
        let order = |_| make::order(&owner, json!({"account_id": account["id"], "contact_id": contact["id"]}));
        let _: Vec<Value> = (0..5).map(order).collect();
        offered(&owner, json!({"account_id": account["id"], "contact_id": person["id"]}));
        tagged(&owner, &[("account", &account), ("contact", &person)]);
    }
    let full = statements(&path);
    assert_eq!(full.len(), empty.len(), "{full:#?}");
    // one of them asks for leads, one for addresses, one for cases, and one for each of quotes, tags, segments and what was
    // filled in
    assert!((4..=24).contains(&full.len()), "{full:#?}");
    let many = statements(&of_person);
    assert_eq!(many.len(), few.len(), "{many:#?}");
    // one asks whether they are an account themselves
    assert!((4..=35).contains(&many.len()), "{many:#?}");
}

/// One quote that is open, and one that became a contract, which holds.
fn offered(owner: &Client, whose: Value) -> [Value; 2] {
    let open = make::quote(owner, whose.clone());
    let path = format!("/v1/quotes/{}", make::id(&make::quote(owner, whose), "id"));
    owner.act(&format!("{path}/submit")).ok();
    owner.act(&format!("{path}/accept")).ok();
    let contract = owner.act(&format!("{path}/contract")).created();
    owner.act(&format!("/v1/contracts/{}/sign", make::id(&contract, "id"))).ok();
    [open, contract]
}

fn tagged(owner: &Client, records: &[(&str, &Value)]) -> Value {
    let tag = make::tag(owner, json!({}));
    for (noun, record) in records {
        let path = format!("/v1/tags/{}/assign", make::id(&tag, "id"));
        owner.post(&path, json!({"resource": noun, "ids": [record["id"]]})).ok();
    }
    tag
}

#[test]
fn what_is_offered_filled_in_and_agreed_upon_is_told_with_how_they_are_sorted() {
    let town = Town::idle();
    let owner = town.owner();
    let account = make::account(&owner, json!({}));
    let contact = make::contact(&owner, json!({"account_id": account["id"], "email": "ada@x.example"}));
    let alone = make::contact(&owner, json!({}));
    let of = |noun: &str, record: &Value| format!("/v1/{noun}s/{}/360", make::id(record, "id"));
    let [open, contract] = offered(&owner, json!({"account_id": account["id"], "contact_id": contact["id"]}));
    let own = offered(&owner, json!({"contact_id": alone["id"]}));
    // one that their account has, and no quote brought about
    let other = make::contract(&owner, json!({"account_id": account["id"]}));
    owner.act(&format!("/v1/contracts/{}/sign", make::id(&other, "id"))).ok();
    let form = published(&town, json!({}));
    for name in ["Ada", "Ada B."] {
        make::submission(&town.anonymous(), &form, json!({"mail": "ada@x.example", "name": name})).is(202);
    }
    let tag = tagged(&owner, &[("account", &account), ("contact", &contact)]);
    let by_hand = fixed(&owner, "contact");
    let put = json!({"op": "add", "ids": [contact["id"]]});
    owner.post(&format!("/v1/segments/{}/members", make::id(&by_hand, "id")), put).ok();
    let named = dynamic(&owner, "contact", "email == \"ada@x.example\"");
    follow(&town);
    let ids =
        |all: &Value| -> BTreeSet<String> { all.as_array().unwrap().iter().map(|one| make::id(one, "id")).collect() };
    for (path, is_person) in [(of("account", &account), false), (of("contact", &contact), true)] {
        let told = owner.get(&path).ok();
        assert_eq!((&told["quotes"]["open_count"], &told["quotes"]["open"][0]["id"]), (&json!(1), &open["id"]));
        assert_eq!(told["contracts"]["active_count"], 2, "{path}");
        assert_eq!(ids(&told["contracts"]["active"]), set(&[&contract, &other]));
        assert_eq!((&told["tags"][0]["id"], &told["tags"][0]["name"]), (&tag["id"], &tag["name"]));
        let filled: Vec<&Value> =
            told["form_submissions"].as_array().unwrap().iter().map(|one| &one["answers"]["name"]).collect();
        assert_eq!(filled, [&json!("Ada B."), &json!("Ada")], "{path}");
        let segments = if is_person { set(&[&by_hand, &named]) } else { set(&[]) };
        assert_eq!(ids(&told["segments"]), segments, "{path}");
    }
    let told = owner.get(&of("contact", &alone)).ok();
    assert_eq!(ids(&told["contracts"]["active"]), set(&[&own[1]]), "a contract is theirs by its quote");
    assert_eq!(told["contracts"]["balances"][0]["value"], own[1]["value"]);
    // whoever may see less is told less
    let rights = [("account", "read", "all"), ("contact", "read", "all"), ("order", "read", "all")];
    let few = make::holder(&town, &rights);
    for path in [of("account", &account), of("contact", &contact)] {
        let told = few.get(&path).ok();
        let none = [&told["tags"], &told["segments"], &told["form_submissions"], &told["quotes"]["open"]];
        assert_eq!(none, [&json!([]); 4], "{path}");
        assert_eq!((&told["quotes"]["open_count"], &told["contracts"]["active_count"]), (&json!(0), &json!(0)));
    }
    // what somebody filled in tells whose people they are to whoever sees the people alone
    let rights = [("account", "read", "all"), ("contact", "read", "own"), ("order", "read", "all")];
    let blind = make::holder(&town, &[&rights[..], &[("form_submission", "read", "all")]].concat());
    assert_eq!(blind.get(&of("account", &account)).ok()["form_submissions"], json!([]));
    let path = of("contact", &contact);
    let without = |object, field| super::without(&town, &[(object, field, "hidden")]).get(&path).ok();
    assert_eq!(without("quote", "status")["quotes"].get("open_count"), None);
    assert_eq!(without("quote", "contact_id").get("contracts"), None);
    assert_eq!(without("contract", "account_id").get("contracts"), None);
    assert_eq!(without("form_submission", "contact_id").get("form_submissions"), None);
    assert_eq!(without("tag", "name")["tags"][0].get("name"), None);
    assert_eq!(without("segment", "name")["segments"][0].get("name"), None);
}
