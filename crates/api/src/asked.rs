//! Parameters of a query are refused by operations that take none: nobody shall think that `?dry_run=true` was heard. Those
//! that take some read them themselves.
use crate::answer::Fail;
use crate::extract::{authenticate, pairs};
use crate::openapi::{OPEN, TAKES_ANYTHING};
use crate::sight::Sight;
use actix_web::HttpRequest;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use kernel::{Error, Fault, Result, error, text};

pub async fn nothing_unknown(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> actix_web::Result<ServiceResponse<BoxBody>> {
    match known(req.request()).await {
        Ok(()) => Ok(next.call(req).await?.map_into_boxed_body()),
        Err(error) => Ok(ServiceResponse::from_err(Fail(error), req.into_parts().0)),
    }
}

async fn known(req: &HttpRequest) -> Result<()> {
    if req.query_string().is_empty() {
        return Ok(());
    }
    let Some(operation) = Sight::of_the_house().asks_nothing(req) else { return Ok(()) };
    if TAKES_ANYTHING.contains(&operation) {
        return Ok(());
    }
    // who may not come in is told that, whatever they have asked
    if !OPEN.contains(&operation) {
        authenticate(req).await?;
    }
    let code = error::UNKNOWN_PARAMETER;
    let fault = |(name, _)| Fault::new(format!("?{name}"), code.name, text!("is not known here"));
    match pairs(req.query_string())?.into_iter().map(fault).collect::<Vec<_>>() {
        faults if faults.is_empty() => Ok(()),
        faults => Err(Error::from(code).faults(faults)),
    }
}
