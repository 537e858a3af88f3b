//! Devices, and those who are sent away: what one server learns, the other knows within five seconds. Two real processes
//! on one database.
use super::{out_soon, tokens, with};
use crate::support::people::PASSWORD;
use crate::support::{Client, Person, Town, Value, json, make};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// A server in a process of its own.
struct Node(Child, SocketAddr);

impl Node {
    fn start(town: &Town) -> Self {
        let addr = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut program = town.program(&["serve"]);
        program.env("GUANXI_ADDR", addr.to_string()).env("GUANXI_JOBS", "false").env("GUANXI_LIMITS", "off");
        let mut node = Self(program.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap(), addr);
        let since = Instant::now();
        while TcpStream::connect(addr).is_err() {
            assert!(node.0.try_wait().unwrap().is_none(), "it did not start");
            assert!(since.elapsed() < Duration::from_secs(60), "it does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        node
    }

    fn client(&self) -> Client {
        Client::new(&format!("http://{}", self.1))
    }

    /// The status of a login that fails. By hand, for the client takes "busy" for a fault.
    fn login(&self, email: &str) -> u16 {
        let body = json!({"email": email, "password": "a wrong password"}).to_string();
        let head = "POST /v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nconnection: close\r\n";
        let mut stream = TcpStream::connect(self.1).unwrap();
        stream.write_all(format!("{head}content-length: {}\r\n\r\n{body}", body.len()).as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split(' ').nth(1).unwrap().parse().unwrap()
    }

    /// The most memory that it ever held, in KiB.
    fn peak(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap().to_owned();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn bearing(node: &Node, tokens: &Value) -> Client {
    node.client().bearing(make::id(tokens, "access_token"))
}

#[test]
fn the_list_of_devices_tells_which_one_asks() {
    let town = Town::start();
    let login = json!({"email": Person::Rep.email(), "password": PASSWORD});
    let browser = town.anonymous().with("user-agent", "Browser of the test");
    let here = with(&town, &browser.post("/v1/auth/login", login).ok());
    tokens(&town, Person::Rep);
    let all = here.get("/v1/sessions").ok()["data"].as_array().unwrap().clone();
    let current: Vec<&Value> = all.iter().filter(|one| one["is_current"] == true).collect();
    assert_eq!((all.len() > 2, current.len()), (true, 1), "{all:#?}");
    assert_eq!((&current[0]["device"], &current[0]["address"]), (&json!("Browser of the test"), &json!("127.0.0.1")));
    assert!(current[0]["last_used_at"].is_string());
}

#[test]
fn all_other_devices_are_sent_away_at_once() {
    let town = Town::start();
    let (here, there) = (with(&town, &tokens(&town, Person::Rep)), with(&town, &tokens(&town, Person::Rep)));
    there.get("/v1/me").ok();
    here.delete("/v1/sessions").is(204);
    out_soon(&there, "/v1/me", 401);
    assert_eq!(here.get("/v1/sessions").ids().len(), 1);
    // others keep theirs
    town.client(Person::Mate).get("/v1/me").ok();
}

#[test]
fn who_is_sent_away_on_one_server_is_out_on_the_other_within_five_seconds() {
    let town = Town::idle();
    let (one, two) = (Node::start(&town), Node::start(&town));
    let owner = one.client().bearing(make::id(&tokens(&town, Person::Owner), "access_token"));
    let user = |person: Person| format!("/v1/users/{}", town.user(person));

    // a revoked session, by its own user
    let (gone, kept) = (tokens(&town, Person::Rep), tokens(&town, Person::Rep));
    bearing(&two, &gone).get("/v1/contacts").ok();
    bearing(&one, &kept).delete("/v1/sessions").is(204);
    out_soon(&bearing(&two, &gone), "/v1/contacts", 401);
    bearing(&two, &kept).get("/v1/contacts").ok();

    // a deactivated user
    let mate = tokens(&town, Person::Mate);
    bearing(&two, &mate).get("/v1/contacts").ok();
    owner.patch(&user(Person::Mate), json!({"is_active": false})).ok();
    out_soon(&bearing(&two, &mate), "/v1/contacts", 401);
    let late = json!({"refresh_token": mate["refresh_token"]});
    two.client().post("/v1/auth/refresh", late).refused(401, "unauthenticated");

    // a role that was taken
    let stranger = tokens(&town, Person::Stranger);
    bearing(&two, &stranger).get("/v1/contacts").ok();
    owner.delete(&format!("{}/roles/{}", user(Person::Stranger), town.role("representative"))).ok();
    out_soon(&bearing(&two, &stranger), "/v1/contacts", 403);
}

#[test]
fn a_key_that_is_revoked_on_one_server_is_dead_on_the_other() {
    let town = Town::idle();
    let (one, two) = (Node::start(&town), Node::start(&town));
    let owner = one.client().bearing(make::id(&tokens(&town, Person::Owner), "access_token"));
    let key = owner.post("/v1/api-keys", json!({"name": "x", "scopes": ["*"]})).created();
    let program = two.client().bearing(make::id(&key, "key"));
    program.get("/v1/contacts").ok();
    owner.delete(&format!("/v1/api-keys/{}", make::id(&key, "id"))).is(204);
    out_soon(&program, "/v1/contacts", 401);
}

#[test]
fn a_refresh_token_shown_on_two_servers_ends_its_family_on_both() {
    let town = Town::idle();
    let (one, two) = (Node::start(&town), Node::start(&town));
    let first = tokens(&town, Person::Manager);
    let again = json!({"refresh_token": first["refresh_token"]});
    let second = one.client().post("/v1/auth/refresh", &again).ok();
    bearing(&two, &second).get("/v1/contacts").ok();
    std::thread::sleep(Duration::from_millis(20));
    two.client().post("/v1/auth/refresh", &again).refused(401, "unauthenticated");
    out_soon(&bearing(&one, &second), "/v1/contacts", 401);
    out_soon(&bearing(&two, &second), "/v1/contacts", 401);
}

#[test]
fn failures_on_one_server_make_the_other_wait() {
    let town = Town::idle();
    let (one, two) = (Node::start(&town), Node::start(&town));
    let login = |node: &Node, email: &str, password: &str| {
        node.client().post("/v1/auth/login", json!({"email": email, "password": password}))
    };
    for email in ["rep@town.example", "nobody@nowhere.example"] {
        for at in 0..5 {
            login(if at % 2 == 0 { &one } else { &two }, email, "a wrong password").refused(401, "invalid_credentials");
        }
        for node in [&one, &two] {
            let refused = login(node, email, PASSWORD);
            refused.refused(429, "too_many_logins");
            assert!((1..=30).contains(&refused.header("retry-after").parse::<u64>().unwrap()));
        }
    }
    // the pause over, the right password comes in, and all is forgotten
    town.database.run("UPDATE login_failures SET last_failed_at = last_failed_at - interval '1 minute'");
    login(&two, "rep@town.example", PASSWORD).ok();
    login(&one, "rep@town.example", "a wrong password").refused(401, "invalid_credentials");
    login(&one, "rep@town.example", PASSWORD).ok();
}

/// Whoever guesses from many places slows the account down for strangers, and does not lock its user out.
#[test]
fn guessing_from_everywhere_does_not_lock_the_user_out() {
    let town = Town::idle();
    let login = |email: &str| town.anonymous().post("/v1/auth/login", json!({"email": email, "password": PASSWORD}));
    let fail = |email: &str| {
        town.database.run(&format!(
            "INSERT INTO login_failures VALUES (sha256('{email}'), 60, now(), now() + interval '1 day')"
        ));
    };
    // the towns' people have logged in from here
    fail("rep@town.example");
    login("rep@town.example").ok();
    fail("mate@town.example");
    town.database.run("UPDATE sessions SET address = '203.0.113.7'");
    let refused = login("mate@town.example");
    refused.refused(429, "too_many_logins");
    assert!(refused.header("retry-after").parse::<u64>().unwrap() <= 240);
    town.database.run("UPDATE login_failures SET last_failed_at = last_failed_at - interval '4 minutes'");
    login("mate@town.example").ok();
}

/// Hashing is dear, so it is done by few at once: the others wait for their turn or are told to come back.
#[test]
fn a_flood_of_logins_exhausts_nothing() {
    let town = Town::idle();
    let node = Node::start(&town);
    let cores = u64::try_from(std::thread::available_parallelism().unwrap().get()).unwrap();
    let attempt = |at: usize| node.login(&format!("nobody{at}@nowhere.example"));
    attempt(1_000);
    let before = node.peak();
    let owner = bearing(&node, &tokens(&town, Person::Owner));
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..120).map(|at| scope.spawn(move || attempt(at))).collect();
        let since = Instant::now();
        owner.get("/v1/contacts").ok();
        assert!(since.elapsed() < Duration::from_secs(5), "others wait for {:?}", since.elapsed());
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(statuses.iter().all(|status| [401, 429, 503].contains(status)), "{statuses:?}");
    assert!(statuses.contains(&401));
    // the system counts pages in batches, so that the peak may seem to be a little lower than it was
    let grown = node.peak().saturating_sub(before);
    assert!(grown < (cores + 2) * 19 * 1024 + 64 * 1024, "{grown} KiB more for {cores} cores");
}
