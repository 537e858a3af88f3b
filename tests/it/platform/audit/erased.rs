//! What was lawfully erased is known to the chain: the trail holds afterwards, and what is bent then is still named.
use super::bent::named;
use super::{each_once, holds, said, settled};
use crate::privacy::erased;
use crate::support::{Client, Town, json, make};

/// A contact with a history that is sealed and signed, then erased, and the rest sealed too.
fn gone(town: &Town, owner: &Client) -> String {
    let contact = make::contact(owner, json!({"display_name": "Ada Lovelace", "email": "ada@example.com"}));
    let id = make::id(&contact, "id");
    owner.patch(&format!("/v1/contacts/{id}"), json!({"email": "countess@example.com"})).ok();
    owner.patch(&format!("/v1/contacts/{id}"), json!({"do_not_contact": true})).ok();
    make::order(owner, json!({"contact_id": id, "description": "of Ada's"}));
    settled(town);
    let (good, text) = said(&town.program(&["audit", "checkpoint"]).output().unwrap());
    assert!(good, "{text}");
    holds(town);
    erased(owner, "contact", &id);
    settled(town);
    each_once(town);
    id
}

#[test]
fn the_trail_holds_after_somebody_was_erased() {
    let town = Town::start();
    let owner = town.owner();
    let id = gone(&town, &owner);
    let emptied = "SELECT count(DISTINCT audit_id) FROM audit_erasures JOIN audit_chain USING (tenant_id, audit_id)";
    let emptied = town.database.count(emptied);
    let text = holds(&town);
    assert!(emptied >= 4 && text.contains(&format!(" {emptied} erased")), "{emptied}: {text}");
    let kept = town.database.count("SELECT count(*) FROM audit_erasures WHERE part = 'data' AND kept <> ''");
    assert!(kept >= 1, "an event keeps what the books need, and the ledger its digest");
    let told = format!("SELECT count(*) FROM event_log WHERE object_id = '{id}' AND name = 'contact.erased'");
    assert_eq!(town.database.count(&told), 1);
    let names = format!("SELECT count(*) FROM event_log WHERE object_id = '{id}' AND data::text ~ 'Ada|ada@|countess'");
    assert_eq!(town.database.count(&names), 0);
}

#[test]
fn what_is_bent_under_the_cover_of_an_erasure_is_named() {
    let town = Town::start();
    let owner = town.owner();
    let id = gone(&town, &owner);
    let row = town.database.text(&format!(
        "SELECT e.audit_id FROM audit_erasures e JOIN event_log l ON (l.tenant_id, l.id) = (e.tenant_id, e.audit_id)
         WHERE e.part = 'data' AND l.object_id = '{id}' AND l.data <> '{{}}' LIMIT 1"
    ));
    let data = town.database.text(&format!("SELECT data FROM event_log WHERE id = '{row}'"));
    let bend = |text: &str| town.database.run(&format!("UPDATE event_log SET data = {text} WHERE id = '{row}'"));
    bend("data || '{\"owner_id\": \"0192f0c1-0000-7000-8000-000000000001\"}'");
    named(&town, &[&row, "the data of its event"]);
    bend(&format!("'{}'", data.replace('\'', "''")));
    holds(&town);
    town.database.run(&format!("DELETE FROM audit_erasures WHERE audit_id = '{row}'"));
    named(&town, &[&row, "the data of its event"]);
}
