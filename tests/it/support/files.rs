//! The project's own files, read as text.
use std::path::{Path, PathBuf};

/// A file, by its path from the project's folder.
pub struct File {
    pub path: String,
    pub text: String,
}

impl File {
    /// The code of the file: what stands before its unit tests, without comments.
    pub fn code(&self) -> String {
        let code = self.text.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default();
        code.lines().filter(|line| !line.trim_start().starts_with("//")).map(|line| format!("{line}\n")).collect()
    }
}

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

pub fn read(path: &str) -> Option<String> {
    std::fs::read_to_string(root().join(path)).ok()
}

/// All text files below a folder, in the order of their paths.
pub fn below(folder: &str) -> Vec<File> {
    let mut found = Vec::new();
    walk(&root().join(folder), &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// The Rust files of the crates.
pub fn rust() -> Vec<File> {
    below("crates").into_iter().filter(|file| file.path.ends_with(".rs")).collect()
}

/// The paths of all files below a folder, in order.
pub fn names(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for path in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        if path.is_dir() { names.extend(self::names(&path)) } else { names.push(path.to_string_lossy().into_owned()) }
    }
    names.sort();
    names
}

fn walk(folder: &Path, found: &mut Vec<File>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, found);
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            let path = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
            found.push(File { path, text });
        }
    }
}

/// A file of real data that is no part of the project: where there is none, the test says so and passes.
pub fn real(name: &str) -> Option<PathBuf> {
    let folder = std::env::var("GUANXI_TEST_DATA").map_or_else(|_| root().join("../shared/data"), PathBuf::from);
    let path = folder.join(name);
    if path.is_file() {
        return Some(path);
    }
    println!("skipped: there is no {}; GUANXI_TEST_DATA says where real data is", path.display());
    None
}
