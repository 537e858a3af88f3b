//! Finds the server programs of this machine: `postgres`, `initdb` and `pg_ctl` in one folder.
//!
//! `EMBEDDED_PG_BIN` names that folder when it lies somewhere unusual.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::account::Account;
use crate::install;

/// The oldest major version the application supports.
pub const OLDEST: u32 = 15;

/// A folder with programs that can open data written by version `written_by`, if there is one.
pub fn programs(account: Account, written_by: Option<u32>) -> io::Result<Option<PathBuf>> {
    let fits = |bin: &Path| match (major(account, bin), written_by) {
        (Some(major), Some(wanted)) => major == wanted,
        (Some(major), None) => major >= OLDEST,
        (None, _) => false,
    };
    if let Some(chosen) = env::var_os("EMBEDDED_PG_BIN").map(PathBuf::from) {
        return match complete(&chosen).filter(|bin| fits(bin)) {
            Some(bin) => Ok(Some(bin)),
            None => Err(io::Error::other(format!(
                "EMBEDDED_PG_BIN={} has no usable postgres, initdb and pg_ctl: point it to the programs of \
                 PostgreSQL {}, or unset it",
                chosen.display(),
                written_by.map_or(format!("{OLDEST} or later"), |major| major.to_string())
            ))),
        };
    }
    Ok(candidates().iter().filter_map(|dir| complete(dir)).find(|bin| fits(bin)))
}

fn candidates() -> Vec<PathBuf> {
    let mut dirs: Vec<PathBuf> = env::var_os("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default();
    dirs.extend(newest_first("/usr/lib/postgresql", ""));
    dirs.extend(newest_first("/usr", "pgsql-"));
    dirs.extend(newest_first("/opt/homebrew/opt", "postgresql@"));
    dirs.extend(newest_first("/usr/local/opt", "postgresql@"));
    dirs.push(PathBuf::from("/usr/local/pgsql/bin"));
    dirs.extend(install::npm_bin());
    dirs
}

/// The `bin` folders below `parent/PREFIX<version>`.
fn newest_first(parent: &str, prefix: &str) -> Vec<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir(parent)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.strip_prefix(prefix)?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    found.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    found.into_iter().map(|(_, bin)| bin).collect()
}

/// The folder where the programs really are: distributions link single ones into the path.
fn complete(dir: &Path) -> Option<PathBuf> {
    let bin = fs::canonicalize(dir.join("postgres")).ok()?.parent()?.to_path_buf();
    ["postgres", "initdb", "pg_ctl"].iter().all(|name| bin.join(name).is_file()).then_some(bin)
}

/// The version, asked for by running it: so it is also known to be reachable and to find its libraries.
fn major(account: Account, bin: &Path) -> Option<u32> {
    let answer = account.command(bin.join("postgres")).arg("--version").stderr(Stdio::null()).output().ok()?;
    parse_major(&String::from_utf8_lossy(&answer.stdout))
}

fn parse_major(text: &str) -> Option<u32> {
    let version = text.split_once(") ")?.1;
    version.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::parse_major;

    #[test]
    fn versions_are_read() {
        assert_eq!(parse_major("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(parse_major("postgres (PostgreSQL) 19beta1\n"), Some(19));
        assert_eq!(parse_major("segmentation fault"), None);
    }
}
