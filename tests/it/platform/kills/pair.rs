//! The server and the worker, each in a process of its own, and another one in its place as soon as one was killed.
use crate::support::Town;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Where the server of the moment is.
pub type Place = Arc<Mutex<String>>;

pub struct Pair<'a> {
    town: &'a Town,
    server: Program,
    worker: Program,
    place: Place,
}

/// One that ends with the test, by `kill -9`.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl<'a> Pair<'a> {
    pub fn start(town: &'a Town) -> Self {
        let place = Place::default();
        Self { town, server: serving(town, &place), worker: working(town), place }
    }

    pub fn place(&self) -> Place {
        Arc::clone(&self.place)
    }

    pub fn server_dies(&mut self) {
        let _ = self.server.0.kill();
        self.server = serving(self.town, &self.place);
    }

    pub fn worker_dies(&mut self) {
        let _ = self.worker.0.kill();
        let _ = self.worker.0.wait();
        lapse(self.town);
        self.worker = working(self.town);
    }
}

/// As if a minute had passed since a parcel was taken to be sent.
pub fn lapse(town: &Town) {
    town.database.run(
        "UPDATE webhook_deliveries SET next_attempt_at = now(), leased_until = now() - interval '1 second' \
         WHERE (tenant_id, id) IN (SELECT tenant_id, id FROM webhook_deliveries WHERE status = 'pending' \
         AND leased_until IS NOT NULL FOR UPDATE SKIP LOCKED)",
    );
}

/// On a port of its own each time, for somebody else may have come to the old one.
fn serving(town: &Town, place: &Place) -> Program {
    let addr = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut program = town.program(&["serve"]);
    program.env("GUANXI_ADDR", addr.to_string()).env("GUANXI_JOBS", "false");
    let mut server = Program(program.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    let since = Instant::now();
    while TcpStream::connect(addr).is_err() {
        assert!(server.0.try_wait().unwrap().is_none(), "it did not start");
        assert!(since.elapsed() < Duration::from_secs(60), "it does not listen");
        std::thread::sleep(Duration::from_millis(20));
    }
    *place.lock().unwrap() = format!("http://{addr}");
    server
}

fn working(town: &Town) -> Program {
    let mut program = town.program(&["worker"]);
    program.env("GUANXI_OUTBOUND_ALLOW", "127.0.0.0/8").env("GUANXI_JOB_LEASE", "2");
    Program(program.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
}
