//! All there is to know of somebody who is an account is one, by whichever record it is asked; and nothing that is
//! hidden of the contact is told by the account.
use super::{at, somebody, whose};
use crate::customer::without;
use crate::support::{Client, Person, Town, Value, encoded, json, make};

/// An order, a call, a task and a mail, of the account and of the contact.
fn busy(owner: &Client, account: &Value) {
    for (noun, id, day) in [("account", &account["id"], 1), ("contact", &account["person_id"], 2)] {
        let at = format!("2026-01-0{day}T00:00:00Z");
        let mut order = json!({"placed_at": at});
        order[format!("{noun}_id")] = id.clone();
        make::order(owner, order);
        let links = json!([{"resource": noun, "record_id": id}]);
        make::activity(owner, json!({"links": links, "started_at": at}));
        make::task(owner, json!({"links": links, "due_on": format!("2030-01-0{}", 3 - day)}));
        let mut mail = json!({});
        mail[format!("{noun}_id")] = id.clone();
        make::email(owner, mail);
        let mut deal = json!({});
        deal["account_id"] = account["id"].clone();
        make::opportunity(owner, deal);
    }
    // of both at once
    let both = json!([{"resource": "account", "record_id": account["id"]},
        {"resource": "contact", "record_id": account["person_id"]}]);
    make::activity(owner, json!({"links": both, "started_at": "2026-01-03T00:00:00Z"}));
    make::order(
        owner,
        json!({"account_id": account["id"], "contact_id": account["person_id"], "placed_at": "2026-01-03T00:00:00Z"}),
    );
    make::contract(owner, json!({"account_id": account["id"]}));
}

/// Quotes to either, a contract that came of one, what was filled in, tags and segments of each.
fn sorted(town: &Town, account: &Value) {
    let owner = town.owner();
    let (own, theirs) = (&account["id"], &account["person_id"]);
    make::quote(&owner, json!({"account_id": own}));
    make::quote(&owner, json!({"contact_id": theirs}));
    let path = format!("/v1/quotes/{}", make::id(&make::quote(&owner, json!({"contact_id": theirs})), "id"));
    owner.act(&format!("{path}/submit")).ok();
    owner.act(&format!("{path}/accept")).ok();
    let agreed = [owner.act(&format!("{path}/contract")).created(), make::contract(&owner, json!({"account_id": own}))];
    for contract in &agreed {
        owner.act(&format!("/v1/contracts/{}/sign", make::id(contract, "id"))).ok();
    }
    let form = make::id(&make::form(&owner, json!({})), "id");
    make::submission(&town.anonymous(), &form, json!({"mail": "ada@example.com", "name": "Ada"})).is(202);
    for (name, of) in [("of the account", vec![0]), ("of the contact", vec![1]), ("of them", vec![0, 1])] {
        let tag = make::id(&make::tag(&owner, json!({"name": name})), "id");
        for (noun, id) in of.into_iter().map(|at: usize| [("account", own), ("contact", theirs)][at]) {
            owner.post(&format!("/v1/tags/{tag}/assign"), json!({"resource": noun, "ids": [id]})).ok();
        }
    }
    for (name, noun, id) in [("Accounts", "account", own), ("Contacts", "contact", theirs)] {
        let segment = owner.post("/v1/segments", json!({"name": name, "resource": noun, "kind": "static"})).created();
        let path = format!("/v1/segments/{}/members", make::id(&segment, "id"));
        owner.post(&path, json!({"op": "add", "ids": [id]})).ok();
    }
}

