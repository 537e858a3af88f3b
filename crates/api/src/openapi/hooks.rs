//! What is sent to webhook endpoints, in the document: a request an event that can be asked for, out of the same catalogue
//! of names as the events themselves.
use crate::sight::schema_of;
use kernel::catalogue::{Catalogue, Catalogues};
use kernel::event::ACCESS_LOST;
use platform::event::{self, Event, is_told};
use platform::webhook::delivery::TEST;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, Parameter, ParameterBuilder, ParameterIn, Paths};
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{AllOfBuilder, AnyOfBuilder, ObjectBuilder, Schema, Type};
use utoipa::openapi::{Components, Content, OpenApi as Document, Ref, RefOr, Required, ResponseBuilder};

/// What each request says beside its body: name of the component, header, what it is, an example.
const HEADERS: [(&str, &str, &str, &str); 3] = [
    (
        "WebhookId",
        "webhook-id",
        "what the delivery is called: the same however often it is sent, so that whoever knows it has taken it already",
        "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6",
    ),
    (
        "WebhookTimestamp",
        "webhook-timestamp",
        "when it was sent, in seconds since 1970: refuse what is far from now",
        "1764144000",
    ),
    (
        "WebhookSignature",
        "webhook-signature",
        "`v1,` and the HMAC-SHA256 of `{webhook-id}.{webhook-timestamp}.{body}` in Base64, by the secret of the endpoint; \
         several, with spaces between, while a secret is rotated",
        "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
    ),
];

/// What a receiver may answer: status, name of the component, what it means.
const ANSWERS: [(&str, &str, &str); 3] = [
    ("2XX", "WebhookTaken", "it is taken, and is not sent again"),
    ("410", "WebhookGone", "nobody takes anything here any more: the endpoint is disabled"),
    ("default", "WebhookRefused", "it is sent again later, after `Retry-After` where a 429 or a 503 says so"),
];

/// Records that are shown with more than stands in their rows: their events tell less.
const ELSEWHERE: [&str; 1] = ["role"];

pub fn tell(document: &mut Document, catalogues: &Catalogues) {
    let components = document.components.get_or_insert_default();
    for (name, header, told, example) in HEADERS {
        components.parameters.insert(name.into(), RefOr::T(parameter(header, told, example)));
    }
    for (_, name, told) in ANSWERS {
        components.responses.insert(name.into(), RefOr::T(ResponseBuilder::new().description(told).build()));
    }
    for noun in catalogues.all().filter(|noun| is_told(noun)) {
        let schema = of_noun(components, noun);
        components.schemas.insert(of(noun.noun), schema);
    }
    let mut hooks = Paths::new();
    for name in event::names(catalogues) {
        hooks.paths.insert(name.clone(), PathItem::new(HttpMethod::Post, hook(&name, &of(noun_of(&name)))));
    }
    hooks.paths.insert(TEST.into(), PathItem::new(HttpMethod::Post, hook(TEST, &Event::name())));
    document.webhooks = Some(hooks);
}

fn noun_of(name: &str) -> &str {
    name.split('.').next().unwrap_or_default()
}

fn of(noun: &str) -> String {
    format!("{}Event", schema_of(noun))
}

fn refers(schema: &str) -> RefOr<Schema> {
    Ref::from_schema_name(schema).into()
}

/// An event of one noun: with the record as its own answer shows it.
fn of_noun(components: &Components, noun: &Catalogue) -> RefOr<Schema> {
    let record = schema_of(noun.noun);
    let mut narrowed = ObjectBuilder::new().property("resource", only(noun.noun));
    if components.schemas.contains_key(&record) && !ELSEWHERE.contains(&noun.noun) {
        let nothing = ObjectBuilder::new().schema_type(Type::Null);
        let either = AnyOfBuilder::new().item(refers(&record)).item(nothing).build();
        narrowed = narrowed.property("data", Schema::AnyOf(either));
    }
    both(&Event::name(), narrowed)
}

/// What one schema says, and what is said beside it.
fn both(schema: &str, narrowed: ObjectBuilder) -> RefOr<Schema> {
    RefOr::T(Schema::AllOf(AllOfBuilder::new().item(refers(schema)).item(narrowed).build()))
}

fn only(text: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some([Value::from(text)]))
}

fn parameter(header: &str, told: &str, example: &str) -> Parameter {
    ParameterBuilder::new()
        .name(header)
        .parameter_in(ParameterIn::Header)
        .required(Required::True)
        .description(Some(told))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .example(Some(example.into()))
        .build()
}

fn hook(name: &str, schema: &str) -> Operation {
    let mut named = ObjectBuilder::new().property("type", only(name));
    if name.ends_with(ACCESS_LOST) {
        named = named.property("data", ObjectBuilder::new().schema_type(Type::Null));
    }
    let body = Content::new(Some(both(schema, named)));
    let request = RequestBodyBuilder::new().content("application/json", body);
    let mut operation = OperationBuilder::new()
        .operation_id(Some(format!("on_{}", name.replace('.', "_"))))
        .tag("webhook-endpoints")
        .summary(Some(summary(name)))
        .request_body(Some(request.required(Some(Required::True)).build()))
        .build();
    let headers = HEADERS.map(|(component, ..)| RefOr::Ref(Ref::new(format!("#/components/parameters/{component}"))));
    operation.parameters = Some(headers.into());
    for (status, component, _) in ANSWERS {
        operation.responses.responses.insert(status.into(), Ref::from_response_name(component).into());
    }
    // whoever sends has no token: the signature is what proves it
    operation.security = Some(Vec::new());
    operation
}

/// `webhook_endpoint.access_lost`: "Webhook endpoint: access lost".
fn summary(name: &str) -> String {
    let words = name.replace('_', " ").replace('.', ": ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
