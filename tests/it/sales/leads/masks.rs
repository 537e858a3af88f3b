//! Of a lead in a pool nobody learns the address or the number, by whatever way they look; whoever claims it has both.
use super::place;
use super::pools::{lying, pool};
use crate::platform::exports;
use crate::platform::imports::import;
use crate::support::{Client, Person, Receiver, Town, Value, encoded, json, make, seal};

const SECRETS: [&str; 2] = ["wang.wei@", "13800138000"];

#[track_caller]
fn tells_nothing(what: &str, text: &str) {
    for secret in SECRETS {
        assert!(!text.contains(secret), "{what} tells {secret}: {text}");
    }
}

/// Somebody had it, and has given it back: so earlier versions hold what is covered now.
fn given_back(town: &Town, pool: &Value) -> Value {
    let owner = town.owner();
    let mine = json!({"display_name": "wang.wei@example.cn", "company_name": "example", "email": "wang.wei@example.cn",
        "phone": "+8613800138000", "owner_id": town.user(Person::Rep), "pool_id": pool["id"]});
    let lead = make::lead(&owner, mine);
    let rep = town.client(Person::Rep);
    rep.patch(&place(&lead), json!({"phone": "+8613800138000", "job_title": "Buyer"})).ok();
    rep.patch(&place(&lead), json!({"email": "old.wang.wei@example.cn"})).ok();
    rep.patch(&place(&lead), json!({"email": "wang.wei@example.cn"})).ok();
    rep.post(&format!("{}/return", place(&lead)), json!({"reason": "no answer"})).ok()
}

fn found(client: &Client, query: &str) -> usize {
    client.get(&format!("/v1/leads?{query}")).ids().len()
}

#[test]
fn no_way_leads_round_the_mask() {
    let town = Town::start();
    let owner = town.owner();
    let pool = pool(&town, &[Person::Rep, Person::Mate], json!({}));
    let lead = given_back(&town, &pool);
    seal(&town);
    assert_eq!((&lead["email"], &lead["phone"]), (&json!("w****@example.cn"), &json!("+86138****8000")));
    assert_eq!((&lead["display_name"], &lead["is_masked"]), (&json!("w****@example.cn"), &json!(true)));
    let id = make::id(&lead, "id");
    make::activity(&owner, json!({"links": [{"resource": "lead", "record_id": id}]}));
    for reader in [&town.client(Person::Mate), &town.client(Person::Rep), &owner] {
        let asks = [
            place(&lead),
            format!("{}?include=owner,pool", place(&lead)),
            "/v1/leads?sort=email".to_owned(),
            "/v1/leads?sort=-phone&fields=email,phone,display_name".to_owned(),
            "/v1/leads?q=example".to_owned(),
            "/v1/search?q=example".to_owned(),
            format!("{}/history", place(&lead)),
            format!("{}/pool-events", place(&lead)),
            "/v1/events?after=0&limit=200".to_owned(),
            "/v1/sync".to_owned(),
            format!("/v1/timeline?subject=lead:{id}"),
            "/v1/activities?include=leads".to_owned(),
        ];
        for ask in asks {
            let answer = reader.get(&ask);
            assert!([200, 400, 403].contains(&answer.status), "{ask}: {}", answer.text());
            tells_nothing(&ask, &answer.text());
        }
        let stale = reader.if_match(2).post(&format!("{}/transfer", place(&lead)), json!({"pool_id": pool["id"]}));
        assert!([403, 412].contains(&stale.status), "{}", stale.text());
        tells_nothing("412", &stale.text());
        for wanted in ["q=wang.wei%40example.cn", "q=13800138000", "q=8000", "email=wang.wei%40example.cn"] {
            assert_eq!(found(reader, wanted), 0, "{wanted}");
        }
        for filter in ["email.startsWith(\"wang\")", "phone.contains(\"0013\")", "email == \"wang.wei@example.cn\""] {
            assert_eq!(found(reader, &format!("filter={}", encoded(filter))), 0, "{filter}");
        }
        assert_eq!(found(reader, "q=example"), 1, "its other words stay");
        let like =
            json!({"email": "wang.wei@example.cn", "phone": "+8613800138000", "display_name": "wang.wei@example.cn"});
        assert_eq!(reader.post("/v1/leads/duplicates", like).ok(), json!([]));
    }
    for row in town.database.column(&format!("SELECT id FROM audit_log WHERE object_id = '{id}'")) {
        tells_nothing("the trail", &owner.get(&format!("/v1/audit-logs/{row}")).text());
    }
    // whoever knows the address already finds another by it, or none
    owner
        .put("/v1/leads/by/email/wang.wei@example.cn?mode=update_only", json!({"rating": "hot"}))
        .refused(404, "not_found");
    let mapping = json!({"resource": "leads", "columns": {"Mail": "email", "Rating": "rating"}});
    let brought =
        import(&owner, "l.csv", b"Mail,Rating\nwang.wei@example.cn,hot\n", &mapping, &[("mode", "update_only")]);
    assert_eq!(brought["rows_failed"], 1, "{brought}");
    // whoever takes it has both, and all that was
    let mate = town.client(Person::Mate);
    let taken = mate.act(&format!("{}/claim", place(&lead))).ok();
    assert_eq!((&taken["email"], &taken["phone"]), (&json!("wang.wei@example.cn"), &json!("+8613800138000")));
    assert_eq!((&taken["display_name"], &taken["is_masked"]), (&json!("wang.wei@example.cn"), &json!(false)));
    for words in ["q=wang.wei%40example.cn", "q=13800138000", "q=8000", "q=example"] {
        assert_eq!(found(&mate, words), 1, "{words}");
    }
    assert!(mate.get(&format!("{}/history", place(&lead))).text().contains("old.wang.wei@"));
}

