//! What went out comes in again, by the mapping that the server gives: byte for byte, whatever the format.
use super::{export, fetched, file, filled};
use crate::platform::imports::{import, rows};
use crate::support::{Client, Person, Town, Value, json, make};
use platform::table::{Format, Options, Table};
use std::io::Write;

/// Those that files bring, in the order in which they need each other; and what of each a file brings.
const ALL: &[(&str, &str)] = &[
    ("accounts", "name"),
    ("contacts", "display_name"),
    ("contact_points", "contact_id,kind,value"),
    ("memberships", "contact_id,account_id"),
    ("activities", "subject"),
    ("tasks", "subject"),
    ("consents", "purpose"),
    ("products", "sku"),
    ("price_books", "name"),
    ("price_book_entries", "min_quantity"),
    ("orders", "number"),
    ("order_lines", "order_id,line_key"),
    ("opportunities", "name"),
    ("quotes", "number"),
    ("contracts", "number"),
    ("payments", "reference"),
    ("leads", "display_name"),
];

fn name(format: &str) -> String {
    format!("file.{format}")
}

/// A workbook is the same where its cells are.
fn cells(bytes: &[u8], format: &str) -> Vec<Vec<Option<String>>> {
    if format != "xlsx" {
        return vec![vec![Some(String::from_utf8_lossy(bytes).into_owned())]];
    }
    let mut on_disk = tempfile::NamedTempFile::new().unwrap();
    on_disk.write_all(bytes).unwrap();
    let options = Options { trim: false, ..Options::default() };
    let table = Table::open(on_disk.path(), Format::Xlsx, &options).unwrap();
    let header = table.header().iter().cloned().map(Some).collect();
    let rows = table.map(|row| row.unwrap().cells.unwrap().into_iter().map(|cell| cell.0).collect());
    std::iter::once(header).chain(rows).collect()
}

/// The mapping of an export, and which of its columns files bring.
fn mapping(client: &Client, export: &Value) -> Value {
    client.get(&format!("/v1/exports/{}/mapping", make::id(export, "id"))).ok()
}

fn targets(mapping: &Value) -> Vec<String> {
    mapping["columns"].as_object().unwrap().values().map(|to| to.as_str().unwrap().to_owned()).collect()
}

/// A noun that files bring and that is not gone through here would not be held to it.
#[test]
fn all_that_files_bring_goes_out_too() {
    let brought = api::worker::handlers::IMPORTERS.iter().map(|importer| importer.resource());
    // who is an account goes out as an account, and as a contact
    let brought = brought.filter(|resource| *resource != "person_accounts");
    assert_eq!(brought.collect::<Vec<_>>(), ALL.iter().map(|(resource, _)| *resource).collect::<Vec<_>>());
    assert!(ALL.iter().all(|(resource, _)| api::worker::exports::exporter(resource).is_ok()));
}

#[test]
fn what_went_out_changes_nothing_where_it_came_from() {
    let town = Town::start();
    let owner = filled(&town);
    for (resource, sort) in ALL {
        for format in ["csv", "xlsx", "ndjson"] {
            let asked = json!({"resource": resource, "format": format, "sort": sort});
            let out = export(&owner, asked.clone());
            let bytes = fetched(&owner, &out);
            let again = import(&owner, &name(format), &bytes, &mapping(&owner, &out), &[]);
            let [read, created, updated, unchanged, failed] = rows(&again);
            assert!(read > 0, "{resource}");
            assert_eq!(
                (created, updated, unchanged, failed),
                (0, 0, read, 0),
                "{resource}, {format}: {again} {}",
                errors(&owner, &again)
            );
            assert_eq!(cells(&file(&owner, asked), format), cells(&bytes, format), "{resource}, {format}");
        }
    }
}

fn errors(client: &Client, import: &Value) -> String {
    client.get(&format!("/v1/imports/{}/errors", make::id(import, "id"))).text()
}

