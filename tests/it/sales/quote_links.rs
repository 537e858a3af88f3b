//! Links to quotes that sellers hand over by themselves: where no mail is sent, or nobody wants a letter.
use super::offers::{accept, path};
use crate::support::{Client, Person, Smtp, Town, Value, json, make};

/// A link that has just been made, and its token.
fn handed_over(client: &Client, quote: &Value, new: Value) -> (Value, String) {
    let link = client.post(&format!("{}/links", path(quote)), new).created();
    let token = make::id(&link, "token");
    (link, token)
}

fn revoke(client: &Client, link: &Value) -> crate::support::Answer {
    client.act(&format!("/v1/quote-links/{}/revoke", make::id(link, "id")))
}

fn told(town: &Town, quote: &Value) -> Vec<String> {
    let id = make::id(quote, "id");
    town.database.column(&format!("SELECT name FROM event_log WHERE object_id = '{id}' ORDER BY version"))
}

#[test]
fn where_no_mail_is_sent_a_quote_is_not_either() {
    let town = Town::idle();
    let owner = town.owner();
    let quote = make::quote(&owner, json!({}));
    let send = |client: &Client| client.post(&format!("{}/send", path(&quote)), json!({"to": "a@x.example"}));
    send(&owner).refused(409, "mail_not_configured");
    send(&owner.with("idempotency-key", "once")).refused(409, "mail_not_configured");
    assert_eq!(owner.get(&path(&quote)).ok(), quote, "nothing has changed");
    assert_eq!(town.database.count("SELECT count(*) FROM quote_links"), 0);
    assert_eq!(town.database.count("SELECT count(*) FROM jobs WHERE kind = 'quote_letter'"), 0);
    assert_eq!(told(&town, &quote), ["quote.created"]);
    // what stands in the way of it is told first
    let empty = make::quote(&owner, json!({"lines": []}));
    owner.post(&format!("{}/send", path(&empty)), json!({"to": "a@x.example"})).refused(409, "quote_empty");
}

#[test]
fn the_first_link_sends_the_quote_and_is_told_once() {
    let town = Town::idle();
    let owner = town.owner();
    let deal = make::opportunity(&owner, json!({}));
    let quote = make::quote(&owner, json!({"opportunity_id": deal["id"], "valid_until_on": "2099-12-31"}));
    owner.act(&format!("{}/submit", path(&quote))).ok();
    let answer = owner.post(&format!("{}/links", path(&quote)), json!({"recipient": "王总（微信）"}));
    let link = answer.created();
    assert_eq!(answer.header("cache-control"), "no-store");
    let token = make::id(&link, "token");
    assert_eq!(make::id(&link, "url"), format!("https://app.town.example/quote#token={token}"));
    assert_eq!((&link["kind"], &link["recipient"]), (&json!("handed_over"), &json!("王总（微信）")));
    assert_eq!(link["expires_at"], "2100-01-30T00:00:00Z", "a month after its last day");
    let sent = owner.get(&path(&quote)).ok();
    assert_eq!((&sent["status"], sent["sent_at"].is_string()), (&json!("sent"), true));
    let (second, other) = handed_over(&owner, &quote, json!({"expires_at": "2098-01-01T00:00:00Z"}));
    assert_eq!((&second["expires_at"], &second["recipient"]), (&json!("2098-01-01T00:00:00Z"), &Value::Null));
    assert_eq!(owner.get(&path(&quote)).ok()["sent_at"], sent["sent_at"], "it was sent already");
    assert_eq!(told(&town, &quote), ["quote.created", "quote.updated", "quote.sent", "quote.updated"]);
    // nobody is told it again, and nothing keeps it
    let all = owner.get(&format!("{}/links", path(&quote)));
    assert_eq!(all.ok().as_array().map(Vec::len), Some(2));
    let one = owner.get(&format!("/v1/quote-links/{}", make::id(&link, "id")));
    assert_eq!((&one.ok()["kind"], one.json().get("token")), (&json!("handed_over"), None));
    for secret in [&token, &other] {
        assert!(!all.text().contains(secret.as_str()) && !one.text().contains(secret.as_str()));
        for table in ["quote_links", "audit_log", "jobs"] {
            let rows = town.database.column(&format!("SELECT t::text FROM {table} t"));
            assert!(rows.iter().all(|row| !row.contains(secret.as_str())), "{table}");
        }
    }
    // and who has it decides
    let customer = town.anonymous();
    assert_eq!(customer.get(&format!("/q/{token}")).ok()["total"], quote["total"]);
    assert!(customer.get(&format!("/q/{token}/pdf")).body.starts_with(b"%PDF-"));
    assert_eq!(accept(&customer, &token).ok()["status"], "accepted");
    assert_eq!(customer.get(&format!("/q/{other}")).ok()["status"], "accepted");
    let said = owner.get(&format!("/v1/quote-links/{}", make::id(&link, "id"))).ok();
    assert_eq!((&said["decision"], &said["name"]), (&json!("accepted"), &json!("Wang Wei")));
    let deal = owner.get(&format!("/v1/opportunities/{}", make::id(&deal, "id"))).ok();
    assert_eq!(deal["amount"], quote["total"]);
}

