//! Both go together and come back together, and what becomes of a lead may be somebody.
use super::{at, is_one, somebody, whose};
use crate::privacy::{begun, erased, told};
use crate::support::{Client, Town, Value, json, make};

const DOORS: [fn(&Value) -> String; 2] = [at, whose];

/// Whether the account and the contact are there.
fn there(client: &Client, account: &Value) -> (bool, bool) {
    let is = |path: String| match client.get(&path).status {
        200 => true,
        404 => false,
        other => panic!("{path} was answered {other}"),
    };
    (is(at(account)), is(whose(account)))
}

#[test]
fn both_are_archived_and_restored_by_either_door() {
    let town = Town::start();
    let owner = town.owner();
    for (gone, back) in DOORS.iter().flat_map(|gone| DOORS.iter().map(move |back| (gone, back))) {
        let account = make::person(&owner, json!({}));
        owner.delete(&gone(&account)).is(204);
        assert_eq!(there(&owner, &account), (false, false));
        owner.act(&format!("{}/restore", back(&account))).ok();
        assert_eq!(there(&owner, &account), (true, true));
        owner.act(&format!("{}/restore", back(&account))).ok();
        is_one(&town);
    }
    let account = make::person(&owner, json!({}));
    owner.if_match(2).delete(&at(&account)).refused(412, "stale");
    assert_eq!(there(&owner, &account), (true, true));
    let told = |name: &str| town.database.count(&format!("SELECT count(*) FROM event_log WHERE name = '{name}'"));
    for verb in ["deleted", "restored"] {
        assert_eq!([told(&format!("account.{verb}")), told(&format!("contact.{verb}"))], [4, 4], "{verb}");
    }
}

/// Meanwhile somebody else has taken the address: nothing comes back by halves.
#[test]
fn both_come_back_or_neither() {
    let town = Town::start();
    let owner = town.owner();
    let account = make::person(&owner, json!({"email": "ada@example.com"}));
    owner.delete(&at(&account)).is(204);
    make::contact(&owner, json!({"email": "ada@example.com"}));
    for path in [at(&account), whose(&account)] {
        owner.act(&format!("{path}/restore")).refused(409, "contact_email_taken");
    }
    assert_eq!(there(&owner, &account), (false, false));
}

#[test]
fn both_are_purged_by_either_door() {
    let town = Town::start();
    let owner = town.owner();
    for path in DOORS {
        let account = make::person(&owner, json!({}));
        let order = make::order(&owner, json!({"contact_id": account["person_id"]}));
        let purge = format!("{}?purge=true", path(&account));
        owner.delete(&purge).refused(409, "in_use");
        assert_eq!(there(&owner, &account), (true, true));
        owner.delete(&format!("/v1/orders/{}?purge=true", make::id(&order, "id"))).is(204);
        let order = make::order(&owner, json!({"account_id": account["id"]}));
        owner.delete(&purge).refused(409, "in_use");
        owner.delete(&format!("/v1/orders/{}?purge=true", make::id(&order, "id"))).is(204);
        owner.delete(&purge).is(204);
        let left = "SELECT (SELECT count(*) FROM accounts) + (SELECT count(*) FROM contacts)";
        assert_eq!(town.database.count(left), 0);
    }
}

#[test]
fn whoever_takes_one_away_may_take_both() {
    let town = Town::start();
    let owner = town.owner();
    let account = make::person(&owner, json!({}));
    let (all, some) = (["read", "update", "delete", "purge"], ["read", "update"]);
    for (contact, of_account, path) in [(&some[..], &all[..], at(&account)), (&all[..], &some[..], whose(&account))] {
        let clerk = somebody(&town, contact, of_account);
        clerk.delete(&path).refused(403, "forbidden");
        clerk.delete(&format!("{path}?purge=true")).refused(403, "forbidden");
        assert_eq!(there(&owner, &account), (true, true), "{path}");
    }
    let clerk = somebody(&town, &all, &all);
    clerk.delete(&at(&account)).is(204);
    let half = somebody(&town, &some, &all);
    half.act(&format!("{}/restore", at(&account))).refused(403, "forbidden");
    assert_eq!(there(&owner, &account), (false, false));
}

