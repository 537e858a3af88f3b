//! What the server knows of tables that grow while it does not look: here it never does by itself.
use super::imports::{import, rows};
use crate::support::{Town, json};

#[test]
fn an_import_has_the_server_look_at_what_it_fills() {
    let town = Town::start();
    let owner = town.owner();
    let known = |table: &str| {
        town.database.count(&format!("SELECT reltuples::bigint FROM pg_class WHERE oid = '{table}'::regclass"))
    };
    assert_eq!((known("contacts"), known("accounts")), (-1, -1), "never looked at");
    let people: String = (0..5_000).map(|n| format!("{n},Person {n},Company {n}\n")).collect();
    let mapping = json!({"resource": "contacts", "source_system": "old", "create_missing": ["account"],
        "columns": {"No": "external_id", "Name": "display_name", "Company": "account.name"}});
    let done = import(&owner, "people.csv", format!("No,Name,Company\n{people}").as_bytes(), &mapping, &[]);
    assert_eq!(rows(&done), [5_000, 5_000, 0, 0, 0]);
    for table in ["contacts", "accounts", "external_refs", "memberships"] {
        assert!((1_000..=5_000).contains(&known(table)), "{table}: {}", known(table));
    }
    assert_eq!(known("products"), -1, "what has not grown is left alone");
}