/// In a house that has none of it, it becomes what it was, of all that files bring.
#[test]
fn what_went_out_is_the_same_elsewhere() {
    for format in ["csv", "xlsx", "ndjson"] {
        let (town, other) = (Town::start(), Town::start());
        let (owner, stranger) = (filled(&town), other.owner());
        for (resource, sort) in ALL {
            let all = export(&owner, json!({"resource": resource, "format": format}));
            let brought = targets(&mapping(&owner, &all));
            let noun = api::worker::exports::exporter(resource).unwrap().catalogue();
            let fields: Vec<&String> = brought.iter().filter(|name| noun.field(name).is_some()).collect();
            assert!(fields.len() > 3, "{resource}: {brought:?}");
            let asked = json!({"resource": resource, "format": format, "sort": sort, "fields": fields});
            let out = export(&owner, asked.clone());
            let bytes = fetched(&owner, &out);
            let more = [("duplicates", "allow")];
            let done = import(&stranger, &name(format), &bytes, &mapping(&owner, &out), &more);
            assert_eq!(rows(&done)[4], 0, "{resource}, {format}: {done} {}", errors(&stranger, &done));
            let back = file(&stranger, asked);
            assert_eq!(cells(&back, format), cells(&bytes, format), "{resource}, {format}");
        }
        crate::platform::imports::kept(&other);
    }
}

/// Names in other systems go out, and come in, too.
#[test]
fn external_ids_go_along() {
    let town = Town::start();
    let (owner, foreigner) = (filled(&town), town.client(Person::Foreigner));
    for format in ["csv", "xlsx", "ndjson"] {
        let asked = json!({"resource": "contacts", "format": format, "sort": "display_name", "source_system": "shop",
            "fields": ["display_name", "email", "job_title"]});
        let out = export(&owner, asked.clone());
        let bytes = fetched(&owner, &out);
        let mapping = mapping(&owner, &out);
        assert_eq!(mapping["source_system"], "shop");
        let done = import(&foreigner, &name(format), &bytes, &mapping, &[]);
        assert_eq!(rows(&done)[4], 0, "{done}");
        assert_eq!(cells(&file(&foreigner, asked), format), cells(&bytes, format), "{format}");
    }
    let called = foreigner.put("/v1/contacts/by/ext:shop/%3D3?mode=update_only", json!({})).ok();
    assert_eq!(called["display_name"], "Ada 3");
}

/// A template comes in by the names of its columns, with its one row or without.
#[test]
fn a_template_can_be_filled_in() {
    let town = Town::start();
    let owner = town.owner();
    for (resource, _) in ALL {
        for format in ["csv", "xlsx"] {
            let answer = owner.get(&format!("/v1/imports/template?resource={resource}&format={format}"));
            assert_eq!(answer.status, 200, "{}", answer.text());
            let mut on_disk = tempfile::NamedTempFile::new().unwrap();
            on_disk.write_all(&answer.body).unwrap();
            let table = Table::open(on_disk.path(), Format::Auto, &Options::default()).unwrap();
            let columns: serde_json::Map<String, Value> =
                table.header().iter().map(|name| (name.clone(), name.as_str().into())).collect();
            let mapping = json!({"resource": resource, "columns": columns, "source_system": "test"});
            let done = import(&owner, &name(format), &answer.body, &mapping, &[("dry_run", "true")]);
            let told = errors(&owner, &done);
            // what names another record is open in it
            let alone = ["accounts", "contacts", "products", "orders"].contains(resource);
            let unnamed = ["names no", "required", "there is no such"].iter().any(|why| told.contains(why));
            assert!(rows(&done)[1] == 1 || !alone && unnamed, "{resource}: {done} {told}");
        }
    }
    owner.get("/v1/imports/template?resource=nope").refused(400, "unknown_parameter");
}

/// The failed rows of an import can be mended and brought in: what was made inert is undone.
#[test]
fn failed_rows_come_in_again() {
    let town = Town::start();
    let owner = town.owner();
    let columns = json!({"Name": "display_name", "Title": "job_title", "Mail": "email"});
    let mapping = json!({"resource": "contacts", "columns": columns});
    let done = import(&owner, "a.csv", b"Name,Title,Mail\nAda,=1+1,nobody\n", &mapping, &[]);
    let told = errors(&owner, &done);
    assert!(told.contains("'=1+1"), "{told}");
    let mended = told.replace("nobody", "ada@example.com");
    let again = import(&owner, "b.csv", mended.as_bytes(), &mapping, &[]);
    assert_eq!(rows(&again), [1, 1, 0, 0, 0], "{again}");
    assert_eq!(owner.get("/v1/contacts").each("job_title"), ["=1+1"]);
}
