//! Whoever is erased is nowhere to be found any more: in no table, no version of any record, no search, no file. What the
//! books need stays, and so does everybody else.
use super::canary::{self, Bird, sums};
use super::{begun, erased, told, when};
use crate::support::{Town, Value, json, make};

fn statistics(town: &Town) -> Vec<String> {
    [
        "SELECT count(*) FROM contacts",
        "SELECT count(*) || ' ' || sum(total_amount) || ' ' || sum(tax_amount) FROM orders",
        "SELECT count(*) || ' ' || sum(quantity) || ' ' || sum(total_amount) FROM order_lines",
    ]
    .iter()
    .map(|query| town.database.text(query))
    .collect()
}

#[test]
fn a_contact_is_told_everything_and_then_erased_everywhere() {
    let town = Town::start();
    let owner = town.owner();
    let bird = canary::contact(&town, "canary");
    canary::contact(&town, "sparrow");
    let document = told(&owner, "access", "contact", &bird.id);
    assert_eq!(document["format"], "guanxi-privacy/1");
    assert!(bird.missing(&document).is_empty(), "not told: {:?} in {document}", bird.missing(&document));
    assert!(!document.to_string().contains("sparrow"), "somebody else is told of");
    assert!(document.to_string().contains("canary-old@example.com"), "what was is told too");
    let (before, neighbours) = (statistics(&town), sums(&town.database, "sparrow"));
    let done = erased(&owner, "contact", &bird.id);
    assert_eq!(done["requester_name"], Value::Null);
    assert_eq!(bird.left(&town), Vec::<String>::new());
    assert_eq!(statistics(&town), before);
    assert_eq!(sums(&town.database, "sparrow"), neighbours);
    for found in ["canary", "canary-new%40example.com", "canary-wechat"] {
        let page = owner.get(&format!("/v1/contacts?q={found}&deleted=include")).ok();
        assert_eq!(page["data"], json!([]), "{found}");
    }
    let order = owner.get(&format!("/v1/orders?contact_id={}", bird.id)).ok()["data"][0].clone();
    assert_eq!((order["description"].is_null(), order["line_count"].as_i64()), (true, Some(1)));
    let numbered = owner.get(&format!("/v1/orders?q={}", make::id(&order, "number"))).ok();
    assert_eq!(numbered["data"][0]["id"], order["id"], "an order is found by its number still");
    let row = town.database.text(&format!("SELECT display_name FROM contacts WHERE id = '{}'", bird.id));
    assert_eq!(row, format!("erased-{}", bird.id));
    owner.get(&format!("/v1/contacts/{}", bird.id)).refused(404, "not_found");
}

#[test]
fn an_account_that_is_a_person_is_told_and_erased_too() {
    let town = Town::start();
    let owner = town.owner();
    let account = make::account(&owner, json!({"name": "canary before", "website": "https://canary.example"}));
    let id = make::id(&account, "id");
    make::identifier(&owner, "accounts", &account);
    make::address(&owner, "accounts", &account, json!({"recipient": "canary before"}));
    let friend = make::contact(&owner, json!({"account_id": id, "display_name": "Sparrow"}));
    make::order(&owner, json!({"account_id": id, "description": "canary order"}));
    make::opportunity(&owner, json!({"account_id": id, "name": "canary deal", "next_step": "canary step"}));
    canary::agreed(&owner, &account);
    canary::labelled(&town, &account);
    let mut bird = Bird { id: id.clone(), kind: "account", word: "canary".into(), planted: Vec::new() };
    bird.plant(&town);
    owner.patch(&format!("/v1/accounts/{id}"), json!({"rating": "hot"})).ok();
    let document = told(&owner, "access", "account", &id);
    assert!(bird.missing(&document).is_empty(), "not told: {:?}", bird.missing(&document));
    erased(&owner, "account", &id);
    assert_eq!(bird.left(&town), Vec::<String>::new());
    let friend = owner.get(&format!("/v1/contacts/{}", make::id(&friend, "id"))).ok();
    assert_eq!(friend["display_name"], "Sparrow");
    assert_eq!(town.database.count("SELECT count(*) FROM memberships"), 0);
}

#[test]
fn a_lead_is_told_and_erased_before_it_is_a_customer() {
    let town = Town::start();
    let owner = town.owner();
    make::lead_score_rule(&owner, json!({"filter": "email != null"}));
    make::assignment_rule(&owner, json!({}));
    let lead = make::lead(&owner, json!({"display_name": "canary before", "email": "canary@example.com"}));
    let id = make::id(&lead, "id");
    let links = json!([{"resource": "lead", "record_id": id}]);
    make::activity(&owner, json!({"subject": "canary call", "links": links}));
    make::task(&owner, json!({"subject": "canary task", "links": links}));
    let back = json!({"reason": "canary reason", "pool_id": make::pool(&owner, json!({}))["id"]});
    owner.post(&format!("/v1/leads/{id}/return"), back).ok();
    let form = make::id(&make::form(&owner, json!({"makes": "lead", "has_double_opt_in": true})), "id");
    make::submission(&owner, &form, json!({"mail": "canary@example.com", "name": "canary", "news": true})).is(202);
    let friend = make::lead(&owner, json!({"display_name": "Sparrow", "email": "sparrow@example.com"}));
    let mut bird = Bird { id: id.clone(), kind: "lead", word: "canary".into(), planted: Vec::new() };
    bird.plant(&town);
    let document = told(&owner, "access", "lead", &id);
    assert!(bird.missing(&document).is_empty(), "not told: {:?}", bird.missing(&document));
    erased(&owner, "lead", &id);
    assert_eq!(bird.left(&town), Vec::<String>::new());
    owner.get(&format!("/v1/leads/{id}")).refused(404, "not_found");
    let friend = owner.get(&format!("/v1/leads/{}", make::id(&friend, "id"))).ok();
    assert_eq!((&friend["display_name"], &friend["score"]), (&json!("Sparrow"), &json!(20)));
    assert_eq!(town.database.count("SELECT count(*) FROM leads"), 2, "it stays as a figure");
}

