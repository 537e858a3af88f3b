//! The document: collected from the routes that run, completed with what every operation has in common.
use crate::problem::Problem;
use crate::{customer, health, identity, platform, sales};
use kernel::{Existing, Fault};
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Content, OpenApi as Document, Ref, RefOr, ResponseBuilder};
use utoipa::{OpenApi, ToSchema};
use utoipa_actix_web::{AppExt, UtoipaApp, scope};

/// What occurs only in parameters and faults is not collected by itself.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Guanxi",
        description = "The headless CRM: customers, sales, service, marketing and analytics behind one REST contract. \
                       Every resource obeys the same rules, so that who knows one knows them all.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    servers((url = "/", description = "this server")),
    tags(
        (name = "accounts", description = "The organisations that the business is with."),
        (name = "contacts", description = "The people the business speaks to, and how to reach them."),
        (name = "products", description = "What is sold."),
        (name = "orders", description = "What was bought, line by line."),
        (name = "external-refs", description = "What other systems call our records."),
        (name = "imports", description = "Files brought in."),
        (name = "jobs", description = "Work that goes on in the background."),
        (name = "auth", description = "Logging in and out."),
        (name = "me", description = "Who the caller is and what they may do."),
        (name = "users", description = "The people who work with Guanxi."),
        (name = "teams", description = "The teams they work in."),
        (name = "roles", description = "What they may do."),
        (name = "api-keys", description = "Keys for programs."),
        (name = "tenant", description = "The company."),
        (name = "health", description = "Whether the server lives and is ready."),
    ),
    components(schemas(
        Problem, Fault, Existing,
        kernel::AccountId, kernel::ContactId, kernel::ContactPointId, kernel::MembershipId, kernel::ExternalRefId,
        kernel::ProductId, kernel::OrderId, kernel::OrderLineId, kernel::UserId, kernel::TeamId, kernel::RoleId,
        kernel::ApiKeyId, kernel::SessionId, kernel::TenantId, kernel::ImportId, kernel::JobId,
    ))
)]
struct Head;

/// The router and the document grow from the same list.
pub fn routes<T>(app: UtoipaApp<T>) -> UtoipaApp<T>
where
    T: actix_web::dev::ServiceFactory<
            actix_web::dev::ServiceRequest,
            Config = (),
            Error = actix_web::Error,
            InitError = (),
        >,
{
    app.openapi(Head::openapi()).configure(health::routes).service(
        scope("/v1")
            .configure(identity::routes)
            .configure(customer::routes)
            .configure(sales::routes)
            .configure(platform::routes),
    )
}

pub fn document() -> Document {
    let (_, mut document) = routes(actix_web::App::new().into_utoipa_app()).split_for_parts();
    document.info.version = env!("CARGO_PKG_VERSION").to_owned();
    complete_all(&mut document);
    prune(&mut document);
    document
}

/// Takes out the components that nothing refers to, and those that only they did.
fn prune(document: &mut Document) {
    loop {
        let text = document.to_json().unwrap_or_default();
        let Some(components) = document.components.as_mut() else { return };
        let before = components.schemas.len();
        components.schemas.retain(|name, _| text.contains(&format!("\"#/components/schemas/{name}\"")));
        if components.schemas.len() == before {
            return;
        }
    }
}

/// What every operation may answer, said once.
const ALWAYS: &[(&str, &str)] = &[
    ("400", "the request cannot be read, or a parameter is not known"),
    ("500", "a fault of the server"),
    ("503", "busy: come back after `Retry-After` seconds"),
];
const GUARDED: &[(&str, &str)] = &[
    ("401", "no valid access token or API key"),
    ("403", "not permitted"),
    ("404", "not there, or not for the caller to see"),
    ("422", "breaks rules: `errors` names every one"),
];
const WRITING: &[(&str, &str)] =
    &[("409", "in conflict with what is there"), ("412", "changed meanwhile: see `conflicts`")];
const BODY: &[(&str, &str)] = &[("413", "the body is too large"), ("415", "not a content type that is read here")];

/// The operations that need nobody to be logged in; a house test holds the list.
pub const OPEN: &[&str] = &["login", "refresh_session", "get_liveness", "get_readiness"];

fn complete_all(document: &mut Document) {
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("an access token from `POST /v1/auth/login`, or an API key"))
        .build();
    document.components.get_or_insert_default().add_security_scheme("bearer", SecurityScheme::Http(bearer));
    for item in document.paths.paths.values_mut() {
        item.get.iter_mut().for_each(|operation| complete(operation, false));
        let writing = [&mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        writing.into_iter().flatten().for_each(|operation| complete(operation, true));
    }
}

fn complete(operation: &mut Operation, writes: bool) {
    let open = operation.operation_id.as_deref().is_some_and(|id| OPEN.contains(&id));
    let health = operation.tags.iter().flatten().any(|tag| tag == "health");
    let none: [&str; 0] = [];
    operation.security = match open {
        true => Some(vec![SecurityRequirement::default()]),
        false => Some(vec![SecurityRequirement::new("bearer", none)]),
    };
    let mut answers: Vec<&[(&str, &str)]> = vec![ALWAYS];
    if !health {
        answers.push(GUARDED);
    }
    if writes {
        answers.push(WRITING);
    }
    if operation.request_body.is_some() {
        answers.push(BODY);
    }
    for &(status, description) in answers.into_iter().flatten() {
        let problem = Content::new(Some(Ref::from_schema_name(Problem::name())));
        let response =
            ResponseBuilder::new().description(description).content("application/problem+json", problem).build();
        operation.responses.responses.entry(status.to_owned()).or_insert_with(|| RefOr::T(response));
    }
}
