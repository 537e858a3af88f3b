//! Who bends what is left of a trail, or what is about to go, is named; and what is closed stays closed.
use super::super::bent::named;
use super::super::{each_once, holds, keys, said, settled};
use super::{aged, checkpoint, dropped, long, written};
use diesel::connection::SimpleConnection;

#[test]
fn what_is_bent_after_months_went_is_named() {
    let gone = || {
        let town = long();
        assert_eq!(dropped(&town, 3).len(), 2);
        checkpoint(&town);
        holds(&town);
        town
    };
    let of = "tenant_id = (SELECT tenant_id FROM audit_floors)";
    let floor = "(SELECT seq FROM audit_floors)";
    let begins = format!("UPDATE audit_chain SET hash = sha256('x') WHERE {of} AND seq = {floor}");
    let cut = format!("DELETE FROM audit_chain WHERE {of} AND seq = {floor}");
    let later = format!(
        "UPDATE audit_log SET action = 'contact.read' WHERE id = (SELECT audit_id FROM audit_chain WHERE {of} AND seq = {floor} + 1)"
    );
    for (bend, words) in [
        ("UPDATE audit_floors SET seq = seq - 1", "not signed by this house"),
        ("UPDATE audit_floors SET cut = gen_random_uuid()", "not signed by this house"),
        ("UPDATE audit_floors SET further = further || 9::bigint", "not signed by this house"),
        ("DELETE FROM audit_floors", "no signed floor says"),
        (&begins, "is not the one that the floor"),
        (&cut, "is not the one that the floor"),
        (&later, "not what was sealed"),
        ("DELETE FROM audit_log WHERE object_id = '0192f0c1-0000-7000-8000-00000000c0c0' AND version = 7", "the audit row was deleted"),
        ("DROP TABLE audit_log_back_2", "was dropped, and no signed floor says so"),
        ("DROP TABLE audit_log_back_1", "was dropped, and no signed floor says so"),
        ("INSERT INTO audit_log SELECT tenant_id, audit_first_id('2020-01-01'), object_id, actor_id, request_id, occurred_at, 3,
          version, action, noun, api_key_id, session_id, address, details, data FROM audit_log LIMIT 1", "clock"),
    ] {
        let town = gone();
        match town.database.conn().batch_execute(bend) {
            Ok(()) => named(&town, &[words]),
            Err(error) => assert!(error.to_string().contains(words), "{bend}: {error}"),
        }
    }
    // where a link stands whose row went with its month, the one after it tells
    let town = gone();
    let one = town.database.count("SELECT further[1] FROM audit_floors");
    town.database.run(&format!("UPDATE audit_chain SET hash = sha256('x') WHERE {of} AND seq = {one}"));
    named(&town, &[&format!("row {} of the chain", one + 1), "not what was sealed"]);
}

#[test]
fn what_is_not_as_it_was_sealed_or_is_not_signed_does_not_go() {
    let town = long();
    town.database.run("UPDATE audit_log SET action = 'contact.read' WHERE version = 2 AND object_id = '0192f0c1-0000-7000-8000-00000000c0c0'");
    assert_eq!(dropped(&town, 3), ["audit_log_first"], "nothing was in that");
    named(&town, &["not what was sealed"]);
    town.database.run("UPDATE audit_log SET action = 'contact.updated' WHERE version = 2 AND object_id = '0192f0c1-0000-7000-8000-00000000c0c0'");
    holds(&town);
    assert_eq!(dropped(&town, 3), ["audit_log_back_4"]);

    // a month is not closed before all of it is sealed, and what is not closed stays
    let town = aged();
    written(&town, 3, 2, 0);
    settled(&town);
    let mut conn = town.database.conn();
    let (keys, now) = (keys(&mut conn), kernel::clock::now());
    let file = platform::audit::file(town.data_dir.path());
    let drop_old = |conn: &mut platform::Conn| platform::audit::drop_old(conn, &keys, &file, now, 1).unwrap();
    assert!(drop_old(&mut conn).is_empty());
    assert!(platform::audit::close_months(&mut conn, now).unwrap() > 2);
    // the row has no checkpoint after it yet
    assert_eq!(drop_old(&mut conn), ["audit_log_first", "audit_log_back_4"]);
    platform::audit::checkpoint(&mut conn, &keys, &file, now, true).unwrap();
    assert_eq!(drop_old(&mut conn), ["audit_log_back_3", "audit_log_back_2"]);
}

#[test]
fn a_closed_month_takes_in_nothing_and_what_no_month_has_is_taken_along() {
    let town = aged();
    written(&town, 2, 2, 0);
    let mut conn = town.database.conn();
    let now = kernel::clock::now();
    let error = platform::audit::close_months(&mut conn, now).unwrap_err().to_string();
    assert!(error.contains("not everything in audit_log_back_2 is sealed yet"), "{error}");
    settled(&town);
    assert_eq!(platform::audit::close_months(&mut conn, now).unwrap(), 4);
    assert_eq!(platform::audit::close_months(&mut conn, now).unwrap(), 0);
    let late = "INSERT INTO audit_log (tenant_id, id, object_id, actor_id, request_id, occurred_at, action, noun)
        SELECT tenant_id, audit_first_id('{}'), object_id, actor_id, request_id, now(), 'x', 'x' FROM audit_log LIMIT 1";
    let write = |conn: &mut platform::Conn, when: &str| conn.batch_execute(&late.replace("{}", when));
    let months = town.database.column("SELECT to_char(to_timestamp(('x' || left(replace(since::text, '-', ''), 12))::bit(48)::bigint / 1000.0), 'YYYY-MM-DD') FROM audit_months ORDER BY since OFFSET 1");
    assert!(write(&mut conn, &months[2]).unwrap_err().to_string().contains("is the clock right?"));
    write(&mut conn, &months[3]).unwrap();
    // a clock that is half a year ahead
    let ahead = now + chrono::Duration::days(180);
    write(&mut conn, &ahead.format("%Y-%m-%d").to_string()).unwrap();
    assert_eq!(town.database.count("SELECT count(*) FROM audit_log_rest"), 1);
    assert!(!said(&town.program(&["doctor"]).output().unwrap()).0);
    settled(&town);
    let made = platform::audit::open_months(&mut conn, ahead).unwrap();
    assert!((5..8).contains(&made), "{made}");
    assert_eq!(town.database.count("SELECT count(*) FROM audit_log_rest"), 0);
    assert!(said(&town.program(&["doctor"]).output().unwrap()).0);
    each_once(&town);
    // the months ahead are nobody's but the trail's
    let held = "SELECT count(*) FROM audit_months WHERE has_any_column_privilege('guanxi_app', name, 'SELECT, INSERT, UPDATE')";
    assert_eq!(town.database.count(held), 0);
}
