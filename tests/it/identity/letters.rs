//! Letters and the links they bring: invitations, new passwords, addresses that are proved.
use super::{out_soon, tokens, with};
use crate::support::people::PASSWORD;
use crate::support::{Client, Person, Smtp, Town, Value, json, make};
use std::time::Instant;

const NEW: &str = "a lantern over the bridge";

fn login(town: &Town, email: &str, password: &str) -> crate::support::Answer {
    town.anonymous().post("/v1/auth/login", json!({"email": email, "password": password}))
}

fn ask(client: &Client, email: &str) -> crate::support::Answer {
    client.post("/v1/auth/request-password-reset", json!({"email": email}))
}

fn choose(town: &Town, how: &str, token: &str, password: &str) -> crate::support::Answer {
    town.anonymous().post(&format!("/v1/auth/{how}"), json!({"token": token, "password": password}))
}

fn invite(town: &Town, extra: Value) -> (Value, Value) {
    let user = make::user(&town.owner(), extra);
    let invited = town.owner().act(&format!("/v1/users/{}/invite", make::id(&user, "id")));
    assert_eq!(invited.header("cache-control"), "no-store");
    (user, invited.ok())
}

#[test]
fn who_is_invited_chooses_a_password_and_comes_in() {
    let smtp = Smtp::start();
    let town = Town::mailing(&smtp);
    let (user, invitation) = invite(&town, json!({"display_name": "Eve\nBcc: x@y.example", "locale": "zh-TW"}));
    assert_eq!(invitation["link"], Value::Null);
    let email = make::id(&user, "email");
    let letter = smtp.letters(&email, 1).remove(0);
    assert!(letter.link().starts_with("https://app.town.example/accept-invitation#token=gxl_"), "{}", letter.link());
    assert!(letter.text.contains("請在此設定密碼"), "{}", letter.text);
    assert!(letter.head.lines().all(|line| !line.starts_with("Bcc")), "{}", letter.head);
    login(&town, &email, NEW).refused(401, "invalid_credentials");
    for weak in ["short", "Password123", &email] {
        choose(&town, "accept-invitation", &letter.token(), weak).refused(422, "invalid");
    }
    // a link is for what it is for
    choose(&town, "reset-password", &letter.token(), NEW).refused(422, "link_invalid");
    choose(&town, "accept-invitation", &letter.token(), NEW).is(204);
    choose(&town, "accept-invitation", &letter.token(), PASSWORD).refused(422, "link_invalid");
    login(&town, &email, NEW).ok();
    let after = town.owner().get(&format!("/v1/users/{}", make::id(&user, "id"))).ok();
    assert!(after["email_verified_at"].is_string(), "{after}");
    // its text was never written down
    let secret = letter.token();
    for table in ["jobs", "links", "event_log", "audit_log"] {
        let rows = town.database.column(&format!("SELECT t::text FROM {table} t"));
        assert!(rows.iter().all(|row| !row.contains(&secret)), "{table}");
    }
}

#[test]
fn without_mail_the_link_is_told_to_who_invites() {
    let town = Town::start();
    let (user, invitation) = invite(&town, json!({}));
    let link = make::id(&invitation, "link");
    let token = link.strip_prefix("https://app.town.example/accept-invitation#token=").unwrap();
    choose(&town, "accept-invitation", token, NEW).is(204);
    login(&town, &make::id(&user, "email"), NEW).ok();
    // which proves nothing about the mailbox
    let after = town.owner().get(&format!("/v1/users/{}", make::id(&user, "id"))).ok();
    assert_eq!(after["email_verified_at"], Value::Null);
    town.owner().act("/v1/me/verify-email").refused(409, "mail_not_configured");
    ask(&town.anonymous(), "rep@town.example").is(202);
}

#[test]
fn who_may_not_change_a_user_does_not_invite_them() {
    let town = Town::start();
    let path = |person: Person| format!("/v1/users/{}/invite", town.user(person));
    town.client(Person::Rep).act(&path(Person::Mate)).refused(403, "forbidden");
    // an administrator does not come by an owner's rights
    assert_eq!(town.client(Person::Admin).act(&path(Person::Owner)).status, 403);
    town.client(Person::Foreigner).act(&path(Person::Rep)).refused(404, "not_found");
}

