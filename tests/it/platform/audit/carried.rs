//! A trail of a version that kept events apart from its rows: brought over it holds, and what was bent before is named.
use super::bent::{named, sealed};
use super::{each_once, holds, settled};
use crate::support::{Town, json, make};

const UP: &str = include_str!("../../../../migrations/2026-11-26-000023_one_trail/up.sql");
const DOWN: &str = include_str!("../../../../migrations/2026-11-26-000023_one_trail/down.sql");
const MONTHS_UP: &str = include_str!("../../../../migrations/2026-11-26-000027_months/up.sql");
const MONTHS_DOWN: &str = include_str!("../../../../migrations/2026-11-26-000027_months/down.sql");
const ALL: &str = "SELECT md5(string_agg(to_jsonb(a)::text, '' ORDER BY id)) FROM audit_log a";

/// A sealed trail that lay as it did before, was bent there, and was brought over.
fn brought_over(bend: impl Fn(&str) -> String) -> (Town, String) {
    let (town, rows) = sealed();
    let (_, id) = &rows[3];
    town.database.run(MONTHS_DOWN);
    town.database.run(DOWN);
    town.database.run(&bend(id));
    town.database.run(UP);
    town.database.run(MONTHS_UP);
    platform::migrate::up(&town.database.url).unwrap();
    (town, id.clone())
}

#[test]
fn what_was_sealed_before_holds_and_goes_on() {
    let (town, _) = sealed();
    let owner = town.owner();
    let contact = make::id(&make::contact(&owner, json!({"job_title": "Buyer"})), "id");
    settled(&town);
    let told =
        || (owner.get(&format!("/v1/contacts/{contact}/history")).ok(), owner.get("/v1/events").ok()["data"].clone());
    let (before, shown) = (town.database.text(ALL), told());
    town.database.run(MONTHS_DOWN);
    town.database.run(DOWN);
    let old = "SELECT count(*) FROM event_log e JOIN audit_log a USING (tenant_id, object_id, version, id) \
               WHERE e.name = a.action AND data ? 'id'";
    assert!(town.database.count(old) > 10);
    town.database.run(UP);
    town.database.run(MONTHS_UP);
    platform::migrate::up(&town.database.url).unwrap();
    assert_eq!((town.database.text(ALL), told()), (before, shown));
    holds(&town);
    owner.patch(&format!("/v1/contacts/{contact}"), json!({"job_title": "Head"})).ok();
    settled(&town);
    holds(&town);
    each_once(&town);
}

#[test]
fn what_was_bent_before_is_named() {
    for (bend, words) in [
        ("UPDATE audit_log SET action = 'contact.read' WHERE id = '{id}'", "not what was sealed"),
        ("UPDATE audit_log SET version = 7 WHERE id = '{id}'", "not what was sealed"),
        ("DELETE FROM audit_log WHERE id = '{id}'", "{id}"),
        ("UPDATE event_log SET data = data || '{\"x\": 1}' WHERE id = '{id}'", "the data of its event"),
        ("UPDATE event_log SET version = 7 WHERE id = '{id}'", "the data of its event"),
        ("DELETE FROM event_log WHERE id = '{id}'", "the data of its event"),
        ("DELETE FROM event_log WHERE id = '{id}'; DELETE FROM audit_log WHERE id = '{id}'", "deleted"),
    ] {
        let (town, id) = brought_over(|id| bend.replace("{id}", id));
        named(&town, &[&words.replace("{id}", &id)]);
    }
    // an event that was put in where no row of the trail told of it
    let (town, _) = brought_over(|id| {
        format!(
            "INSERT INTO event_log SELECT tenant_id, gen_random_uuid(), name, object_id, version + 1, actor_id, request_id, \
             occurred_at, data FROM event_log WHERE id = '{id}'"
        )
    });
    named(&town, &["is in no chain"]);
}
