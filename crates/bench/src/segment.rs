//! A dynamic segment under changes: what it costs to keep, whether it is what its filter says afterwards, and what
//! asking everybody again costs beside it.

use std::time::{Duration, Instant};

use diesel::PgConnection;
use serde_json::{Value, json};

use crate::client::Client;
use crate::options::Segment;
use crate::request::Request;
use crate::run::Bench;
use crate::server::Server;
use crate::{Result, cluster, rotate, usage};

/// What a batch may hold.
const BATCH: usize = 1_000;
const STAGES: [&str; 5] = ["lead", "opportunity", "customer", "subscriber", "churned"];
/// Of the contact and of what it belongs to.
const FILTER: &str = "lifecycle_stage == \"customer\" && account.lifecycle_stage == \"customer\"";
/// The same, said apart from the program.
const MEANT: &str = "SELECT c.id FROM contacts AS c JOIN accounts AS a ON a.tenant_id = c.tenant_id AND a.id = c.account_id \
                     WHERE c.deleted_at IS NULL AND a.deleted_at IS NULL AND c.lifecycle_stage = 'customer' \
                     AND a.lifecycle_stage = 'customer'";
const KEPT: &str = "SELECT record_id FROM segment_members WHERE left_at IS NULL";
const LONGEST: Duration = Duration::from_secs(600);

/// Changes without a segment, then the same with one; each on a fresh copy.
pub fn measure(segment: &Segment) -> Result<()> {
    let mut bench = Bench::start(&segment.place)?;
    println!(
        "| contacts | members | built s | µs a change without | with | ÷ | behind s | wrong | asked again s | wrong |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for size in &segment.sizes {
        let (seed, _) = bench.seed(&segment.place, size.0)?;
        let server = bench.fresh(&seed)?;
        let (alone, _) = changes(&bench, &server, segment.changes.0)?;
        drop(server);
        let server = bench.fresh(&seed)?;
        let (id, built) = build(&server)?;
        let (with, behind) = changes(&bench, &server, segment.changes.0)?;
        let mut connection = cluster::connect(&bench.cluster.url("bench"))?;
        let kept = wrong(&mut connection)?;
        let again = refresh(&server, &id)?;
        let (members, asked) = (count(&mut connection, KEPT)?, wrong(&mut connection)?);
        println!(
            "| {} | {members} | {built:.1} | {alone:.0} | {with:.0} | {:.2} | {behind:.1} | {kept} | {again:.1} | {asked} |",
            size.0,
            with / alone
        );
    }
    Ok(())
}

/// Makes the segment and waits until everybody was asked; its id, and the seconds that took.
fn build(server: &Server) -> Result<(String, f64)> {
    let body = json!({"name": "Customers", "resource": "contact", "kind": "dynamic", "filter": FILTER});
    let mut client = Client::connect(server.addr, &server.login()?)?;
    let begun = Instant::now();
    let made = client.json(&post("/v1/segments", Some(&body)))?;
    let id = made.get("id").and_then(Value::as_str).ok_or("the segment has no id")?.to_owned();
    ready(&mut client, &id, begun, |_| true)?;
    Ok((id, begun.elapsed().as_secs_f64()))
}

/// Asks everybody again; the seconds that takes.
fn refresh(server: &Server, id: &str) -> Result<f64> {
    let mut client = Client::connect(server.addr, &server.login()?)?;
    let state = |client: &mut Client| client.json(&Request::get(format!("/v1/segments/{id}/state")));
    let before = state(&mut client)?.get("refreshed_at").cloned();
    let begun = Instant::now();
    client.json(&post(&format!("/v1/segments/{id}/refresh"), None))?;
    ready(&mut client, id, begun, |state| state.get("refreshed_at") != before.as_ref())?;
    Ok(begun.elapsed().as_secs_f64())
}

