//! The document as one tenant has it: `custom` of every noun with the fields that are its own, typed, as far as the caller
//! sees them.
use crate::house;
use crate::sight::{Sight, schema_of};
use kernel::custom::{Own, Type};
use kernel::{Error, Grants, Language, Result};
use serde_json::{Map, Value, json};

pub fn of(grants: &Grants) -> Result<Value> {
    let mut document: Value = serde_json::from_slice(Sight::of_the_house().text()).map_err(Error::internal)?;
    let own = grants.own();
    for noun in house::catalogues().into_iter().flat_map(|all| all.all()).filter(|noun| noun.custom.is_some()) {
        let fields: Vec<&Own> = own.of(noun.noun).iter().filter(|own| !grants.hides(noun.noun, &own.path())).collect();
        let name = schema_of(noun.noun);
        for (schema, of) in
            [(name.clone(), Of::Kept), (format!("New{name}"), Of::New), (format!("{name}Patch"), Of::Patch)]
        {
            let member = document.pointer_mut(&format!("/components/schemas/{schema}/properties/custom"));
            if let Some(member) = member {
                *member = json!({"$ref": format!("#/components/schemas/{schema}Custom")});
            }
            if let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
                schemas.insert(format!("{schema}Custom"), object(&fields, of));
            }
        }
    }
    Ok(document)
}

#[derive(Clone, Copy, PartialEq)]
enum Of {
    Kept,
    New,
    Patch,
}

fn object(fields: &[&Own], of: Of) -> Value {
    let properties: Map<String, Value> =
        fields.iter().map(|own| (own.key.clone(), schema(own, of == Of::Patch && !own.is_required))).collect();
    let required = fields.iter().filter(|own| of == Of::New && own.is_required && own.default.is_none());
    let required: Vec<&str> = required.map(|own| own.key.as_str()).collect();
    let mut object = json!({"type": "object", "properties": properties, "additionalProperties": false});
    if !required.is_empty() {
        object.as_object_mut().map(|object| object.insert("required".to_owned(), json!(required)));
    }
    object
}

fn schema(own: &Own, nullable: bool) -> Value {
    let keys: Vec<&str> = own.options.iter().map(|choice| choice.key.as_str()).collect();
    let text = |format: &str| json!({"type": "string", "format": format});
    let mut schema = match own.holds {
        Type::Text => json!({"type": "string"}),
        Type::Int => json!({"type": "integer", "format": "int64"}),
        Type::Decimal => text("decimal"),
        Type::Money => return json!({"allOf": [{"$ref": "#/components/schemas/Money"}], "description": told(own)}),
        Type::Bool => json!({"type": "boolean"}),
        Type::Date => text("date"),
        Type::Instant => text("date-time"),
        Type::Option => json!({"type": "string", "enum": keys}),
        Type::Options => json!({"type": "array", "items": {"type": "string", "enum": keys}}),
        Type::Reference => text("uuid"),
        Type::Email => text("email"),
        Type::Phone => json!({"type": "string"}),
        Type::Url => text("uri"),
    };
    if let (Some(members), true) = (schema.as_object_mut(), nullable) {
        let kind = members.get("type").cloned().unwrap_or_default();
        members.insert("type".into(), json!([kind, "null"]));
        if let Some(keys) = members.get_mut("enum").and_then(Value::as_array_mut) {
            keys.push(Value::Null);
        }
    }
    if let Some(members) = schema.as_object_mut() {
        let limits = [("maxLength", own.limits.max_length), ("minLength", own.limits.min_length)];
        let lengths = limits.into_iter().filter(|_| own.holds == Type::Text);
        members.extend(lengths.filter_map(|(name, limit)| Some((name.to_owned(), json!(limit?)))));
        members.insert("description".into(), told(own).into());
    }
    schema
}

fn told(own: &Own) -> String {
    let label = own.labels.told(Language::English).unwrap_or(&own.key);
    own.help.as_ref().map_or_else(|| label.to_owned(), |help| format!("{label}: {help}"))
}
