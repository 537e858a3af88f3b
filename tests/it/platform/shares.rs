//! A share shows one record to one user or team, at once, for as long as it is in force, and never more than that.
use crate::support::{Client, Person, Town, Value, json, make};
use std::thread;

fn share(client: &Client, resource: &str, record: &Value, with: Value) -> crate::support::Answer {
    client.post("/v1/shares", make::with(json!({"resource": resource, "record_id": record["id"]}), with))
}

/// Permissions: object, action, reach.
type Held = &'static [(&'static str, &'static str, &'static str)];

fn place(resource: &str, record: &Value) -> String {
    format!("/v1/{resource}s/{}", make::id(record, "id"))
}

fn count(client: &Client) -> Value {
    client.get("/v1/contacts?count=exact&limit=1").ok()["page"]["count"].clone()
}

/// Of every noun that is owned by rows: seen with its parts, in lists, searches, filters and the 360 view.
#[test]
fn what_is_shared_is_seen_everywhere() {
    let town = Town::start();
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    let account = make::account(&owner, json!({"name": "Zanzibar Ltd"}));
    let contact = make::contact(
        &owner,
        json!({"display_name": "Zoe Zebra", "account_id": account["id"], "phone": "+8613800138000"}),
    );
    let order = make::order(&owner, json!({"account_id": account["id"], "number": "Z-1"}));
    for (resource, record, parts) in
        [("account", &account, "360"), ("contact", &contact, "contact-points"), ("order", &order, "lines")]
    {
        let path = place(resource, record);
        rep.get(&path).refused(404, "not_found");
        let made = share(&owner, resource, record, json!({"user_id": town.user(Person::Rep)})).created();
        assert_eq!(
            (made["access"].as_str(), made["created_by"].as_str()),
            (Some("read"), Some(town.user(Person::Owner).as_str()))
        );
        rep.get(&path).ok();
        rep.get(&format!("{path}/{parts}")).ok();
        for query in ["limit=9", "q=z", "filter=version%20%3E%3D%201"] {
            assert_eq!(rep.get(&format!("/v1/{resource}s?{query}")).ids(), [make::id(record, "id")], "{query}");
        }
        let other = town.client(Person::Mate);
        other.get(&path).refused(404, "not_found");
    }
    assert_eq!(rep.get("/v1/contacts?account.name=Zanzibar%20Ltd").ids().len(), 1);
    let overview = rep.get(&format!("{}/360", place("account", &account))).ok();
    assert_eq!(overview["contacts"][0]["id"], contact["id"]);
    assert_eq!(overview["orders"]["order_count"], 1);
    let shown = rep.get(&format!("{}?include=account", place("contact", &contact))).ok();
    assert_eq!(shown["account"]["id"], account["id"]);
}

/// It takes effect with the next request, and so does its end.
#[test]
fn a_share_begins_and_ends_at_once() {
    let town = Town::start();
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    let contact = make::contact(&owner, json!({}));
    let path = place("contact", &contact);
    for _ in 0..3 {
        rep.get(&path).refused(404, "not_found");
        let made = share(&owner, "contact", &contact, json!({"team_id": town.team("north")})).created();
        let share = format!("/v1/shares/{}", make::id(&made, "id"));
        rep.get(&path).ok();
        assert_eq!(count(&rep), 1);
        rep.patch(&path, json!({"job_title": "x"})).refused(403, "forbidden");
        owner.patch(&share, json!({"access": "update"})).ok();
        rep.patch(&path, json!({"job_title": "x"})).ok();
        owner.patch(&share, json!({"access": "read", "expires_at": "2999-01-01T00:00:00Z"})).ok();
        rep.patch(&path, json!({"job_title": "x"})).refused(403, "forbidden");
        town.database.run("UPDATE shares SET expires_at = now() - interval '1 second'");
        rep.get(&path).refused(404, "not_found");
        owner.patch(&share, json!({"expires_at": null})).ok();
        rep.get(&path).ok();
        owner.delete(&share).is(204);
        assert_eq!(count(&rep), 0);
    }
    let names = "SELECT count(*) FROM event_log WHERE name = 'share.";
    for (verb, times) in [("created", 3), ("updated", 9), ("deleted", 3)] {
        assert_eq!(town.database.count(&format!("{names}{verb}'")), times, "{verb}");
    }
    assert_eq!(
        owner
            .get(&format!("/v1/shares?deleted=only&resource=contact&record_id={}", make::id(&contact, "id")))
            .ids()
            .len(),
        3
    );
}

