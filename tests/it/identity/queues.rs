//! A queue owns records for those who serve it, and is nobody itself.
use super::{out_soon, tokens, with};
use crate::support::people::PASSWORD;
use crate::support::{Client, Person, Town, Value, fresh, json, make};

fn queue(client: &Client) -> Value {
    client.post("/v1/queues", json!({"display_name": fresh("Queue ")})).created()
}

fn place(queue: &Value) -> String {
    format!("/v1/queues/{}", make::id(queue, "id"))
}

/// What it owns is as good as one's own: seen, changed, and taken by becoming its owner.
#[test]
fn whoever_serves_a_queue_takes_its_records() {
    let town = Town::start();
    let owner = town.owner();
    let queue = queue(&owner);
    let [first, second] = [(); 2].map(|()| make::contact(&owner, json!({"owner_id": queue["id"]})));
    let [first, second] = [&first, &second].map(|contact| format!("/v1/contacts/{}", make::id(contact, "id")));
    let rep = with(&town, &tokens(&town, Person::Rep));
    let mate = with(&town, &tokens(&town, Person::Mate));
    rep.get(&first).refused(404, "not_found");
    owner.put(&format!("{}/users/{}", place(&queue), town.user(Person::Rep)), json!({})).ok();
    out_soon(&rep, &first, 200);
    mate.get(&first).refused(404, "not_found");
    owner.put(&format!("{}/teams/{}", place(&queue), town.team("north")), json!({})).ok();
    out_soon(&mate, &first, 200);
    assert_eq!(mate.get(&format!("/v1/contacts?owner_id={}", make::id(&queue, "id"))).ids().len(), 2);
    rep.patch(&first, json!({"job_title": "x"})).ok();
    rep.patch(&first, json!({"owner_id": town.user(Person::Mate)})).refused(403, "forbidden");
    assert_eq!(rep.patch(&first, json!({"owner_id": town.user(Person::Rep)})).ok()["owner_id"], town.user(Person::Rep));
    mate.get(&first).refused(404, "not_found");
    // it has a name where owners are shown
    let shown = owner.get(&format!("{second}?include=owner")).ok();
    assert_eq!(shown["owner"]["display_name"], queue["display_name"]);
    let members = owner.get(&format!("{}/members", place(&queue))).ok();
    assert_eq!(
        (&members[0]["user_id"], &members[1]["team_id"]),
        (&json!(town.user(Person::Rep)), &json!(town.team("north")))
    );
    assert_eq!((&members[0]["display_name"], &members[1]["display_name"]), (&json!("Rep"), &json!("north")));
    owner.delete(&format!("{}/teams/{}", place(&queue), town.team("north"))).ok();
    out_soon(&mate, &second, 404);
    rep.get(&second).ok();
    owner.delete(&format!("{}/users/{}", place(&queue), town.user(Person::Rep))).ok();
    out_soon(&rep, &second, 404);
    owner.delete(&format!("{}/users/{}", place(&queue), town.user(Person::Rep))).refused(404, "not_found");
}

#[test]
fn a_queue_has_its_room() {
    let town = Town::start();
    let owner = town.owner();
    let made = queue(&owner);
    let path = place(&made);
    assert_eq!(owner.get(&path).ok(), made);
    let renamed = owner.if_match(1).patch(&path, json!({"display_name": " Hot leads "})).ok();
    assert_eq!((renamed["display_name"].as_str(), renamed["version"].as_i64()), (Some("Hot leads"), Some(2)));
    owner.if_match(1).patch(&path, json!({"display_name": "x"})).refused(412, "stale");
    owner.post("/v1/queues", json!({"display_name": " "})).is(422);
    make::user(&owner, json!({}));
    for query in ["q=hot", "filter=display_name%20%3D%3D%20%22Hot%20leads%22", "sort=-display_name&count=exact"] {
        assert_eq!(owner.get(&format!("/v1/queues?{query}")).ids(), [make::id(&made, "id")], "{query}");
    }
    assert!(owner.get("/v1/users?kind=queue").ids().contains(&make::id(&made, "id")));
    owner.delete(&path).is(204);
    owner.get(&path).refused(404, "not_found");
    assert_eq!(owner.get("/v1/queues?deleted=only").ids().len(), 1);
    owner.act(&format!("{path}/restore")).ok();
    make::contact(&owner, json!({"owner_id": made["id"]}));
    owner.delete(&format!("{path}?purge=true")).refused(409, "in_use");
    owner.delete(&format!("{}?purge=true", place(&queue(&owner)))).is(204);
    let events = "SELECT count(*) FROM event_log WHERE name LIKE 'queue.%'";
    assert_eq!(town.database.count(events), 6);
    for person in [Person::Manager, Person::Rep, Person::ReadOnly] {
        let client = town.client(person);
        client.get(&path).ok();
        client.patch(&path, json!({"display_name": "x"})).refused(403, "forbidden");
        client.post("/v1/queues", json!({"display_name": "x"})).refused(403, "forbidden");
    }
    assert_eq!(town.client(Person::Foreigner).get("/v1/queues").ids().len(), 0);
}

