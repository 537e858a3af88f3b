//! A server that dies in the middle: another one answers whoever asks again.
use crate::support::{Client, Town, json, make};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// A server of its own that dies at a point.
pub struct Mortal(pub Child, SocketAddr);

impl Mortal {
    pub fn start(town: &Town, dies: &str) -> Self {
        let addr = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut program = town.program(&["serve"]);
        program.env("GUANXI_ADDR", addr.to_string()).env("GUANXI_JOBS", "false").env("GUANXI_TEST_CRASH", dies);
        let mut server = Self(program.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap(), addr);
        let since = Instant::now();
        while TcpStream::connect(addr).is_err() {
            assert!(server.0.try_wait().unwrap().is_none(), "it did not start");
            assert!(since.elapsed() < Duration::from_secs(60), "it does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }

    /// Sends a request, of which there is no answer.
    pub fn send(&self, path: &str, headers: &str, body: &str) {
        let mut stream = TcpStream::connect(self.1).unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\n{headers}content-type: application/json\r\ncontent-length: {}\r\n\r\n\
             {body}",
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer); // cut off, or at its end
        assert!(answer.is_empty(), "{}", String::from_utf8_lossy(&answer));
    }
}

impl Drop for Mortal {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Lets a server die at a point in the middle of a request; how many contacts there are then, and the answer of another
/// server to the same request.
fn after(dies: &str) -> (i64, crate::support::Answer, i64) {
    let town = Town::start();
    let made = town.owner().post("/v1/api-keys", json!({"name": "x", "scopes": ["*"]})).created();
    let bearer = make::id(&made, "key");
    let body = json!({"display_name": "Ada", "email": "ada@example.com"});
    let mut mortal = Mortal::start(&town, dies);
    let headers = format!("authorization: Bearer {bearer}\r\nidempotency-key: until-death\r\n");
    mortal.send("/v1/contacts", &headers, &body.to_string());
    assert!(!mortal.0.wait().unwrap().success(), "it lives");
    let count = || town.database.count("SELECT count(*) FROM contacts");
    let before = count();
    let client: Client = town.anonymous().bearing(bearer).with("idempotency-key", "until-death");
    let mut answer = client.post("/v1/contacts", &body);
    // the database may not have noticed yet that the server is gone
    for _ in 0..100 {
        if answer.status != 409 {
            break;
        }
        answer.refused(409, "idempotency_in_progress");
        std::thread::sleep(Duration::from_millis(50));
        answer = client.post("/v1/contacts", &body);
    }
    answer.created();
    (before, answer, count())
}

#[test]
fn what_was_kept_before_a_death_is_told_after_it() {
    let (before, answer, after) = after("after_commit");
    assert_eq!((before, after), (1, 1));
    assert_eq!(answer.header("idempotency-replayed"), "true");
}

#[test]
fn what_was_not_kept_before_a_death_is_done_after_it() {
    let (before, answer, after) = after("before_commit");
    assert_eq!((before, after), (0, 1));
    assert_eq!(answer.header("idempotency-replayed"), "");
}