/// A team is those who are in it: neither those of the teams below nor those of the teams above.
#[test]
fn a_share_with_a_team_is_with_its_members() {
    let town = Town::start();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({}));
    let path = place("contact", &contact);
    share(&owner, "contact", &contact, json!({"team_id": town.team("north")})).created();
    for (person, status) in [(Person::Rep, 200), (Person::Mate, 200), (Person::Stranger, 404), (Person::Manager, 404)] {
        town.client(person).get(&path).is(status);
    }
    share(&owner, "contact", &contact, json!({"team_id": town.team("sales")})).created();
    for (person, status) in [(Person::Manager, 200), (Person::Stranger, 404)] {
        town.client(person).get(&path).is(status);
    }
}

/// A share says which record, never what may be done with records of that sort.
#[test]
fn a_share_gives_no_permission() {
    let town = Town::start();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({}));
    let path = place("contact", &contact);
    let cases: [(Held, [u16; 3]); 5] = [
        (&[], [403, 403, 403]),
        (&[("account", "read", "all")], [403, 403, 403]),
        (&[("contact", "read", "own")], [200, 403, 403]),
        (&[("contact", "read", "own"), ("contact", "update", "own")], [200, 200, 403]),
        // what is seen may be deleted by who may delete everything
        (&[("contact", "read", "own"), ("contact", "delete", "all")], [200, 403, 204]),
    ];
    for (held, expected) in cases {
        let client = make::holder(&town, held);
        let me = client.get("/v1/me").ok()["user"]["id"].clone();
        share(&owner, "contact", &contact, json!({"user_id": me, "access": "update"})).created();
        let statuses = [
            client.get(&path).status,
            client.patch(&path, json!({"job_title": "x"})).status,
            client.delete(&path).status,
        ];
        assert_eq!(statuses, expected, "{held:?}");
    }
    owner.act(&format!("{path}/restore")).ok();
    let deleter = make::holder(&town, &[("contact", "read", "own"), ("contact", "delete", "own")]);
    let me = deleter.get("/v1/me").ok()["user"]["id"].clone();
    share(&owner, "contact", &contact, json!({"user_id": me, "access": "update"})).created();
    deleter.delete(&path).refused(403, "forbidden");
}

/// To share is a permission of its own, and nobody lends what they may not do themselves.
#[test]
fn nobody_shares_more_than_they_may() {
    let town = Town::start();
    let owner = town.owner();
    let (rep, mate) = (town.client(Person::Rep), town.client(Person::Mate));
    let stranger = json!({"user_id": town.user(Person::Stranger)});
    let own = make::contact(&rep, json!({"team_id": town.team("north")}));
    // a representative shares their own; what is of the team they see and do not share
    share(&rep, "contact", &own, stranger.clone()).created();
    share(&mate, "contact", &own, json!({"user_id": town.user(Person::Manager)})).refused(403, "forbidden");
    let hidden = make::contact(&owner, json!({}));
    share(&rep, "contact", &hidden, stranger.clone()).refused(404, "not_found");
    town.client(Person::ReadOnly).get(&place("contact", &hidden)).ok();
    share(&town.client(Person::ReadOnly), "contact", &hidden, stranger.clone()).refused(403, "forbidden");
    let sharer =
        make::holder(&town, &[("contact", "read", "all"), ("contact", "share", "all"), ("contact", "update", "own")]);
    share(&sharer, "contact", &hidden, make::with(stranger.clone(), json!({"access": "update"})))
        .refused(403, "forbidden");
    let made = share(&sharer, "contact", &hidden, stranger).created();
    let path = format!("/v1/shares/{}", make::id(&made, "id"));
    sharer.patch(&path, json!({"access": "update"})).refused(403, "forbidden");
    // what is shared with one is not one's to share on, nor to change or take back
    let with = town.client(Person::Stranger);
    with.get(&path).ok();
    share(&with, "contact", &hidden, json!({"user_id": town.user(Person::Rep)})).refused(403, "forbidden");
    with.patch(&path, json!({"access": "update"})).refused(403, "forbidden");
    with.delete(&path).refused(403, "forbidden");
    rep.get(&path).refused(404, "not_found");
    rep.patch(&path, json!({"access": "read"})).refused(404, "not_found");
    rep.delete(&path).refused(404, "not_found");
}

