//! All that a record has to do with, in one order, as far as its reader sees it.
use crate::support::{Client, Person, Town, Value, json, make};

pub fn page(client: &Client, query: &str) -> Value {
    client.get(&format!("/v1/timeline?subject={query}")).ok()
}

pub fn kinds(page: &Value) -> Vec<String> {
    page["data"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap().to_owned()).collect()
}

/// All pages, of so many entries each.
pub fn walk(client: &Client, query: &str, limit: usize) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = page(client, &format!("{query}&limit={limit}{cursor}"));
        all.extend(page["data"].as_array().unwrap().clone());
        match page["page"]["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

#[test]
fn it_tells_of_everything_in_one_order() {
    let town = Town::start();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({"email": "ada@example.com"}));
    let subject = format!("contact:{}", make::id(&contact, "id"));
    let links = json!([{"resource": "contact", "record_id": contact["id"]}]);
    for day in 1..=9 {
        // several at one moment, too
        let at = format!("2026-01-0{}T00:00:00Z", (day + 1) / 2);
        make::activity(&owner, json!({"links": links, "started_at": at}));
        make::order(&owner, json!({"contact_id": contact["id"], "placed_at": at}));
    }
    make::task(&owner, json!({"links": links}));
    make::email(&owner, json!({"contact_id": contact["id"]}));
    owner.patch(&format!("/v1/contacts/{}", make::id(&contact, "id")), json!({"job_title": "Buyer"})).ok();
    let all = walk(&owner, &subject, 200);
    assert_eq!(all.len(), 23, "9 calls, 9 orders, a task, a mail; they were made, became a customer and changed");
    let moments: Vec<&str> = all.iter().map(|one| one["at"].as_str().unwrap()).collect();
    assert!(moments.windows(2).all(|pair| pair[0] >= pair[1]), "{moments:?}");
    let ids = |all: &[Value]| all.iter().map(|one| one["id"].clone()).collect::<Vec<_>>();
    for limit in [1, 2, 5, 7, 22, 23] {
        assert_eq!(ids(&walk(&owner, &subject, limit)), ids(&all), "by {limit}");
    }
    let some = page(&owner, &format!("{subject}&types=task,email_message"));
    let mut some = kinds(&some);
    some.sort();
    assert_eq!(some, ["email_message", "task"]);
    let changes = page(&owner, &format!("{subject}&types=change"));
    assert_eq!(changes["data"][0]["record"]["changed"]["job_title"]["after"], "Buyer");
    let first = page(&owner, &format!("{subject}&limit=1"));
    let cursor = first["page"]["next_cursor"].as_str().unwrap();
    let other = format!("/v1/timeline?subject={subject}&types=task&cursor={cursor}");
    owner.get(&other).refused(400, "cursor_mismatch");
    for bad in ["x", "contact:x", "nothing:0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6"] {
        owner.get(&format!("/v1/timeline?subject={bad}")).refused(400, "unknown_parameter");
    }
    owner.get(&format!("/v1/timeline?subject={subject}&types=song")).refused(400, "unknown_parameter");
    owner.get(&format!("/v1/timeline?subject={subject}&limit=0")).refused(400, "unknown_parameter");
}

#[test]
fn each_sees_their_own_part_of_it() {
    let town = Town::start();
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    let contact = make::contact(&owner, json!({"team_id": town.team("north")}));
    let subject = format!("contact:{}", make::id(&contact, "id"));
    let links = json!([{"resource": "contact", "record_id": contact["id"]}]);
    make::activity(&owner, json!({"links": links}));
    let elsewhere = make::activity(&owner, json!({"links": links, "team_id": town.team("south")}));
    make::order(&owner, json!({"contact_id": contact["id"]}));
    let seen = page(&rep, &subject);
    assert_eq!(kinds(&seen).iter().filter(|kind| *kind == "activity").count(), 1);
    assert!(!kinds(&seen).contains(&"order".to_owned()), "the owner's own");
    assert!(!seen.to_string().contains(&make::id(&elsewhere, "id")));
    for client in [town.client(Person::Stranger), town.client(Person::Foreigner), town.client(Person::Nobody)] {
        client.get(&format!("/v1/timeline?subject={subject}")).refused(404, "not_found");
    }
    let blind = super::without(&town, &[("activity", "subject", "hidden"), ("order", "placed_at", "hidden")]);
    let seen = page(&blind, &subject);
    assert!(seen["data"].as_array().unwrap().iter().all(|one| one["record"].get("subject").is_none()));
    assert!(!kinds(&seen).contains(&"order".to_owned()), "when it was placed would be told by its place");
}

