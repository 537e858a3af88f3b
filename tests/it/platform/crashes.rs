//! Workers that are killed or fall silent in the middle of a file: another goes on, and the sums are those of the file.
use super::imports::{ended, kept, rows, upload};
use crate::support::{Client, Town, json, make};
use rust_decimal::{Decimal, RoundingStrategy};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

const ROWS: usize = 12_000;

/// Lines of 1,500 orders, with returns; and what they come to.
fn file() -> (String, Decimal) {
    let mut text = String::from("Order,Placed,Customer,Sku,Item,Qty,Price\n");
    let mut sum = Decimal::ZERO;
    for n in 0..ROWS {
        let order = n / 8;
        let quantity = if n % 17 == 0 { -1 } else { i64::try_from(n % 9 + 1).unwrap() };
        let price = Decimal::new(i64::try_from(n * 7919 % 100_000).unwrap(), 3);
        sum += (Decimal::from(quantity) * price).round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
        let (customer, sku) = (order % 200, n % 150);
        text += &format!(
            "O{order},2024-01-{:02} 10:00:00,C{customer},S{sku},Item {sku},{quantity},{price}\n",
            order % 28 + 1
        );
    }
    (text, sum)
}

fn start(town: &Town, client: &Client) -> (String, Decimal) {
    let mapping = json!({"resource": "order_lines", "source_system": "shop", "create_missing": ["order", "product", "account"],
        "columns": {"Order": "order.external_id", "Placed": "order.placed_at", "Customer": "order.account.external_id", "Sku": "sku",
            "Item": "name", "Qty": "quantity", "Price": "unit_price"},
        "constants": {"order.currency": "GBP"}});
    let (text, sum) = file();
    let id = make::id(&upload(client, "lines.csv", text.as_bytes(), &mapping, &[]).is(202), "id");
    assert_eq!(town.database.count("SELECT count(*) FROM order_lines"), 0);
    (id, sum)
}

/// A worker that ends with the test.
struct Worker(Child);

impl Worker {
    fn start(town: &Town) -> Self {
        Self(town.program(&["worker"]).stdout(Stdio::null()).spawn().unwrap())
    }

    fn signal(&self, name: &str) {
        let sent = std::process::Command::new("kill").args([name, &self.0.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits until the worker is in the middle of the file.
fn in_the_middle(client: &Client, id: &str) {
    let since = Instant::now();
    loop {
        let read = client.get(&format!("/v1/imports/{id}")).ok()["rows_read"].as_u64().unwrap();
        if read > 0 {
            assert!(read < ROWS as u64, "it has ended before it could be stopped");
            return;
        }
        assert!(since.elapsed() < Duration::from_secs(60), "no worker takes the job");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// As if half a minute had passed without a sign of life.
fn lapse(town: &Town) {
    town.database
        .run("UPDATE jobs SET leased_until = now() - interval '1 second', run_at = now() WHERE status = 'running'");
}

fn is_whole(town: &Town, client: &Client, id: &str, sum: Decimal) {
    let done = ended(client, id);
    let all = i64::try_from(ROWS).unwrap();
    assert_eq!((done["status"].as_str(), rows(&done)), (Some("succeeded"), [all, all, 0, 0, 0]), "{done}");
    assert_eq!(town.database.count("SELECT count(*) FROM order_lines"), all);
    assert_eq!(town.database.count("SELECT count(*) FROM orders"), 1500);
    let written: Decimal = town.database.text("SELECT sum(total_amount) FROM orders").parse().unwrap();
    assert_eq!(written.normalize(), sum.normalize());
    kept(town);
}

#[test]
fn another_worker_goes_on_where_one_was_killed() {
    let town = Town::idle();
    let owner = town.owner();
    let (id, sum) = start(&town, &owner);
    for _ in 0..2 {
        let worker = Worker::start(&town);
        in_the_middle(&owner, &id);
        std::thread::sleep(Duration::from_millis(150));
        worker.signal("-KILL");
        drop(worker);
        let before = town.database.count("SELECT count(*) FROM order_lines");
        let told = owner.get(&format!("/v1/imports/{id}")).ok();
        assert_eq!(told["rows_read"], before, "what is told is what is written: {told}");
        lapse(&town);
    }
    let _worker = Worker::start(&town);
    is_whole(&town, &owner, &id, sum);
    // taken back by a worker, nothing is left
    owner.act(&format!("/v1/imports/{id}/revert")).ok();
    assert_eq!(ended(&owner, &id)["status"], "reverted");
    for table in ["orders", "order_lines", "products", "accounts", "external_refs", "import_records"] {
        assert_eq!(town.database.count(&format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }
}

/// One that was only asleep wakes up late, and writes nothing more.
#[test]
fn a_worker_that_was_taken_for_dead_writes_nothing() {
    let town = Town::idle();
    let owner = town.owner();
    let (id, sum) = start(&town, &owner);
    let sleeper = Worker::start(&town);
    in_the_middle(&owner, &id);
    sleeper.signal("-STOP");
    lapse(&town);
    let _other = Worker::start(&town);
    std::thread::sleep(Duration::from_millis(300));
    sleeper.signal("-CONT");
    is_whole(&town, &owner, &id, sum);
}
