//! What stands in a path is text: bytes that are none, and U+0000, are refused before anything is looked for by them.
//! The router would put a sign in the place of such bytes, and so make two names one.
use crate::answer::Fail;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use kernel::{Error, Result, error, text};
use percent_encoding::percent_decode_str;

pub async fn readable(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> actix_web::Result<ServiceResponse<BoxBody>> {
    match text(req.uri().path()) {
        Ok(()) => Ok(next.call(req).await?.map_into_boxed_body()),
        Err(error) => Ok(ServiceResponse::from_err(Fail(error), req.into_parts().0)),
    }
}

fn text(path: &str) -> Result<()> {
    if !path.contains('%') {
        return Ok(());
    }
    let why = match percent_decode_str(path).decode_utf8() {
        Ok(path) if !path.contains('\0') => return Ok(()),
        Ok(_) => text!("the path holds the character U+0000"),
        Err(_) => text!("the path is not UTF-8"),
    };
    Err(Error::from(error::MALFORMED).detail(why))
}
