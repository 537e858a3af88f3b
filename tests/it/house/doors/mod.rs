//! Every operation of the running document is walked: without a token, without a permission, with another tenant's
//! ids, with junk. An operation whose path needs an id that nothing here can make fails the test.
mod access;
mod assigned;
mod audited;
mod denied;
pub mod ids;
mod junk;
mod matrix;
mod methods;
mod picture;
mod strangers;
mod twice;
mod versions;

use crate::support::{Client, Operation, Value, all_of, json, nobodys_id};

/// The operations that the running server shows.
pub fn walk(client: &Client) -> Vec<Operation> {
    let all = all_of(&client.get("/openapi.json").ok());
    assert!(all.len() > 60, "only {} operations", all.len());
    all
}

/// Those that need nobody to be logged in.
pub fn is_open(one: &Operation) -> bool {
    api::openapi::OPEN.contains(&one.id.as_str())
}

/// The path with something in every place: `fill` is told the segment before it and its name.
pub fn filled(one: &Operation, fill: impl Fn(&str, &str) -> String) -> String {
    let parts: Vec<&str> = one.path.split('/').collect();
    let part = |at: usize| {
        let name = parts[at].strip_prefix('{').and_then(|part| part.strip_suffix('}'));
        name.map_or_else(|| parts[at].to_owned(), |name| fill(parts[at.saturating_sub(1)], name))
    };
    let path: Vec<String> = (0..parts.len()).map(part).collect();
    path.join("/") + &required_query(one)
}

/// The path with an id of nobody in every place.
pub fn of_nobody(one: &Operation) -> String {
    filled(one, |_, name| match name {
        "key" => "ext:test".into(),
        "value" => "x".into(),
        _ => nobodys_id(),
    })
}

/// Parameters without which there is no asking.
fn required_query(one: &Operation) -> String {
    let required = one.parameters("query").into_iter().filter(|one| one["required"] == true);
    let pairs: Vec<String> = required
        .map(|one| {
            let value = one["schema"]["enum"][0].as_str().map(str::to_owned);
            let value =
                value.unwrap_or_else(|| if one["schema"]["format"] == "uuid" { nobodys_id() } else { "x".into() });
            format!("{}={value}", one["name"].as_str().unwrap_or_default())
        })
        .collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

/// A good body, where one is taken.
pub fn body(one: &Operation) -> Option<Value> {
    one.body()?;
    Some(one.example().unwrap_or_else(|| json!({})))
}

pub fn call(client: &Client, one: &Operation, path: &str) -> crate::support::Answer {
    client.send(&one.method, path, body(one).as_ref())
}
