//! Whoever may do everything to the database bends the trail: the program names the first row that is not as it was.
use super::{each_once, holds, said, settled, verify};
use crate::support::{Town, Value, json, make};

/// A town with a history that is sealed and signed; the ids of a few rows of the owner's tenant, by their place.
fn sealed() -> (Town, Vec<(i64, String)>) {
    let town = Town::idle();
    let owner = town.owner();
    for n in 0..5 {
        let contact = make::contact(&owner, json!({}));
        owner.patch(&format!("/v1/contacts/{}", make::id(&contact, "id")), json!({"job_title": format!("{n}")})).ok();
    }
    settled(&town);
    let (good, text) = said(&town.program(&["audit", "checkpoint"]).output().unwrap());
    assert!(good && text.contains("row"), "{text}");
    holds(&town);
    let rows = town.database.column(
        "SELECT seq || ' ' || audit_id FROM audit_chain c JOIN audit_log a ON (a.tenant_id, a.id) = (c.tenant_id, c.audit_id)
         WHERE noun = 'contact' ORDER BY seq",
    );
    let row = |text: &String| {
        let (seq, id) = text.split_once(' ').unwrap();
        (seq.parse().unwrap(), id.to_owned())
    };
    (town, rows.iter().map(row).collect())
}

#[track_caller]
pub fn named(town: &Town, words: &[&str]) {
    let (good, text) = verify(town);
    let line =
        text.lines().find(|line| line.starts_with("FAIL")).unwrap_or_else(|| panic!("nothing was found: {text}"));
    assert!(!good && words.iter().all(|word| line.contains(word)), "{words:?}: {text}");
}

#[test]
fn a_row_that_was_edited_is_named() {
    for (column, value) in [
        ("action", "'contact.read'"),
        ("noun", "'account'"),
        ("actor_id", "object_id"),
        ("occurred_at", "occurred_at - interval '1 day'"),
        ("request_id", "object_id"),
        ("version", "version + 1"),
        ("api_key_id", "object_id"),
        ("session_id", "NULL"),
        ("xact", "xact + 1"),
    ] {
        let (town, rows) = sealed();
        let (seq, id) = &rows[3];
        town.database.run(&format!("UPDATE audit_log SET {column} = {value} WHERE id = '{id}'"));
        named(&town, &[&format!("row {seq} of the chain"), id]);
    }
}

#[test]
fn details_and_data_that_were_edited_are_named() {
    let (town, rows) = sealed();
    let (seq, id) = &rows[3];
    let row = format!("row {seq} of the chain");
    town.database.run(&format!("UPDATE audit_log SET address = '10.0.0.1' WHERE id = '{id}'"));
    named(&town, &[&row, id, "address"]);
    town.database.run(&format!("UPDATE audit_log SET address = '127.0.0.1' WHERE id = '{id}'"));
    holds(&town);
    let (town, rows) = sealed();
    let (seq, id) = &rows[3];
    let row = format!("row {seq} of the chain");
    town.database.run(&format!("UPDATE event_log SET data = data || '{{\"job_title\": \"King\"}}' WHERE id = '{id}'"));
    named(&town, &[&row, id, "the data of its event"]);
    town.database.run(&format!("DELETE FROM event_log WHERE id = '{id}'"));
    named(&town, &[&row, id, "the data of its event"]);
}

#[test]
fn rows_that_were_taken_out_put_in_or_swapped_are_named() {
    let (town, rows) = sealed();
    let (seq, id) = &rows[3];
    town.database.run(&format!("DELETE FROM audit_log WHERE id = '{id}'"));
    named(&town, &[&format!("row {seq} of the chain"), id, "deleted"]);
    town.database.run(&format!("DELETE FROM audit_chain WHERE audit_id = '{id}'"));
    named(&town, &[&format!("row {seq} of the chain is missing")]);

    let (town, rows) = sealed();
    let ((seq, one), (later, other)) = (&rows[2], &rows[5]);
    town.database.run(
        &format!("UPDATE audit_chain SET seq = -seq WHERE audit_id IN ('{one}', '{other}')")
            .replace("UPDATE", "ALTER TABLE audit_chain DROP CONSTRAINT audit_chain_seq_check; UPDATE"),
    );
    town.database.run(&format!("UPDATE audit_chain SET seq = {later} WHERE audit_id = '{one}'; UPDATE audit_chain SET seq = {seq} WHERE audit_id = '{other}'"));
    named(&town, &[&format!("row {seq} of the chain")]);

    let (town, _) = sealed();
    town.database.run(
        "INSERT INTO audit_log (tenant_id, id, action, object_id, actor_id, request_id, occurred_at, noun, xact)
         SELECT tenant_id, gen_random_uuid(), 'contact.exported', object_id, actor_id, request_id, occurred_at, noun, 3 FROM audit_log LIMIT 1",
    );
    named(&town, &["is in no chain"]);
}

