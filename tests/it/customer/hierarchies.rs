//! Accounts above and below each other: where each stands, and what they come to together.
use crate::customer::without;
use crate::support::{Client, Person, Town, Value, json, make};

fn at(account: &Value) -> String {
    format!("/v1/accounts/{}", make::id(account, "id"))
}

fn under(client: &Client, parent: Option<&Value>, extra: Value) -> Value {
    make::account(client, make::with(json!({"parent_id": parent.map(|one| &one["id"])}), extra))
}

fn places(answer: &Value) -> Vec<(i64, String)> {
    let all = answer["places"].as_array().unwrap().iter();
    all.map(|one| (one["level"].as_i64().unwrap(), make::id(&one["account"], "id"))).collect()
}

#[test]
fn an_account_shows_where_it_stands_and_what_is_below_comes_to() {
    let town = Town::start();
    let owner = town.owner();
    let group = under(&owner, None, json!({"name": "Group"}));
    let firm = under(&owner, Some(&group), json!({"name": "Firm"}));
    let branch = under(&owner, Some(&firm), json!({"name": "Branch", "team_id": town.team("north")}));
    let shop = under(&owner, Some(&branch), json!({"name": "Shop"}));
    let sister = under(&owner, Some(&group), json!({"name": "Sister"}));
    for (account, currency) in [(&firm, "USD"), (&branch, "USD"), (&shop, "EUR"), (&sister, "USD")] {
        make::order(&owner, json!({"account_id": account["id"], "currency": currency}));
        make::opportunity(&owner, json!({"account_id": account["id"]}));
    }
    let gone = make::order(&owner, json!({"account_id": shop["id"]}));
    owner.patch(&format!("/v1/orders/{}", make::id(&gone, "id")), json!({"status": "cancelled"})).ok();
    let found = owner.get(&format!("{}/hierarchy", at(&firm))).ok();
    let ids = [(-1, &group), (0, &firm), (1, &branch), (2, &shop)].map(|(level, one)| (level, make::id(one, "id")));
    assert_eq!(places(&found), ids);
    let sum = &found["roll_up"];
    assert_eq!((&sum["account_count"], &sum["order_count"], &sum["open_count"]), (&json!(3), &json!(3), &json!(3)));
    let money = |amount: &str, currency: &str| json!({"amount": amount, "currency": currency});
    assert_eq!(sum["order_totals"], json!([money("25.00", "EUR"), money("50.00", "USD")]));
    assert_eq!(sum["open_totals"], json!([money("3000.00", "USD")]));
    assert_eq!(found["is_whole"], true);
    let near = owner.get(&format!("{}/hierarchy?depth=1", at(&firm))).ok();
    assert_eq!((places(&near).len(), &near["is_whole"]), (3, &json!(false)));
    assert_eq!(near["roll_up"], *sum, "it is summed up however little is shown");
    for depth in ["deep", "-1", "21"] {
        owner.get(&format!("{}/hierarchy?depth={depth}", at(&firm))).refused(400, "unknown_parameter");
    }
    // each as they see it
    let rep = town.client(Person::Rep);
    rep.get(&format!("{}/hierarchy", at(&firm))).refused(404, "not_found");
    let seen = rep.get(&format!("{}/hierarchy", at(&branch))).ok();
    assert_eq!(places(&seen), [(0, make::id(&branch, "id"))]);
    assert_eq!((&seen["roll_up"]["account_count"], &seen["roll_up"]["order_count"]), (&json!(1), &json!(0)));
    town.client(Person::Foreigner).get(&format!("{}/hierarchy", at(&firm))).refused(404, "not_found");
    let blind = without(&town, &[("order", "total", "hidden"), ("account", "name", "hidden")]);
    let less = blind.get(&format!("{}/hierarchy", at(&firm))).ok();
    assert!(
        less["roll_up"].get("order_totals").is_none() && less["places"][0]["account"].get("name").is_none(),
        "{less}"
    );
}

/// Two who put accounts below each other at the same time do not come to stand in a circle.
#[test]
fn nobody_stands_above_themselves_however_many_move_at_once() {
    let town = Town::idle();
    let owner = town.owner();
    let all: Vec<Value> = (0..6).map(|_| under(&owner, None, json!({}))).collect();
    for round in 0..6 {
        std::thread::scope(|scope| {
            for n in 0..all.len() {
                let (client, all) = (town.owner(), &all);
                scope.spawn(move || {
                    let above = &all[(n + 1 + round % 3) % all.len()];
                    let answer = client.patch(&at(&all[n]), json!({"parent_id": above["id"]}));
                    answer.is_one_of(&[200, 422]);
                });
            }
        });
        let circles = "WITH RECURSIVE way AS (SELECT id AS start, parent_id AS at, 1 AS step FROM accounts
            UNION ALL SELECT way.start, a.parent_id, step + 1 FROM accounts a JOIN way ON a.id = way.at WHERE step < 40)
            SELECT count(*) FROM way WHERE at = start";
        assert_eq!(town.database.count(circles), 0);
        all.iter().for_each(|one| drop(owner.patch(&at(one), json!({"parent_id": null})).ok()));
    }
}
