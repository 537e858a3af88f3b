//! Files of the house that nobody else on the machine may read, whatever its umask says.
use std::fs::{DirBuilder, OpenOptions, Permissions, set_permissions};
use std::io::Result;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// Makes a folder, and those above it where they are missing, for the server's user alone.
pub fn folder(path: &Path) -> Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Shuts a folder that an earlier version left open; nothing where it is not there.
pub fn shut(path: &Path) -> Result<()> {
    if !path.is_dir() {
        return Ok(());
    }
    set_permissions(path, Permissions::from_mode(0o700))
}

/// How such a file is opened: what else is asked of it, its maker says.
pub fn file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}