/// With the rows go their events and the checkpoints of the table: the file still knows.
#[test]
fn a_tail_that_was_cut_off_shows() {
    let (town, rows) = sealed();
    let (seq, _) = rows[6];
    let tenant = town.database.text("SELECT tenant_id FROM audit_log WHERE noun = 'contact' LIMIT 1");
    for table in ["audit_log", "event_log"] {
        town.database.run(&format!(
            "DELETE FROM {table} WHERE id IN (SELECT audit_id FROM audit_chain WHERE seq >= {seq} AND tenant_id = '{tenant}')"
        ));
    }
    town.database.run(&format!("DELETE FROM audit_chain WHERE seq >= {seq} AND tenant_id = '{tenant}'"));
    named(&town, &["its end was cut off", &format!("the chain ends at row {}", seq - 1)]);
    town.database.run("DELETE FROM audit_checkpoints");
    named(&town, &["its end was cut off"]);
    // without the row of the trail an event shows what is missing
    let (town, rows) = sealed();
    let (seq, id) = rows.last().unwrap();
    town.database.run(&format!(
        "DELETE FROM audit_log WHERE id = '{id}'; DELETE FROM audit_chain WHERE seq >= {seq} AND tenant_id = '{tenant}'"
    ));
    named(&town, &["cut off"]);
    std::fs::remove_file(platform::audit::file(town.data_dir.path())).unwrap();
    town.database.run("DELETE FROM audit_checkpoints");
    named(&town, &[id, "has no audit row"]);
}

/// A chain that was made anew with all its hashes is not the one that was signed.
#[test]
fn a_chain_that_was_made_anew_is_not_the_one_that_was_signed() {
    let (town, rows) = sealed();
    let (_, id) = &rows[3];
    town.database.run(&format!(
        "UPDATE audit_log SET action = 'contact.read' WHERE id = '{id}'; TRUNCATE audit_chain; UPDATE audit_sealing SET position = 0"
    ));
    named(&town, &["not what was signed"]);
    town.database.run("TRUNCATE audit_checkpoints");
    named(&town, &["not what was signed"]);
    town.database.run("DELETE FROM server_secrets WHERE name = 'audit_sign'");
    named(&town, &["not signed by this house"]);
}

#[test]
fn one_tenants_trail_is_looked_through_alone() {
    let (town, rows) = sealed();
    let tenants = town.database.column("SELECT tenant_id FROM tenants ORDER BY name");
    town.database.run(&format!("UPDATE audit_log SET action = 'x' WHERE id = '{}'", rows[3].1));
    let ask = |tenant: &str| said(&town.program(&["audit", "verify", "--tenant", tenant]).output().unwrap());
    assert!(ask(&tenants[0]).0, "next door all is well");
    let (good, text) = ask(&tenants[1]);
    assert!(!good && text.matches("tenant ").count() >= 1 && text.contains(&rows[3].1), "{text}");
    assert!(!said(&town.program(&["audit", "verify", "--tenant", "x"]).output().unwrap()).0);
}

/// What was erased for a privacy request is as it should be, where the ledger says so, and nowhere else.
#[test]
fn what_was_lawfully_erased_holds() {
    let (town, rows) = sealed();
    let ids: Vec<&str> = rows.iter().take(2).map(|(_, id)| id.as_str()).collect();
    let of = format!("SELECT tenant_id FROM audit_log WHERE id = '{}'", ids[0]);
    let ledger = |id: &str| {
        format!(
            "INSERT INTO audit_erasures (tenant_id, audit_id, part, privacy_request_id, erased_by, erased_at) SELECT tenant_id, id, 'data', gen_random_uuid(), actor_id, now() FROM audit_log WHERE id = '{id}'"
        )
    };
    let empty = |id: &str| format!("UPDATE event_log SET data = '{{}}' WHERE id = '{id}'");
    // as the service does it
    town.database.run(&format!("SET ROLE guanxi_app; {}; {}", ledger(ids[0]), empty(ids[0])));
    let erased = town.database.count(&format!(
        "SELECT erase_audit_details(({of}), ARRAY['{}', '{}']::uuid[], gen_random_uuid(), gen_random_uuid(), now())",
        ids[0], ids[1]
    ));
    assert_eq!(erased, 2);
    let text = holds(&town);
    assert!(text.contains("2 erased"), "{text}");
    let shown: Value = town.owner().get(&format!("/v1/audit-logs/{}", ids[0])).ok();
    assert!(shown["address"].is_null() && shown["changed"] == json!({}), "{shown}");
    // emptied without a word in the ledger
    town.database.run(&empty(ids[1]));
    named(&town, &[ids[1], "the data of its event"]);
    town.database.run(&ledger(ids[1]));
    holds(&town);
    // and what the ledger calls erased is what was left of it, not another
    town.database.run(&format!("UPDATE event_log SET data = '{{\"a\": 1}}' WHERE id = '{}'", ids[1]));
    named(&town, &[ids[1], "the data of its event"]);
    each_once(&town);
}
