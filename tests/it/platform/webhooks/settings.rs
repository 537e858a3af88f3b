//! Setting endpoints up: the contract of all records, what is refused, and by whom.
use super::{endpoint, path};
use crate::support::{Person, Receiver, Town, Value, json, make, nobodys_id};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

#[test]
fn an_endpoint_is_a_record_like_any_other() {
    let (town, receiver) = (Town::idle(), Receiver::start());
    let admin = town.client(Person::Admin);
    let id = nobodys_id();
    let made = admin
        .post(
            "/v1/webhook-endpoints",
            json!({"id": id, "url": receiver.url(), "events": ["contact.*"],
        "description": " The warehouse "}),
        )
        .created();
    assert_eq!(
        (made["id"].as_str(), made["status"].as_str(), &made["version"]),
        (Some(&*id), Some("enabled"), &json!(1))
    );
    assert!(make::id(&made, "secret").starts_with("whsec_"));
    let place = path(&made);
    let found = admin.get(&place);
    assert_eq!((found.header("etag"), found.ok()["secret"].as_str()), ("\"1\"", None));
    admin.with("if-none-match", "\"1\"").get(&place).is(304);
    let changed = admin.if_match(1).patch(&place, json!({"events": ["order.created"], "description": null})).ok();
    assert_eq!((&changed["version"], &changed["events"]), (&json!(2), &json!(["order.created"])));
    admin.if_match(1).patch(&place, json!({"description": "late"})).refused(412, "stale");
    let other = endpoint(&admin, &receiver, json!({"url": "https://hooks.example.com/x", "events": ["*"]}));
    let list = |query: &str| admin.get(&format!("/v1/webhook-endpoints{query}")).ids();
    assert_eq!(list("?filter=%22order.created%22%20in%20events"), std::slice::from_ref(&id));
    assert_eq!(list("?q=hooks.example.com"), [make::id(&other, "id")]);
    assert_eq!(list("?status=enabled&sort=url&limit=1").len(), 1);
    admin.get(&format!("{place}?include=user&fields=id,url")).ok();
    admin.delete(&place).is(204);
    admin.get(&place).refused(404, "not_found");
    assert_eq!(list("?deleted=only"), [id]);
    admin.act(&format!("{place}/restore")).ok();
    let off = admin.act(&format!("{place}/disable")).ok();
    assert_eq!((off["status"].as_str(), off["disabled_reason"].as_str()), (Some("disabled"), Some("asked")));
    assert_eq!(admin.act(&format!("{place}/disable")).ok()["version"], off["version"]);
    admin.get("/v1/webhook-deliveries?include=endpoint&filter=endpoint.url.contains(%22x%22)").ok();
}

#[test]
fn what_is_wrong_with_it_is_named_at_once() {
    let town = Town::idle();
    let owner = town.owner();
    let refused = |extra: Value, pointers: &[&str]| {
        let new = make::with(json!({"url": "https://hooks.example.com/", "events": ["contact.*"]}), extra.clone());
        let answer = owner.post("/v1/webhook-endpoints", new);
        answer.refused(422, "invalid");
        let mut named = answer.pointers();
        named.sort();
        assert_eq!(named, pointers, "{extra}");
    };
    refused(json!({"events": []}), &["/events"]);
    refused(json!({"events": ["contact"], "changed_fields": ["a b"]}), &["/changed_fields", "/events"]);
    refused(json!({"events": ["contact.created", "contact.eaten", "nothing.*"]}), &["/events/1", "/events/2"]);
    refused(json!({"events": ["contact.*", "order.*"], "filter": "version == 1"}), &["/filter"]);
    refused(json!({"events": ["*"], "filter": "version == 1"}), &["/filter"]);
    refused(
        json!({"filter": "nothing_like_it == 1", "changed_fields": ["email", "nothing"]}),
        &["/changed_fields/1", "/filter"],
    );
    refused(json!({"url": "ftp://hooks.example.com/"}), &["/url"]);
    let endpoint =
        owner.post("/v1/webhook-endpoints", json!({"url": "https://hooks.example.com/", "events": ["contact.*"]}));
    let place = path(&endpoint.created());
    let answer = owner.patch(&place, json!({"filter": "total > 1"}));
    answer.refused(422, "invalid");
    owner.patch(&place, json!({"url": "http://user@127.0.0.1/"})).refused(422, "invalid");
    owner.post(&format!("{place}/rotate-secret"), json!({"overlap_seconds": 604_801})).refused(422, "invalid");
}

