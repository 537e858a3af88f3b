//! Files of people who are accounts: a row is a contact and the account that is theirs.
use super::{at, is_one, whose};
use crate::platform::imports::{ended, import, kept, rows};
use crate::support::{Client, Person, Town, Value, json, make};

const PEOPLE: &str = "No,First,Last,Mail,Phone,Stars,City\n\
    1,Ada,Lovelace,ada@example.com,+14155550101,hot,London\n\
    2,Grace,Hopper,,+14155550102,,New York\n\
    3,伟,王,wei@example.cn,,warm,\n";

fn people() -> Value {
    json!({"resource": "person_accounts", "source_system": "old", "columns": {"No": "external_id",
        "First": "person.given_name", "Last": "person.family_name", "Mail": "email", "Phone": "phone", "Stars": "rating",
        "City": "home_address.city"}, "constants": {"home_address.country": "GB", "account_type": "b2c"}})
}

fn called(client: &Client, no: u8) -> Value {
    client.put(&format!("/v1/accounts/by/ext:old/{no}?mode=update_only"), json!({})).ok()
}

fn bring(client: &Client, text: &str, mapping: &Value, more: &[(&str, &str)]) -> Value {
    import(client, "people.csv", text.as_bytes(), mapping, more)
}

fn errors(client: &Client, import: &Value) -> String {
    client.get(&format!("/v1/imports/{}/errors", make::id(import, "id"))).text()
}

#[test]
fn a_row_is_both_and_twice_is_once() {
    let town = Town::start();
    let owner = town.owner();
    let first = bring(&owner, PEOPLE, &people(), &[]);
    assert_eq!(rows(&first), [3, 3, 0, 0, 0], "{}", errors(&owner, &first));
    let ada = called(&owner, 1);
    assert_eq!(
        (&ada["name"], &ada["rating"], &ada["account_type"]),
        (&json!("Ada Lovelace"), &json!("hot"), &json!("b2c"))
    );
    assert_eq!(owner.get(&whose(&ada)).ok()["given_name"], "Ada");
    let homes = owner.get(&format!("{}/addresses", at(&ada))).ok();
    assert_eq!(
        (&homes[0]["city"], &homes[0]["kind"], &homes[0]["is_primary"]),
        (&json!("London"), &json!("home"), &json!(true))
    );
    let again = bring(&owner, PEOPLE, &people(), &[]);
    assert_eq!(rows(&again), [3, 0, 0, 3, 0], "{}", errors(&owner, &again));
    // each of them is changed where it stands
    let changed = PEOPLE.replace("ada@", "countess@").replace(",warm,", ",cold,").replace("New York", "Arlington");
    let third = bring(&owner, &changed, &people(), &[]);
    assert_eq!(rows(&third), [3, 0, 3, 0, 0], "{}", errors(&owner, &third));
    assert_eq!(called(&owner, 1)["email"], "countess@example.com");
    assert_eq!(owner.get(&format!("{}/addresses", at(&called(&owner, 2)))).ok()[0]["city"], "Arlington");
    for table in ["accounts", "contacts"] {
        assert_eq!(town.database.count(&format!("SELECT count(*) FROM {table}")), 3, "{table}");
    }
    is_one(&town);
    kept(&town);
    let path = format!("/v1/imports/{}", make::id(&first, "id"));
    owner.act(&format!("{path}/revert")).ok();
    let back = ended(&owner, &make::id(&first, "id"));
    assert_eq!((&back["status"], &back["records_kept"]), (&json!("reverted"), &json!(0)));
    let left = "SELECT (SELECT count(*) FROM accounts) + (SELECT count(*) FROM contacts) +
        (SELECT count(*) FROM account_addresses) + (SELECT count(*) FROM external_refs)";
    assert_eq!(town.database.count(left), 0);
}

