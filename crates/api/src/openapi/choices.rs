//! What a field may hold, said in the document as the catalogues say it, so that typed clients know it too.
use crate::sight::{OTHERWISE, schema_of};
use kernel::catalogue::{Catalogues, Kind};
use serde_json::Value;
use utoipa::openapi::schema::{Schema, SchemaType, Type};
use utoipa::openapi::{OpenApi as Document, RefOr};

/// Closes the lists of choices in the records of every noun, and in the bodies that make and change them.
pub fn close(document: &mut Document, catalogues: &Catalogues) {
    for noun in catalogues.all() {
        let name = schema_of(noun.noun);
        let otherwise = OTHERWISE.iter().filter(|(_, of)| *of == noun.noun).map(|(body, _)| (*body).to_owned());
        let bodies: Vec<String> =
            [name.clone(), format!("New{name}"), format!("{name}Patch")].into_iter().chain(otherwise).collect();
        for field in noun.fields {
            if let Kind::Choice(choices) = field.kind {
                bodies.iter().for_each(|body| close_one(document, body, field.name, choices));
            }
        }
    }
}

fn close_one(document: &mut Document, body: &str, member: &str, choices: &[&str]) {
    let schemas = document.components.as_mut().map(|components| &mut components.schemas);
    let Some(RefOr::T(Schema::Object(body))) = schemas.and_then(|schemas| schemas.get_mut(body)) else { return };
    let Some(RefOr::T(Schema::Object(member))) = body.properties.get_mut(member) else { return };
    let nothing = match &member.schema_type {
        SchemaType::Type(Type::String) => None,
        SchemaType::Array(types) if types.contains(&Type::String) => Some(Value::Null),
        _ => return,
    };
    member.enum_values = Some(choices.iter().map(|choice| Value::from(*choice)).chain(nothing).collect());
}
