//! Versions in answers: which carry one, and who is told that they have it already.
use super::versions::etag_in;
use std::collections::{BTreeMap, BTreeSet};
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{Object, Schema, SchemaType, Type};
use utoipa::openapi::{Components, OpenApi as Document, Ref, RefOr, Response, ResponseBuilder};

/// The components that are records with a version.
pub fn records(document: &Document) -> BTreeSet<String> {
    let Some(Components { schemas, .. }) = &document.components else { return BTreeSet::new() };
    let records = schemas.iter().filter(|(_, schema)| has_version(schema, schemas));
    records.map(|(name, _)| Ref::from_schema_name(name).ref_location).collect()
}

fn has_version(schema: &RefOr<Schema>, all: &BTreeMap<String, RefOr<Schema>>) -> bool {
    match schema {
        RefOr::T(Schema::Object(object)) => object.properties.get("version").is_some_and(is_number),
        RefOr::T(Schema::AllOf(parts)) => parts.items.iter().any(|part| has_version(part, all)),
        RefOr::T(_) => false,
        RefOr::Ref(place) => {
            let name = place.ref_location.rsplit('/').next().unwrap_or_default();
            all.get(name).is_some_and(|schema| has_version(schema, all))
        }
    }
}

/// That of a program is a text.
fn is_number(schema: &RefOr<Schema>) -> bool {
    matches!(schema, RefOr::T(Schema::Object(Object { schema_type: SchemaType::Type(Type::Integer), .. })))
}

/// What answers something that has a version, and does not say so in its head.
const SILENT: [&str; 3] = ["confirm_my_factor", "get_audit_log", "link_my_identity"];

/// `ETag` where a record is answered, and `Location` where that is new.
pub fn tell(operation: &mut Operation, records: &BTreeSet<String>) {
    if operation.operation_id.as_deref().is_some_and(|id| SILENT.contains(&id)) {
        return;
    }
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        let answered = match response.content.get("application/json") {
            Some(RefOr::T(content)) => content.schema.as_ref(),
            _ => None,
        };
        let is_record = matches!(answered, Some(RefOr::Ref(place)) if records.contains(&place.ref_location));
        // what is only begun is answered by the job that does it
        if !["200", "201"].contains(&status.as_str()) || !is_record {
            continue;
        }
        response.headers.entry("ETag".to_owned()).or_insert_with(|| text("the version of the record: `\"7\"`").into());
        if status == "201" {
            response.headers.entry("Location".to_owned()).or_insert_with(|| text("where it is").into());
        }
    }
}

const KNOWN: &str = "the ETag that the caller has: 304 while it is that of the record";

/// The same of a reading, which answers 304 to whoever has this version.
pub fn tell_known(operation: &mut Operation, records: &BTreeSet<String>) {
    tell(operation, records);
    let all = &mut operation.responses.responses;
    let carries = |response: &RefOr<Response>| match response {
        RefOr::T(response) => response.headers.contains_key("ETag"),
        RefOr::Ref(_) => false,
    };
    if all.values().any(carries) {
        let answer =
            ResponseBuilder::new().description("the caller has this version").header("ETag", text("the version"));
        all.insert("304".to_owned(), answer.build().into());
        operation.parameters.get_or_insert_default().push(etag_in("If-None-Match", KNOWN).into());
    }
}

fn text(description: &str) -> Header {
    HeaderBuilder::new().schema(Some(Object::with_type(Type::String))).description(Some(description)).build()
}
