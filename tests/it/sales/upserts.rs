//! What everything else goes by is put by its name, or by what it is unique by: made where there is none, changed where
//! there is one, and one only however many ask at once.
use crate::support::{Client, Person, Town, Value, encoded, json, make};

struct By {
    place: &'static str,
    key: String,
    /// of a new one, without its key
    new: Value,
    /// a change, which a new one may say too
    change: Value,
    member: &'static str,
}

impl By {
    fn path(&self) -> String {
        format!("/v1/{}/by/{}", self.place, self.key)
    }
}

fn by_name(place: &'static str, new: Value, member: &'static str, value: Value) -> By {
    By { place, key: format!("name/{}", encoded("华东 East")), new, change: json!({member: value}), member }
}

/// All that is put by such a key.
fn all(town: &Town) -> Vec<By> {
    let owner = town.owner();
    let queue = owner.post("/v1/queues", json!({"display_name": "Queue"})).created()["id"].clone();
    let me = json!([{"user_id": town.user(Person::Owner)}]);
    let mail = json!({"key": "mail", "kind": "email", "label": {"en": "Mail"}, "target": "contact.email"});
    let by_currency = "from_currency,valid_on/EUR,2026-11-01".to_owned();
    let by_owner = format!("owner_id,period/{},2026-Q4", town.user(Person::Rep));
    let by_team = format!("team_id,period/{},2026-Q4", town.team("north"));
    let sum = |sum: &str| json!({"amount": {"amount": sum, "currency": "USD"}});
    let quota = |key: String| By { place: "quotas", key, new: sum("100.00"), change: sum("200.00"), member: "amount" };
    let rate = json!({"rate": "1.2"});
    vec![
        by_name("tags", json!({}), "description", json!("x")),
        by_name("segments", json!({"resource": "contact", "kind": "static"}), "description", json!("x")),
        by_name("forms", json!({"fields": [mail]}), "least_seconds", json!(7)),
        by_name("pipelines", json!({}), "labels", json!({"en": "x"})),
        by_name("territories", json!({}), "description", json!("x")),
        by_name("pools", json!({"queue_id": queue}), "claims_per_day", json!(7)),
        by_name("lead-score-rules", json!({"filter": "score > 1", "points": 1}), "points", json!(7)),
        by_name("assignment-rules", json!({"position": 1, "strategy": "load", "members": me}), "position", json!(7)),
        By { place: "exchange-rates", key: by_currency, new: json!({"rate": "1.1"}), change: rate, member: "rate" },
        quota(by_owner),
        quota(by_team),
    ]
}

#[test]
fn what_is_there_is_changed_and_what_is_not_is_made() {
    let town = Town::start();
    let (owner, reader, foreigner) = (town.owner(), town.client(Person::ReadOnly), town.client(Person::Foreigner));
    for by in all(&town) {
        let path = by.path();
        let put = |mode: &str, body: &Value| owner.put(&format!("{path}?mode={mode}"), body);
        put("update_only", &by.change).refused(404, "not_found");
        reader.put(&path, &by.new).refused(403, "forbidden");
        let answer = put("create_only", &by.new);
        let made = answer.created();
        let id = make::id(&made, "id");
        assert_eq!(answer.header("location"), format!("/v1/{}/{id}", by.place));
        if by.key.starts_with("name/") {
            assert_eq!(made["name"], "华东 East");
        }
        let refused = put("create_only", &by.new).refused(409, "already_exists");
        assert_eq!(refused["existing"][0]["id"], made["id"], "{path}");
        let changed = put("upsert", &by.change).ok();
        assert_eq!((&changed["id"], &changed[by.member]), (&made["id"], &by.change[by.member]), "{path}");
        assert_eq!(
            (&changed["version"], put("update_only", &by.new).ok()["id"].clone()),
            (&json!(2), made["id"].clone())
        );
        owner.if_match(1).put(&path, &by.change).refused(412, "stale");
        // an archived one is none
        owner.delete(&format!("/v1/{}/{id}", by.place)).is(204);
        put("update_only", &by.change).refused(404, "not_found");
        if by.place != "quotas" && by.place != "pools" {
            let theirs = foreigner.put(&path, theirs(&foreigner, &by)).created();
            assert_ne!(theirs["id"], made["id"], "the neighbours' is another");
        }
        assert_ne!(put("upsert", &by.new).created()["id"], made["id"], "{path}");
    }
}

/// The same, of the neighbours' own.
fn theirs(foreigner: &Client, by: &By) -> Value {
    let mut new = by.new.clone();
    if by.place == "assignment-rules" {
        new["members"][0]["user_id"] = foreigner.get("/v1/me").ok()["user"]["id"].clone();
    }
    new
}

#[test]
fn twenty_at_once_make_one() {
    let town = Town::start();
    for by in all(&town) {
        let path = by.path();
        let both = make::with(by.new.clone(), by.change.clone());
        let answers = std::thread::scope(|scope| {
            let one = |_| scope.spawn(|| town.owner().put(&path, &both));
            let all: Vec<_> = (0..20).map(one).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect::<Vec<_>>()
        });
        let made = answers.iter().filter(|answer| answer.status == 201).count();
        assert_eq!((made, answers.iter().filter(|answer| answer.status == 200).count()), (1, 19), "{path}");
        let ids: Vec<Value> = answers.iter().map(|answer| answer.json()["id"].clone()).collect();
        assert!(ids.iter().all(|id| *id == ids[0]), "{path}: {ids:?}");
    }
}

