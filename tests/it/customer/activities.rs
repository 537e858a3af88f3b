//! What was done with customers: whatever it is about and whoever was there has to be seen by whoever says so.
use crate::support::{Person, Town, Value, encoded, json, make, nobodys_id};

fn link(resource: &str, record: &Value) -> Value {
    json!({"resource": resource, "record_id": record["id"]})
}

#[test]
fn a_call_is_logged_with_whom_it_was_about() {
    let town = Town::start();
    let owner = town.owner();
    let account = make::account(&owner, json!({}));
    let contact = make::contact(&owner, json!({"account_id": account["id"]}));
    let links = json!([link("contact", &contact), link("account", &account), link("contact", &contact)]);
    let there = json!([{"contact_id": contact["id"], "response": "accepted"}, {"user_id": town.user(Person::Owner),
        "role": "organizer"}, {"name": "Somebody", "address": "Some.Body@example.com"}]);
    let call = make::activity(
        &owner,
        json!({"kind": "meeting", "direction": "inbound", "subject": "询价回访", "body": "对龙井感兴趣",
            "started_at": "2026-11-26T08:00:00Z", "ended_at": "2026-11-26T09:00:00Z", "links": links,
            "participants": there}),
    );
    let path = format!("/v1/activities/{}", make::id(&call, "id"));
    assert_eq!(call["links"], json!([link("contact", &contact), link("account", &account)]), "each once");
    assert_eq!(call["participants"][2]["address"], "some.body@example.com");
    assert_eq!(
        (&call["participants"][0]["role"], &call["participants"][2]["response"]),
        (&json!("attendee"), &json!("none"))
    );
    assert_eq!(owner.get(&path).ok(), call);
    // found by words of either script, by what it is, and from whom it is about
    for query in [
        "q=龙井",
        "q=回访",
        "kind=meeting",
        "sort=-started_at",
        "filter=started_at < timestamp(\"2026-11-27T00:00:00Z\")",
    ] {
        assert_eq!(
            owner
                .get(&format!(
                    "/v1/activities?{}",
                    query.split_once('=').map(|(name, value)| format!("{name}={}", encoded(value))).unwrap()
                ))
                .ids(),
            [make::id(&call, "id")],
            "{query}"
        );
    }
    let of = format!("contacts.exists(c, c.id == \"{}\")", make::id(&contact, "id"));
    assert_eq!(owner.get(&format!("/v1/activities?filter={}", encoded(&of))).ids().len(), 1);
    let met = encoded("activities.exists(a, a.kind == \"meeting\")");
    for place in ["contacts", "accounts"] {
        assert_eq!(owner.get(&format!("/v1/{place}?filter={met}")).ids().len(), 1, "{place}");
        let never = encoded("!activities.exists(a, a.kind == \"meeting\")");
        assert_eq!(owner.get(&format!("/v1/{place}?filter={never}")).ids().len(), 0, "{place}");
    }
    let changed = owner.if_match(1).patch(&path, json!({"links": [], "participants": [], "outcome": "won"})).ok();
    assert_eq!((&changed["links"], &changed["outcome"]), (&json!([]), &json!("won")));
    owner.if_match(1).patch(&path, json!({"outcome": "lost"})).refused(412, "stale");
    assert_eq!(owner.get(&format!("/v1/contacts?filter={met}")).ids().len(), 0);
    let history = owner.get(&format!("{path}/history")).ok();
    assert_eq!(history["data"][0]["changed"]["links"]["after"], json!([]), "{history}");
    owner.delete(&path).is(204);
    owner.get(&path).refused(404, "not_found");
    assert_eq!(owner.act(&format!("{path}/restore")).ok()["deleted_at"], Value::Null);
    owner.delete(&format!("{path}?purge=true")).is(204);
    assert_eq!(town.database.count("SELECT count(*) FROM activity_links"), 0);
}