#[test]
fn a_forgotten_password_is_replaced_and_all_sessions_end() {
    let smtp = Smtp::start();
    let town = Town::mailing(&smtp);
    let old = tokens(&town, Person::Rep);
    let forged = town
        .anonymous()
        .with("x-forwarded-host", "evil.example")
        .with("forwarded", "host=evil.example")
        .with("x-original-host", "evil.example");
    let known = ask(&forged, "REP@town.example ");
    let unknown = ask(&forged, "nobody@nowhere.example");
    assert_eq!((known.status, &known.body), (202, &unknown.body));
    let letter = smtp.letters("rep@town.example", 1).remove(0);
    assert!(letter.link().starts_with("https://app.town.example/reset-password#token="), "{}", letter.link());
    assert!(!letter.text.contains("evil") && !letter.head.contains("evil"));
    // of many who have the link one comes through
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..8)
            .map(|at| {
                let (town, token) = (&town, letter.token());
                scope.spawn(move || choose(town, "reset-password", &token, &format!("{NEW} {at}")).status)
            })
            .collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 204).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [204, 422].contains(status)), "{statuses:?}");
    out_soon(&with(&town, &old), "/v1/me", 401);
    login(&town, "rep@town.example", PASSWORD).refused(401, "invalid_credentials");
    let winner = statuses.iter().position(|status| *status == 204).unwrap();
    login(&town, "rep@town.example", &format!("{NEW} {winner}")).ok();
    assert!(smtp.kept().iter().all(|mail| mail.to != "nobody@nowhere.example"));
    assert_eq!(town.database.count("SELECT count(*) FROM jobs WHERE kind = 'password_reset'"), 0);
}

#[test]
fn a_link_expires_and_goes_with_its_address() {
    let smtp = Smtp::start();
    let town = Town::mailing(&smtp);
    ask(&town.anonymous(), "rep@town.example").is(202);
    let letter = smtp.letters("rep@town.example", 1).remove(0);
    let minutes = "SELECT round(extract(epoch FROM expires_at - created_at) / 60)::bigint FROM links";
    assert_eq!(town.database.count(minutes), 30);
    // nobody is sent a second one at once
    ask(&town.anonymous(), "rep@town.example").is(202);
    town.database.run("UPDATE links SET expires_at = now() - interval '1 second'");
    choose(&town, "reset-password", &letter.token(), NEW).refused(422, "link_invalid");
    town.database.run("UPDATE links SET expires_at = now() + interval '1 hour'");
    town.database.run("UPDATE users SET email = 'elsewhere@town.example' WHERE email = 'rep@town.example'");
    choose(&town, "reset-password", &letter.token(), NEW).refused(422, "link_invalid");
    town.database
        .run("UPDATE users SET email = 'rep@town.example', is_active = false WHERE email = 'elsewhere@town.example'");
    choose(&town, "reset-password", &letter.token(), NEW).refused(422, "link_invalid");
    for junk in ["", "gxl_", &"x".repeat(90), &letter.token()[1..]] {
        choose(&town, "reset-password", junk, NEW).refused(422, "link_invalid");
    }
    assert_eq!(smtp.kept().len(), 1);
}

#[test]
fn a_new_address_has_to_be_proved() {
    let smtp = Smtp::start();
    let town = Town::mailing(&smtp);
    let rep = town.client(Person::Rep);
    rep.act("/v1/me/verify-email").is(202);
    let first = smtp.letters("rep@town.example", 1).remove(0);
    let verify = |token: &str| town.anonymous().post("/v1/auth/verify-email", json!({"token": token}));
    verify(&first.token()).is(204);
    verify(&first.token()).refused(422, "link_invalid");
    assert!(rep.get("/v1/me").ok()["user"]["email_verified_at"].is_string());
    let path = format!("/v1/users/{}", town.user(Person::Rep));
    let moved = town.owner().patch(&path, json!({"email": "moved@town.example"})).ok();
    assert_eq!(moved["email_verified_at"], Value::Null);
    verify(&smtp.letters("moved@town.example", 1)[0].token()).is(204);
    let again = town.owner().patch(&path, json!({"email": "moved@town.example"})).ok();
    assert!(again["email_verified_at"].is_string());
}

/// Whether there is such a user cannot be told by the clock: the same statement is done for both.
#[test]
fn asking_for_a_known_address_takes_as_long_as_for_an_unknown_one() {
    let town = Town::idle();
    let client = town.anonymous();
    let mut took = [Vec::new(), Vec::new()];
    for at in 0..400 {
        let email = ["rep@town.example", "nobody@nowhere.example"][at % 2];
        let since = Instant::now();
        ask(&client, email).is(202);
        took[at % 2].push(since.elapsed().as_secs_f64());
    }
    let median = |times: &mut Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    let [known, unknown] = &mut took;
    let ratio = median(known) / median(unknown);
    println!("known ÷ unknown: {ratio:.3}");
    assert!((0.5..2.0).contains(&ratio), "{ratio}");
}