#[test]
fn a_link_asks_of_a_quote_what_a_letter_does() {
    let town = Town::idle();
    let owner = town.owner();
    let link = |quote: &Value, new: Value| owner.post(&format!("{}/links", path(quote)), new);
    let draft = make::quote(&owner, json!({}));
    let faults = link(&draft, json!({"expires_at": "2020-01-01T00:00:00Z"})).refused(422, "invalid");
    assert_eq!(
        (&faults["errors"][0]["pointer"], &faults["errors"][0]["code"]),
        (&json!("/expires_at"), &json!("past"))
    );
    link(&draft, json!({"token": "gxq_mine"})).refused(422, "invalid");
    link(&draft, json!({})).created();
    link(&make::quote(&owner, json!({"lines": []})), json!({})).refused(409, "quote_empty");
    link(&make::quote(&owner, json!({"valid_until_on": "2020-01-01"})), json!({})).refused(409, "quote_expired");
    owner.patch("/v1/tenant", json!({"quote_approval_discount": "0.05"})).ok();
    let dear = make::quote(&owner, json!({"discount_rate": "0.1"}));
    link(&dear, json!({})).refused(409, "quote_approval_needed");
    owner.act(&format!("{}/submit", path(&dear))).ok();
    link(&dear, json!({})).refused(409, "quote_transition_refused");
    owner.act(&format!("{}/approve", path(&dear))).ok();
    let (_, token) = handed_over(&owner, &dear, json!({}));
    assert_eq!(town.anonymous().post(&format!("/q/{token}/reject"), json!({})).ok()["status"], "rejected");
    link(&dear, json!({})).refused(409, "quote_transition_refused");
    assert_eq!(town.database.count("SELECT count(*) FROM quote_links"), 2);
}

#[test]
fn a_link_that_is_revoked_shows_nothing_and_stays() {
    let town = Town::idle();
    let (owner, customer) = (town.owner(), town.anonymous());
    let quote = make::quote(&owner, json!({}));
    let [(first, gone), (_, good)] = [(); 2].map(|()| handed_over(&owner, &quote, json!({})));
    let revoked = revoke(&owner, &first).ok();
    assert_eq!((&revoked["revoked_by"], revoked["revoked_at"].is_string()), (&json!(town.user(Person::Owner)), true));
    assert_eq!(revoke(&owner, &first).ok(), revoked, "revoked twice, it is answered the same");
    assert_eq!(told(&town, &quote).len(), 4, "made, sent, one more link, one less");
    for verb in ["accept", "reject"] {
        customer.post(&format!("/q/{gone}/{verb}"), json!({"name": "Wang Wei"})).is_one_of(&[404, 422]);
    }
    customer.get(&format!("/q/{gone}")).refused(404, "not_found");
    accept(&customer, &gone).refused(404, "not_found");
    assert_eq!(customer.get(&format!("/q/{good}")).ok()["status"], "sent");
    let standing = owner.get("/v1/quote-links?filter=revoked_at%20==%20null").ids();
    assert_eq!(standing.len(), 1);
    // a note of what was said by another way is no link
    owner.act(&format!("{}/accept", path(&quote))).ok();
    let noted = owner.get("/v1/quote-links?kind=noted").ok()["data"][0].clone();
    assert_eq!(revoke(&owner, &noted).ok(), noted);
}

