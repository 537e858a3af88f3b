//! What becomes of cases that wait when workers die, and when several give out at once.
use super::case_kills::until;
use super::cases::path;
use super::routing::{lying, served};
use crate::support::{Person, Town, Worker, json};

#[test]
fn a_case_whose_worker_dies_is_given_out_once() {
    let town = Town::idle();
    let owner = town.owner();
    let rule = served(&town, &[Person::Rep], 5, json!({}));
    let case = lying(&owner, &rule, json!({}));
    town.database.run("UPDATE agents SET status = 'online'");
    Worker::start(&town, "case_given").dies();
    assert_eq!(owner.get(&path(&case)).ok()["owner_id"], rule["queue_id"], "nothing is half done");
    assert_eq!(town.database.count("SELECT count(*) FROM case_assignments"), 0);
    let _workers = [Worker::start(&town, ""), Worker::start(&town, "")];
    let rep = json!(town.user(Person::Rep));
    until("it is given out", || owner.get(&path(&case)).ok()["owner_id"] == rep);
    assert_eq!(town.database.count("SELECT count(*) FROM case_assignments"), 1);
    assert_eq!(town.database.count("SELECT count(*) FROM audit_log WHERE action = 'case.assigned'"), 1);
}

#[test]
fn of_two_who_give_out_at_once_nobody_gives_too_much() {
    let town = Town::idle();
    let owner = town.owner();
    let rule = served(&town, &[Person::Rep, Person::Mate], 3, json!({"strategy": "least_load"}));
    (0..20).for_each(|_| drop(lying(&owner, &rule, json!({}))));
    town.database.run("UPDATE agents SET status = 'online'");
    std::thread::scope(|scope| {
        let one = || ::service::routing::watch(&mut town.database.conn()).unwrap();
        (0..4).for_each(|_| drop(scope.spawn(one)));
    });
    for person in [Person::Rep, Person::Mate] {
        let has = format!("SELECT count(*) FROM cases WHERE owner_id = '{}'", town.user(person));
        assert_eq!(town.database.count(&has), 3);
    }
    assert_eq!(town.database.count("SELECT count(*) FROM case_assignments"), 6);
    assert_eq!(town.database.count("SELECT count(*) FROM case_turns WHERE user_id IS NULL"), 14);
}
