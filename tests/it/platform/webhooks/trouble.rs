//! Receivers that are slow, hostile or gone: what is sent to them is tried again, and given up in the end.
use super::{deliveries, disabled, endpoint, hasty, path, until};
use crate::support::{Client, How, Person, Receiver, Smtp, Town, Value, json, make};
use platform::webhook::Settings;
use std::time::{Duration, Instant};

/// The last delivery of an endpoint, once it was tried so often.
#[track_caller]
fn tried(client: &Client, endpoint: &Value, times: u64) -> Value {
    let one = || client.get(&deliveries(endpoint, "&limit=1")).ok()["data"][0].clone();
    until("tried", || one()["attempt_count"].as_u64() >= Some(times));
    one()
}

#[test]
fn what_fails_is_tried_again_until_it_is_taken_and_with_the_same_id() {
    let (town, receiver) = (hasty(20, "0.1", 3600), Receiver::start());
    let owner = town.owner();
    let endpoint = endpoint(&owner, &receiver, json!({}));
    receiver.does(How::status(500));
    make::contact(&owner, json!({}));
    let came = receiver.parcels(3);
    let failing = owner.get(&path(&endpoint)).ok();
    assert!(!failing["failing_at"].is_null() && failing["status"] == "enabled", "{failing}");
    receiver.does(How::status(204));
    until("delivered", || !owner.get(&deliveries(&endpoint, "&status=delivered")).ids().is_empty());
    let all = receiver.kept();
    assert!(all.iter().all(|one| one.id() == came[0].id() && one.is_signed_by(&make::id(&endpoint, "secret"))));
    let one = tried(&owner, &endpoint, 4);
    let attempts = one["attempts"].as_array().unwrap();
    assert_eq!(attempts.len(), all.len());
    assert_eq!((&attempts[0]["status"], &attempts[0]["error"]), (&json!(500), &json!("status")));
    assert!(attempts.last().unwrap()["error"].is_null());
    assert!(owner.get(&path(&endpoint)).ok()["failing_at"].is_null());
}

#[test]
fn after_the_last_attempt_it_has_failed_and_can_be_sent_by_hand() {
    let (town, receiver) = (hasty(2, "0.1", 3600), Receiver::start());
    let owner = town.owner();
    let endpoint = endpoint(&owner, &receiver, json!({}));
    receiver.does(How::HangUp);
    make::contact(&owner, json!({}));
    until("failed", || !owner.get(&deliveries(&endpoint, "&status=failed")).ids().is_empty());
    let one = tried(&owner, &endpoint, 3);
    assert_eq!((&one["attempt_count"], &one["next_attempt_at"]), (&json!(3), &Value::Null));
    assert_eq!(one["attempts"][0]["error"], "broken", "{one}");
    receiver.does(How::fine());
    owner.act(&format!("/v1/webhook-deliveries/{}/retry", make::id(&one, "id"))).ok();
    until("delivered", || !owner.get(&deliveries(&endpoint, "&status=delivered")).ids().is_empty());
    assert_eq!(owner.get(&deliveries(&endpoint, "&limit=1")).ok()["data"][0]["attempts"].as_array().unwrap().len(), 4);
}

#[test]
fn a_receiver_that_asks_for_time_is_given_some() {
    let (town, receiver) = (hasty(5, "0.1", 3600), Receiver::start());
    let owner = town.owner();
    endpoint(&owner, &receiver, json!({}));
    receiver.does(How::Answer(429, "retry-after: 2\r\n".into(), b"slowly".to_vec()));
    make::contact(&owner, json!({}));
    let came = receiver.parcels(2);
    assert!(came[1].at - came[0].at >= Duration::from_millis(1900), "{:?}", came[1].at - came[0].at);
}

/// Whatever comes back, it costs little, leads nowhere, and tells no secret.
#[test]
fn hostile_receivers_are_borne() {
    let town = hasty(0, "", 3600);
    let owner = town.owner();
    let elsewhere = Receiver::start();
    let bomb = vec![0x1f; 200_000];
    let redirect = |status| How::Answer(status, format!("location: {}\r\n", elsewhere.url()), Vec::new());
    for (how, error, status) in [
        (redirect(301), json!("status"), json!(301)),
        (redirect(307), json!("status"), json!(307)),
        (How::Answer(302, "location: http://169.254.169.254/latest/\r\n".into(), vec![]), json!("status"), json!(302)),
        (How::Endless, Value::Null, json!(200)),
        (How::Answer(200, "content-encoding: gzip\r\n".into(), bomb), Value::Null, json!(200)),
        (How::HangUp, json!("broken"), Value::Null),
    ] {
        let receiver = Receiver::start();
        let endpoint = endpoint(&owner, &receiver, json!({}));
        receiver.does(how.clone());
        owner.act(&format!("{}/test", path(&endpoint))).is(202);
        let one = tried(&owner, &endpoint, 1);
        let attempt = &one["attempts"][0];
        assert_eq!((&attempt["error"], &attempt["status"]), (&error, &status), "{how:?}: {one}");
        assert!(attempt["answer"].as_str().unwrap_or_default().chars().count() <= 200);
        owner.delete(&path(&endpoint)).is(204);
    }
    assert_eq!(elsewhere.kept().len(), 0, "no redirect is followed");
}

