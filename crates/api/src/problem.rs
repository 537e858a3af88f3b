//! Faults on the wire: RFC 9457 problem+json, written in one place.
use crate::answer::Fail;
use crate::extract::body::Sent;
use crate::extract::{caller, request_id};
use crate::language::{self, texts};
use crate::{elsewhere, limit, sight};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use kernel::{Code, Error, Existing, Fault, Kind, Language, error};
use platform::merge::MERGED;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// What went wrong (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "type": "/problems/invalid", "title": "The body is readable but breaks rules: `errors` names every one.",
    "status": 422, "code": "invalid", "instance": "/v1/contacts", "request_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6",
    "errors": [{"pointer": "/email", "code": "email", "message": "is not an e-mail address"}]
}))]
pub struct Problem {
    /// identifies the sort of problem, as `code` does
    #[schema(format = "uri-reference")]
    pub r#type: String,
    pub title: &'static str,
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// stable name, listed in the documentation
    pub code: &'static str,
    /// about this one occurrence
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// the path that was asked for
    pub instance: String,
    /// finds the occurrence in the log
    pub request_id: String,
    /// every fault of the body or the query
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<Told>,
    /// the records that are probably meant, of a 409
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub existing: Vec<Existing>,
    /// field by field what it was, is and was to be, of a 412: `{"job_title": {"base", "current", "yours"}}`
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>, required = false)]
    pub conflicts: Option<Value>,
    /// the record that it became one with, of `merged`
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub merged_into: Option<uuid::Uuid>,
    /// what a second factor has to meet, of a login that was answered with `second_factor_required`
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub challenge: Option<String>,
}

/// One fault of a body or a query, at a JSON pointer (`/lines/0/quantity`) or at a parameter (`?filter`).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Fault)]
pub struct Told {
    /// JSON pointer into the body, or `?name` of a query parameter
    #[schema(example = "/email")]
    pub pointer: String,
    /// stable name of the rule that is broken
    #[schema(example = "email")]
    pub code: String,
    /// in the caller's language
    #[schema(example = "is not an e-mail address")]
    pub message: String,
    /// the figures of the rule, such as `min` and `max`
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[schema(value_type = Object)]
    pub params: Map<String, Value>,
}

impl Told {
    fn of(fault: &Fault, language: Language) -> Self {
        let Fault { pointer, code, message, params } = fault.clone();
        Self { pointer, code, message: message.told(language, texts()), params }
    }
}

pub fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Malformed => StatusCode::BAD_REQUEST,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Method => StatusCode::METHOD_NOT_ALLOWED,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::Gone => StatusCode::GONE,
        Kind::Stale => StatusCode::PRECONDITION_FAILED,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Kind::Range => StatusCode::RANGE_NOT_SATISFIABLE,
        Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Required => StatusCode::PRECONDITION_REQUIRED,
        Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        Kind::Busy => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Full => StatusCode::INSUFFICIENT_STORAGE,
    }
}

/// Gives every answer its request id, and a faulty one its body.
pub async fn finish(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> std::result::Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let mut response = next.call(req).await?.map_into_boxed_body();
    if let Some(error) = response.response().error() {
        let answer = match error.as_error::<Fail>() {
            Some(fail) => answer(&fail.0, response.request(), response.headers().get(header::ALLOW).cloned()),
            // what the framework itself refuses
            None => answer(&foreign(error), response.request(), None),
        };
        response = response.into_response(answer);
    }
    let id = request_id(response.request()).to_string();
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), id);
    }
    limit::tell(&mut response);
    Ok(response)
}

fn foreign(error: &actix_web::Error) -> Error {
    let code = match error.as_response_error().status_code() {
        StatusCode::NOT_FOUND => error::NOT_FOUND,
        StatusCode::PAYLOAD_TOO_LARGE => error::TOO_LARGE,
        status if status.is_server_error() => error::INTERNAL,
        _ => error::MALFORMED,
    };
    Error::from(code).source(error.to_string())
}

