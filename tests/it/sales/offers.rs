//! A quote on its way to the customer and back: the letter with its PDF, the link, what is said by it, and who wins where
//! two decide at once.
use crate::support::{Client, Person, Smtp, Town, Value, json, make};
use std::time::{Duration, Instant};

pub fn path(quote: &Value) -> String {
    format!("/v1/quotes/{}", make::id(quote, "id"))
}

/// A quote that was sent, and the token of its letter.
fn sent(town: &Town, smtp: &Smtp, to: &str, extra: Value) -> (Value, String) {
    let owner = town.owner();
    let quote = make::quote(&owner, extra);
    let sent = owner.post(&format!("{}/send", path(&quote)), json!({"to": to, "language": "zh-CN"})).ok();
    (sent, smtp.letters(to, 1).remove(0).token())
}

pub fn accept(anybody: &Client, token: &str) -> crate::support::Answer {
    anybody.post(&format!("/q/{token}/accept"), json!({"name": "Wang Wei", "job_title": "Buyer"}))
}

#[test]
fn a_letter_brings_the_pdf_and_a_link() {
    let smtp = Smtp::start();
    let town = Town::mailing(&smtp);
    let owner = town.owner();
    let account = make::account(&owner, json!({"name": "杭州茶行", "city": "杭州"}));
    let lines = json!([{"name": "西湖龙井", "quantity": "40", "unit_price": "268", "discount_rate": "0.05", "tax_rate": "0.13"}]);
    let quote = make::quote(
        &owner,
        json!({"account_id": account["id"], "currency": "CNY", "lines": lines, "valid_until_on": "2099-12-31"}),
    );
    let ask = json!({"to": "buyer@x.example", "language": "zh-Hans", "message": "王总您好！ |link| *b*"});
    let sent = owner.post(&format!("{}/send", path(&quote)), ask).ok();
    assert_eq!((&sent["status"], sent["sent_at"].is_string()), (&json!("sent"), true));
    let letter = smtp.letters("buyer@x.example", 1).remove(0);
    assert!(letter.link().starts_with("https://app.town.example/quote#token=gxq_"), "{}", letter.text);
    assert!(letter.text.contains("王总您好！ |link| *b*") && letter.text.contains("2099-12-31"), "{}", letter.text);
    let (name, pdf) = &letter.files[0];
    assert!(name.starts_with("Q-") && name.ends_with(".pdf") && pdf.starts_with(b"%PDF-"), "{name}");
    let token = letter.token();
    for table in ["jobs", "quote_links", "audit_log"] {
        let rows = town.database.column(&format!("SELECT t::text FROM {table} t"));
        assert!(rows.iter().all(|row| !row.contains(&token)), "{table}");
    }
    // what the customer sees, in their language
    let chinese = town.anonymous().with("accept-language", "zh-TW");
    let shown = chinese.get(&format!("/q/{token}")).ok();
    assert_eq!((&shown["words"]["title"], &shown["language"]), (&json!("報價單"), &json!("zh-Hant")));
    assert_eq!((&shown["customer"][0], &shown["total"]), (&json!("杭州茶行"), &sent["total"]));
    assert_eq!(shown["taxes"][0]["tax"], sent["tax"]);
    assert!(shown.get("id").is_none() && shown.get("owner_id").is_none(), "{shown}");
    let printed = town.anonymous().get(&format!("/q/{token}/pdf"));
    assert!(printed.status == 200 && printed.body.starts_with(b"%PDF-"));
    assert_eq!(printed.header("content-type"), "application/pdf");
    let printed = owner.get(&format!("{}/pdf?language=en", path(&quote)));
    assert!(printed.body.starts_with(b"%PDF-"));
    owner.get(&format!("{}/pdf?language=xx", path(&quote))).refused(422, "invalid");
}

