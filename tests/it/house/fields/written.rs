//! What is hidden cannot be written, nor meant by a key or a file; what may be read cannot be written, even as it is.
use super::{Walk, alike, hideable, is_offered, nothing_like, one_of_each, place};
use crate::support::{Answer, Client, Value, encoded, json, make, nobodys_id};
use kernel::catalogue::{Catalogue, Field};

/// A key that records of the noun are put by, and what none of them is called there; where `name` is of the key, what the
/// record is.
fn by_key(noun: &Catalogue, record: &Value, name: &str) -> String {
    let nobody = nobodys_id();
    let key = match noun.noun {
        "assignment_rule" | "business_calendar" | "escalation_rule" | "form" | "label" | "lead_score_rule"
        | "marketing_plan" | "pipeline" | "pool" | "qa_scorecard" | "routing_rule" | "segment" | "segmentation"
        | "skill" | "sla_policy" | "tag" | "template" | "territory" => vec![("name", "Nothing is called so")],
        "coupon" => vec![("code", "NOTHING")],
        "canned_response" => vec![("short_code", "nothing-is-called-so")],
        "exchange_rate" => vec![("from_currency", "ZAR"), ("valid_on", "1999-01-01")],
        "quota" => vec![("owner_id", nobody.as_str()), ("period", "1999")],
        _ => return "ext:test/1".to_owned(),
    };
    let own =
        |(member, other): &(&str, &str)| if *member == name { make::id(record, member) } else { (*other).to_owned() };
    let members: Vec<&str> = key.iter().map(|(member, _)| *member).collect();
    let values: Vec<String> = key.iter().map(own).collect();
    format!("{}/{}", members.join(","), encoded(&values.join(",")))
}

/// All ways to write a member of a record: for each, what comes of it.
fn writes(client: &Client, noun: &Catalogue, record: &Value, name: &str, value: &Value) -> Vec<Answer> {
    let (place, id) = (place(noun), make::id(record, "id"));
    let data = json!({name: value});
    let mut all_of = Vec::new();
    if is_offered("PATCH", &format!("{place}/{{id}}")) {
        all_of.push(client.patch(&format!("{place}/{id}"), &data));
    }
    if is_offered("POST", &place) && noun.noun != "import" {
        all_of.push(client.post(&place, &data));
    }
    if is_offered("PUT", &format!("{place}/by/{{key}}/{{value}}")) {
        all_of.push(client.put(&format!("{place}/by/{}", by_key(noun, record, name)), &data));
    }
    if is_offered("POST", &format!("{place}/duplicates")) {
        all_of.push(client.post(&format!("{place}/duplicates"), &data));
    }
    if noun.noun == "user" {
        all_of.push(client.patch("/v1/me", &data));
    }
    all_of
}

/// The same two by a batch: the problems of its items.
fn batched(client: &Client, noun: &Catalogue, record: &Value, name: &str, value: &Value) -> Vec<Value> {
    let place = place(noun);
    if !is_offered("POST", &format!("{place}/batch")) {
        return Vec::new();
    }
    let data = json!({name: value});
    let items = json!([{"op": "update", "id": record["id"], "data": data}, {"op": "create", "data": data}]);
    let done = client.post(&format!("{place}/batch"), json!({"items": items})).is(207);
    done["results"].as_array().unwrap().iter().map(|result| result["problem"]["errors"].clone()).collect()
}

fn imported(client: &Client, noun: &Catalogue, target: &str) -> Option<Answer> {
    let importer = api::worker::handlers::IMPORTERS.iter().find(|importer| importer.noun() == noun.noun)?;
    let mapping = json!({"resource": importer.resource(), "source_system": "test", "columns": {"A": target}});
    Some(crate::platform::upload(client, "a.csv", b"A\n1\n", &mapping, &[]))
}

#[test]
fn a_hidden_field_cannot_be_written() {
    let walk = Walk::start();
    let made = one_of_each(&walk);
    let holder = &walk.holder;
    for (noun, field) in hideable() {
        let Some((_, record)) = made.iter().find(|(one, _)| one.noun == noun.noun) else { continue };
        walk.hold_back(noun, field, "hidden");
        let (name, value) = (field.name, &record[field.name]);
        let unknown = nothing_like(name);
        let both = writes(holder, noun, record, name, value).into_iter();
        for (hidden, unknown) in both.zip(writes(holder, noun, record, &unknown, value)) {
            alike(&hidden, name, &unknown);
        }
        let told = |errors: Vec<Value>| json!(errors).to_string().replace(name, "NAME").replace(&unknown, "NAME");
        let hidden = batched(holder, noun, record, name, value);
        assert!(hidden.iter().all(Value::is_array), "{}.{name}", noun.noun);
        assert_eq!(told(hidden), told(batched(holder, noun, record, &unknown, value)), "{}.{name}", noun.noun);
        if is_offered("PUT", &format!("{}/by/{{key}}/{{value}}", place(noun))) {
            let by = |key: &str| holder.put(&format!("{}/by/{key}/1", place(noun)), json!({}));
            alike(&by(name), name, &by(&unknown));
        }
        if let Some(hidden) = imported(holder, noun, name) {
            alike(&hidden, name, &imported(holder, noun, &unknown).unwrap());
        }
        unchanged(&walk.owner, noun, record);
    }
}

#[test]
fn a_field_to_read_cannot_be_written() {
    let walk = Walk::start();
    let made = one_of_each(&walk);
    let mut refused = 0;
    for (noun, field) in hideable() {
        let Some((_, record)) = made.iter().find(|(one, _)| one.noun == noun.noun) else { continue };
        walk.hold_back(noun, field, "read");
        let (name, value, pointer) = (field.name, &record[field.name], format!("/{}", field.name));
        let shown = walk.holder.get(&format!("{}/{}", place(noun), make::id(record, "id"))).ok();
        assert_eq!(shown[name], *value, "{}.{name} is to be read", noun.noun);
        for answer in writes(&walk.holder, noun, record, name, value) {
            is_read_only(&answer.refused(422, "invalid")["errors"], &pointer, &answer.request);
            refused += 1;
        }
        for errors in batched(&walk.holder, noun, record, name, value) {
            is_read_only(&errors, &pointer, "batch");
        }
        unchanged(&walk.owner, noun, record);
        mapped(&walk.holder, noun, field);
    }
    assert!(refused > 150, "{refused} writings only were refused");
}

/// By a file: where the field is a target at all.
fn mapped(client: &Client, noun: &Catalogue, field: &Field) {
    let importers = api::worker::handlers::IMPORTERS.iter();
    let target = |one: &platform::import::Target| one.name == field.name;
    if importers.filter(|one| one.noun() == noun.noun).any(|one| one.targets().iter().any(target)) {
        let answer = imported(client, noun, field.name).unwrap();
        is_read_only(&answer.refused(422, "invalid")["errors"], "/mapping/columns/A", field.name);
    }
}

#[track_caller]
fn is_read_only(errors: &Value, pointer: &str, what: &str) {
    let errors = errors.as_array().cloned().unwrap_or_default();
    let one = errors.iter().filter(|error| error["pointer"] == pointer);
    let codes: Vec<&str> = one.filter_map(|error| error["code"].as_str()).collect();
    assert_eq!(codes, ["read_only"], "{what}: {errors:?}");
}

#[track_caller]
fn unchanged(owner: &Client, noun: &Catalogue, record: &Value) {
    let now = owner.get(&format!("{}/{}", place(noun), make::id(record, "id"))).ok();
    assert_eq!(now, *record, "{} was changed", noun.noun);
}
