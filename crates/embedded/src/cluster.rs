//! The files of a database cluster: made once, beside their final place, so that a killed first start
//! never leaves half a cluster.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::process::{Output, Stdio};

use crate::home::Home;

/// Case folding of every script first (so that ILIKE finds "ÉTÉ" by "été"), then what any libc has.
const LOCALES: [&[&str]; 3] =
    [&["--locale=C.UTF-8"], &["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"], &["--locale=C"]];

/// The major version that wrote the cluster, if there is one.
pub fn major(home: &Home) -> Option<u32> {
    fs::read_to_string(home.data().join("PG_VERSION")).ok()?.trim().parse().ok()
}

/// Makes the cluster unless it is there. `starting` is the held lock of this start.
pub fn ensure(home: &Home, bin: &Path, durable: bool, starting: &File) -> io::Result<()> {
    if major(home).is_some() {
        return Ok(());
    }
    let mut last = String::new();
    for locale in LOCALES {
        remove(&home.unfinished_data())?;
        let done = initdb(home, bin, locale, durable, starting)?;
        if done.status.success() {
            fs::rename(home.unfinished_data(), home.data())?;
            return home.sync();
        }
        last = String::from_utf8_lossy(&done.stderr).into_owned();
    }
    let reason = last.lines().find(|line| line.contains("error:")).or(last.lines().last()).unwrap_or("no reason given");
    Err(io::Error::other(format!(
        "initdb could not make a database in {} ({}): free some space or choose another data directory",
        home.data().display(),
        reason.trim()
    )))
}

/// Removes a cluster that no server uses.
pub fn discard(home: &Home) -> io::Result<()> {
    remove(&home.data())
}

fn initdb(home: &Home, bin: &Path, locale: &[&str], durable: bool, starting: &File) -> io::Result<Output> {
    let mut command = home.account.command(bin.join("initdb"));
    command.args(["--username=postgres", "--auth-local=trust", "--auth-host=reject", "--encoding=UTF8"]);
    command.args(locale).args(["--no-instructions", "--pgdata"]).arg(home.unfinished_data());
    if !durable {
        command.arg("--no-sync");
    }
    // initdb outlives our sudden death; with our lock in its hand the next start waits for its end
    command.stdin(Stdio::from(starting.try_clone()?)).output()
}

fn remove(dir: &Path) -> io::Result<()> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
