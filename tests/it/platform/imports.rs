//! Files brought in: every row is accounted for, twice is once, what was brought in can be taken back.
use crate::support::{Answer, Client, Person, Town, Value, files, json, make};
use std::time::{Duration, Instant};

/// A file with its mapping, as a form sends it.
pub fn upload(client: &Client, name: &str, bytes: &[u8], mapping: &Value, more: &[(&str, &str)]) -> Answer {
    let (kind, body) = form(name, bytes, mapping, more);
    client.raw("POST", "/v1/imports", Some((&kind, body)))
}

/// The type and the bytes of that form.
pub fn form(name: &str, bytes: &[u8], mapping: &Value, more: &[(&str, &str)]) -> (String, Vec<u8>) {
    const EDGE: &str = "----edge-of-a-part";
    let mut body = Vec::new();
    let mut part = |head: String, bytes: &[u8]| {
        body.extend(format!("--{EDGE}\r\nContent-Disposition: form-data; {head}\r\n\r\n").into_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    };
    part("name=\"mapping\"\r\nContent-Type: application/json".into(), mapping.to_string().as_bytes());
    more.iter().for_each(|(name, value)| part(format!("name=\"{name}\""), value.as_bytes()));
    part(format!("name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv"), bytes);
    body.extend(format!("--{EDGE}--\r\n").into_bytes());
    (format!("multipart/form-data; boundary={EDGE}"), body)
}

/// Brings a file in and waits for its end.
#[track_caller]
pub fn import(client: &Client, name: &str, bytes: &[u8], mapping: &Value, more: &[(&str, &str)]) -> Value {
    let answer = upload(client, name, bytes, mapping, more);
    let id = make::id(&answer.is(202), "id");
    assert_eq!(answer.header("location"), format!("/v1/imports/{id}"));
    ended(client, &id)
}

pub fn ended(client: &Client, id: &str) -> Value {
    let (mut since, mut before) = (Instant::now(), Value::Null);
    loop {
        let now = client.get(&format!("/v1/imports/{id}")).ok();
        if !["queued", "running", "reverting"].contains(&now["status"].as_str().unwrap_or_default()) {
            let [read, parts @ ..] = rows(&now);
            assert_eq!(read, parts.iter().sum::<i64>(), "a row that is not accounted for: {now}");
            return now;
        }
        if now != before {
            (since, before) = (Instant::now(), now);
        }
        assert!(since.elapsed() < Duration::from_secs(60), "the import goes no further: {before}");
        std::thread::sleep(Duration::from_millis(30));
    }
}

pub fn rows(import: &Value) -> [i64; 5] {
    ["rows_read", "rows_created", "rows_updated", "rows_unchanged", "rows_failed"]
        .map(|name| import[name].as_i64().unwrap())
}

/// A mapping of the project's own, by its file.
pub fn mapping(name: &str) -> Value {
    let text = files::read(&format!("tests/data/mappings/{name}.json"))
        .unwrap_or_else(|| panic!("there is no mapping {name}"));
    serde_json::from_str(&text).unwrap()
}

const PEOPLE: &str = "No,Name,Mail,Phone,Company\n1,Ada,ada@example.com,+14155550101,Acme\n2,Bob,bob@example.com,,Acme\n3,王伟,,+8613800138000,\n";

fn people() -> Value {
    json!({"resource": "contacts", "source_system": "old", "columns": {"No": "external_id", "Name": "display_name", "Mail": "email",
        "Phone": "phone", "Company": "account.name"}, "create_missing": ["account"]})
}

#[test]
fn a_file_brought_in_twice_doubles_nothing() {
    let town = Town::start();
    let owner = town.owner();
    let first = import(&owner, "people.csv", PEOPLE.as_bytes(), &people(), &[]);
    assert_eq!((first["status"].as_str(), rows(&first)), (Some("succeeded"), [3, 3, 0, 0, 0]));
    assert_eq!(town.database.count("SELECT count(*) FROM accounts"), 1);
    let again = import(&owner, "people.csv", PEOPLE.as_bytes(), &people(), &[]);
    assert_eq!(rows(&again), [3, 0, 0, 3, 0]);
    let changed = PEOPLE.replace("Bob", "Robert");
    let third = import(&owner, "people.csv", changed.as_bytes(), &people(), &[]);
    assert_eq!(rows(&third), [3, 0, 1, 2, 0]);
    let bob = owner.put("/v1/contacts/by/ext:old/2?mode=update_only", json!({})).ok();
    assert_eq!(bob["display_name"], "Robert");
    assert_eq!(owner.get("/v1/contacts?q=robert").ids(), [make::id(&bob, "id")]);
    assert_eq!(town.database.count("SELECT count(*) FROM contacts"), 3);
    assert_eq!(town.database.count("SELECT count(*) FROM event_log WHERE name = 'contact.created'"), 3);
    assert_eq!(town.database.count("SELECT count(*) FROM event_log WHERE name = 'contact.updated' AND version = 2"), 1);
    kept(&town);
}

/// What the rooms keep together, an import keeps together too.
pub fn kept(town: &Town) {
    for (what, query) in [
        ("an address that is not the primary point", "SELECT count(*) FROM contacts c LEFT JOIN contact_points p ON (p.tenant_id, p.contact_id)
            = (c.tenant_id, c.id) AND p.kind = 'email' AND p.is_primary WHERE c.email IS DISTINCT FROM p.value_norm"),
        ("a number that is not the primary point", "SELECT count(*) FROM contacts c LEFT JOIN contact_points p ON (p.tenant_id, p.contact_id)
            = (c.tenant_id, c.id) AND p.kind = 'phone' AND p.is_primary WHERE c.phone IS DISTINCT FROM p.value_norm"),
        ("an account that is not the primary membership", "SELECT count(*) FROM contacts c LEFT JOIN memberships m ON (m.tenant_id, m.contact_id)
            = (c.tenant_id, c.id) AND m.is_primary WHERE c.account_id IS DISTINCT FROM m.account_id"),
        ("a record without an event of its version", "SELECT count(*) FROM (SELECT tenant_id, id, version FROM contacts UNION ALL
            SELECT tenant_id, id, version FROM accounts UNION ALL SELECT tenant_id, id, version FROM products UNION ALL
            SELECT tenant_id, id, version FROM orders) r WHERE NOT EXISTS (SELECT FROM event_log e
            WHERE (e.tenant_id, e.object_id, e.version) = (r.tenant_id, r.id, r.version))"),
        ("a record that cannot be searched for", "SELECT (SELECT count(*) FROM contacts WHERE search = '') + (SELECT count(*) FROM accounts
            WHERE search = '') + (SELECT count(*) FROM products WHERE search = '') + (SELECT count(*) FROM orders WHERE search = '')"),
        ("an account that says other than the contact whose it is", crate::customer::people::OTHERWISE),
    ] {
        assert_eq!(town.database.count(query), 0, "{what}");
    }
    crate::sales::kept(town);
}

#[test]
fn a_bad_row_is_told_and_sinks_nobody() {
    let town = Town::start();
    let owner = town.owner();
    let file = "No,Name,Mail,Phone,Company\n1,Ada,nobody,12,\n2,Bob,bob@example.com,,\n3,,,,\n4,=1+1,d@example.com,,,extra\n5,Eve,bob@example.com,,\n";
    let done = import(&owner, "people.csv", file.as_bytes(), &people(), &[]);
    assert_eq!(done["status"], "partially_succeeded");
    let [read, created, _, _, failed] = rows(&done);
    assert_eq!((read, created, failed), (5, 1, 4), "{done}");
    let answer = owner.get(&format!("/v1/imports/{}/errors", make::id(&done, "id")));
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-type").starts_with("text/csv"), "{}", answer.header("content-type"));
    let text = answer.text();
    assert!(text.contains("nobody") && text.contains("ragged_row"), "{text}");
    for line in text.lines() {
        assert!(
            !line.split(',').any(|cell| cell.trim_matches('"').starts_with(['=', '@'])),
            "a cell that a spreadsheet would compute: {line}"
        );
    }
    kept(&town);
}

#[test]
fn a_dry_run_keeps_nothing() {
    let town = Town::start();
    let done = import(&town.owner(), "people.csv", PEOPLE.as_bytes(), &people(), &[("dry_run", "true")]);
    assert_eq!((done["is_dry_run"].as_bool(), rows(&done)), (Some(true), [3, 3, 0, 0, 0]));
    for table in ["contacts", "accounts", "external_refs", "contact_points"] {
        assert_eq!(town.database.count(&format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }
}

#[test]
fn what_was_brought_in_can_be_taken_back() {
    let town = Town::start();
    let owner = town.owner();
    let before = make::contact(&owner, json!({}));
    let done = import(&owner, "people.csv", PEOPLE.as_bytes(), &people(), &[]);
    let id = make::id(&done, "id");
    assert_eq!(owner.act(&format!("/v1/imports/{id}/revert")).ok()["status"], "reverting");
    let back = ended(&owner, &id);
    assert_eq!(back["status"], "reverted", "{back}");
    assert_eq!(owner.get("/v1/contacts?deleted=include").ids(), [make::id(&before, "id")]);
    for table in ["accounts", "external_refs", "contact_points", "memberships"] {
        assert_eq!(town.database.count(&format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }
    owner.act(&format!("/v1/imports/{id}/revert")).is_one_of(&[200, 409]);
}

#[test]
fn the_mode_says_what_a_file_may_do() {
    let town = Town::start();
    let owner = town.owner();
    let run = |mode: &str| rows(&import(&owner, "people.csv", PEOPLE.as_bytes(), &people(), &[("mode", mode)]));
    assert_eq!(run("update_only")[1..3], [0, 0]);
    assert_eq!(run("create_only")[1..3], [3, 0]);
    assert_eq!(run("create_only")[1..3], [0, 0]);
    assert_eq!(run("upsert"), [3, 0, 0, 3, 0]);
}

#[test]
fn a_mapping_that_makes_no_sense_is_refused_whole() {
    let town = Town::start();
    let owner = town.owner();
    for mapping in [
        json!({"resource": "nope", "columns": {}}),
        json!({"resource": "contacts", "columns": {"Name": "nope"}}),
        json!({"resource": "contacts", "columns": {"Absent": "display_name"}}),
        json!([]),
        json!({"resource": "contacts", "columns": {}, "x": 1}),
        json!({"resource": "contacts", "columns": {"Name": "display_name"}, "time_zone": "Mars/Olympus"}),
    ] {
        let answer = upload(&owner, "people.csv", PEOPLE.as_bytes(), &mapping, &[]);
        let refused = [400, 422].contains(&answer.status);
        let failed = answer.status == 202 && ended(&owner, &make::id(&answer.json(), "id"))["status"] == "failed";
        assert!(refused || failed, "{mapping}: {} {}", answer.status, answer.text());
    }
    for (name, value) in [("mode", "x"), ("duplicates", "x"), ("dry_run", "x"), ("nope", "x")] {
        let answer = upload(&owner, "people.csv", PEOPLE.as_bytes(), &people(), &[(name, value)]);
        assert!([400, 422].contains(&answer.status), "{name}: {} {}", answer.status, answer.text());
    }
    assert_eq!(town.database.count("SELECT count(*) FROM contacts"), 0);
}

#[test]
fn to_bring_in_is_a_permission_of_its_own() {
    let town = Town::start();
    for person in [Person::Rep, Person::ReadOnly, Person::Nobody] {
        upload(&town.client(person), "people.csv", PEOPLE.as_bytes(), &people(), &[]).refused(403, "forbidden");
    }
    let id = make::id(&upload(&town.owner(), "people.csv", PEOPLE.as_bytes(), &people(), &[]).is(202), "id");
    ended(&town.owner(), &id);
    town.client(Person::Foreigner).get(&format!("/v1/imports/{id}")).refused(404, "not_found");
}

/// The encodings and the odd rows of the project's own files.
#[test]
fn the_sample_files_come_in_whatever_their_encoding() {
    let town = Town::start();
    let owner = town.owner();
    let bring = |name: &str| {
        let bytes = std::fs::read(files::root().join(format!("tests/data/{name}.csv"))).unwrap();
        import(&owner, &format!("{name}.csv"), &bytes, &mapping(name), &[])
    };
    let accounts = bring("accounts");
    assert_eq!(rows(&accounts)[..2], [30, 30], "{accounts}");
    let contacts = bring("contacts");
    assert_eq!(rows(&contacts)[..2], [57, 57], "{contacts}");
    let products = bring("products");
    assert_eq!(rows(&products)[..2], [33, 33], "{products}");
    let orders = bring("orders");
    assert_eq!((rows(&orders)[0], rows(&orders)[4]), (74, 0), "{orders}");
    assert_eq!(town.database.count("SELECT count(*) FROM orders"), 36);
    assert_eq!(town.database.count("SELECT count(*) FROM order_lines"), 74);
    assert_eq!(town.database.count("SELECT count(*) FROM contacts"), 57);
    let chinese = bring("contacts_gbk");
    assert_eq!((rows(&chinese)[0], rows(&chinese)[4]), (29, 0), "{chinese}");
    kept(&town);
}

/// One oddity a row: what cannot be taken is told, the rest comes in.
#[test]
fn odd_rows_are_taken_or_told() {
    let town = Town::start();
    let bytes = std::fs::read(files::root().join("tests/data/ragged.csv")).unwrap();
    let done = import(&town.owner(), "ragged.csv", &bytes, &mapping("ragged"), &[]);
    assert_eq!((done["status"].as_str(), rows(&done)[0]), (Some("partially_succeeded"), 12), "{done}");
    let told = town.owner().get(&format!("/v1/imports/{}/errors", make::id(&done, "id"))).text();
    for key in ["R04", "R06", "R07", "R09"] {
        assert!(told.contains(key), "{key} is not told: {told}");
    }
    for key in ["R01", "R02", "R03", "R08", "R10", "R11", "R12"] {
        assert!(!told.contains(key), "{key} could be taken: {told}");
    }
}