#[test]
fn a_lead_becomes_somebody() {
    let town = Town::start();
    let owner = town.owner();
    let lead = make::lead(&owner, json!({"email": "ada@example.com", "rating": "hot", "company_name": "Acme"}));
    let path = format!("/v1/leads/{}", make::id(&lead, "id"));
    let person = json!({"account": {"person": true, "fields": {"description": "VIP"}}});
    let done = owner.post(&format!("{path}/convert"), person.clone()).ok();
    assert_eq!(done["created"], json!(["contact", "account"]));
    let account = owner.get(&format!("/v1/accounts/{}", make::id(&done, "account_id"))).ok();
    assert_eq!((&account["person_id"], &account["name"]), (&done["contact_id"], &lead["display_name"]));
    assert_eq!((&account["rating"], &account["description"]), (&json!("hot"), &json!("VIP")));
    assert_eq!(owner.get(&whose(&account)).ok()["account_id"], Value::Null, "nobody works for themselves");
    is_one(&town);
    owner.act(&format!("{path}/unconvert")).ok();
    assert_eq!(there(&owner, &account), (false, false));
    // what fits nobody is told where it stands
    let wrong = json!({"account": {"person": true, "fields": {"industry": "tea"}}, "on_duplicate": "create"});
    let refused = owner.post(&format!("{path}/convert"), wrong);
    assert_eq!(refused.pointers(), ["/account/fields/industry"]);
    let both = json!({"account": {"person": true, "id": account["id"]}});
    assert_eq!(owner.post(&format!("{path}/convert"), both).pointers(), ["/account"]);
}

/// Of who was there before, the account alone was made, and goes again.
#[test]
fn a_contact_who_was_there_stays() {
    let town = Town::start();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({"email": "ada@example.com"}));
    let lead = make::lead(&owner, json!({"email": "ada@example.com"}));
    let path = format!("/v1/leads/{}", make::id(&lead, "id"));
    let into = json!({"account": {"person": true}, "contact": {"id": contact["id"]}});
    let done = owner.post(&format!("{path}/convert"), into.clone()).ok();
    assert_eq!(done["created"], json!(["account"]));
    let account = owner.get(&format!("/v1/accounts/{}", make::id(&done, "account_id"))).ok();
    assert_eq!(account["person_id"], contact["id"]);
    owner.act(&format!("{path}/unconvert")).ok();
    assert_eq!(there(&owner, &account), (false, true));
    let again = owner.post(&format!("{path}/convert"), into.clone()).ok();
    assert_eq!(again["account_id"], account["id"], "they are one account, which comes back");
    let other = make::lead(&owner, json!({}));
    let other = format!("/v1/leads/{}/convert", make::id(&other, "id"));
    let taken = owner.post(&other, into.clone()).refused(409, "account_person_taken");
    assert_eq!(taken["existing"][0]["id"], account["id"]);
    let used = owner.post(&other, make::with(into, json!({"on_duplicate": "use"}))).ok();
    assert_eq!((&used["account_id"], &used["created"]), (&account["id"], &json!([])));
    is_one(&town);
}

