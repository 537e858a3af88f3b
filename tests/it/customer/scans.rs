//! Records that are probably one, found among those that are there.
use crate::support::{Client, Person, Town, Value, json, make};
use std::time::{Duration, Instant};

pub fn scan(client: &Client, resource: &str) -> Value {
    let job = client.post("/v1/duplicate-scans", json!({"resource": resource})).is(202);
    let (path, since) = (format!("/v1/jobs/{}", make::id(&job, "id")), Instant::now());
    loop {
        let now = client.get(&path).ok();
        if now["status"] == "succeeded" {
            return now;
        }
        assert!(!["failed", "cancelled"].contains(&now["status"].as_str().unwrap()), "{now}");
        assert!(since.elapsed() < Duration::from_secs(60), "{now}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

pub fn open(client: &Client) -> Vec<Value> {
    client.get("/v1/duplicate-candidates?status=open&sort=-score&limit=200").ok()["data"].as_array().unwrap().clone()
}

fn fields(candidate: &Value) -> Vec<String> {
    candidate["reasons"].as_array().unwrap().iter().map(|one| make::id(one, "field")).collect()
}

#[test]
fn contacts_that_are_probably_one_are_found_with_their_reasons() {
    let town = Town::start();
    let owner = town.owner();
    let account = make::account(&owner, json!({}));
    let points = json!([{"kind": "email", "value": "shared@x.example"}]);
    let one = make::contact(&owner, json!({"display_name": "A", "email": "shared@x.example"}));
    let two = make::contact(&owner, json!({"display_name": "B", "email": "b@x.example", "contact_points": points}));
    let phone = "+8613800138000";
    let three = make::contact(&owner, json!({"display_name": "王伟", "phone": phone}));
    let four = make::contact(&owner, json!({"display_name": "王伟", "phone": phone}));
    make::contact(&owner, json!({"display_name": "李娜", "phone": "+8613800138001", "account_id": account["id"]}));
    let five = make::contact(&owner, json!({"display_name": "Katharina Neumann", "account_id": account["id"]}));
    let six = make::contact(&owner, json!({"display_name": "Katarina Neumann", "account_id": account["id"]}));
    let job = scan(&owner, "contact");
    assert_eq!(job["progress"]["done"], 7);
    let found = open(&owner);
    let pair = |a: &Value, b: &Value| {
        let same = |one: &&Value| one["record_id"] == a["id"] && one["other_id"] == b["id"];
        found.iter().find(same).unwrap_or_else(|| panic!("{found:#?}"))
    };
    assert_eq!((&pair(&one, &two)["score"], fields(pair(&one, &two))), (&json!("1.000"), vec!["email".to_owned()]));
    let same = pair(&three, &four);
    assert_eq!((&same["score"], fields(same)), (&json!("0.900"), vec!["display_name".to_owned(), "phone".to_owned()]));
    assert_eq!(fields(pair(&five, &six)), ["display_name", "account_id"]);
    assert_eq!(found.len(), 3, "{found:#?}");
    // dismissed, it is not found again; merged, it says so, and undone it is open again
    let dismissed = owner.act(&format!("/v1/duplicate-candidates/{}/dismiss", make::id(same, "id"))).ok();
    assert_eq!(dismissed["status"], "dismissed");
    let body = json!({"sources": [two["id"]]});
    let merged = owner.post(&format!("/v1/contacts/{}/merge", make::id(&one, "id")), body).ok();
    scan(&owner, "contact");
    assert_eq!(open(&owner).len(), 1);
    assert_eq!(owner.get("/v1/duplicate-candidates?status=merged").ids().len(), 1);
    owner.act(&format!("/v1/merges/{}/undo", make::id(&merged, "merge_id"))).ok();
    assert_eq!(open(&owner).len(), 2);
}

#[test]
fn accounts_that_are_probably_one_are_found() {
    let town = Town::start();
    let owner = town.owner();
    make::account(&owner, json!({"name": "晨光商贸", "website": "https://www.chenguang.example/shop"}));
    make::account(&owner, json!({"name": "杭州晨光", "website": "chenguang.example", "phone": "+862155550100"}));
    make::account(&owner, json!({"name": "ACME Ltd.", "phone": "+862155550100"}));
    make::account(&owner, json!({"name": "acme ltd."}));
    scan(&owner, "account");
    let found: Vec<Vec<String>> = open(&owner).iter().map(fields).collect();
    assert_eq!(found, [vec!["name"], vec!["phone"], vec!["website"]]);
    owner.post("/v1/duplicate-scans", json!({"resource": "order"})).refused(422, "invalid");
}

/// A pair is there for whoever sees both of it, and dismissed by whoever may change both.
#[test]
fn each_sees_the_pairs_of_what_they_see() {
    let town = Town::start();
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    let twin = |client: &Client, team: Option<String>| {
        make::contact(client, json!({"display_name": "Twin", "phone": "+49301234567", "team_id": team}))
    };
    let (mine, seen) = (twin(&rep, None), twin(&owner, Some(town.team("north"))));
    twin(&owner, None);
    scan(&owner, "contact");
    assert_eq!(open(&owner).len(), 3);
    let known = open(&rep);
    assert_eq!(known.len(), 1);
    assert_eq!((&known[0]["record_id"], &known[0]["other_id"]), (&mine["id"], &seen["id"]));
    let path = format!("/v1/duplicate-candidates/{}", make::id(&known[0], "id"));
    rep.get(&path).ok();
    rep.act(&format!("{path}/dismiss")).refused(403, "forbidden");
    for stranger in [town.client(Person::Stranger), town.client(Person::Foreigner)] {
        stranger.get(&path).refused(404, "not_found");
        stranger.act(&format!("{path}/dismiss")).refused(404, "not_found");
        assert_eq!(open(&stranger).len(), 0);
    }
    // who looks finds what they see
    assert_eq!(scan(&rep, "contact")["progress"]["found"], 0);
    owner.delete(&format!("/v1/contacts/{}", make::id(&seen, "id"))).is(204);
    assert_eq!(open(&owner).len(), 1);
}
