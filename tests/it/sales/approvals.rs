//! Who was asked for a yes to a quote, what they have said, and who is told of it.
use super::quotes::path;
use crate::platform::until;
use crate::support::{Client, Person, Town, Value, json, make};

/// A quote of somebody's that goes further than the tenant lets it.
fn dear(client: &Client, extra: Value) -> Value {
    make::quote(client, make::with(json!({"discount_rate": "0.2"}), extra))
}

fn submitted(client: &Client, quote: &Value) -> Value {
    let now = client.act(&format!("{}/submit", path(quote))).ok();
    assert_eq!(now["status"], "in_review");
    now
}

fn rounds(client: &Client, quote: &Value) -> Vec<Value> {
    client.get(&format!("{}/approvals", path(quote))).ok().as_array().unwrap().clone()
}

fn limited() -> Town {
    let town = Town::start();
    town.owner().patch("/v1/tenant", json!({"quote_approval_discount": "0.1"})).ok();
    town
}

#[test]
fn every_round_is_written_down_with_who_and_why() {
    let town = limited();
    let (owner, seller) = (town.owner(), town.client(Person::Rep));
    let (asker, judge) = (json!(town.user(Person::Rep)), json!(town.user(Person::Owner)));
    let quote = dear(&seller, json!({}));
    assert_eq!((&quote["approval_status"], rounds(&seller, &quote)), (&Value::Null, Vec::new()));
    let waits = submitted(&seller, &quote);
    assert_eq!((&waits["approval_status"], &waits["approval_requested_by"]), (&json!("pending"), &asker));
    assert_eq!((&waits["approval_decided_by"], waits["approval_requested_at"].is_string()), (&Value::Null, true));
    let reason = json!({"reason": "请先与财务确认"});
    let back = owner.post(&format!("{}/reject-approval", path(&quote)), &reason).ok();
    assert_eq!((&back["status"], &back["approval_status"]), (&json!("draft"), &json!("rejected")));
    assert_eq!((&back["approval_decided_by"], &back["approval_reason"]), (&judge, &reason["reason"]));
    // another round says nothing of the one before
    let again = submitted(&seller, &quote);
    assert_eq!((&again["approval_status"], &again["approval_reason"]), (&json!("pending"), &Value::Null));
    assert_eq!(again["approval_decided_at"], Value::Null);
    let yes = owner.act(&format!("{}/approve", path(&quote))).ok();
    assert_eq!((&yes["status"], &yes["approval_status"]), (&json!("approved"), &json!("approved")));
    let all = rounds(&seller, &quote);
    assert_eq!(all.iter().map(|one| &one["status"]).collect::<Vec<_>>(), ["rejected", "approved"]);
    assert_eq!((&all[0]["reason"], &all[1]["reason"]), (&reason["reason"], &Value::Null));
    assert!(all.iter().all(|one| one["requested_by"] == asker && one["decided_by"] == judge), "{all:?}");
    assert_eq!(
        (&all[1]["decided_at"], &all[1]["requested_at"]),
        (&yes["approval_decided_at"], &again["approval_requested_at"])
    );
    let whole = owner.get(&format!("{}?include=approvals", path(&quote))).ok();
    assert_eq!(whole["approvals"], json!(all));
    // who decides twice is told that it is decided
    owner.act(&format!("{}/approve", path(&quote))).refused(409, "quote_transition_refused");
    owner.post(&format!("{}/reject-approval", path(&quote)), json!({})).refused(409, "quote_transition_refused");
    assert_eq!(rounds(&seller, &quote).len(), 2);
}

#[test]
fn what_is_revised_first_is_withdrawn_and_what_may_go_has_no_round() {
    let town = limited();
    let owner = town.owner();
    let quote = dear(&owner, json!({}));
    submitted(&owner, &quote);
    let next = owner.act(&format!("{}/revise", path(&quote))).created();
    let old = owner.get(&path(&quote)).ok();
    assert_eq!((&old["status"], &old["approval_status"]), (&json!("superseded"), &json!("withdrawn")));
    assert_eq!(rounds(&owner, &quote)[0]["status"], "withdrawn");
    assert_eq!((&next["approval_status"], rounds(&owner, &next)), (&Value::Null, Vec::new()));
    let free = make::quote(&owner, json!({}));
    let free = owner.act(&format!("{}/submit", path(&free))).ok();
    assert_eq!((&free["status"], &free["approval_status"]), (&json!("approved"), &Value::Null));
    assert_eq!(rounds(&owner, &free), Vec::<Value>::new());
    // revised after it was decided, what was decided stays
    submitted(&owner, &next);
    owner.act(&format!("{}/approve", path(&next))).ok();
    owner.act(&format!("{}/revise", path(&next))).created();
    assert_eq!(rounds(&owner, &next)[0]["status"], "approved");
}

