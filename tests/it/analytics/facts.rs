//! What is known of customers is what their orders come to, whatever has written those.
use super::{bought, broken, customer};
use crate::support::{Town, json, make};

#[test]
fn what_is_kept_is_what_the_orders_come_to_after_each_write() {
    let town = Town::idle();
    let owner = town.owner();
    let (one, other) = (customer(&owner, 3, 3, "10.00"), customer(&owner, 9, 1, "5.00"));
    assert_eq!(broken(&town), 0);
    assert_eq!(town.database.count("SELECT sum(order_count)::bigint FROM customer_facts"), 4);
    let orders = owner.walk(&format!("/v1/orders?account_id={one}"));
    let path = |at: usize| format!("/v1/orders/{}", make::id(&orders[at], "id"));
    owner.patch(&path(0), json!({"account_id": other})).ok();
    assert_eq!(broken(&town), 0);
    owner.patch(&path(1), json!({"status": "cancelled"})).ok();
    assert_eq!(broken(&town), 0);
    owner.delete(&path(2)).is(204);
    assert_eq!(broken(&town), 0);
    let left = format!("SELECT count(*) FROM customer_facts WHERE account_id = '{one}'");
    assert_eq!(town.database.count(&left), 0, "nothing is left of it");
    owner.act(&format!("{}/restore", path(2))).ok();
    make::order(&owner, json!({"account_id": one, "currency": "EUR"}));
    assert_eq!(broken(&town), 0);
    assert_eq!(town.database.count(&left), 2, "one a currency");
}

#[test]
fn what_writes_at_once_is_added_up_once() {
    let town = Town::idle();
    let account = customer(&town.owner(), 3, 1, "10.00");
    std::thread::scope(|scope| {
        for _ in 0..8 {
            let (client, account) = (town.owner(), account.clone());
            scope.spawn(move || (0..5).for_each(|day| bought(&client, &account, day, "1.00")));
        }
        for _ in 0..2 {
            let mut conn = town.database.conn();
            scope.spawn(move || (0..10).for_each(|_| assert!(analytics::facts::fold(&mut conn).is_ok())));
        }
    });
    assert_eq!(broken(&town), 0);
    assert_eq!(town.database.count("SELECT order_count::bigint FROM customer_facts"), 41);
    assert_eq!(town.database.count("SELECT count(*) FROM customer_fact_marks"), 0, "marks do not stay");
}

#[test]
fn those_that_become_one_are_one_customer() {
    let town = Town::idle();
    let owner = town.owner();
    let (one, other) = (customer(&owner, 3, 2, "10.00"), customer(&owner, 9, 1, "5.00"));
    owner.post(&format!("/v1/accounts/{one}/merge"), json!({"sources": [other]})).ok();
    assert_eq!(broken(&town), 0);
    assert_eq!(town.database.column("SELECT account_id::text FROM customer_facts"), [one]);
}
