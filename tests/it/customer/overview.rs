//! The 360 view: one request, a fixed number of queries, trimmed to what the caller may see.
use crate::support::{Client, Person, Town, Value, json, make};

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
    let path = format!("/v1/accounts/{}/360", make::id(&account, "id"));
    let statements = || town.statements(|| drop(owner.get(&path).ok()));
    owner.get(&path).ok();
    let empty = statements();
    for _ in 0..3 {
        let contact = make::contact(&owner, json!({"account_id": account["id"]}));
        let lead = make::lead(&owner, json!({}));
        let into = json!({"account": {"id": account["id"]}, "contact": {"id": contact["id"]}});
        owner.post(&format!("/v1/leads/{}/convert", make::id(&lead, "id")), into).ok();
        let order = |_| make::order(&owner, json!({"account_id": account["id"], "contact_id": contact["id"]}));
        let _: Vec<Value> = (0..5).map(order).collect();
    }
    let full = statements();
    assert_eq!(full.len(), empty.len(), "{full:#?}");
    // one of them asks for leads, and one for addresses
    assert!((4..=18).contains(&full.len()), "{full:#?}");
}