#[test]
fn all_there_is_to_know_is_one() {
    let town = Town::start();
    let owner = town.owner();
    let account = make::person(&owner, json!({"email": "ada@example.com"}));
    make::address(&owner, "accounts", &account, json!({"city": "北京市"}));
    make::address(&owner, "contacts", &json!({"id": account["person_id"]}), json!({"city": "上海市"}));
    busy(&owner, &account);
    sorted(&town, &account);
    let of_account = owner.get(&format!("{}/360", at(&account))).ok();
    let of_contact = owner.get(&format!("{}/360", whose(&account))).ok();
    for part in [
        "orders",
        "opportunities",
        "quotes",
        "leads",
        "contracts",
        "form_submissions",
        "segments",
        "open_items",
        "latest_activity",
        "last_activity_at",
        "latest_changes",
    ] {
        assert_eq!(of_account[part], of_contact[part], "{part}");
    }
    assert_eq!((&of_account["quotes"]["open_count"], &of_account["contracts"]["active_count"]), (&json!(2), &json!(2)));
    assert_eq!(of_account["form_submissions"].as_array().map(Vec::len), Some(1));
    let names = |told: &Value, part: &str| -> Vec<Value> {
        told[part].as_array().unwrap().iter().map(|one| one["name"].clone()).collect()
    };
    assert_eq!(names(&of_account, "segments"), ["Accounts", "Contacts"]);
    // what both are sorted by is told once
    for told in [&of_account, &of_contact] {
        assert_eq!(names(told, "tags"), ["of the account", "of the contact", "of them"]);
    }
    assert_eq!(of_account["orders"]["order_count"], 3);
    let moments: Vec<&Value> =
        of_account["latest_activity"].as_array().unwrap().iter().map(|one| &one["started_at"]).collect();
    assert_eq!(moments, ["2026-01-03T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z"]);
    let due: Vec<&Value> = of_account["open_items"].as_array().unwrap().iter().map(|one| &one["due_on"]).collect();
    assert_eq!(due, ["2030-01-01", "2030-01-02"]);
    let (person, own) = (&of_account["person"], &of_contact["person_account"]);
    assert_eq!(own.get("contracts"), None, "they stand with those of the contact");
    assert_eq!((&person["contact"]["id"], &own["account"]["id"]), (&account["person_id"], &account["id"]));
    assert_eq!(person["contact_points"][0]["value"], "ada@example.com");
    assert_eq!((&person["addresses"], &own["addresses"]), (&of_contact["addresses"], &of_account["addresses"]));
    // of others there is neither
    let other = make::contact(&owner, json!({"account_id": account["id"]}));
    assert_eq!(owner.get(&format!("/v1/contacts/{}/360", make::id(&other, "id"))).ok()["person_account"], Value::Null);
    let other = make::account(&owner, json!({}));
    assert_eq!(owner.get(&format!("{}/360", at(&other))).ok()["person"], Value::Null);
}

