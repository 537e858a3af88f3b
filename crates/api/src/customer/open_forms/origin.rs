//! On which sites a form may stand: what a browser says of the page that it shows, held against the form, and told to
//! the browser (CORS). Who is no browser names no page, and is not asked for one.
use super::open;
use crate::answer::Result;
use crate::house::House;
use ::customer::form::{Form, ORIGIN_REFUSED};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE,
    HeaderValue, ORIGIN, VARY,
};
use actix_web::middleware::Next;
use actix_web::web::{Data, Path, ServiceConfig, resource};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, guard};

/// A page that may read the answer.
struct Allowed(HeaderValue);

pub fn check(req: &HttpRequest, form: &Form) -> kernel::Result<()> {
    let Some(origin) = req.headers().get(ORIGIN) else { return Ok(()) };
    let named = origin.to_str().unwrap_or_default();
    // of this server itself; what it knows of the connection must be let go before it is added to
    let own = format!("{}://{}", req.connection_info().scheme(), req.connection_info().host());
    if named == own || form.allowed_origins.iter().any(|one| one == named) {
        req.extensions_mut().insert(Allowed(origin.clone()));
        return Ok(());
    }
    Err(ORIGIN_REFUSED.into())
}

/// Beside the document, which has no place for what browsers ask by themselves.
pub fn preflights(cfg: &mut ServiceConfig) {
    cfg.service(resource("/f/{form}").guard(guard::Options()).to(preflight));
}

/// A browser asks before it sends.
async fn preflight(req: HttpRequest, house: Data<House>, id: Path<String>) -> Result<HttpResponse> {
    open(&req, &house, &id).await?;
    Ok(HttpResponse::NoContent()
        .insert_header((ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"))
        .insert_header((ACCESS_CONTROL_ALLOW_HEADERS, "content-type, accept-language"))
        .insert_header((ACCESS_CONTROL_MAX_AGE, "600"))
        .finish())
}

/// Lets the page read whatever is answered, a refusal too.
pub async fn allow(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> actix_web::Result<ServiceResponse<BoxBody>> {
    let mut response = next.call(req).await?.map_into_boxed_body();
    let allowed = response.request().extensions().get::<Allowed>().map(|allowed| allowed.0.clone());
    if let Some(origin) = allowed {
        response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        response.headers_mut().append(VARY, HeaderValue::from_static("origin"));
    }
    Ok(response)
}
