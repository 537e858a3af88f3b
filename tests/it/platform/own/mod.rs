//! Fields of a tenant's own: defined, written, asked for, held back, brought in, and drawn.
mod asked;
mod defined;
mod hidden;
mod imports;
mod metadata;
mod rules;
mod told;
mod types;
mod views;
mod written;

use crate::support::{Client, Value, json};

/// A field of a noun.
#[track_caller]
pub fn field(client: &Client, object: &str, key: &str, kind: &str, extra: Value) -> Value {
    let mut body = json!({"key": key, "type": kind});
    for (name, value) in extra.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    client.post(&format!("/v1/metadata/objects/{object}/fields"), body).created()
}

/// Options of these keys.
#[track_caller]
pub fn options(client: &Client, key: &str, options: &[&str]) -> Value {
    let options: Vec<Value> = options.iter().map(|key| json!({"key": key, "labels": {"en": key}})).collect();
    client.post("/v1/metadata/option-sets", json!({"key": key, "options": options})).created()["id"].clone()
}

/// One field of each type, called by its name.
pub fn one_of_each(client: &Client, object: &str) {
    let set = options(client, "letters", &["a", "b", "c"]);
    for kind in ["text", "int", "decimal", "money", "bool", "date", "instant", "email", "phone", "url"] {
        field(client, object, &format!("a_{kind}"), kind, json!({}));
    }
    for kind in ["option", "options"] {
        field(client, object, &format!("a_{kind}"), kind, json!({"option_set_id": set}));
    }
    field(client, object, "a_reference", "reference", json!({"reference": "contact"}));
}
