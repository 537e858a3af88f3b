//! Customers are sorted by runs.
use super::{called, classes, customer, run, ten};
use crate::support::{Person, Town, Value, encoded, json, make};

#[test]
fn rfm_sorts_everybody_and_says_so() {
    let town = Town::start();
    let owner = town.owner();
    let all = ten(&owner);
    let nobody = make::id(&make::account(&owner, json!({})), "id");
    let rfm = make::segmentation(&owner, json!({"key": "rfm", "currency": "USD"}));
    let done = run(&owner, &rfm, json!({}));
    assert_eq!(
        (&done["status"], &done["customer_count"], &done["changed_count"]),
        (&json!("succeeded"), &json!(11), &json!(11))
    );
    assert_eq!(done["class_counts"]["prospect"], 1);
    assert_eq!(classes(&owner, &all[0]), [("rfm".to_owned(), "champion".to_owned())]);
    assert_eq!(classes(&owner, &nobody), [("rfm".to_owned(), "prospect".to_owned())]);
    assert_eq!(called(&owner, &all[0]), ["rfm:champion"]);
    let filter = encoded("\"rfm:champion\" in labels");
    assert!(owner.get(&format!("/v1/accounts?filter={filter}")).ids().contains(&all[0]));
    let told = owner.get(&format!("/v1/accounts/{}/scores", all[0])).ok();
    assert_eq!(told["scores"][0]["reasons"][1], "10 orders: 5 of 5");
    let chinese = owner.with("accept-language", "zh-Hans").get(&format!("/v1/accounts/{}/scores", all[0])).ok();
    assert_eq!(chinese["scores"][0]["reasons"][1], "共 10 笔订单：5 分（满分 5 分）");
    let again = run(&owner, &rfm, json!({}));
    assert_eq!(
        (&again["changed_count"], &again["transitions"]),
        (&json!(0), &json!([])),
        "only what changes is written"
    );
    assert_eq!(town.database.count("SELECT count(*) FROM classifications"), 11);
}

#[test]
fn value_tiers_are_by_what_customers_bring() {
    let town = Town::start();
    let owner = town.owner();
    let [high, medium, low] = ["800.00", "150.00", "50.00"].map(|price| customer(&owner, 3, 1, price));
    let loss = make::id(&make::account(&owner, json!({})), "id");
    let back = json!({"name": "Tea", "quantity": "-1", "unit_price": "20.00"});
    make::order(&owner, json!({"account_id": loss, "lines": [back]}));
    let tiers = json!({"tiers": [{"class": "a", "until_percent": 80}, {"class": "b", "until_percent": 95},
        {"class": "c", "until_percent": 100}]});
    let value = make::segmentation(&owner, json!({"kind": "value", "value": tiers, "currency": "USD"}));
    let done = run(&owner, &value, json!({}));
    assert_eq!(done["class_counts"], json!({"a": 1, "b": 1, "c": 2}), "{done}");
    let class = |account: &str| classes(&owner, account)[0].1.clone();
    assert_eq!([&high, &medium, &low, &loss].map(|one| class(one)), ["a", "b", "c", "c"]);
    assert_eq!(done["metrics"]["loss_count"], 1);
}

#[test]
fn clusters_are_the_same_by_the_same_seed() {
    let town = Town::start();
    let owner = town.owner();
    (0..4).for_each(|_| drop(customer(&owner, 300, 1, "5.00")));
    let rich: Vec<String> = (0..3).map(|_| customer(&owner, 2, 4, "900.00")).collect();
    let clusters = json!({"k": 2, "seed": 7});
    let sorted = make::segmentation(&owner, json!({"kind": "clusters", "clusters": clusters, "currency": "USD"}));
    let done = run(&owner, &sorted, json!({}));
    assert_eq!(done["class_counts"], json!({"cluster_1": 4, "cluster_2": 3}), "{done}");
    assert_eq!(classes(&owner, &rich[0])[0].1, "cluster_2");
    assert_eq!(run(&owner, &sorted, json!({}))["changed_count"], 0);
}

#[test]
fn filters_sort_by_the_first_that_finds() {
    let town = Town::start();
    let owner = town.owner();
    let retail = make::id(&make::account(&owner, json!({"industry": "retail"})), "id");
    let buyer = customer(&owner, 2, 1, "5.00");
    let other = make::id(&make::account(&owner, json!({})), "id");
    let rules = json!({"rules": [{"class": "retail", "filter": "industry == \"retail\""},
        {"class": "buyer", "filter": "orders.exists(o, o.total.amount > 1)"}], "rest": "other"});
    let sorted = make::segmentation(&owner, json!({"kind": "rules", "rules": rules}));
    let done = run(&owner, &sorted, json!({}));
    assert_eq!(done["class_counts"], json!({"buyer": 1, "other": 1, "retail": 1}), "{done}");
    assert_eq!([&retail, &buyer, &other].map(|one| classes(&owner, one)[0].1.clone()), ["retail", "buyer", "other"]);
    let wrong = json!({"key": "x", "name": "x", "kind": "rules", "rules": {"rules": [{"class": "a", "filter": "nothing == 1"}]}});
    assert_eq!(owner.post("/v1/segmentations", wrong).pointers(), ["/rules/rules/0/filter"]);
}

