//! The running server: is it there, start it, hand it out, stop it.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::config::Config;
use crate::home::Home;
use crate::os;

/// Replaying the log after a power cut takes minutes on a slow disk.
const PATIENCE: Duration = Duration::from_secs(300);

/// The use of a server. Dropped by its last user, the server stops.
#[derive(Debug)]
pub struct Pg {
    /// True when this call started the server, false when it attached to a running one.
    pub started: bool,
    home: Home,
    bin: PathBuf,
    users: File,
    child: Option<Child>,
    lingers: bool,
}

impl Pg {
    pub(crate) fn new(home: Home, bin: PathBuf, users: File, child: Option<Child>, config: &Config) -> Pg {
        Pg { started: child.is_some(), home, bin, users, child, lingers: !config.idle.is_zero() }
    }

    /// The address of a database, for libpq and diesel. A new cluster has only the database `postgres`.
    pub fn url(&self, db: &str) -> String {
        let host = percent_encoded(self.home.socket_dir().as_os_str().as_bytes());
        format!("postgresql://postgres@/{}?host={host}", percent_encoded(db.as_bytes()))
    }

    /// The folder of the server's programs: `postgres`, `initdb`, `pg_ctl`; `pg_dump` unless it came from npm.
    pub fn bin_dir(&self) -> &Path {
        &self.bin
    }

    /// Ends this use. Waits for the server to stop, if nobody else uses it and it is not meant to linger.
    pub fn stop(self) {
        drop(self);
    }
}

impl Drop for Pg {
    fn drop(&mut self) {
        if self.users.unlock().is_err() || self.lingers {
            return;
        }
        if self.users.try_lock().is_ok() {
            remove_stale_pid(&self.home);
            let mut command = self.home.account.command(self.bin.join("pg_ctl"));
            command.args(["stop", "--silent", "--mode=fast", "--timeout=300", "--pgdata"]).arg(self.home.data());
            // nothing is lost when it fails: the janitor tries again
            let _ = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
        } else if self.users.try_lock_shared().is_ok() {
            return; // others use it
        } else {
            // the janitor was quicker: it is stopping the server, and gives up the lock when it has
            let _ = self.users.lock_shared();
        }
        if let Some(child) = self.child.take() {
            reap(child);
        }
    }
}

/// Its pid file is gone a moment before the process is.
fn reap(mut child: Child) {
    for _ in 0..100 {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
}

/// True when a server answers; one that is just starting or stopping is waited for.
pub fn settle(home: &Home) -> bool {
    let since = Instant::now();
    while UnixStream::connect(home.socket()).is_ok() && since.elapsed() < PATIENCE {
        if is_ready(home) {
            return true;
        }
        thread::sleep(Duration::from_millis(10));
    }
    false
}

/// The folder of the programs the present server was started from.
pub fn running_from(home: &Home) -> Option<PathBuf> {
    let line = fs::read_to_string(home.data().join("postmaster.opts")).ok()?;
    Some(Path::new(line.split_once(" \"")?.0).parent()?.to_path_buf())
}

/// Starts a server on the cluster and waits until it answers.
pub fn launch(home: &Home, bin: &Path, settings: &[(String, String)]) -> io::Result<Child> {
    let since = Instant::now();
    remove_stale_pid(home);
    loop {
        let mut log = home.open_log()?;
        let said_before = log.seek(SeekFrom::End(0))?;
        let mut child = spawn(home, bin, settings, &log)?;
        if wait_ready(home, &mut child, since)? {
            return Ok(child);
        }
        // a server whose starter was killed may hold the cluster for a moment yet
        if !home.data().join("postmaster.pid").exists() || since.elapsed() > PATIENCE {
            return Err(failure(home, log, said_before));
        }
        thread::sleep(Duration::from_millis(200));
    }
}

fn spawn(home: &Home, bin: &Path, settings: &[(String, String)], log: &File) -> io::Result<Child> {
    let mut command = home.account.command(bin.join("postgres"));
    command.arg("-D").arg(home.data()).arg("-k").arg(home.socket_dir());
    for (name, value) in settings {
        command.args(["-c", &format!("{name}={value}")]);
    }
    command.stdout(Stdio::from(log.try_clone()?)).stderr(Stdio::from(log.try_clone()?));
    os::detach(&mut command);
    command.spawn()
}

/// True when the server answers, false when it has exited or does not get ready.
fn wait_ready(home: &Home, child: &mut Child, since: Instant) -> io::Result<bool> {
    while !is_ready(home) {
        if child.try_wait()?.is_some() || since.elapsed() > PATIENCE {
            return Ok(false);
        }
        thread::sleep(Duration::from_millis(5));
    }
    Ok(true)
}

/// What `pg_ctl` looks at, line 8 of the pid file, and that somebody is behind it.
fn is_ready(home: &Home) -> bool {
    let status = fs::read_to_string(home.data().join("postmaster.pid")).unwrap_or_default();
    status.lines().nth(7).is_some_and(|line| line.trim() == "ready") && UnixStream::connect(home.socket()).is_ok()
}

/// After a crash the number in the pid file may by now belong to some other process: PostgreSQL would refuse
/// to start beside it, and `pg_ctl` would stop the wrong one. In a restarted container that is likely.
fn remove_stale_pid(home: &Home) {
    let path = home.data().join("postmaster.pid");
    let text = fs::read_to_string(&path).unwrap_or_default();
    let Some(pid) = text.lines().next().and_then(|line| line.trim().parse::<u32>().ok()) else { return };
    let Ok(data) = fs::canonicalize(home.data()) else { return };
    if fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|works_in| works_in != data) {
        let _ = fs::remove_file(path);
    }
}

/// The sentence for the user, from what this server wrote to the log.
fn failure(home: &Home, mut log: File, said_before: u64) -> io::Error {
    let mut bytes = Vec::new();
    let log = match log.seek(SeekFrom::Start(said_before)).and_then(|_| log.read_to_end(&mut bytes)) {
        Ok(_) => String::from_utf8_lossy(&bytes),
        Err(error) => error.to_string().into(),
    };
    let reason = log.lines().rfind(|line| line.contains("FATAL") || line.contains("PANIC"));
    io::Error::other(format!(
        "PostgreSQL did not start ({}): see {}, or set DATABASE_URL to a server of your own",
        reason.or(log.lines().last()).unwrap_or("it said nothing").trim(),
        home.log().display()
    ))
}

fn percent_encoded(bytes: &[u8]) -> String {
    let encode = |&byte: &u8| match char::from(byte) {
        plain if byte.is_ascii_alphanumeric() || "-._~".contains(plain) => plain.to_string(),
        _ => format!("%{byte:02X}"),
    };
    bytes.iter().map(encode).collect()
}