#[test]
fn a_contact_that_is_there_becomes_the_account() {
    let town = Town::start();
    let owner = town.owner();
    let ada = make::contact(&owner, json!({"display_name": "Ada Lovelace", "email": "ada@example.com"}));
    let grace = make::contact(&owner, json!({"display_name": "Grace Hopper", "phone": "+14155550102"}));
    let name = json!({"resource": "contact", "record_id": grace["id"], "source_system": "crm", "external_id": "g"});
    owner.post("/v1/external-refs", name).created();
    let columns = json!({"Id": "person.id", "Mail": "email", "Name": "name", "Phone": "phone"});
    let mapping = json!({"resource": "person_accounts", "columns": columns});
    let file = format!("Id,Mail,Name,Phone\n,ada@example.com,Ada King,\n{},,,\n", make::id(&grace, "id"));
    let done = bring(&owner, &file, &mapping, &[]);
    assert_eq!(rows(&done), [2, 2, 0, 0, 0], "{}", errors(&owner, &done));
    let list = owner.get("/v1/accounts?sort=name").ok();
    assert_eq!((&list["data"][0]["person_id"], &list["data"][1]["person_id"]), (&ada["id"], &grace["id"]));
    assert_eq!(list["data"][0]["name"], "Ada King");
    // by what another system calls the contact, and by name and number, it is the account that is there
    let mapping = json!({"resource": "person_accounts", "source_system": "crm",
        "columns": {"Ref": "person.external_id", "Stars": "rating"}});
    let done = bring(&owner, "Ref,Stars\ng,hot\nnobody,hot\n", &mapping, &[]);
    assert_eq!(rows(&done), [2, 0, 1, 0, 1]);
    assert!(errors(&owner, &done).contains("there is no such contact"), "{}", errors(&owner, &done));
    let mapping =
        json!({"resource": "person_accounts", "columns": {"Name": "name", "Phone": "phone", "Stars": "rating"}});
    let alike = "Name,Phone,Stars\ngrace hopper,+14155550102,warm\n";
    let done = bring(&owner, alike, &mapping, &[]);
    assert_eq!(rows(&done), [1, 0, 0, 0, 1], "probably there");
    let done = bring(&owner, alike, &mapping, &[("duplicates", "update")]);
    assert_eq!(rows(&done), [1, 0, 1, 0, 0], "{}", errors(&owner, &done));
    let done = bring(&owner, alike, &mapping, &[("duplicates", "allow"), ("mode", "create_only")]);
    assert_eq!(rows(&done), [1, 1, 0, 0, 0], "{}", errors(&owner, &done));
    is_one(&town);
    // who was there before stays when the file is taken back
    owner.act(&format!("/v1/imports/{}/revert", make::id(&done, "id"))).ok();
    ended(&owner, &make::id(&done, "id"));
    assert_eq!(town.database.count("SELECT count(*) FROM contacts"), 2);
}

#[test]
fn a_bad_row_is_told_by_its_columns_and_sinks_nobody() {
    let town = Town::start();
    let owner = town.owner();
    make::account(&owner, json!({"name": "Acme"}));
    let firm = owner.put("/v1/accounts/by/ext:old/9", json!({"name": "Acme Ltd"})).created();
    let file = "No,First,Last,Mail,Phone,Stars,City\n1,Ada,Lovelace,ada@example.com,,hot,\n9,Acme,Ltd,,,,\n,,,,,hot,\n\
        4,Eve,,ada@example.com,,,\n";
    let done = bring(&owner, file, &people(), &[]);
    assert_eq!(rows(&done), [4, 1, 0, 0, 3]);
    let told = errors(&owner, &done);
    assert!(told.contains("the account is an organisation's"), "{told}");
    assert!(told.contains("the record is probably there already"), "{told}");
    assert_eq!(owner.get(&at(&firm)).ok()["name"], "Acme Ltd");
    // accounts of people are changed by files of accounts as far as they go
    let mapping = json!({"resource": "accounts", "source_system": "old",
        "columns": {"No": "external_id", "Name": "name", "Stars": "rating", "Tax": "tax_number"}});
    let done = bring(&owner, "No,Name,Stars,Tax\n1,Ada Lovelace,cold,\n", &mapping, &[]);
    assert_eq!(rows(&done), [1, 0, 1, 0, 0], "{}", errors(&owner, &done));
    let done = bring(&owner, "No,Name,Stars,Tax\n1,Somebody else,cold,T1\n", &mapping, &[]);
    assert_eq!(rows(&done), [1, 0, 0, 0, 1]);
    let told = errors(&owner, &done);
    assert!(told.contains("Name: is what the contact says") && told.contains("Tax: is of organisations"), "{told}");
    is_one(&town);
    // and whoever brings them in may make both
    let mapping = json!({"resource": "person_accounts", "columns": {"Name": "name"}});
    let refused = crate::platform::upload(&town.client(Person::ReadOnly), "a.csv", b"Name\nAda\n", &mapping, &[]);
    refused.refused(403, "forbidden");
    let nameless = json!({"resource": "person_accounts", "columns": {"Name": "rating"}});
    crate::platform::upload(&owner, "a.csv", b"Name\nhot\n", &nameless, &[]).refused(422, "invalid");
}

#[test]
fn a_dry_run_keeps_nothing_and_a_template_can_be_filled_in() {
    let town = Town::start();
    let owner = town.owner();
    let done = bring(&owner, PEOPLE, &people(), &[("dry_run", "true")]);
    assert_eq!(rows(&done), [3, 3, 0, 0, 0], "{}", errors(&owner, &done));
    let left = "SELECT (SELECT count(*) FROM accounts) + (SELECT count(*) FROM contacts)";
    assert_eq!(town.database.count(left), 0);
    let answer = owner.get("/v1/imports/template?resource=person_accounts&format=csv");
    let text = answer.text();
    let header = text.trim_start_matches('\u{feff}').lines().next().unwrap().to_owned();
    let columns: serde_json::Map<String, Value> =
        header.split(',').map(|name| (name.to_owned(), name.into())).collect();
    assert!(columns.contains_key("person.given_name") && columns.contains_key("billing_address.street"), "{header}");
    let mapping = json!({"resource": "person_accounts", "columns": columns, "source_system": "test"});
    let done = import(&owner, "template.csv", &answer.body, &mapping, &[]);
    assert_eq!(rows(&done), [1, 1, 0, 0, 0], "{}", errors(&owner, &done));
    is_one(&town);
}