/// Who shared a record and gave it away since may still take the share back.
#[test]
fn its_maker_takes_a_share_back() {
    let town = Town::start();
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    let contact = make::contact(&rep, json!({}));
    let made = share(&rep, "contact", &contact, json!({"user_id": town.user(Person::Stranger)})).created();
    owner.patch(&place("contact", &contact), json!({"owner_id": town.user(Person::Mate)})).ok();
    rep.get(&place("contact", &contact)).refused(404, "not_found");
    let path = format!("/v1/shares/{}", make::id(&made, "id"));
    rep.patch(&path, json!({"access": "update"})).refused(403, "forbidden");
    rep.if_match(7).delete(&path).refused(412, "stale");
    rep.delete(&path).is(204);
    town.client(Person::Stranger).get(&place("contact", &contact)).refused(404, "not_found");
}

#[test]
fn shares_are_listed_for_those_whom_they_concern() {
    let town = Town::start();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({}));
    let of = format!("/v1/shares?resource=contact&record_id={}", make::id(&contact, "id"));
    share(&owner, "contact", &contact, json!({"user_id": town.user(Person::Rep)})).created();
    share(&owner, "contact", &contact, json!({"team_id": town.team("south")})).created();
    for (person, mine) in
        [(Person::Owner, 2), (Person::Rep, 1), (Person::Stranger, 1), (Person::Mate, 0), (Person::Admin, 0)]
    {
        let client = town.client(person);
        assert_eq!(client.get("/v1/shares").ids().len(), mine, "{person:?}");
        if person == Person::Mate {
            client.get(&of).refused(404, "not_found");
        } else {
            assert_eq!(client.get(&format!("{of}&sort=-created_at&count=exact")).ids().len(), 2, "{person:?}");
        }
    }
    town.client(Person::Nobody).get(&of).refused(403, "forbidden");
    assert_eq!(town.client(Person::Admin).get(&format!("{of}&team_id={}", town.team("south"))).ids().len(), 1);
    let shown = owner.get("/v1/shares?include=user,team&sort=created_at").ok();
    assert_eq!(shown["data"][0]["user"]["email"], "rep@town.example");
    assert_eq!(shown["data"][1]["team"]["name"], "south");
}