#[test]
fn what_waits_is_listed_for_those_who_see_it() {
    let town = limited();
    let (owner, seller) = (town.owner(), town.client(Person::Rep));
    let quotes = [dear(&seller, json!({})), dear(&owner, json!({}))];
    quotes.iter().for_each(|quote| drop(owner.act(&format!("{}/submit", path(quote))).ok()));
    owner.act(&format!("{}/approve", path(&quotes[1]))).ok();
    let waiting = owner.get("/v1/quote-approvals?status=pending&include=quote").ok();
    assert_eq!(waiting["data"].as_array().map(Vec::len), Some(1), "{waiting}");
    assert_eq!(waiting["data"][0]["quote"]["id"], quotes[0]["id"]);
    assert_eq!(owner.get("/v1/quote-approvals?sort=-requested_at").ids().len(), 2);
    let found = crate::support::encoded("approvals.exists(a, a.status == \"pending\")");
    assert_eq!(owner.get(&format!("/v1/quotes?filter={found}")).ids(), [make::id(&quotes[0], "id")]);
    assert_eq!(owner.get("/v1/quotes?approval_status=approved").ids(), [make::id(&quotes[1], "id")]);
    assert_eq!(seller.get("/v1/quote-approvals").ids().len(), 1);
    seller.get(&format!("{}/approvals", path(&quotes[1]))).refused(404, "not_found");
    let foreigner = town.client(Person::Foreigner);
    assert_eq!(foreigner.get("/v1/quote-approvals").ids(), Vec::<String>::new());
    foreigner.get(&format!("{}/approvals", path(&quotes[0]))).refused(404, "not_found");
    town.client(Person::Nobody).get("/v1/quote-approvals").refused(403, "forbidden");
}

fn news(client: &Client, kind: &str) -> Vec<Value> {
    client.get(&format!("/v1/me/notifications?kind={kind}")).ok()["data"].as_array().unwrap().clone()
}

#[test]
fn those_who_may_approve_are_asked_and_whoever_has_asked_is_told() {
    let town = limited();
    let [owner, admin, manager, seller, mate] =
        [Person::Owner, Person::Admin, Person::Manager, Person::Rep, Person::Mate].map(|one| town.client(one));
    // somebody who may, as far as their own go
    let narrow = make::holder(&town, &[("quote", "read", "all"), ("quote", "approve", "own")]);
    let quote = dear(&seller, json!({"team_id": town.team("north")}));
    submitted(&seller, &quote);
    for judge in [&owner, &admin, &manager] {
        until("asked", || news(judge, "approval_requested").len() == 1);
    }
    let asked = news(&manager, "approval_requested").remove(0);
    assert_eq!((&asked["record_id"], &asked["resource"]), (&quote["id"], &json!("quote")));
    assert_eq!(
        (&asked["actor_id"], &asked["event"]["data"]["approval_status"]),
        (&json!(town.user(Person::Rep)), &json!("pending"))
    );
    // of whom nobody asks anything: who may not, who may but not here, who has asked
    for other in [&narrow, &mate, &seller, &town.client(Person::Foreigner)] {
        assert_eq!(news(other, "approval_requested"), Vec::<Value>::new());
    }
    manager.post(&format!("{}/reject-approval", path(&quote)), json!({"reason": "too much"})).ok();
    until("told", || news(&seller, "approval_decided").len() == 1);
    let told = news(&seller, "approval_decided").remove(0);
    assert_eq!(
        (&told["actor_id"], &told["event"]["data"]["approval_reason"]),
        (&json!(town.user(Person::Manager)), &json!("too much"))
    );
    // each round anew; and the owner is told nothing of what they decide themselves
    submitted(&seller, &quote);
    until("asked again", || news(&admin, "approval_requested").len() == 2);
    owner.act(&format!("{}/approve", path(&quote))).ok();
    until("told again", || news(&seller, "approval_decided").len() == 2);
    let own = dear(&owner, json!({}));
    submitted(&owner, &own);
    until("the other is asked", || news(&admin, "approval_requested").len() == 3);
    assert_eq!(news(&owner, "approval_requested").len(), 2);
    owner.act(&format!("{}/approve", path(&own))).ok();
    until("sealed", || town.database.count("SELECT count(*) FROM quote_approvals WHERE status = 'approved'") == 2);
    assert_eq!(news(&owner, "approval_decided"), Vec::<Value>::new());
    assert_eq!(news(&manager, "approval_requested").len(), 2, "a quote of no team is not theirs to approve");
}

#[test]
fn of_two_who_decide_at_once_one_decides() {
    let town = Town::idle();
    let owner = town.owner();
    owner.patch("/v1/tenant", json!({"quote_approval_discount": "0.1"})).ok();
    for _ in 0..6 {
        let quote = dear(&owner, json!({}));
        submitted(&owner, &quote);
        let (yes, no) = std::thread::scope(|scope| {
            let yes = scope.spawn(|| town.owner().act(&format!("{}/approve", path(&quote))).status);
            let no = scope.spawn(|| {
                town.client(Person::Admin).post(&format!("{}/reject-approval", path(&quote)), json!({})).status
            });
            (yes.join().unwrap(), no.join().unwrap())
        });
        assert!([(200, 409), (409, 200)].contains(&(yes, no)), "{yes} {no}");
        let said = if yes == 200 { "approved" } else { "rejected" };
        let all = rounds(&owner, &quote);
        assert_eq!((all.len(), &all[0]["status"]), (1, &json!(said)));
        assert_eq!(owner.get(&path(&quote)).ok()["approval_status"], said);
    }
}