#[test]
fn what_is_said_by_a_link_is_kept_as_evidence() {
    let smtp = Smtp::start();
    let town = Town::mailing(&smtp);
    let owner = town.owner();
    let deal = make::opportunity(&owner, json!({}));
    let (quote, token) = sent(&town, &smtp, "a@x.example", json!({"opportunity_id": deal["id"]}));
    let customer = town.anonymous().with("user-agent", "Browser 1");
    customer.post(&format!("/q/{token}/accept"), json!({"name": " "})).refused(422, "invalid");
    let first = accept(&customer, &token).ok();
    assert_eq!(first["status"], "accepted");
    assert_eq!(accept(&customer, &token).ok(), first, "said twice, it is answered the same");
    customer.post(&format!("/q/{token}/reject"), json!({})).refused(409, "quote_transition_refused");
    assert_eq!(customer.get(&format!("/q/{token}")).ok()["status"], "accepted");
    let links = owner.get(&format!("{}/links", path(&quote))).ok();
    let said = &links[0];
    assert_eq!(
        (&said["decision"], &said["name"], &said["job_title"]),
        (&json!("accepted"), &json!("Wang Wei"), &json!("Buyer"))
    );
    assert_eq!(
        (&said["address"], &said["user_agent"], &said["recipient"]),
        (&json!("127.0.0.1"), &json!("Browser 1"), &json!("a@x.example"))
    );
    assert!(said["decided_at"].is_string() && said.get("hashes").is_none(), "{said}");
    let deal = owner.get(&format!("/v1/opportunities/{}", make::id(&deal, "id"))).ok();
    assert_eq!(deal["amount"], quote["total"]);
    let names: Vec<String> = town
        .database
        .column(&format!("SELECT name FROM event_log WHERE object_id = '{}' ORDER BY version", make::id(&quote, "id")));
    assert_eq!(names, ["quote.created", "quote.sent", "quote.accepted"]);
    // no, and why
    let (quote, token) = sent(&town, &smtp, "b@x.example", json!({}));
    assert_eq!(customer.post(&format!("/q/{token}/reject"), json!({"reason": "too dear"})).ok()["status"], "rejected");
    accept(&customer, &token).refused(409, "quote_transition_refused");
    assert_eq!(owner.get(&format!("{}/links", path(&quote))).ok()[0]["reason"], "too dear");
}

#[test]
fn a_link_that_is_bent_foreign_or_over_is_none() {
    let smtp = Smtp::start();
    let town = Town::mailing(&smtp);
    let anybody = town.anonymous();
    let (_, token) = sent(&town, &smtp, "a@x.example", json!({}));
    let last = if token.ends_with('A') { "B" } else { "A" };
    let mut bent = vec![
        String::from("x"),
        "gxq_".into(),
        format!("{token}x"),
        token.replace("gxq_", "gxv_"),
        token.to_lowercase(),
    ];
    bent.push(format!("{}{last}", &token[..token.len() - 1]));
    bent.push(format!("gxq_{}", "A".repeat(86)));
    for wrong in &bent {
        anybody.get(&format!("/q/{wrong}")).refused(404, "not_found");
        accept(&anybody, wrong).refused(404, "not_found");
    }
    // the tenant that a token names is part of what it proves
    let foreign = town.user(Person::Foreigner);
    let tenant = town.database.text(&format!("SELECT tenant_id FROM users WHERE id = '{foreign}'"));
    assert!(!tenant.is_empty());
    town.database.run("UPDATE quote_links SET expires_at = now()");
    anybody.get(&format!("/q/{token}")).refused(404, "not_found");
    accept(&anybody, &token).refused(404, "not_found");
    // and one whose quote is archived shows nothing
    let (quote, token) = sent(&town, &smtp, "b@x.example", json!({}));
    town.owner().delete(&path(&quote)).is(204);
    anybody.get(&format!("/q/{token}")).refused(404, "not_found");
    accept(&anybody, &token).refused(404, "not_found");
}

