//! A private PostgreSQL: for the default database of the application and for the tests.
//!
//! * One folder is one server. Whoever starts first starts it, later processes attach to it, and it
//!   runs exactly as long as somebody uses it: a small janitor process stops it when the last user
//!   is gone, even by `kill -9`.
//! * It listens on a unix socket in a folder only its owner can enter, never on TCP: no password, and
//!   no port to clash with.
//! * The server programs are the machine's own, or are installed when there are none.

mod account;
mod cluster;
mod config;
mod find;
mod home;
mod install;
mod janitor;
mod os;
mod server;
mod settings;

use std::io;

pub use config::{Config, default_data_dir};
pub use server::Pg;

use account::Account;
use home::Home;

/// Starts the server of `config`, or attaches to it when it runs already.
///
/// Blocks until the server answers: a second at most, a few on the first start, up to minutes when the
/// server programs must be fetched first. Every error is one sentence that says what to do.
pub fn start(config: &Config) -> io::Result<Pg> {
    let account = Account::of(&config.home)?;
    let home = Home::claim(&config.home, account)?;
    let users = home.lock_file("users.lock")?;
    users.lock_shared()?;
    let starting = home.lock_file("start.lock")?;
    starting.lock()?;

    if server::settle(&home)
        && let Some(bin) = server::running_from(&home)
    {
        janitor::ensure(&home, &bin, config)?;
        return Ok(Pg::new(home, bin, users, None, config));
    }
    if !config.durable {
        cluster::discard(&home)?;
    }
    let bin = programs(account, &home)?;
    cluster::ensure(&home, &bin, config.durable, &starting)?;
    janitor::ensure(&home, &bin, config)?;
    let child = server::launch(&home, &bin, &settings::of(config))?;
    Ok(Pg::new(home, bin, users, Some(child), config))
}

/// The folder of server programs fit for the data in `home`: found, or else installed.
fn programs(account: Account, home: &Home) -> io::Result<std::path::PathBuf> {
    let written_by = cluster::major(home);
    if let Some(bin) = find::programs(account, written_by)? {
        return Ok(bin);
    }
    install::programs(account, written_by).map_err(|tried| match written_by {
        Some(major) => io::Error::other(format!(
            "{} was written by PostgreSQL {major}, which is not on this machine: install postgresql-{major}, \
             or set DATABASE_URL to a server of your own ({tried})",
            home.data().display()
        )),
        None => io::Error::other(format!(
            "there is no PostgreSQL on this machine: install it (Debian, Ubuntu: apt-get install postgresql), \
             or set DATABASE_URL to a server of your own ({tried})"
        )),
    })
}
