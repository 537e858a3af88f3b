//! Those who go on asking while servers die, each by a name for what they ask, until they are answered; and what they were
//! answered.
use super::pair::Place;
use crate::platform::imports;
use crate::support::{Answer, Client, Value, json, make};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

const WRITERS: usize = 3;
/// Rows of a file.
pub const ROWS: usize = 1500;

/// What was acknowledged.
#[derive(Debug, Default)]
pub struct Ledger {
    pub records: Vec<Written>,
    pub imports: Vec<String>,
    pub exports: Vec<String>,
    /// places and ids of the events that were told
    pub heard: Vec<(i64, Value)>,
}

/// A record as it was answered last.
#[derive(Debug)]
pub struct Written {
    id: String,
    version: i64,
    name: String,
    title: String,
    is_archived: bool,
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let archived = if self.is_archived { "t" } else { "f" };
        write!(f, "{} {} {} {} {archived}", self.id, self.version, self.name, self.title)
    }
}

pub struct Crowd {
    stop: Arc<AtomicBool>,
    all: Vec<JoinHandle<Ledger>>,
}

impl Crowd {
    pub fn start(place: &Place, token: &str) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let caller = Caller { place: Arc::clone(place), token: token.to_owned(), stop: Arc::clone(&stop) };
        let started = |work: Box<dyn FnOnce(&Caller) -> Ledger + Send>| {
            let caller = caller.clone();
            std::thread::spawn(move || work(&caller))
        };
        let mut all: Vec<_> = (0..WRITERS).map(|n| started(Box::new(move |caller| writes(caller, n)))).collect();
        all.extend([started(Box::new(brings_in)), started(Box::new(takes_out)), started(Box::new(hears))]);
        Self { stop, all }
    }

    /// What all of them were answered, once each has come to an end of what it was about.
    pub fn end(self) -> Ledger {
        self.stop.store(true, Ordering::Relaxed);
        let mut ledger = Ledger::default();
        for one in self.all {
            let one = one.join().unwrap();
            ledger.records.extend(one.records);
            ledger.imports.extend(one.imports);
            ledger.exports.extend(one.exports);
            ledger.heard.extend(one.heard);
        }
        ledger
    }
}

#[derive(Clone)]
struct Caller {
    place: Place,
    token: String,
    stop: Arc<AtomicBool>,
}

impl Caller {
    /// Whether there is time for more.
    fn goes_on(&self) -> bool {
        !self.stop.load(Ordering::Relaxed)
    }

    /// Asks, by the same name each time, until there is an answer.
    fn ask(&self, name: &str, method: &str, path: &str, body: Option<(&str, &[u8])>) -> Answer {
        let since = Instant::now();
        loop {
            let place = self.place.lock().unwrap().clone();
            let client = Client::new(&place).bearing(&self.token).with("idempotency-key", name);
            let answer = client.attempt(method, path, body.map(|(kind, bytes)| (kind, bytes.to_vec())));
            match answer {
                // whoever died with the first try may not have been missed yet
                Ok(answer) if answer.status == 503 || answer.json()["code"] == "idempotency_in_progress" => {}
                Ok(answer) => return answer,
                Err(_) => {}
            }
            assert!(since.elapsed() < Duration::from_secs(60), "{method} {path} is never answered");
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    fn send(&self, name: &str, method: &str, path: &str, body: &Value) -> Answer {
        let kind = if method == "PATCH" { "application/merge-patch+json" } else { "application/json" };
        self.ask(name, method, path, Some((kind, body.to_string().as_bytes())))
    }

    fn get(&self, path: &str) -> Value {
        self.ask("read", "GET", path, None).ok()
    }
}

/// Makes records, changes each twice, and archives some.
fn writes(caller: &Caller, writer: usize) -> Ledger {
    let mut ledger = Ledger::default();
    for n in 0.. {
        if !caller.goes_on() {
            break;
        }
        let name = format!("W{writer}-{n}");
        let named = |what: &str| format!("{name}-{what}");
        let new = json!({"display_name": name, "job_title": "0"});
        let made = caller.send(&named("made"), "POST", "/v1/contacts?duplicates=allow", &new).created();
        let id = make::id(&made, "id");
        let path = format!("/v1/contacts/{id}");
        let mut one = Written { id, version: 1, name: name.clone(), title: "0".into(), is_archived: false };
        for title in ["1", "2"] {
            let changed = caller.send(&named(title), "PATCH", &path, &json!({"job_title": title})).ok();
            (one.version, one.title) = (changed["version"].as_i64().unwrap(), title.to_owned());
        }
        if n % 3 == 0 {
            caller.ask(&named("archived"), "DELETE", &path, None).is(204);
            (one.version, one.is_archived) = (one.version + 1, true);
        }
        ledger.records.push(one);
    }
    ledger
}

/// The names in a file.
pub fn rows(file: usize) -> impl Iterator<Item = String> {
    (0..ROWS).map(move |row| format!("I{file}-{row}"))
}

/// One file after the other, each as soon as the one before is in.
fn brings_in(caller: &Caller) -> Ledger {
    let mut ledger = Ledger::default();
    let mapping = json!({"resource": "accounts", "columns": {"Name": "name"}});
    while caller.goes_on() {
        let file = ledger.imports.len();
        let text = rows(file).fold("Name\n".to_owned(), |text, row| text + &row + "\n");
        let (kind, body) = imports::form("accounts.csv", text.as_bytes(), &mapping, &[]);
        let made = caller.ask(&format!("import-{file}"), "POST", "/v1/imports", Some((&kind, &body))).is(202);
        let id = make::id(&made, "id");
        while ["queued", "running"]
            .contains(&caller.get(&format!("/v1/imports/{id}"))["status"].as_str().unwrap_or_default())
            && caller.goes_on()
        {
            std::thread::sleep(Duration::from_millis(200));
        }
        ledger.imports.push(id);
    }
    ledger
}

fn takes_out(caller: &Caller) -> Ledger {
    let mut ledger = Ledger::default();
    while caller.goes_on() {
        let asked = json!({"resource": "products", "format": "csv"});
        let made = caller.send(&format!("export-{}", ledger.exports.len()), "POST", "/v1/exports", &asked).is(202);
        ledger.exports.push(make::id(&made, "id"));
        std::thread::sleep(Duration::from_millis(400));
    }
    ledger
}

/// Reads on for events, from the place where it stands.
fn hears(caller: &Caller) -> Ledger {
    let (mut ledger, mut place) = (Ledger::default(), 0);
    loop {
        let last = !caller.goes_on();
        let page = caller.get(&format!("/v1/events?limit=200&after={place}"));
        let events = page["data"].as_array().unwrap();
        ledger.heard.extend(events.iter().map(|one| (one["seq"].as_i64().unwrap(), one["id"].clone())));
        place = page["page"]["position"].as_i64().unwrap();
        let more = page["page"]["has_more"] == true;
        if last && !more {
            return ledger;
        }
        if !more {
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}
