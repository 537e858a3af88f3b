//! The master keys: they wrap the keys of values, and never come into the database.
//!
//! They come from a variable, from a file, or, where neither is named, from a file of the server's own, which the first
//! start makes. The newest stands first and wraps; the others only open, so that a new one can come before an old one
//! goes. A file is read anew when a key is asked for that is not known yet.
use super::key::Key;
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use kernel::{Error, Result};
use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

const FILE: &str = "master.key";
const HEAD: &str = "# Opens all that is sealed in the database. Keep a copy, away from the copies of the database.\n";

/// Where master keys come from.
#[derive(Clone, Debug)]
pub enum Source {
    /// `id:key,…`, as a variable says them
    Given(Given),
    /// a file that somebody else keeps
    File(PathBuf),
    /// a file in this folder, which the first start makes
    Own(PathBuf),
}

/// Master keys as they were given; they show nothing of themselves.
#[derive(Clone)]
pub struct Given(Arc<Vec<Master>>);

struct Master {
    id: String,
    key: Key,
}

impl Given {
    /// `id:key,…`, the newest first; a key without an id is called by a hash of it.
    pub fn read(text: &str) -> std::result::Result<Self, String> {
        parse(text).map(|all| Self(Arc::new(all)))
    }
}

impl std::fmt::Debug for Given {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Given(…)")
    }
}

pub(super) struct Masters {
    source: Source,
    ring: RwLock<Arc<Vec<Master>>>,
}

impl Masters {
    /// Where the server's own file is missing, one is made, if nothing needs an earlier one: `is_first`.
    pub fn open(source: &Source, is_first: bool) -> Result<Self> {
        if let Source::Own(folder) = source
            && is_first
            && !folder.join(FILE).exists()
        {
            make(folder)?;
        }
        let ring = RwLock::new(Arc::new(read(source)?));
        Ok(Self { source: source.clone(), ring })
    }

    /// The newest, and what it is called.
    pub fn newest<R>(&self, with: impl FnOnce(&str, &Key) -> R) -> Option<R> {
        self.ring().first().map(|master| with(&master.id, &master.key))
    }

    /// The one that is called so.
    pub fn called<R>(&self, id: &str, with: impl FnOnce(&Key) -> R) -> Option<R> {
        let known = |ring: &[Master]| ring.iter().position(|master| master.id == id);
        let mut ring = self.ring();
        if known(&ring).is_none() && self.again().is_ok() {
            ring = self.ring();
        }
        ring.iter().find(|master| master.id == id).map(|master| with(&master.key))
    }

    /// Puts a new one before those of the server's own file; `None` where somebody else keeps them.
    pub fn renew(&self) -> Result<Option<String>> {
        let Source::Own(folder) = &self.source else { return Ok(None) };
        let (key, path) = (Key::fresh(), folder.join(FILE));
        let before = fs::read_to_string(&path).map_err(Error::internal)?;
        let before = before.strip_prefix(HEAD).unwrap_or(&before);
        let text = format!("{HEAD}{}{before}", line(&key));
        let beside = written(folder, &text)?;
        fs::rename(&beside, &path).map_err(Error::internal)?;
        self.again()?;
        Ok(Some(key.name()))
    }

    fn again(&self) -> Result<()> {
        let ring = Arc::new(read(&self.source)?);
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = ring;
        Ok(())
    }

    fn ring(&self) -> Arc<Vec<Master>> {
        self.ring.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Source {
    /// The file that has to be backed up, where it is the server's own.
    pub fn own_file(&self) -> Option<PathBuf> {
        match self {
            Self::Own(folder) => Some(folder.join(FILE)),
            Self::Given(_) | Self::File(_) => None,
        }
    }

    /// Whether others on the machine may read the file.
    pub fn is_open_to_others(&self) -> bool {
        let path = match self {
            Self::Given(_) => return false,
            Self::File(path) => path.clone(),
            Self::Own(folder) => folder.join(FILE),
        };
        fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o077 != 0)
    }
}

fn read(source: &Source) -> Result<Vec<Master>> {
    let path = match source {
        Source::Given(Given(all)) => return Ok(all.iter().map(Master::again).collect()),
        Source::File(path) => path.clone(),
        Source::Own(folder) => folder.join(FILE),
    };
    match fs::read_to_string(&path) {
        Ok(text) => parse(&text).map_err(|fault| Error::internal(format!("{}: {fault}", path.display()))),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(e) => Err(Error::internal(format!("{}: {e}", path.display()))),
    }
}

/// Keys apart by commas or lines; what follows a `#` is for people. A fault never tells a key.
fn parse(text: &str) -> std::result::Result<Vec<Master>, String> {
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default());
    let mut all: Vec<Master> = Vec::new();
    for one in lines.flat_map(|line| line.split(',')).map(str::trim).filter(|one| !one.is_empty()) {
        let (id, key) = one.split_once(':').map_or((None, one), |(id, key)| (Some(id.trim()), key.trim()));
        let bytes = zeroize::Zeroizing::new(BASE64.decode(key).unwrap_or_default());
        let key =
            Key::of(&bytes).ok_or("a master key is 32 bytes in base64, such as `openssl rand -base64 32` makes")?;
        let id = id.map_or_else(|| key.name(), str::to_owned);
        let good = (1..=40).contains(&id.len()) && id.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
        if !good {
            return Err("the id of a master key is made of letters, digits, `-`, `_` and `.`".into());
        }
        if all.iter().any(|master| master.id == id) {
            return Err(format!("the master key {id} is there twice"));
        }
        all.push(Master { id, key });
    }
    Ok(all)
}

impl Master {
    fn again(&self) -> Self {
        Self { id: self.id.clone(), key: Key::of(self.key.bytes()).unwrap_or_else(Key::fresh) }
    }
}

/// Of several that start at once, one makes it.
fn make(folder: &Path) -> Result<()> {
    let beside = written(folder, &format!("{HEAD}{}", line(&Key::fresh())))?;
    let linked = fs::hard_link(&beside, folder.join(FILE));
    let _ = fs::remove_file(&beside);
    match linked {
        Err(e) if e.kind() != std::io::ErrorKind::AlreadyExists => Err(Error::internal(e)),
        _ => Ok(()),
    }
}

fn line(key: &Key) -> String {
    format!("{}:{}\n", key.name(), BASE64.encode(key.bytes()))
}

/// A file beside the one that is meant, for nobody else to read, safe on the disk.
fn written(folder: &Path, text: &str) -> Result<PathBuf> {
    crate::private::folder(folder).map_err(Error::internal)?;
    let path = folder.join(format!("{FILE}.{}", kernel::DataKeyId::new()));
    let mut file = crate::private::file().write(true).create_new(true).open(&path).map_err(Error::internal)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(Error::internal)?;
    Ok(path)
}

#[cfg(test)]
mod tests;