/// One is told after the other: whoever accepts sees the link revoked, or has accepted before.
#[test]
fn of_who_revokes_and_who_accepts_one_is_first() {
    let town = Town::idle();
    let owner = town.owner();
    for _ in 0..6 {
        let quote = make::quote(&owner, json!({}));
        let (link, token) = handed_over(&owner, &quote, json!({}));
        let (accepted, revoked) = std::thread::scope(|scope| {
            let accepts = scope.spawn(|| accept(&town.anonymous(), &token).status);
            let revokes = scope.spawn(|| revoke(&town.owner(), &link).ok());
            (accepts.join().unwrap(), revokes.join().unwrap())
        });
        let status = owner.get(&path(&quote)).ok()["status"].clone();
        match accepted {
            200 => assert_eq!((&status, &revoked["decision"]), (&json!("accepted"), &json!("accepted"))),
            404 => assert_eq!((&status, &revoked["decision"]), (&json!("sent"), &Value::Null)),
            other => panic!("{other}"),
        }
    }
}

/// A letter whose link was revoked before it went is not sent.
#[test]
fn a_letter_of_a_link_that_is_revoked_is_not_sent() {
    let smtp = Smtp::start();
    let town = Town::configured(|config| {
        config.jobs = false;
        config.mail.smtp_url = Some(format!("smtp://{}", smtp.addr));
        config.mail.from = Some("Guanxi <guanxi@town.example>".into());
    });
    let owner = town.owner();
    let quote = make::quote(&owner, json!({}));
    owner.post(&format!("{}/send", path(&quote)), json!({"to": "a@x.example"})).ok();
    let link = owner.get(&format!("{}/links", path(&quote))).ok()[0].clone();
    assert_eq!((&link["kind"], &link["recipient"]), (&json!("letter"), &json!("a@x.example")));
    revoke(&owner, &link).ok();
    owner.post(&format!("{}/send", path(&quote)), json!({"to": "b@x.example"})).ok();
    let _worker = super::offer_kills::Worker::start(&town, &smtp, "nowhere");
    smtp.letters("b@x.example", 1);
    super::offer_kills::until("the job of the other ends", || {
        town.database.count("SELECT count(*) FROM jobs WHERE kind = 'quote_letter' AND status = 'cancelled'") == 1
    });
    assert!(smtp.kept().iter().all(|mail| mail.to != "a@x.example"));
}

#[test]
fn who_may_not_change_a_quote_makes_no_link_to_it() {
    let town = Town::idle();
    let owner = town.owner();
    let quote = make::quote(&owner, json!({"team_id": town.team("north")}));
    let (link, _) = handed_over(&owner, &quote, json!({}));
    let links = format!("{}/links", path(&quote));
    let one = format!("/v1/quote-links/{}", make::id(&link, "id"));
    for (person, shown) in [(Person::ReadOnly, true), (Person::Rep, true), (Person::Stranger, false)] {
        let client = town.client(person);
        match shown {
            true => assert_eq!(client.get(&one).ok()["id"], link["id"]),
            false => drop(client.get(&one).refused(404, "not_found")),
        }
        client.post(&links, json!({})).is_one_of(&[403, 404]);
        revoke(&client, &link).is_one_of(&[403, 404]);
    }
    let foreigner = town.client(Person::Foreigner);
    foreigner.post(&links, json!({})).refused(404, "not_found");
    foreigner.get(&one).refused(404, "not_found");
    revoke(&foreigner, &link).refused(404, "not_found");
    assert_eq!(foreigner.get("/v1/quote-links").ids(), Vec::<String>::new());
    assert_eq!(owner.get(&links).ok().as_array().map(Vec::len), Some(1));
}
