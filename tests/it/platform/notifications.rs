//! What people are told of by itself: by following, for what becomes theirs, for what ends; in their own eyes, once, and
//! never of what they did themselves.
use super::webhooks::until;
use crate::support::{Client, How, Person, Receiver, Town, Value, json, make};
use std::process::Stdio;

pub fn told(client: &Client, query: &str) -> Vec<Value> {
    client.get(&format!("/v1/me/notifications?limit=200{query}")).ok()["data"].as_array().unwrap().clone()
}

/// The notifications of somebody, as soon as there are so many.
#[track_caller]
pub fn after(client: &Client, many: usize) -> Vec<Value> {
    until("told", || told(client, "").len() >= many);
    // what comes wrongly comes soon after
    std::thread::sleep(std::time::Duration::from_millis(700));
    let all = told(client, "");
    assert_eq!(all.len(), many, "{all:#?}");
    all
}

fn follow(client: &Client, contact: &Value) -> String {
    let path = format!("/v1/contacts/{}/followers/me", make::id(contact, "id"));
    client.send("PUT", &path, None).is(204);
    path
}

#[test]
fn whoever_follows_a_record_is_told_of_its_changes_by_others() {
    let town = Town::start();
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    let contact = make::contact(&rep, json!({}));
    let path = format!("/v1/contacts/{}", make::id(&contact, "id"));
    let following = follow(&rep, &contact);
    rep.send("PUT", &following, None).is(204);
    assert_eq!(owner.get(&format!("{path}/followers")).ok()[0]["user_id"], json!(town.user(Person::Rep)));
    rep.patch(&path, json!({"job_title": "mine"})).ok();
    owner.patch(&path, json!({"job_title": "Head of purchasing"})).ok();
    let all = after(&rep, 1);
    let (one, event) = (&all[0], &all[0]["event"]);
    assert_eq!(
        (&one["kind"], &one["record_id"], &one["status"]),
        (&json!("followed"), &contact["id"], &json!("unread"))
    );
    assert_eq!(one["actor_id"], json!(town.user(Person::Owner)));
    assert_eq!((&event["changed"], &event["previous"]["job_title"]), (&json!(["job_title"]), &json!("mine")));
    assert_eq!(rep.get("/v1/me/notifications/unread").ok()["unread"], 1);
    rep.post("/v1/me/notifications/mark", json!({"status": "read", "ids": [one["id"]]})).is(204);
    assert_eq!(rep.get("/v1/me/notifications/unread").ok()["unread"], 0);
    assert_eq!(told(&rep, "&status=unread"), Vec::<Value>::new());
    rep.post("/v1/me/notifications/mark", json!({"status": "unread"})).is(204);
    assert_eq!(rep.get("/v1/me/notifications/unread").ok()["unread"], 1);
    rep.send("DELETE", &following, None).is(204);
    rep.send("DELETE", &following, None).is(204);
    assert_eq!(owner.get(&format!("{path}/followers")).ok(), json!([]));
    owner.patch(&path, json!({"job_title": "x"})).ok();
    after(&rep, 1);
    rep.post("/v1/me/notifications/mark", json!({"status": "archived"})).is(204);
    assert_eq!((told(&rep, "&status=unread").len(), told(&rep, "&status=archived").len()), (0, 1));
    assert_eq!(rep.get("/v1/me/notifications/unread").ok()["unread"], 0);
}

#[test]
fn what_is_seen_no_more_is_told_no_more() {
    let town = Town::start();
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    let contact = make::contact(&owner, json!({"team_id": town.team("north")}));
    let path = format!("/v1/contacts/{}", make::id(&contact, "id"));
    follow(&rep, &contact);
    owner.patch(&path, json!({"job_title": "seen"})).ok();
    assert_eq!(after(&rep, 1)[0]["event"]["data"]["job_title"], "seen");
    owner.patch(&path, json!({"team_id": town.team("south"), "job_title": "unseen"})).ok();
    owner.patch(&path, json!({"job_title": "unseen too"})).ok();
    let all = after(&rep, 1);
    assert_eq!((&all[0]["event"], all[0]["kind"].as_str()), (&Value::Null, Some("followed")));
    for method in ["PUT", "DELETE"] {
        rep.send(method, &format!("{path}/followers/me"), None).refused(404, "not_found");
    }
    rep.get(&format!("{path}/followers")).refused(404, "not_found");
}

