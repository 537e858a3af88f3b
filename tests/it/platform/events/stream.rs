//! The stream of events: as they come, without a gap over whatever cuts it off, and for nobody who may no longer hear.
use super::types_of;
use crate::support::listener::{Listener, connect};
use crate::support::{Client, Person, Town, fresh, json, make, people::PASSWORD, seal};
use std::io::Read;
use std::time::{Duration, Instant};

const SOON: Duration = Duration::from_secs(20);

fn contact(owner: &Client) -> String {
    make::id(&make::contact(owner, json!({})), "id")
}

/// The next event of a contact.
#[track_caller]
fn next(listener: &mut Listener) -> String {
    let event = listener.event(SOON).expect("nothing is told");
    event["record_id"].as_str().unwrap().to_owned()
}

#[test]
fn it_tells_what_happens_from_now_on_and_goes_on_after_a_restart() {
    let town = Town::start();
    let owner = town.owner();
    contact(&owner);
    seal(&town);
    let mut listener = Listener::open(town.addr(), &owner, "?types=contact.*", None);
    assert_eq!(listener.status, 200);
    let first = contact(&owner);
    let heard = listener.event(SOON).unwrap();
    assert_eq!((heard["type"].clone(), heard["record_id"].clone()), (json!("contact.created"), json!(first)));
    let page = owner.get(&format!("/v1/events?record_id={first}")).ok();
    assert_eq!(heard, page["data"][0], "the same as is told page by page");
    // the server goes: the stream ends, and what happens meanwhile is told later
    let last = listener.last;
    let database = town.leave();
    assert!(listener.ends(SOON), "a server that stops ends its streams");
    let town = Town::on(database);
    let owner = town.owner();
    let meanwhile = contact(&owner);
    seal(&town);
    let mut listener = Listener::open(town.addr(), &owner, "?types=contact.*", last);
    assert_eq!(next(&mut listener), meanwhile);
    let then = contact(&owner);
    assert_eq!(next(&mut listener), then);
    // from a place that is said in the address
    let after = format!("?types=contact.*&after={}", last.unwrap());
    assert_eq!(next(&mut Listener::open(town.addr(), &owner, &after, None)), meanwhile);
}

#[test]
fn each_hears_what_they_see() {
    let town = Town::start();
    let owner = town.owner();
    let rep = make::reaching(&town, Person::Rep, "own");
    let mut theirs = Listener::open(town.addr(), &rep, "", None);
    let mut nobodys = Listener::open(town.addr(), &town.client(Person::Nobody), "", None);
    let mut foreign = Listener::open(town.addr(), &town.client(Person::Foreigner), "", None);
    contact(&owner);
    let mine = make::id(&make::contact(&owner, json!({"owner_id": town.user(Person::Rep)})), "id");
    assert_eq!(next(&mut theirs), mine);
    owner.patch(&format!("/v1/contacts/{mine}"), json!({"owner_id": town.user(Person::Owner)})).ok();
    assert_eq!(theirs.event(SOON).unwrap()["type"], "contact.access_lost");
    assert_eq!(nobodys.event(Duration::from_millis(300)), None);
    assert_eq!(foreign.event(Duration::from_millis(1)), None);
    let mut refused = Listener::open(town.addr(), &town.anonymous(), "", None);
    assert_eq!((refused.status, refused.event(Duration::from_millis(100))), (401, None));
    assert_eq!(Listener::open(town.addr(), &owner.bearing("nonsense"), "", None).status, 401);
}

#[test]
fn who_may_hear_no_more_hears_no_more_within_five_seconds() {
    let town = Town::start();
    let owner = town.owner();
    let role = make::role(&owner, &[("contact", "read", "all")]);
    let user = make::user(&owner, json!({"password": PASSWORD, "role_ids": [role["id"]]}));
    let login = json!({"email": user["email"], "password": PASSWORD});
    let client =
        || town.anonymous().bearing(make::id(&town.anonymous().post("/v1/auth/login", &login).ok(), "access_token"));
    let (leaving, staying) = (client(), client());
    let mut ended = Listener::open(town.addr(), &leaving, "", None);
    let mut listener = Listener::open(town.addr(), &staying, "?types=contact.*", None);
    let first = contact(&owner);
    assert_eq!((next(&mut ended), next(&mut listener)), (first.clone(), first));
    // a session that is no more
    leaving.act("/v1/auth/logout").is(204);
    let since = Instant::now();
    assert!(ended.ends(Duration::from_secs(5)), "it goes on after {:?}", since.elapsed());
    // a right that is no more; asked of the database, as another server would change it
    town.database.run(&format!("DELETE FROM user_roles WHERE user_id = '{}'", make::id(&user, "id")));
    std::thread::sleep(Duration::from_secs(5));
    contact(&owner);
    assert_eq!(listener.event(Duration::from_secs(2)), None);
    // a key that is no more
    let key = owner.post("/v1/api-keys", json!({"name": "ears", "scopes": ["*"]})).created();
    let mut by_key = Listener::open(town.addr(), &owner.bearing(make::id(&key, "key")), "?types=contact.*", None);
    contact(&owner);
    assert!(by_key.event(SOON).is_some());
    town.database.run("UPDATE api_keys SET revoked_at = now()");
    assert!(by_key.ends(Duration::from_secs(5)));
}