#[test]
fn who_cannot_be_told_apart_is_not_sorted() {
    let town = Town::start();
    let owner = town.owner();
    let code = |sorted: &Value| {
        let done = run(&owner, sorted, json!({}));
        assert_eq!(done["status"], "failed");
        done["error_code"].as_str().unwrap().to_owned()
    };
    let rfm = make::segmentation(&owner, json!({"currency": "USD"}));
    assert_eq!(code(&rfm), "segmentation_too_few_customers");
    (0..6).for_each(|_| drop(customer(&owner, 5, 1, "10.00")));
    assert_eq!(code(&rfm), "segmentation_one_value");
    customer(&owner, 5, 1, "11.00");
    let three = json!({"kind": "clusters", "clusters": {"k": 3}, "currency": "USD"});
    assert_eq!(code(&make::segmentation(&owner, three)), "segmentation_too_many_groups");
    assert_eq!(town.database.count("SELECT count(*) FROM classifications"), 0);
}

#[test]
fn what_comes_later_counts_for_nothing_from_an_earlier_day() {
    let town = Town::start();
    let owner = town.owner();
    let all = ten(&owner);
    let rfm = make::segmentation(&owner, json!({"currency": "USD"}));
    let day = (chrono::Utc::now() - chrono::Duration::days(100)).date_naive();
    let done = run(&owner, &rfm, json!({"as_of_on": day}));
    assert_eq!((&done["status"], &done["is_dated"]), (&json!("succeeded"), &json!(true)), "{done}");
    assert_eq!(classes(&owner, &all[0])[0].1, "prospect", "they have not ordered yet");
    let ahead = customer(&owner, -20, 1, "10.00");
    run(&owner, &rfm, json!({}));
    let scores = owner.get(&format!("/v1/accounts/{ahead}/scores")).ok();
    assert_eq!(scores["scores"][0]["recency_score"], 5);
}

#[test]
fn one_run_goes_on_at_a_time() {
    let town = Town::idle();
    let owner = town.owner();
    let sorted = make::segmentation(&owner, json!({}));
    let path = format!("/v1/segmentations/{}", make::id(&sorted, "id"));
    owner.post(&format!("{path}/run"), json!({})).is(202);
    owner.post(&format!("{path}/run"), json!({})).refused(409, "segmentation_running");
    let other = make::segmentation(&owner, json!({"is_active": false}));
    let other = format!("/v1/segmentations/{}/run", make::id(&other, "id"));
    owner.post(&other, json!({})).refused(409, "segmentation_inactive");
}

#[test]
fn what_is_due_is_run_by_itself() {
    let town = Town::start();
    let owner = town.owner();
    ten(&owner);
    let sorted = make::segmentation(&owner, json!({"schedule": "daily", "currency": "USD"}));
    assert!(!sorted["next_run_at"].is_null());
    town.database.run("UPDATE segmentations SET next_run_at = now()");
    let path = format!("/v1/segmentations/{}", make::id(&sorted, "id"));
    super::comes(|| !owner.get(&path).ok()["last_run_id"].is_null());
    assert_ne!(owner.get(&path).ok()["next_run_at"], sorted["next_run_at"]);
}

#[test]
fn who_sees_three_of_ten_sees_what_three_were_sorted_as() {
    let town = Town::start();
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    let hidden = ten(&owner);
    let own: Vec<String> = (0..3).map(|at| customer(&rep, at, 1, "10.00")).collect();
    let rfm = make::segmentation(&owner, json!({"currency": "USD"}));
    run(&owner, &rfm, json!({}));
    let mut seen = rep.get("/v1/classifications?limit=100").each("account_id");
    seen.sort();
    let mut own_sorted = own.clone();
    own_sorted.sort();
    assert_eq!(seen, own_sorted);
    rep.get(&format!("/v1/accounts/{}/scores", hidden[0])).refused(404, "not_found");
    let scores = rep.get(&format!("/v1/accounts/{}/scores", own[0])).ok();
    assert_eq!(scores["scores"][0]["reasons"].as_array().unwrap().len(), 1, "no sums of what they do not all see");
    rep.post("/v1/segmentations", json!({"key": "x", "name": "x", "kind": "rfm"})).is(403);
}

#[test]
fn settings_are_those_of_their_kind() {
    let town = Town::idle();
    let owner = town.owner();
    let wrong = json!({"key": "x", "name": "x", "kind": "rfm", "value": {}});
    assert_eq!(owner.post("/v1/segmentations", wrong).status, 422);
    let tiers = json!({"tiers": [{"class": "a", "until_percent": 90}, {"class": "b", "until_percent": 80}]});
    assert_eq!(
        owner.post("/v1/segmentations", json!({"key": "x", "name": "x", "kind": "value", "value": tiers})).status,
        422
    );
    let rfm = make::segmentation(&owner, json!({}));
    let path = format!("/v1/segmentations/{}", make::id(&rfm, "id"));
    assert_eq!(owner.patch(&path, json!({"value": {}})).pointers(), ["/value"]);
    owner
        .post("/v1/segmentations", json!({"key": rfm["key"], "name": "x", "kind": "rfm"}))
        .refused(409, "segmentation_key_taken");
}