/// However much there is, it takes the same number of statements, and none reads all of it.
#[test]
fn a_page_takes_a_fixed_number_of_statements() {
    let town = Town::watched();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({}));
    let subject = format!("contact:{}", make::id(&contact, "id"));
    let links = json!([{"resource": "contact", "record_id": contact["id"]}]);
    page(&owner, &subject);
    let empty = town.statements(|| drop(page(&owner, &subject)));
    make::many(&owner, "activities", (0..60).map(|_| json!({"kind": "note", "links": links})));
    for _ in 0..3 {
        let deal = make::opportunity(&owner, json!({}));
        let path = format!("/v1/opportunities/{}/contacts", make::id(&deal, "id"));
        owner.post(&path, json!({"contact_id": contact["id"]})).created();
        let quote = make::quote(&owner, json!({"contact_id": contact["id"]}));
        let path = format!("/v1/quotes/{}", make::id(&quote, "id"));
        owner.act(&format!("{path}/submit")).ok();
        owner.act(&format!("{path}/accept")).ok();
        let contract = owner.act(&format!("{path}/contract")).created();
        make::payment(&owner, json!({"contract_id": contract["id"]}));
        make::consent(&owner, json!({"contact_id": contact["id"]}));
    }
    let full = town.statements(|| drop(page(&owner, &subject)));
    assert_eq!(full.len(), empty.len(), "{full:#?}");
    // one for each sort, one more for each that asks what a contact takes part in or was offered
    assert!(full.len() <= 21, "{full:#?}");
}

/// The first page and one far behind cost what they cost where there is next to nothing.
#[test]
fn a_page_reads_no_more_than_it_shows() {
    let town = Town::idle();
    let owner = town.owner();
    let (busy, quiet) = (make::contact(&owner, json!({})), make::contact(&owner, json!({})));
    let of = |contact: &Value| format!("contact:{}", make::id(contact, "id"));
    town.database.run(&format!(
        "INSERT INTO activities (tenant_id, id, owner_id, kind, started_at, links, created_at, updated_at, created_by,
         updated_by) SELECT c.tenant_id, gen_random_uuid(), c.owner_id, 'note', now() - n * interval '1 minute',
         jsonb_build_array(jsonb_build_object('resource', 'contact', 'record_id', c.id)), now(), now(), c.owner_id,
         c.owner_id FROM contacts AS c, generate_series(1, CASE WHEN c.id = '{}' THEN 60000 ELSE 60 END) AS n",
        make::id(&busy, "id")
    ));
    town.database.run("ANALYZE activities; ANALYZE activity_links");
    let all = walk(&owner, &format!("{}&types=activity", of(&quiet)), 50);
    assert_eq!(all.len(), 60);
    let mut cursor = String::new();
    for _ in 0..20 {
        let page = page(&owner, &format!("{}&limit=200{cursor}", of(&busy)));
        cursor = format!("&cursor={}", page["page"]["next_cursor"].as_str().unwrap());
    }
    let cost = |query: &str| {
        let mut times: Vec<std::time::Duration> = (0..9)
            .map(|_| {
                let since = std::time::Instant::now();
                page(&owner, query);
                since.elapsed()
            })
            .collect();
        times.sort();
        times[4]
    };
    let (little, first) = (cost(&format!("{}&limit=50", of(&quiet))), cost(&format!("{}&limit=50", of(&busy))));
    let behind = cost(&format!("{}&limit=50{}", of(&busy), cursor));
    println!("a page of 60 takes {little:?}, of 60,000 {first:?}, and 4,000 behind {behind:?}");
    let most = little * 5 + std::time::Duration::from_millis(20);
    assert!(first < most && behind < most, "{little:?} {first:?} {behind:?}");
}
