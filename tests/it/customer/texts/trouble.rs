//! Codes by text message, while others hold them up: those who ask too often, gateways that are down, workers that die.
use super::{SECRET, ask, code, earlier, is, newest, point, say, settings, town};
use crate::platform::until;
use crate::support::{How, Receiver, Town, json};
use std::process::Stdio;

/// What waits to be tried again is tried at once.
fn hurry(town: &Town) {
    town.database.run("UPDATE jobs SET run_at = now() WHERE kind = 'verification' AND status = 'queued'");
}

#[test]
fn one_goes_to_a_number_in_a_minute_and_five_in_a_day() {
    let gateway = Receiver::start();
    let town = town(&gateway);
    let owner = town.owner();
    // two people may share a number
    let (one, other) = (point(&owner, json!({})), point(&owner, json!({})));
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let owner = &owner;
        let all = [&one, &other].repeat(4).into_iter().map(|point| scope.spawn(move || ask(owner, point).status));
        all.collect::<Vec<_>>().into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 202).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 7, "{statuses:?}");
    for _ in 0..4 {
        ask(&owner, &other).refused(429, "verification_too_many");
        earlier(&town, "2 minutes");
        ask(&owner, &one).is(202);
    }
    earlier(&town, "2 minutes");
    ask(&owner, &other).refused(429, "verification_too_many");
    assert_eq!(gateway.parcels(5).len(), 5);
    earlier(&town, "1 day");
    ask(&owner, &other).is(202);
    gateway.parcels(6);
}

#[test]
fn what_a_gateway_refuses_is_told_and_what_is_down_is_tried_again() {
    let gateway = Receiver::start();
    let town = town(&gateway);
    let owner = town.owner();
    let point = point(&owner, json!({}));
    gateway.does(How::status(422));
    ask(&owner, &point).is(202);
    until("refused", || is(&owner, &point, "failed"));
    assert_eq!((&newest(&owner, &point)["failure"], gateway.many()), (&json!("sms_refused"), 1));
    assert_eq!(say(&owner, &point, &code(&gateway.kept()[0].json())), false, "what did not go out is no code");
    // a gateway that comes back
    gateway.does(How::status(503));
    earlier(&town, "2 minutes");
    ask(&owner, &point).is(202);
    gateway.parcels(3);
    assert!(is(&owner, &point, "queued"));
    gateway.does(How::fine());
    until("sent", || {
        hurry(&town);
        is(&owner, &point, "sent")
    });
    let sent: Vec<_> = gateway.since(1);
    assert!(sent.iter().all(|one| (one.id(), &one.body) == (sent[0].id(), &sent[0].body)), "one message");
    assert_eq!(say(&owner, &point, &code(&sent[0].json())), true);
    // and one that does not
    let before = gateway.many();
    gateway.does(How::HangUp);
    earlier(&town, "2 minutes");
    ask(&owner, &point).is(202);
    until("given up", || {
        hurry(&town);
        is(&owner, &point, "failed")
    });
    assert_eq!((&newest(&owner, &point)["failure"], gateway.many() - before), (&json!("busy"), 5));
    let ended = "SELECT status FROM jobs WHERE kind = 'verification' ORDER BY created_at";
    assert_eq!(town.database.column(ended), ["failed", "succeeded", "failed"]);
}

#[test]
fn what_did_not_go_out_counts_for_no_day() {
    let gateway = Receiver::start();
    let town = town(&gateway);
    let owner = town.owner();
    let point = point(&owner, json!({}));
    gateway.does(How::status(400));
    for _ in 0..6 {
        ask(&owner, &point).is(202);
        until("refused", || is(&owner, &point, "failed"));
        // of one that failed the minute counts all the same
        ask(&owner, &point).refused(429, "verification_too_many");
        earlier(&town, "2 minutes");
    }
    gateway.does(How::fine());
    ask(&owner, &point).is(202);
    until("sent", || is(&owner, &point, "sent"));
}

/// A worker that dies with a message sent and not noted: it is sent once more, by the same id and with the same code.
#[test]
fn a_code_that_is_sent_twice_is_one_code() {
    let gateway = Receiver::start();
    let town = Town::configured(|config| (config.jobs, config.sms) = (false, settings(&gateway)));
    let owner = town.owner();
    let point = point(&owner, json!({}));
    ask(&owner, &point).is(202);
    let worker = |crash: &str| {
        let mut program = town.program(&["worker"]);
        program.env("GUANXI_SMS_URL", gateway.url()).env("GUANXI_SMS_SECRET", SECRET);
        program.env("GUANXI_OUTBOUND_ALLOW", "127.0.0.0/8").env("GUANXI_JOB_LEASE", "2");
        program.env("GUANXI_TEST_CRASH", crash).stdout(Stdio::null()).stderr(Stdio::null());
        program.spawn().unwrap()
    };
    worker("verification_sent").wait().unwrap();
    assert_eq!((gateway.many(), is(&owner, &point, "queued")), (1, true));
    let mut second = worker("");
    let both = gateway.parcels(2);
    until("sent", || is(&owner, &point, "sent"));
    let _ = second.kill();
    let _ = second.wait();
    assert_eq!((gateway.many(), both[0].id(), &both[0].body), (2, both[1].id(), &both[1].body));
    assert_eq!(say(&owner, &point, &code(&both[0].json())), true);
}
