//! Devices of people, and what is shown on them: as they want it, signed, once by its id, whatever dies.
use super::webhooks::until;
use crate::support::{Client, How, Person, Receiver, Town, Value, json, make};
use platform::notify::push::Settings;
use std::collections::BTreeSet;
use std::process::Stdio;
use std::time::Duration;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// A town whose gateway is this one.
fn town(gateway: &Receiver) -> Town {
    let push = Settings { url: Some(gateway.url()), secret: Some(SECRET.to_owned()) };
    Town::configured(|config| config.push = push)
}

fn register(client: &Client, token: &str, extra: Value) -> Value {
    let new = json!({"platform": "ios", "token": token});
    client.post("/v1/me/devices", make::with(new, extra)).created()
}

fn given(owner: &Client, town: &Town, to: Person) -> Value {
    make::contact(owner, json!({"owner_id": town.user(to), "display_name": "Secret Name"}))
}

fn tokens(message: &Value) -> Vec<String> {
    message["tokens"].as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_happens_is_shown_on_devices_in_the_language_of_each() {
    let gateway = Receiver::start();
    let town = town(&gateway);
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    register(&rep, "token-of-a-telephone", json!({"app_version": "2.4.1"}));
    register(&rep, "token-of-a-tablet", json!({"platform": "android"}));
    register(&rep, "token-of-a-browser", json!({"platform": "web", "locale": "zh-Hans"}));
    let contact = given(&owner, &town, Person::Rep);
    given(&owner, &town, Person::Mate);
    let messages = gateway.parcels(2);
    std::thread::sleep(Duration::from_millis(1500));
    assert_eq!(gateway.many(), 2, "who has no device is shown nothing");
    let (first, second) = (messages[0].json(), messages[1].json());
    assert_eq!(tokens(&first).into_iter().collect::<BTreeSet<_>>().len(), 2);
    assert_eq!(tokens(&second), ["token-of-a-browser"]);
    assert_eq!((&first["title"], &first["body"]), (&json!("Town"), &json!("It is yours now (contact.created)")));
    assert!(second["body"].as_str().unwrap().contains("现由你负责"), "{second}");
    assert_eq!((&first["data"]["record_id"], &first["data"]["kind"]), (&contact["id"], &json!("assigned")));
    for one in &messages {
        assert!(one.is_signed_by(SECRET));
        assert!(!String::from_utf8_lossy(&one.body).contains("Secret Name"));
    }
    assert_ne!(messages[0].id(), messages[1].id());
}

#[test]
fn who_does_not_want_it_or_sleeps_is_shown_nothing() {
    let gateway = Receiver::start();
    let town = town(&gateway);
    let owner = town.owner();
    let (rep, mate) = (town.client(Person::Rep), town.client(Person::Mate));
    register(&rep, "token-of-rep", json!({}));
    register(&mate, "token-of-mate", json!({}));
    rep.put("/v1/me/notification-preferences", json!({"assigned": {"push": false}})).ok();
    mate.put("/v1/me/notification-preferences", json!({"quiet_from": "00:00", "quiet_until": "23:59"})).ok();
    given(&owner, &town, Person::Rep);
    given(&owner, &town, Person::Mate);
    until("told", || [&rep, &mate].iter().all(|one| one.get("/v1/me/notifications/unread").ok()["unread"] == 1));
    let due = "SELECT to_char(push_at, 'HH24:MI') FROM notifications WHERE push_at IS NOT NULL";
    assert_eq!(town.database.column(due), ["23:59"]);
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(gateway.many(), 0);
    // what was read meanwhile is shown no more; what was not comes as one
    given(&owner, &town, Person::Mate);
    given(&owner, &town, Person::Mate);
    until("told", || mate.get("/v1/me/notifications/unread").ok()["unread"] == 3);
    let read = mate.get("/v1/me/notifications?limit=1").ids();
    mate.post("/v1/me/notifications/mark", json!({"status": "read", "ids": read})).is(204);
    town.database.run("UPDATE notifications SET push_at = now() WHERE push_at IS NOT NULL");
    let message = gateway.parcels(1)[0].json();
    assert_eq!((&message["data"], &message["body"]), (&json!({"count": 2}), &json!("News of Town: 2")));
}

#[test]
fn what_the_gateway_knows_no_more_goes() {
    let gateway = Receiver::start();
    let town = town(&gateway);
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    for token in ["token-one", "token-two", "token-three"] {
        register(&rep, token, json!({}));
    }
    let left = |many: usize| until("gone", || rep.get("/v1/me/devices").ids().len() == many);
    gateway.does(How::Answer(200, String::new(), br#"{"gone": ["token-two", "of nobody"]}"#.to_vec()));
    given(&owner, &town, Person::Rep);
    left(2);
    gateway.does(How::Answer(410, String::new(), br#"{"gone": ["token-one"]}"#.to_vec()));
    given(&owner, &town, Person::Rep);
    left(1);
    gateway.does(How::status(500));
    given(&owner, &town, Person::Rep);
    let before = gateway.many();
    gateway.parcels(before + 1);
    left(1);
    gateway.does(How::Answer(410, String::new(), Vec::new()));
    left(0);
    let failed = "SELECT count(*) FROM jobs WHERE kind = 'notification_push' AND status = 'failed'";
    assert_eq!(town.database.count(failed), 0);
}

#[test]
fn a_device_is_its_owners_and_tells_its_token_to_nobody() {
    let gateway = Receiver::start();
    let town = town(&gateway);
    let (rep, mate) = (town.client(Person::Rep), town.client(Person::Mate));
    let first = register(&rep, "one-and-the-same-token", json!({"app_version": "1"}));
    let again = register(&rep, "one-and-the-same-token", json!({"app_version": "2", "locale": "de"}));
    assert_eq!((&first["id"], &again["app_version"]), (&again["id"], &json!("2")));
    assert!(first.get("token").is_none() && first.get("sealed").is_none());
    let path = format!("/v1/me/devices/{}", make::id(&first, "id"));
    mate.delete(&path).refused(404, "not_found");
    // whoever logs in there next has it from then on
    assert_eq!(register(&mate, "one-and-the-same-token", json!({}))["id"], first["id"]);
    assert_eq!((rep.get("/v1/me/devices").ids().len(), mate.get("/v1/me/devices").ids().len()), (0, 1));
    let other = register(&town.client(Person::Foreigner), "one-and-the-same-token", json!({}));
    assert_ne!(other["id"], first["id"], "what another tenant has is another");
    for table in ["devices", "audit_log", "jobs", "notifications"] {
        let told = format!("SELECT count(*) FROM {table} AS t WHERE t::text LIKE '%one-and-the-same%'");
        assert_eq!(town.database.count(&told), 0, "{table}");
    }
    mate.delete(&path).is(204);
    mate.delete(&path).refused(404, "not_found");
    for bad in [
        json!({"platform": "ios"}),
        json!({"platform": "pager", "token": "long enough"}),
        json!({"platform": "ios", "token": "short"}),
        json!({"platform": "ios", "token": "短短的字符串啊"}),
        json!({"platform": "ios", "token": "x".repeat(4097)}),
        json!({"platform": "ios", "token": "two\nlines of it"}),
        json!({"platform": "ios", "token": "long enough", "user_id": town.user(Person::Owner)}),
    ] {
        rep.post("/v1/me/devices", bad).refused(422, "invalid");
    }
}

#[test]
fn many_at_once_are_one_device_and_there_are_no_more_than_twenty() {
    let gateway = Receiver::start();
    let town = town(&gateway);
    let rep = town.client(Person::Rep);
    std::thread::scope(|scope| {
        for _ in 0..12 {
            scope.spawn(|| register(&rep, "one-and-the-same-token", json!({})));
        }
    });
    assert_eq!(town.database.count("SELECT count(*) FROM devices"), 1);
    for n in 0..25 {
        register(&rep, &format!("token-number-{n}"), json!({}));
    }
    assert_eq!(town.database.count("SELECT count(*) FROM devices"), 20);
}

/// A worker that dies with a message sent and not noted: it is sent once more, by the same id.
#[test]
fn a_message_that_is_sent_twice_is_known_for_the_same() {
    let gateway = Receiver::start();
    let town = Town::idle();
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    register(&rep, "token-of-a-telephone", json!({}));
    given(&owner, &town, Person::Rep);
    let worker = |crash: &str| {
        let mut program = town.program(&["worker"]);
        program.env("GUANXI_PUSH_URL", gateway.url()).env("GUANXI_PUSH_SECRET", SECRET);
        program.env("GUANXI_OUTBOUND_ALLOW", "127.0.0.0/8").env("GUANXI_JOB_LEASE", "2");
        program.env("GUANXI_TEST_CRASH", crash).stdout(Stdio::null()).stderr(Stdio::null());
        program.spawn().unwrap()
    };
    worker("notify_push_sent").wait().unwrap();
    assert_eq!(gateway.many(), 1);
    let mut second = worker("");
    let both = gateway.parcels(2);
    until("ended", || town.database.text("SELECT status FROM jobs WHERE kind = 'notification_push'") == "succeeded");
    let _ = second.kill();
    let _ = second.wait();
    assert_eq!((gateway.many(), both[0].id(), &both[0].body), (2, both[1].id(), &both[1].body));
}