/// By whichever record somebody asks, all that is held of them is told, restricted, held, and erased.
#[test]
fn the_law_knows_one_person() {
    let town = Town::start();
    let owner = town.owner();
    for kind in ["account", "contact"] {
        let word = format!("zqkestrel{kind}");
        let person = json!({"display_name": word, "email": format!("{word}@example.com"), "phone": "+4930123456"});
        let account =
            owner.post("/v1/accounts?duplicates=allow", json!({"person": person, "description": word})).created();
        let other = if kind == "account" { "contact" } else { "account" };
        let of = |kind: &str| make::id(&account, if kind == "account" { "id" } else { "person_id" });
        let document = told(&owner, "access", kind, &of(kind));
        assert_eq!(document["subject"], json!({"resource": format!("{kind}s"), "id": of(kind)}));
        let rows = |table: &str| {
            let tables = document["tables"].as_array().unwrap().iter().find(|one| one["name"] == table).cloned();
            tables.map_or(0, |table| table["rows"].as_array().unwrap().len())
        };
        assert_eq!((rows("accounts"), rows("contacts")), (1, 1), "{kind}");
        let request = begun(&owner, "restriction", kind, &of(kind));
        owner.act(&format!("/v1/privacy-requests/{request}/complete")).ok();
        for path in [at(&account), whose(&account)] {
            let shown = owner.get(&format!("{path}?include=restrictions")).ok();
            assert_eq!(shown["restrictions"].as_array().unwrap().len(), 1, "{path}");
        }
        owner.act(&format!("/v1/privacy-requests/{request}/lift")).ok();
        let hold = json!({"subject_kind": other, "subject_id": of(other), "reason": "a law suit"});
        let hold = make::id(&owner.post("/v1/legal-holds", hold).created(), "id");
        let erasure = begun(&owner, "erasure", kind, &of(kind));
        let refused = owner.act(&format!("/v1/privacy-requests/{erasure}/complete")).refused(409, "legal_hold");
        assert_eq!(refused["existing"][0]["id"], json!(hold));
        owner.act(&format!("/v1/legal-holds/{hold}/release")).ok();
        erased(&owner, kind, &of(kind));
        assert_eq!(there(&owner, &account), (false, false));
        for (table, column) in [("accounts", "name"), ("contacts", "display_name")] {
            let left = format!(
                "SELECT count(*) FROM {table} WHERE {column} LIKE 'erased-%' AND email IS NULL AND phone IS NULL
                AND id IN ('{}', '{}')",
                of("account"),
                of("contact")
            );
            assert_eq!(town.database.count(&left), 1, "{table}");
        }
        assert_eq!(town.database.count(&format!("SELECT count(*) FROM event_log WHERE data::text LIKE '%{word}%'")), 0);
        let ids = format!("('{}', '{}')", of("account"), of("contact"));
        assert_eq!(town.database.count(&format!("SELECT count(*) FROM erasures WHERE record_id IN {ids}")), 2);
    }
}

/// A policy carried out; how many records it has reached.
pub fn by_age(owner: &Client, resource: &str, action: &str) -> Value {
    let new = json!({"name": crate::support::fresh("Policy "), "resource": resource, "date_field": "created_at",
        "age_days": 365, "action": action});
    let path =
        format!("/v1/retention-policies/{}", make::id(&owner.post("/v1/retention-policies", new).created(), "id"));
    owner.act(&format!("{path}/run")).is(202);
    let since = std::time::Instant::now();
    loop {
        let now = owner.get(&path).ok();
        if !now["last_done"].is_null() {
            owner.delete(&path).is(204);
            return json!([now["last_done"], now["last_kept"]]);
        }
        assert!(since.elapsed() < std::time::Duration::from_secs(60), "it goes no further: {now}");
        std::thread::sleep(std::time::Duration::from_millis(30));
    }
}

#[test]
fn what_goes_by_its_age_goes_with_both() {
    let policies = [("account", "archive"), ("contact", "anonymise"), ("account", "purge"), ("contact", "purge")];
    for (resource, action) in policies {
        let town = Town::start();
        let owner = town.owner();
        let account = make::person(&owner, json!({"email": "ada@example.com"}));
        town.database.run(&format!("UPDATE {resource}s SET created_at = now() - interval '2 years'"));
        // whoever is held as the one is held as the other
        let other = if resource == "account" { "person_id" } else { "id" };
        let kind = if resource == "account" { "contact" } else { "account" };
        let hold = json!({"subject_kind": kind, "subject_id": account[other], "reason": "x"});
        let hold = make::id(&owner.post("/v1/legal-holds", hold).created(), "id");
        assert_eq!(by_age(&owner, resource, action), json!([0, 0]), "{resource} {action}");
        assert_eq!(there(&owner, &account), (true, true));
        owner.act(&format!("/v1/legal-holds/{hold}/release")).ok();
        assert_eq!(by_age(&owner, resource, action), json!([1, 0]), "{resource} {action}");
        assert_eq!(there(&owner, &account), (false, false), "{resource} {action}");
        let rows = town.database.count(&format!(
            "SELECT (SELECT count(*) FROM accounts WHERE id = '{}') + (SELECT count(*) FROM contacts WHERE id = '{}')",
            make::id(&account, "id"),
            make::id(&account, "person_id")
        ));
        assert_eq!(rows, if action == "purge" { 0 } else { 2 }, "{resource} {action}");
    }
}