/// Of very many shares a query is put otherwise, and answers the same.
#[test]
fn very_many_shares_are_shares_too() {
    let town = Town::watched();
    let owner = town.owner();
    let contacts = make::many(&owner, "contacts", (0..7).map(|at| json!({"display_name": format!("Contact {at}")})));
    for contact in &contacts[..5] {
        let with = json!({"user_id": town.user(Person::Rep), "access": "update"});
        share(&owner, "contact", contact, with).created();
    }
    town.database.run(
        "INSERT INTO shares (tenant_id, id, resource, record_id, user_id, access, created_at, updated_at, created_by, updated_by)
         SELECT tenant_id, gen_random_uuid(), 'contact', gen_random_uuid(), user_id, 'read', now(), now(), created_by, updated_by
         FROM (SELECT * FROM shares LIMIT 1) one, generate_series(1, 1000)",
    );
    let login = json!({"email": Person::Rep.email(), "password": crate::support::people::PASSWORD});
    let tokens = town.anonymous().post("/v1/auth/login", login).ok();
    let rep = town.anonymous().bearing(make::id(&tokens, "access_token"));
    let expected: Vec<String> = contacts[..5].iter().rev().map(|contact| make::id(contact, "id")).collect();
    let statements =
        town.statements(|| assert_eq!(rep.get("/v1/contacts?sort=-created_at,-display_name").ids(), expected));
    assert!(!statements.iter().any(|said| said.contains("ARRAY(SELECT")), "{statements:#?}");
    assert_eq!(count(&rep), 5);
    for (at, contact) in contacts.iter().enumerate() {
        rep.get(&place("contact", contact)).is(if at < 5 { 200 } else { 404 });
    }
    rep.patch(&place("contact", &contacts[0]), json!({"job_title": "x"})).ok();
}

#[test]
fn a_share_that_makes_no_sense_is_refused() {
    let town = Town::start();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({}));
    let rep = json!({"user_id": town.user(Person::Rep)});
    for (body, pointer) in [
        (json!({}), "/user_id"),
        (json!({"user_id": town.user(Person::Rep), "team_id": town.team("north")}), "/user_id"),
        (make::with(rep.clone(), json!({"access": "delete"})), "/access"),
        (make::with(rep.clone(), json!({"expires_at": "2020-01-01T00:00:00Z"})), "/expires_at"),
        (make::with(rep.clone(), json!({"resource": "product"})), "/resource"),
        (make::with(rep.clone(), json!({"resource": "contact_point"})), "/resource"),
        (json!({"user_id": crate::support::nobodys_id()}), "/user_id"),
    ] {
        let refused = share(&owner, "contact", &contact, body);
        refused.is(422);
        assert_eq!(refused.pointers(), [pointer]);
    }
    let made = share(&owner, "contact", &contact, rep.clone()).created();
    let twice = share(&owner, "contact", &contact, rep).refused(409, "shared_already");
    assert_eq!(twice["existing"][0]["id"], made["id"]);
}

/// Of many who share the same at once one does.
#[test]
fn a_record_is_shared_once() {
    let town = Town::start();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({}));
    let body = json!({"user_id": town.user(Person::Rep)});
    let statuses: Vec<u16> = thread::scope(|scope| {
        let all: Vec<_> =
            (0..8).map(|_| scope.spawn(|| share(&owner, "contact", &contact, body.clone()).status)).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let of = |status| statuses.iter().filter(|one| **one == status).count();
    assert_eq!((of(201), of(409)), (1, 7));
}

/// An id may come again by a client that makes its own: what was shared of the record before has gone with it.
#[test]
fn what_is_gone_for_good_is_shared_no_longer() {
    let town = Town::start();
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    let contact = make::contact(&owner, json!({}));
    let path = place("contact", &contact);
    share(&owner, "contact", &contact, json!({"user_id": town.user(Person::Rep)})).created();
    owner.delete(&format!("{path}?purge=true")).is(204);
    make::contact(&owner, json!({"id": contact["id"]}));
    rep.get(&path).refused(404, "not_found");
    assert_eq!(town.database.count("SELECT count(*) FROM shares"), 0);
}

/// By a share one reads an import and its job too, for both are owned by rows.
#[test]
fn any_noun_that_is_owned_by_rows_can_be_shared() {
    let town = Town::start();
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    let mapping = json!({"resource": "contacts", "columns": {"Name": "display_name"}});
    let import = super::upload(&owner, "contacts.csv", b"Name\nAda\n", &mapping, &[]).is(202);
    let path = place("import", &import);
    rep.get(&path).refused(404, "not_found");
    share(&owner, "import", &import, json!({"user_id": town.user(Person::Rep)})).created();
    rep.get(&path).ok();
}
