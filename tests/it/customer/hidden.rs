//! What is hidden of customers and their orders is not told by what goes with it: points, memberships, sums, refusals,
//! the number of those that are found.
use crate::support::people::PASSWORD;
use crate::support::{Client, Town, Value, encoded, fresh, json, make};

/// Somebody who may do everything but with these fields.
pub fn without(town: &Town, fields: &[(&str, &str, &str)]) -> Client {
    let owner = town.owner();
    let one =
        |&(object, field, access): &(&str, &str, &str)| json!({"object": object, "field": field, "access": access});
    let fields: Vec<Value> = fields.iter().map(one).collect();
    let all = owner.get("/v1/me/permissions").ok()["permissions"].clone();
    let role = json!({"name": fresh("Role "), "permissions": all, "fields": fields});
    let role = owner.post("/v1/roles", role).created();
    let user = make::user(&owner, json!({"password": PASSWORD, "role_ids": [role["id"]]}));
    let tokens = town.anonymous().post("/v1/auth/login", json!({"email": user["email"], "password": PASSWORD})).ok();
    town.anonymous().bearing(make::id(&tokens, "access_token")).sparse()
}

#[test]
fn the_points_of_a_contact_do_not_tell_its_address() {
    let town = Town::start();
    let owner = town.owner();
    let points = json!([{"kind": "wechat", "value": "wei_88", "label": "work"}]);
    let contact = make::contact(&owner, json!({"email": "wei@example.cn", "contact_points": points}));
    let path = format!("/v1/contacts/{}", make::id(&contact, "id"));
    let client = without(&town, &[("contact", "email", "hidden")]);
    let listed = client.get(&format!("{path}/contact-points"));
    assert_eq!(listed.ok().as_array().map(Vec::len), Some(2));
    let whole = client.get(&format!("{path}?include=contact_points"));
    let overview = client.get(&format!("{path}/360"));
    for answer in [&listed, &whole, &overview] {
        answer.ok();
        assert!(!answer.text().contains("wei"), "{}", answer.text());
        assert!(answer.text().contains("\"label\":\"work\""), "{}", answer.text());
    }
    let by_value = encoded("contact_points.exists(p, p.value == \"wei@example.cn\")");
    client.get(&format!("/v1/contacts?filter={by_value}")).refused(400, "filter_unknown_field");
    let new = json!({"kind": "email", "value": "x@example.cn"});
    let refused = client.post(&format!("{path}/contact-points"), new);
    assert!(
        refused.refused(422, "invalid")["errors"].to_string().contains("unknown field `value`"),
        "{}",
        refused.text()
    );
    let primary = listed.json()[0]["id"].as_str().unwrap().to_owned();
    client.patch(&format!("/v1/contact-points/{primary}"), json!({"is_primary": true})).refused(422, "invalid");
    client.delete(&format!("/v1/contact-points/{primary}")).refused(403, "forbidden");
    client.patch(&format!("/v1/contact-points/{primary}"), json!({"label": "home"})).ok();
    assert_eq!(owner.get(&path).ok()["email"], "wei@example.cn");
    // who may read it may not write it by its points either
    let reader = without(&town, &[("contact", "email", "read")]);
    assert!(reader.get(&format!("{path}/contact-points")).text().contains("wei@example.cn"));
    reader.delete(&format!("/v1/contact-points/{primary}")).refused(403, "forbidden");
    let new = json!({"kind": "email", "value": "x@example.cn", "is_primary": true});
    let errors = reader.post(&format!("{path}/contact-points"), new).refused(422, "invalid")["errors"].clone();
    assert_eq!((&errors[0]["pointer"], &errors[0]["code"]), (&json!("/is_primary"), &json!("read_only")));
    assert_eq!((&errors[1]["pointer"], &errors[1]["code"]), (&json!("/value"), &json!("read_only")));
}

