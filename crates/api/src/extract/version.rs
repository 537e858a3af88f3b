//! `IfMatch`: the version that a change was made on. Where the tenant requires one, a change without it is refused.
use super::authenticate;
use crate::answer::{Fail, Result};
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest};
use kernel::{Error, error, text};
use std::future::Future;
use std::pin::Pin;

pub struct IfMatch(pub Option<i32>);

impl FromRequest for IfMatch {
    type Error = Fail;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let (given, req) = (given(req), req.clone());
        Box::pin(async move {
            let is_told = req.headers().contains_key(header::IF_MATCH);
            if !is_told && authenticate(&req).await?.grants.requires_versions() {
                return Err(Fail(error::PRECONDITION_REQUIRED.into()));
            }
            Ok(Self(given?))
        })
    }
}

/// The version that was told, if one was: `*` is whatever is there.
pub(super) fn given(req: &HttpRequest) -> Result<Option<i32>> {
    let Some(value) = req.headers().get(header::IF_MATCH) else { return Ok(None) };
    let text = value.to_str().ok().map(str::trim);
    if text == Some("*") {
        return Ok(None);
    }
    let version = text.and_then(|text| text.strip_prefix('"')?.strip_suffix('"')?.parse().ok());
    let wrong = || Fail(Error::from(error::MALFORMED).detail(text!("If-Match takes one ETag, such as \"7\"")));
    version.map(Some).ok_or_else(wrong)
}
