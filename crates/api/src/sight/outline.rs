//! The outline of the document: which schemas stand in which answers and in which schemas. All else that it says is for
//! readers, and would take many times its size in memory if it were kept as values.
use super::below;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Paths with what their operations are called, whether they take parameters in a query, and the schemas of their answers;
/// and the schemas that have names.
pub fn outline(document: &Value) -> Value {
    let paths = members(below(document, &["paths"])).map(|(path, verbs)| {
        let verbs = members(verbs).map(|(verb, operation)| (verb.clone(), said(operation)));
        (path.clone(), Value::Object(verbs.collect()))
    });
    let schemas = members(below(document, &["components", "schemas"]));
    let schemas: Map<String, Value> = schemas.map(|(name, schema)| (name.clone(), shape(schema))).collect();
    json!({"paths": paths.collect::<Map<_, _>>(), "components": {"schemas": schemas}})
}

fn said(operation: &Value) -> Value {
    let parameters = below(operation, &["parameters"]).as_array().into_iter().flatten();
    let asks = parameters.filter(|one| below(one, &["in"]) == "query").count() > 0;
    json!({"operationId": below(operation, &["operationId"]), "asks": asks, "responses": answers(operation)})
}

fn answers(operation: &Value) -> Value {
    let all = members(below(operation, &["responses"])).filter_map(|(status, answer)| {
        let schema = shape(below(answer, &["content", "application/json", "schema"]));
        says_something(&schema).then(|| (status.clone(), json!({"content": {"application/json": {"schema": schema}}})))
    });
    all.collect::<Map<_, _>>().into()
}

/// What a schema refers to, by which member, and what it demands.
fn shape(schema: &Value) -> Value {
    let mut kept = Map::new();
    for (name, part) in members(schema) {
        let part = match name.as_str() {
            "$ref" | "required" => part.clone(),
            "allOf" | "oneOf" | "anyOf" => part.as_array().into_iter().flatten().map(shape).collect(),
            "items" => shape(part),
            "properties" => {
                let within = members(part).map(|(name, inner)| (name.clone(), shape(inner)));
                Value::Object(within.filter(|(_, inner)| says_something(inner)).collect())
            }
            _ => continue,
        };
        if says_something(&part) {
            kept.insert(name.clone(), part);
        }
    }
    Value::Object(kept)
}

fn says_something(part: &Value) -> bool {
    part.as_object().is_none_or(|members| !members.is_empty())
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// Those of the names, and of the schemas of the outline, that refer to one of them, directly or not.
pub fn referring(outline: &Value, names: impl Iterator<Item = String>) -> BTreeSet<String> {
    let mut referred_by: BTreeMap<String, Vec<&String>> = BTreeMap::new();
    for (name, schema) in members(below(outline, &["components", "schemas"])) {
        let mut to = BTreeSet::new();
        references(schema, &mut to);
        to.into_iter().for_each(|one| referred_by.entry(one).or_default().push(name));
    }
    let mut found = BTreeSet::new();
    let mut open: Vec<String> = names.collect();
    while let Some(name) = open.pop() {
        open.extend(referred_by.get(&name).into_iter().flatten().map(|one| (*one).clone()));
        if !found.insert(name.clone()) {
            referred_by.remove(&name);
        }
    }
    found
}

fn references(schema: &Value, into: &mut BTreeSet<String>) {
    match schema {
        Value::Object(members) => {
            into.extend(members.get("$ref").and_then(name_of));
            members.values().for_each(|part| references(part, into));
        }
        Value::Array(parts) => parts.iter().for_each(|part| references(part, into)),
        _ => {}
    }
}

/// `#/components/schemas/Contact` → `Contact`.
fn name_of(place: &Value) -> Option<String> {
    Some(place.as_str()?.rsplit('/').next()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_left_out_and_what_refers_is_found() {
        let contact = json!({"$ref": "#/components/schemas/Contact"});
        let document = json!({
            "paths": {"/v1/contacts": {"get": {"summary": "x", "operationId": "list_contacts",
                "parameters": [{"in": "path"}, {"in": "query"}], "responses": {
                "200": {"description": "y", "content": {"application/json": {"schema": {"type": "array", "items": contact}}}},
                "404": {"description": "z"}}}}},
            "components": {"schemas": {
                "Contact": {"type": "object", "required": ["id"], "properties": {
                    "id": {"type": "string"}, "description": {"type": "string", "description": "d"}}},
                "Page": {"properties": {"data": {"type": "array", "items": contact}}},
                "Pages": {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Page"}]},
                "Other": {"type": "string"}}}});
        let kept = outline(&document);
        assert_eq!(
            kept,
            json!({
            "paths": {"/v1/contacts": {"get": {"operationId": "list_contacts", "asks": true, "responses": {
                "200": {"content": {"application/json": {"schema": {"items": contact}}}}}}}},
            "components": {"schemas": {
                "Contact": {"required": ["id"]},
                "Page": {"properties": {"data": {"items": contact}}},
                "Pages": {"oneOf": [{}, {"$ref": "#/components/schemas/Page"}]},
                "Other": {}}}})
        );
        let found = referring(&kept, ["Contact".to_owned()].into_iter());
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["Contact", "Page", "Pages"]);
    }
}
