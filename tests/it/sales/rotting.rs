//! Deals that lie in their stage for too long: when that will be, what sets the clock anew, and that it is told once.
use crate::platform::until;
use crate::support::{Client, Person, Town, Value, encoded, json, make};
use chrono::{DateTime, Duration, Utc};
use std::collections::BTreeMap;
use std::process::{Child, Stdio};

/// A pipeline whose first stage takes ten days and whose second takes three; its id and its stages.
fn slow(owner: &Client) -> (String, BTreeMap<String, String>) {
    let pipeline = make::pipeline(owner, json!({}));
    let stages = make::stages(owner, Some(&pipeline));
    for (key, days) in [("begun", 10), ("talked", 3)] {
        owner.patch(&format!("/v1/stages/{}", stages[key]), json!({"rotting_days": days})).ok();
    }
    (make::id(&pipeline, "id"), stages)
}

fn path(deal: &Value) -> String {
    format!("/v1/opportunities/{}", make::id(deal, "id"))
}

fn moment(record: &Value, member: &str) -> DateTime<Utc> {
    make::id(record, member).parse().unwrap()
}

/// How many days after this moment it rots, which are whole ones.
fn days(deal: &Value, since: DateTime<Utc>) -> i64 {
    let span = moment(deal, "rots_at") - since;
    assert_eq!(span, Duration::days(span.num_days()), "{deal}");
    span.num_days()
}

/// As if it had lain there for so long.
fn late(town: &Town, deal: &Value) {
    let id = make::id(deal, "id");
    town.database.run(&format!("UPDATE opportunities SET rots_at = now() - interval '1 minute' WHERE id = '{id}'"));
}

fn told(town: &Town, deal: &Value) -> i64 {
    let id = make::id(deal, "id");
    town.database
        .count(&format!("SELECT count(*) FROM audit_log WHERE action = 'opportunity.rotting' AND object_id = '{id}'"))
}

fn look(town: &Town) -> usize {
    sales::opportunity::rotting::watch(&mut town.database.conn()).unwrap()
}

fn linked(deal: &Value, extra: Value) -> Value {
    make::with(json!({"links": [{"resource": "opportunity", "record_id": deal["id"]}]}), extra)
}

#[test]
fn a_deal_says_when_it_rots_and_that_is_told_once_a_stay() {
    let town = Town::start();
    let owner = town.owner();
    let (pipeline, stages) = slow(&owner);
    let deal = make::opportunity(&owner, json!({"pipeline_id": pipeline}));
    assert_eq!(moment(&deal, "rots_at"), moment(&deal, "stage_entered_at") + Duration::days(10));
    assert_eq!(deal["is_rotten"], false);
    let plain = make::opportunity(&owner, json!({}));
    assert_eq!((&plain["rots_at"], &plain["is_rotten"]), (&Value::Null, &json!(false)), "its stage says nothing");
    let now = || owner.get(&path(&deal)).ok();
    late(&town, &deal);
    until("rotten", || now()["is_rotten"] == true);
    assert_eq!(told(&town, &deal), 1);
    // an activity sets the clock anew, and it rots in silence the second time
    let call = make::activity(&owner, linked(&deal, json!({})));
    until("set anew", || now()["is_rotten"] == false);
    assert_eq!(moment(&now(), "rots_at"), moment(&call, "started_at") + Duration::days(10));
    late(&town, &deal);
    until("rotten again", || now()["is_rotten"] == true);
    assert_eq!(told(&town, &deal), 1, "once a stay");
    // another stage is another stay
    let moved = owner.post(&format!("{}/transition", path(&deal)), json!({"stage_id": stages["talked"]})).ok();
    assert_eq!(moment(&moved, "rots_at"), moment(&moved, "stage_entered_at") + Duration::days(3));
    assert_eq!(moved["is_rotten"], false);
    late(&town, &deal);
    until("told again", || told(&town, &deal) == 2);
    let won = owner.post(&format!("{}/transition", path(&deal)), json!({"stage_id": stages["won"]})).ok();
    assert_eq!((&won["rots_at"], &won["is_rotten"]), (&Value::Null, &json!(false)));
    let back = owner.patch(&path(&deal), json!({"stage_id": stages["begun"]})).ok();
    assert_eq!(moment(&back, "rots_at"), moment(&back, "stage_entered_at") + Duration::days(10));
    // what is said of it beside that leaves the clock alone
    let same = owner.patch(&path(&deal), json!({"next_step": "call"})).ok();
    assert_eq!(same["rots_at"], back["rots_at"]);
}

