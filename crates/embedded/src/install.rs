//! Gets the server programs when the machine has none: as root Debian's package, which brings `pg_dump` and
//! security updates; else, and when that fails, a portable build through npm, into a folder of our own.

use std::fs::{self, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::account::Account;
use crate::{config, find, os};

const NPM_VERSION: &str = "18.4.0-beta.17";
const CREATE_CLUSTER: &str = "/etc/postgresql-common/createcluster.d";

type Way = fn() -> Result<(), String>;

/// Installs programs and gives their folder, or says what was tried.
pub fn programs(account: Account, written_by: Option<u32>) -> Result<PathBuf, String> {
    let cache = config::cache_dir();
    let _alone = lock(&cache).map_err(|error| format!("{}: {error}", cache.display()))?;
    let mut tried = Vec::new();
    let ways: [(&str, Way); 2] = [("apt-get", apt), ("npm", npm)];
    for (name, install) in ways {
        // first: somebody else may have installed it while we waited for the lock
        if let Ok(Some(bin)) = find::programs(account, written_by) {
            return Ok(bin);
        }
        if let Err(reason) = install() {
            tried.push(format!("{name}: {reason}"));
        }
    }
    match find::programs(account, written_by) {
        Ok(Some(bin)) => Ok(bin),
        _ => Err(format!("tried {}", tried.join("; "))),
    }
}

/// Where the npm package has, or would have, its programs.
pub fn npm_bin() -> Option<PathBuf> {
    Some(npm_root(npm_platform()?).join("native/bin"))
}

fn apt() -> Result<(), String> {
    if os::euid() != 0 || !Path::new("/usr/bin/apt-get").exists() {
        return Err("needs root on Debian or Ubuntu".into());
    }
    eprintln!("No PostgreSQL on this machine: installing it with apt-get.");
    let apt_get = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(["-qq", "-o", "DPkg::Lock::Timeout=120", "-o", "Acquire::http::Timeout=20"]).args(arguments);
        run(command.env("DEBIAN_FRONTEND", "noninteractive"))
    };
    apt_get(&["update"])?;
    let offered = run(Command::new("apt-cache").args(["show", "--no-all-versions", "postgresql"]))?;
    if apt_major(&String::from_utf8_lossy(&offered.stdout)).is_some_and(|major| major < find::OLDEST) {
        return Err(format!("offers only versions before {}", find::OLDEST));
    }
    // Debian's package would start a server of its own on port 5432
    let no_server = Path::new(CREATE_CLUSTER).join("guanxi.conf");
    fs::create_dir_all(CREATE_CLUSTER)
        .and_then(|()| fs::write(&no_server, "create_main_cluster = false\n"))
        .map_err(|error| error.to_string())?;
    let installed = apt_get(&["install", "-y", "--no-install-recommends", "postgresql"]);
    // a server the owner of the machine installs later is no business of ours
    let _ = fs::remove_file(no_server);
    installed.map(drop)
}

fn npm() -> Result<(), String> {
    let platform = npm_platform().ok_or("no build for this platform")?;
    let cache = config::cache_dir();
    eprintln!("No PostgreSQL on this machine: fetching it with npm into {}.", cache.display());
    let mut command = Command::new("sh");
    // the server's account must be able to read what we install, whatever our umask is
    command.args(["-c", r#"umask 022 && exec npm "$@""#, "npm", "install", "--prefix"]).arg(&cache);
    // the package's script lays links, which is done below: scripts of packages are not run
    command.args(["--ignore-scripts", "--no-save", "--no-audit", "--no-fund", "--fetch-retries=1"]);
    run(command.arg(format!("@embedded-postgres/{platform}@{NPM_VERSION}")).current_dir(&cache))?;
    let root = npm_root(platform);
    lay_links(&root).and_then(|()| make_executable(&root)).map_err(|error| error.to_string())
}

fn npm_platform() -> Option<&'static str> {
    match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => Some("linux-x64"),
        ("linux", "aarch64") => Some("linux-arm64"),
        ("macos", "x86_64") => Some("darwin-x64"),
        ("macos", "aarch64") => Some("darwin-arm64"),
        _ => None,
    }
}

fn npm_root(platform: &str) -> PathBuf {
    config::cache_dir().join("node_modules/@embedded-postgres").join(platform)
}

/// A package of npm cannot hold links: `pg-symlinks.json` lists those between the libraries.
fn lay_links(root: &Path) -> io::Result<()> {
    for (target, link) in links(&fs::read_to_string(root.join("native/pg-symlinks.json"))?) {
        let link = root.join(link);
        if let Some(target) = Path::new(target).file_name().filter(|_| fs::symlink_metadata(&link).is_err()) {
            symlink(target, link)?;
        }
    }
    Ok(())
}

/// The pairs of `[{"source": "native/lib/a.so.1.2", "target": "native/lib/a.so"}, …]`.
fn links(json: &str) -> Vec<(&str, &str)> {
    let strings: Vec<&str> = json.split('"').skip(1).step_by(2).collect();
    strings
        .chunks_exact(4)
        .filter_map(|chunk| match chunk {
            ["source", target, "target", link] => Some((*target, *link)),
            _ => None,
        })
        .collect()
}

fn make_executable(root: &Path) -> io::Result<()> {
    for entry in fs::read_dir(root.join("native/bin"))? {
        fs::set_permissions(entry?.path(), Permissions::from_mode(0o755))?;
    }
    Ok(())
}

/// The major version in `Version: 15+248`.
fn apt_major(show: &str) -> Option<u32> {
    let version = show.lines().find_map(|line| line.strip_prefix("Version: "))?;
    version.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

/// One installation at a time.
fn lock(cache: &Path) -> io::Result<fs::File> {
    fs::create_dir_all(cache)?;
    if os::euid() == 0 {
        fs::set_permissions(cache, Permissions::from_mode(0o755))?;
    }
    let file = OpenOptions::new().create(true).write(true).truncate(false).open(cache.join("install.lock"))?;
    file.lock()?;
    Ok(file)
}

/// Runs it to its end; a failure is told by its last line.
fn run(command: &mut Command) -> Result<Output, String> {
    let done = command.stdin(Stdio::null()).output().map_err(|error| error.to_string())?;
    if done.status.success() {
        return Ok(done);
    }
    let said = String::from_utf8_lossy(&done.stderr);
    Err(said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("failed").trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_links_is_read() {
        let json = r#"[ {"source": "native/lib/libpq.so.5.18", "target": "native/lib/libpq.so.5"},
                        {"source": "native/lib/libpq.so.5.18", "target": "native/lib/libpq.so"} ]"#;
        let expected = [
            ("native/lib/libpq.so.5.18", "native/lib/libpq.so.5"),
            ("native/lib/libpq.so.5.18", "native/lib/libpq.so"),
        ];
        assert_eq!(links(json), expected);
    }

    #[test]
    fn the_offered_version_is_read() {
        assert_eq!(apt_major("Package: postgresql\nVersion: 15+248+deb12u1\n"), Some(15));
        assert_eq!(apt_major(""), None);
    }
}
