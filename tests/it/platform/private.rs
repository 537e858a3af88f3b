//! What the house keeps in files is for nobody else on the machine.
use super::exports;
use super::imports::{ended, upload};
use crate::support::{Town, json, make};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Everything below a folder, with what others may do with it.
fn open_to_others(folder: &Path) -> Vec<PathBuf> {
    let mut open = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let mode = std::fs::symlink_metadata(&path).unwrap().permissions().mode();
        if path.is_dir() {
            open.extend(open_to_others(&path));
        }
        if mode & 0o077 != 0 {
            open.push(path);
        }
    }
    open
}

#[test]
fn what_is_kept_in_files_is_read_by_nobody_else() {
    let town = Town::start();
    let owner = town.owner();
    let mapping = json!({"resource": "contacts", "source_system": "list", "columns": {"Name": "display_name"}});
    let made = upload(&owner, "people.csv", b"Name\nAda\n", &mapping, &[]).is(202);
    ended(&owner, &make::id(&made, "id"));
    exports::file(&owner, json!({"resource": "contacts", "format": "csv"}));
    let contact = make::contact(&owner, json!({"email": "grace@example.com"}));
    crate::privacy::told(&owner, "access", "contact", &make::id(&contact, "id"));
    crate::privacy::erased(&owner, "contact", &make::id(&contact, "id"));
    for place in ["files/imports", "files/exports"] {
        assert!(std::fs::read_dir(town.data_dir.path().join(place)).unwrap().next().is_some(), "{place} is empty");
    }
    assert!(town.data_dir.path().join("privacy/erasures.ndjson").is_file());
    assert_eq!(open_to_others(town.data_dir.path()), Vec::<PathBuf>::new());
}

#[test]
fn what_an_earlier_version_left_open_is_shut_at_the_start() {
    let town = Town::configured(|config| {
        let files = config.data_dir.join("files");
        std::fs::create_dir_all(&files).unwrap();
        std::fs::set_permissions(&files, std::fs::Permissions::from_mode(0o755)).unwrap();
    });
    let mode = std::fs::metadata(town.data_dir.path().join("files")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}
