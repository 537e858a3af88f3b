//! A small file in one request: what it holds comes along with what is said of it.
use super::{link, objects, path, sha256};
use crate::support::{Answer, Client, Person, Town, Value, json, make};
use std::process::Stdio;
use std::time::{Duration, Instant};

const EDGE: &str = "----edge-of-a-part";

/// A form of these parts, the file first or last.
pub fn form(texts: &[(&str, &str)], name: &str, bytes: &[u8], file_first: bool) -> (String, Vec<u8>) {
    let said = texts.iter().map(|(name, text)| {
        format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n").into_bytes()
    });
    let head = format!(
        "--{EDGE}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/plain\r\n\r\n"
    );
    let file = [head.as_bytes(), bytes, b"\r\n"].concat();
    let mut parts: Vec<Vec<u8>> = said.collect();
    parts.insert(if file_first { 0 } else { parts.len() }, file);
    (format!("multipart/form-data; boundary={EDGE}"), [parts.concat(), format!("--{EDGE}--\r\n").into_bytes()].concat())
}

pub fn send(client: &Client, texts: &[(&str, &str)], name: &str, bytes: &[u8]) -> Answer {
    let (kind, body) = form(texts, name, bytes, texts.len().is_multiple_of(2));
    client.raw("POST", "/v1/files", Some((&kind, body)))
}

#[test]
fn a_file_comes_in_one_request_and_is_ready() {
    let town = Town::start();
    let owner = town.owner();
    let contact = make::id(&make::contact(&owner, json!({})), "id");
    let bytes = b"%PDF-1.7 an offer".repeat(5000);
    let hash = sha256(&bytes);
    let texts = [("resource", "contact"), ("record_id", contact.as_str()), ("sha256", &hash), ("name", "../报价.pdf")];
    let made = send(&owner, &texts, "upload.bin", &bytes);
    assert_eq!(made.header("location"), path(&made.created()));
    let made = made.json();
    let told = (&made["status"], &made["content_type"], &made["name"], &made["upload"], &made["size"]);
    let size = json!(bytes.len());
    assert_eq!(told, (&json!("ready"), &json!("application/pdf"), &json!("报价.pdf"), &Value::Null, &size));
    assert_eq!(town.anonymous().get(&link(&owner, &made)).body, bytes);
    // its name and its type are those of the part, where nothing else is said
    let plain = send(&owner, &[], "notes.txt", b"words").created();
    assert_eq!((&plain["name"], &plain["content_type"]), (&json!("notes.txt"), &json!("text/plain")));
    assert_eq!(send(&owner, &[], "empty.txt", b"").created()["size"], 0);
    assert_eq!(objects(&town).len(), 3);
    assert_eq!(town.database.count("SELECT count(*) FROM file_removals"), 0);
    owner.delete(&format!("{}?purge=true", path(&plain))).is(204);
    crate::platform::until("the content is gone", || objects(&town).len() == 2);
}

#[test]
fn what_may_not_come_leaves_nothing() {
    let town = Town::configured(|config| {
        config.files.largest = 1000;
        config.files.quota = 1500;
    });
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    let foreign = make::id(&make::contact(&town.client(Person::Foreigner), json!({})), "id");
    let seen = make::id(&make::contact(&owner, json!({})), "id");
    let of = |id: &str| [("resource", "contact"), ("record_id", id)].map(|(name, id)| (name, id.to_owned()));
    let sent = |client: &Client, id: &str| {
        let of = of(id);
        send(client, &[(of[0].0, &of[0].1), (of[1].0, &of[1].1)], "x", b"words")
    };
    sent(&owner, &foreign).refused(404, "not_found");
    sent(&rep, &seen).refused(404, "not_found");
    sent(&town.client(Person::ReadOnly), &seen).refused(403, "forbidden");
    send(&owner.nobody(), &[], "x", b"words").refused(401, "unauthenticated");
    send(&owner, &[], "x", &[b'x'; 1001]).refused(413, "too_large");
    let wrong = send(&owner, &[("sha256", &sha256(b"others"))], "x", b"words");
    assert_eq!((wrong.status, wrong.pointers()), (422, vec!["/sha256".to_owned()]));
    for (texts, pointer) in [
        (vec![("name", "..")], "/name"),
        (vec![("resource", "contact")], "/record_id"),
        (vec![("id", "x")], "/id"),
        (vec![("size", "7")], "/size"),
        (vec![("nonsense", "x")], "/nonsense"),
    ] {
        let refused = send(&owner, &texts, "x", b"words");
        assert_eq!((refused.status, refused.pointers()), (422, vec![pointer.to_owned()]), "{}", refused.text());
    }
    let (kind, body) = form(&[("name", "x")], "x", b"", false);
    let body = String::from_utf8(body).unwrap().replace("name=\"file\"", "name=\"id\"").into_bytes();
    owner.raw("POST", "/v1/files", Some((&kind, body))).refused(422, "invalid");
    owner.raw("POST", "/v1/files", Some((&kind, b"--x".to_vec()))).refused(400, "malformed");
    send(&owner, &[], "x", &[b'x'; 1000]).created();
    send(&owner, &[], "x", &[b'x'; 600]).refused(409, "file_quota_exceeded");
    assert_eq!(town.database.count("SELECT count(*) FROM files"), 1);
    assert_eq!(objects(&town).len(), 1, "{:?}", objects(&town));
}

#[test]
fn sent_twice_by_one_key_it_is_one() {
    let town = Town::start();
    let owner = town.owner().with("idempotency-key", "one-file");
    let first = send(&owner, &[], "a.txt", b"words");
    let again = send(&owner, &[], "a.txt", b"words");
    assert_eq!(
        (first.created()["id"].clone(), again.header("idempotency-replayed")),
        (again.json()["id"].clone(), "true")
    );
    send(&owner, &[], "a.txt", b"other words").refused(422, "idempotency_key_reused");
    assert_eq!(town.database.count("SELECT count(*) FROM files"), 1);
    assert_eq!(objects(&town).len(), 1);
}

/// A server that dies with a content in its place and nothing written down: the content goes, an hour later.
#[test]
fn what_a_death_has_left_goes() {
    let town = Town::idle();
    let addr = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut program = town.program(&["serve"]);
    program.env("GUANXI_ADDR", addr.to_string()).env("GUANXI_JOBS", "false").env("GUANXI_TEST_CRASH", "file_kept");
    let mut mortal = program.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let since = Instant::now();
    while std::net::TcpStream::connect(addr).is_err() {
        assert!(since.elapsed() < Duration::from_secs(60), "it does not listen");
        std::thread::sleep(Duration::from_millis(20));
    }
    let client = Client::new(&format!("http://{addr}")).bearing(town.owner().token().unwrap());
    let (kind, body) = form(&[], "a.txt", b"words", true);
    assert!(client.attempt("POST", "/v1/files", Some((&kind, body))).is_err());
    assert!(!mortal.wait().unwrap().success());
    assert_eq!(town.database.count("SELECT count(*) FROM files"), 0);
    assert_eq!(objects(&town).len(), 1);
    let mut worker = town.program(&["worker"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(objects(&town).len(), 1, "a request may still be about it");
    let _ = worker.kill();
    let _ = worker.wait();
    town.database.run("UPDATE file_removals SET kept_until = now(), due_at = now()");
    let mut worker = town.program(&["worker"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    crate::platform::until("it is gone", || objects(&town).is_empty());
    crate::platform::until("so is what told of it", || town.database.count("SELECT count(*) FROM file_removals") == 0);
    let _ = worker.kill();
    let _ = worker.wait();
}
