//! The folder of one server and what lies where in it. Only the server's account can enter it.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::account::Account;
use crate::os;

/// The kernel's limit for the path of a unix socket, less `/.s.PGSQL.5432` and the final zero.
const LONGEST_SOCKET_DIR: usize = 107 - 14;
const LARGEST_LOG: u64 = 16 << 20;

/// A claimed folder.
#[derive(Clone, Debug)]
pub struct Home {
    dir: PathBuf,
    /// Whom the server runs as.
    pub account: Account,
}

impl Home {
    /// Makes the folder, or takes it over when it is there.
    pub fn claim(dir: &Path, account: Account) -> io::Result<Home> {
        if let Some(parent) = dir.parent() {
            make_folders(parent, if account.differs() { 0o711 } else { 0o700 })?;
        }
        account.claim(dir)?;
        let home = Home { dir: fs::canonicalize(dir)?, account };
        if account.differs() && !account.may_enter(&home.dir) {
            return Err(io::Error::other(format!(
                "the user PostgreSQL runs as cannot reach {}: choose a data directory outside of closed folders \
                 such as /root",
                home.dir.display()
            )));
        }
        account.claim(&home.socket_dir())?;
        Ok(home)
    }

    /// The database cluster.
    pub fn data(&self) -> PathBuf {
        self.dir.join("data")
    }

    /// The cluster while it is being made.
    pub fn unfinished_data(&self) -> PathBuf {
        self.dir.join("data.init")
    }

    /// The folder of the socket: inside, unless its path is too long or too odd for PostgreSQL.
    pub fn socket_dir(&self) -> PathBuf {
        let inside = self.dir.join("run");
        let path = inside.as_os_str().as_bytes();
        if path.len() <= LONGEST_SOCKET_DIR && path.iter().all(|&byte| is_plain(byte)) {
            return inside;
        }
        PathBuf::from(format!("/tmp/.guanxi-{}-{:016x}", os::euid(), fnv1a(self.dir.as_os_str().as_bytes())))
    }

    /// The socket itself.
    pub fn socket(&self) -> PathBuf {
        self.socket_dir().join(".s.PGSQL.5432")
    }

    /// The server's log.
    pub fn log(&self) -> PathBuf {
        self.dir.join("postgres.log")
    }

    /// Opens the log for a new server; a large one is set aside first, so two of them is the most there is.
    pub fn open_log(&self) -> io::Result<File> {
        let log = self.log();
        if fs::metadata(&log).is_ok_and(|found| found.len() > LARGEST_LOG) {
            fs::rename(&log, self.dir.join("postgres.log.1"))?;
        }
        OpenOptions::new().create(true).read(true).append(true).mode(0o600).custom_flags(libc::O_NOFOLLOW).open(log)
    }

    /// The path of a lock.
    pub fn lock_path(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// Opens a lock file, not yet locked. Closed again, even by `kill -9`, its lock is gone.
    pub fn lock_file(&self, name: &str) -> io::Result<File> {
        let file = OpenOptions::new()
            .create(true)
            .read(true)
            .write(true)
            .truncate(false)
            .custom_flags(libc::O_NOFOLLOW)
            .open(self.lock_path(name))?;
        // the janitor opens it as the server's account, whatever our umask is
        file.set_permissions(Permissions::from_mode(0o644))?;
        Ok(file)
    }

    /// Makes the last rename in this folder survive a power cut.
    pub fn sync(&self) -> io::Result<()> {
        File::open(&self.dir)?.sync_all()
    }
}

/// Makes what is missing of `dir`, whatever our umask is: the server's account has to get through.
fn make_folders(dir: &Path, mode: u32) -> io::Result<()> {
    if dir.exists() {
        return Ok(());
    }
    dir.parent().map_or(Ok(()), |parent| make_folders(parent, mode))?;
    fs::create_dir_all(dir)?;
    fs::set_permissions(dir, Permissions::from_mode(mode))
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"/._-".contains(&byte)
}

/// Must be the same in every build: the standard hasher does not promise that.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
