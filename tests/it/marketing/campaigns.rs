//! Campaigns, their tree, their way, and who is in them.
use crate::support::{Person, Town, json, make};
use std::thread;

#[test]
fn a_campaign_goes_its_way_and_no_other() {
    let town = Town::start();
    let owner = town.owner();
    let campaign = make::campaign(&owner, json!({"expected_revenue": {"amount": "99.00", "currency": "USD"}}));
    let place = format!("/v1/campaigns/{}", make::id(&campaign, "id"));
    let go = |status: &str| owner.post(&format!("{place}/transition"), json!({"status": status}));
    assert_eq!(campaign["status"], "planned");
    go("paused").refused(409, "campaign_transition_refused");
    assert_eq!(go("active").ok()["status"], "active");
    assert_eq!(go("active").ok()["version"], 2, "said twice, it is said once");
    owner.if_match(1).post(&format!("{place}/transition"), json!({"status": "paused"})).refused(412, "stale");
    go("paused").ok();
    go("active").ok();
    go("completed").ok();
    go("active").refused(409, "campaign_transition_refused");
    go("nowhere").refused(422, "invalid");
    owner.patch(&place, json!({"status": "active"})).refused(422, "invalid");
    let euros =
        json!({"budget": {"amount": "1.00", "currency": "EUR"}, "actual_cost": {"amount": "1.00", "currency": "EUR"}});
    let wrong = owner.patch(&place, euros).refused(422, "invalid");
    assert_eq!(wrong["errors"].as_array().unwrap().len(), 2, "{wrong}");
}

#[test]
fn no_campaign_stands_above_itself() {
    let town = Town::start();
    let owner = town.owner();
    let top = make::campaign(&owner, json!({}));
    let middle = make::campaign(&owner, json!({"parent_id": top["id"]}));
    let low = make::campaign(&owner, json!({"parent_id": middle["id"]}));
    let place = |one: &crate::support::Value| format!("/v1/campaigns/{}", make::id(one, "id"));
    owner.patch(&place(&top), json!({"parent_id": low["id"]})).refused(422, "campaign_own_parent");
    owner.patch(&place(&top), json!({"parent_id": top["id"]})).refused(422, "campaign_own_parent");
    owner.delete(&place(&middle)).refused(409, "in_use");
    // two who move at once make no circle
    let [one, other] = [make::campaign(&owner, json!({})), make::campaign(&owner, json!({}))];
    let moves = [(&one, &other), (&other, &one)];
    let done: Vec<u16> = thread::scope(|scope| {
        let all: Vec<_> = moves
            .iter()
            .map(|(low, high)| {
                let owner = &owner;
                scope.spawn(move || owner.patch(&place(low), json!({"parent_id": high["id"]})).status)
            })
            .collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(done.iter().filter(|status| **status == 200).count(), 1, "{done:?}");
}

#[test]
fn nobody_is_in_a_campaign_twice() {
    let town = Town::start();
    let owner = town.owner();
    let campaign = make::campaign(&owner, json!({}));
    let place = format!("/v1/campaigns/{}/members", make::id(&campaign, "id"));
    let (contact, lead) = (make::contact(&owner, json!({})), make::lead(&owner, json!({})));
    let member = owner.post(&place, json!({"contact_id": contact["id"]})).created();
    let taken = owner.post(&place, json!({"contact_id": contact["id"]})).refused(409, "campaign_member_taken");
    assert_eq!(taken["existing"][0]["id"], member["id"]);
    owner.post(&place, json!({"lead_id": lead["id"], "status": "responded"})).created();
    owner.post(&place, json!({"contact_id": contact["id"], "lead_id": lead["id"]})).refused(422, "invalid");
    owner.post(&place, json!({})).refused(422, "invalid");
    owner.post(&place, json!({"lead_id": make::id(&contact, "id")})).refused(422, "unknown_reference");
    let one = format!("/v1/campaign-members/{}", make::id(&member, "id"));
    let changed = owner.if_match(1).patch(&one, json!({"status": "responded"})).ok();
    assert!(changed["responded_at"].is_string());
    owner.delete(&one).is(204);
    owner.get(&one).refused(404, "not_found");
}

#[test]
fn a_representative_sees_the_campaigns_that_are_theirs() {
    let town = Town::start();
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    for at in 0..10 {
        let whose = if at < 3 { town.user(Person::Rep) } else { town.user(Person::Owner) };
        let campaign = make::campaign(&owner, json!({"owner_id": whose}));
        let place = format!("/v1/campaigns/{}/members", make::id(&campaign, "id"));
        owner.post(&place, json!({"contact_id": make::contact(&owner, json!({}))["id"]})).created();
    }
    assert_eq!(rep.get("/v1/campaigns").ids().len(), 3);
    assert_eq!(rep.get("/v1/campaign-members").ids().len(), 3);
    assert_eq!(owner.get("/v1/campaign-members").ids().len(), 10);
}
