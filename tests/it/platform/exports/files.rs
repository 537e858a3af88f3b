//! The file of an export: whose it is, in pieces, and how long.
use super::{export, fetched, file, filled};
use crate::platform::until;
use crate::support::{Person, Town, json, make};
use std::io::{Read, Write};
use std::time::Duration;

#[test]
fn cells_that_a_spreadsheet_would_compute_are_inert() {
    let town = Town::start();
    let owner = filled(&town);
    let asked = json!({"resource": "products", "format": "csv", "sort": "sku", "fields": ["sku", "name", "unit_price", "is_active"]});
    let bytes = file(&owner, asked);
    let text = String::from_utf8(bytes).unwrap();
    assert!(
        text.starts_with(
            "\u{feff}sku,name,unit_price,unit_price.currency,is_active\r\nSKU-0,'=1+1,-0.25,USD,false\r\n"
        ),
        "{text}"
    );
    assert!(text.contains("SKU-3,'@x,-3.25,USD,false\r\n"), "figures stay figures: {text}");
    assert!(text.contains("SKU-4,''=y,") && text.contains("SKU-5,'''z,"), "{text}");
    assert!(text.contains("SKU-6,\"a,b;c\t\"\"d\"\"\",") && text.contains("SKU-7,\"line\r\nbreak\","), "{text}");
    let bare = file(&owner, json!({"resource": "products", "format": "csv", "fields": ["sku"], "has_mark": false}));
    assert!(bare.starts_with(b"sku\r\n"));
}

#[test]
fn a_download_is_gone_on_with_where_it_was_cut_off() {
    let town = Town::start();
    let owner = filled(&town);
    let done = export(&owner, json!({"resource": "contacts", "format": "csv"}));
    let path = format!("/v1/exports/{}/file", make::id(&done, "id"));
    let whole = owner.get(&path);
    let size = whole.body.len();
    assert_eq!(done["file_size"], size);
    assert_eq!(whole.header("etag"), format!("\"{}\"", make::id(&done, "file_sha256")));
    assert_eq!(whole.header("x-content-type-options"), "nosniff");
    assert!(whole.header("content-disposition").starts_with("attachment; filename=\"contacts-"));
    let first = owner.with("range", "bytes=0-99").get(&path);
    assert_eq!((first.status, first.header("content-range")), (206, format!("bytes 0-99/{size}").as_str()));
    let rest = owner.with("range", "bytes=100-").with("if-range", whole.header("etag")).get(&path);
    assert_eq!(rest.status, 206);
    assert_eq!([first.body, rest.body].concat(), whole.body);
    // packed, it would be another file
    let packed = owner.with("accept-encoding", "gzip").with("range", "bytes=-10").get(&path);
    assert_eq!((packed.status, packed.body), (206, whole.body[size - 10..].to_vec()));
    let other = owner.with("range", "bytes=100-").with("if-range", "\"another\"").get(&path);
    assert_eq!((other.status, other.body.len()), (200, size));
    owner.with("range", format!("bytes={size}-")).get(&path).refused(416, "range_not_satisfiable");
    assert_eq!(owner.with("range", "nonsense").get(&path).status, 200);
    assert_eq!(owner.with("if-none-match", whole.header("etag")).get(&path).status, 304);
}

/// Whoever stops in the middle of a download holds nothing of the database.
#[test]
fn a_reader_that_stops_costs_no_connection() {
    let town = Town::start();
    let owner = town.owner();
    let name = "x".repeat(190);
    for _ in 0..12 {
        make::many(&owner, "contacts", (0..1000).map(|n| json!({"display_name": format!("{name}{n}")})));
    }
    let done = export(&owner, json!({"resource": "contacts", "format": "ndjson"}));
    let key = json!({"name": "reader", "scopes": ["*"]});
    let key = make::id(&owner.post("/v1/api-keys", key).created(), "key");
    let mut stuck: Vec<std::net::TcpStream> = Vec::new();
    for _ in 0..6 {
        let mut socket = std::net::TcpStream::connect(town.addr()).unwrap();
        let head = format!(
            "GET /v1/exports/{}/file HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n\r\n",
            make::id(&done, "id")
        );
        socket.write_all(head.as_bytes()).unwrap();
        let mut some = [0; 1000];
        assert!(socket.read(&mut some).unwrap() > 0);
        stuck.push(socket);
    }
    let busy =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'guanxi'
                AND state <> 'idle'";
    // a worker may ask something at any moment, and is done in the next
    until("no connection is held", || town.database.count(busy) == 0);
    owner.get("/v1/contacts?limit=1").ok();
}

