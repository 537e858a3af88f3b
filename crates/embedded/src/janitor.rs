//! A small shell process that stops the server once nobody uses it. It is what makes the server go when its
//! user was killed: the kernel releases the lock of a dead process, and the janitor waits for just that.
//!
//! At most one janitor a folder: it carries `janitor.lock` in its standard input for as long as it lives.

use std::io;
use std::path::Path;
use std::process::Stdio;

use crate::config::Config;
use crate::home::Home;
use crate::os;

/// Starts the janitor unless there is one.
pub fn ensure(home: &Home, bin: &Path, config: &Config) -> io::Result<()> {
    let lock = home.lock_file("janitor.lock")?;
    if lock.try_lock().is_err() {
        return Ok(());
    }
    let log = home.open_log()?;
    let mut command = home.account.command("sh");
    command.args(["-c", include_str!("janitor.sh"), "postgres-janitor"]);
    command.env("USERS_LOCK", home.lock_path("users.lock")).env("IDLE_SECONDS", config.idle.as_secs().to_string());
    command.env("PG_CTL", bin.join("pg_ctl")).env("DATA", home.data());
    command.env("THROW_AWAY", if config.durable { "no" } else { "yes" });
    command.stdin(Stdio::from(lock)).stdout(Stdio::from(log.try_clone()?)).stderr(Stdio::from(log));
    os::detach(&mut command);
    let mut janitor = command.spawn()?;
    // it usually outlives us; when it does not, it must not stay behind as a zombie of a long-lived process
    std::thread::Builder::new().name("postgres-janitor".into()).spawn(move || janitor.wait())?;
    Ok(())
}