#[test]
fn who_has_left_sells_on() {
    let smtp = Smtp::start();
    let town = Town::mailing(&smtp);
    let rep = town.client(Person::Rep);
    let quote = make::quote(&rep, json!({}));
    rep.post(&format!("{}/send", path(&quote)), json!({"to": "a@x.example"})).ok();
    let token = smtp.letters("a@x.example", 1).remove(0).token();
    town.owner().patch(&format!("/v1/users/{}", town.user(Person::Rep)), json!({"is_active": false})).ok();
    assert_eq!(accept(&town.anonymous(), &token).ok()["status"], "accepted");
}

#[test]
fn of_two_who_decide_at_once_one_wins() {
    let smtp = Smtp::start();
    let town = Town::mailing(&smtp);
    for n in 0..6 {
        let (quote, token) = sent(&town, &smtp, &format!("race{n}@x.example"), json!({}));
        let (accepted, revised): (Vec<u16>, u16) = std::thread::scope(|scope| {
            let accepts: Vec<_> = (0..4).map(|_| scope.spawn(|| accept(&town.anonymous(), &token).status)).collect();
            let revises = scope.spawn(|| town.owner().act(&format!("{}/revise", path(&quote))).status);
            (accepts.into_iter().map(|one| one.join().unwrap()).collect(), revises.join().unwrap())
        });
        let status = town.owner().get(&path(&quote)).ok()["status"].clone();
        match revised {
            201 => assert!(status == "superseded" && accepted.iter().all(|status| *status == 409), "{accepted:?}"),
            409 => assert!(status == "accepted" && accepted.iter().all(|status| *status == 200), "{accepted:?}"),
            other => panic!("{other}"),
        }
        let told = format!(
            "SELECT count(*) FROM event_log WHERE name = 'quote.accepted' AND object_id = '{}'",
            make::id(&quote, "id")
        );
        assert_eq!(town.database.count(&told), i64::from(status == "accepted"));
    }
}

/// The day is the tenant's: it is over there before it is over elsewhere.
#[test]
fn what_has_run_out_is_told_once() {
    let smtp = Smtp::start();
    let town = Town::mailing(&smtp);
    let owner = town.owner();
    owner.patch("/v1/tenant", json!({"time_zone": "Pacific/Kiritimati"})).ok();
    let there = kernel::clock::now() + chrono::Duration::hours(14);
    let today = there.date_naive();
    let (open, _) = sent(&town, &smtp, "a@x.example", json!({"valid_until_on": today}));
    let (over, token) = sent(&town, &smtp, "b@x.example", json!({"valid_until_on": today}));
    let late = make::quote(&owner, json!({"valid_until_on": today.pred_opt()}));
    owner.post(&format!("{}/send", path(&late)), json!({"to": "c@x.example"})).refused(409, "quote_expired");
    let id = make::id(&over, "id");
    town.database.run(&format!("UPDATE quotes SET valid_until_on = valid_until_on - 1 WHERE id = '{id}'"));
    accept(&town.anonymous(), &token).refused(409, "quote_expired");
    let since = Instant::now();
    while owner.get(&path(&over)).ok()["status"] != "expired" {
        assert!(since.elapsed() < Duration::from_secs(20), "nobody has ended it");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(owner.get(&path(&open)).ok()["status"], "sent");
    assert_eq!(town.anonymous().get(&format!("/q/{token}")).ok()["status"], "expired");
    accept(&town.anonymous(), &token).refused(409, "quote_expired");
    let told = format!("SELECT count(*) FROM event_log WHERE name = 'quote.expired' AND object_id = '{id}'");
    assert_eq!(town.database.count(&told), 1);
}

#[test]
fn what_is_held_back_is_not_printed() {
    let town = Town::idle();
    let owner = town.owner();
    let quote = make::quote(&owner, json!({}));
    let seller = make::holder(&town, &[("quote", "read", "all")]);
    assert_eq!(seller.get(&format!("{}/pdf", path(&quote))).status, 200);
    seller.act(&format!("{}/submit", path(&quote))).refused(403, "forbidden");
    seller.act(&format!("{}/order", path(&quote))).refused(403, "forbidden");
}
