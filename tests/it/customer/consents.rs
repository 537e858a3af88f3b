//! The ledger of what people have said, and what holds of it.
use crate::platform::{ended, upload};
use crate::support::{Answer, Client, Person, Town, Value, encoded, json, make, seal};
use diesel::connection::SimpleConnection;
use std::collections::BTreeMap;

const CHANNELS: [&str; 7] = ["any", "email", "phone", "sms", "wechat", "post", "push"];

fn said(contact: &str, channel: &str, status: &str, at: &str) -> Value {
    json!({"contact_id": contact, "purpose": "newsletter", "channel": channel, "status": status, "occurred_at": at})
}

/// Channel → status, of the newsletter.
fn effective(client: &Client, contact: &str) -> BTreeMap<String, String> {
    let all = client.get(&format!("/v1/contacts/{contact}/consents/effective")).ok();
    let of_it = all.as_array().unwrap().iter().filter(|one| one["purpose"] == "newsletter");
    of_it.map(|one| (make::id(one, "channel"), make::id(one, "status"))).collect()
}

fn granted(client: &Client, channel: &str) -> Vec<Value> {
    let filter = format!(
        "consents.exists(c, c.purpose == \"newsletter\" && c.channel == \"{channel}\" && c.status == \"granted\")"
    );
    let found = client.get(&format!("/v1/contacts?filter={}&limit=200", encoded(&filter))).ok();
    found["data"].as_array().unwrap().clone()
}

/// Where the faults of a body are.
fn faults(answer: &Answer) -> Vec<String> {
    answer.refused(422, "invalid");
    answer.pointers()
}

#[test]
fn the_newest_word_holds_and_what_arrives_late_does_not_overturn_it() {
    let town = Town::start();
    let owner = town.owner();
    let id = make::id(&make::contact(&owner, json!({})), "id");
    let say =
        |channel: &str, status: &str, at: &str| owner.post("/v1/consents", said(&id, channel, status, at)).created();
    let first = say("email", "granted", "2026-01-02T00:00:00Z");
    assert_eq!(first["lawful_basis"], "consent");
    assert_eq!(effective(&owner, &id).get("email").map(String::as_str), Some("granted"));
    assert_eq!(granted(&owner, "email").len(), 1);
    assert!(granted(&owner, "sms").is_empty());
    // older, and so of no effect
    say("email", "withdrawn", "2026-01-01T00:00:00Z");
    assert_eq!(effective(&owner, &id)["email"], "granted");
    say("email", "withdrawn", "2026-01-03T00:00:00Z");
    assert_eq!(effective(&owner, &id)["email"], "withdrawn");
    assert!(granted(&owner, "email").is_empty());
    // yes to all is no yes to what was refused by name
    say("any", "granted", "2026-01-04T00:00:00Z");
    let now = effective(&owner, &id);
    assert_eq!((now["email"].as_str(), now["sms"].as_str(), now.len()), ("withdrawn", "granted", 7));
    assert_eq!(granted(&owner, "sms").len(), 1);
    say("email", "pending", "2026-01-05T00:00:00Z");
    assert_eq!(effective(&owner, &id)["email"], "withdrawn");
    let ledger = owner.get(&format!("/v1/contacts/{id}/consents")).ok();
    assert_eq!(ledger.as_array().unwrap().len(), 5);
    assert_eq!(ledger[0]["status"], "pending");
    let overview = owner.get(&format!("/v1/contacts/{id}/360")).ok();
    assert_eq!(overview["consents"].as_array().unwrap().len(), 7);
    let included = owner.get(&format!("/v1/contacts/{id}?include=consents")).ok();
    assert_eq!(included["consents"].as_array().unwrap().len(), 7);
}

#[test]
fn what_was_granted_for_a_time_has_an_end() {
    let town = Town::start();
    let owner = town.owner();
    let id = make::id(&make::contact(&owner, json!({})), "id");
    let mut word = said(&id, "email", "granted", "2026-01-01T00:00:00Z");
    word["expires_at"] = json!("2026-02-01T00:00:00Z");
    owner.post("/v1/consents", &word).created();
    assert_eq!(effective(&owner, &id)["email"], "expired");
    assert!(granted(&owner, "email").is_empty());
    word["expires_at"] = json!("2025-12-01T00:00:00Z");
    assert_eq!(faults(&owner.post("/v1/consents", &word)), [""]);
    word["expires_at"] = json!("2096-12-01T00:00:00Z");
    word["occurred_at"] = json!("2026-01-01T00:00:01Z");
    owner.post("/v1/consents", &word).created();
    assert_eq!(granted(&owner, "email").len(), 1);
    word["occurred_at"] = json!("2096-01-01T00:00:01Z");
    assert_eq!(faults(&owner.post("/v1/consents", &word)), ["/occurred_at"]);
}