/// Who does not read costs no more than a few frames, is cut off, and misses nothing when they come back.
#[test]
fn who_is_slow_is_cut_off_and_goes_on_later() {
    let town = Town::start();
    let owner = town.owner();
    contact(&owner);
    seal(&town);
    let from = owner.get("/v1/events?limit=200").ok()["page"]["position"].as_i64().unwrap();
    let mut slow = connect(town.addr(), &owner, "?types=contact.*", Some(from));
    let long = "x".repeat(9_000);
    for _ in 0..3 {
        make::many(&owner, "contacts", (0..400).map(|n| json!({"display_name": format!("{n}"), "description": long})));
    }
    seal(&town);
    std::thread::sleep(Duration::from_secs(19));
    let mut taken = Vec::new();
    let _ = slow.read_to_end(&mut taken); // it ends, or is reset
    let text = String::from_utf8_lossy(&taken);
    let whole = text.rfind("\n\n").map_or("", |end| &text[..end]);
    let ids: Vec<i64> = whole.lines().filter_map(|line| line.strip_prefix("id: ")?.parse().ok()).collect();
    let heard = ids.len() - 1;
    assert!(heard > 0 && heard < 1_200, "{heard} of 1200 were sent to somebody who does not read");
    let mut listener = Listener::open(town.addr(), &owner, "?types=contact.*", ids.last().copied());
    let mut rest = 0;
    while rest + heard < 1_200 {
        listener.event(SOON).expect("something is missing");
        rest += 1;
    }
    assert_eq!(listener.event(Duration::from_millis(500)), None);
}

/// However many listen, each hears everything once.
#[test]
fn many_who_listen_hear_the_same() {
    let town = Town::start();
    let owner = town.owner();
    let mut listeners: Vec<Listener> =
        (0..60).map(|_| Listener::open(town.addr(), &owner, "?types=contact.*", None)).collect();
    let made: Vec<String> = (0..20).map(|_| contact(&owner)).collect();
    for listener in &mut listeners {
        let heard: Vec<String> = made.iter().map(|_| next(listener)).collect();
        let (mut heard, mut all) = (heard, made.clone());
        heard.sort();
        all.sort();
        assert_eq!(heard, all);
    }
    assert!(listeners.iter_mut().all(|one| one.event(Duration::from_millis(20)).is_none()));
    assert_eq!(types_of(&owner, &made[0]), ["contact.created"]);
}

/// Those for whom all looks alike are told together; who has something held back, or wants something else, is not.
#[test]
fn who_listens_side_by_side_hears_what_is_theirs() {
    let town = Town::start();
    let owner = town.owner();
    let reads = json!([{"object": "contact", "action": "read", "reach": "all"}]);
    let reader = |hidden: bool| {
        let fields = json!([{"object": "contact", "field": "job_title", "access": "hidden"}]);
        let fields = if hidden { fields } else { json!([]) };
        let role = json!({"name": fresh("Role "), "permissions": reads, "fields": fields});
        let role = owner.post("/v1/roles", role).created();
        let user = make::user(&owner, json!({"password": PASSWORD, "role_ids": [role["id"]]}));
        let login = json!({"email": user["email"], "password": PASSWORD});
        town.anonymous().bearing(make::id(&town.anonymous().post("/v1/auth/login", login).ok(), "access_token"))
    };
    let (one, other, less) = (reader(false), reader(false), reader(true));
    seal(&town);
    let open = |client: &Client, query: &str| Listener::open(town.addr(), client, query, None);
    let mut all = [&owner, &one, &other, &less].map(|client| open(client, "?types=contact.*"));
    let mut updates = open(&one, "?types=contact.updated");
    let made = make::id(&make::contact(&owner, json!({"job_title": "hush"})), "id");
    let place = format!("/v1/contacts/{made}");
    owner.patch(&place, json!({"job_title": "hush two", "department": "Sales"})).ok();
    let heard = all.each_mut().map(|one| [one.event(SOON).unwrap(), one.event(SOON).unwrap()]);
    assert!(heard[0] == heard[1] && heard[1] == heard[2], "{heard:#?}");
    assert_eq!(heard[0][1]["previous"], json!({"job_title": "hush", "department": null}));
    assert_eq!(heard[3][1]["changed"], json!(["department"]));
    assert!(!json!(heard[3]).to_string().contains("hush"), "{:#?}", heard[3]);
    assert_eq!(updates.event(SOON).unwrap(), heard[0][1]);
}
