//! Where those are who became one with another, what cannot be undone, and who may do any of it.
use super::{dump, merge, place, same};
use crate::customer::without;
use crate::support::{Client, Person, Town, Value, json, make};

fn undo(client: &Client, merged: &Value) -> crate::support::Answer {
    client.act(&format!("/v1/merges/{}/undo", make::id(merged, "merge_id")))
}

#[test]
fn the_id_of_a_loser_leads_to_the_last_winner() {
    let town = Town::idle();
    let owner = town.owner();
    let [one, two, three] = [1, 2, 3].map(|_| make::contact(&owner, json!({})));
    let first = merge(&owner, &two, &[&one], json!({})).ok();
    for path in ["", "/360", "/contact-points", "?include=account"] {
        let led = owner.get(&format!("{}{path}", place(&one)));
        assert_eq!(led.is(301), json!({"code": "merged", "merged_into": two["id"]}), "{path}");
        assert_eq!(led.header("location"), format!("{}{path}", place(&two)));
        owner.get(led.header("location")).ok();
    }
    merge(&owner, &three, &[&two], json!({})).ok();
    assert_eq!(owner.get(&place(&one)).is(301)["merged_into"], three["id"]);
    // nothing is done with it any more
    let again = owner.patch(&place(&one), json!({"job_title": "x"})).refused(409, "merged");
    assert_eq!(again["merged_into"], three["id"]);
    owner.delete(&place(&one)).refused(409, "merged");
    owner.delete(&format!("{}?purge=true", place(&one))).refused(409, "merged");
    owner.act(&format!("{}/restore", place(&one))).refused(409, "merged");
    merge(&owner, &three, &[&one], json!({})).refused(409, "merged");
    let order = owner.post("/v1/orders", json!({"currency": "USD", "contact_id": one["id"]}));
    assert_eq!(order.refused(409, "merged")["merged_into"], three["id"]);
    // the later merge is undone first
    assert_eq!(undo(&owner, &first).refused(409, "merged")["merged_into"], three["id"]);
    // whoever does not see the winner is told nothing
    let stranger = town.client(Person::Rep);
    stranger.get(&place(&one)).refused(404, "not_found");
    town.client(Person::Foreigner).get(&place(&one)).refused(404, "not_found");
    owner.delete(&place(&three)).is(204);
    owner.get(&place(&one)).refused(404, "not_found");
}

#[test]
fn what_has_come_later_stays_and_what_is_taken_is_named() {
    let town = Town::idle();
    let owner = town.owner();
    let one = make::contact(&owner, json!({"email": "one@x.example"}));
    let two = make::contact(&owner, json!({"email": "two@x.example", "job_title": "Buyer", "department": "A"}));
    make::order(&owner, json!({"contact_id": two["id"]}));
    let merged = merge(&owner, &one, &[&two], json!({})).ok();
    let later = make::order(&owner, json!({"contact_id": one["id"]}));
    owner.patch(&place(&one), json!({"job_title": "Head buyer"})).ok();
    let taker = make::contact(&owner, json!({"email": "two@x.example"}));
    let refused = undo(&owner, &merged).refused(409, "contact_email_taken");
    assert_eq!(refused["existing"][0]["id"], taker["id"]);
    owner.patch(&place(&taker), json!({"email": null})).ok();
    undo(&owner, &merged).ok();
    let now = owner.get(&place(&one)).ok();
    assert_eq!((&now["job_title"], &now["department"]), (&json!("Head buyer"), &Value::Null));
    assert_eq!(owner.get(&place(&two)).ok()["job_title"], "Buyer");
    let of = |contact: &Value| owner.get(&format!("/v1/orders?contact_id={}", make::id(contact, "id"))).ids();
    assert_eq!(of(&one), [make::id(&later, "id")]);
    assert_eq!(of(&two).len(), 1);
    // after its time
    let merged = merge(&owner, &one, &[&two], json!({})).ok();
    town.database.run("UPDATE merges SET undo_until = now() - interval '1 minute'");
    undo(&owner, &merged).refused(409, "merge_not_undoable");
    platform::merge::clear(&mut town.database.conn(), kernel::clock::now()).unwrap();
    assert_eq!(town.database.count("SELECT count(*) FROM merge_moves"), 0);
    let id = make::id(&merged, "merge_id");
    assert_eq!(owner.get(&format!("/v1/merges/{id}")).ok()["status"], "final");
    assert_eq!(owner.get("/v1/merges?status=undone").ids().len(), 1);
}