#[test]
fn purposes_are_those_of_the_tenant_where_it_names_some() {
    let town = Town::start();
    let owner = town.owner();
    let id = make::id(&make::contact(&owner, json!({})), "id");
    owner.post("/v1/consents", said(&id, "email", "granted", "2026-01-01T00:00:00Z")).created();
    let options = json!([{"key": "offers", "labels": {"en": "Offers", "zh-Hans": "优惠"}}]);
    owner.post("/v1/metadata/option-sets", json!({"key": "consent_purposes", "options": options})).created();
    let refused = owner.post("/v1/consents", said(&id, "email", "granted", "2026-01-01T00:00:00Z"));
    assert_eq!(faults(&refused), ["/purpose"]);
    make::consent(&owner, json!({"contact_id": id, "purpose": "offers"}));
    let all =
        json!({"contact_id": id, "purpose": "Offers!", "channel": "smoke", "status": "maybe", "lawful_basis": "x"});
    let mut all = faults(&owner.post("/v1/consents", all));
    all.sort();
    assert_eq!(all, ["/channel", "/lawful_basis", "/purpose", "/status"]);
}

/// Whoever sees the contact sees them, and whoever may change it writes them down.
#[test]
fn consents_are_seen_with_their_contact() {
    let (town, other) = (Town::start(), Town::start());
    let owner = town.owner();
    let consent = make::consent(&owner, json!({}));
    let (id, contact) = (make::id(&consent, "id"), make::id(&consent, "contact_id"));
    let reader = make::holder(&town, &[("contact", "read", "all")]);
    reader.get(&format!("/v1/consents/{id}")).ok();
    reader.post("/v1/consents", said(&contact, "email", "withdrawn", "2026-01-01T00:00:00Z")).refused(403, "forbidden");
    let stranger = make::holder(&town, &[("contact", "read", "own"), ("contact", "update", "own")]);
    for path in [format!("/v1/consents/{id}"), format!("/v1/contacts/{contact}/consents/effective")] {
        stranger.get(&path).refused(404, "not_found");
        other.owner().get(&path).refused(404, "not_found");
    }
    assert_eq!(stranger.get("/v1/consents").ok()["data"], json!([]));
    let word = said(&contact, "email", "withdrawn", "2026-01-01T00:00:00Z");
    stranger.post("/v1/consents", &word).refused(422, "unknown_reference");
    assert_eq!(other.owner().post("/v1/consents", &word).status, 422);
    town.client(Person::Owner).delete(&format!("/v1/consents/{id}")).is(405);
}

#[test]
fn a_word_is_told_as_an_event_and_in_the_history_of_its_contact() {
    let town = Town::idle();
    let owner = town.owner();
    let consent = make::consent(&owner, json!({}));
    seal(&town);
    let events = owner.walk(&format!("/v1/events?record_id={}", make::id(&consent, "id")));
    assert_eq!((events.len(), &events[0]["type"], &events[0]["data"]), (1, &json!("consent.changed"), &consent));
    let contact = make::id(&consent, "contact_id");
    let history = owner.get(&format!("/v1/contacts/{contact}/history")).ok();
    assert_eq!(history["data"][0]["action"], "contact.consent_changed", "{history}");
    let reader = make::holder(&town, &[("contact", "read", "own")]);
    assert!(reader.walk(&format!("/v1/events?record_id={}", make::id(&consent, "id"))).is_empty());
}

/// The database holds it against whoever the service is, and against its owner.
#[test]
fn nobody_changes_a_word_or_takes_it_away() {
    let town = Town::idle();
    let owner = town.owner();
    let consent = make::consent(&owner, json!({"source": "phone", "evidence": {"text": "May we?"}}));
    let id = make::id(&consent, "id");
    for sql in [
        "UPDATE consents SET status = 'withdrawn'",
        "UPDATE consents SET occurred_at = now()",
        "UPDATE consents SET evidence = '{\"text\": \"x\"}'",
        "UPDATE consents SET source = 'x'",
        "DELETE FROM consents",
    ] {
        let refused = town.database.conn().batch_execute(sql).expect_err(sql).to_string();
        assert!(refused.contains("consent"), "{sql}: {refused}");
    }
    assert_eq!(owner.get(&format!("/v1/consents/{id}")).ok(), consent);
    // with its contact it goes
    owner.delete(&format!("/v1/contacts/{}?purge=true", make::id(&consent, "contact_id"))).is(204);
    assert_eq!(
        town.database.text("SELECT (SELECT count(*) FROM consents) + (SELECT count(*) FROM consent_states)"),
        "0"
    );
}

