//! Whom the server runs as: PostgreSQL refuses root, so root hands over to `postgres` or `nobody`.
//!
//! A folder that already belongs to somebody keeps its owner, unless anybody could have planted it there.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::os;

/// The user and group of a server.
#[derive(Clone, Copy, Debug)]
pub struct Account {
    uid: u32,
    gid: u32,
}

impl Account {
    /// The account for the server in `home`.
    pub fn of(home: &Path) -> io::Result<Account> {
        let own = os::euid();
        let owner = fs::metadata(home).ok().map(|found| Account { uid: found.uid(), gid: found.gid() });
        if own != 0 {
            return match owner {
                Some(other) if other.uid != own => Err(io::Error::other(format!(
                    "{} belongs to another user: start as that user, or choose another data directory",
                    home.display()
                ))),
                // the group counts only when there is an account to change to
                _ => Ok(Account { uid: own, gid: 0 }),
            };
        }
        let candidates = service_accounts(&fs::read_to_string("/etc/passwd")?);
        match owner {
            Some(owner) if owner.uid != 0 => {
                if open_to_all(home) && !candidates.iter().any(|known| known.uid == owner.uid) {
                    return Err(foreign(home));
                }
                Ok(owner)
            }
            _ => candidates.first().copied().ok_or_else(|| {
                io::Error::other(
                    "PostgreSQL does not run as root, and there is no user 'postgres' or 'nobody' to run it as: \
                     start as an ordinary user, or set DATABASE_URL to a server of your own",
                )
            }),
        }
    }

    /// Makes `dir` a folder only this account (and root) can enter.
    pub fn claim(self, dir: &Path) -> io::Result<()> {
        match DirBuilder::new().mode(0o700).create(dir) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                // a link is somebody's wish where only the owner could have made it, and a trap in /tmp
                let found = if open_to_all(dir) { fs::symlink_metadata(dir)? } else { fs::metadata(dir)? };
                if !found.is_dir() || ![self.uid, os::euid()].contains(&found.uid()) {
                    return Err(foreign(dir));
                }
            }
            other => other?,
        }
        fs::set_permissions(dir, Permissions::from_mode(0o700))?;
        self.own(dir)
    }

    /// Gives `path` to this account.
    pub fn own(self, path: &Path) -> io::Result<()> {
        if self.differs() { chown(path, Some(self.uid), Some(self.gid)) } else { Ok(()) }
    }

    /// True when this account is not ours, so that folders of ours may be closed to it.
    pub fn differs(self) -> bool {
        self.uid != os::euid()
    }

    /// True when this account can get into `dir`; found out by trying.
    pub fn may_enter(self, dir: &Path) -> bool {
        let mut command = self.command("sh");
        command.args(["-c", r#"cd "$0""#]).arg(dir).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    }

    /// A command that runs as this account, without our standard input and our PostgreSQL settings.
    pub fn command(self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        if self.differs() {
            command.uid(self.uid).gid(self.gid);
        }
        for name in ["PGDATA", "PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PGOPTIONS"] {
            command.env_remove(name);
        }
        command.env("LC_ALL", "C").current_dir("/").stdin(Stdio::null());
        command
    }
}

/// True when every user may create entries beside `path`, as in /tmp.
fn open_to_all(path: &Path) -> bool {
    path.parent().and_then(|parent| fs::metadata(parent).ok()).is_none_or(|parent| parent.mode() & 0o002 != 0)
}

fn foreign(dir: &Path) -> io::Error {
    io::Error::other(format!("{} belongs to somebody else: remove it, or choose another data directory", dir.display()))
}

fn service_accounts(passwd: &str) -> Vec<Account> {
    let account = |name: &str| {
        let mut fields = passwd.lines().map(|line| line.split(':')).find(|line| line.clone().next() == Some(name))?;
        Some(Account { uid: fields.nth(2)?.parse().ok()?, gid: fields.next()?.parse().ok()? })
    };
    ["postgres", "nobody"].into_iter().filter_map(account).collect()
}

#[cfg(test)]
#[allow(clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn postgres_is_preferred_to_nobody() {
        let passwd = "root:x:0:0::/root:/bin/sh\nnobody:x:65534:65533::/:/x\npostgres:x:101:104::/:/bin/bash\n";
        let found = service_accounts(passwd);
        assert_eq!(found.iter().map(|a| (a.uid, a.gid)).collect::<Vec<_>>(), [(101, 104), (65534, 65533)]);
        assert!(service_accounts("postgresql:x:1:1::/:/x\n").is_empty());
    }
}
