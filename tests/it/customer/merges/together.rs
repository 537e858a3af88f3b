//! Many at once, and servers that die on the way.
use super::{dump, merge, orphans, place, same};
use crate::platform::once::deaths::Mortal;
use crate::sales::leads::crowds::at_once;
use crate::support::{Answer, Client, Town, Value, json, make};
use std::time::{Duration, Instant};

/// Whatever somebody does with a contact while others merge it.
fn edit(client: &Client, one: &Value, other: &Value, n: usize) -> u16 {
    let link = json!([{"resource": "contact", "record_id": one["id"]}]);
    let answer = match n % 8 {
        0 => client.patch(&place(one), json!({"job_title": format!("Job {n}")})),
        1 => {
            client.post(&format!("{}/contact-points", place(one)), json!({"kind": "wechat", "value": format!("w{n}")}))
        }
        2 => client.post("/v1/orders", json!({"currency": "USD", "contact_id": one["id"]})),
        3 => client.post("/v1/tasks", json!({"subject": "x", "links": link})),
        4 => client.post("/v1/activities", json!({"kind": "call", "participants": [{"contact_id": one["id"]}]})),
        5 => client.post(
            "/v1/consents",
            json!({"contact_id": one["id"], "purpose": "news", "channel": "sms", "status": "withdrawn"}),
        ),
        _ => merge(client, one, &[other], json!({})),
    };
    answer.status
}

#[test]
fn fifty_who_merge_and_change_the_same_leave_no_orphan() {
    let town = Town::start();
    let owner = town.owner();
    let account = make::account(&owner, json!({}));
    let all: Vec<Value> = (0..16)
        .map(|n| make::contact(&owner, json!({"email": format!("p{n}@x.example"), "account_id": account["id"]})))
        .collect();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let one = |n: usize| {
            let (client, all) = (town.owner(), &all);
            scope.spawn(move || {
                let pick = |k: usize| &all[(n * 7 + k * 5 + k * k) % all.len()];
                (0..4).map(|k| edit(&client, pick(k), pick(k + 3), n + k)).collect::<Vec<u16>>()
            })
        };
        let threads: Vec<_> = (0..50).map(one).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let odd: Vec<&u16> = statuses.iter().filter(|status| ![200, 201, 404, 409, 422].contains(*status)).collect();
    assert!(odd.is_empty(), "{odd:?} of {}", statuses.len());
    assert!(town.database.count("SELECT count(*) FROM merges") >= 5);
    // what came to a loser meanwhile follows
    let since = Instant::now();
    while !orphans(&town).is_empty() || town.database.count("SELECT count(*) FROM merges WHERE settled_at IS NULL") > 0
    {
        assert!(since.elapsed() < Duration::from_secs(40), "{:#?}", orphans(&town));
        std::thread::sleep(Duration::from_millis(200));
    }
    for contact in &all {
        let found = owner.get(&place(contact));
        if found.status == 301 {
            owner.get(found.header("location")).ok();
        }
    }
    let circles = "SELECT count(*) FROM contacts WHERE merged_into_id IS NOT NULL AND deleted_at IS NULL";
    assert_eq!(town.database.count(circles), 0);
    // a no that was said is a no
    let lost = "SELECT count(*) FROM consents c WHERE status = 'withdrawn' AND NOT EXISTS (SELECT FROM consent_states s
        WHERE s.contact_id = c.contact_id AND s.purpose = 'news' AND s.channel = 'sms' AND s.status = 'withdrawn')";
    assert_eq!(town.database.count(lost), 0);
}

/// Whoever comes first says which of the two is left; the others are told, and nothing is lost on the way.
#[test]
fn of_fifty_who_merge_the_same_two_one_does() {
    let town = Town::start();
    let owner = town.owner();
    let both = ["one", "two"].map(|word| {
        let contact = make::contact(&owner, json!({"email": format!("{word}@x.example")}));
        make::order(&owner, json!({"contact_id": contact["id"]}));
        contact
    });
    let all = at_once(&town, 50, |client, at| merge(client, &both[at % 2], &[&both[(at + 1) % 2]], json!({})));
    let (first, late): (Vec<&Answer>, Vec<&Answer>) = all.iter().partition(|one| one.status == 200);
    assert_eq!(first.len(), 1, "{:?}", all.iter().map(|one| one.status).collect::<Vec<_>>());
    let merged = first[0].ok();
    let (winner, loser) = (&merged["winner_id"], &merged["loser_ids"][0]);
    for one in late {
        assert_eq!(one.refused(409, "merged")["merged_into"], *winner);
    }
    let path = |id: &Value| format!("/v1/contacts/{}", id.as_str().unwrap());
    assert_eq!(owner.get(&path(loser)).is(301)["merged_into"], *winner);
    assert_eq!(owner.get("/v1/contacts").ids(), [winner.as_str().unwrap()]);
    assert_eq!(owner.get(&format!("/v1/orders?contact_id={}", winner.as_str().unwrap())).ids().len(), 2);
    assert_eq!((orphans(&town), town.database.count("SELECT count(*) FROM merges")), (Vec::new(), 1));
    // and of fifty who take it back, too
    let undo = format!("/v1/merges/{}/undo", make::id(&merged, "merge_id"));
    let all = at_once(&town, 50, |client, _| client.act(&undo));
    assert_eq!(all.iter().filter(|one| one.status == 200).count(), 1);
    all.iter().filter(|one| one.status != 200).for_each(|one| drop(one.refused(409, "merge_not_undoable")));
    for contact in &both {
        let orders = owner.get(&format!("/v1/orders?contact_id={}", make::id(contact, "id")));
        assert_eq!((owner.get(&place(contact)).status, orders.ids().len()), (200, 1));
    }
}

/// All of it is kept or none: a server that dies leaves it as it was.
#[test]
fn whoever_dies_merging_has_merged_nothing() {
    let town = Town::idle();
    let owner = town.owner();
    let [one, two] = ["one", "two"].map(|word| {
        let contact = make::contact(&owner, json!({"email": format!("{word}@x.example")}));
        make::order(&owner, json!({"contact_id": contact["id"]}));
        contact
    });
    let head = format!("authorization: Bearer {}\r\n", owner.token().unwrap());
    let body = json!({"sources": [two["id"]]});
    let before = dump(&town);
    let mut mortal = Mortal::start(&town, "merge_kept");
    mortal.send(&format!("{}/merge", place(&one)), &head, &body.to_string());
    assert!(!mortal.0.wait().unwrap().success(), "it lives");
    same(&before, &dump(&town));
    assert_eq!(town.database.count("SELECT count(*) FROM merges"), 0);
    let merged = merge(&owner, &one, &[&two], json!({})).ok();
    let after = dump(&town);
    let mut mortal = Mortal::start(&town, "merge_undone");
    mortal.send(&format!("/v1/merges/{}/undo", make::id(&merged, "merge_id")), &head, "");
    assert!(!mortal.0.wait().unwrap().success(), "it lives");
    same(&after, &dump(&town));
    owner.act(&format!("/v1/merges/{}/undo", make::id(&merged, "merge_id"))).ok();
    same(&before, &dump(&town));
}
