//! What selling goes by, rules, pools, quotas, rates and territories, goes and comes back as all other records do.
use crate::support::{Client, Person, Town, Value, json, make};

/// One of each: where it is, and a change of it.
fn one_of_each(owner: &Client) -> Vec<(&'static str, Value, Value)> {
    let rate = json!({"from_currency": "EUR", "valid_on": "2026-11-01", "rate": "1.1"});
    let quota = json!({"period": "2026-Q4", "amount": {"amount": "100.00", "currency": "USD"}});
    let more = json!({"amount": {"amount": "200.00", "currency": "USD"}});
    vec![
        ("assignment-rules", make::assignment_rule(owner, json!({})), json!({"position": 3})),
        ("lead-score-rules", make::lead_score_rule(owner, json!({})), json!({"points": 3})),
        ("pools", make::pool(owner, json!({})), json!({"claims_per_day": 3})),
        ("territories", make::territory(owner, json!({})), json!({"description": "x"})),
        ("exchange-rates", owner.post("/v1/exchange-rates", rate).created(), json!({"rate": "1.2"})),
        ("quotas", owner.post("/v1/quotas", quota).created(), more),
    ]
}

#[test]
fn settings_are_archived_and_come_back() {
    let town = Town::start();
    let (owner, rep, foreigner) = (town.owner(), town.client(Person::Rep), town.client(Person::Foreigner));
    for (place, record, patch) in one_of_each(&owner) {
        let (list, id) = (format!("/v1/{place}"), make::id(&record, "id"));
        let path = format!("{list}/{id}");
        assert_eq!(record["deleted_at"], json!(null), "{place}");
        rep.delete(&path).refused(403, "forbidden");
        foreigner.delete(&path).refused(404, "not_found");
        owner.if_match(7).delete(&path).refused(412, "stale");
        owner.if_match(1).delete(&path).is(204);
        owner.get(&path).refused(404, "not_found");
        owner.patch(&path, &patch).refused(404, "not_found");
        owner.delete(&path).refused(404, "not_found");
        assert_eq!(owner.get(&list).ids(), Vec::<String>::new(), "{place}");
        let gone = owner.get(&format!("{list}?deleted=only")).ok();
        assert_eq!((&gone["data"][0]["id"], gone["data"][0]["deleted_at"].is_string()), (&record["id"], true));
        rep.act(&format!("{path}/restore")).refused(403, "forbidden");
        foreigner.act(&format!("{path}/restore")).refused(404, "not_found");
        let back = owner.act(&format!("{path}/restore")).ok();
        assert_eq!((&back["deleted_at"], &back["version"]), (&json!(null), &json!(3)), "{place}");
        assert_eq!(owner.act(&format!("{path}/restore")).ok(), back, "once is enough");
        assert_eq!(owner.get(&path).ok(), back);
        assert_eq!(owner.patch(&path, &patch).ok()["version"], 4);
        let verbs = owner.get(&format!("/v1/audit-logs?object_id={id}&sort=occurred_at,id")).each("action");
        let verbs: Vec<&str> = verbs.iter().filter_map(|verb| verb.split('.').nth(1)).collect();
        assert_eq!(verbs, ["created", "deleted", "restored", "updated"], "{place}");
    }
}

#[test]
fn what_is_purged_is_gone_for_good() {
    let town = Town::start();
    let owner = town.owner();
    for (place, record, _) in one_of_each(&owner) {
        let noun = place.trim_end_matches('s').replace('-', "_").replace("territorie", "territory");
        let rights = [(noun.as_str(), "read", "all"), (noun.as_str(), "delete", "all")];
        let archivist = make::holder(&town, &rights);
        let path = format!("/v1/{place}/{}", make::id(&record, "id"));
        archivist.delete(&format!("{path}?purge=true")).refused(403, "forbidden");
        archivist.delete(&path).is(204);
        owner.if_match(1).delete(&format!("{path}?purge=true")).refused(412, "stale");
        owner.if_match(2).delete(&format!("{path}?purge=true")).is(204);
        owner.act(&format!("{path}/restore")).refused(404, "not_found");
        assert_eq!(owner.get(&format!("/v1/{place}?deleted=include")).ids(), Vec::<String>::new(), "{place}");
    }
}