#[test]
fn memberships_and_lists_of_people_do_not_tell_an_account() {
    let town = Town::start();
    let owner = town.owner();
    let account = make::account(&owner, json!({}));
    let contact = make::contact(&owner, json!({"account_id": account["id"]}));
    let path = format!("/v1/contacts/{}", make::id(&contact, "id"));
    let client = without(&town, &[("contact", "account_id", "hidden")]);
    let id = make::id(&account, "id");
    for answer in [
        client.get(&path),
        client.get(&format!("{path}/accounts")),
        client.get(&format!("{path}/360")),
        client.get(&format!("{path}?include=memberships")),
    ] {
        answer.ok();
        assert!(!answer.text().contains(&id), "{}", answer.text());
    }
    assert_eq!(client.get(&format!("/v1/accounts/{id}/360")).ok().get("contacts"), None);
    client.get(&format!("{path}?include=account")).refused(400, "unknown_parameter");
    let membership = make::id(&owner.get(&format!("{path}/accounts")).ok()[0], "id");
    client.delete(&format!("/v1/memberships/{membership}")).refused(403, "forbidden");
    assert_eq!(owner.get(&path).ok()["account_id"], account["id"]);
}

#[test]
fn sums_do_not_tell_what_orders_come_to() {
    let town = Town::start();
    let owner = town.owner();
    let account = make::account(&owner, json!({}));
    make::order(&owner, json!({"account_id": account["id"]}));
    let path = format!("/v1/accounts/{}/360", make::id(&account, "id"));
    let orders = |field: &str| without(&town, &[("order", field, "hidden")]).get(&path).ok()["orders"].clone();
    let totals = orders("total");
    assert_eq!((totals.get("totals"), totals.get("average"), &totals["order_count"]), (None, None, &json!(1)));
    assert_eq!((totals["recent"][0].get("total"), totals["recent"][0].get("subtotal").is_some()), (None, true));
    let status = orders("status");
    for told in ["order_count", "open_count", "open", "totals", "first_order_at"] {
        assert_eq!(status.get(told), None, "{told}");
    }
    assert_eq!(status["recent"].as_array().map(Vec::len), Some(1));
    assert_eq!(orders("account_id"), Value::Null, "that the orders are the account's is what is hidden");
}

/// Those whom only hidden words find are neither answered nor counted, on no page, in no order.
#[test]
fn a_search_counts_only_those_it_finds_by_what_is_seen() {
    let town = Town::start();
    let owner = town.owner();
    let people = (0..60).map(|n| match n % 3 {
        0 => json!({"display_name": format!("Lotus {n}"), "email": format!("seen{n}@example.com")}),
        1 => json!({"display_name": format!("Person {n}"), "email": format!("lotus{n}@example.com")}),
        _ => json!({"display_name": format!("Other {n}"), "email": format!("other{n}@example.com")}),
    });
    make::many(&owner, "contacts", people);
    let client = without(&town, &[("contact", "email", "hidden")]);
    let names = |client: &Client, query: &str| client.get(&format!("/v1/contacts?{query}")).each("display_name");
    assert_eq!(names(&owner, "q=lotus&limit=200").len(), 40);
    assert_eq!(names(&client, "q=lotus&limit=200").len(), 20);
    assert!(names(&client, "q=lotus&limit=200").iter().all(|name| name.starts_with("Lotus")));
    assert_eq!(names(&client, "q=lotis&limit=200").len(), 20, "a slip is forgiven as before");
    for sort in ["display_name", "-created_at"] {
        let path = format!("/v1/contacts?q=lotus&sort={sort}&limit=7");
        let page = client.get(&format!("{path}&count=exact")).ok();
        assert_eq!((&page["page"]["count"], &page["page"]["has_more"]), (&json!(20), &json!(true)), "{sort}");
        assert_eq!(client.walk(&path).len(), 20, "{sort}");
        let page = client.get(&format!("/v1/contacts?q=lotus&sort={sort}&limit=20&count=estimated")).ok();
        assert_eq!((&page["page"]["count"], &page["page"]["has_more"]), (&json!(20), &json!(false)), "{sort}");
    }
    // another field that is hidden changes nothing: the words of points are found too
    make::contact(&owner, json!({"display_name": "Wei", "contact_points": [{"kind": "wechat", "value": "wei_88"}]}));
    let client = without(&town, &[("contact", "birth_on", "hidden")]);
    assert_eq!(names(&client, "q=wei_88"), ["Wei"]);
    let client = without(&town, &[("contact_point", "value", "hidden")]);
    assert_eq!(names(&client, "q=wei_88"), Vec::<String>::new());
    assert_eq!(names(&client, "q=lotus7").len(), 1, "of whose address this is told");
}

