//! A span a request, with its id: at `debug`, for a span costs more than many a request does. Faults are logged where
//! they are answered, with the id.
use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use tracing::Span;
use tracing_actix_web::RootSpanBuilder;

pub struct Spans;

impl RootSpanBuilder for Spans {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let id = crate::extract::request_id(request.request());
        // the token of a link is nobody's to read
        let linked = ["/q/", "/u/", "/p/", "/c/", "/o/"].iter().any(|door| request.path().starts_with(door));
        let path = if linked { request.path().get(..3).unwrap_or_default() } else { request.path() };
        tracing::debug_span!("request", method = %request.method(), path, request_id = %id)
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        if let Ok(response) = outcome {
            span.in_scope(|| tracing::debug!(status = response.status().as_u16(), "answered"));
        }
    }
}
