//! Addresses that files bring with accounts and contacts: a row means one of a kind, and a file that comes again
//! doubles none.
use crate::platform::imports::{ended, import, kept, rows};
use crate::support::{Client, Town, Value, json, make};

const COLUMNS: &str = "No,Name,BillCountry,BillCity,BillStreet,ShipCountry,ShipCity\n";

fn mapping(noun: &str) -> Value {
    let name = if noun == "contacts" { "display_name" } else { "name" };
    json!({"resource": noun, "source_system": "old", "columns": {"No": "external_id", "Name": name,
        "BillCountry": "billing_address.country", "BillCity": "billing_address.city", "BillStreet": "billing_address.street",
        "ShipCountry": "shipping_address.country", "ShipCity": "shipping_address.city"}})
}

fn bring(client: &Client, noun: &str, text: &str) -> Value {
    import(client, "a.csv", format!("{COLUMNS}{text}").as_bytes(), &mapping(noun), &[])
}

fn addresses(client: &Client, noun: &str, no: u8) -> Vec<Value> {
    let one = client.put(&format!("/v1/{noun}/by/ext:old/{no}?mode=update_only"), json!({})).ok();
    client.get(&format!("/v1/{noun}/{}/addresses", make::id(&one, "id"))).ok().as_array().unwrap().clone()
}

fn errors(client: &Client, import: &Value) -> String {
    client.get(&format!("/v1/imports/{}/errors", make::id(import, "id"))).text()
}

#[test]
fn a_file_brings_addresses_and_doubles_none() {
    let town = Town::start();
    let owner = town.owner();
    for noun in ["accounts", "contacts"] {
        let file = "1,Ada,de,Berlin,Unter den Linden 1,CN,上海市\n2,Bob,FR,Paris,,,\n3,Eve,FR,,,,\n";
        let first = bring(&owner, noun, file);
        assert_eq!(rows(&first), [3, 3, 0, 0, 0], "{}", errors(&owner, &first));
        let ada = addresses(&owner, noun, 1);
        assert_eq!(ada.len(), 2);
        assert!(ada.iter().all(|one| one["is_primary"] == true), "{ada:?}");
        let billing = ada.iter().find(|one| one["kind"] == "billing").unwrap();
        assert_eq!((&billing["country"], &billing["street"]), (&json!("DE"), &json!("Unter den Linden 1")));
        let none = [addresses(&owner, noun, 2).len(), addresses(&owner, noun, 3).len()];
        assert_eq!(none, [1, 0], "a country alone is no address");
        assert_eq!(rows(&bring(&owner, noun, file)), [3, 0, 0, 3, 0]);
        // what a row says changes that address, and leaves what it does not say
        let changed = bring(&owner, noun, "1,Ada,,Potsdam,,,\n3,Eve,FR,Lyon,,,\n2,Bob,FR,Paris,,,\n");
        assert_eq!(rows(&changed), [3, 0, 2, 1, 0], "{}", errors(&owner, &changed));
        let now = addresses(&owner, noun, 1);
        let now = now.iter().find(|one| one["kind"] == "billing").unwrap();
        assert_eq!((&now["id"], &now["city"]), (&billing["id"], &json!("Potsdam")));
        assert_eq!((&now["street"], &now["version"]), (&json!("Unter den Linden 1"), &json!(2)));
        assert_eq!(addresses(&owner, noun, 3)[0]["city"], "Lyon");
        let table = format!("{}_addresses", noun.trim_end_matches('s'));
        assert_eq!(town.database.count(&format!("SELECT count(*) FROM {table}")), 4);
        // the same record twice in a file is one after the other
        let twice = bring(&owner, noun, "2,Bob,FR,Nice,,,\n2,Bob,FR,Lille,,,\n");
        assert_eq!(rows(&twice), [2, 0, 2, 0, 0]);
        assert_eq!((addresses(&owner, noun, 2).len(), &addresses(&owner, noun, 2)[0]["city"]), (1, &json!("Lille")));
        kept(&town);
    }
}

