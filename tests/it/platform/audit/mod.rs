//! The audit trail: what stands in it, who reads it, and that nobody can bend it unseen.
mod bent;
mod carried;
mod erased;
mod history;
mod months;
mod notes;
mod reading;
mod sealing;

use crate::support::{Answer, Client, MASTER_KEY, Town, Value, master_keys};
use platform::audit::{Keys, Patience};
use std::process::Output;

/// The newest row of the trail with this action; waits for what is noted beside a request.
#[track_caller]
fn newest(owner: &Client, action: &str) -> Value {
    let since = std::time::Instant::now();
    loop {
        let page = owner.get(&format!("/v1/audit-logs?limit=1&action={action}")).ok();
        if let Some(row) = page["data"].get(0) {
            return row.clone();
        }
        assert!(since.elapsed().as_secs() < 10, "nothing was noted of {action}");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

fn request_of(answer: &Answer) -> String {
    answer.header("x-request-id").to_owned()
}

/// `guanxi audit verify`, and what it said.
fn verify(town: &Town) -> (bool, String) {
    said(&town.program(&["audit", "verify"]).output().unwrap())
}

fn said(output: &Output) -> (bool, String) {
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.success(), text)
}

#[track_caller]
fn holds(town: &Town) -> String {
    let (good, text) = verify(town);
    assert!(good && text.contains("ok   tenant") && !text.contains("FAIL"), "{text}");
    text
}

/// Those of the house.
fn keys(conn: &mut platform::Conn) -> Keys {
    let vault = platform::Vault::ready(conn, &master_keys(MASTER_KEY)).unwrap();
    Keys::open(conn, &vault, || [7; 32]).unwrap()
}

/// Seals all that is due.
fn seal(town: &Town) -> usize {
    let mut conn = town.database.conn();
    let keys = keys(&mut conn);
    let mut all = 0;
    loop {
        let (rows, more) = platform::audit::seal(&mut conn, &keys, Patience::Wait).unwrap();
        all += rows;
        if !more {
            return all;
        }
    }
}

/// Seals until nothing waits: other tests write on the same server, and what they have not ended holds the horizon.
#[track_caller]
fn settled(town: &Town) {
    let since = std::time::Instant::now();
    let waiting = "SELECT count(*) FROM audit_log a WHERE NOT EXISTS (SELECT FROM audit_chain c WHERE (c.tenant_id, c.audit_id) = (a.tenant_id, a.id))";
    seal(town);
    while town.database.count(waiting) > 0 {
        assert!(since.elapsed().as_secs() < 30, "something is never sealed");
        std::thread::sleep(std::time::Duration::from_millis(20));
        seal(town);
    }
}

/// Every row is in one chain, once, and the chains have no gaps.
#[track_caller]
fn each_once(town: &Town) {
    let db = &town.database;
    let rows = db.count("SELECT count(*) FROM audit_log");
    assert_eq!(db.count("SELECT count(*) FROM audit_chain"), rows);
    let both = "SELECT count(*) FROM audit_log a JOIN audit_chain c ON (c.tenant_id, c.audit_id) = (a.tenant_id, a.id)";
    assert_eq!(db.count(both), rows);
    let gaps = "SELECT count(*) FROM (SELECT tenant_id FROM audit_chain GROUP BY 1 HAVING count(*) <> max(seq)) g";
    assert_eq!(db.count(gaps), 0);
}
