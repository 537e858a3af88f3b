//! What a request is let in by: for the few doors that are about just that.
use crate::answer::{Fail, Result};
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest};
use kernel::error;
use std::future::{Ready, ready};

/// The access token or API key of the request, which `Can` has let in by it.
pub struct Bearer(pub String);

impl FromRequest for Bearer {
    type Error = Fail;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let value = req.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.split_once(' '));
        ready(value.map(|(_, token)| Self(token.trim().to_owned())).ok_or_else(|| Fail::from(error::UNAUTHENTICATED)))
    }
}