/// Who comes back to find their address taken learns neither that nor by whom.
#[test]
fn a_taken_value_that_is_hidden_is_not_told() {
    let town = Town::start();
    let owner = town.owner();
    let email = json!({"email": "taken@example.com"});
    let first = make::contact(&owner, email.clone());
    let path = format!("/v1/contacts/{}", make::id(&first, "id"));
    owner.delete(&path).is(204);
    let second = make::contact(&owner, email);
    assert_eq!(
        owner.act(&format!("{path}/restore")).refused(409, "contact_email_taken")["existing"][0]["id"],
        second["id"]
    );
    let refused = without(&town, &[("contact", "email", "hidden")]).act(&format!("{path}/restore"));
    assert_eq!(refused.refused(409, "already_exists").get("existing"), None);
    assert!(!refused.text().contains("email"), "{}", refused.text());
}

/// A name that is not seen is not compared.
#[test]
fn likeness_is_not_judged_by_what_is_hidden() {
    let town = Town::start();
    make::contact(&town.owner(), json!({"given_name": "Ada", "family_name": "Lovelace", "phone": "+4930123456"}));
    let client = without(&town, &[("contact", "display_name", "hidden")]);
    for given_name in ["Ada", "Eve"] {
        let asked = json!({"given_name": given_name, "family_name": "Lovelace", "phone": "+4930123456"});
        assert_eq!(client.post("/v1/contacts/duplicates", asked).ok()[0]["match_rule"], "phone");
    }
}

#[test]
fn what_was_meanwhile_changed_is_told_as_far_as_it_is_seen() {
    let town = Town::start();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({"job_title": "Clerk", "phone": "+4930123456"}));
    let path = format!("/v1/contacts/{}", make::id(&contact, "id"));
    owner.patch(&path, json!({"job_title": "Head"})).ok();
    let client = without(&town, &[("contact", "phone", "hidden"), ("contact", "department", "read")]);
    let stale = client.if_match(1).patch(&path, json!({"job_title": "Chief"})).refused(412, "stale");
    assert_eq!(stale["conflicts"], json!({"job_title": {"base": "Clerk", "current": "Head", "yours": "Chief"}}));
    let refused = client.if_match(1).patch(&path, json!({"job_title": "Chief", "phone": null, "department": "x"}));
    let errors = refused.refused(422, "invalid")["errors"].clone();
    let told: Vec<String> =
        errors.as_array().unwrap().iter().map(|one| format!("{} {}", one["pointer"], one["code"])).collect();
    assert_eq!(told, ["\"/department\" \"read_only\"", "\"/phone\" \"unknown_field\""]);
}

/// A line takes over what its product says, but not to somebody who does not see it there.
#[test]
fn a_line_does_not_tell_the_price_of_its_product() {
    let town = Town::start();
    let product = make::product(&town.owner(), json!({"sku": "SECRET-1"}));
    let client = without(&town, &[("product", "unit_price", "hidden")]);
    let order = |line: Value| client.post("/v1/orders", json!({"currency": "USD", "lines": [line]}));
    let by_id = order(json!({"product_id": product["id"], "quantity": "1"}));
    assert_eq!(by_id.refused(422, "invalid")["errors"][0]["pointer"], "/lines/0/unit_price");
    order(json!({"product_id": product["id"], "quantity": "1", "unit_price": "3.00"})).created();
    let client = without(&town, &[("product", "sku", "hidden")]);
    let line = |sku: &str| json!({"currency": "USD", "lines": [{"sku": sku, "quantity": "1"}]});
    let [there, not] =
        ["SECRET-1", "SECRET-2"].map(|sku| client.post("/v1/orders", line(sku)).refused(422, "unknown_reference"));
    assert_eq!(there["errors"], not["errors"]);
}
