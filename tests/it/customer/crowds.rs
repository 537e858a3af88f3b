//! Fifty who change one contact at once: on one version one of them does, without a version all do, one after the
//! other; and nothing that belongs to it is left behind.
use crate::sales::leads::crowds::at_once;
use crate::support::{Answer, Client, Town, Value, json, make};

/// A contact that belongs nowhere, its path, and accounts that it may belong to.
fn begun(owner: &Client) -> (String, Vec<Value>) {
    let contact = make::contact(owner, json!({"email": "ada@x.example"}));
    let accounts = (0..5).map(|_| make::account(owner, json!({}))["id"].clone()).collect();
    (format!("/v1/contacts/{}", make::id(&contact, "id")), accounts)
}

/// The accounts that it belongs to, and those of them that it belongs to first of all.
fn belongs(owner: &Client, path: &str) -> (Vec<Value>, Vec<Value>) {
    let all = owner.get(&format!("{path}/accounts")).ok().as_array().unwrap().clone();
    let accounts = |some: Vec<&Value>| some.into_iter().map(|one| one["account_id"].clone()).collect();
    let first = all.iter().filter(|one| one["is_primary"] == true).collect();
    (accounts(all.iter().collect()), accounts(first))
}

/// The versions that were told, in their order.
fn versions(town: &Town, path: &str) -> Vec<String> {
    let id = path.trim_start_matches("/v1/contacts/");
    town.database.column(&format!("SELECT version FROM event_log WHERE object_id = '{id}' ORDER BY version"))
}

#[test]
fn of_fifty_who_change_it_on_one_version_one_does() {
    let town = Town::start();
    let owner = town.owner();
    let (path, accounts) = begun(&owner);
    let body = |at: usize| json!({"job_title": format!("Job {at}"), "account_id": accounts[at % accounts.len()]});
    let all = at_once(&town, 50, |client, at| client.if_match(1).patch(&path, body(at)));
    let (first, late): (Vec<&Answer>, Vec<&Answer>) = all.iter().partition(|one| one.status == 200);
    assert_eq!(first.len(), 1, "{:?}", all.iter().map(|one| one.status).collect::<Vec<_>>());
    late.iter().for_each(|one| drop(one.refused(412, "stale")));
    let now = owner.get(&path).ok();
    assert_eq!((&first[0].ok(), &now["version"]), (&now, &json!(2)));
    let winner = all.iter().position(|one| one.status == 200).unwrap();
    assert_eq!([&now["job_title"], &now["account_id"]], [&body(winner)["job_title"], &body(winner)["account_id"]]);
    let account = vec![now["account_id"].clone()];
    assert_eq!(belongs(&owner, &path), (account.clone(), account), "of those who were late nothing is left");
    assert_eq!(versions(&town, &path), ["1", "2"]);
}

#[test]
fn fifty_changes_at_once_are_all_made_one_after_the_other() {
    let town = Town::start();
    let owner = town.owner();
    let (path, accounts) = begun(&owner);
    let body = |at: usize| json!({"job_title": format!("Job {at}"), "account_id": accounts[at % accounts.len()]});
    let answers = at_once(&town, 50, |client, at| client.patch(&path, body(at)));
    let all: Vec<Value> = answers.iter().map(Answer::ok).collect();
    let mut told: Vec<i64> = all.iter().map(|one| one["version"].as_i64().unwrap()).collect();
    told.sort_unstable();
    assert_eq!(told, (2..=51).collect::<Vec<_>>(), "each has a version of its own");
    for (at, one) in all.iter().enumerate() {
        let said = [&one["job_title"], &one["account_id"]];
        assert_eq!(said, [&body(at)["job_title"], &body(at)["account_id"]], "each is answered what they have made");
    }
    let now = owner.get(&path).ok();
    let last = all.iter().find(|one| one["version"] == 51).unwrap();
    assert_eq!(now, *last);
    let (theirs, first) = belongs(&owner, &path);
    assert_eq!((theirs.len(), first), (accounts.len(), vec![now["account_id"].clone()]));
    assert!(accounts.iter().all(|account| theirs.contains(account)), "{theirs:?}");
    let wanted: Vec<String> = (1..=51).map(|version| version.to_string()).collect();
    assert_eq!(versions(&town, &path), wanted);
}
