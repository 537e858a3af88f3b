//! Customers who change between runs are sorted by what the last run has found, and what people say stands.
use super::{bought, called, classes, comes, customer, run, ten};
use crate::support::{Town, json, make};

#[test]
fn who_buys_is_sorted_anew_and_the_others_stay() {
    let town = Town::start();
    let owner = town.owner();
    let all = ten(&owner);
    let rfm = make::segmentation(&owner, json!({"key": "rfm", "currency": "USD"}));
    run(&owner, &rfm, json!({}));
    let last = all.last().unwrap();
    let before = classes(&owner, last)[0].1.clone();
    assert_ne!(before, "champion");
    (0..9).for_each(|_| bought(&owner, last, 0, "900.00"));
    comes(|| classes(&owner, last)[0].1 == "champion");
    assert_eq!(called(&owner, last), ["rfm:champion"]);
    let was = town.database.count(&format!(
        "SELECT count(*) FROM classifications WHERE account_id = '{last}' AND class = '{before}' AND valid_until_at IS NOT NULL"
    ));
    assert!(was >= 1, "what they were is kept");
    let others = format!("SELECT count(*) FROM classifications WHERE account_id <> '{last}'");
    assert_eq!(town.database.count(&others), 9);
}

#[test]
fn what_people_say_beats_what_runs_say() {
    let town = Town::start();
    let owner = town.owner();
    let all = ten(&owner);
    let rfm = make::segmentation(&owner, json!({"key": "rfm", "currency": "USD"}));
    run(&owner, &rfm, json!({}));
    let labels = owner.walk("/v1/labels?limit=100");
    let id = |key: &str| make::id(labels.iter().find(|one| one["key"] == key).unwrap(), "id");
    let (first, those) = (&all[0], json!({"account_ids": [all[0]]}));
    owner.post(&format!("/v1/labels/{}/unassign", id("rfm:champion")), &those).ok();
    run(&owner, &rfm, json!({}));
    assert_eq!(called(&owner, first), Vec::<String>::new(), "no run gives it again");
    owner.post(&format!("/v1/labels/{}/assign", id("rfm:lost")), &those).ok();
    run(&owner, &rfm, json!({}));
    assert_eq!(called(&owner, first), ["rfm:lost"]);
    owner.post(&format!("/v1/labels/{}/release", id("rfm:lost")), &those).ok();
    owner.post(&format!("/v1/labels/{}/release", id("rfm:champion")), &those).ok();
    comes(|| called(&owner, first) == ["rfm:champion"]);
    owner.delete(&format!("/v1/labels/{}", id("rfm:champion"))).refused(409, "label_of_a_class");
}

#[test]
fn who_is_no_customer_any_more_is_of_no_class() {
    let town = Town::start();
    let owner = town.owner();
    let all = ten(&owner);
    let rfm = make::segmentation(&owner, json!({"currency": "USD"}));
    run(&owner, &rfm, json!({}));
    owner.delete(&format!("/v1/accounts/{}", all[3])).is(204);
    owner.post(&format!("/v1/accounts/{}/merge", all[0]), json!({"sources": [all[1]]})).ok();
    let now = |id: &str| {
        town.database.count(&format!(
            "SELECT count(*) FROM classifications WHERE account_id = '{id}' AND valid_until_at IS NULL"
        ))
    };
    comes(|| now(&all[3]) == 0 && now(&all[1]) == 0);
    assert_eq!(now(&all[0]), 1);
}

#[test]
fn a_segmentation_that_goes_takes_its_labels_along() {
    let town = Town::start();
    let owner = town.owner();
    let all = ten(&owner);
    let rfm = make::segmentation(&owner, json!({"key": "rfm", "currency": "USD"}));
    run(&owner, &rfm, json!({}));
    let path = format!("/v1/segmentations/{}", make::id(&rfm, "id"));
    owner.delete(&path).is(204);
    assert_eq!((called(&owner, &all[0]), classes(&owner, &all[0])), (vec![], vec![]));
    owner.act(&format!("{path}/restore")).ok();
    run(&owner, &rfm, json!({}));
    assert_eq!(called(&owner, &all[0]), ["rfm:champion"]);
    owner.delete(&format!("{path}?purge=true")).is(204);
    assert_eq!(town.database.count("SELECT count(*) FROM classifications"), 0);
}

#[test]
fn another_tenant_is_sorted_by_itself() {
    let town = Town::start();
    let owner = town.owner();
    ten(&owner);
    let stranger = customer(&town.client(crate::support::Person::Foreigner), 1, 1, "10.00");
    let rfm = make::segmentation(&owner, json!({"currency": "USD"}));
    assert_eq!(run(&owner, &rfm, json!({}))["customer_count"], 10);
    owner.get(&format!("/v1/accounts/{stranger}/scores")).refused(404, "not_found");
}
