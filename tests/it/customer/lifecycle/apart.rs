//! Whom nothing moves on, whose steps become one history and are parted again, and who comes first of many.
use super::{both, place, stage, step, steps};
use crate::customer::merges::{dump, same};
use crate::privacy::begun;
use crate::support::{Town, json, make};

#[test]
fn whose_processing_is_restricted_stays_where_they_are() {
    let town = Town::start();
    let owner = town.owner();
    let [(_, account), (_, contact)] = both(&owner);
    let request = begun(&owner, "restriction", "contact", &make::id(&contact, "id"));
    owner.act(&format!("/v1/privacy-requests/{request}/complete")).ok();
    make::order(&owner, json!({"account_id": account["id"], "contact_id": contact["id"]}));
    assert_eq!(stage(&owner, &place("contact", &contact)), "lead");
    assert_eq!(stage(&owner, &place("account", &account)), "customer");
}

#[test]
fn a_union_has_the_steps_of_all_and_gives_them_back() {
    let town = Town::idle();
    let owner = town.owner();
    for noun in ["account", "contact"] {
        let [(_, winner), (_, loser)] = [(); 2].map(|()| {
            let [account, contact] = both(&owner);
            if noun == "account" { account } else { contact }
        });
        owner.patch(&place(noun, &loser), json!({"lifecycle_stage": "evangelist"})).ok();
        let before = dump(&town);
        let merged = owner.post(&format!("{}/merge", place(noun, &winner)), json!({"sources": [loser["id"]]})).ok();
        assert_eq!(steps(&owner, &place(noun, &winner)).len(), 3, "{noun}");
        owner.act(&format!("/v1/merges/{}/undo", make::id(&merged, "merge_id"))).ok();
        same(&before, &dump(&town));
        // and what was chosen of them is a step, until they are parted
        let chosen = json!({"sources": [loser["id"]], "field_choices": {"lifecycle_stage": loser["id"]}});
        let merged = owner.post(&format!("{}/merge", place(noun, &winner)), chosen).ok();
        assert_eq!(steps(&owner, &place(noun, &winner)).len(), 4, "{noun}");
        owner.act(&format!("/v1/merges/{}/undo", make::id(&merged, "merge_id"))).ok();
        same(&before, &dump(&town));
    }
}

/// Many place orders of one customer while others change them: nobody fails, and each step goes on from the one before.
#[test]
fn of_many_orders_at_once_one_makes_the_customer() {
    let town = Town::idle();
    let owner = town.owner();
    let [(_, account), (_, contact)] = both(&owner);
    let whose = json!({"account_id": account["id"], "contact_id": contact["id"]});
    std::thread::scope(|scope| {
        for at in 0..24 {
            let (owner, whose, contact, account) = (town.owner(), whose.clone(), &contact, &account);
            scope.spawn(move || match at % 3 {
                0 => drop(owner.patch(&place("contact", contact), json!({"job_title": format!("{at}")})).ok()),
                1 => drop(
                    owner.patch(&place("account", account), json!({"website": format!("https://x{at}.example")})).ok(),
                ),
                _ => drop(make::order(&owner, whose)),
            });
        }
    });
    for (noun, record) in [("account", &account), ("contact", &contact)] {
        let wanted = [step("-", "lead", "created"), step("lead", "customer", "order_placed")];
        assert_eq!(steps(&owner, &place(noun, record)), wanted, "{noun}");
    }
    // and of those who say otherwise, each says it of what the other has left
    std::thread::scope(|scope| {
        for stage in ["lead", "churned", "lead", "opportunity", "evangelist", "churned"] {
            let owner = town.owner();
            let path = place("contact", &contact);
            scope.spawn(move || owner.patch(&path, json!({"lifecycle_stage": stage})).ok());
        }
    });
    let all = steps(&owner, &place("contact", &contact));
    let mut from: Vec<&str> = all[1..].iter().map(|(from, ..)| from.as_str()).collect();
    let mut to: Vec<&str> = all.iter().map(|(_, to, _)| to.as_str()).collect();
    let last = stage(&owner, &place("contact", &contact));
    // as a chain, each stage is left as often as it was come to, but for the last
    let end = to.iter().rposition(|one| *one == last).expect("the last is among them");
    to.remove(end);
    from.sort_unstable();
    to.sort_unstable();
    assert_eq!(from, to, "{all:?}");
}
