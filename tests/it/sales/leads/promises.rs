//! Whoever gets a lead answers in time; what is not answered is told once, whatever dies.
use super::place;
use crate::platform::until;
use crate::support::{Client, Town, Value, Worker, json, make};

fn promised(client: &Client) -> Value {
    let lead = make::lead(client, json!({}));
    assert_eq!(lead["response_status"], "pending", "{lead}");
    lead
}

/// As if it had been promised so long ago.
fn late(town: &Town, lead: &Value) {
    let id = make::id(lead, "id");
    town.database.run(&format!("UPDATE leads SET response_due_at = now() - interval '1 minute' WHERE id = '{id}'"));
}

fn told(town: &Town, verb: &str) -> i64 {
    town.database.count(&format!("SELECT count(*) FROM audit_log WHERE action = 'lead.{verb}'"))
}

#[test]
fn a_call_or_a_meeting_answers_and_a_note_does_not() {
    let town = Town::start();
    let owner = town.owner();
    make::assignment_rule(&owner, json!({"response_minutes": 60}));
    let (called, met, noted, missed) = (promised(&owner), promised(&owner), promised(&owner), promised(&owner));
    let link = |lead: &Value, extra: Value| {
        let links = json!([{"resource": "lead", "record_id": lead["id"]}]);
        make::activity(&owner, make::with(json!({"links": links}), extra))
    };
    link(&called, json!({"direction": "outbound", "started_at": "2026-01-02T03:04:05Z"}));
    link(&met, json!({"kind": "meeting"}));
    link(&noted, json!({"kind": "note"}));
    link(&noted, json!({"direction": "inbound"}));
    link(&noted, json!({"kind": "meeting", "started_at": "2099-01-01T00:00:00Z"}));
    late(&town, &missed);
    let status = |lead: &Value| owner.get(&place(lead)).ok()["response_status"].clone();
    until("answered", || status(&called) == "met" && status(&met) == "met");
    until("told", || status(&missed) == "breached");
    assert_eq!(owner.get(&place(&called)).ok()["first_response_at"], "2026-01-02T03:04:05Z");
    assert_eq!(status(&noted), "pending");
    link(&missed, json!({"direction": "outbound"}));
    until("answered late", || owner.get(&place(&missed)).ok()["first_response_at"].is_string());
    assert_eq!(status(&missed), "breached", "late is late");
    assert_eq!((told(&town, "responded"), told(&town, "response_breached")), (3, 1));
    assert_eq!(owner.get("/v1/leads?response_status=breached").ids().len(), 1);
}

#[test]
fn a_broken_promise_is_told_once_whatever_dies() {
    let town = Town::idle();
    let owner = town.owner();
    make::assignment_rule(&owner, json!({"response_minutes": 60}));
    let all: Vec<Value> = (0..5).map(|_| promised(&owner)).collect();
    all.iter().for_each(|lead| late(&town, lead));
    let mut first = Worker::start(&town, "lead_response_told");
    first.dies();
    assert_eq!(told(&town, "response_breached"), 0, "it died in the middle");
    let _workers = [Worker::start(&town, ""), Worker::start(&town, "")];
    until("told", || told(&town, "response_breached") >= 5);
    std::thread::sleep(std::time::Duration::from_secs(6));
    assert_eq!(told(&town, "response_breached"), 5);
}
