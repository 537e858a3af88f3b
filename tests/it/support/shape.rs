//! Whether a value has the shape that a schema of the document gives it.
use super::contract::resolved;
use serde_json::{Map, Value};

/// As much of JSON Schema as the document uses.
pub fn fits(schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
    looked_at(schema, value, at, false, faults);
}

/// The same of records that lack members which are held back from their reader.
pub fn fits_sparsely(schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
    looked_at(schema, value, at, true, faults);
}

fn looked_at(schema: &Value, value: &Value, at: &str, sparse: bool, faults: &mut Vec<String>) {
    let schema = resolved(schema);
    let schema = &whole(schema);
    for choice in ["oneOf", "anyOf"] {
        if let Some(all) = schema[choice].as_array() {
            let fitting = all.iter().filter(|one| {
                let mut inner = Vec::new();
                looked_at(one, value, at, sparse, &mut inner);
                inner.is_empty()
            });
            if fitting.count() == 0 {
                faults.push(format!("{at}: {value} fits none of {choice}"));
            }
        }
    }
    if !has_type(&schema["type"], value) {
        faults.push(format!("{at}: {value} is no {}", schema["type"]));
    }
    if schema["enum"].as_array().is_some_and(|all| !all.contains(value)) {
        faults.push(format!("{at}: {value} is none of {}", schema["enum"]));
    }
    match value {
        Value::Object(members) => object(schema, members, at, sparse, faults),
        Value::Array(items) if !schema["items"].is_null() => {
            items
                .iter()
                .enumerate()
                .for_each(|(i, item)| looked_at(&schema["items"], item, &format!("{at}/{i}"), sparse, faults));
        }
        Value::String(text) => format(schema, text, at, faults),
        _ => {}
    }
}

/// With the members of all that it is put together of.
fn whole(schema: &Value) -> Value {
    let mut all = schema.clone();
    for part in schema["allOf"].as_array().into_iter().flatten().map(|part| whole(resolved(part))) {
        for (name, member) in part["properties"].as_object().into_iter().flatten() {
            all["properties"][name] = member.clone();
        }
        if let (Some(required), Some(more)) = (all["required"].as_array(), part["required"].as_array()) {
            all["required"] = Value::Array([required.clone(), more.clone()].concat());
        } else if all["required"].is_null() {
            all["required"] = part["required"].clone();
        }
    }
    all
}

fn object(schema: &Value, members: &Map<String, Value>, at: &str, sparse: bool, faults: &mut Vec<String>) {
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if !sparse && !members.contains_key(name) {
            faults.push(format!("{at}/{name} is missing"));
        }
    }
    let Some(known) = schema["properties"].as_object() else { return };
    let others = schema.get("additionalProperties").filter(|others| others.is_object());
    for (name, value) in members {
        match known.get(name).or(others) {
            Some(inner) => looked_at(inner, value, &format!("{at}/{name}"), sparse, faults),
            None => faults.push(format!("{at}/{name} is not declared")),
        }
    }
}

fn has_type(wanted: &Value, value: &Value) -> bool {
    let is = |name: &str| match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    };
    match wanted {
        Value::String(name) => is(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).any(is),
        _ => true,
    }
}

fn format(schema: &Value, text: &str, at: &str, faults: &mut Vec<String>) {
    let good = match schema["format"].as_str() {
        Some("uuid") => text.parse::<uuid::Uuid>().is_ok(),
        Some("date") => text.parse::<chrono::NaiveDate>().is_ok(),
        Some("date-time") => text.ends_with('Z') && text.parse::<chrono::DateTime<chrono::Utc>>().is_ok(),
        Some("decimal") => text.parse::<rust_decimal::Decimal>().is_ok(),
        _ => true,
    };
    if !good {
        faults.push(format!("{at}: {text:?} is no {}", schema["format"]));
    }
}