#[test]
fn a_batch_puts_by_the_same_keys() {
    let town = Town::start();
    let owner = town.owner();
    let (without, with): (Vec<By>, Vec<By>) =
        all(&town).into_iter().partition(|by| ["forms", "pipelines"].contains(&by.place));
    assert_eq!((without.len(), with.len()), (2, 9));
    for by in with {
        let key = by.key.replace(&encoded("华东 East"), "华东 East");
        let item = |data: &Value| json!({"op": "upsert", "key": key, "data": data});
        let none = json!({"op": "upsert", "key": "ext:shop/1", "data": by.change});
        let items = json!({"items": [item(&by.new), item(&by.change), none]});
        let done = owner.post(&format!("/v1/{}/batch", by.place), items).is(207);
        let results = done["results"].as_array().unwrap();
        let statuses: Vec<&Value> = results.iter().map(|one| &one["status"]).collect();
        assert_eq!(statuses, [&json!(201), &json!(200), &json!(422)], "{}: {done}", by.place);
        assert_eq!(results[1]["data"][by.member], by.change[by.member], "{}", by.place);
    }
}

/// Names of rules, pools, segments and forms are nobody's alone: which one is meant is for people to say.
#[test]
fn of_several_with_a_name_none_is_taken() {
    let town = Town::start();
    let owner = town.owner();
    for by in all(&town) {
        if !["segments", "forms", "lead-score-rules", "assignment-rules"].contains(&by.place) {
            continue;
        }
        let new = make::with(by.new.clone(), json!({"name": "华东 East"}));
        let both = [1, 2].map(|_| owner.post(&format!("/v1/{}", by.place), &new).created()["id"].clone());
        let told = owner.put(&by.path(), &by.change).refused(409, "ambiguous");
        let existing: Vec<&Value> = told["existing"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
        assert!(existing.len() == 2 && both.iter().all(|id| existing.contains(&id)), "{}: {told}", by.place);
        owner.delete(&format!("/v1/{}/{}", by.place, both[0].as_str().unwrap())).is(204);
        assert_eq!(owner.put(&by.path(), &by.change).ok()["id"], both[1], "an archived one is none");
    }
}

#[test]
fn a_key_that_says_too_little_or_too_much_is_refused() {
    let town = Town::start();
    let owner = town.owner();
    let refused = |path: &str, body: Value, pointer: &str| {
        let answer = owner.put(&format!("/v1/{path}"), body);
        answer.refused(422, "invalid");
        assert_eq!(answer.pointers(), [pointer], "{path}");
    };
    let (rate, quota) = (json!({"rate": "1.1"}), json!({"amount": {"amount": "1", "currency": "USD"}}));
    let rep = town.user(Person::Rep);
    for key in ["from_currency", "valid_on", "valid_on,from_currency", "from_currency,to_currency", "ext:erp", "id"] {
        let value = if key.contains(',') { "EUR,2026-11-01" } else { "EUR" };
        refused(&format!("exchange-rates/by/{key}/{value}"), rate.clone(), "/key");
    }
    for value in ["EUR", "EUR,", ",2026-11-01", "EUR,soon", "EUR,2026-11-01,x"] {
        refused(&format!("exchange-rates/by/from_currency,valid_on/{value}"), rate.clone(), "/value");
    }
    refused("quotas/by/owner_id,period/nobody,2026", quota.clone(), "/value");
    refused(&format!("quotas/by/owner_id/{rep}"), quota.clone(), "/key");
    refused(&format!("quotas/by/owner_id,period/{rep},2026-Q9"), quota.clone(), "/period");
    let other = make::with(quota.clone(), json!({"period": "2027"}));
    refused(&format!("quotas/by/owner_id,period/{rep},2026"), other, "/period");
    let of_team = make::with(quota, json!({"kind": "team", "team_id": town.team("north")}));
    refused(&format!("quotas/by/owner_id,period/{rep},2026"), of_team, "/kind");
    refused("tags/by/color/red", json!({}), "/key");
    refused("tags/by/name/%20", json!({}), "/value");
    refused("tags/by/name/VIP", json!({"name": "Other"}), "/name");
    // however a tag is written
    let tag = owner.put("/v1/tags/by/name/VIP", json!({})).created();
    assert_eq!(owner.put("/v1/tags/by/name/vip", json!({"description": "x"})).ok()["id"], tag["id"]);
}

/// A key is none to whoever does not see its field.
#[test]
fn nothing_is_put_by_what_is_hidden() {
    let town = Town::start();
    let owner = town.owner();
    let rights = owner.get("/v1/me/permissions").ok()["permissions"].clone();
    let hidden = json!([{"object": "exchange_rate", "field": "valid_on", "access": "hidden"},
        {"object": "tag", "field": "name", "access": "hidden"}]);
    let role = owner.post("/v1/roles", json!({"name": "Blind", "permissions": rights, "fields": hidden})).created();
    let password = crate::support::people::PASSWORD;
    let user = make::user(&owner, json!({"password": password, "role_ids": [role["id"]]}));
    let tokens = town.anonymous().post("/v1/auth/login", json!({"email": user["email"], "password": password})).ok();
    let blind = town.anonymous().bearing(make::id(&tokens, "access_token")).sparse();
    for path in ["exchange-rates/by/from_currency,valid_on/EUR,2026-11-01", "tags/by/name/VIP"] {
        let answer = blind.put(&format!("/v1/{path}"), json!({}));
        answer.refused(422, "invalid");
        assert_eq!(answer.pointers(), ["/key"], "{path}");
    }
}