#[test]
fn whatever_is_done_about_a_deal_sets_its_clock() {
    let town = Town::idle();
    let owner = town.owner();
    let (pipeline, stages) = slow(&owner);
    let deal = make::opportunity(&owner, json!({"pipeline_id": pipeline}));
    let entered = moment(&deal, "stage_entered_at");
    let rots = || {
        look(&town);
        days(&owner.get(&path(&deal)).ok(), entered)
    };
    let at = |days: i64| json!({"started_at": entered + Duration::days(days)});
    // what came before does not count, nor does what is to be done, nor what is about something else
    make::activity(&owner, linked(&deal, at(-5)));
    make::task(&owner, linked(&deal, json!({"due_at": entered + Duration::days(5)})));
    make::activity(&owner, linked(&make::opportunity(&owner, json!({})), at(5)));
    assert_eq!((rots(), owner.get(&path(&deal)).ok()["version"].clone()), (10, json!(1)));
    // a meeting that is planned keeps it until then, however it comes
    let planned = make::activity(&owner, linked(&deal, at(4)));
    assert_eq!(rots(), 14);
    let items = json!({"items": [{"op": "create", "data": linked(&deal, make::with(json!({"kind": "note"}), at(6)))}]});
    let noted = owner.post("/v1/activities/batch", items).ok()["results"][0]["data"].clone();
    assert_eq!(rots(), 16);
    owner.put("/v1/activities/by/ext:phone/1", linked(&deal, make::with(json!({"kind": "call"}), at(7)))).created();
    assert_eq!(rots(), 17);
    let called = owner.get("/v1/activities?sort=-started_at").ok()["data"][0].clone();
    let place = |activity: &Value| format!("/v1/activities/{}", make::id(activity, "id"));
    // what is taken back was not done
    owner.patch(&place(&called), json!({"links": []})).ok();
    assert_eq!(rots(), 16);
    owner.delete(&place(&noted)).is(204);
    assert_eq!(rots(), 14);
    owner.act(&format!("{}/restore", place(&noted))).ok();
    assert_eq!(rots(), 16);
    owner.delete(&format!("{}?purge=true", place(&noted))).is(204);
    owner.patch(&place(&planned), at(2)).ok();
    assert_eq!(rots(), 12);
    // so do other days of its stage
    let stage = format!("/v1/stages/{}", stages["begun"]);
    owner.patch(&stage, json!({"rotting_days": 20})).ok();
    assert_eq!(rots(), 22);
    owner.patch(&stage, json!({"rotting_days": null})).ok();
    look(&town);
    assert_eq!(owner.get(&path(&deal)).ok()["rots_at"], Value::Null);
    owner.patch(&stage, json!({"rotting_days": 1})).ok();
    assert_eq!(rots(), 3);
    // each is a version with its event, and nothing is left to be looked at
    let version = owner.get(&path(&deal)).ok()["version"].as_i64().unwrap();
    let id = make::id(&deal, "id");
    assert_eq!(town.database.count(&format!("SELECT count(*) FROM event_log WHERE object_id = '{id}'")), version);
    assert_eq!((look(&town), town.database.count("SELECT count(*) FROM rotting_marks")), (0, 0));
}

