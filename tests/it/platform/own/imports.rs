//! Files bring fields of the tenant's own, by the same rules.
use super::{field, options};
use crate::platform::import;
use crate::support::{Town, json};

#[test]
fn a_file_brings_fields_of_the_tenants_own() {
    let town = Town::start();
    let owner = town.owner();
    let set = options(&owner, "letters", &["a", "b"]);
    field(&owner, "account", "size", "int", json!({"limits": {"max": "9"}}));
    field(&owner, "account", "letters", "options", json!({"option_set_id": set}));
    field(&owner, "account", "price", "money", json!({}));
    field(&owner, "account", "since", "date", json!({}));
    field(&owner, "account", "code", "text", json!({"is_unique": true, "is_searched": true}));
    field(&owner, "account", "grade", "text", json!({"default": "new"}));
    field(&owner, "account", "deposit", "decimal", json!({"rule": "custom.size != null"}));
    let mapping = json!({"resource": "accounts", "source_system": "erp", "columns": {
        "No": "external_id", "Name": "name", "Size": "custom.size", "Letters": "custom.letters", "Price": "custom.price",
        "Cur": "custom.price.currency", "Since": {"to": "custom.since", "format": "%d.%m.%Y"}, "Code": "custom.code",
        "Deposit": "custom.deposit"}});
    let file = "No,Name,Size,Letters,Price,Cur,Since,Code,Deposit\n\
        1,One,5,a;b,12.5,CNY,31.01.2026,zqcode1,1.50\n\
        2,Two,99,a,,,,zqcode2,\n\
        3,Three,,z,,,,zqcode3,\n\
        4,Four,4,,,,,zqcode1,\n\
        5,Five,,,,,,zqcode5,2\n\
        6,Six,6,,,,,,\n";
    let done = import(&owner, "a.csv", file.as_bytes(), &mapping, &[]);
    assert_eq!((&done["rows_created"], &done["rows_failed"]), (&json!(2), &json!(4)), "{done}");
    let one = owner.get("/v1/accounts?custom.code=zqcode1").ok()["data"][0]["custom"].clone();
    assert_eq!(
        one,
        json!({"size": 5, "letters": ["a", "b"], "price": {"amount": "12.50", "currency": "CNY"},
        "since": "2026-01-31", "code": "zqcode1", "grade": "new", "deposit": "1.5"})
    );
    assert_eq!(owner.get("/v1/accounts?q=zqcode1").ids().len(), 1);
    let errors = owner.get(&format!("/v1/imports/{}/errors", done["id"].as_str().unwrap())).text();
    for told in ["range", "choice", "custom_value_taken", "rule"] {
        assert!(errors.contains(told), "{told}: {errors}");
    }
    // a second time, what is not said stays
    let again = "No,Name,Size,Code\n1,One,6,zqcode1\n6,Six,6,\n";
    let mapping = json!({"resource": "accounts", "source_system": "erp",
        "columns": {"No": "external_id", "Name": "name", "Size": "custom.size", "Code": "custom.code"}});
    let done = import(&owner, "b.csv", again.as_bytes(), &mapping, &[]);
    assert_eq!((&done["rows_updated"], &done["rows_unchanged"]), (&json!(1), &json!(1)), "{done}");
    let one = owner.get("/v1/accounts?custom.code=zqcode1").ok()["data"][0]["custom"].clone();
    assert_eq!((&one["size"], &one["letters"]), (&json!(6), &json!(["a", "b"])));
    let unknown = json!({"resource": "accounts", "columns": {"Name": "custom.nothing"}});
    crate::platform::upload(&owner, "c.csv", b"Name\nx\n", &unknown, &[]).refused(422, "invalid");
}