/// What somebody gave, and what they did: not what was made of it.
#[test]
fn what_is_taken_along_is_what_was_given() {
    let town = Town::start();
    let owner = town.owner();
    let new = json!({"display_name": "Ada Lovelace", "email": "ada@example.com", "lifecycle_stage": "customer"});
    let contact = make::contact(&owner, new);
    make::order(&owner, json!({"contact_id": contact["id"]}));
    let document = told(&owner, "portability", "contact", &make::id(&contact, "id"));
    let text = document.to_string();
    assert!(text.contains("ada@example.com") && text.contains("Ada Lovelace") && text.contains("\"quantity\""));
    assert!(!text.contains("lifecycle_stage") && !text.contains("audit_log"), "{document}");
    assert_eq!(document["kind"], "portability");
    let contacts = document["tables"].as_array().unwrap().iter().find(|table| table["name"] == "contacts").unwrap();
    assert_eq!(contacts["columns"]["email"], json!({"tells": "personal", "about": "contact"}));
}

#[test]
fn what_would_go_and_what_would_stay_is_shown_before() {
    let town = Town::start();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({"email": "ada@example.com"}));
    let id = make::id(&contact, "id");
    make::order(&owner, json!({"contact_id": id}));
    let request = begun(&owner, "erasure", "contact", &id);
    let before = sums(&town.database, &id);
    let shown = owner.act(&format!("/v1/privacy-requests/{request}/preview")).ok();
    assert_eq!(shown["is_allowed"], true);
    let part = |name: &str| {
        let tables = shown["tables"].as_array().unwrap();
        tables.iter().find(|table| table["table"] == name).unwrap_or_else(|| panic!("{name}: {shown}")).clone()
    };
    let (contacts, orders, points) = (part("contacts"), part("orders"), part("contact_points"));
    assert_eq!((&contacts["rows"], &orders["rows"], &points["rows"]), (&json!(1), &json!(1), &json!(1)));
    assert!(contacts["goes"].as_array().unwrap().contains(&json!({"column": "email", "how": "null"})));
    assert!(contacts["goes"].as_array().unwrap().contains(&json!({"column": "display_name", "how": "pseudonym"})));
    assert!(points["goes"].as_array().unwrap().contains(&json!({"column": "value", "how": "row"})));
    let stays = orders["stays"].as_array().unwrap();
    let total = stays.iter().find(|one| one["column"] == "total_amount").unwrap();
    assert!(total["why"].as_str().unwrap().contains("by law"));
    assert!(part("audit_log")["goes"].as_array().unwrap().contains(&json!({"column": "data", "how": "redacted"})));
    assert_eq!(sums(&town.database, &id), before, "nothing is done by looking");
}

/// Nothing is told of a record by what it was, nor by an answer that is sent again.
#[test]
fn an_answer_that_is_asked_for_again_tells_nothing() {
    let town = Town::start();
    let owner = town.owner();
    let keyed = owner.with("idempotency-key", "the-same");
    let new = json!({"display_name": "canary", "email": "canary@example.com"});
    let id = make::id(&keyed.post("/v1/contacts", new.clone()).created(), "id");
    erased(&owner, "contact", &id);
    keyed.post("/v1/contacts", new).refused(409, "idempotency_answer_gone");
    let events = town
        .database
        .column(&format!("SELECT name || ' ' || data FROM event_log WHERE object_id = '{id}' ORDER BY version, id"));
    assert!(events[0].starts_with("contact.created") && events[0].contains("\"email\": null"), "{events:?}");
    assert!(events.last().unwrap().starts_with("contact.erased"), "{events:?}");
}

#[test]
fn who_is_held_by_law_is_not_erased() {
    let town = Town::start();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({"email": "ada@example.com"}));
    let id = make::id(&contact, "id");
    let hold = json!({"subject_kind": "contact", "subject_id": id, "reason": "law suit"});
    let hold = make::id(&owner.post("/v1/legal-holds", hold).created(), "id");
    let request = begun(&owner, "erasure", "contact", &id);
    let shown = owner.act(&format!("/v1/privacy-requests/{request}/preview")).ok();
    assert_eq!((&shown["is_allowed"], &shown["holds"]), (&json!(false), &json!([hold])));
    let refused = owner.act(&format!("/v1/privacy-requests/{request}/complete"));
    assert_eq!(refused.refused(409, "legal_hold")["existing"][0]["id"], json!(hold));
    assert_eq!(owner.get(&format!("/v1/contacts/{id}")).ok()["email"], "ada@example.com");
    owner.act(&format!("/v1/legal-holds/{hold}/release")).ok();
    owner.act(&format!("/v1/legal-holds/{hold}/release")).refused(409, "legal_hold_released");
    owner.act(&format!("/v1/privacy-requests/{request}/complete")).ok();
    when(&owner, &request, |request| request["status"] == "completed");
    owner.get(&format!("/v1/contacts/{id}")).refused(404, "not_found");
}