#[test]
fn a_stage_that_goes_takes_its_clock_along() {
    let town = Town::idle();
    let owner = town.owner();
    let (pipeline, stages) = slow(&owner);
    let [living, archived] = [(); 2].map(|()| make::opportunity(&owner, json!({"pipeline_id": pipeline})));
    owner.delete(&path(&archived)).is(204);
    late(&town, &archived);
    assert_eq!((look(&town), told(&town, &archived)), (0, 0), "what is archived does not rot");
    owner.delete(&format!("/v1/stages/{}?move_to={}", stages["begun"], stages["talked"])).is(204);
    look(&town);
    owner.act(&format!("{}/restore", path(&archived))).ok();
    for deal in [&living, &archived] {
        let now = owner.get(&path(deal)).ok();
        assert_eq!(moment(&now, "rots_at"), moment(&now, "stage_entered_at") + Duration::days(3));
    }
    owner.delete(&format!("{}?purge=true", path(&living))).is(204);
    assert_eq!(look(&town), 0);
}

#[test]
fn rotten_deals_are_counted_found_and_sorted() {
    let town = Town::idle();
    let owner = town.owner();
    let (pipeline, stages) = slow(&owner);
    let of = |extra: Value| make::opportunity(&owner, make::with(json!({"pipeline_id": pipeline}), extra));
    let deals = [of(json!({})), of(json!({"stage_id": stages["talked"]})), of(json!({"team_id": town.team("north")}))];
    let won = of(json!({"stage_id": stages["won"]}));
    late(&town, &deals[0]);
    late(&town, &deals[2]);
    assert_eq!(look(&town), 2);
    let rotten = |client: &Client| {
        let board = client.get(&format!("/v1/pipelines/{pipeline}/board")).ok();
        let columns = board["columns"].as_array().unwrap().clone();
        columns.iter().map(|one| one["rotten_count"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(rotten(&owner), [2, 0, 0, 0]);
    assert_eq!(rotten(&town.client(Person::Rep)), [1, 0, 0, 0], "of those that its reader sees");
    let id = |deal: &Value| make::id(deal, "id");
    let mut found = owner.get(&format!("/v1/opportunities?is_rotten=true&pipeline_id={pipeline}")).ids();
    found.sort();
    assert_eq!(found, [id(&deals[0]), id(&deals[2])]);
    let soon = encoded("rots_at < now() + duration(\"96h\") && !is_rotten");
    assert_eq!(owner.get(&format!("/v1/opportunities?filter={soon}")).ids(), [id(&deals[1])]);
    let sorted = owner.get(&format!("/v1/opportunities?sort=rots_at&pipeline_id={pipeline}")).ids();
    assert_eq!((&sorted[2], &sorted[3]), (&id(&deals[1]), &id(&won)), "what does not rot comes last");
    let events = format!("SELECT name FROM event_log WHERE object_id = '{}' ORDER BY version", id(&deals[0]));
    assert_eq!(town.database.column(&events), ["opportunity.created", "opportunity.rotting"]);
    assert_eq!(town.client(Person::Foreigner).get("/v1/opportunities?is_rotten=true").ids(), Vec::<String>::new());
}

/// A worker that ends with the test.
struct Worker(Child);

impl Worker {
    fn start(town: &Town, crash: &str) -> Self {
        let mut command = town.program(&["worker"]);
        command.env("GUANXI_TEST_CRASH", crash).env("GUANXI_JOB_LEASE", "2");
        Self(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn what_rots_is_told_once_whatever_dies() {
    let town = Town::idle();
    let owner = town.owner();
    let (pipeline, _) = slow(&owner);
    let deals: Vec<Value> = (0..5).map(|_| make::opportunity(&owner, json!({"pipeline_id": pipeline}))).collect();
    deals.iter().for_each(|deal| late(&town, deal));
    let all = || town.database.count("SELECT count(*) FROM audit_log WHERE action = 'opportunity.rotting'");
    let mut first = Worker::start(&town, "opportunity_rotting_told");
    let _ = first.0.wait();
    assert_eq!(all(), 0, "it died in the middle");
    let _workers = [Worker::start(&town, ""), Worker::start(&town, "")];
    until("told", || all() >= 5);
    std::thread::sleep(std::time::Duration::from_secs(6));
    assert_eq!(all(), 5);
}
