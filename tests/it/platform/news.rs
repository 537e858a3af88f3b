//! Letters of what has happened: as their reader wants them, in their language, once, whatever dies.
use super::webhooks::until;
use crate::support::{Client, Person, Smtp, Town, Value, json, make};
use std::process::{Child, Stdio};

fn wants(client: &Client, wanted: Value) -> Value {
    client.put("/v1/me/notification-preferences", wanted).ok()
}

fn given(owner: &Client, town: &Town, to: Person) -> Value {
    make::contact(owner, json!({"owner_id": town.user(to), "display_name": "Secret Name"}))
}

#[test]
fn what_is_wanted_is_kept_and_told() {
    let town = Town::start();
    let rep = town.client(Person::Rep);
    let first = rep.get("/v1/me/notification-preferences").ok();
    assert_eq!(
        (&first["followed"], &first["daily_at"]),
        (&json!({"in_app": true, "email": "off", "push": true}), &json!("08:00"))
    );
    let said = wants(&rep, json!({"assigned": {"email": "daily"}, "quiet_from": "22:00", "quiet_until": "07:30"}));
    assert_eq!(
        (&said["assigned"], &said["quiet_until"]),
        (&json!({"in_app": true, "email": "daily", "push": true}), &json!("07:30"))
    );
    assert_eq!(rep.get("/v1/me/notification-preferences").ok(), said);
    assert_eq!(town.owner().get("/v1/me/notification-preferences").ok(), first, "each has their own");
    for bad in [
        json!({"assigned": {"email": "sometimes"}}),
        json!({"quiet_from": "22:00"}),
        json!({"daily_at": "24:00"}),
        json!({"daily_at": "8:00"}),
        json!({"nonsense": {}}),
    ] {
        rep.put("/v1/me/notification-preferences", bad).refused(422, "invalid");
    }
}

#[test]
fn a_letter_comes_at_once_in_the_language_of_its_reader() {
    let smtp = Smtp::start();
    let town = Town::mailing(&smtp);
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    rep.patch("/v1/me", json!({"locale": "zh-Hans"})).ok();
    wants(&rep, json!({"assigned": {"email": "immediately", "in_app": false}}));
    let contact = given(&owner, &town, Person::Rep);
    given(&owner, &town, Person::Mate);
    let letters = smtp.letters(&Person::Rep.email(), 1);
    assert!(letters[0].text.contains("现由你负责"), "{}", letters[0].text);
    let link = format!("https://app.town.example/contacts/{}", make::id(&contact, "id"));
    assert!(letters[0].text.contains(&link) && !letters[0].text.contains("Secret"), "{}", letters[0].text);
    assert_eq!(rep.get("/v1/me/notifications").ids(), Vec::<String>::new(), "by letter alone");
    assert_eq!(smtp.kept().len(), 1, "nobody else wants letters");
}

/// A worker that ends with the test.
struct Worker(Child);

impl Worker {
    fn start(town: &Town, smtp: &Smtp, crash: &str) -> Self {
        let mut command = town.program(&["worker"]);
        command
            .env("GUANXI_SMTP_URL", format!("smtp://{}", smtp.addr))
            .env("GUANXI_MAIL_FROM", "Guanxi <guanxi@town.example>")
            .env("GUANXI_PUBLIC_URL", "https://app.town.example")
            .env("GUANXI_JOB_LEASE", "2")
            .env("GUANXI_TEST_CRASH", crash);
        Self(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Of a day is one letter, by however many workers; what was read meanwhile, or is seen no more, is not in it.
#[test]
fn a_letter_of_the_day_tells_of_all_of_it_once() {
    let smtp = Smtp::start();
    let town = Town::idle();
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    wants(&rep, json!({"assigned": {"email": "daily"}}));
    let all: Vec<Value> = (0..6).map(|_| given(&owner, &town, Person::Rep)).collect();
    let workers = [Worker::start(&town, &smtp, ""), Worker::start(&town, &smtp, "")];
    until("put down", || rep.get("/v1/me/notifications").ids().len() == 6);
    std::thread::sleep(std::time::Duration::from_secs(1));
    assert_eq!(smtp.kept().len(), 0, "the day is not over");
    let due = town.database.column("SELECT DISTINCT to_char(mail_at, 'HH24:MI') FROM notifications");
    assert_eq!(due, ["08:00"]);
    let read = rep.get("/v1/me/notifications?limit=1").ids();
    rep.post("/v1/me/notifications/mark", json!({"status": "read", "ids": read})).is(204);
    let gone = format!("/v1/contacts/{}", make::id(&all[0], "id"));
    owner.patch(&gone, json!({"owner_id": town.user(Person::Stranger), "team_id": null})).ok();
    town.database.run("UPDATE notifications SET mail_at = now() WHERE mail_at IS NOT NULL");
    let letters = smtp.letters(&Person::Rep.email(), 1);
    std::thread::sleep(std::time::Duration::from_secs(2));
    assert_eq!(smtp.kept().len(), 1);
    drop(workers);
    let text = &letters[0].text;
    assert_eq!(text.matches("https://app.town.example/contacts/").count(), 4, "{text}");
    assert!(!text.contains(&make::id(&all[0], "id")), "{text}");
}

/// A worker that dies with a letter sent and not noted: it is sent once more at most, by the same Message-ID.
#[test]
fn a_letter_that_is_sent_twice_is_known_for_the_same() {
    let smtp = Smtp::start();
    let town = Town::idle();
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    wants(&rep, json!({"assigned": {"email": "immediately"}}));
    given(&owner, &town, Person::Rep);
    let mut first = Worker::start(&town, &smtp, "notify_letter_put_down");
    let _ = first.0.wait();
    assert_eq!(town.database.count("SELECT count(*) FROM jobs"), 0);
    let mut second = Worker::start(&town, &smtp, "notify_letter_sent");
    let _ = second.0.wait();
    assert_eq!(smtp.letters(&Person::Rep.email(), 1).len(), 1);
    let _third = Worker::start(&town, &smtp, "");
    let letters = smtp.letters(&Person::Rep.email(), 2);
    std::thread::sleep(std::time::Duration::from_secs(1));
    assert_eq!(smtp.kept().len(), 2);
    let id = |at: usize| letters[at].head.lines().find(|line| line.starts_with("Message-ID:")).unwrap().to_owned();
    assert_eq!(id(0), id(1));
    let done = "SELECT status FROM jobs WHERE kind = 'notification_letter'";
    until("ended", || town.database.text(done) == "succeeded");
}
