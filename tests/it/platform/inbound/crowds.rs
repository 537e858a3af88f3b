//! The same order, however often and by however many: one. And workers that are killed in the middle.
use super::{Sender, is, settled, text, the_order};
use crate::support::{Town, Value, json, make};
use std::time::{Duration, Instant};

#[test]
fn the_same_delivery_sent_by_a_hundred_is_one() {
    let town = Town::start();
    let owner = town.owner();
    let shop = Sender::of(&town, "shopify", json!({}));
    let body = text("shopify/order_created");
    let answers: Vec<(u16, Value)> = std::thread::scope(|scope| {
        let one = || {
            let answer = shop.send("the same", "orders/create", &body);
            (answer.status, answer.is_one_of(&[200, 202])["id"].clone())
        };
        let all: Vec<_> = (0..100).map(|_| scope.spawn(one)).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|(status, _)| *status == 202).count(), 1);
    assert!(answers.iter().all(|(_, id)| *id == answers[0].1));
    assert_eq!(settled(&owner, answers[0].1.as_str().unwrap())["attempts"], 1);
    the_order(&town, &owner);
}

/// Sends the states of an order under a hundred names at once, in any order; what each delivery is called here.
fn a_hundred(shop: &Sender, topic: &str, states: &[&str]) -> Vec<String> {
    let states: Vec<String> = states.iter().map(|state| text(state)).collect();
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..100_usize)
            .map(|n| {
                let body = &states[n * 7 % states.len()];
                scope.spawn(move || make::id(&shop.send(&format!("d{n}"), topic, body).is(202), "id"))
            })
            .collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    })
}

fn all_settled(town: &Town, ids: &[String]) {
    for id in ids {
        let done = settled(&town.owner(), id);
        assert!(["processed", "superseded"].contains(&done["status"].as_str().unwrap()), "{done}");
    }
    assert_eq!(town.database.count("SELECT count(*) FROM contacts"), 1);
}

/// With two workers more.
#[test]
fn an_order_under_a_hundred_names_is_one_in_its_newest_state() {
    let town = Town::start();
    let shop = Sender::of(&town, "shopify", json!({}));
    let _workers: Vec<Worker> = (0..2).map(|_| Worker::start(&town, "")).collect();
    let states = ["shopify/order_created", "shopify/order_fulfilled", "shopify/order_refunded"];
    all_settled(&town, &a_hundred(&shop, "orders/updated", &states));
    let (order, lines) = the_order(&town, &town.owner());
    assert!(is(&order["total"], "484.70") && lines.len() == 4 && order["status"] == "fulfilled", "{order}");
}

/// And with three workers that are killed, each when it has written all of a delivery and kept nothing of it.
#[test]
fn so_is_one_whose_workers_are_killed() {
    let town = Town::idle();
    let shop = Sender::of(&town, "woocommerce", json!({}));
    let ids = a_hundred(&shop, "order.updated", &["woocommerce/order_created", "woocommerce/order_refunded"]);
    let dying: Vec<Worker> = (0..3).map(|_| Worker::start(&town, "inbound_written")).collect();
    dying.into_iter().for_each(Worker::dies);
    assert_eq!(town.database.count("SELECT count(*) FROM orders"), 0);
    town.database.run("UPDATE jobs SET leased_until = now() - interval '1 second' WHERE status = 'running'");
    let _workers: Vec<Worker> = (0..2).map(|_| Worker::start(&town, "")).collect();
    all_settled(&town, &ids);
    let (order, lines) = the_order(&town, &town.owner());
    assert!(is(&order["total"], "50.53") && lines.len() == 4 && order["status"] == "completed", "{order}");
}

/// Killed when all is written and nothing is kept yet: another makes it once.
#[test]
fn a_worker_that_is_killed_leaves_it_to_the_next() {
    let town = Town::idle();
    let owner = town.owner();
    let shop = Sender::of(&town, "shopify", json!({}));
    let id = make::id(&shop.send("1", "orders/create", &text("shopify/order_created")).is(202), "id");
    Worker::start(&town, "inbound_written").dies();
    assert_eq!(town.database.count("SELECT count(*) FROM orders"), 0);
    town.database.run("UPDATE jobs SET leased_until = now() - interval '1 second' WHERE status = 'running'");
    let _worker = Worker::start(&town, "");
    assert_eq!(settled(&owner, &id)["status"], "processed");
    let (order, lines) = the_order(&town, &owner);
    assert!(is(&order["total"], "581.35") && lines.len() == 2);
    assert_eq!(town.database.count("SELECT count(*) FROM jobs"), 0);
}

/// A refund that comes before its order waits for it.
#[test]
fn what_comes_too_early_is_tried_again() {
    let town = Town::idle();
    let owner = town.owner();
    let shop = Sender::of(&town, "shopify", json!({}));
    let refund = make::id(&shop.send("1", "refunds/create", &text("shopify/refund_created")).is(202), "id");
    let _worker = Worker::start(&town, "");
    let since = Instant::now();
    while town.database.count("SELECT count(*) FROM jobs WHERE error IS NOT NULL") == 0 {
        assert!(since.elapsed() < Duration::from_secs(60), "nobody looks at it");
        std::thread::sleep(Duration::from_millis(20));
    }
    shop.processed(&owner, "orders/create", "shopify/order_created");
    town.database.run("UPDATE jobs SET run_at = now()");
    assert_eq!(settled(&owner, &refund)["status"], "processed");
    assert!(is(&the_order(&town, &owner).0["total"], "484.70"));
}

/// A worker in a process of its own, which ends with the test.
pub struct Worker(std::process::Child);

impl Worker {
    pub fn start(town: &Town, crash: &str) -> Self {
        let mut program = town.program(&["worker"]);
        program.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        Self(program.env(platform::crash::VARIABLE, crash).spawn().unwrap())
    }

    /// Waits until it is dead.
    pub fn dies(mut self) {
        let since = Instant::now();
        while self.0.try_wait().unwrap().is_none() {
            assert!(since.elapsed() < Duration::from_secs(60), "it does not die");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
