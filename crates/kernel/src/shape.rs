//! What serde says of a body of the wrong shape, in our words: nobody has to know Rust's types to mend a request.
use crate::{Error, Fault, Text, error, text};
use serde_json::Value;

/// A fault of shape at a place. `found` is what stands there, where that is known; a fault that names its field needs
/// no place.
pub fn fault(pointer: &str, said: &str, found: Option<&Value>) -> Fault {
    let field = said.split('`').nth(1).unwrap_or_default();
    let place = || if pointer.is_empty() && !field.is_empty() { format!("/{field}") } else { pointer.to_owned() };
    if said.starts_with("missing field") {
        return Fault::new(place(), "required", missing(field));
    }
    if said.starts_with("unknown field") {
        return Fault::new(place(), "unknown_field", unknown(field, &quoted(said)));
    }
    Fault::new(pointer, "wrong_type", wrong(said, found))
}

pub fn missing(field: &str) -> Text {
    text!("missing field `{field}`", field)
}

fn unknown(field: &str, known: &[&str]) -> Text {
    match known {
        [] => text!("unknown field `{field}`", field),
        known => text!("unknown field `{field}`, there are: {fields}", field, fields = known.join(", ")),
    }
}

/// A body that is no JSON, or no JSON that could mean anything.
pub fn malformed(e: &serde_json::Error) -> Error {
    let (said, line, column) = (e.to_string(), e.line(), e.column());
    let twice = said.starts_with("duplicate field").then(|| said.split('`').nth(1)).flatten();
    Error::from(error::MALFORMED).detail(match twice {
        Some(field) => text!("the member `{field}` is there twice", field),
        None => text!("is not JSON that can be read: line {line}, column {column}", line, column),
    })
}

/// The names behind the first, which is the one that is wrong.
fn quoted(said: &str) -> Vec<&str> {
    said.split('`').skip(1).step_by(2).skip(1).collect()
}

fn wrong(said: &str, found: Option<&Value>) -> Text {
    if said.starts_with("unknown variant") {
        return text!("is none of {choices}", choices = quoted(said).join(", "));
    }
    if said.starts_with("an exact decimal") {
        return text!("an exact decimal as text is expected, such as \"1234.50\"");
    }
    let expected = said.split_once("expected ").and_then(|(_, rest)| expected(rest)).or_else(|| by_parser(said));
    let found = found.map(kind).or_else(|| said.strip_prefix("invalid type: ").and_then(named));
    match (expected, found) {
        (Some(expected), Some(found)) if said.starts_with("invalid type") => {
            text!("{expected} is expected, not {found}"; expected, found)
        }
        (Some(what), _) => text!("{what} is expected here"; what),
        (None, _) => text!("cannot be read as what belongs here"),
    }
}

/// By what the types of the house say of themselves.
fn expected(said: &str) -> Option<Text> {
    let said = said.split(" at line ").next().unwrap_or_default();
    let number =
        |of: &str| of.strip_prefix(['i', 'u']).is_some_and(|bits| bits == "size" || bits.parse::<u8>().is_ok());
    Some(match said {
        "a boolean" => text!("true or false"),
        "f32" | "f64" => text!("a number"),
        _ if number(said) => text!("a whole number"),
        _ if said.contains("UUID") => text!("an id"),
        _ if said.contains("RFC 3339") || said.contains("date and time") => text!("a moment"),
        _ if said.contains("date") => text!("a date"),
        _ if said.contains("ecimal") => text!("a number"),
        _ if said.starts_with("a sequence") || said.contains("array") || said.starts_with("a tuple") => text!("a list"),
        _ if said.starts_with("a map") || said.starts_with("struct ") || said.contains("object") => text!("an object"),
        _ if said.ends_with("string") => text!("text"),
        _ => return None,
    })
}

/// By what those who read a text say when they cannot.
fn by_parser(said: &str) -> Option<Text> {
    const TIME: [&str; 5] = ["premature end of input", "input ", "trailing input", "no possible date", "invalid date"];
    if said.starts_with("UUID parsing failed") {
        return Some(text!("an id"));
    }
    TIME.iter().any(|start| said.starts_with(start)).then(|| text!("a date or a moment"))
}

fn kind(value: &Value) -> Text {
    match value {
        Value::Null => text!("null"),
        Value::Bool(_) => text!("true or false"),
        Value::Number(_) => text!("a number"),
        Value::String(_) => text!("text"),
        Value::Array(_) => text!("a list"),
        Value::Object(_) => text!("an object"),
    }
}

fn named(said: &str) -> Option<Text> {
    let is = |word: &str| said.starts_with(word);
    Some(match () {
        () if is("null") || is("unit") => text!("null"),
        () if is("boolean") => text!("true or false"),
        () if is("integer") || is("floating") => text!("a number"),
        () if is("string") => text!("text"),
        () if is("sequence") => text!("a list"),
        () if is("map") => text!("an object"),
        () => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, NaiveDate, Utc};
    use serde::Deserialize;
    use serde_json::json;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct One {
        #[serde(default)]
        whole: i32,
        #[serde(default)]
        text: String,
        is: Option<bool>,
        list: Option<Vec<u8>>,
        id: Option<uuid::Uuid>,
        on: Option<NaiveDate>,
        at: Option<DateTime<Utc>>,
        money: Option<crate::Money>,
        verb: Option<Verb>,
    }
    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Verb {
        Read,
        Write,
    }

    #[test]
    fn no_word_of_serdes_is_left() {
        let said = |body: Value| {
            let said = serde_json::from_value::<One>(body.clone()).unwrap_err().to_string();
            fault("/x", &said, body.as_object().and_then(|body| body.values().next())).message.to_string()
        };
        let table = [
            (json!({"whole": "a"}), "a whole number is expected, not text"),
            (json!({"whole": 1.5}), "a whole number is expected, not a number"),
            (json!({"whole": 99_999_999_999_u64}), "a whole number is expected here"),
            (json!({"text": 5}), "text is expected, not a number"),
            (json!({"text": null}), "text is expected, not null"),
            (json!({"is": []}), "true or false is expected, not a list"),
            (json!({"list": {}}), "a list is expected, not an object"),
            (json!({"id": 7}), "an id is expected, not a number"),
            (json!({"id": "seven"}), "an id is expected here"),
            (json!({"on": "2026-02-30"}), "a date or a moment is expected here"),
            (json!({"on": 1}), "a date is expected, not a number"),
            (json!({"at": "yesterday"}), "a date or a moment is expected here"),
            (json!({"at": true}), "a moment is expected, not true or false"),
            (json!({"money": 5}), "an object is expected, not a number"),
            (json!({"verb": "eat"}), "is none of read, write"),
            (
                json!({"nickname": 1}),
                "unknown field `nickname`, there are: whole, text, is, list, id, on, at, money, verb",
            ),
        ];
        for (body, words) in table {
            assert_eq!(said(body.clone()), words, "{body}");
        }
    }
}