#[test]
fn nobody_names_what_they_do_not_see() {
    let town = Town::start();
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    let unseen = make::contact(&owner, json!({}));
    let own = make::contact(&rep, json!({}));
    let call = |links: Value, there: Value| {
        rep.post("/v1/activities", json!({"kind": "call", "links": links, "participants": there}))
    };
    let refused = call(
        json!([link("contact", &own), link("contact", &unseen), {"resource": "user", "record_id": nobodys_id()}]),
        json!([{"contact_id": unseen["id"]}]),
    );
    refused.refused(422, "unknown_reference");
    let mut pointers = refused.pointers();
    pointers.sort();
    assert_eq!(pointers, ["/links/1/record_id", "/links/2/resource", "/participants/0/contact_id"]);
    for bad in [
        json!([{"role": "attendee"}]),
        json!([{"name": "x", "role": "boss"}]),
        json!([{"name": "x", "response": "maybe"}]),
    ] {
        call(json!([]), bad).refused(422, "invalid");
    }
    let backwards = json!({"kind": "call", "started_at": "2026-01-02T00:00:00Z", "ended_at": "2026-01-01T00:00:00Z"});
    assert_eq!(rep.post("/v1/activities", backwards).pointers(), ["/ended_at"]);
    // what was linked by somebody who saw it stays where others go on
    let theirs =
        make::activity(&owner, json!({"owner_id": town.user(Person::Rep), "links": [link("contact", &unseen)]}));
    let path = format!("/v1/activities/{}", make::id(&theirs, "id"));
    rep.patch(&path, json!({"links": [link("contact", &unseen), link("contact", &own)]})).ok();
    rep.patch(&path, json!({"ended_at": "2000-01-01T00:00:00Z"})).refused(422, "invalid");
}

#[test]
fn it_is_seen_by_its_own_owner_and_team() {
    let town = Town::start();
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    let contact = make::contact(&owner, json!({"team_id": town.team("north")}));
    let of_team = make::activity(&owner, json!({"links": [link("contact", &contact)]}));
    assert_eq!(of_team["team_id"], json!(town.team("north")), "that of whom it is about");
    let alone = make::activity(&owner, json!({}));
    assert_eq!(rep.get("/v1/activities").ids(), [make::id(&of_team, "id")]);
    for client in [rep, town.client(Person::Foreigner)] {
        client.get(&format!("/v1/activities/{}", make::id(&alone, "id"))).refused(404, "not_found");
    }
    town.client(Person::Rep)
        .patch(&format!("/v1/activities/{}", make::id(&of_team, "id")), json!({"outcome": "x"}))
        .refused(403, "forbidden");
    town.client(Person::Nobody).get("/v1/activities").refused(403, "forbidden");
}

#[test]
fn other_systems_name_it_and_files_bring_it() {
    let town = Town::start();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({"email": "ada@example.com"}));
    let place = "/v1/activities/by/ext:phone/call-1";
    let made = owner.put(place, json!({"kind": "call", "subject": "first"})).created();
    assert_eq!(owner.put(place, json!({"kind": "call", "subject": "second"})).ok()["id"], made["id"]);
    let mapping = json!({"resource": "activities", "source_system": "phone", "columns": {"Id": "external_id",
        "Kind": "kind", "Who": "contact.email", "When": "started_at", "What": "subject"}});
    let text = "Id,Kind,Who,When,What\ncall-1,call,ada@example.com,2026-01-01T00:00:00Z,third\n\
        call-2,visit,ada@example.com,2026-01-02T00:00:00Z,fourth\ncall-3,call,nobody@example.com,,fifth\n";
    let up = crate::platform::upload(&owner, "calls.csv", text.as_bytes(), &mapping, &[("mode", "upsert")]).is(202);
    let done = crate::platform::ended(&owner, &make::id(&up, "id"));
    assert_eq!(
        (&done["rows_created"], &done["rows_updated"], &done["rows_failed"]),
        (&json!(1), &json!(1), &json!(1)),
        "{done}"
    );
    let first = owner.get(&format!("/v1/activities/{}", make::id(&made, "id"))).ok();
    assert_eq!((&first["subject"], &first["links"]), (&json!("third"), &json!([link("contact", &contact)])));
    assert_eq!(owner.get("/v1/contacts?filter=activities.exists(a%2C%20a.kind%20%3D%3D%20%22visit%22)").ids().len(), 1);
    owner.delete(&format!("/v1/contacts/{}?purge=true", make::id(&contact, "id"))).is(204);
    assert_eq!(town.database.count("SELECT count(*) FROM activity_links"), 0, "its id may come again");
}