#[test]
fn whoever_merges_may_change_all_of_them() {
    let town = Town::idle();
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    let [mine, other] = [1, 2].map(|_| make::contact(&rep, json!({})));
    let seen = make::contact(&owner, json!({"team_id": town.team("north")}));
    let unseen = make::contact(&owner, json!({}));
    let before = dump(&town);
    merge(&rep, &mine, &[&seen], json!({})).refused(403, "forbidden");
    merge(&rep, &seen, &[&mine], json!({})).refused(403, "forbidden");
    merge(&rep, &unseen, &[&mine], json!({})).refused(404, "not_found");
    let answer = merge(&rep, &mine, &[&other, &unseen], json!({}));
    answer.refused(422, "unknown_reference");
    assert_eq!(answer.pointers(), ["/sources/1"]);
    merge(&town.client(Person::ReadOnly), &seen, &[&mine], json!({})).refused(403, "forbidden");
    merge(&town.client(Person::Foreigner), &mine, &[&other], json!({})).refused(404, "not_found");
    let twice = merge(
        &rep,
        &mine,
        &[&mine, &other, &other],
        json!({"field_choices": {"email": unseen["id"], "x": mine["id"]}}),
    );
    assert_eq!(twice.pointers(), ["/sources/0", "/sources/2"]);
    let wrong = merge(&rep, &mine, &[&other], json!({"field_choices": {"email": unseen["id"], "x": mine["id"]}}));
    assert_eq!(wrong.pointers(), ["/field_choices/email", "/field_choices/x"]);
    same(&before, &dump(&town));
    let merged = merge(&rep, &mine, &[&other], json!({})).ok();
    let id = make::id(&merged, "merge_id");
    for client in [town.client(Person::Stranger), town.client(Person::Foreigner)] {
        client.get(&format!("/v1/merges/{id}")).refused(404, "not_found");
        undo(&client, &merged).refused(404, "not_found");
    }
    let shown = owner.get(&format!("/v1/merges/{id}?include=owner")).ok();
    assert_eq!((&shown["winner_id"], &shown["owner"]["display_name"]), (&mine["id"], &json!("Rep")));
    undo(&rep, &merged).ok();
    same(&before, &dump(&town));
}

/// What somebody does not see is neither told nor filled in, and moves all the same.
#[test]
fn a_hidden_field_stays_as_it_is() {
    let town = Town::idle();
    let owner = town.owner();
    let one = make::contact(&owner, json!({}));
    let two = make::contact(&owner, json!({"phone": "+49301234567", "email": "two@x.example", "do_not_contact": true}));
    let blind = without(&town, &[("contact", "phone", "hidden"), ("contact", "email", "read")]);
    let chosen = merge(&blind, &one, &[&two], json!({"field_choices": {"phone": two["id"], "email": two["id"]}}));
    let errors = chosen.refused(422, "invalid")["errors"].clone();
    let codes: Vec<&Value> = errors.as_array().unwrap().iter().map(|error| &error["code"]).collect();
    assert_eq!(codes, ["read_only", "unknown_field"]);
    let merged = merge(&blind, &one, &[&two], json!({}));
    merged.ok();
    assert!(!merged.text().contains("+4930"), "{}", merged.text());
    let now = owner.get(&place(&one)).ok();
    assert_eq!((&now["phone"], &now["email"], &now["do_not_contact"]), (&Value::Null, &Value::Null, &json!(true)));
    assert_eq!(owner.get(&format!("{}/contact-points", place(&one))).ok().as_array().map(Vec::len), Some(2));
}

/// Events tell both: what is left, and what is gone.
#[test]
fn it_is_told() {
    let town = Town::start();
    let owner = town.owner();
    let [one, two] = [1, 2].map(|_| make::contact(&owner, json!({})));
    let order = make::order(&owner, json!({"contact_id": two["id"]}));
    merge(&owner, &one, &[&two], json!({})).ok();
    crate::support::seal(&town);
    let events = owner.get("/v1/events?limit=200").ok();
    let of = |kind: &str| {
        let all = events["data"].as_array().unwrap().iter().rev();
        all.clone().find(|event| event["type"] == kind).unwrap_or_else(|| panic!("no {kind}")).clone()
    };
    assert_eq!(of("contact.merged")["record_id"], one["id"]);
    assert_eq!(of("contact.deleted")["record_id"], two["id"]);
    assert_eq!(of("order.updated")["record_id"], order["id"]);
    let told = of("merge.created");
    assert_eq!((&told["data"]["winner_id"], &told["data"]["loser_ids"]), (&one["id"], &json!([two["id"]])));
}
