//! What is sealed: it opens where it stands and nowhere else, it is in no dump, and its keys come and go while
//! everybody works on.
mod masters;
mod rotation;

use crate::identity::factors;
use crate::support::{Answer, Client, Database, MASTER_KEY, Person, Town, Value, json, make, master_keys};
use diesel::connection::SimpleConnection;
use platform::Vault;
use std::process::Output;
use std::time::{Duration, Instant};

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[track_caller]
fn run(town: &Town, arguments: &[&str]) -> String {
    let output = town.program(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", said(&output));
    said(&output)
}

fn vault(db: &Database) -> Vault {
    Vault::ready(&mut db.conn(), &master_keys(MASTER_KEY)).unwrap()
}

/// What is answered where a key is missing or a value is bent.
fn reveal(client: &Client, place: &str, one: &Value) -> Answer {
    client.unheld("POST", &format!("/v1/{place}/{}/reveal", make::id(one, "id")), None)
}

#[track_caller]
fn refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status, answer.json()["code"].as_str()), (status, Some(code)), "{}", answer.text());
}

fn wait_until(what: &str, done: impl Fn() -> bool) {
    let since = Instant::now();
    while !done() {
        assert!(since.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn what_is_sealed_opens_nowhere_else() {
    let town = Town::idle();
    let owner = town.owner();
    let contact = |client: &Client| make::identifier(client, "contacts", &make::contact(client, json!({})));
    let (one, other) = (contact(&owner), contact(&owner));
    let third = make::identifier(&owner, "accounts", &make::account(&owner, json!({})));
    let (ours, theirs) = ("contact-identifiers", "account-identifiers");
    let opens = |answer: Answer| answer.status == 200;
    let restored = || opens(reveal(&owner, ours, &one)) && opens(reveal(&owner, ours, &other));
    assert!(restored() && opens(reveal(&owner, theirs, &third)));

    let swap = "UPDATE contact_identifiers a SET sealed = b.sealed FROM contact_identifiers b WHERE a.id <> b.id";
    town.database.run(swap);
    refused(&reveal(&owner, ours, &one), 500, "sealed_value_broken");
    refused(&reveal(&owner, ours, &other), 500, "sealed_value_broken");
    town.database.run(swap);
    assert!(restored());

    town.database.run("UPDATE account_identifiers SET sealed = (SELECT sealed FROM contact_identifiers LIMIT 1)");
    refused(&reveal(&owner, theirs, &third), 500, "sealed_value_broken");

    let kept = town.database.text("SELECT encode(sealed, 'hex') FROM contact_identifiers ORDER BY id LIMIT 1");
    for bent in ["fingerprint", "set_byte(sealed, 40, get_byte(sealed, 40) # 1)", "substring(sealed FROM 1 FOR 40)"] {
        town.database
            .run(&format!("UPDATE contact_identifiers SET sealed = {bent} WHERE id = '{}'", make::id(&one, "id")));
        refused(&reveal(&owner, ours, &one), 500, "sealed_value_broken");
    }
    let back = format!(
        "UPDATE contact_identifiers SET sealed = decode('{kept}', 'hex') WHERE id = '{}'",
        make::id(&one, "id")
    );
    town.database.run(&back);
    assert!(restored());
}

/// Not even where the key is copied with it: a wrapped key is bound to its tenant too.
#[test]
fn what_one_tenant_has_sealed_opens_for_no_other() {
    let town = Town::idle();
    let (owner, foreigner) = (town.owner(), town.client(Person::Foreigner));
    make::identifier(&owner, "contacts", &make::contact(&owner, json!({})));
    let theirs = make::identifier(&foreigner, "contacts", &make::contact(&foreigner, json!({})));
    let id = make::id(&theirs, "id");
    let take = format!(
        "UPDATE contact_identifiers SET sealed = (SELECT sealed FROM contact_identifiers WHERE id <> '{id}') WHERE id = '{id}'"
    );
    assert!(town.database.conn().batch_execute(&take).is_err(), "a value of a key that the tenant has not");
    town.database.run(&format!(
        "INSERT INTO data_keys (tenant_id, id, purpose, master, wrapped, created_at, retired_at)
         SELECT i.tenant_id, k.id, k.purpose, k.master, k.wrapped, now(), now() FROM contact_identifiers i, data_keys k
         WHERE i.id = '{id}' AND k.id = (SELECT sealed_key_id FROM contact_identifiers WHERE id <> '{id}')"
    ));
    town.database.run(&take);
    refused(&reveal(&foreigner, "contact-identifiers", &theirs), 503, "vault_locked");
}

/// All rows of all tables as text.
fn dump(db: &Database) -> String {
    let tables = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')";
    let rows = |table: &String| db.column(&format!("SELECT t::text FROM \"{table}\" t")).join("\n");
    db.column(tables).iter().map(rows).collect::<Vec<_>>().join("\n").to_lowercase()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_dump_of_the_database_has_no_secret_in_it() {
    let town = Town::idle();
    let owner = town.owner();
    let (_, secret, _) = factors::confirmed(&town.client(Person::Rep));
    let (contact, account) = (make::contact(&owner, json!({})), make::account(&owner, json!({})));
    let mut secrets = vec![secret.clone(), hex(&factors::bytes(&secret))];
    for (parents, parent, kind, value) in [
        ("contacts", &contact, "cn_resident_id", "11010519491231002X"),
        ("contacts", &contact, "passport", "E98765432"),
        ("accounts", &account, "cn_credit_code", "91350100M000100Y43"),
        ("accounts", &account, "iban", "GB82WEST12345698765432"),
    ] {
        let path = format!("/v1/{parents}/{}/identifiers", make::id(parent, "id"));
        let added = owner.with("idempotency-key", value).post(&path, json!({"kind": kind, "value": value})).created();
        let place = format!("/v1/{}-identifiers/{}", &parents[..7], make::id(&added, "id"));
        assert_eq!(owner.act(&format!("{place}/reveal")).ok()["value"], value);
        owner.with("idempotency-key", format!("{value}?")).act(&format!("{place}/reveal")).ok();
        owner.patch(&place, json!({"label": "x"})).ok();
        secrets.extend([value.to_owned(), hex(value.as_bytes())]);
    }
    let dump = dump(&town.database);
    assert!(dump.contains("identifier.revealed") && dump.len() > 10_000);
    for secret in secrets {
        assert!(!dump.contains(&secret.to_lowercase()), "{secret} stands in the database");
    }
    let bare = "SELECT count(*) FROM server_secrets WHERE secret IS NOT NULL OR sealed IS NULL";
    assert_eq!(town.database.count(bare), 0);
}

/// Of an earlier version, which knew no vault.
#[test]
fn what_stood_in_the_open_works_and_is_sealed() {
    let town = Town::idle();
    let (_, secret, _) = factors::confirmed(&town.client(Person::Rep));
    let bare = hex(&factors::bytes(&secret));
    town.database.run(&format!("UPDATE factor_secrets SET secret = decode('{bare}', 'hex'), sealed = NULL"));
    town.database.run(
        "INSERT INTO server_secrets (name, kid, secret, created_at)
         VALUES ('token', 'ffffffff-0000-7000-8000-000000000001', decode(repeat('07', 32), 'hex'), now())",
    );
    let waiting = factors::challenge(&town, Person::Rep);
    factors::show(&town, &waiting, &factors::code(&secret, factors::this_step())).ok();

    let town = Town::on(town.leave());
    let open = |table: &str| town.database.count(&format!("SELECT count(*) FROM {table} WHERE secret IS NOT NULL"));
    assert_eq!(open("server_secrets"), 0, "at the start");
    wait_until("the worker seals nothing", || open("factor_secrets") == 0);
    let waiting = factors::challenge(&town, Person::Rep);
    let tokens = factors::show(&town, &waiting, &factors::code(&secret, factors::this_step() + 1)).ok();
    let head = make::id(&tokens, "access_token");
    let newest = town.anonymous().bearing(head).get("/v1/me").ok();
    assert_eq!(newest["user"]["email"], Person::Rep.email());
    assert!(!dump(&town.database).contains(&bare));
}
