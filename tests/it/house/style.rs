//! The style of the sources, as far as a test can tell: short files and functions, heads that say what a file is, names
//! that say something, nothing half done.
use super::laws::{is_test, none};
use crate::support::files::{File, below, rust};

#[test]
fn files_are_short() {
    let lines = |file: &File| file.text.lines().count();
    let all: Vec<File> =
        rust().into_iter().chain(below("tests/it")).filter(|file| file.path.ends_with(".rs")).collect();
    none(
        "over 400 lines",
        all.iter().filter(|file| lines(file) > 400).map(|file| format!("{} {}", file.path, lines(file))).collect(),
    );
    let long: Vec<&File> = all.iter().filter(|file| lines(file) > 250).collect();
    long.iter().for_each(|file| println!("over 250 lines: {} {}", file.path, lines(file)));
    // one in thirty, so that they become no more as the house grows
    assert!(long.len() * 30 <= all.len(), "{} files of {} have over 250 lines", long.len(), all.len());
}

#[test]
fn functions_are_short() {
    let mut broken = Vec::new();
    for file in rust().into_iter().filter(|file| !file.path.contains("/tests")) {
        for (name, lines) in functions(&file.code()) {
            if lines > 50 {
                broken.push(format!("{}: {name} has {lines} lines", file.path));
            }
        }
    }
    none("a long function", broken);
}

/// Each function with the number of its lines, by its indentation.
fn functions(code: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = code.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some((before, after)) = line.split_once("fn ").filter(|(before, _)| words_of_a_function(before)) else {
            continue;
        };
        let indent = &before[..before.len() - before.trim_start().len()];
        let end = lines[at..].iter().position(|line| *line == format!("{indent}}}"));
        let name = after.split(['(', '<']).next().unwrap_or_default();
        found.extend(end.map(|end| (name.to_owned(), end + 1)));
    }
    found
}

fn words_of_a_function(before: &str) -> bool {
    before
        .split_whitespace()
        .all(|word| word.starts_with("pub") || ["async", "const", "unsafe"].contains(&word) || word.ends_with(')'))
}

#[test]
fn every_module_says_what_it_is() {
    let silent = rust()
        .into_iter()
        .filter(|file| !is_test(file) && !file.text.starts_with("//!") && !file.text.trim().is_empty());
    none("no head that says what it is", silent.map(|file| file.path).collect());
}

#[test]
fn no_name_says_nothing() {
    let banned = ["utils", "util", "helpers", "helper", "common", "manager", "dto", "misc"];
    let named = |file: &File| {
        let path = file.path.trim_end_matches(".rs");
        path.split(['/', '_']).any(|part| banned.contains(&part))
    };
    none("a file whose name says nothing", rust().into_iter().filter(named).map(|file| file.path).collect());
    let suffixes = ["Manager", "Helper", "Dto", "Util", "Utils", "Repository", "Service"];
    let mut broken = Vec::new();
    for file in rust() {
        for line in file.code().lines().filter(|line| line.trim_start().starts_with("pub struct ")) {
            let name = line
                .trim_start()
                .trim_start_matches("pub struct ")
                .split(|c: char| !c.is_alphanumeric())
                .next()
                .unwrap_or_default();
            // r2d2 calls it so
            if suffixes.iter().any(|suffix| name.ends_with(suffix)) && !file.path.ends_with("platform/src/pool.rs") {
                broken.push(format!("{}: {name}", file.path));
            }
        }
    }
    none("a type whose name says nothing", broken);
}

#[test]
fn nothing_is_half_done() {
    let words = [
        concat!("to", "do!("),
        concat!("unimple", "mented!("),
        "#[ign\u{6f}re",
        "TO\u{44}O",
        "FIX\u{4d}E",
        "X\u{58}X:",
        "dbg!(",
    ];
    let mut broken = Vec::new();
    for file in rust().into_iter().chain(below("tests/it")).filter(|file| !file.path.ends_with("house/style.rs")) {
        broken.extend(
            words.iter().filter(|word| file.text.contains(**word)).map(|word| format!("{}: {word}", file.path)),
        );
    }
    none("half done", broken);
}
