//! The measured server: the real `guanxi` binary, started on a free port, stopped when dropped.
//! It gets only what any first start is given: a database, an address, an owner.

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::Result;
use crate::client::Client;
use crate::request::Request;

const EMAIL: &str = "owner@bench.example";
const PASSWORD: &str = "correct-horse-7-battery";

/// How to start it.
#[derive(Clone)]
pub struct Program {
    /// The binary, by its absolute path.
    binary: PathBuf,
    /// Its working directory: holds its log, and no `.env`.
    home: PathBuf,
}

impl Program {
    /// The binary must exist.
    pub fn new(binary: &Path, home: &Path) -> Result<Self> {
        let binary = binary.canonicalize().map_err(|e| format!("{}: {e}; build it first", binary.display()))?;
        std::fs::create_dir_all(home)?;
        Ok(Self { binary, home: home.to_owned() })
    }

    /// The command with its surroundings, without arguments.
    pub fn command(&self, database: &str) -> Result<Command> {
        let log = File::options().create(true).append(true).open(self.home.join("guanxi.log"))?;
        let mut command = Command::new(&self.binary);
        command.current_dir(&self.home).env("DATABASE_URL", database).env("GUANXI_DATA_DIR", &self.home);
        command.env("GUANXI_OWNER_EMAIL", EMAIL).env("GUANXI_OWNER_PASSWORD", PASSWORD).env("GUANXI_LIMITS", "off");
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        Ok(command)
    }

    /// Fills a database that has its tenant.
    pub fn seed(&self, database: &str, profile: &str, contacts: u32) -> Result<()> {
        let mut command = self.command(database)?;
        let contacts = contacts.to_string();
        // no cell asks for orders
        command.args(["seed", "--no-orders", "--profile", profile, "--contacts", &contacts, "--seed", "42"]);
        match command.status()? {
            status if status.success() => Ok(()),
            status => Err(format!("guanxi seed ended with {status}; see {}", self.log()).into()),
        }
    }

    /// Starts serving and waits until it is ready.
    pub fn serve(&self, database: &str) -> Result<Server> {
        let addr = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut command = self.command(database)?;
        command.arg("serve").env("GUANXI_ADDR", addr.to_string());
        let started = Instant::now();
        let mut server = Server { child: command.spawn()?, addr, ready_after: Duration::ZERO };
        while !is_ready(addr) {
            if let Some(status) = server.child.try_wait()? {
                return Err(format!("guanxi serve ended with {status}; see {}", self.log()).into());
            }
            if started.elapsed() > Duration::from_secs(60) {
                return Err(format!("guanxi serve is not ready after 60 s; see {}", self.log()).into());
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        server.ready_after = started.elapsed();
        Ok(server)
    }

    fn log(&self) -> String {
        self.home.join("guanxi.log").display().to_string()
    }
}

/// A running server.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub addr: SocketAddr,
    /// From the start of the process to the first ready answer.
    pub ready_after: Duration,
}

impl Server {
    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Logs the owner in; tokens are short-lived, so each cell takes a new one.
    pub fn login(&self) -> Result<String> {
        let body = serde_json::json!({ "email": EMAIL, "password": PASSWORD }).to_string();
        let target = "/v1/auth/login".to_owned();
        let request = Request { method: "POST", target, body: Some(body), about: None };
        let answer = Client::connect(self.addr, "")?.json(&request)?;
        let token = answer.get("access_token").and_then(Value::as_str);
        Ok(token.ok_or("the login answered no access_token")?.to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // asks before it kills, so that connections to the database close in order
        let _ = Command::new("sh").arg("-c").arg(format!("kill -TERM {}", self.pid())).status();
        let asked = Instant::now();
        while asked.elapsed() < Duration::from_secs(10) {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn is_ready(addr: SocketAddr) -> bool {
    let asked = Client::connect(addr, "").and_then(|mut client| client.send(&Request::get("/readyz".to_owned()), ""));
    matches!(asked, Ok((200, _)))
}