#[test]
fn many_are_written_down_at_once_and_from_files() {
    let town = Town::start();
    let owner = town.owner();
    let contacts: Vec<Value> =
        (0..20).map(|n| json!({"display_name": format!("C{n}"), "email": format!("c{n}@x.example")})).collect();
    let contacts = make::many(&owner, "contacts", contacts);
    let words = contacts.iter().map(|one| said(&make::id(one, "id"), "email", "granted", "2026-01-01T00:00:00Z"));
    assert_eq!(make::many(&owner, "consents", words).len(), 20);
    assert_eq!(granted(&owner, "email").len(), 20);
    let items = json!([{"op": "delete", "id": make::id(&contacts[0], "id")}]);
    let refused = owner.post("/v1/consents/batch", json!({"items": items})).is(207);
    assert_eq!(refused["results"][0]["problem"]["code"], "consent_stands");
    let mapping = json!({"resource": "consents", "columns":
        {"mail": "contact.email", "what": "purpose", "how": "channel", "says": "status", "when": "occurred_at"}});
    let file = "mail,what,how,says,when\nc0@x.example,newsletter,email,withdrawn,2026-02-01T00:00:00Z\n\
                c1@x.example,newsletter,email,withdrawn,2025-02-01T00:00:00Z\nc2@x.example,newsletter,smoke,granted,\n\
                nobody@x.example,newsletter,email,granted,\nc3@x.example,newsletter,email,granted,2026-01-01T00:00:00Z\n";
    for created in [2, 0] {
        let begun = upload(&owner, "consents.csv", file.as_bytes(), &mapping, &[]).is(202);
        let done = ended(&owner, &make::id(&begun, "id"));
        assert_eq!((&done["rows_created"], &done["rows_failed"]), (&json!(created), &json!(2)), "{done}");
    }
    assert_eq!(granted(&owner, "email").len(), 19);
}

/// Whatever comes at once and in whatever order, what holds is what the ledger says, reckoned anew.
#[test]
fn what_holds_equals_a_replay_of_the_ledger() {
    let town = Town::idle();
    let owner = town.owner();
    let id = make::id(&make::contact(&owner, json!({})), "id");
    std::thread::scope(|scope| {
        for seed in 0..8_u64 {
            let (client, id) = (town.owner(), id.clone());
            scope.spawn(move || {
                let mut dice = seed * 7919 + 17;
                let mut roll = |sides: u64| {
                    dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    usize::try_from((dice >> 33) % sides).unwrap()
                };
                for _ in 0..12 {
                    let channel = CHANNELS[roll(3)];
                    let status = ["granted", "withdrawn", "denied", "pending", "granted"][roll(5)];
                    let at = format!("2026-03-{:02}T00:00:00Z", roll(9) + 1);
                    client.post("/v1/consents", said(&id, channel, status, &at)).created();
                }
            });
        }
    });
    let ledger = owner.get(&format!("/v1/contacts/{id}/consents")).ok();
    assert_eq!(ledger.as_array().unwrap().len(), 96);
    let held = effective(&owner, &id);
    for channel in CHANNELS {
        assert_eq!(held.get(channel), replayed(ledger.as_array().unwrap(), channel).as_ref(), "{channel}: {ledger}");
    }
}

/// The rule said once more, in other words.
fn replayed(ledger: &[Value], channel: &str) -> Option<String> {
    let rank = |status: &str| ["granted", "denied", "withdrawn"].iter().position(|one| *one == status);
    let mut words: Vec<(&Value, &Value, &Value, usize, &Value)> = ledger
        .iter()
        .filter_map(|w| Some((&w["channel"], &w["status"], &w["occurred_at"], rank(w["status"].as_str()?)?, &w["id"])))
        .filter(|(of, ..)| **of == channel || **of == "any")
        .collect();
    words.sort_by_key(|(_, _, at, rank, id)| (at.to_string(), *rank, id.to_string()));
    let newest = |of: &str| words.iter().rev().find(|word| *word.0 == of).copied();
    let decided = match (newest(channel), newest("any")) {
        // a no by name is taken back by name
        (Some(own), Some(all)) if own.3 > 0 && all.3 == 0 => Some(own),
        _ => words.last().copied(),
    };
    decided.map(|word| word.1.as_str().unwrap().to_owned()).or_else(|| {
        let asked =
            ledger.iter().any(|w| w["status"] == "pending" && (w["channel"] == channel || w["channel"] == "any"));
        asked.then(|| "pending".to_owned())
    })
}
