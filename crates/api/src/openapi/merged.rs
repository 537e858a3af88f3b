//! Where a record may have become one with another, in the document: whoever looks there is led on.
use crate::elsewhere::MergedInto;
use utoipa::ToSchema;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{Object, Type};
use utoipa::openapi::{Content, Ref, ResponseBuilder};

/// Whose records may become one.
const MERGING: [&str; 3] = ["/v1/accounts/{id}", "/v1/cases/{id}", "/v1/contacts/{id}"];

pub fn lead_on(path: &str, operation: &mut Operation) {
    if !MERGING.iter().any(|start| path.starts_with(start)) {
        return;
    }
    let place = HeaderBuilder::new().schema(Some(Object::with_type(Type::String)));
    let place = place.description(Some("the same place of the record that is left"));
    let content = Content::new(Some(Ref::from_schema_name(MergedInto::name())));
    let answer =
        ResponseBuilder::new().description("the record became one with another, and is to be looked for there");
    let answer = answer.header("Location", place.build()).content("application/json", content);
    operation.responses.responses.insert("301".to_owned(), answer.build().into());
}
