//! Codes by text message: whether somebody reads what is sent to a number of theirs, whatever gateways and workers do.
mod trouble;

use crate::platform::until;
use crate::support::{Answer, Client, Person, Receiver, Town, Value, json, make};
use platform::gateway::Settings;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const NUMBER: &str = "+8613800138000";

fn settings(gateway: &Receiver) -> Settings {
    Settings { url: Some(gateway.url()), secret: Some(SECRET.to_owned()) }
}

/// A town whose gateway is this one.
fn town(gateway: &Receiver) -> Town {
    Town::configured(|config| config.sms = settings(gateway))
}

/// The number of a new contact, as a point.
#[track_caller]
fn point(client: &Client, extra: Value) -> String {
    let contact = make::contact(client, make::with(json!({"phone": NUMBER}), extra));
    let points = client.get(&format!("/v1/contacts/{}/contact-points", make::id(&contact, "id"))).ok();
    let phone = points.as_array().unwrap().iter().find(|one| one["kind"] == "phone").unwrap();
    format!("/v1/contact-points/{}", make::id(phone, "id"))
}

fn ask(client: &Client, point: &str) -> Answer {
    client.post(&format!("{point}/verifications"), json!({}))
}

#[track_caller]
fn say(client: &Client, point: &str, code: &str) -> Value {
    client.post(&format!("{point}/verifications/confirm"), json!({"code": code})).ok()["is_verified"].clone()
}

/// The six digits of a message.
fn code(message: &Value) -> String {
    let text = message["text"].as_str().unwrap();
    let digits = text.split(|one: char| !one.is_ascii_digit()).find(|digits| digits.len() == 6);
    digits.unwrap_or_else(|| panic!("no code in {text}")).to_owned()
}

fn wrong(code: &str) -> &'static str {
    if code == "111111" { "222222" } else { "111111" }
}

/// What became of the newest.
#[track_caller]
fn newest(client: &Client, point: &str) -> Value {
    client.get(&format!("{point}/verifications")).ok()[0].clone()
}

fn is(client: &Client, point: &str, status: &str) -> bool {
    newest(client, point)["status"] == status
}

/// As if all of it had happened so much earlier.
fn earlier(town: &Town, span: &str) {
    town.database.run(&format!("UPDATE verifications SET created_at = created_at - interval '{span}'"));
}

#[test]
fn a_number_is_verified_by_a_code_that_is_good_once() {
    let gateway = Receiver::start();
    let town = town(&gateway);
    let owner = town.owner();
    let point = point(&owner, json!({}));
    assert_eq!(
        (say(&owner, &point, "000000"), owner.get(&format!("{point}/verifications")).ok()),
        (json!(false), json!([]))
    );
    let asked = ask(&owner, &point).is(202);
    let parcel = gateway.parcels(1).remove(0);
    let message = parcel.json();
    assert!(parcel.is_signed_by(SECRET) && !parcel.is_signed_by("whsec_b3RoZXIgc2VjcmV0IG9mIDI0IGJ5dGVzISE="));
    assert_eq!((parcel.id(), &message["id"]), (make::id(&asked, "id"), &asked["id"]));
    assert_eq!((&message["to"], &message["purpose"]), (&json!(NUMBER), &json!("verification")));
    assert_eq!(message.as_object().unwrap().len(), 4, "{message}");
    until("sent", || is(&owner, &point, "sent"));
    let code = code(&message);
    let payloads = town.database.column("SELECT payload::text || coalesce(error, '') FROM jobs");
    assert!(payloads.iter().all(|payload| !payload.contains(&code)), "{payloads:?}");
    assert_eq!(say(&owner, &point, wrong(&code)), false);
    assert_eq!((say(&owner, &point, &code), say(&owner, &point, &code)), (json!(true), json!(false)));
    assert!(owner.get(&point).ok()["verified_at"].is_string());
    let now = newest(&owner, &point);
    assert!(now["status"] == "confirmed" && now["confirmed_at"].is_string() && now["sent_at"].is_string(), "{now}");
    assert_eq!((&now["id"], &now["failure"], gateway.many()), (&asked["id"], &Value::Null, 1));
}

#[test]
fn it_is_written_in_the_language_of_the_contact() {
    let gateway = Receiver::start();
    let town = town(&gateway);
    let owner = town.owner();
    let texts = [
        ("en", "is your code for Town."),
        ("zh-Hans", "Town的验证码："),
        ("zh-Hant-TW", "Town的驗證碼："),
        ("fr", "is your code for Town."),
    ];
    for (at, (locale, wanted)) in texts.into_iter().enumerate() {
        let point = point(&owner, json!({"phone": format!("+861380013800{at}"), "locale": locale}));
        ask(&owner, &point).is(202);
        let text = make::id(&gateway.parcels(at + 1)[at].json(), "text");
        assert!(text.contains(wanted), "{locale}: {text}");
    }
    let point = point(&owner, json!({"phone": "+8613900139000", "locale": "en"}));
    owner.post(&format!("{point}/verifications"), json!({"language": "zh-Hans"})).is(202);
    assert!(make::id(&gateway.parcels(5)[4].json(), "text").contains("验证码"));
}

#[test]
fn a_code_is_good_for_five_tries_and_ten_minutes() {
    let gateway = Receiver::start();
    let town = town(&gateway);
    let owner = town.owner();
    let point = point(&owner, json!({}));
    ask(&owner, &point).is(202);
    let first = code(&gateway.parcels(1)[0].json());
    for _ in 0..5 {
        assert_eq!(say(&owner, &point, wrong(&first)), false);
    }
    assert_eq!(say(&owner, &point, &first), false);
    until("exhausted", || is(&owner, &point, "exhausted"));
    earlier(&town, "2 minutes");
    ask(&owner, &point).is(202);
    let second = code(&gateway.parcels(2)[1].json());
    until("sent", || is(&owner, &point, "sent"));
    town.database.run("UPDATE verifications SET expires_at = now() - interval '1 second'");
    assert_eq!((say(&owner, &point, &second), is(&owner, &point, "expired")), (json!(false), true));
    earlier(&town, "2 minutes");
    ask(&owner, &point).is(202);
    let third = code(&gateway.parcels(3)[2].json());
    assert_eq!(say(&owner, &point, &third), true);
}

#[test]
fn numbers_are_verified_by_codes_alone_and_by_whoever_may_change_the_contact() {
    let gateway = Receiver::start();
    let town = town(&gateway);
    let owner = town.owner();
    let point = point(&owner, json!({}));
    let by_link = owner.post(&format!("{point}/verifications"), json!({"method": "link"}));
    by_link.refused(422, "invalid");
    assert_eq!(by_link.pointers(), ["/method"]);
    let foreigner = town.client(Person::Foreigner);
    ask(&foreigner, &point).refused(404, "not_found");
    foreigner.get(&format!("{point}/verifications")).refused(404, "not_found");
    let reader = make::holder(&town, &[("contact", "read", "all")]);
    ask(&reader, &point).refused(403, "forbidden");
    ask(&owner, &point).is(202);
    until("sent", || is(&reader, &point, "sent"));
    foreigner.post(&format!("{point}/verifications/confirm"), json!({"code": "000000"})).refused(404, "not_found");
    town.client(Person::Nobody).get(&format!("{point}/verifications")).refused(403, "forbidden");
    assert_eq!(gateway.many(), 1);
}
