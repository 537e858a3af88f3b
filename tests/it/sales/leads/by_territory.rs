//! Leads are given to the members of the territories that they are in, in turn; and it is told why.
use super::place;
use super::pools::pool;
use super::territories::{named, path, rule, tree};
use crate::customer::without;
use crate::support::{Answer, Client, Person, Town, Value, json, make};
use std::collections::BTreeMap;

/// The deepest that has somebody free gives it out, and it is told what each said.
#[test]
fn a_lead_goes_to_those_who_look_after_its_territory() {
    let town = Town::start();
    let owner = town.owner();
    let [china, east, world] = tree(&owner);
    let [rep, mate, stranger] = [Person::Rep, Person::Mate, Person::Stranger].map(|one| json!(town.user(one)));
    let both = json!([{"user_id": rep, "capacity": 1}, {"user_id": mate, "capacity": 1}]);
    owner.patch(&path(&east), json!({"members": both})).ok();
    owner.patch(&path(&china), json!({"members": [{"team_id": town.team("south")}]})).ok();
    let rule = rule(&owner, json!({"position": 1, "response_minutes": 30}));
    let rest = make::assignment_rule(&owner, json!({"position": 2}));
    let shanghai = || make::lead(&owner, json!({"country": "CN", "region": "上海市"}));
    let all: Vec<Value> = (0..3).map(|_| shanghai()).collect();
    let owners: Vec<&Value> = all.iter().map(|lead| &lead["owner_id"]).collect();
    assert_eq!(owners, [&rep, &mate, &stranger], "in turn, and by the one above where all are full");
    assert_eq!((&all[0]["response_status"], &all[0]["team_id"]), (&json!("pending"), &json!(null)));
    assert_eq!(all[2]["team_id"], town.team("south"), "by which they look after it");
    let told = owner.get(&format!("{}/assignment", place(&all[2]))).ok()["last"].clone();
    assert_eq!((&told["rule_id"], &told["territory_id"]), (&rule["id"], &china["id"]));
    let said: Vec<_> = told["rules"].as_array().unwrap().iter().map(|one| &one["outcome"]).collect();
    assert_eq!(said, [&json!("chosen"), &json!("not_reached")]);
    let territories = &told["rules"][0]["territories"];
    assert_eq!(named(territories, "name"), ["East", "China", "World"]);
    assert_eq!(named(territories, "outcome"), ["full", "chosen", "not_reached"]);
    assert_eq!(named(&territories[0]["members"], "outcome"), ["full", "full"]);
    assert_eq!((&territories[1]["members"][0]["user_id"], &told["rules"][0]["members"]), (&stranger, &json!([])));
    // where nobody looks after it, another rule gives it out
    let elsewhere = make::lead(&owner, json!({"country": "DE"}));
    let now = owner.get(&format!("{}/assignment", place(&elsewhere))).ok()["now"].clone();
    assert_eq!((&now["rule_id"], &now["territory_id"]), (&rest["id"], &json!(null)));
    assert_eq!(named(&now["rules"][0]["territories"], "outcome"), ["empty"]);
    owner.delete(&path(&world)).is(204);
    let now = owner.get(&format!("{}/assignment", place(&elsewhere))).ok()["now"].clone();
    assert_eq!(named(&now["rules"], "outcome"), ["no_territory", "chosen"]);
}

#[test]
fn a_rule_may_be_of_one_territory_and_those_below_it() {
    let town = Town::start();
    let owner = town.owner();
    let [china, east, world] = tree(&owner);
    let member = |person: Person| json!({"members": [{"user_id": town.user(person)}]});
    owner.patch(&path(&world), member(Person::Stranger)).ok();
    owner.patch(&path(&east), member(Person::Mate)).ok();
    let lead = |region: &str| make::lead(&owner, json!({"country": "CN", "region": region}));
    let waiting = [lead("上海市"), lead("四川省")];
    let rule = rule(&owner, json!({"territory_id": china["id"], "team_id": town.team("sales")}));
    let dry = json!({"ids": [waiting[0]["id"], waiting[1]["id"]], "dry_run": true});
    let tried = owner.post("/v1/leads/assign", dry).ok();
    let owners: Vec<&Value> = tried["results"].as_array().unwrap().iter().map(|one| &one["owner_id"]).collect();
    assert_eq!(owners, [&json!(town.user(Person::Mate)), &json!(null)], "the rest of the world is none of its");
    assert_eq!(tried["results"][0]["territory_id"], east["id"]);
    assert_eq!(named(&tried["results"][1]["rules"][0]["territories"], "outcome"), ["empty"]);
    assert_eq!(owner.get(&place(&waiting[0])).ok()["owner_id"], waiting[0]["owner_id"], "nothing is done by trying");
    let all = json!({"ids": [waiting[0]["id"], waiting[1]["id"]]});
    assert_eq!(owner.post("/v1/leads/assign", all).ok()["results"], tried["results"]);
    let given = owner.get(&place(&waiting[0])).ok();
    assert_eq!(given["team_id"], town.team("sales"), "the rule says of which team it is");
    // of all of them again
    owner.patch(&format!("/v1/assignment-rules/{}", make::id(&rule, "id")), json!({"territory_id": null})).ok();
    assert_eq!(lead("四川省")["owner_id"], town.user(Person::Stranger));
    // archived, it has nobody for the rule
    owner.delete(&path(&east)).is(204);
    assert_eq!(lead("上海市")["owner_id"], town.user(Person::Stranger));
}