#[test]
fn bad_tls_and_nobody_at_all_are_failures() {
    let (town, receiver) = (hasty(0, "", 3600), Receiver::start());
    let owner = town.owner();
    let plain = endpoint(&owner, &receiver, json!({"url": receiver.url().replace("http:", "https:")}));
    let nobody = endpoint(&owner, &receiver, json!({"url": "http://127.0.0.1:1/"}));
    for (endpoint, error) in [(&plain, "broken"), (&nobody, "unreachable")] {
        owner.act(&format!("{}/test", path(endpoint))).is(202);
        assert_eq!(tried(&owner, endpoint, 1)["attempts"][0]["error"], error);
    }
    assert_eq!(receiver.kept().len(), 0);
}

/// A receiver that says back what it was sent is not written down.
#[test]
fn an_answer_that_tells_what_signed_the_request_is_not_kept() {
    let (town, receiver) = (hasty(0, "", 3600), Receiver::start());
    let owner = town.owner();
    let endpoint = endpoint(&owner, &receiver, json!({}));
    let secret = make::id(&endpoint, "secret");
    receiver.does(How::Answer(400, String::new(), format!("bad signature by {secret}").into_bytes()));
    owner.act(&format!("{}/test", path(&endpoint))).is(202);
    assert_eq!(tried(&owner, &endpoint, 1)["attempts"][0]["answer"], "***");
}

#[test]
fn whoever_stalls_is_left_after_fifteen_seconds() {
    let (town, receiver) = (hasty(0, "", 3600), Receiver::start());
    let owner = town.owner();
    let endpoint = endpoint(&owner, &receiver, json!({}));
    receiver.does(How::Stall(Duration::from_secs(60)));
    let since = Instant::now();
    owner.act(&format!("{}/test", path(&endpoint))).is(202);
    let one = tried(&owner, &endpoint, 1);
    assert_eq!((&one["attempts"][0]["error"], &one["status"]), (&json!("timed_out"), &json!("failed")));
    assert!((14..20).contains(&since.elapsed().as_secs()), "{:?}", since.elapsed());
    let took = one["attempts"][0]["duration_ms"].as_i64().unwrap();
    assert!((14_500..17_000).contains(&took), "{took}");
}

#[test]
fn whoever_is_gone_for_good_is_sent_nothing_more() {
    let (town, receiver) = (hasty(5, "0.1", 3600), Receiver::start());
    let owner = town.owner();
    let endpoint = endpoint(&owner, &receiver, json!({}));
    let witness = Receiver::start();
    super::endpoint(&owner, &witness, json!({"events": ["webhook_endpoint.disabled"]}));
    receiver.does(How::status(410));
    make::contact(&owner, json!({}));
    let off = disabled(&owner, &endpoint);
    assert_eq!((off["disabled_reason"].as_str(), off["disabled_at"].is_string()), (Some("gone"), true), "{off}");
    make::contact(&owner, json!({}));
    let told = witness.parcels(1)[0].json();
    assert_eq!((&told["record_id"], &told["data"]["disabled_reason"]), (&endpoint["id"], &json!("gone")));
    std::thread::sleep(Duration::from_millis(800));
    assert_eq!(receiver.kept().len(), 1);
}

/// Nothing came through for days: those who set it up, and the owners, are told by letter and by an event.
#[test]
fn an_endpoint_that_takes_nothing_for_days_is_disabled_with_notice() {
    let (smtp, receiver) = (Smtp::start(), Receiver::start());
    let mail = platform::mail::Settings {
        smtp_url: Some(format!("smtp://{}", smtp.addr)),
        from: Some("Guanxi <guanxi@town.example>".into()),
        public_url: "https://app.town.example".into(),
    };
    let town = Town::configured(|config| {
        config.mail = mail;
        config.webhooks = Settings::of(&["0.2"; 30].join(","), 1).unwrap();
    });
    let admin = town.client(Person::Admin);
    let endpoint = endpoint(&admin, &receiver, json!({}));
    receiver.does(How::status(500));
    make::contact(&admin, json!({}));
    let off = disabled(&admin, &endpoint);
    assert_eq!(off["disabled_reason"], "failing");
    for person in [Person::Admin, Person::Owner] {
        let letter = smtp.letters(&person.email(), 1).remove(0);
        assert!(letter.text.contains(&receiver.url()) && letter.text.contains("Town"), "{}", letter.text);
    }
    let waiting = admin.get(&deliveries(&endpoint, "&status=pending")).ids();
    assert_eq!(waiting.len(), 1, "what waits is kept");
    receiver.does(How::fine());
    admin.act(&format!("{}/enable", path(&endpoint))).ok();
    until("delivered", || !admin.get(&deliveries(&endpoint, "&status=delivered")).ids().is_empty());
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(smtp.kept().len(), 2, "one letter each");
}