#[test]
fn owners_and_administrators_look_after_them() {
    let (town, receiver) = (Town::idle(), Receiver::start());
    let endpoint = endpoint(&town.owner(), &receiver, json!({}));
    for person in [Person::Manager, Person::Rep, Person::ReadOnly, Person::Nobody] {
        let client = town.client(person);
        client.get("/v1/webhook-endpoints").refused(403, "forbidden");
        client.get(&path(&endpoint)).refused(403, "forbidden");
        client.get("/v1/webhook-deliveries").refused(403, "forbidden");
        client.act(&format!("{}/test", path(&endpoint))).refused(403, "forbidden");
    }
    town.client(Person::Admin).get(&path(&endpoint)).ok();
    let mut made = 1;
    let one_more = json!({"url": receiver.url(), "events": ["*"]});
    while town.owner().post("/v1/webhook-endpoints", &one_more).status == 201 {
        made += 1;
    }
    assert_eq!(made, 50);
    town.owner().post("/v1/webhook-endpoints", one_more).refused(409, "too_many_webhook_endpoints");
}

/// A server on the loopback that counts who comes.
fn canary() -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (port, seen) = (listener.local_addr().unwrap().port(), Arc::new(AtomicUsize::new(0)));
    let count = Arc::clone(&seen);
    std::thread::spawn(move || listener.incoming().for_each(|_| _ = count.fetch_add(1, Ordering::SeqCst)));
    (port, seen)
}

/// The list of the way out's own tests, held against the field that takes an address, and against what is sent.
#[test]
fn hostile_addresses_are_never_spoken_to() {
    let source = crate::support::files::read("crates/platform/src/outbound/tests/addresses.rs").unwrap();
    let list = source.split("const HOSTS").nth(1).and_then(|rest| rest.split("];").next()).unwrap();
    let hosts: Vec<String> = list
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| {
            line.split('"')
                .skip(1)
                .step_by(2)
                .map(|host| host.replace("\\\\", "\\").replace("\\t", "\t"))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(hosts.len() >= 80, "{}", hosts.len());
    let (port, seen) = canary();
    let town = Town::configured(|config| config.outbound = platform::outbound::Settings::default());
    let owner = town.owner();
    let good =
        owner.post("/v1/webhook-endpoints", json!({"url": "https://hooks.example.com/", "events": ["*"]})).created();
    let (mut refused, mut later) = (0, Vec::new());
    for host in &hosts {
        for scheme in ["http", "https"] {
            let url = format!("{scheme}://{}/latest/meta-data/", host.replace("{}", &port.to_string()));
            match owner.patch(&path(&good), json!({"url": url})) {
                answer if answer.status == 422 => {
                    assert!(answer.pointers().contains(&"/url".to_owned()), "{url}: {}", answer.text());
                    refused += 1;
                }
                // a name that may be anybody's: it is looked at when something is sent there
                answer => later.push((url, answer.is(200))),
            }
        }
    }
    assert!(refused >= hosts.len() && later.len() < 30, "{refused} were refused, not: {later:?}");
    for url in later.iter().map(|(url, _)| url.clone()).chain([format!("http://127.0.0.1:{port}/")]) {
        let sneaked = format!("UPDATE webhook_endpoints SET url = '{url}'");
        town.database.run(&sneaked);
        owner.act(&format!("{}/test", path(&good))).is(202);
    }
    let tried = "SELECT count(*) FROM webhook_deliveries WHERE attempt_count > 0";
    super::until("all were tried", || town.database.count(tried) > i64::try_from(later.len()).unwrap());
    assert_eq!(seen.load(Ordering::SeqCst), 0, "the canary saw somebody");
    let none = "SELECT count(*) FROM webhook_deliveries WHERE status = 'delivered'";
    assert_eq!(town.database.count(none), 0);
}