/// Whoever comes second sees what the first has written.
#[test]
fn of_files_that_come_at_once_one_changes_an_address() {
    let town = Town::configured(|config| config.job_lanes = 5);
    let owner = town.owner();
    bring(&owner, PEOPLE, &people(), &[]);
    let moved = PEOPLE.replace("London", "Paris").replace(",,warm,", ",,warm,Leeds");
    let counts: Vec<[i64; 5]> = std::thread::scope(|scope| {
        let one = |_| {
            let (client, moved) = (town.owner(), &moved);
            scope.spawn(move || rows(&bring(&client, moved, &people(), &[])))
        };
        let threads: Vec<_> = (0..4).map(one).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let sum = |at: usize| counts.iter().map(|one| one[at]).sum::<i64>();
    assert_eq!([sum(2), sum(3), sum(4)], [2, 10, 0], "{counts:?}");
    assert_eq!(town.database.count("SELECT count(*) FROM account_addresses WHERE is_primary"), 3);
    assert_eq!(town.database.count("SELECT count(*) FROM accounts WHERE version = 2"), 2);
    assert_eq!(town.database.count("SELECT count(*) FROM accounts WHERE version > 2"), 0);
    is_one(&town);
    kept(&town);
}

/// Brings in one row, which is refused.
#[track_caller]
fn refused(client: &Client, columns: &Value, file: &str, mode: &str, why: &str) {
    let mapping = json!({"resource": "person_accounts", "source_system": "old", "columns": columns});
    let done = bring(client, file, &mapping, &[("mode", mode)]);
    let told = errors(client, &done);
    assert_eq!((rows(&done), told.contains(why)), ([1, 0, 0, 0, 1], true), "{told}");
}

/// Two who are accounts, of whom nothing has changed yet; both are called something by the source system `old`.
fn two(owner: &Client) -> [Value; 2] {
    let both = ["ada", "eve"].map(|name| make::person(owner, json!({"email": format!("{name}@example.com")})));
    for (one, name) in both.iter().zip(["ada", "eve"]) {
        for (resource, member) in [("account", "id"), ("contact", "person_id")] {
            let name =
                json!({"resource": resource, "record_id": one[member], "source_system": "old", "external_id": name});
            owner.post("/v1/external-refs", name).created();
        }
    }
    both
}

#[track_caller]
fn unchanged(town: &Town) {
    for table in ["accounts", "contacts"] {
        let changed = format!("SELECT count(*) FROM {table} WHERE version > 1 AND deleted_at IS NULL");
        assert_eq!(town.database.count(&changed), 0, "{table}");
    }
}

#[test]
fn of_a_row_that_says_its_own_id_nothing_else_says_which_account_it_means() {
    let town = Town::start();
    let owner = town.owner();
    let [ada, eve] = two(&owner);
    let gone = make::person(&owner, json!({}));
    owner.delete(&at(&gone)).is(204);
    let columns = json!({"Id": "id", "Mail": "email", "Stars": "rating"});
    for nobody in [make::id(&eve, "person_id"), make::id(&gone, "id")] {
        let file = format!("Id,Mail,Stars\n{nobody},ada@example.com,hot\n");
        refused(&owner, &columns, &file, "upsert", "Id: the contact is another account already");
        refused(&owner, &columns, &file, "update_only", "there is no such record to update");
    }
    let columns = json!({"Id": "id", "No": "external_id", "Stars": "rating"});
    let file = format!("Id,No,Stars\n{},eve,hot\n", make::id(&ada, "id"));
    refused(&owner, &columns, &file, "upsert", "Another record is known by this external id");
    unchanged(&town);
}

#[test]
fn whoever_a_row_names_beside_an_account_is_whose_it_is() {
    let town = Town::start();
    let owner = town.owner();
    let [ada, eve] = two(&owner);
    let ids = json!({"Id": "id", "Who": "person.id", "Stars": "rating"});
    let row = |who: &Value| format!("Id,Who,Stars\n{},{},hot\n", make::id(&ada, "id"), who.as_str().unwrap());
    refused(&owner, &ids, &row(&eve["person_id"]), "upsert", "Who: the account is another's");
    refused(&owner, &ids, &row(&ada["id"]), "upsert", "Who: there is no such contact");
    let names = json!({"No": "external_id", "Who": "person.external_id", "Stars": "rating"});
    refused(&owner, &names, "No,Who,Stars\nada,eve,hot\n", "upsert", "Who: the account is another's");
    refused(&owner, &names, "No,Who,Stars\nada,nobody,hot\n", "upsert", "Who: there is no such contact");
    unchanged(&town);
    for (columns, file) in [(ids, row(&ada["person_id"])), (names, "No,Who,Stars\neve,eve,hot\n".to_owned())] {
        let mapping = json!({"resource": "person_accounts", "source_system": "old", "columns": columns});
        let done = bring(&owner, &file, &mapping, &[]);
        assert_eq!(rows(&done), [1, 0, 1, 0, 0], "{}", errors(&owner, &done));
    }
    is_one(&town);
}