/// Numbers are read where the file says, else where the tenant is, and kept as they were given.
#[test]
fn the_number_of_an_address_is_kept_as_it_was_given() {
    let town = Town::start();
    let owner = town.owner();
    owner.patch("/v1/tenant", json!({"phone_region": "CN"})).ok();
    for noun in ["accounts", "contacts"] {
        let mut columns = mapping(noun);
        columns["columns"]["BillStreet"] = json!("billing_address.phone");
        let bring = |mapping: &Value, phone: &str| {
            let file = format!("{COLUMNS}1,Ada,CN,上海市,{phone},,\n");
            let done = import(&owner, "a.csv", file.as_bytes(), mapping, &[]);
            (rows(&done), errors(&owner, &done))
        };
        let kept = || {
            let one = addresses(&owner, noun, 1).remove(0);
            (one["phone"].clone(), one["phone_text"].clone(), one["version"].clone())
        };
        let told = |number: &str, text: &str, version: i32| (json!(number), json!(text), json!(version));
        assert_eq!(bring(&columns, "138 0013 8000").0, [1, 1, 0, 0, 0]);
        assert_eq!(kept(), told("+8613800138000", "138 0013 8000", 1));
        assert_eq!(bring(&columns, "138 0013 8000").0, [1, 0, 0, 1, 0]);
        // the same number, written otherwise
        assert_eq!(bring(&columns, "138-0013-8000").0, [1, 0, 1, 0, 0]);
        assert_eq!(kept(), told("+8613800138000", "138-0013-8000", 2));
        columns["phone_region"] = json!("DE");
        assert_eq!(bring(&columns, "030 123456").0, [1, 0, 1, 0, 0]);
        assert_eq!(kept(), told("+4930123456", "030 123456", 3));
        let (counts, told) = bring(&columns, "12");
        assert_eq!((counts, told.contains("BillStreet: ")), ([1, 0, 0, 0, 1], true), "{told}");
    }
}

/// The primary one of its kind is meant, or else the oldest: people keep more of them than a file knows.
#[test]
fn a_row_means_the_primary_address_of_its_kind() {
    let town = Town::start();
    let owner = town.owner();
    let account = owner.put("/v1/accounts/by/ext:old/1", json!({"name": "Ada"})).created();
    let of = |kind: &str, city: &str, leads: bool| {
        make::address(&owner, "accounts", &account, json!({"kind": kind, "city": city, "is_primary": leads}))
    };
    of("billing", "Berlin", false);
    let leading = of("billing", "Bonn", true);
    let oldest = of("shipping", "Wien", false);
    of("shipping", "Graz", false);
    let done = bring(&owner, "accounts", "1,Ada,AT,Linz,,AT,Linz\n");
    assert_eq!(rows(&done), [1, 0, 1, 0, 0], "{}", errors(&owner, &done));
    for one in [leading, oldest] {
        assert_eq!(owner.get(&format!("/v1/account-addresses/{}", make::id(&one, "id"))).ok()["city"], "Linz");
    }
    assert_eq!(town.database.count("SELECT count(*) FROM account_addresses WHERE city = 'Linz'"), 2);
}

#[test]
fn what_is_wrong_with_an_address_is_told_by_its_column() {
    let town = Town::start();
    let owner = town.owner();
    for noun in ["accounts", "contacts"] {
        let done = bring(&owner, noun, "1,Ada,XX,Berlin,,,\n2,Bob,,Berlin,,,\n3,Eve,DE,Bonn,,,\n");
        assert_eq!(rows(&done), [3, 1, 0, 0, 2]);
        let told = errors(&owner, &done);
        assert_eq!(told.matches("BillCountry: ").count(), 2, "{told}");
        let table = format!("SELECT count(*) FROM {noun}");
        assert_eq!(town.database.count(&table), 1, "a row is kept whole or not at all");
    }
    let blind = crate::customer::without(&town, &[("account_address", "city", "read")]);
    let refused = crate::platform::upload(&blind, "a.csv", COLUMNS.as_bytes(), &mapping("accounts"), &[]);
    assert_eq!(refused.pointers(), ["/mapping/columns/BillCity", "/mapping/columns/ShipCity"]);
}

#[test]
fn a_file_that_is_taken_back_takes_its_addresses() {
    let town = Town::start();
    let owner = town.owner();
    for noun in ["accounts", "contacts"] {
        let name = if noun == "contacts" { "display_name" } else { "name" };
        let mut there = json!({});
        there[name] = "Ada".into();
        let there = owner.put(&format!("/v1/{noun}/by/ext:old/1"), there).created();
        make::address(&owner, noun, &there, json!({"kind": "billing", "city": "Berlin"}));
        let done = bring(&owner, noun, "1,Ada,DE,Bonn,,DE,Köln\n2,Bob,DE,Ulm,,,\n");
        assert_eq!(rows(&done), [2, 1, 1, 0, 0], "{}", errors(&owner, &done));
        owner.act(&format!("/v1/imports/{}/revert", make::id(&done, "id"))).ok();
        let back = ended(&owner, &make::id(&done, "id"));
        assert_eq!((&back["status"], &back["records_kept"]), (&json!("reverted"), &json!(0)), "{back}");
        let left = addresses(&owner, noun, 1);
        assert_eq!((left.len(), &left[0]["city"]), (1, &json!("Bonn")), "what was changed stays changed");
        assert_eq!(town.database.count(&format!("SELECT count(*) FROM {noun}")), 1);
        kept(&town);
    }
}

