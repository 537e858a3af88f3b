//! Somebody who is an account becomes one with somebody else: contacts and accounts in one merge, by whichever door.
use super::every::at;
use super::{dump, orphans, same};
use crate::customer::people::OTHERWISE;
use crate::support::{Answer, Client, Town, Value, encoded, json, make};

fn merge(client: &Client, noun: &str, winner: &Value, loser: &Value, extra: Value) -> Answer {
    client.post(&format!("{}/merge", at(noun, winner)), make::with(json!({"sources": [loser["id"]]}), extra))
}

/// Two of them, with what both of each have.
fn two(owner: &Client) -> [Value; 2] {
    ["one", "two"].map(|word| {
        let account = make::person(owner, json!({"email": format!("{word}@x.example"), "job_title": word}));
        let rated = json!({"name": format!("Is {word}"), "description": word, "account_type": (word == "two").then_some("b2c")});
        owner.patch(&at("account", &account), rated).ok();
        make::order(owner, json!({"account_id": account["id"], "contact_id": account["person_id"]}));
        if word == "two" {
            owner.patch(&at("account", &account), json!({"lifecycle_stage": "evangelist"})).ok();
        }
        make::address(owner, "accounts", &account, json!({"label": word, "is_primary": true}));
        make::address(owner, "contacts", &theirs(&account), json!({"label": word, "is_primary": true}));
        let tag = make::id(&make::tag(owner, json!({})), "id");
        for (noun, id) in [("account", &account["id"]), ("contact", &account["person_id"])] {
            owner.post(&format!("/v1/tags/{tag}/assign"), json!({"resource": noun, "ids": [id]})).ok();
        }
        owner.get(&at("account", &account)).ok()
    })
}

/// The contact, as far as its id is enough.
fn theirs(account: &Value) -> Value {
    json!({"id": account["person_id"]})
}

#[test]
fn both_become_one_by_either_door_and_are_parted_again() {
    let town = Town::idle();
    let owner = town.owner();
    let [one, two] = two(&owner);
    let before = dump(&town);
    for noun in ["account", "contact"] {
        let of = |account: &Value| if noun == "account" { account.clone() } else { theirs(account) };
        let (winner, loser) = (of(&one), of(&two));
        let choices = json!({"field_choices": {"email": loser["id"], "lifecycle_stage": loser["id"]}});
        let dry = merge(&owner, noun, &winner, &loser, make::with(choices.clone(), json!({"dry_run": true}))).ok();
        same(&before, &dump(&town));
        let merged = merge(&owner, noun, &winner, &loser, choices).ok();
        assert_eq!((&dry["fields"], &dry["moved"]), (&merged["fields"], &merged["moved"]), "{noun}");
        assert_eq!(orphans(&town), Vec::<String>::new());
        assert_eq!(town.database.count(OTHERWISE), 0, "{noun}");
        let account = owner.get(&at("account", &one)).ok();
        assert_eq!((&account["email"], &account["name"]), (&json!("two@x.example"), &json!("Is one")), "{noun}");
        assert_eq!((&account["account_type"], &account["description"]), (&json!("b2c"), &json!("one")), "{noun}");
        assert_eq!(account["person_id"], one["person_id"]);
        assert_eq!(account["lifecycle_stage"], "evangelist");
        // each with the steps of both, and the one that the choice is
        for whole in [at("account", &one), at("contact", &theirs(&one))] {
            assert_eq!(owner.walk(&format!("{whole}/lifecycle")).len(), 2 + 3 + 1, "{whole}");
        }
        assert_eq!(owner.get(&at("account", &two)).is(301)["merged_into"], one["id"]);
        assert_eq!(owner.get(&at("contact", &theirs(&two))).is(301)["merged_into"], one["person_id"]);
        for (column, id) in [("account_id", &one["id"]), ("contact_id", &one["person_id"])] {
            let filter = encoded(&format!("{column} == {id}"));
            assert_eq!(owner.get(&format!("/v1/orders?filter={filter}")).ids().len(), 2, "{noun} {column}");
        }
        assert_eq!(town.database.count("SELECT count(*) FROM merges WHERE status = 'done'"), 1, "one merge for both");
        let told = |kind: &str| {
            let theirs = format!("SELECT count(*) FROM event_log WHERE name = '{kind}.merged'");
            town.database.count(&theirs)
        };
        assert!(told("account") > 0 && told("contact") > 0);
        owner.act(&format!("/v1/merges/{}/undo", make::id(&merged, "merge_id"))).ok();
        same(&before, &dump(&town));
    }
}

/// The account goes along with whose it is.
#[test]
fn the_account_of_one_is_the_account_of_who_is_left() {
    let town = Town::idle();
    let owner = town.owner();
    let account = make::person(&owner, json!({"email": "one@x.example", "lifecycle_stage": "evangelist"}));
    let other = make::contact(&owner, json!({"email": "two@x.example", "phone": "+49 30 123456"}));
    // what it is found by is then what a change makes of it
    owner.patch(&at("contact", &other), json!({"display_name": "Who is left"})).ok();
    let before = dump(&town);
    let merged = merge(&owner, "contact", &other, &theirs(&account), json!({})).ok();
    let now = owner.get(&at("account", &account)).ok();
    assert_eq!((&now["person_id"], &now["name"]), (&other["id"], &json!("Who is left")));
    assert_eq!(now["email"], "two@x.example");
    assert_eq!((&now["phone_text"], &now["lifecycle_stage"]), (&json!("+49 30 123456"), &json!("lead")));
    assert_eq!(orphans(&town), Vec::<String>::new());
    owner.act(&format!("/v1/merges/{}/undo", make::id(&merged, "merge_id"))).ok();
    same(&before, &dump(&town));
    // the other way round it stays where it is
    merge(&owner, "contact", &theirs(&account), &other, json!({})).ok();
    assert_eq!(owner.get(&at("account", &account)).ok()["person_id"], account["person_id"]);
    assert_eq!(town.database.count(OTHERWISE), 0);
}