fn ready(client: &mut Client, id: &str, begun: Instant, is_new: impl Fn(&Value) -> bool) -> Result<()> {
    while begun.elapsed() < LONGEST {
        let state = client.json(&Request::get(format!("/v1/segments/{id}/state")))?;
        match state.get("status").and_then(Value::as_str) {
            Some("ready") if is_new(&state) => return Ok(()),
            Some("failed") => return Err(format!("the segment has failed: {state}").into()),
            _ => std::thread::sleep(Duration::from_millis(50)),
        }
    }
    Err("the segment is not ready".into())
}

/// Changes contacts and accounts by batches, the same ones each time; processor µs of server and database a change, until
/// nothing of it is left to be done, and the seconds which that takes after the last answer.
fn changes(bench: &Bench, server: &Server, wanted: u32) -> Result<(f64, f64)> {
    let url = bench.cluster.url("bench");
    let some = |table: &str| {
        let sql = format!(
            "SELECT string_agg(id::text, ' ') AS value FROM (SELECT id FROM {table} ORDER BY hashtext(id::text), id \
             LIMIT {wanted}) AS chosen"
        );
        rotate::ids(&url, &sql)
    };
    let (contacts, accounts) = (some("contacts")?, some("accounts")?);
    let used = || usage::process(server.pid()) + usage::postgres(bench.cluster.postmaster);
    let (before, mut dice) = (used(), Dice(0x9e37_79b9_7f4a_7c15));
    let batches = usize::try_from(wanted)?.div_ceil(BATCH);
    for batch in 0..batches {
        let (place, among) = if batch % 20 == 19 { ("accounts", &accounts) } else { ("contacts", &contacts) };
        let items: Vec<Value> =
            (0..BATCH).filter_map(|_| change(place, among.get(dice.below(among.len()))?, &mut dice)).collect();
        let request = post(&format!("/v1/{place}/batch"), Some(&json!({ "items": items })));
        Client::connect(server.addr, &server.login()?)?.json(&request)?;
    }
    let behind = settle(&used);
    Ok(((used() - before) * 1e6 / f64::from(wanted), behind))
}

/// One in twenty contacts goes: what is changed after that is answered 404, and changes nothing.
fn change(place: &str, id: &str, dice: &mut Dice) -> Option<Value> {
    if place == "contacts" && dice.below(20) == 0 {
        return Some(json!({"op": "delete", "id": id}));
    }
    let stage = STAGES.get(dice.below(STAGES.len()))?;
    Some(json!({"op": "update", "id": id, "data": {"lifecycle_stage": stage}}))
}

/// Waits until server and database are as good as idle, which is a tenth of a core; the seconds until then.
fn settle(used: &impl Fn() -> f64) -> f64 {
    let (begun, spell) = (Instant::now(), Duration::from_secs(2));
    while begun.elapsed() < LONGEST {
        let (at, before) = (begun.elapsed(), used());
        std::thread::sleep(spell);
        if used() - before < 0.1 * spell.as_secs_f64() {
            return at.as_secs_f64();
        }
    }
    begun.elapsed().as_secs_f64()
}

fn post(target: &str, body: Option<&Value>) -> Request {
    Request { method: "POST", target: target.to_owned(), body: body.map(Value::to_string), about: None }
}

/// How many are in it who should not be, or should be and are not.
fn wrong(connection: &mut PgConnection) -> Result<u64> {
    let sql = format!("(({KEPT}) EXCEPT ({MEANT})) UNION ALL (({MEANT}) EXCEPT ({KEPT}))");
    count(connection, &sql)
}

fn count(connection: &mut PgConnection, rows: &str) -> Result<u64> {
    Ok(cluster::text(connection, &format!("SELECT count(*)::text AS value FROM ({rows}) AS found"))?.parse()?)
}

/// The same throws on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let sides = u64::try_from(sides).unwrap_or(1).max(1);
        usize::try_from(self.0 % sides).unwrap_or(0)
    }
}
