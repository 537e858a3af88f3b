//! The codes of faults: each one name, one status, one meaning; and the list that is committed.
use crate::support::{files, status};
use std::collections::BTreeSet;

#[test]
fn every_code_is_there_once() {
    let codes = api::house::codes();
    let names: BTreeSet<&str> = codes.iter().map(|code| code.name).collect();
    assert_eq!(names.len(), codes.len(), "a code is there twice");
    for code in &codes {
        assert!(code.name.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{}", code.name);
        assert!(code.meaning.ends_with('.') && code.meaning.len() > 10, "{}: {}", code.name, code.meaning);
    }
}

/// A constant that is listed nowhere would be answered and never be documented.
#[test]
fn every_code_of_the_sources_is_listed() {
    let listed: BTreeSet<&str> = api::house::codes().iter().map(|code| code.name).collect();
    for file in
        files::rust().into_iter().filter(|file| !file.path.contains("/tests") && !file.path.contains("crates/bench"))
    {
        let code = file.code();
        for after in code.split("Code::new(").skip(1) {
            let Some(name) = after.split('"').nth(1).filter(|_| after.trim_start().starts_with('"')) else { continue };
            assert!(listed.contains(name), "{}: {name} is in no list of codes", file.path);
        }
    }
}

#[test]
fn the_committed_list_is_the_programs() {
    let committed = files::read("openapi/errors.md").expect("openapi/errors.md: `scripts/openapi` writes it");
    let rows: Vec<&str> = committed.lines().filter(|line| line.starts_with("| `")).collect();
    let line = |code: &kernel::Code| format!("| `{}` | {} | {} |", code.name, status(code.kind), code.meaning);
    let codes: Vec<String> = api::house::codes().iter().map(line).collect();
    assert_eq!(rows, codes, "openapi/errors.md is out of date: `scripts/openapi` writes it");
}
