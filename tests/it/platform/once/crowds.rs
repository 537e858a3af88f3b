//! Many at once.
use super::is_replay;
use crate::support::{Answer, Town, json};
use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

#[test]
fn a_hundred_at_once_by_one_key_are_one() {
    let town = Town::start();
    let new = json!({"display_name": "Ada", "email": "ada@example.com"});
    let send = || town.owner().with("idempotency-key", "one-for-all").post("/v1/contacts", &new);
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..100).map(|_| scope.spawn(send)).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let (made, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 201);
    let (first, replays): (Vec<&&Answer>, Vec<&&Answer>) =
        made.iter().partition(|answer| answer.header("idempotency-replayed").is_empty());
    assert_eq!(first.len(), 1);
    replays.iter().for_each(|replay| is_replay(first[0], replay));
    for answer in &refused {
        answer.refused(409, "idempotency_in_progress");
        assert_eq!(answer.header("retry-after"), "1");
    }
    assert_eq!(town.database.count("SELECT count(*) FROM contacts"), 1);
    assert_eq!(town.database.count("SELECT count(*) FROM event_log WHERE name = 'contact.created'"), 1);
    is_replay(first[0], &send());
}

/// Connections are held for longer by those with keys, and never by so many that the rest has none.
#[test]
fn many_keys_at_once_hinder_nobody() {
    let town = Town::start();
    std::thread::scope(|scope| {
        for n in 0..40 {
            let owner = town.owner();
            scope.spawn(move || {
                let new = json!({"name": format!("Account {n}")});
                owner
                    .with("idempotency-key", format!("key {n}").replace(' ', "-"))
                    .post("/v1/accounts?duplicates=allow", new)
                    .created();
                owner.get("/v1/accounts").ok();
            });
        }
    });
    assert_eq!(town.database.count("SELECT count(*) FROM accounts"), 40);
    assert_eq!(town.database.count("SELECT count(*) FROM idempotency_keys"), 40);
}

/// Whoever goes away leaves no connection behind in a transaction, and what was begun is whole or is not.
#[test]
fn who_hangs_up_holds_nothing() {
    let town = Town::idle();
    let made = town.owner().post("/v1/api-keys", json!({"name": "x", "scopes": ["*"]})).created();
    for n in 0..40 {
        let body = json!({"name": format!("Account {n}")}).to_string();
        let mut stream = TcpStream::connect(town.addr()).unwrap();
        let head = format!(
            "POST /v1/accounts?duplicates=allow HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\nidempotency-key: {n}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            made["key"].as_str().unwrap(),
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        std::thread::sleep(Duration::from_micros(n * 100));
        drop(stream);
    }
    let open = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'";
    let since = Instant::now();
    while town.database.count(open) > 0 {
        assert!(since.elapsed() < Duration::from_secs(10), "a transaction stays open");
        std::thread::sleep(Duration::from_millis(50));
    }
    let (accounts, keys) = ("SELECT count(*) FROM accounts", "SELECT count(*) FROM idempotency_keys");
    assert_eq!(town.database.count(accounts), town.database.count(keys));
    super::keyed(&town.owner()).post("/v1/accounts", json!({"name": "after"})).created();
}