/// All pages of a timeline, of so many entries each.
fn timeline(client: &Client, subject: &str, limit: usize) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = client.get(&format!("/v1/timeline?subject={subject}&limit={limit}{cursor}")).ok();
        all.extend(page["data"].as_array().unwrap().iter().map(|one| one["id"].clone()));
        match page["page"]["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

#[test]
fn what_has_happened_is_one() {
    let town = Town::start();
    let owner = town.owner();
    let account = make::person(&owner, json!({"email": "ada@example.com"}));
    busy(&owner, &account);
    owner.patch(&at(&account), json!({"name": "Ada", "rating": "hot"})).ok();
    let [of_account, of_contact] = ["account", "contact"].map(|noun| {
        let id = make::id(&account, if noun == "account" { "id" } else { "person_id" });
        format!("{noun}:{id}")
    });
    let all = timeline(&owner, &of_account, 200);
    // the first order has made a customer of both
    assert_eq!(all.len(), 3 + 3 + 2 + 2 + 2 + 6, "orders, calls, tasks, mails, deals, and three changes of each");
    let sorted = |mut all: Vec<Value>| {
        all.sort_by_key(Value::to_string);
        all
    };
    for subject in [&of_account, &of_contact] {
        for limit in [1, 2, 3, 5, 17, 18, 19] {
            assert_eq!(sorted(timeline(&owner, subject, limit)), sorted(all.clone()), "{subject} by {limit}");
        }
    }
    // whoever sees one of them sees what that has to do with
    let rights = [("account", "read", "all"), ("order", "read", "all"), ("task", "read", "all")];
    let clerk = make::holder(&town, &rights);
    assert_eq!(timeline(&clerk, &of_account, 200).len(), 2 + 1 + 3);
    clerk.get(&format!("/v1/timeline?subject={of_contact}")).refused(404, "not_found");
    let blind = without(&town, &[("account", "person_id", "hidden")]);
    assert_eq!(timeline(&blind, &of_account, 200).len(), 2 + 2 + 1 + 1 + 2 + 3);
    let shown = blind.get(&format!("{}/360", at(&account)));
    assert_eq!((shown.ok().get("person"), shown.ok()["orders"]["order_count"].clone()), (None, json!(2)));
}

/// Of one record several things are told, each once, whichever of both it leads to, and page by page.
#[test]
fn each_step_of_what_both_have_come_to_is_told_once() {
    let town = Town::start();
    let owner = town.owner();
    let lead = make::lead(&owner, json!({"email": "ada@example.com"}));
    let into = json!({"account": {"person": true}});
    let done = owner.post(&format!("/v1/leads/{}/convert", make::id(&lead, "id")), into).ok();
    let (account, contact) = (make::id(&done, "account_id"), make::id(&done, "contact_id"));
    let quote = make::quote(&owner, json!({"account_id": account, "contact_id": contact}));
    let path = format!("/v1/quotes/{}", make::id(&quote, "id"));
    owner.act(&format!("{path}/submit")).ok();
    owner.act(&format!("{path}/accept")).ok();
    let steps = |subject: &str, limit: usize| {
        let (mut all, mut cursor) = (Vec::new(), String::new());
        loop {
            let types = "types=lead,quote";
            let page = owner.get(&format!("/v1/timeline?subject={subject}&{types}&limit={limit}{cursor}")).ok();
            let told = |one: &Value| format!("{} {}", make::id(one, "kind"), make::id(one, "step"));
            all.extend(page["data"].as_array().unwrap().iter().map(told));
            match page["page"]["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        all.sort();
        all
    };
    let wanted = ["lead converted", "lead created", "quote accepted"];
    for subject in [format!("account:{account}"), format!("contact:{contact}")] {
        for limit in [1, 2, 3, 200] {
            let told: Vec<String> = steps(&subject, limit).into_iter().filter(|one| one != "lead assigned").collect();
            assert_eq!(told, wanted, "{subject} by {limit}");
        }
    }
}

#[test]
fn what_is_hidden_of_the_contact_is_hidden_of_the_account() {
    let town = Town::start();
    let owner = town.owner();
    let person = json!({"display_name": "Zqwren", "email": "zqmail@example.com", "phone": "+4930123456"});
    let account = owner.post("/v1/accounts", json!({"person": person})).created();
    make::account(&owner, json!({"name": "Acme", "email": "acme@example.com"}));
    for (field, mirrored, word) in
        [("email", "email", "zqmail"), ("phone", "phone", "4930123456"), ("display_name", "name", "Zqwren")]
    {
        let blind = without(&town, &[("contact", field, "hidden")]);
        let query = encoded(&format!("{mirrored} != \"x\""));
        for path in ["".to_owned(), "/360".to_owned(), "?include=person".to_owned(), "/history".to_owned()] {
            let shown = blind.get(&format!("{}{path}", at(&account)));
            shown.ok();
            assert!(!shown.text().contains(word), "{field} by {path}: {}", shown.text());
        }
        blind.get(&format!("/v1/accounts?filter={query}")).refused(400, "filter_unknown_field");
        blind.get(&format!("/v1/accounts?sort={mirrored}")).is_one_of(&[400]);
        assert_eq!(blind.get(&format!("/v1/accounts?q={}", word.to_lowercase())).ids(), Vec::<String>::new());
        // an organisation's is hidden with it: whose it is tells the field by itself
        let all = blind.get("/v1/accounts").ok();
        assert!(all["data"].as_array().unwrap().iter().all(|one| one.get(mirrored).is_none()), "{field}");
        blind.patch(&at(&account), json!({mirrored: "x"})).refused(422, "invalid");
        // what may be read there may be written here, of an organisation
        let reader = without(&town, &[("contact", field, "read")]);
        assert!(reader.get(&at(&account)).text().contains(word));
    }
}

#[test]
fn other_tenants_see_nothing_of_them() {
    let town = Town::start();
    let account = make::person(&town.owner(), json!({}));
    let foreigner = town.client(Person::Foreigner);
    for path in [at(&account), format!("{}/360", at(&account)), whose(&account), format!("{}/360", whose(&account))] {
        foreigner.get(&path).refused(404, "not_found");
    }
    assert_eq!(foreigner.get(&format!("/v1/accounts?filter={}", encoded("is_person"))).ids(), Vec::<String>::new());
    // and whoever sees accounts alone sees no contact by them
    let clerk = somebody(&town, &[], &["read"]);
    let shown = clerk.get(&format!("{}?include=person", at(&account)));
    assert!([200, 400, 403].contains(&shown.status), "{}", shown.text());
    assert!(shown.status != 200 || shown.ok()["person"].is_null(), "{}", shown.text());
    clerk.get(&whose(&account)).refused(403, "forbidden");
}