/// A queue that is archived shows what it owns to nobody by itself.
#[test]
fn nobody_serves_an_archived_queue() {
    let town = Town::start();
    let owner = town.owner();
    let queue = queue(&owner);
    let contact = make::contact(&owner, json!({"owner_id": queue["id"]}));
    let path = format!("/v1/contacts/{}", make::id(&contact, "id"));
    owner.put(&format!("{}/users/{}", place(&queue), town.user(Person::Rep)), json!({})).ok();
    let rep = with(&town, &tokens(&town, Person::Rep));
    rep.get(&path).ok();
    owner.delete(&place(&queue)).is(204);
    out_soon(&rep, &path, 404);
    owner.act(&format!("{}/restore", place(&queue))).ok();
    out_soon(&rep, &path, 200);
}

#[test]
fn a_queue_is_nobody() {
    let town = Town::start();
    let owner = town.owner();
    let queue = queue(&owner);
    let id = make::id(&queue, "id");
    let user = format!("/v1/users/{id}");
    let email = make::id(&owner.get(&user).ok(), "email");
    town.anonymous()
        .post("/v1/auth/login", json!({"email": email, "password": PASSWORD}))
        .refused(401, "invalid_credentials");
    for refused in [
        owner.put(&format!("{user}/roles/{}", town.role("representative")), json!({})),
        owner.put(&format!("/v1/teams/{}/members/{id}", town.team("north")), json!({})),
        owner.put(&format!("{}/users/{id}", place(&queue)), json!({})),
        owner.patch(&user, json!({"password": "a long walk by the lake"})),
        owner.patch(&user, json!({"display_name": "x"})),
        owner.act(&format!("{user}/invite")),
        owner.delete(&user),
        owner.delete(&format!("{user}?purge=true")),
    ] {
        refused.refused(409, "user_is_queue");
    }
    let key = json!({"name": "x", "scopes": ["*"], "user_id": id});
    owner.post("/v1/api-keys", key).refused(422, "unknown_reference");
    owner.post("/v1/users", json!({"email": "q@town.example", "display_name": "x", "kind": "queue"})).is(422);
    owner.get(&place(&json!({"id": town.user(Person::Rep)}))).refused(404, "not_found");
}

/// What serving a queue shows, whoever lets somebody serve it has to see themselves.
#[test]
fn nobody_serves_a_queue_to_see_more() {
    let town = Town::start();
    let owner = town.owner();
    let queue = queue(&owner);
    let held = [
        ("queue", "read", "all"),
        ("queue", "update", "all"),
        ("user", "read", "all"),
        ("team", "read", "all"),
        ("contact", "read", "own"),
    ];
    let client = make::holder(&town, &held);
    let like = make::holder(&town, &[("contact", "read", "own")]);
    let more = make::holder(&town, &[("contact", "update", "own")]);
    let me = |client: &Client| make::id(&client.get("/v1/me").ok()["user"], "id");
    let users = format!("{}/users", place(&queue));
    client.put(&format!("{users}/{}", me(&client)), json!({})).refused(403, "beyond_own_rights");
    client.put(&format!("{users}/{}", me(&like)), json!({})).refused(403, "beyond_own_rights");
    client.put(&format!("{}/teams/{}", place(&queue), town.team("north")), json!({})).refused(403, "beyond_own_rights");
    // who gains nothing by it, be it that they see all already
    client.put(&format!("{users}/{}", town.user(Person::Nobody)), json!({})).ok();
    owner.put(&format!("{users}/{}", me(&client)), json!({})).ok();
    let since = std::time::Instant::now();
    while client.put(&format!("{users}/{}", me(&like)), json!({})).status != 200 {
        assert!(since.elapsed() < std::time::Duration::from_secs(5), "what is known of the caller is old");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    client.put(&format!("{users}/{}", me(&more)), json!({})).refused(403, "beyond_own_rights");
}

/// Nor does anybody join a team for what is shared with it, or for the queues that it serves.
#[test]
fn nobody_joins_a_team_for_its_shares() {
    let town = Town::start();
    let owner = town.owner();
    let held =
        [("team", "read", "all"), ("team", "update", "all"), ("user", "read", "all"), ("contact", "read", "own")];
    let client = make::holder(&town, &held);
    let me = make::id(&client.get("/v1/me").ok()["user"], "id");
    let join = |team: &str| client.put(&format!("/v1/teams/{team}/members/{me}"), json!({}));
    let teams: Vec<String> =
        (0..3).map(|_| make::id(&owner.post("/v1/teams", json!({"name": fresh("Team ")})).created(), "id")).collect();
    let contact = make::contact(&owner, json!({}));
    owner.post("/v1/shares", json!({"resource": "contact", "record_id": contact["id"], "team_id": teams[0]})).created();
    owner.put(&format!("{}/teams/{}", place(&queue(&owner)), teams[1]), json!({})).ok();
    join(&teams[0]).refused(403, "beyond_own_rights");
    join(&teams[1]).refused(403, "beyond_own_rights");
    join(&teams[2]).ok();
}
