//! What becomes of letters and last days when workers die.
use super::offers::path;
use crate::support::{Smtp, Town, json, make};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// A worker that ends with the test.
pub struct Worker(pub Child);

impl Worker {
    pub fn start(town: &Town, smtp: &Smtp, crash: &str) -> Self {
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
fn a_worker_that_dies_loses_no_letter_and_ends_nothing_twice() {
    let smtp = Smtp::start();
    let town = Town::configured(|config| {
        config.jobs = false;
        config.mail.smtp_url = Some(format!("smtp://{}", smtp.addr));
        config.mail.from = Some("Guanxi <guanxi@town.example>".into());
    });
    let owner = town.owner();
    let quote = make::quote(&owner, json!({}));
    owner.post(&format!("{}/send", path(&quote)), json!({"to": "a@x.example"})).ok();
    let _ = Worker::start(&town, &smtp, "quote_letter_sent").0.wait();
    let first = smtp.letters("a@x.example", 1).remove(0);
    let over = make::quote(&owner, json!({"valid_until_on": "2099-01-01"}));
    owner.post(&format!("{}/send", path(&over)), json!({"to": "b@x.example"})).ok();
    let id = make::id(&over, "id");
    town.database.run(&format!("UPDATE quotes SET valid_until_on = '2020-01-01' WHERE id = '{id}'"));
    let _ = Worker::start(&town, &smtp, "quote_expired").0.wait();
    let told = format!("SELECT count(*) FROM event_log WHERE name = 'quote.expired' AND object_id = '{id}'");
    assert_eq!((town.database.count(&told), owner.get(&path(&over)).ok()["status"].clone()), (0, json!("sent")));
    let _worker = Worker::start(&town, &smtp, "nowhere");
    until("it is not ended", || owner.get(&path(&over)).ok()["status"] == "expired");
    assert_eq!(town.database.count(&told), 1);
    // sent once more it is the same letter, and whichever has arrived is good
    let again = smtp.letters("a@x.example", 2).remove(1);
    let named = |head: &str| head.lines().find(|line| line.to_lowercase().starts_with("message-id")).map(str::to_owned);
    assert_eq!((named(&first.head).is_some(), named(&first.head)), (true, named(&again.head)));
    assert_ne!(first.token(), again.token());
    for token in [first.token(), again.token()] {
        assert_eq!(town.anonymous().get(&format!("/q/{token}")).ok()["status"], "sent");
    }
}
