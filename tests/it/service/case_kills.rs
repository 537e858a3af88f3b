//! What becomes of answers when workers die.
use super::case_mails::{mail, put};
use super::cases::path;
use crate::support::{Smtp, Town, json, make};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// A worker that ends with the test.
struct Worker(Child);

impl Worker {
    fn start(town: &Town, smtp: &Smtp, crash: &str) -> Self {
        let mut command = town.program(&["worker"]);
        command.env("GUANXI_TEST_CRASH", crash).env("GUANXI_JOB_LEASE", "2");
        command.env("GUANXI_SMTP_URL", format!("smtp://{}", smtp.addr));
        command.env("GUANXI_MAIL_FROM", "Guanxi <guanxi@town.example>");
        command.env("GUANXI_PUBLIC_URL", "https://app.town.example");
        Self(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub fn until(what: &str, done: impl Fn() -> bool) {
    let since = Instant::now();
    while !done() {
        assert!(since.elapsed() < Duration::from_secs(30), "{what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn an_answer_whose_worker_dies_is_the_same_mail_and_is_marked_once() {
    let smtp = Smtp::start();
    let town = Town::configured(|config| {
        config.jobs = false;
        config.mail.smtp_url = Some(format!("smtp://{}", smtp.addr));
        config.mail.from = Some("Guanxi <guanxi@town.example>".into());
    });
    let owner = town.owner();
    make::case_inbox(&owner, json!({"address": "help@house.example"}));
    put(&owner, &mail("From: a@x.example\nTo: help@house.example\nMessage-ID: <1@x.example>\nSubject: Tea", "Wet"));
    let case = owner.get("/v1/cases").ok()["data"][0].clone();
    let said = owner.post(&format!("{}/messages", path(&case)), json!({"body": "Sorry."})).created();
    let place = format!("/v1/case-messages/{}", make::id(&said, "id"));
    let _ = Worker::start(&town, &smtp, "case_letter_sent").0.wait();
    let first = smtp.letters("a@x.example", 1).remove(0);
    assert_eq!(owner.get(&place).ok()["delivery"], "queued");
    let _worker = Worker::start(&town, &smtp, "nowhere");
    until("it is not sent", || owner.get(&place).ok()["delivery"] == "sent");
    let named = |head: &str| head.lines().find(|line| line.to_lowercase().starts_with("message-id")).map(str::to_owned);
    let all = smtp.letters("a@x.example", 2);
    assert!(named(&first.head).is_some());
    assert!(all.iter().all(|letter| named(&letter.head) == named(&first.head)), "{all:?}");
    assert_eq!((all.len(), owner.get(&place).ok()["version"].clone()), (2, json!(2)));
}
