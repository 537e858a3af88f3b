//! How somebody who is an account comes on: in both records, by one cause, with a step of each.
use super::{at, is_one, whose};
use crate::platform::imports::import;
use crate::support::{Client, Town, Value, json, make, seal};

/// From, to and why, the oldest first.
#[track_caller]
fn steps(client: &Client, path: &str) -> Vec<[String; 3]> {
    let text = |one: &Value, member: &str| one[member].as_str().unwrap_or("-").to_owned();
    let all = client.walk(&format!("{path}/lifecycle?limit=2&sort=changed_at,id"));
    all.iter().map(|one| ["from_stage", "to_stage", "cause"].map(|member| text(one, member))).collect()
}

/// Both records have taken these steps, and no other.
#[track_caller]
fn come(client: &Client, account: &Value, wanted: &[[&str; 3]]) {
    for path in [at(account), whose(account)] {
        assert_eq!(steps(client, &path), wanted, "{path}");
    }
}

const BEGUN: [&str; 3] = ["-", "lead", "created"];

#[test]
fn what_is_said_by_either_door_is_a_step_of_both() {
    let town = Town::start();
    let owner = town.owner();
    let account = make::person(&owner, json!({"email": "ada@example.com"}));
    owner.patch(&at(&account), json!({"lifecycle_stage": "customer", "rating": "hot"})).ok();
    owner.patch(&at(&account), json!({"lifecycle_stage": "customer", "name": "Ada"})).ok();
    owner.patch(&whose(&account), json!({"lifecycle_stage": "lead"})).ok();
    let mapping = json!({"resource": "contacts", "columns": {"Mail": "email", "Stage": "lifecycle_stage"}});
    import(&owner, "a.csv", b"Mail,Stage\nada@example.com,evangelist\n", &mapping, &[("mode", "upsert")]);
    let mapping = json!({"resource": "person_accounts", "columns": {"Mail": "email", "Stage": "lifecycle_stage"}});
    import(&owner, "a.csv", b"Mail,Stage\nada@example.com,churned\n", &mapping, &[]);
    let set = |from, to| [from, to, "set"];
    let wanted = [
        BEGUN,
        set("lead", "customer"),
        set("customer", "lead"),
        set("lead", "evangelist"),
        set("evangelist", "churned"),
    ];
    come(&owner, &account, &wanted);
    seal(&town);
    for noun in ["account", "contact"] {
        let told = owner.walk(&format!("/v1/events?types={noun}.*"));
        let told: Vec<&str> = told.iter().map(|event| event["type"].as_str().unwrap()).collect();
        let moved = told.iter().filter(|name| name.ends_with(".lifecycle_changed")).count();
        assert_eq!((told[0], moved), (format!("{noun}.created").as_str(), 4), "{told:?}");
    }
    is_one(&town);
    // an account of somebody who is there begins where they are
    let contact = make::contact(&owner, json!({"lifecycle_stage": "evangelist"}));
    let late = owner.post("/v1/accounts", json!({"person_id": contact["id"]})).created();
    come(&owner, &late, &[["-", "evangelist", "created"]]);
}

/// Whichever of both an order, a deal or a lead names.
#[test]
fn what_moves_one_on_moves_both() {
    let town = Town::idle();
    let owner = town.owner();
    let bought = [BEGUN, ["lead", "customer", "order_placed"]];
    for member in ["account_id", "contact_id"] {
        let account = make::person(&owner, json!({}));
        let own = if member == "account_id" { "id" } else { "person_id" };
        let order = make::order(&owner, json!({member: account[own]}));
        make::order(&owner, json!({"account_id": account["id"], "contact_id": account["person_id"]}));
        come(&owner, &account, &bought);
        for path in [at(&account), whose(&account)] {
            assert_eq!(owner.get(&format!("{path}/lifecycle")).ok()["data"][0]["cause_id"], order["id"], "{member}");
        }
        // somebody knows better, and by itself nobody goes back, nor on from there
        owner.patch(&at(&account), json!({"lifecycle_stage": "churned"})).ok();
        make::order(&owner, json!({member: account[own]}));
        come(&owner, &account, &[&bought[..], &[["customer", "churned", "set"]]].concat());
    }
    let stages = make::stages(&owner, None);
    let account = make::person(&owner, json!({}));
    make::opportunity(&owner, json!({"account_id": account["id"], "stage_id": stages["closed_won"]}));
    come(&owner, &account, &[BEGUN, ["lead", "customer", "opportunity_won"]]);
    let account = make::person(&owner, json!({}));
    let lead = make::lead(&owner, json!({}));
    let into = json!({"account": {"person": true}, "contact": {"id": account["person_id"]}, "on_duplicate": "use"});
    owner.post(&format!("/v1/leads/{}/convert", make::id(&lead, "id")), into).ok();
    come(&owner, &account, &[BEGUN, ["lead", "sales_qualified_lead", "lead_converted"]]);
    is_one(&town);
}

