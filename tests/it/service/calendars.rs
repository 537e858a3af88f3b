//! Business calendars: sound or refused with all that is wrong, one of them the default, and what they make of moments.
use crate::support::{Client, Person, Town, Value, json, make};

fn week() -> Value {
    let split = json!([{"start": "09:00", "end": "12:00"}, {"start": "13:30", "end": "18:00"}]);
    json!({"monday": split, "tuesday": split, "wednesday": split, "thursday": split, "friday": split})
}

fn shanghai(client: &Client, extra: Value) -> Value {
    make::business_calendar(client, make::with(json!({"time_zone": "Asia/Shanghai", "weekly": week()}), extra))
}

fn path(calendar: &Value) -> String {
    format!("/v1/business-calendars/{}", make::id(calendar, "id"))
}

#[test]
fn a_calendar_is_sound_or_refused_with_all_that_is_wrong() {
    let town = Town::idle();
    let owner = town.owner();
    let shape = json!({"name": " ", "time_zone": "UTC", "weekly": {"monday": [{"start": "9:00", "end": "25:00"}]}});
    let answer = owner.post("/v1/business-calendars", shape);
    answer.refused(422, "invalid");
    for place in ["/name", "/weekly/monday/0/start", "/weekly/monday/0/end"] {
        assert!(answer.pointers().contains(&place.to_owned()), "{place}: {:?}", answer.pointers());
    }
    let terms = json!({"name": "Bad", "time_zone": "Mars/Base", "weekly": {
        "monday": [{"start": "09:00", "end": "12:00"}, {"start": "11:00", "end": "13:00"}],
        "friday": [{"start": "18:00", "end": "09:00"}]},
        "holidays": [{"on": "2026-10-01"}, {"on": "2026-10-01"}, {"on": "2400-01-01"}]});
    let answer = owner.post("/v1/business-calendars", terms);
    answer.refused(422, "invalid");
    let wanted = ["/time_zone", "/weekly/monday/1", "/weekly/friday/0/end", "/holidays/1/on", "/holidays/2/on"];
    assert_eq!(answer.pointers(), wanted);
    let calendar = shanghai(&owner, json!({}));
    owner.patch(&path(&calendar), json!({"time_zone": "Nowhere"})).refused(422, "invalid");
    owner.patch(&path(&calendar), json!({"night": true})).is(422);
    assert_eq!(owner.get(&path(&calendar)).ok()["version"], 1, "what was refused has changed nothing");
}

#[test]
fn at_most_one_calendar_is_the_default() {
    let town = Town::idle();
    let owner = town.owner();
    let [one, other] = [(); 2].map(|()| shanghai(&owner, json!({"is_default": true})));
    let default = || owner.get("/v1/business-calendars?is_default=true").ids();
    assert_eq!(default(), [make::id(&other, "id")]);
    owner.patch(&path(&one), json!({"is_default": true})).ok();
    assert_eq!(default(), [make::id(&one, "id")]);
    owner.delete(&path(&one)).is(204);
    owner.patch(&path(&other), json!({"is_default": true})).ok();
    owner.act(&format!("{}/restore", path(&one))).ok();
    assert_eq!(default(), [make::id(&one, "id")], "it is the default as it was");
    let theirs = town.client(Person::Foreigner);
    theirs.get(&path(&one)).refused(404, "not_found");
    make::business_calendar(&theirs, json!({"is_default": true}));
    assert_eq!(default(), [make::id(&one, "id")], "each tenant has its own");
}

#[test]
fn a_calendar_adds_business_time_and_counts_it() {
    let town = Town::idle();
    let owner = town.owner();
    let holidays = json!([{"on": "2026-11-30", "name": "A day off"},
        {"on": "2026-11-28", "name": "In its place", "shifts": [{"start": "10:00", "end": "11:00"}]}]);
    let calendar = shanghai(&owner, json!({"holidays": holidays}));
    let asks = |body: Value| owner.post(&format!("{}/preview", path(&calendar)), body).ok();
    // Friday, 11:30 there: half an hour until noon, then from 13:30 on
    let friday = "2026-11-27T03:30:00Z";
    let told = asks(json!({"from": friday, "minutes": 60}));
    assert_eq!((&told["is_open"], &told["due_at"]), (&json!(true), &json!("2026-11-27T06:00:00Z")));
    // to the last minute of the day, and not to the first of the next
    assert_eq!(asks(json!({"from": friday, "minutes": 300}))["due_at"], "2026-11-27T10:00:00Z");
    // an hour on Saturday in place of Monday, and on from Tuesday
    assert_eq!(asks(json!({"from": friday, "minutes": 361}))["due_at"], "2026-12-01T01:01:00Z");
    let told = asks(json!({"from": friday, "until": "2026-12-01T02:00:00Z"}));
    assert_eq!(told["business_minutes"], 300 + 60 + 60);
    let told = asks(json!({"from": "2026-11-30T03:00:00Z"}));
    assert_eq!((&told["is_open"], &told["opens_at"]), (&json!(false), &json!("2026-12-01T01:00:00Z")));
    assert_eq!((&told["due_at"], &told["business_minutes"]), (&Value::Null, &Value::Null));
    let minutes = json!({"minutes": -1});
    owner.post(&format!("{}/preview", path(&calendar)), minutes).is(422);
    assert_eq!(owner.get(&path(&calendar)).ok()["version"], 1);
}

#[test]
fn a_calendar_that_a_policy_names_stays() {
    let town = Town::idle();
    let owner = town.owner();
    let calendar = shanghai(&owner, json!({}));
    let policy = make::sla_policy(&owner, json!({"calendar_id": calendar["id"]}));
    owner.delete(&format!("{}?purge=true", path(&calendar))).refused(409, "in_use");
    let shown = owner.get(&format!("/v1/sla-policies/{}?include=calendar", make::id(&policy, "id"))).ok();
    assert_eq!(shown["calendar"]["id"], calendar["id"]);
    owner.delete(&path(&calendar)).is(204);
    let rep = town.client(Person::Rep);
    rep.get("/v1/business-calendars").ok();
    rep.post("/v1/business-calendars", json!({"name": "Mine", "time_zone": "UTC"})).refused(403, "forbidden");
}