/// A team is its people as they are then; a queue of a pool is the pool.
#[test]
fn teams_and_queues_look_after_territories() {
    let town = Town::start();
    let owner = town.owner();
    let north = town.team("north");
    let team = json!([{"team_id": north, "capacity": 1}, {"user_id": town.user(Person::Rep), "capacity": 9}]);
    let territory = make::territory(&owner, json!({"members": team}));
    rule(&owner, json!({}));
    let give = || make::lead(&owner, json!({}));
    let two: Vec<Value> = (0..2).map(|_| give()["owner_id"].clone()).collect();
    let mut people = [Person::Rep, Person::Mate].map(|one| json!(town.user(one)));
    people.sort_by_key(Value::to_string);
    let mut theirs = two.clone();
    theirs.sort_by_key(Value::to_string);
    assert_eq!(theirs, people, "whoever is met twice has room as they are met first");
    let me = json!(town.user(Person::Owner));
    assert_eq!(give()["owner_id"], me, "both are full");
    owner.put(&format!("/v1/teams/{north}/members/{}", town.user(Person::Stranger)), json!({})).ok();
    let came = give();
    assert_eq!((&came["owner_id"], &came["team_id"]), (&json!(town.user(Person::Stranger)), &json!(north)));
    let pool = pool(&town, &[Person::Rep], json!({}));
    owner.patch(&path(&territory), json!({"members": [{"user_id": pool["queue_id"]}]})).ok();
    assert_eq!(give()["pool_id"], pool["id"]);
    owner.patch(&path(&territory), json!({"members": [{"user_id": town.user(Person::Mate)}]})).ok();
    owner.patch(&format!("/v1/users/{}", town.user(Person::Mate)), json!({"is_active": false})).ok();
    let left = give();
    assert_eq!(left["owner_id"], me, "who is gone gets nothing");
    let now = owner.get(&format!("{}/assignment", place(&left))).ok()["now"].clone();
    assert_eq!(named(&now["rules"][0]["territories"][0]["members"], "outcome"), ["gone"]);
}

#[test]
fn the_turns_of_a_territory_are_fair_for_many_at_once() {
    let town = Town::start();
    let owner = town.owner();
    let people = [Person::Rep, Person::Mate, Person::Stranger].map(|one| town.user(one));
    let members: Vec<Value> = people.iter().map(|id| json!({"user_id": id, "capacity": 8})).collect();
    make::territory(&owner, json!({"filter": "country == \"CN\"", "members": members}));
    rule(&owner, json!({}));
    let all: Vec<Answer> = std::thread::scope(|scope| {
        let one = |at: usize| {
            let client = town.owner();
            let lead = json!({"display_name": format!("Lead {at}"), "country": "CN"});
            scope.spawn(move || client.post("/v1/leads", lead))
        };
        let all: Vec<_> = (0..25).map(one).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    all.iter().for_each(|one| *counts.entry(make::id(&one.created(), "owner_id")).or_default() += 1);
    let theirs: Vec<usize> = people.iter().map(|id| counts[id]).collect();
    assert_eq!((theirs, counts.len()), (vec![8, 8, 8], 4), "one is left with whoever made it");
}

/// Somebody is among those of two territories, and has one capacity.
#[test]
fn nobody_gets_more_than_they_can_have_by_two_territories() {
    let town = Town::start();
    let owner = town.owner();
    let members = json!([{"user_id": town.user(Person::Rep), "capacity": 3}]);
    for country in ["CN", "DE"] {
        make::territory(&owner, json!({"filter": format!("country == \"{country}\""), "members": members}));
    }
    rule(&owner, json!({}));
    std::thread::scope(|scope| {
        for at in 0..24 {
            let client = town.owner();
            let country = if at % 2 == 0 { "CN" } else { "DE" };
            let lead = json!({"display_name": format!("Lead {at}"), "country": country});
            scope.spawn(move || client.post("/v1/leads", lead).created());
        }
    });
    let theirs = format!("SELECT count(*) FROM leads WHERE owner_id = '{}'", town.user(Person::Rep));
    assert_eq!(town.database.count(&theirs), 3);
}

#[test]
fn territories_are_told_to_who_may_read_them() {
    let town = Town::start();
    let owner = town.owner();
    make::territory(&owner, json!({"name": "Sichuan", "members": [{"user_id": town.user(Person::Rep)}]}));
    rule(&owner, json!({}));
    let path = format!("{}/assignment", place(&make::lead(&owner, json!({}))));
    let rights = [("lead", "read", "all"), ("assignment_rule", "read", "all"), ("territory", "read", "all")];
    let told = |client: &Client| client.get(&path).ok()["last"]["rules"][0].clone();
    let all = told(&make::holder(&town, &rights));
    assert_eq!(named(&all["territories"], "name"), ["Sichuan"]);
    let some = told(&make::holder(&town, &rights[..2]));
    assert_eq!((&some["outcome"], &some["territories"]), (&json!("chosen"), &json!([])));
    let blind = without(&town, &[("territory", "name", "hidden")]);
    assert!(!blind.get(&path).text().contains("Sichuan"));
}
