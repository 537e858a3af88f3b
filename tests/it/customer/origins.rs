//! On which sites a form may stand, and what browsers are told of it.
use super::forms::published;
use crate::support::{Town, json};
use std::io::{Read, Write};
use std::net::TcpStream;

#[test]
fn a_form_stands_where_it_may() {
    let town = Town::start();
    let form = published(&town, json!({"allowed_origins": ["https://www.example.com"]}));
    let at = |origin: &str| town.anonymous().with("origin", origin);
    let good = at("https://www.example.com").get(&format!("/f/{form}"));
    assert_eq!((good.status, good.header("access-control-allow-origin")), (200, "https://www.example.com"));
    at("https://evil.example").get(&format!("/f/{form}")).refused(403, "form_origin_refused");
    let said = json!({"token": good.json()["token"], "answers": {"mail": "no address"}});
    let refused = at("https://www.example.com").post(&format!("/f/{form}"), &said);
    assert_eq!((refused.status, refused.header("access-control-allow-origin")), (422, "https://www.example.com"));
    at("https://evil.example").post(&format!("/f/{form}"), &said).refused(403, "form_origin_refused");
    // a browser asks before it sends
    let asked = asks(&town, &form, "https://www.example.com").to_lowercase();
    for wanted in
        ["http/1.1 204", "access-control-allow-methods: get, post", "access-control-allow-origin: https://www"]
    {
        assert!(asked.contains(wanted), "{asked}");
    }
    assert!(asks(&town, &form, "https://evil.example").starts_with("HTTP/1.1 403"));
}

/// What a browser asks by itself, and is in no document.
fn asks(town: &Town, form: &str, origin: &str) -> String {
    let mut stream = TcpStream::connect(town.addr()).unwrap();
    let head = format!("OPTIONS /f/{form} HTTP/1.1\r\nhost: x\r\norigin: {origin}\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}