#[test]
fn a_batch_archives_what_it_deletes() {
    let town = Town::start();
    let owner = town.owner();
    for (place, record, _) in one_of_each(&owner) {
        let stale = json!({"op": "delete", "id": record["id"], "if_match": 7});
        let items = json!({"items": [stale, {"op": "delete", "id": record["id"], "if_match": 1}]});
        let done = owner.post(&format!("/v1/{place}/batch"), items).is(207);
        let statuses: Vec<&Value> = done["results"].as_array().unwrap().iter().map(|one| &one["status"]).collect();
        assert_eq!(statuses, [&json!(412), &json!(204)], "{place}: {done}");
        owner.act(&format!("/v1/{place}/{}/restore", make::id(&record, "id"))).ok();
    }
}

/// Of a currency and a day one rate is living, of somebody and a period one quota: what goes makes room, and does not come
/// back into what has been taken since.
#[test]
fn what_is_archived_leaves_its_place_to_another() {
    let town = Town::start();
    let owner = town.owner();
    let money = |sum: &str| json!({"amount": sum, "currency": "USD"});
    let team = json!({"kind": "team", "team_id": town.team("north"), "period": "2026-11", "amount": money("9")});
    for (place, new, other, code) in [
        (
            "exchange-rates",
            json!({"from_currency": "EUR", "valid_on": "2026-11-01", "rate": "1.1"}),
            json!({"valid_on": "2026-11-02"}),
            "exchange_rate_day_taken",
        ),
        (
            "quotas",
            json!({"period": "2026-Q4", "amount": money("100")}),
            json!({"owner_id": town.user(Person::Rep)}),
            "quota_period_taken",
        ),
        ("quotas", team, json!(null), "quota_period_taken"),
    ] {
        let list = format!("/v1/{place}");
        let add = |new: &Value| owner.post(&list, new);
        let path = |record: &Value| format!("{list}/{}", make::id(record, "id"));
        let first = add(&new).created();
        let told = add(&new).refused(409, code);
        assert_eq!(told["existing"][0]["id"], first["id"], "{place}");
        owner.delete(&path(&first)).is(204);
        let second = add(&new).created();
        let told = owner.act(&format!("{}/restore", path(&first))).refused(409, code);
        assert_eq!(told["existing"][0]["id"], second["id"], "{place}");
        owner.delete(&path(&second)).is(204);
        owner.act(&format!("{}/restore", path(&first))).ok();
        owner.act(&format!("{}/restore", path(&second))).refused(409, code);
        if other.is_object() {
            let elsewhere = add(&make::with(new.clone(), other)).created();
            let back = if place == "quotas" { "owner_id" } else { "valid_on" };
            let told = owner.patch(&path(&elsewhere), json!({back: first[back]})).refused(409, code);
            assert_eq!(told["existing"][0]["id"], first["id"], "{place}");
        }
    }
}

/// What is archived has no effect, and has it again once it is back.
#[test]
fn an_archived_rule_or_rate_counts_for_nothing() {
    let town = Town::start();
    let owner = town.owner();
    let rule = format!("/v1/lead-score-rules/{}", make::id(&make::lead_score_rule(&owner, json!({})), "id"));
    let score = || make::lead(&owner, json!({"source": "form"}))["score"].clone();
    let rate = |day: &str, rate: &str| {
        let new = json!({"from_currency": "EUR", "valid_on": day, "rate": rate});
        format!("/v1/exchange-rates/{}", make::id(&owner.post("/v1/exchange-rates", new).created(), "id"))
    };
    let (_, newer) = (rate("2020-01-01", "1.1"), rate("2024-01-01", "1.3"));
    let reckoned = || {
        let deal = make::opportunity(&owner, json!({"amount": {"amount": "100.00", "currency": "EUR"}}));
        make::id(&deal["base_amount"], "amount")
    };
    assert_eq!((score(), reckoned()), (json!(20), "130.00".to_owned()));
    [&rule, &newer].into_iter().for_each(|path| drop(owner.delete(path).is(204)));
    assert_eq!((score(), reckoned()), (json!(0), "110.00".to_owned()));
    [&rule, &newer].into_iter().for_each(|path| drop(owner.act(&format!("{path}/restore")).ok()));
    assert_eq!((score(), reckoned()), (json!(20), "130.00".to_owned()));
}