#[test]
fn what_becomes_mine_or_is_shown_to_me_is_told() {
    let town = Town::start();
    let (owner, rep, stranger) = (town.owner(), town.client(Person::Rep), town.client(Person::Stranger));
    let contact = make::contact(&owner, json!({}));
    let path = format!("/v1/contacts/{}", make::id(&contact, "id"));
    owner.patch(&path, json!({"owner_id": town.user(Person::Rep)})).ok();
    make::contact(&owner, json!({"owner_id": town.user(Person::Rep)}));
    let kinds: Vec<Value> = after(&rep, 2).iter().map(|one| one["kind"].clone()).collect();
    assert_eq!(kinds, ["assigned", "assigned"]);
    let share = json!({"resource": "contact", "record_id": contact["id"], "user_id": town.user(Person::Stranger)});
    owner.post("/v1/shares", share).created();
    let all = after(&stranger, 1);
    let one = (&all[0]["kind"], &all[0]["resource"], &all[0]["record_id"], &all[0]["event"]["type"]);
    assert_eq!(one, (&json!("shared"), &json!("contact"), &contact["id"], &json!("share.created")));
    // nobody else is told, nor who did it
    assert_eq!((told(&owner, "").len(), told(&town.client(Person::Foreigner), "").len()), (0, 0));
}

#[test]
fn what_i_set_going_tells_me_when_it_has_ended() {
    let town = Town::start();
    let owner = town.owner();
    let mapping = json!({"resource": "contacts", "columns": {"Name": "display_name"}});
    super::import(&owner, "people.csv", b"Name\nAda\n", &mapping, &[]);
    super::exports::file(&owner, json!({"resource": "contacts", "format": "csv"}));
    let ended: Vec<Value> = after(&owner, 2).iter().map(|one| one["resource"].clone()).collect();
    assert!(ended.contains(&json!("import")) && ended.contains(&json!("export")), "{ended:?}");
    let receiver = Receiver::start();
    receiver.does(How::status(410));
    super::webhooks::endpoint(&owner, &receiver, json!({}));
    make::contact(&owner, json!({}));
    let all = after(&owner, 3);
    assert_eq!((&all[0]["kind"], &all[0]["event"]["data"]["disabled_reason"]), (&json!("disabled"), &json!("gone")));
}

/// A worker that dies leaves nothing half told; two who work at once tell once.
#[test]
fn each_is_told_once_whatever_dies() {
    let town = Town::idle();
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    let contact = make::contact(&rep, json!({}));
    follow(&rep, &contact);
    for n in 0..40 {
        owner.patch(&format!("/v1/contacts/{}", make::id(&contact, "id")), json!({"job_title": format!("{n}")})).ok();
    }
    let worker = |crash: &str| {
        let mut command = town.program(&["worker"]);
        command.env("GUANXI_TEST_CRASH", crash).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().unwrap()
    };
    worker("notify_spread").wait().unwrap();
    assert_eq!(told(&rep, "").len(), 0);
    let mut two = [worker(""), worker("")];
    until("told", || told(&rep, "").len() >= 40);
    std::thread::sleep(std::time::Duration::from_secs(1));
    let all = told(&rep, "&sort=created_at");
    two.iter_mut().for_each(|one| {
        let _ = one.kill();
        let _ = one.wait();
    });
    let mut titles: Vec<i64> =
        all.iter().map(|one| one["event"]["data"]["job_title"].as_str().unwrap().parse().unwrap()).collect();
    titles.sort_unstable();
    assert_eq!(titles, (0..40).collect::<Vec<_>>());
}

#[test]
fn junk_is_refused_and_others_are_left_alone() {
    let town = Town::start();
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    make::contact(&owner, json!({"owner_id": town.user(Person::Rep)}));
    let one = after(&rep, 1)[0]["id"].clone();
    owner.post("/v1/me/notifications/mark", json!({"status": "archived", "ids": [one]})).is(204);
    assert_eq!(told(&rep, "&status=unread").len(), 1);
    for bad in [
        json!({}),
        json!({"status": "gone"}),
        json!({"status": "read", "ids": ["x"]}),
        json!({"status": "read", "all": true}),
    ] {
        owner.post("/v1/me/notifications/mark", bad).refused(422, "invalid");
    }
}