fn answer(error: &Error, req: &HttpRequest, allow: Option<HeaderValue>) -> HttpResponse {
    let id = request_id(req);
    if error.code == MERGED && req.method() == Method::GET {
        return elsewhere::lead(error, req).unwrap_or_else(|| answer(&error::NOT_FOUND.into(), req, allow));
    }
    if error.kind() == Kind::Internal {
        tracing::error!(%error, request_id = %id, path = req.path(), "internal fault");
    } else if error.kind() == Kind::Busy {
        tracing::warn!(%error, request_id = %id, path = req.path(), "busy");
        // perhaps for what another server has defined: whoever comes back finds it known
        if let Some(ctx) = caller(req) {
            ctx.grants.known().doubt();
        }
    }
    let mut answer = HttpResponse::build(status(error.kind()));
    answer.content_type("application/problem+json");
    if let Some(allow) = allow {
        answer.insert_header((header::ALLOW, allow));
    }
    if let Some(seconds) = retry_after(error) {
        answer.insert_header((header::RETRY_AFTER, seconds));
    }
    if error.kind() == Kind::Unauthenticated {
        answer.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
    }
    let language = language::of(req);
    let mut problem = of(error, language, req.path(), &id.to_string());
    sight::hush_for(req, language, &mut problem);
    let sent = req.extensions().get::<Sent>().cloned();
    problem.conflicts = conflicts(error, || serde_json::from_slice(&sent?.0).ok());
    let mut answer = answer.body(serde_json::to_vec(&problem).unwrap_or_default());
    language::tell(answer.headers_mut(), language);
    answer
}

fn retry_after(error: &Error) -> Option<String> {
    let given = error.members.get("retry_after").and_then(Value::as_u64);
    match error.kind() {
        Kind::Busy => Some(given.unwrap_or(1).to_string()),
        Kind::TooMany => Some(given.unwrap_or(60).to_string()),
        _ => given.map(|seconds| seconds.to_string()),
    }
}

/// The problem that an error is, in a language.
pub fn of(error: &Error, language: Language, instance: &str, request_id: &str) -> Problem {
    let Code { name, kind, meaning } = error.code;
    let existing = error.members.get("existing").and_then(Value::as_array).into_iter().flatten();
    let existing = existing.filter_map(|one| {
        let id = one.get("id")?.as_str()?.parse::<uuid::Uuid>().ok()?;
        let score = u8::try_from(one.get("score")?.as_u64()?).ok()?;
        Some(Existing::new(id, one.get("match_rule")?.as_str()?, score))
    });
    Problem {
        r#type: format!("/problems/{name}"),
        title: texts().find(meaning, language).unwrap_or(meaning),
        status: status(kind).as_u16(),
        code: name,
        detail: error.detail.as_ref().map(|detail| detail.told(language, texts())),
        instance: instance.into(),
        request_id: request_id.into(),
        errors: error.faults.iter().map(|fault| Told::of(fault, language)).collect(),
        existing: existing.collect(),
        conflicts: None,
        merged_into: error.members.get("merged_into").and_then(|id| id.as_str()?.parse().ok()),
        challenge: error.members.get("challenge").and_then(Value::as_str).map(str::to_owned),
    }
}

/// Base, current and yours of each field that was to be changed, where it has changed meanwhile; of a deletion, nothing
/// was.
pub fn conflicts(error: &Error, yours: impl FnOnce() -> Option<Map<String, Value>>) -> Option<Value> {
    if error.code != error::STALE {
        return None;
    }
    let side = |name: &str, field: &str| error.members.get(name).map(|one| member(one, field)).unwrap_or_default();
    let compare = |(field, yours): (String, Value)| {
        let sides = json!({"base": side("base", &field), "current": side("current", &field), "yours": yours});
        (field, sides)
    };
    Some(Value::Object(yours().into_iter().flatten().map(compare).collect()))
}

/// A member of a record; of one as its columns stand, money is put together of two.
fn member(record: &Value, field: &str) -> Value {
    if let Some(value) = record.get(field) {
        return value.clone();
    }
    let amount = record.get(format!("{field}_amount"));
    let currency = record.get(format!("{field}_currency")).or_else(|| record.get("currency"));
    match (amount, currency) {
        (Some(Value::Number(amount)), Some(currency)) => json!({"amount": amount.to_string(), "currency": currency}),
        _ => Value::Null,
    }
}
