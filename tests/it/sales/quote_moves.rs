//! How a quote goes its way: from which status to which, by whom, and what takes its place.
use super::quotes::path;
use crate::support::{Answer, Client, Person, Smtp, Town, Value, json, make};

/// A verb, with a body where it has one.
fn does(client: &Client, quote: &Value, verb: &str, body: Value) -> Answer {
    let place = format!("{}/{verb}", path(quote));
    if ["send", "reject", "reject-approval"].contains(&verb) { client.post(&place, body) } else { client.act(&place) }
}

/// One that has come as far as that.
fn in_status(town: &Town, status: &str) -> Value {
    let owner = town.owner();
    let quote = make::quote(&owner, json!({}));
    let go = |verb: &str, body: Value| does(&owner, &quote, verb, body).is_one_of(&[200, 201]);
    let hand_over = || drop(owner.post(&format!("{}/links", path(&quote)), json!({})).created());
    match status {
        "draft" => {}
        "in_review" => {
            owner.patch("/v1/tenant", json!({"quote_approval_discount": "0"})).ok();
            owner.patch(&path(&quote), json!({"discount_rate": "0.1"})).ok();
            go("submit", json!({}));
            owner.patch("/v1/tenant", json!({"quote_approval_discount": null})).ok();
        }
        "approved" => drop(go("submit", json!({}))),
        "sent" => hand_over(),
        "accepted" => {
            hand_over();
            go("accept", json!({}));
        }
        "rejected" => {
            hand_over();
            go("reject", json!({"reason": "too dear"}));
        }
        "superseded" => {
            go("submit", json!({}));
            go("revise", json!({}));
        }
        "expired" => {
            hand_over();
            let id = make::id(&quote, "id");
            town.database.run(&format!("UPDATE quotes SET status = 'expired' WHERE id = '{id}'"));
        }
        other => panic!("{other}"),
    }
    let now = owner.get(&path(&quote)).ok();
    assert_eq!(now["status"], status);
    now
}

#[test]
fn a_quote_goes_by_its_deeds_alone() {
    let smtp = Smtp::start();
    let town = Town::mailing(&smtp);
    let owner = town.owner();
    let leads = |from: &str, verb: &str| match verb {
        "submit" => (from == "draft").then_some("approved"),
        "approve" => (from == "in_review").then_some("approved"),
        "reject-approval" => (from == "in_review").then_some("draft"),
        "send" => ["draft", "approved", "sent"].contains(&from).then_some("sent"),
        "accept" => ["approved", "sent", "accepted"].contains(&from).then_some("accepted"),
        "reject" => ["approved", "sent", "rejected"].contains(&from).then_some("rejected"),
        "revise" => ["in_review", "approved", "sent", "rejected", "expired"].contains(&from).then_some("draft"),
        _ => None,
    };
    let all = ["draft", "in_review", "approved", "sent", "accepted", "rejected", "expired", "superseded"];
    for from in all {
        for verb in ["submit", "approve", "reject-approval", "send", "accept", "reject", "revise"] {
            let quote = in_status(&town, from);
            let body = if verb == "send" { json!({"to": "a@x.example"}) } else { json!({}) };
            let answer = does(&owner, &quote, verb, body);
            match leads(from, verb) {
                Some(to) => assert_eq!(answer.is_one_of(&[200, 201])["status"], to, "{from} {verb}"),
                None => {
                    let refused = answer.refused(409, "quote_transition_refused");
                    assert_eq!(refused["detail"], format!("it is {from}"), "{from} {verb}");
                }
            }
        }
        // and is changed while it is a draft
        let quote = in_status(&town, from);
        let change = owner.patch(&path(&quote), json!({"terms": "other"}));
        if from == "draft" {
            drop(change.ok())
        } else {
            drop(change.refused(409, "quote_fixed"))
        }
        let status = json!({"status": "accepted"});
        owner.patch(&path(&quote), status).refused(422, "invalid");
        owner.patch(&path(&quote), json!({"owner_id": town.user(Person::Rep)})).ok();
    }
    let batch = json!({"items": [{"op": "update", "id": in_status(&town, "sent")["id"], "data": {"terms": "x"}}]});
    let done = owner.post("/v1/quotes/batch", batch).is(207);
    assert_eq!(done["results"][0]["problem"]["code"], "quote_fixed", "{done}");
}

#[test]
fn what_goes_too_far_is_approved_by_whoever_may() {
    let town = Town::idle();
    let owner = town.owner();
    owner.patch("/v1/tenant", json!({"quote_approval_discount": "1.5"})).refused(422, "invalid");
    owner.patch("/v1/tenant", json!({"quote_approval_discount": "0.15"})).ok();
    let seller = town.client(Person::Rep);
    let quote = make::quote(&seller, json!({"discount_rate": "0.15"}));
    assert_eq!(seller.act(&format!("{}/submit", path(&quote))).ok()["status"], "approved");
    let quote = make::quote(&seller, json!({"discount_rate": "0.16"}));
    seller.post(&format!("{}/send", path(&quote)), json!({"to": "a@x.example"})).refused(409, "quote_approval_needed");
    assert_eq!(seller.act(&format!("{}/submit", path(&quote))).ok()["status"], "in_review");
    seller.act(&format!("{}/approve", path(&quote))).refused(403, "forbidden");
    let back = owner.post(&format!("{}/reject-approval", path(&quote)), json!({})).ok();
    assert_eq!(back["status"], "draft");
    seller.act(&format!("{}/submit", path(&quote))).ok();
    assert_eq!(owner.act(&format!("{}/approve", path(&quote))).ok()["status"], "approved");
    seller.post(&format!("{}/links", path(&quote)), json!({})).created();
    owner.post(&format!("{}/send", path(&quote)), json!({"to": "no address"})).refused(422, "invalid");
    town.client(Person::Foreigner).act(&format!("{}/approve", path(&quote))).refused(404, "not_found");
}

#[test]
fn a_revision_takes_the_place_of_another() {
    let town = Town::idle();
    let owner = town.owner();
    let first = in_status(&town, "sent");
    let answer = owner.act(&format!("{}/revise", path(&first)));
    let next = answer.created();
    assert_eq!((&next["number"], &next["revision"], &next["status"]), (&first["number"], &json!(2), &json!("draft")));
    assert_eq!((&next["total"], &next["line_count"]), (&first["total"], &json!(1)));
    assert_eq!(owner.get(&path(&first)).ok()["status"], "superseded");
    let lines = owner.get(&format!("{}/lines", path(&next))).ok();
    assert_eq!(lines[0]["total"], next["total"], "{lines}");
    // the number means the one that holds
    let number = make::id(&first, "number");
    let put = owner.put(&format!("/v1/quotes/by/number/{number}"), json!({"terms": "new"})).ok();
    assert_eq!(put["id"], next["id"]);
    owner.post("/v1/quotes", json!({"number": number})).refused(409, "quote_number_taken");
    let found = owner.get(&format!("/v1/quotes?q={number}&sort=revision")).ok();
    assert_eq!(found["data"].as_array().unwrap().len(), 2, "{found}");
    owner.delete(&path(&next)).is(204);
    owner.act(&format!("{}/restore", path(&next))).ok();
}
