//! `Idempotency-Key`: gives a request that changes something its place in [`platform::once`], and its answer to whoever
//! sends it again.
use crate::answer::Fail;
use actix_web::body::{BoxBody, MessageBody, to_bytes};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, CACHE_CONTROL, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use futures_util::TryStreamExt;
use kernel::Error;
use platform::once::{Answer, Once, Outcome};
use std::sync::Arc;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// What is kept of an answer beside its status and body.
const HEADERS: [HeaderName; 4] = [header::CONTENT_TYPE, header::CONTENT_LANGUAGE, header::ETAG, header::LOCATION];

pub async fn carry(
    mut req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let writes = [Method::POST, Method::PUT, Method::PATCH, Method::DELETE].contains(req.method());
    if !writes || !req.headers().contains_key(KEY) {
        return Ok(next.call(req).await?.map_into_boxed_body());
    }
    let once = named(&req);
    listen(&mut req, &once);
    let response = Arc::clone(&once).carry(next.call(req)).await?.map_into_boxed_body();
    let (request, response) = response.into_parts();
    let kept = kept(&request, response).await?;
    let ended = once.end(kept.1).await;
    Ok(match ended {
        Ok(Outcome::Done) => ServiceResponse::new(request, kept.0),
        Ok(Outcome::Refused(error)) | Err(error) => ServiceResponse::from_err(Fail(error), request),
        Ok(Outcome::Replayed(answer)) => ServiceResponse::new(request, replayed(answer)?),
    })
}

/// Sent twice, it is no key.
fn named(req: &ServiceRequest) -> Arc<Once> {
    let mut keys = req.headers().get_all(KEY);
    let key = keys.next().filter(|_| keys.next().is_none()).and_then(|key| key.to_str().ok());
    let target = req.uri().path_and_query().map_or("", |target| target.as_str());
    Once::new(key, req.method().as_str(), target)
}

/// Takes note of the body while it is read. Those who read a form take note of its parts themselves.
fn listen(req: &mut ServiceRequest, once: &Arc<Once>) {
    if !req.content_type().starts_with("multipart/") {
        let (once, body) = (Arc::clone(once), req.take_payload());
        let body = body.inspect_ok(move |bytes| once.saw(bytes));
        req.set_payload(Payload::Stream { payload: Box::pin(body) });
    }
}

/// The answer, and what is to be kept of it: nothing of a refusal.
async fn kept(req: &HttpRequest, response: HttpResponse) -> Result<(HttpResponse, Option<Answer>), actix_web::Error> {
    if !response.status().is_success() {
        return Ok((response, None));
    }
    let (head, body) = response.into_parts();
    let body = to_bytes(body).await.map_err(|e| Fail(Error::internal(e.to_string())))?;
    let header = |name: &HeaderName| Some((name.to_string(), head.headers().get(name)?.to_str().ok()?.to_owned()));
    let answer = Answer {
        status: head.status().as_u16(),
        headers: HEADERS.iter().filter_map(header).collect(),
        body: (!is_secret(head.headers())).then(|| body.to_vec()),
        path: req.path().to_owned(),
    };
    Ok((head.set_body(body).map_into_boxed_body(), Some(answer)))
}

/// What nobody on the way may keep is not kept here either.
fn is_secret(headers: &HeaderMap) -> bool {
    headers.get(CACHE_CONTROL).and_then(|value| value.to_str().ok()).is_some_and(|value| value.contains("no-store"))
}

fn replayed(answer: Answer) -> Result<HttpResponse, Fail> {
    let status = StatusCode::from_u16(answer.status).map_err(Error::internal)?;
    let mut response = HttpResponse::build(status);
    response.insert_header((REPLAYED, HeaderValue::from_static("true")));
    for header in answer.headers {
        response.insert_header(header);
    }
    Ok(response.body(answer.body.unwrap_or_default()))
}