#[test]
fn the_file_is_its_makers_alone() {
    let town = Town::start();
    let owner = filled(&town);
    let admin = town.client(Person::Admin);
    let done = export(&admin, json!({"resource": "contacts", "format": "csv"}));
    let path = format!("/v1/exports/{}", make::id(&done, "id"));
    owner.get(&path).ok();
    owner.get(&format!("{path}/file")).refused(403, "forbidden");
    for person in [Person::Foreigner, Person::Stranger] {
        let client = town.client(person);
        for end in ["", "/file", "/mapping"] {
            let refused = client.get(&format!("{path}{end}"));
            assert!([403, 404].contains(&refused.status), "{person:?}: {}", refused.text());
        }
        assert!([403, 404].contains(&client.delete(&path).status));
    }
    fetched(&admin, &done);
    // a key that may less gets less, though its user may fetch it
    let key = json!({"name": "narrow", "scopes": ["exports:read", "exports:create", "contacts:read"]});
    let key = make::id(&admin.post("/v1/api-keys", key).created(), "key");
    town.anonymous().bearing(key).get(&format!("{path}/file")).refused(403, "forbidden");
}

#[test]
fn an_export_is_taken_away_with_its_file_and_expires() {
    let town = Town::start();
    let owner = filled(&town);
    let place = |id: &str| town.data_dir.path().join("files/exports").join(id);
    let done = export(&owner, json!({"resource": "contacts", "format": "xlsx"}));
    let id = make::id(&done, "id");
    assert!(place(&id).is_file());
    owner.delete(&format!("/v1/exports/{id}")).is(204);
    owner.get(&format!("/v1/exports/{id}")).refused(404, "not_found");
    assert!(!place(&id).exists());
    let done = export(&owner, json!({"resource": "contacts", "format": "csv"}));
    let id = make::id(&done, "id");
    town.database.run("UPDATE exports SET expires_at = now() - interval '1 second'");
    owner.get(&format!("/v1/exports/{id}/file")).refused(409, "export_without_file");
    // whoever looks after the house takes it away
    let mut worker = town.program(&["worker"]).stdout(std::process::Stdio::null()).spawn().unwrap();
    let since = std::time::Instant::now();
    while place(&id).exists() && since.elapsed() < Duration::from_secs(30) {
        std::thread::sleep(Duration::from_millis(50));
    }
    worker.kill().unwrap();
    worker.wait().unwrap();
    assert!(!place(&id).exists());
    assert_eq!(owner.get(&format!("/v1/exports/{id}")).ok()["status"], "expired");
}

#[test]
fn an_export_ends_when_it_is_told_to() {
    let town = Town::idle();
    let owner = filled(&town);
    let made = owner.post("/v1/exports", json!({"resource": "contacts", "format": "csv"})).is(202);
    let (id, job) = (make::id(&made, "id"), make::id(&made, "job_id"));
    owner.get(&format!("/v1/exports/{id}/file")).refused(409, "export_without_file");
    assert_eq!(owner.act(&format!("/v1/jobs/{job}/cancel")).ok()["status"], "cancelled");
    assert_eq!(owner.get(&format!("/v1/exports/{id}")).ok()["status"], "cancelled");
    assert_eq!(owner.act(&format!("/v1/jobs/{job}/retry")).ok()["status"], "queued");
    assert_eq!(owner.get(&format!("/v1/exports/{id}")).ok()["status"], "queued");
    owner.act(&format!("/v1/jobs/{job}/retry")).refused(409, "job_not_retryable");
}

/// Whoever is erased is in no file that was taken out before.
#[test]
fn who_is_erased_is_in_no_file() {
    let town = Town::start();
    let owner = filled(&town);
    let contact = make::contact(&owner, json!({"display_name": "Zebedee", "email": "zebedee@example.com"}));
    let of = |format: &str| export(&owner, json!({"resource": "contacts", "format": format}));
    let held = [of("csv"), of("xlsx"), of("ndjson")];
    let others = export(&owner, json!({"resource": "products", "format": "csv"}));
    crate::privacy::erased(&owner, "contact", &make::id(&contact, "id"));
    for export in &held {
        let path = format!("/v1/exports/{}", make::id(export, "id"));
        owner.get(&format!("{path}/file")).refused(409, "export_without_file");
        assert_eq!(owner.get(&path).ok()["status"], "expired");
        assert!(!town.data_dir.path().join("files/exports").join(make::id(export, "id")).exists());
    }
    fetched(&owner, &others);
}
