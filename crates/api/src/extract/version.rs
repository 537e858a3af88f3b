//! `IfMatch`: the version that a change was made on.
use crate::answer::{Fail, Result};
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest};
use kernel::{Error, error, text};
use std::future::{Ready, ready};

pub struct IfMatch(pub Option<i32>);

impl FromRequest for IfMatch {
    type Error = Fail;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(value) = req.headers().get(header::IF_MATCH) else { return ready(Ok(Self(None))) };
        let text = value.to_str().ok().map(str::trim);
        if text == Some("*") {
            return ready(Ok(Self(None)));
        }
        let version = text.and_then(|text| text.strip_prefix('"')?.strip_suffix('"')?.parse().ok());
        let wrong = || Fail(Error::from(error::MALFORMED).detail(text!("If-Match takes one ETag, such as \"7\"")));
        ready(version.map(|version| Self(Some(version))).ok_or_else(wrong))
    }
}