#[test]
fn what_a_lead_says_of_somebody_new_holds_of_both() {
    let town = Town::idle();
    let owner = town.owner();
    let convert = |contact: Value, opportunity: Option<Value>| {
        let place = json!({"country": "CN", "region": "上海市", "city": "上海市", "phone": "+86 138 0013 8000"});
        let lead = make::lead(&owner, place);
        let ask = json!({"account": {"person": true}, "contact": contact, "opportunity": opportunity,
            "on_duplicate": "create"});
        let done = owner.post(&format!("/v1/leads/{}/convert", make::id(&lead, "id")), ask).ok();
        owner.get(&format!("/v1/accounts/{}", make::id(&done, "account_id"))).ok()
    };
    let account = convert(Value::Null, Some(json!({})));
    come(&owner, &account, &[["-", "opportunity", "created"]]);
    assert_eq!((&account["city"], &account["phone_text"]), (&json!("上海市"), &json!("+86 138 0013 8000")));
    let homes = owner.get(&format!("{}/addresses", whose(&account))).ok();
    assert_eq!((&homes[0]["kind"], &homes[0]["city"]), (&json!("home"), &json!("上海市")));
    // what the body says of the contact holds of the account too
    let account = convert(json!({"fields": {"lifecycle_stage": "subscriber"}}), Some(json!({})));
    come(&owner, &account, &[["-", "subscriber", "created"]]);
    let said = json!({"fields": {"addresses": [{"kind": "work", "country": "DE", "city": "Berlin"}]}});
    let account = convert(said, None);
    let places = owner.get(&format!("{}/addresses", whose(&account))).ok();
    assert_eq!(
        (places.as_array().map(Vec::len), &places[0]["city"]),
        (Some(1), &json!("Berlin")),
        "and not the lead's"
    );
    is_one(&town);
}

/// Orders of the one and of the other, and changes by both doors, all at once.
#[test]
fn of_many_at_once_one_makes_the_customer_of_both() {
    let town = Town::idle();
    let owner = town.owner();
    let account = make::person(&owner, json!({}));
    std::thread::scope(|scope| {
        for at_once in 0..48 {
            let (owner, account) = (town.owner(), &account);
            scope.spawn(move || match at_once % 5 {
                0 => drop(make::order(&owner, json!({"account_id": account["id"]}))),
                1 => drop(make::order(&owner, json!({"contact_id": account["person_id"]}))),
                2 => {
                    let both = json!({"account_id": account["id"], "contact_id": account["person_id"]});
                    drop(make::order(&owner, both));
                }
                3 => drop(owner.patch(&at(account), json!({"name": format!("Ada {at_once}")})).ok()),
                _ => drop(owner.patch(&whose(account), json!({"display_name": format!("Ada {at_once}")})).ok()),
            });
        }
    });
    come(&owner, &account, &[BEGUN, ["lead", "customer", "order_placed"]]);
    is_one(&town);
}

#[test]
fn whose_processing_is_restricted_stays_in_both() {
    let town = Town::start();
    let owner = town.owner();
    let account = make::person(&owner, json!({}));
    let request = crate::privacy::begun(&owner, "restriction", "contact", &make::id(&account, "person_id"));
    owner.act(&format!("/v1/privacy-requests/{request}/complete")).ok();
    make::order(&owner, json!({"account_id": account["id"]}));
    come(&owner, &account, &[BEGUN]);
}