#[test]
fn what_is_told_taken_out_and_sorted_tells_nothing_either() {
    let (town, receiver) = (Town::start(), Receiver::start());
    let owner = town.owner();
    let pool = pool(&town, &[Person::Rep, Person::Mate], json!({}));
    let lead = given_back(&town, &pool);
    let endpoint = json!({"url": receiver.url(), "events": ["lead.tagged"]});
    owner.post("/v1/webhook-endpoints", endpoint).created();
    let tag = make::tag(&owner, json!({}));
    let given = json!({"resource": "lead", "ids": [lead["id"]]});
    owner.post(&format!("/v1/tags/{}/assign", make::id(&tag, "id")), given).ok();
    tells_nothing("a webhook", &receiver.parcels(1)[0].json().to_string());
    for format in ["csv", "ndjson", "xlsx"] {
        let file = exports::file(&owner, json!({"resource": "leads", "format": format}));
        tells_nothing(format, &String::from_utf8_lossy(&file));
    }
}

/// A pool may show all of it, and one that does not covers what comes from one that does.
#[test]
fn a_pool_that_does_not_mask_shows_all() {
    let town = Town::start();
    let owner = town.owner();
    let open = pool(&town, &[Person::Rep], json!({"is_masked": false}));
    let closed = pool(&town, &[Person::Rep], json!({}));
    let lead = lying(&owner, &open, json!({"email": "ada@example.com"}));
    assert_eq!((&lead["email"], &lead["is_masked"]), (&json!("ada@example.com"), &json!(false)));
    let to = |pool: &Value| owner.post(&format!("{}/transfer", place(&lead)), json!({"pool_id": pool["id"]})).ok();
    assert_eq!(to(&closed)["email"], "a****@example.com");
    assert_eq!(to(&closed)["email"], "a****@example.com", "covered once, whatever goes on");
    assert_eq!(to(&open)["email"], "ada@example.com");
    assert_eq!(found(&owner, "q=ada%40example.com"), 1);
}
