//! Why somebody may, or may not: the reasons that are given, and to whom.
use crate::support::{Client, Person, Town, Value, fresh, json, make};

fn ask(client: &Client, contact: &Value, user: Option<&str>) -> crate::support::Answer {
    let user = user.map_or_else(String::new, |user| format!("&user_id={user}"));
    client.get(&format!("/v1/permissions/explain?resource=contact&record_id={}{user}", make::id(contact, "id")))
}

/// The reasons of an action, in order; `!` before them where it is refused.
fn told(answer: &Value, action: &str) -> String {
    let decision = answer["decisions"].as_array().unwrap().iter().find(|one| one["action"] == action).unwrap();
    let reasons: Vec<&str> =
        decision["reasons"].as_array().unwrap().iter().filter_map(|one| one["reason"].as_str()).collect();
    format!("{}{}", if decision["is_allowed"] == true { "" } else { "!" }, reasons.join(" "))
}

fn texts(answer: &Value) -> String {
    answer.to_string()
}

#[test]
fn every_way_to_a_record_is_told() {
    let town = Town::start();
    let owner = town.owner();
    let rep = town.user(Person::Rep);
    let of = |extra: Value| make::contact(&owner, extra);
    let explained = |contact: &Value, person: Person| ask(&owner, contact, Some(&town.user(person))).ok();

    let own = explained(&of(json!({"owner_id": rep})), Person::Rep);
    for (action, reasons) in [
        ("read", "role owner"),
        ("update", "role owner"),
        ("delete", "role owner"),
        ("share", "role owner"),
        ("assign", "!no_role"),
        ("purge", "!no_role"),
    ] {
        assert_eq!(told(&own, action), reasons, "{action}");
    }
    let team = explained(&of(json!({"team_id": town.team("north")})), Person::Rep);
    assert_eq!((told(&team, "read"), told(&team, "update")), ("role team".into(), "!role out_of_reach".into()));
    assert!(texts(&team).contains("the record belongs to the team north, which the user is in"), "{team}");
    let below = explained(&of(json!({"team_id": town.team("north")})), Person::Manager);
    assert_eq!((told(&below, "assign"), told(&below, "purge")), ("role subtree".into(), "!no_role".into()));
    let far = of(json!({}));
    let stranger = explained(&far, Person::Stranger);
    assert_eq!(
        (told(&stranger, "read"), told(&stranger, "update")),
        ("!role out_of_reach".into(), "!role not_seen".into())
    );
    assert_eq!(told(&explained(&far, Person::Admin), "delete"), "role all");
    assert_eq!(told(&explained(&far, Person::Nobody), "read"), "!no_role");

    let share = json!({"resource": "contact", "record_id": far["id"], "team_id": town.team("south"), "access": "update", "expires_at": "2999-01-01T00:00:00Z"});
    let share = owner.post("/v1/shares", share).created();
    let shared = explained(&far, Person::Stranger);
    for (action, reasons) in [
        ("read", "role share"),
        ("update", "role share"),
        ("delete", "!role out_of_reach"),
        ("share", "!role out_of_reach"),
    ] {
        assert_eq!(told(&shared, action), reasons, "{action}");
    }
    let reason = &shared["decisions"][0]["reasons"][1];
    assert_eq!((&reason["share_id"], &reason["until"]), (&share["id"], &json!("2999-01-01T00:00:00Z")));
    assert_eq!(
        reason["text"],
        "the record is shared with the team south, which the user is in, to be read and updated, until 2999-01-01T00:00:00Z"
    );

    let queue = owner.post("/v1/queues", json!({"display_name": "Hot leads"})).created();
    owner.put(&format!("/v1/queues/{}/teams/{}", make::id(&queue, "id"), town.team("north")), json!({})).ok();
    let queued = explained(&of(json!({"owner_id": queue["id"]})), Person::Rep);
    assert_eq!(told(&queued, "update"), "role queue");
    assert!(texts(&queued).contains("owned by the queue Hot leads, which a team of the user serves"), "{queued}");
}

#[test]
fn who_may_ask() {
    let town = Town::start();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({}));
    let rep = town.client(Person::Rep);
    // of oneself, on what one sees
    ask(&rep, &contact, None).refused(404, "not_found");
    let own = make::contact(&rep, json!({}));
    let answer = ask(&rep, &own, None).ok();
    assert_eq!(
        (&answer["user_id"], &answer["owner_id"]),
        (&json!(town.user(Person::Rep)), &json!(town.user(Person::Rep)))
    );
    assert_eq!(ask(&rep, &own, Some(&town.user(Person::Rep))).ok(), answer);
    // of others, where one may read users and roles
    ask(&rep, &own, Some(&town.user(Person::Mate))).ok();
    ask(&rep, &contact, Some(&town.user(Person::Owner))).refused(404, "not_found");
    let client = make::holder(&town, &[("contact", "read", "all"), ("user", "read", "all")]);
    ask(&client, &contact, None).ok();
    ask(&client, &contact, Some(&town.user(Person::Rep))).refused(403, "forbidden");
    ask(&make::holder(&town, &[]), &contact, None).refused(403, "forbidden");
    ask(&owner, &contact, Some(&crate::support::nobodys_id())).refused(404, "not_found");
    ask(&owner, &contact, Some(&town.user(Person::Foreigner))).refused(404, "not_found");
    ask(&town.client(Person::Foreigner), &contact, None).refused(404, "not_found");
    owner
        .get(&format!("/v1/permissions/explain?resource=product&record_id={}", make::id(&contact, "id")))
        .refused(404, "not_found");
}

/// Of oneself what happens is told, with the key that one came by; of others what they hold.
#[test]
fn what_holds_somebody_back_is_told() {
    let town = Town::start();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({}));
    let key = owner.post("/v1/api-keys", json!({"name": "x", "scopes": ["contacts:read"]})).created();
    let program = town.anonymous().bearing(make::id(&key, "key"));
    let answer = ask(&program, &contact, None).ok();
    assert_eq!((told(&answer, "read"), told(&answer, "update")), ("role all".into(), "!role withheld".into()));
    program
        .patch(&format!("/v1/contacts/{}", make::id(&contact, "id")), json!({"job_title": "x"}))
        .refused(403, "forbidden");
    let rep = town.user(Person::Rep);
    let of_rep = ask(&owner, &contact, Some(&rep)).ok();
    assert!(texts(&of_rep["notes"]).contains("API key"), "{of_rep}");
    owner.patch(&format!("/v1/users/{rep}"), json!({"is_active": false})).ok();
    assert_eq!(told(&ask(&owner, &contact, Some(&rep)).ok(), "read"), "!inactive");
    let deleter = make::role(&owner, &[("contact", "read", "all"), ("contact", "purge", "all")]);
    let user = make::user(&owner, json!({"role_ids": [deleter["id"]], "display_name": fresh("x")}));
    assert_eq!(told(&ask(&owner, &contact, Some(&make::id(&user, "id"))).ok(), "purge"), "!role needs");
}