/// Of somebody a row may change the contact, the account, and the addresses of that: what has changed of each is one
/// version of it, with its event.
#[test]
fn whatever_a_row_changes_of_somebody_their_account_has_one_version() {
    let town = Town::start();
    let owner = town.owner();
    let mapping = json!({"resource": "person_accounts", "source_system": "old", "columns": {"No": "external_id",
        "Name": "name", "Job": "person.job_title", "Stage": "lifecycle_stage", "Stars": "rating",
        "City": "home_address.city"}, "constants": {"home_address.country": "GB"}});
    let bring = |lines: &str| {
        let file = format!("No,Name,Job,Stage,Stars,City\n{lines}");
        let done = import(&owner, "a.csv", file.as_bytes(), &mapping, &[]);
        assert_eq!(done["rows_failed"], 0, "{}", errors(&owner, &done));
    };
    bring("1,Ada,Clerk,lead,hot,London\n");
    let account = owner.get("/v1/accounts").ok()["data"][0].clone();
    let paths = [("accounts", "id"), ("contacts", "person_id")];
    let paths = paths.map(|(noun, member)| format!("/v1/{noun}/{}", make::id(&account, member)));
    let versions = || paths.each_ref().map(|path| owner.get(path).ok()["version"].as_i64().unwrap());
    let mut before = versions();
    assert_eq!(before, [1, 1]);
    for (lines, more) in [
        ("1,Ada,Baker,lead,hot,London\n", [0, 1]),
        ("1,Ada,Cook,lead,hot,Paris\n", [1, 1]),
        ("1,Ada,Cook,lead,hot,Lyon\n", [1, 0]),
        ("1,Ada,Cook,lead,cold,Nice\n", [1, 0]),
        ("1,Ada King,Cook,lead,cold,Brest\n", [1, 1]),
        ("1,Ada Byron,Duke,customer,warm,Lille\n", [1, 1]),
        ("1,Ada Byron,Earl,customer,warm,Lille\n1,Ada Byron,Earl,customer,warm,Metz\n", [1, 1]),
        ("1,Ada Byron,Earl,customer,warm,Metz\n", [0, 0]),
    ] {
        bring(lines);
        let now = versions();
        assert_eq!([now[0] - before[0], now[1] - before[1]], more, "{lines}");
        before = now;
    }
    let lacks = "SELECT count(*) FROM (SELECT id, version FROM accounts UNION ALL SELECT id, version FROM contacts) r
        WHERE r.version <> (SELECT count(DISTINCT e.version) FROM event_log e WHERE e.object_id = r.id)";
    assert_eq!(town.database.count(lacks), 0, "every version is an event");
    kept(&town);
}

/// Somebody who brings in what they may change of contacts, and so far of accounts.
fn clerk(town: &Town, reach: &str) -> Client {
    let files = [("import", "create", "own"), ("import", "read", "own")];
    let contacts = [("contact", "read", "all"), ("contact", "import", "all"), ("contact", "update", "all")];
    let accounts = [("account", "read", "all"), ("account", "import", "all"), ("account", "update", reach)];
    make::holder(town, &[&files[..], &contacts[..], &accounts[..]].concat())
}

/// A row that says nothing new of contact and account changes the account all the same.
#[test]
fn whoever_may_not_change_the_account_gives_it_neither_an_address_nor_a_name() {
    let town = Town::start();
    let owner = town.owner();
    let account = make::person(&owner, json!({"display_name": "Ada"}));
    let mapping = json!({"resource": "person_accounts", "source_system": "old", "columns": {"Id": "id",
        "No": "external_id", "Name": "name", "City": "home_address.city"},
        "constants": {"home_address.country": "GB"}});
    let row = |no: &str, city: &str| format!("Id,No,Name,City\n{},{no},Ada,{city}\n", make::id(&account, "id"));
    let brought = |client: &Client, file: &str| {
        let done = import(client, "a.csv", file.as_bytes(), &mapping, &[("mode", "update_only")]);
        (rows(&done), errors(client, &done))
    };
    let refused = |client: &Client, why: &str| {
        for file in [row("", "London"), row("7", ""), row("7", "London")] {
            let (counts, told) = brought(client, &file);
            assert_eq!((counts, told.contains(why)), ([1, 0, 0, 0, 1], true), "{told}");
        }
        let written = "SELECT (SELECT count(*) FROM account_addresses) + (SELECT count(*) FROM external_refs)
            + (SELECT count(*) FROM accounts WHERE version > 1)";
        assert_eq!(town.database.count(written), 0, "{why}");
    };
    refused(&clerk(&town, "own"), "The caller may see this, but may not do that.");
    let may = clerk(&town, "all");
    let request = crate::privacy::begun(&owner, "restriction", "contact", &make::id(&account, "person_id"));
    owner.act(&format!("/v1/privacy-requests/{request}/complete")).ok();
    refused(&may, "has had its processing restricted");
    owner.act(&format!("/v1/privacy-requests/{request}/lift")).ok();
    for counts in [[1, 0, 1, 0, 0], [1, 0, 0, 1, 0]] {
        let (done, told) = brought(&may, &row("7", "London"));
        assert_eq!(done, counts, "{told}");
    }
}