#[test]
fn people_and_organisations_do_not_become_one() {
    let town = Town::idle();
    let owner = town.owner();
    let (person, firm) = (make::person(&owner, json!({})), make::account(&owner, json!({})));
    let before = dump(&town);
    merge(&owner, "account", &person, &firm, json!({})).refused(409, "account_kinds_differ");
    merge(&owner, "account", &firm, &person, json!({})).refused(409, "account_kinds_differ");
    let other = make::person(&owner, json!({}));
    // whose it is, is nothing to choose
    for field in ["person_id", "is_person"] {
        let mut choice = json!({});
        choice[field] = other["id"].clone();
        let refused = merge(&owner, "account", &person, &other, json!({"field_choices": choice}));
        assert_eq!(refused.pointers(), [format!("/field_choices/{field}")]);
    }
    let merged = merge(&owner, "account", &person, &other, json!({"dry_run": true})).ok();
    assert!(!merged["conflicts"].to_string().contains("person_id"), "{merged}");
    owner.delete(&format!("{}?purge=true", at("account", &other))).is(204);
    same(&before, &dump(&town));
    // one that was archived alone stands in the way of being two
    let [one, two] = [1, 2].map(|_| make::person(&owner, json!({})));
    town.database
        .run(&format!("UPDATE accounts SET deleted_at = now() WHERE id = {}", two["id"].to_string().replace('"', "'")));
    let refused =
        merge(&owner, "contact", &theirs(&one), &theirs(&two), json!({})).refused(409, "account_person_taken");
    assert_eq!(refused["existing"][0]["id"], two["id"]);
}

#[test]
fn whoever_merges_one_may_merge_both() {
    let town = Town::idle();
    let owner = town.owner();
    let [one, two] = two(&owner);
    let verbs = ["read", "update", "delete", "merge"];
    let holder = |contact: &[&str], account: &[&str]| {
        let of = |noun: &'static str, verbs: &[&str]| {
            verbs.iter().map(|verb| (noun, (*verb).to_owned(), "all")).collect::<Vec<_>>()
        };
        let rights = [of("contact", contact), of("account", account)].concat();
        let rights: Vec<(&str, &str, &str)> =
            rights.iter().map(|(noun, verb, reach)| (*noun, verb.as_str(), *reach)).collect();
        make::holder(&town, &rights)
    };
    let before = dump(&town);
    let (contacts, accounts) = (holder(&verbs, &["read", "update"]), holder(&["read", "update"], &verbs));
    merge(&contacts, "contact", &theirs(&one), &theirs(&two), json!({})).refused(403, "forbidden");
    merge(&accounts, "account", &one, &two, json!({})).refused(403, "forbidden");
    let blind = holder(&[], &verbs);
    merge(&blind, "account", &one, &two, json!({})).refused(403, "forbidden");
    let after = dump(&town);
    for table in ["accounts", "contacts", "orders", "taggings"] {
        assert_eq!(before[table], after[table], "{table}");
    }
    let both = holder(&verbs, &verbs);
    merge(&both, "contact", &theirs(&one), &theirs(&two), json!({})).ok();
    assert_eq!(owner.get(&at("account", &two)).is(301)["merged_into"], one["id"]);
}

/// Many who merge the same people by both doors, and change them meanwhile, leave one story.
#[test]
fn merging_by_both_doors_at_once_leaves_nobody_behind() {
    let town = Town::start();
    let owner = town.owner();
    let all: Vec<Value> = (0..8).map(|n| make::person(&owner, json!({"email": format!("p{n}@x.example")}))).collect();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let one = |n: usize| {
            let (client, all) = (town.owner(), &all);
            scope.spawn(move || {
                let deed = |k: usize| {
                    let (one, other) = (&all[(n * 3 + k) % all.len()], &all[(n + k * 5 + 1) % all.len()]);
                    match (n + k) % 4 {
                        0 => merge(&client, "account", one, other, json!({})),
                        1 => merge(&client, "contact", &theirs(one), &theirs(other), json!({})),
                        2 => client.patch(&at("account", one), json!({"name": format!("Ada {n} {k}")})),
                        _ => {
                            client.patch(&at("contact", &theirs(one)), json!({"phone": format!("+49301{n:03}{k:03}")}))
                        }
                    }
                };
                (0..4).map(|k| deed(k).status).collect::<Vec<u16>>()
            })
        };
        let threads: Vec<_> = (0..24).map(one).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let odd: Vec<&u16> = statuses.iter().filter(|status| ![200, 301, 404, 409, 422].contains(*status)).collect();
    assert!(odd.is_empty(), "{odd:?} of {}", statuses.len());
    assert_eq!(town.database.count(OTHERWISE), 0);
    assert!(town.database.count("SELECT count(*) FROM merges WHERE other_winner_id IS NOT NULL") > 0);
    let halves = "SELECT count(*) FROM accounts a JOIN contacts c ON c.id = a.person_id
        WHERE (a.deleted_at IS NULL) <> (c.deleted_at IS NULL) OR (a.merged_into_id IS NULL) <> (c.merged_into_id IS NULL)";
    assert_eq!(town.database.count(halves), 0, "one of both was left behind");
}
