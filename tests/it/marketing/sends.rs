//! Who gets a send, and that nobody gets two.
use crate::support::{Client, Person, Smtp, Town, Value, json, make};
use std::time::{Duration, Instant};

/// Somebody with an address, who has agreed.
pub fn reader(client: &Client, email: &str) -> Value {
    let contact = make::contact(client, json!({"given_name": "Wei", "email": email}));
    make::consent(client, json!({"contact_id": contact["id"]}));
    contact
}

#[track_caller]
pub fn until(client: &Client, send: &Value, status: &str) -> Value {
    let (place, since) = (format!("/v1/sends/{}", make::id(send, "id")), Instant::now());
    loop {
        let now = client.get(&place).ok();
        if now["status"] == status {
            return now;
        }
        assert!(since.elapsed() < Duration::from_secs(30), "{now}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

pub fn schedule(client: &Client, send: &Value) {
    client.post(&format!("/v1/sends/{}/schedule", make::id(send, "id")), json!({})).ok();
}

#[test]
fn an_audience_is_counted_by_the_reasons_that_keep_somebody_out() {
    let town = Town::start();
    let owner = town.owner();
    let chosen = reader(&owner, "chosen@x.example");
    let without = make::contact(&owner, json!({}));
    let silent = make::contact(&owner, json!({"email": "silent@x.example"}));
    let alone = make::contact(&owner, json!({"email": "alone@x.example", "do_not_contact": true}));
    let left_out = reader(&owner, "left@x.example");
    let bounced = reader(&owner, "bounced@x.example");
    make::suppression(&owner, json!({"address": "bounced@x.example"}));
    let other = reader(&owner, "other@x.example");
    make::suppression(&owner, json!({"address": "other@x.example", "purpose": "surveys"}));
    let all = [&chosen, &without, &silent, &alone, &left_out, &bounced, &other];
    let (plus, minus) = (make::segment_of(&owner, &all), make::segment_of(&owner, &[&left_out]));
    let terms = json!({"channel": "email", "purpose": "newsletter", "segment_ids": [plus["id"]],
        "exclude_segment_ids": [minus["id"]]});
    let counted = owner.post("/v1/audiences/count", &terms).ok();
    let told =
        ["chosen", "excluded", "do_not_contact", "no_address", "suppressed", "no_consent"].map(|name| &counted[name]);
    assert_eq!(told.map(|count| count.as_i64().unwrap()), [2, 1, 1, 1, 1, 1], "{counted}");
    let receipt = make::with(terms, json!({"is_transactional": true}));
    assert_eq!(owner.post("/v1/audiences/count", receipt).ok()["chosen"], 4);
    let of_accounts =
        owner.post("/v1/segments", json!({"name": "a", "resource": "account", "kind": "static"})).created();
    let wrong = json!({"channel": "email", "purpose": "newsletter", "segment_ids": [of_accounts["id"]]});
    owner.post("/v1/audiences/count", wrong).refused(422, "invalid");
}

#[test]
fn a_send_reaches_each_of_its_audience_once() {
    let smtp = Smtp::start();
    let town = Town::mailing(&smtp);
    let owner = town.owner();
    let readers: Vec<Value> = (0..5).map(|at| reader(&owner, &format!("reader{at}@x.example"))).collect();
    let segments =
        [make::segment_of(&owner, &readers.iter().collect::<Vec<_>>()), make::segment_of(&owner, &[&readers[0]])];
    let send = make::send(&owner, json!({"segment_ids": [segments[0]["id"], segments[1]["id"]], "per_minute": 6000}));
    let place = format!("/v1/sends/{}", make::id(&send, "id"));
    schedule(&owner, &send);
    owner.patch(&place, json!({"per_minute": 1})).refused(409, "send_fixed");
    owner.post(&format!("{place}/schedule"), json!({})).refused(409, "send_transition_refused");
    let done = until(&owner, &send, "done");
    assert_eq!(done["audience"]["chosen"], 5);
    for at in 0..5 {
        let letters = smtp.letters(&format!("reader{at}@x.example"), 1);
        assert_eq!(letters.len(), 1);
        assert!(letters[0].head.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"), "{}", letters[0].head);
        assert!(letters[0].text.contains("Hello Wei"), "{}", letters[0].text);
    }
    let report = owner.get(&format!("{place}/report")).ok();
    assert_eq!((&report["sent"], &report["queued"]), (&json!(5), &json!(0)));
    let filter = format!("/v1/deliveries?send_id={}", make::id(&send, "id"));
    let one = owner.get(&filter).ids().remove(0);
    assert_eq!(owner.get(&format!("/v1/deliveries/{one}/events")).ok()[0]["kind"], "sent");
    let members = format!("/v1/campaign-members?campaign_id={}&status=sent", make::id(&send, "campaign_id"));
    assert_eq!(owner.get(&members).ids().len(), 5);
    assert!(town.client(Person::Stranger).get("/v1/deliveries").ids().is_empty());
}

#[test]
fn a_draft_can_be_changed_and_what_is_cancelled_is_not_sent() {
    let smtp = Smtp::start();
    let town = Town::mailing(&smtp);
    let owner = town.owner();
    let segment = make::segment_of(&owner, &[&reader(&owner, "late@x.example")]);
    let send = make::send(&owner, json!({"segment_ids": [segment["id"]], "scheduled_at": "2099-01-01T00:00:00Z"}));
    let place = format!("/v1/sends/{}", make::id(&send, "id"));
    owner.patch(&place, json!({"quiet_from": "21:00"})).refused(422, "invalid");
    owner.patch(&place, json!({"quiet_from": "25:00", "quiet_until": "08:00"})).refused(422, "invalid");
    owner.patch(&place, json!({"quiet_from": "21:00", "quiet_until": "08:00"})).ok();
    schedule(&owner, &send);
    owner.act(&format!("{place}/pause")).refused(409, "send_transition_refused");
    assert_eq!(owner.act(&format!("{place}/cancel")).ok()["status"], "cancelled");
    owner.delete(&place).refused(409, "send_fixed");
    assert!(smtp.kept().is_empty());
    let draft = make::send(&owner, json!({}));
    owner.delete(&format!("/v1/sends/{}", make::id(&draft, "id"))).is(204);
}

#[test]
fn what_a_dead_worker_held_is_not_sent_again() {
    let smtp = Smtp::start();
    let town = Town::mailing(&smtp);
    let owner = town.owner();
    let segment = make::segment_of(&owner, &[&reader(&owner, "held@x.example")]);
    let send =
        make::send(&owner, json!({"segment_ids": [segment["id"]], "quiet_from": "00:00", "quiet_until": "23:59"}));
    schedule(&owner, &send);
    until(&owner, &send, "sending");
    // as a worker leaves it that was killed between the mail server's answer and its own
    town.database
        .run("UPDATE deliveries SET status = 'sending', claimed_at = now() - interval '1 hour', due_at = now()");
    until(&owner, &send, "done");
    let report = owner.get(&format!("/v1/sends/{}/report", make::id(&send, "id"))).ok();
    assert_eq!((&report["unknown"], &report["sent"]), (&json!(1), &json!(0)));
    assert!(smtp.kept().iter().all(|mail| mail.to != "held@x.example"));
}
