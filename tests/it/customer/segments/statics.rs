//! Static segments: who is in one was put there.
use super::{dynamic, fixed, follow, members, path, set, told};
use crate::support::{Person, Town, Value, json, make, nobodys_id};

#[test]
fn records_are_put_in_and_taken_out() {
    let town = Town::idle();
    let owner = town.owner();
    let [a, b, c] = [true, true, false].map(|one| make::contact(&owner, json!({"do_not_contact": one})));
    let segment = fixed(&owner, "contact");
    let place = format!("{}/members", path(&segment));
    let ids = |op: &str, all: &[&Value]| json!({"op": op, "ids": all.iter().map(|one| &one["id"]).collect::<Vec<_>>()});
    assert_eq!(owner.post(&place, ids("add", &[&a, &a])).ok()["changed_count"], 1);
    assert_eq!(owner.post(&place, ids("add", &[&a, &c])).ok()["changed_count"], 1);
    let by = |op: &str| json!({"op": op, "filter": "do_not_contact"});
    assert_eq!(owner.post(&place, by("add")).ok(), json!({"changed_count": 1, "has_more": false}));
    assert_eq!(members(&owner, &segment), set(&[&a, &b, &c]));
    assert_eq!(owner.post(&place, by("remove")).ok()["changed_count"], 2);
    assert_eq!(owner.post(&place, ids("remove", &[&a])).ok()["changed_count"], 0);
    assert_eq!(members(&owner, &segment), set(&[&c]));
    assert_eq!(owner.post(&place, ids("add", &[&a])).ok()["changed_count"], 1, "who has left comes back");
    follow(&town);
    assert_eq!(members(&owner, &segment), set(&[&a, &c]));
    assert_eq!(told(&owner).len(), 6);
    let history = town.database.count("SELECT count(*) FROM segment_members WHERE version = 3");
    assert_eq!(history, 1, "in, out, and in again");
    let answer = owner.post(&place, json!({"op": "add", "ids": [b["id"], nobodys_id()]}));
    answer.refused(422, "unknown_reference");
    assert_eq!(answer.pointers(), ["/ids/1"]);
    owner.post(&place, json!({"op": "add"})).refused(422, "invalid");
    owner.post(&place, json!({"op": "put", "ids": [b["id"]]})).refused(422, "invalid");
    owner.post(&place, json!({"op": "add", "filter": "x"})).refused(400, "filter_unknown_field");
    let other = dynamic(&owner, "contact", "do_not_contact");
    owner.post(&format!("{}/members", path(&other)), ids("add", &[&a])).refused(409, "segment_not_static");
}

#[test]
fn who_may_change_the_segment_puts_in_what_they_see() {
    let town = Town::idle();
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    let segment = fixed(&rep, "contact");
    let (own, unseen) = (make::contact(&rep, json!({})), make::contact(&owner, json!({})));
    let place = format!("{}/members", path(&segment));
    rep.post(&place, json!({"op": "add", "ids": [own["id"]]})).ok();
    rep.post(&place, json!({"op": "add", "ids": [unseen["id"]]})).refused(422, "unknown_reference");
    owner.post(&place, json!({"op": "add", "ids": [unseen["id"]]})).ok();
    assert_eq!(members(&rep, &segment), set(&[&own]), "each sees what they see");
    assert_eq!(rep.get(&format!("{}/state", path(&segment))).ok()["count"], 1);
    assert_eq!(members(&owner, &segment), set(&[&own, &unseen]));
    assert_eq!(rep.post(&place, json!({"op": "add", "filter": "1 == 1"})).ok()["changed_count"], 0);
    town.client(Person::ReadOnly).post(&place, json!({"op": "add", "ids": [own["id"]]})).refused(403, "forbidden");
    town.client(Person::Stranger).post(&place, json!({"op": "add", "ids": [own["id"]]})).refused(404, "not_found");
    town.client(Person::Foreigner).get(&place).refused(404, "not_found");
}

#[test]
fn many_who_put_in_the_same_put_it_in_once() {
    let town = Town::idle();
    let owner = town.owner();
    let all: Vec<Value> = (0..20).map(|_| make::contact(&owner, json!({}))).collect();
    let ids: Vec<&Value> = all.iter().map(|one| &one["id"]).collect();
    let segment = fixed(&owner, "contact");
    let place = format!("{}/members", path(&segment));
    let counts: Vec<i64> = std::thread::scope(|scope| {
        let one =
            || scope.spawn(|| owner.post(&place, json!({"op": "add", "ids": ids})).ok()["changed_count"].as_i64());
        let eight: Vec<_> = (0..8).map(|_| one()).collect();
        eight.into_iter().map(|one| one.join().unwrap().unwrap()).collect()
    });
    assert_eq!(counts.iter().sum::<i64>(), 20);
    follow(&town);
    assert_eq!(told(&owner).len(), 20);
}
