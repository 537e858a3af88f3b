//! A table is reached through `scope`, which holds the tenant and who may see the row. Whatever goes past it is listed
//! in the file of its crate with its reason, and holds the tenant itself; the list may only shrink.
mod analytics;
mod customer;
mod identity;
mod marketing;
mod sales;
mod service;

use crate::support::files::rust;
use std::collections::BTreeMap;

/// File, functions, and why they may.
type Past = (&'static str, &'static str, &'static str);

const PAST_SCOPE: &[&[Past]] =
    &[analytics::PAST, customer::PAST, identity::PAST, marketing::PAST, sales::PAST, service::PAST];

/// The functions of the wings that name a table, but for `scope` itself and what only inserts; with their text.
fn past_scope() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let wings = [
        "crates/customer",
        "crates/sales",
        "crates/identity",
        "crates/service",
        "crates/marketing",
        "crates/analytics",
    ];
    for file in rust().into_iter().filter(|file| wings.iter().any(|wing| file.path.starts_with(wing))) {
        if file.path.contains("tests") || file.path.ends_with("schema.rs") {
            continue;
        }
        for (name, body) in functions(&file.code()) {
            let names =
                |line: &str| line.contains("::table") && !line.contains("insert_into(") && !line.contains("Listing<");
            if name != "scope" && body.lines().any(names) {
                found.insert(format!("{}::{name}", file.path.trim_start_matches("crates/")), body);
            }
        }
    }
    found
}

/// Each function with its text.
fn functions(code: &str) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for line in code.lines() {
        let words = line.trim_start();
        let words =
            words.trim_start_matches("pub(super) ").trim_start_matches("pub(crate) ").trim_start_matches("pub ");
        if let Some(rest) = words.trim_start_matches("async ").strip_prefix("fn ") {
            all.push((rest.split(['(', '<']).next().unwrap_or_default().to_owned(), String::new()));
        } else if line.starts_with("impl") || line.starts_with("use ") || line.starts_with("pub use ") {
            all.push((String::new(), String::new()));
        }
        if let Some((name, body)) = all.last_mut().filter(|(name, _)| !name.is_empty()) {
            let _ = name;
            body.push_str(line);
            body.push('\n');
        }
    }
    all
}

#[test]
fn tables_are_reached_through_scope() {
    let names = |(file, names, _): &Past| -> Vec<String> {
        names.split_whitespace().map(|name| format!("{file}::{name}")).collect()
    };
    let listed: Vec<String> = PAST_SCOPE.iter().copied().flatten().flat_map(names).collect();
    let found = past_scope();
    let new: Vec<&String> = found.keys().filter(|name| !listed.contains(name)).collect();
    assert!(new.is_empty(), "a table is named past its scope: {new:#?}");
    let gone: Vec<&String> = listed.iter().filter(|name| !found.contains_key(*name)).collect();
    assert!(gone.is_empty(), "these need no exception any more: {gone:#?}");
}

/// Whatever goes past the scope keeps to the tenant all the same.
#[test]
fn whatever_goes_past_the_scope_keeps_to_the_tenant() {
    let without = [
        "identity/src/found.rs::is_empty",                // there is none yet
        "sales/src/order/store.rs::of",                   // stands on `scope`
        "customer/src/email_message/store.rs::of_record", // likewise
        "identity/src/credential/attempts/store.rs::of",  // a login names none
        "identity/src/credential/attempts/store.rs::forget",
        "identity/src/credential/attempts/store.rs::clear",
        "identity/src/link/store.rs::clear", // what has expired, of all
        "identity/src/sso/pending/store.rs::clear",
        "customer/src/verification/store.rs::clear",
        "analytics/src/schedule/run/store.rs::clear",
    ];
    let found = past_scope();
    let loose: Vec<&String> = found
        .iter()
        .filter(|(name, body)| !body.contains("tenant") && !without.contains(&name.as_str()))
        .map(|(name, _)| name)
        .collect();
    assert!(loose.is_empty(), "no tenant: {loose:#?}");
}
