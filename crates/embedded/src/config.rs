//! What server is wanted: where it lives, how carefully it writes, how long it stays without users.

use std::env;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::account::Account;
use crate::os;

/// A wanted server.
#[derive(Clone, Debug)]
pub struct Config {
    /// The folder that is the server's alone: cluster, socket, log, locks.
    pub home: PathBuf,
    /// True: data survives everything. False: nothing is synced, and the data goes when the server stops.
    pub durable: bool,
    /// How long the server stays after its last user has gone.
    pub idle: Duration,
    /// Further PostgreSQL settings; they win over the ones chosen here.
    pub settings: Vec<(String, String)>,
}

impl Config {
    /// The application's database, kept in `data_dir/postgres`; it stops with its last user.
    pub fn app(data_dir: PathBuf) -> Self {
        Config { home: data_dir.join("postgres"), durable: true, idle: Duration::ZERO, settings: Vec::new() }
    }

    /// A throw-away server shared by all test processes of this user, in memory where there is room.
    /// It stays five minutes after the last test, so that a failed test's database can be looked at.
    pub fn test(name: &str) -> Self {
        let home = scratch_dir().join(format!("{name}-test-{}", os::euid()));
        Config { home, durable: false, idle: Duration::from_secs(300), settings: Vec::new() }
    }
}

/// Where an application keeps its data: `/var/lib/NAME` for root (whose own home the server's user cannot
/// enter), else `$XDG_DATA_HOME/NAME` or `~/.local/share/NAME`.
pub fn default_data_dir(name: &str) -> PathBuf {
    if os::euid() == 0 {
        return Path::new("/var/lib").join(name);
    }
    xdg_dir("XDG_DATA_HOME", ".local/share", name)
}

/// Where the server programs are kept when they had to be fetched.
pub(crate) fn cache_dir() -> PathBuf {
    if os::euid() == 0 {
        return PathBuf::from("/var/cache/guanxi");
    }
    xdg_dir("XDG_CACHE_HOME", ".cache", "guanxi")
}

fn xdg_dir(variable: &str, below_home: &str, name: &str) -> PathBuf {
    let absolute = |key: &str| env::var_os(key).map(PathBuf::from).filter(|path| path.is_absolute());
    match absolute(variable).or_else(|| absolute("HOME").map(|home| home.join(below_home))) {
        Some(base) => base.join(name),
        // not /tmp, which may be emptied at boot
        None => PathBuf::from(format!("/var/tmp/{name}-{}", os::euid())),
    }
}

/// Memory when it holds a few hundred test databases, else the disk. Containers give /dev/shm 64 MB.
fn scratch_dir() -> PathBuf {
    const ROOM: u64 = 3 << 30;
    let shm = Path::new("/dev/shm");
    if os::free_bytes(shm).is_some_and(|free| free >= ROOM) {
        return shm.to_path_buf();
    }
    let temp = env::temp_dir();
    let usable = Account::of(&temp.join("x")).is_ok_and(|account| account.may_enter(&temp));
    if usable { temp } else { PathBuf::from("/var/tmp") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_application_keeps_its_server_in_a_folder_of_its_own() {
        let config = Config::app(PathBuf::from("/srv/crm"));
        assert_eq!(config.home, Path::new("/srv/crm/postgres"));
        assert!(config.durable && config.idle.is_zero());
    }

    #[test]
    fn default_folders_are_absolute_and_end_in_the_name() {
        let dir = default_data_dir("guanxi");
        assert!(dir.is_absolute() && dir.to_string_lossy().contains("guanxi"), "{dir:?}");
    }
}
